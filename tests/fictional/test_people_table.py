"""The table of people on which linkage is measured: same seed same bytes, errors as often as said, nobody real."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from yos_warehouse.fictional import identifiers
from yos_warehouse.fictional.people_errors import NO_BIRTH, NO_FAMILY, NO_PNC, NO_UPN, RATES
from yos_warehouse.fictional.people_table import COLUMNS, PROTECTED, TRUTH, write_people

CHILDREN = 4000


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    write_people(path, CHILDREN, 1)
    return path


@pytest.fixture(scope="module")
def rows(written: Path) -> list[dict[str, Any]]:
    """Records with what is true of them."""
    truth = pq.read_table(written.with_name("people_truth.parquet")).to_pylist()
    told = pq.read_table(written).to_pylist()
    return [row | true for row, true in zip(told, truth, strict=True)]


def of(rows: list[dict[str, Any]], sender: str) -> list[dict[str, Any]]:
    """Records with one table of rates."""
    court = "police.court_message"
    if sender == "court":
        return [row for row in rows if row["source"] == court]
    return [row for row in rows if row["source"].startswith(sender) and row["source"] != court]


def test_the_same_seed_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    truth = write_people(tmp_path / "people.parquet", CHILDREN, 1)
    for name in ("people.parquet", "people_truth.parquet"):
        assert (tmp_path / name).read_bytes() == written.with_name(name).read_bytes(), name
    assert truth.column_names == list(TRUTH)
    other = write_people(tmp_path / "other.parquet", CHILDREN // 10, 2)
    assert not set(other["record_id"].to_pylist()) & set(truth["record_id"].to_pylist())


def test_every_record_is_there_once_and_somebodys(rows: list[dict[str, Any]]) -> None:
    assert len({row["record_id"] for row in rows}) == len(rows) > 4 * CHILDREN
    assert list(rows[0])[: len(COLUMNS)] == list(COLUMNS)
    assert len({row["person"] for row in rows}) > 0.9 * CHILDREN
    assert {row["source"] for row in rows} == {
        "case_system.person", "case_system.person_name", "police.arrest", "police.court_message",
        "police.pnc_check", "education.young_person", "education.census_pupil", "education.census_leaver",
        "education.transfer_pupil", "education.ehc_plan",
    }  # fmt: skip


# Errors that any record of the source may have; the others hang on what the child has.
@pytest.mark.parametrize("sender", list(RATES))
def test_errors_are_as_often_made_as_said(rows: list[dict[str, Any]], sender: str) -> None:
    records = of(rows, sender)
    made = Counter(kind for row in records for kind in row["errors"].split())
    assert set(made) <= set(RATES[sender])
    for kind in ("family_typed", "given_typed", "born_missing", "names_swapped"):
        expected = RATES[sender][kind] * len(records)
        assert abs(made[kind] - expected) < 4 * expected**0.5 + 2, (kind, made[kind], expected)
    for kind in ("former_family", "nickname"):
        assert 0 < made[kind] / len(records) < RATES[sender][kind], kind


def test_an_error_is_seen_in_the_record(rows: list[dict[str, Any]]) -> None:
    seen: Counter[str] = Counter()
    for row in rows:
        made = row["errors"].split()
        seen.update(made)
        assert (row["date_of_birth"] is None) == ("born_missing" in made)
        assert (row["date_of_birth"] == NO_BIRTH) == ("born_1900" in made)
        assert ("family_unknown" in made) == (row["family_name"] == NO_FAMILY)
        assert (row["upn"] == NO_UPN) == ("upn_sentinel" in made)
        assert (row["pnc_id"] == NO_PNC) == ("pnc_sentinel" in made)
        if row["pnc_id"] and "pnc_sentinel" not in made and "pnc_short" not in made:
            assert identifiers.pnc_is_valid(row["pnc_id"]) == ("pnc_typed" not in made)
        if row["date_of_birth"]:
            date.fromisoformat(row["date_of_birth"])
    assert all(seen[kind] for kind in {kind for rates in RATES.values() for kind in rates})


def test_identifiers_are_impossible(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["postcode"] is None or re.fullmatch(r"ZZ99 \d[A-Z]{2}", row["postcode"])
        assert row["upn"] in (None, NO_UPN) or re.fullmatch(r"[A-Z]999\d{8}[\dA-Z]", row["upn"])
        assert row["pnc_id"] in (None, NO_PNC) or re.fullmatch(r"(20)?9\d/\d{1,7}[A-Z]", row["pnc_id"])
        assert row["asn"] is None or re.fullmatch(r"\d\d00YJ01\d{11}[A-Z]", row["asn"])
        assert row["uln"] is None or row["uln"] < "0010000000"
        assert row["nhs_number"] is None or row["nhs_number"].startswith("999")


def test_a_protected_identity_is_the_same_person_and_never_to_be_linked(rows: list[dict[str, Any]]) -> None:
    hidden = [row for row in rows if row["expected_person"] != row["person"]]
    assert hidden and all(row["expected_person"] == row["person"] + PROTECTED for row in hidden)
    assert {row["is_protected"] for row in hidden if row["source"].startswith("case_system")} == {True}
    assert not any(row["is_protected"] for row in rows if row["expected_person"] == row["person"])
    before = {row["person"] for row in rows if row["expected_person"] == row["person"]}
    assert {row["person"] for row in hidden} <= before


def test_those_who_are_hard_to_tell_apart_are_there(rows: list[dict[str, Any]]) -> None:
    clean = [row for row in rows if not row["errors"]]
    named: dict[tuple[Any, ...], set[int]] = {}
    at_home: dict[tuple[Any, ...], set[tuple[int, str]]] = {}
    sharing: dict[Any, set[int]] = {}
    pncs: dict[int, set[str]] = {}
    alike: dict[tuple[Any, ...], set[str]] = {}
    for row in clean:
        who = (row["given_name"], row["family_name"], row["date_of_birth"])
        named.setdefault(who, set()).add(row["expected_person"])
        if row["street"]:
            place = (row["street"], row["postcode"])
            at_home.setdefault((*who[1:], *place), set()).add((row["person"], row["given_name"]))
            alike.setdefault((*who[:2], *place), set()).add(row["date_of_birth"])
            sharing.setdefault(place, set()).add(row["person"])
        if row["pnc_id"]:
            pncs.setdefault(row["person"], set()).add(row["pnc_id"])
    assert sum(len(persons) > 1 for persons in named.values()) > 3  # namesakes born the same day
    assert sum(len({person for person, _ in who}) > 1 for who in at_home.values()) > 5  # twins
    assert any(len({int(born[:4]) for born in births}) > 1 for births in alike.values())  # father and son
    assert max(len(persons) for persons in sharing.values()) > 10  # a children's home
    assert sum(len(ids) > 1 for ids in pncs.values()) > 0  # two valid PNC ids


def test_names_are_as_unequal_as_real_ones(rows: list[dict[str, Any]]) -> None:
    families = Counter(row["family_name"] for row in rows if row["source"] == "education.census_pupil")
    total = sum(families.values())
    assert len(families) > 1000
    assert 0.01 < families.most_common(1)[0][1] / total < 0.04
