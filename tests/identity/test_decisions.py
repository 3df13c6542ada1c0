"""People decide, and take it back: links, keys and holdings follow and return."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.identity.conftest import PNC_A, PNC_B
from yos_warehouse.errors import UsageError
from yos_warehouse.identity.decisions import decide, revoke
from yos_warehouse.server.connect import transaction

ANN, BEN = ("x", "case_system", "person", "1"), ("x", "police", "arrest", "a")
WHY = "the same mother came with both"


def _decide(verdict, on, one=ANN, other=BEN):
    with transaction("identity") as connection:
        return decide(
            connection, one, other, verdict, "A. Worker", WHY, datetime.fromisoformat(f"{on}T10:00+00:00")
        )


def _revoke(decision, on):
    with transaction("identity") as connection:
        revoke(
            connection, decision, "A. Worker", "it was a mistake", datetime.fromisoformat(f"{on}T10:00+00:00")
        )


def _kept(people):
    """What the registry holds now of persons, identifiers and names."""
    return [
        people.warehouse.query(f"select {columns} from identity.{table} where {where} order by {columns}")
        for table, columns, where in (
            ("person", "person_key, merged_into, retired_at", "true"),
            ("person_identifier", "person_key, issuer, value", "until is null"),
            ("person_name", "person_key, family_name, given_name", "until is null"),
        )
    ]


@pytest.fixture
def two(people):
    """Two children who have nothing in common."""
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", own_id="case_system|P1")
    people.add("police", "arrest", "a", "BEN", "HILL", "2011-07-09", PNC_A)
    people.night()
    return people


@pytest.mark.fault("D9")
def test_a_decision_merges_on_its_own_day_and_its_revocation_gives_everything_back(two):
    before, kept = two.keys(), _kept(two)
    decision = _decide("same", "2026-03-05")
    after = two.night()
    assert len(set(after.values())) == 1
    assert sorted(two.since().values()) == ["2026-03-01", "2026-03-05"]
    assert two.warehouse.query("select kind, records, reason from identity.person_event") == [
        ("merge", 1, "decision")
    ]
    assert two.warehouse.query("select count(*) from identity.person where merged_into is not null") == [(1,)]
    assert two.night() == after
    _revoke(decision, "2026-03-07")
    assert two.night() == before
    assert _kept(two) == kept
    assert two.warehouse.query("select kind from identity.person_event order by event_id") == [
        ("merge",),
        ("revive",),
    ]


def test_different_outranks_an_exact_identifier(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("police", "arrest", "a", "ANNA", "NG", "2010-01-05", PNC_A)
    assert len(set(people.night().values())) == 1
    _decide("different", "2026-03-05")
    assert len(set(people.night().values())) == 2


def test_same_outranks_two_pnc_ids_and_leaves_the_queue(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", PNC_B)
    assert len(set(people.night().values())) == 2
    assert people.warehouse.query("select why from identity.review where until is null") == [
        ("CONFLICTING_PNC",)
    ]
    _decide("same", "2026-03-05")
    assert len(set(people.night().values())) == 1
    assert people.warehouse.query(
        "select outcome, (until at time zone 'Europe/London')::date::text from identity.review"
    ) == [("SAME", "2026-03-05")]


def test_a_decision_holds_for_a_record_whatever_it_says_later(two):
    _decide("same", "2026-03-05")
    two.night()
    two.warehouse.query(
        "update staging.stg_person_record set recorded_to = '2026-03-08 20:00' where source_id = 'a'"
    )
    two.add("police", "arrest", "a", "BENJAMIN", "HILL", "2011-07-09", PNC_A, on="2026-03-08")
    assert len(set(two.night().values())) == 1


def test_merged_and_undone_among_others_the_first_night_is_as_if_nothing_had_been(two):
    two.add("case_system", "person", "3", "CAT", "OWEN", "2012-02-02")
    before, kept = two.night(), _kept(two)
    third = ("x", "case_system", "person", "3")
    first = _decide("same", "2026-03-05")
    two.night()
    second = _decide("same", "2026-03-06", BEN, third)
    assert len(set(two.night().values())) == 1
    _revoke(first, "2026-03-08")
    assert two.night()["police a"] != before["case_system 1"]
    _revoke(second, "2026-03-09")
    assert two.night() == before
    assert _kept(two) == kept


def test_a_second_decision_replaces_the_first(two):
    _decide("same", "2026-03-05")
    _decide("different", "2026-03-06")
    assert len(set(two.night().values())) == 2
    assert two.warehouse.query("select verdict, revoked_at is null from identity.override order by override_id") == [
        ("same", False), ("different", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((ANN, BEN, "perhaps", "A. Worker", WHY), "VERDICT"),
        ((ANN, BEN, "same", "A. Worker", "why"), "REASON"),
        ((ANN, BEN, "same", " ", WHY), "REASON"),
        ((ANN, ANN, "same", "A. Worker", WHY), "RECORD"),
        ((ANN, ("x", "police", "arrest", "zzz"), "same", "A. Worker", WHY), "RECORD"),
    ],
)
def test_what_is_no_decision_is_refused(two, arguments, code):
    with transaction("identity") as connection, pytest.raises(UsageError) as refused:
        decide(connection, *arguments)
    assert refused.value.code == code


def test_a_decision_is_revoked_once(two):
    decision = _decide("same", "2026-03-05")
    _revoke(decision, "2026-03-06")
    with pytest.raises(UsageError):
        _revoke(decision, "2026-03-07")


def test_other_weights_compare_everybody_anew_and_keys_stay(two, tmp_path, monkeypatch):
    """A service's own model takes the place of the one that comes with the project; a model that is none stops the night."""
    from yos_warehouse.errors import YosError
    from yos_warehouse.identity.model import SHIPPED, load_model, save_model

    before = two.night()
    own = tmp_path / "own_1"
    save_model(load_model(SHIPPED), own, {})
    monkeypatch.setenv("YOS_MATCHING_MODEL", str(own))
    assert two.night() == before
    assert [row[0] for row in two.warehouse.query("select model from identity.model_in_use order by since")] == [
        "children_1", "own_1",
    ]  # fmt: skip
    monkeypatch.setenv("YOS_MATCHING_MODEL", str(tmp_path / "nothing"))
    with pytest.raises(YosError, match="NO_MODEL"):
        two.night()
    assert two.keys() == before


