"""Rows held back that are let in later: by better checks (replay), or by a person with a reason (release)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.door.conftest import Door, arrest, asn, csv_text
from tests.troubles import PLAN
from yos_warehouse.door import checks
from yos_warehouse.door.replay import Release
from yos_warehouse.door.suite import Rule
from yos_warehouse.errors import AlreadyRunning, UsageError

# A rule of ours that is wrong: it holds back what is right.
WRONG = {
    "police": Rule(code="WRONG", column=("station_code",), check="in", values=("OR01",), effect="hold_back", says="a station", remedy="-"),
    "education": Rule(code="WRONG", column=("primary_need",), check="in", values=("SEMH",), effect="hold_back", says="a need", remedy="-"),
}  # fmt: skip
TABLES = {"police": "police__arrest", "education": "education__ehc_plan"}


@pytest.fixture
def wrong_rule(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Switch the wrong rule on or off."""
    right = checks.rules

    def switch(is_on: bool) -> None:
        def rules(contract: Any, entity: str) -> list[Rule]:
            wrong = (
                [WRONG[contract.feed]]
                if is_on and TABLES.get(contract.feed) == contract.raw_table(entity)
                else []
            )
            return right(contract, entity) + wrong

        monkeypatch.setattr(checks, "rules", rules)

    return switch


def known(door: Door, feed: str) -> list[tuple]:
    """What is current, without days and loads; and of everything ever said, that no record is there twice at a time."""
    table = f"raw.{TABLES[feed]}"
    assert door.query(
        f"select a.record_id from {table} as a join {table} as b using (service_code, record_id)"
        " where a.raw_id < b.raw_id and a.recorded_from < a.recorded_to and b.recorded_from < b.recorded_to"
        " and tstzrange(a.recorded_from, a.recorded_to) && tstzrange(b.recorded_from, b.recorded_to)"
    ) == []  # fmt: skip
    return door.current(TABLES[feed], "record_id, row_hash, is_last_good")


def forget(door: Door) -> None:
    door.query(
        "truncate raw.police__arrest, raw.education__ehc_plan, raw.restatement, quarantine.police__arrest,"
        " quarantine.education__ehc_plan, ops.drop, ops.load cascade"
    )


def some_days(door: Door, feed: str, chance: random.Random) -> None:
    """Eight deliveries with a few records each: new, changed, gone, some days corrected, some received late."""
    first = date(2026, 3, 2)
    for number in range(8):
        day = first + timedelta(days=chance.randrange(5))
        received = f"{day + timedelta(days=chance.choice([0, 0, 0, 4]))}T{10 + number}:00"
        keys = chance.sample(range(1, 7), chance.randrange(2, 6))
        stations = {key: chance.choice(["OR01", "OR01", "OR02"]) for key in keys}
        if feed == "police":
            rows = [arrest(key, Station=stations[key], Surname=chance.choice("AB")) for key in keys]
            door.arrests(rows, str(day), at=received)
        else:
            rows = [
                {"plan_id": f"p{key}", "given_name": chance.choice("AB"), "family_name": "Example",
                 "primary_need": "SEMH" if stations[key] == "OR01" else "SLCN"}
                for key in keys
            ]  # fmt: skip
            door.deliver({f"ehc_plan_{day}.csv": csv_text(PLAN, rows)}, str(day), feed, received)


@pytest.mark.parametrize("feed", ["police", "education"])
@pytest.mark.parametrize("number", range(3))
def test_after_a_replay_all_is_as_if_the_rule_had_been_right(
    door: Door, wrong_rule: Callable[[bool], None], feed: str, number: int
) -> None:
    chance = random.Random(f"{feed} {number}")
    some_days(door, feed, chance)
    door.load(feed)
    right = known(door, feed)
    forget(door)
    wrong_rule(True)
    door.load(feed)
    wrong_rule(False)
    door.replay(feed)
    assert known(door, feed) == right
    assert door.held(TABLES[feed]) == []
    assert door.replay(feed) == []


def test_a_correction_after_a_replay_takes_back_what_was_let_in(
    door: Door, wrong_rule: Callable[[bool], None]
) -> None:
    wrong_rule(True)
    door.arrests([arrest(1), arrest(2, Station="OR02")], "2026-03-02")
    door.load()
    wrong_rule(False)
    (let_in,) = door.replay()
    assert (let_in.rows, let_in.rule_codes) == (1, ("WRONG",))
    assert door.current() == [(asn(1),), (asn(2),)]
    door.arrests([arrest(1), arrest(3)], "2026-03-02", at="2026-04-10T20:00")
    door.load()
    assert door.current() == [(asn(1),), (asn(3),)]


def test_a_newer_delivery_of_a_record_wins_and_others_stay(
    door: Door, wrong_rule: Callable[[bool], None]
) -> None:
    wrong_rule(True)
    door.arrests([arrest(1, Station="OR02"), arrest(2, Station="OR02"), arrest(3)], "2026-03-02")
    door.load()
    door.arrests([arrest(1, Surname="Newer")], "2026-03-03")
    door.load()
    wrong_rule(False)
    assert [found.rows for found in door.replay()] == [1]
    assert door.current(columns="record_id, family_name") == [
        (asn(1), "Newer"), (asn(2), "O’Neill"), (asn(3), "O’Neill"),
    ]  # fmt: skip
    assert door.query("select distinct to_char(recorded_from, 'MM-DD') from raw.police__arrest where record_id = %s", asn(2)) == [("04-09",)]  # fmt: skip


