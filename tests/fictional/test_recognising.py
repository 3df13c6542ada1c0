"""Children who are hard to recognise, as the feeds bring them, and who each record really is."""

from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path

import pytest

from yos_warehouse.fictional import identifiers
from yos_warehouse.fictional.feeds import census_day, drops_of_night, history_nights
from yos_warehouse.fictional.truth import read_truth, truth_of, write_truth
from yos_warehouse.fictional.world import World, make_world
from yos_warehouse.sources.spi_xml import read_messages
from yos_warehouse.sources.term import Term


@pytest.fixture(scope="module")
def truth(world: World) -> dict[tuple[str, str, str], str]:
    return truth_of(world)


def arrests(world: World, name: str) -> list[dict[str, object]]:
    found = [
        world.book.versions("police_arrest", asn)[-1].values for asn in world.oddity(name).records["asn"]
    ]
    return [values for values in found if values]


def person(world: World, child: str) -> dict[str, object]:
    values = world.book.versions("person", child)[-1].values
    assert values
    return values


def test_father_and_son_have_name_and_address_in_common(world: World, truth) -> None:
    odd = world.oddity("father_and_son")
    (father,), son = arrests(world, "father_and_son"), world.life(odd.children[0])
    assert (father["given"], father["family"], father["line"]) == (
        son.given, son.family, son.homes[0].what["address_line"],
    )  # fmt: skip
    assert isinstance(father["birth"], date) and son.birth.year - father["birth"].year == 19
    assert father["pnc"] != son.pnc
    assert truth["police", "arrest", str(father["asn"])] == odd.records["father"][0] != son.ref


def test_three_aliases_have_one_pnc_id(world: World, truth) -> None:
    odd, told = world.oddity("three_aliases"), arrests(world, "three_aliases")
    assert len({(row["given"], row["family"]) for row in told}) == 3
    assert {row["pnc"] for row in told} == {person(world, odd.children[0])["pnc"]}
    aliases = [world.book.versions("person_alias", ref)[-1].values for ref in odd.records["name"]]
    assert {(a["first_name"], a["last_name"]) for a in aliases if a} == {
        (r["given"], r["family"]) for r in told
    }
    assert {truth["police", "arrest", str(row["asn"])] for row in told} == set(odd.children)
    assert {truth["case_system", "person_name", ref] for ref in odd.records["name"]} == set(odd.children)


def test_two_pnc_ids_are_both_valid_and_of_one_child(world: World, truth) -> None:
    one, two = arrests(world, "two_pnc_ids")
    assert all(identifiers.pnc_is_valid(str(row["pnc"])) for row in (one, two)) and one["pnc"] != two["pnc"]
    assert [one[name] for name in ("given", "family", "birth")] == [
        two[name] for name in ("given", "family", "birth")
    ]
    assert truth["police", "arrest", str(one["asn"])] == truth["police", "arrest", str(two["asn"])]
    others = [life.pnc for life in world.lives]
    assert two["pnc"] not in others


def test_an_adopted_child_is_there_twice_and_protected_once(world: World, truth) -> None:
    before, after = (world.life(child) for child in world.oddity("adopted_child").children)
    assert (before.given, before.sex, before.birth) == (after.given, after.sex, after.birth)
    for name in ("family", "upn", "uln", "nhs", "pnc"):
        assert getattr(before, name) != getattr(after, name), name
    assert [person(world, life.ref)["is_protected"] for life in (before, after)] == [False, True]
    assert truth["case_system", "person", before.ref] != truth["case_system", "person", after.ref]
    rows = census_rows(world)
    assert {before.upn, after.upn} <= {row["upn"] for row in rows}
    assert sum(bool(row.get("is_protected")) for row in world.book.as_at("person", world.setting.night0)) == 1