def test_a_model_is_trained_on_the_warehouse_and_holds_no_name_that_few_bear(warehouse, tmp_path):
    import pandas as pd
    from psycopg2.extras import execute_values

    from yos_warehouse.fictional.people_table import write_people
    from yos_warehouse.identity.days import CONTENT
    from yos_warehouse.identity.linking import FEWEST_BEARERS, train_on
    from yos_warehouse.identity.people import describe, read_people
    from yos_warehouse.server.connect import transaction

    write_people(tmp_path / "people.parquet", 1000, 3)
    made, _ = describe(read_people(tmp_path / "people.parquet"))
    made = made[
        made["date_of_birth"].isna()
        | made["date_of_birth"].str.fullmatch(r"\d{4}-(0\d|1[0-2])-([01]\d|2[0-8])")
    ]
    names = ("description_id", *CONTENT)
    with transaction("identity") as connection, connection.cursor() as cursor:
        execute_values(
            cursor,
            f"insert into identity.description ({', '.join(names)}) values %s",
            list(made[list(names)].itertuples(index=False, name=None)),
        )
    assert train_on(None, tmp_path / "own", True, say=lambda words: None) == 0
    kept = pd.read_parquet(tmp_path / "own" / "frequencies.parquet")
    counts = pd.concat([made["given_name"], made["family_name"]]).value_counts()
    assert len(kept) and all(counts[name] >= FEWEST_BEARERS - 1 for name in kept["value"])