def test_a_row_pushed_out_by_a_newer_bad_one_becomes_the_last_good_one(
    door: Door, wrong_rule: Callable[[bool], None]
) -> None:
    wrong_rule(True)
    door.arrests([arrest(1, Station="OR02"), arrest(2)], "2026-03-02")
    door.arrests([arrest(1, **{"Arrest date": "soon"}), arrest(3)], "2026-03-03")
    door.load()
    wrong_rule(False)
    door.replay()
    assert door.current(columns="record_id, is_last_good") == [
        (asn(1), True),
        (asn(2), False),
        (asn(3), False),
    ]
    assert door.held() == [(1, ["DATE:arrested_at"])]


def test_every_step_of_a_replay_is_in_the_ledger(door: Door, wrong_rule: Callable[[bool], None]) -> None:
    wrong_rule(True)
    door.arrests([arrest(1, Station="OR02"), arrest(2, **{"Arrest date": "soon"}), arrest(3)], "2026-03-02")
    (report,) = door.load()
    wrong_rule(False)
    door.replay(dry_run=True)
    assert len(door.held()) == 2 and len(door.current()) == 1
    door.replay()
    assert door.query(
        "select l.state, l.rows_accepted, l.supersedes_load_id, left(d.content_hash, 7), r.how, r.rule_codes, r.rows_released"
        " from ops.replay as r join ops.load as l using (load_id) join ops.drop as d using (drop_id)"
    ) == [("replayed", 1, report.load_id, "replay:", "replay", ["WRONG"], 1)]
    assert door.held() == [(2, ["DATE:arrested_at"])]
    assert door.query("select relname from pg_class where relnamespace = 'landing'::regnamespace") == []


def test_of_two_rows_that_contradict_each_other_none_gets_in(door: Door) -> None:
    rows: list[dict[str, str] | str] = [arrest(n) for n in range(3, 203)]
    broken = ",".join([*arrest(9).values(), "one more"])
    door.arrests([arrest(1), arrest(1, Station="OR02"), arrest(2), arrest(2, Surname="A\0B"), *rows, broken])
    door.load()
    held = door.held()
    assert len(held) == 5
    assert door.replay() == []
    assert door.held() == held


def test_a_release_lets_in_these_rows_and_no_others(door: Door) -> None:
    bad = {"Arrest date": "soon"}
    door.arrests([arrest(1, **bad), arrest(2, **bad), arrest(3, **bad, Surname=""), arrest(4)])
    door.load()
    ((number,),) = door.query(
        "select quarantine_id from quarantine.police__arrest where record_id = %s", asn(2)
    )
    rule = "DATE:arrested_at"
    (let_in,) = door.replay(release=Release("arrest", rule, frozenset([number])), reason="the force said so")
    assert let_in.rows == 1
    assert door.current(columns="record_id, arrested_at") == [(asn(2), "soon"), (asn(4), "13/04/2025")]
    assert [found.rows for found in door.replay(release=Release("arrest", rule), reason="these too")] == [1]
    assert door.held() == [(3, ["REQUIRED:family_name", rule])]
    with pytest.raises(UsageError, match="NOTHING"):
        door.replay(release=Release("arrest", rule), reason="what is left fails another rule")
    assert door.query("select how, rule_codes, reason, asked_by from ops.replay order by replay_id") == [
        ("release", [rule], "the force said so", "A. Person"), ("release", [rule], "these too", "A. Person"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "code", ["REQUIRED:asn", "FIELD_COUNT", "CONTROL_CHAR", "DUP_CONFLICT", "POL-ARR-02", "NONE"]
)
def test_a_row_that_cannot_be_stored_is_not_released(door: Door, code: str) -> None:
    with pytest.raises(UsageError, match="RULE"):
        door.replay(release=Release("arrest", code), reason="whatever the reason is")


def test_nothing_is_let_in_while_a_night_is_at_work(door: Door) -> None:
    from datetime import UTC, datetime

    from yos_warehouse.door.replay import replay

    with pytest.raises(AlreadyRunning):
        replay("police", datetime.now(UTC), "A. Person")


def test_all_or_nothing(
    door: Door, wrong_rule: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from yos_warehouse.door import replay as replaying

    wrong_rule(True)
    for day in ("2026-03-02", "2026-03-03"):
        door.arrests([arrest(int(day[-1]), Station="OR02"), arrest(9)], day)
    door.load()
    wrong_rule(False)
    record, calls = replaying.record_entity, []

    def break_at_the_second(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return record(*given)

    monkeypatch.setattr(replaying, "record_entity", break_at_the_second)
    with pytest.raises(RuntimeError):
        door.replay()
    assert door.current() == [(asn(9),)]
    assert len(door.held()) == 2
    monkeypatch.undo()
    assert sum(found.rows for found in door.replay()) == 2