def test_what_stands_for_nothing_is_shared_by_the_unrelated(world: World, truth) -> None:
    odd = world.oddity("standing_for_nothing")
    shared = [person(world, child) for child in odd.children]
    for name in ("upn", "pnc", "nhs_number"):
        assert len({row[name] for row in shared}) == 1, name
    upn, nhs = str(shared[0]["upn"]), str(shared[0]["nhs_number"])
    assert identifiers.upn_letter(upn[1:]) == upn[0] and identifiers.nhs_digit(nhs[:9]) == int(nhs[9])
    assert len({row["last_name"] for row in shared}) == 3
    unknown = arrests(world, "standing_for_nothing")
    assert {(row["family"], row["birth"], row["pnc"]) for row in unknown} == {
        ("UNKNOWN", date(1900, 1, 1), shared[0]["pnc"])
    }
    assert len({truth["police", "arrest", str(row["asn"])] for row in unknown}) == len(unknown) == 3


def census_rows(world: World) -> list[dict[str, str]]:
    night = next(night for night in reversed(history_nights(world)) if census_day(night))
    (drop,) = drops_of_night(world, night, ["education"])
    content = next(content for name, (content, _) in drop.files.items() if name.endswith("pupilonroll.csv"))
    return list(csv.DictReader(content.decode().splitlines()))


def test_every_record_of_a_person_in_the_drops_is_somebodys(world: World, drops: Path, truth) -> None:
    """Read as the files have it; tests/night holds the same against staging."""
    checked, messages, pupils = 0, 0, 0
    for path in drops.rglob("*.csv"):
        rows = list(csv.DictReader(path.open(newline="")))
        if path.name.startswith("pnc_checks"):
            for row in (row for row in rows if row["PNC ID"] and row["Checked on"][-4:].isdigit()):
                assert ("police", "pnc_check", f"{row['PNC ID']}|{row['Checked on']}") in truth
                checked += 1
        if path.name.endswith("pupilonroll.csv"):
            term = Term.of(date.fromisoformat(path.parent.name)).code
            for row in rows:
                if row["pupilonrolltableid"] and not row["pupilonrolltableid"].startswith("canarybad"):
                    assert (
                        "education",
                        "census_pupil",
                        f"{term}|{row['pupilonrolltableid']}|{row['NativeId']}",
                    ) in truth
                    pupils += 1
    for path in (drops / "police").rglob("*.xml"):
        if not path.stem.endswith("_bad"):
            for message in read_messages(path):
                assert ("police", "court_message", str(message.message["message_id"])) in truth
                messages += 1
    assert min(checked, messages, pupils) > 20


def test_a_duplicate_is_the_child_it_repeats(world: World, truth) -> None:
    first, second, third, fourth = world.oddity("duplicate_person").children
    assert truth["case_system", "person", second] == first
    assert truth["case_system", "person", fourth] == third


def test_what_is_written_is_read_and_nobody_elses_to_read(world: World, tmp_path: Path, truth) -> None:
    path = tmp_path / "truth.csv"
    write_truth(world, path)
    assert read_truth(path) == truth
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_slips_change_what_others_know_and_not_who_it_is() -> None:
    clean, slipped = make_world(5, children=120, years=2), make_world(5, children=120, years=2, slips=0.5)
    assert not any(life.school_known_as for life in clean.lives)
    pairs = list(zip(clean.lives, slipped.lives, strict=True))
    assert all((a.given, a.family, a.birth, a.ref) == (b.given, b.family, b.birth, b.ref) for a, b in pairs)
    chance = [life for life in slipped.lives if life.number < 90000]
    for told in ("police_known_as", "school_known_as"):
        share = sum(bool(getattr(life, told)) for life in chance) / len(chance)
        assert 0.35 < share < 0.65, told
    kinds = {kind for life in chance for kind in life.school_known_as}
    assert {"family", "birth"} <= kinds
    assert set(truth_of(clean)) - set(truth_of(slipped)) == {
        record
        for record in truth_of(clean)
        if record[1] == "court_message" and record not in truth_of(slipped)
    }
    upn = {life.upn: life for life in chance if "family" in life.school_known_as}
    rows = [row for row in census_rows(slipped) if row["upn"] in upn]
    assert rows and all(row["surname"] == upn[row["upn"]].school_known_as["family"] for row in rows)
