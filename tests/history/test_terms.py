"""A termly return restates its own term and nothing of another, on a real PostgreSQL."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.door.conftest import Door, csv_text
from yos_warehouse.sources.term import Term

PERIODS = "education__census_meal_period"
CENSUS = "pupilonrolltableid,NativeId,fsmperiodsonrolltableid,fsmstartdate,fsmenddate"
AUTUMN, SPRING = "2024-10-03", "2025-01-16"


def period(number: int, start: str = "2024-Sep-02 00:00:00", **changes: str) -> dict[str, str]:
    return {
        "pupilonrolltableid": f"p{number}", "NativeId": "S1", "fsmperiodsonrolltableid": "1",
        "fsmstartdate": start,
    } | changes  # fmt: skip


def term_return(door: Door, rows: list[dict[str, str]], day: str, **options: Any) -> Any:
    """Deliver and load a return; its report."""
    door.deliver({f"{day}_fsmperiodsonroll.csv": csv_text(CENSUS, rows)}, day, feed="education", **options)
    (report,) = door.load("education")
    return report


def held_days(door: Door) -> list[tuple[str, str]]:
    return door.current(PERIODS, "record_id, business_date::text")


@pytest.mark.parametrize(
    ("day", "code", "first", "last"),
    [
        (date(2025, 1, 1), "2025_1", date(2025, 1, 1), date(2025, 4, 30)),
        (date(2025, 4, 30), "2025_1", date(2025, 1, 1), date(2025, 4, 30)),
        (date(2025, 5, 1), "2025_2", date(2025, 5, 1), date(2025, 8, 31)),
        (date(2024, 12, 31), "2024_3", date(2024, 9, 1), date(2024, 12, 31)),
    ],
)
def test_the_term_of_a_day(day: date, code: str, first: date, last: date) -> None:
    term = Term.of(day)
    assert (term.code, term.first_day, term.last_day) == (code, first, last)
    assert Term.of(term.first_day) == Term.of(term.last_day) == term
    assert Term.of(last + timedelta(1)) != term != Term.of(first - timedelta(1))


def test_spring_leaves_autumn_as_it_was(door: Door) -> None:
    term_return(door, [period(1), period(2)], AUTUMN)
    report = term_return(door, [period(2), period(3)], SPRING)
    assert held_days(door) == [
        ("2024_3|p1|S1|1", AUTUMN), ("2024_3|p2|S1|1", AUTUMN), ("2025_1|p2|S1|1", SPRING), ("2025_1|p3|S1|1", SPRING),
    ]  # fmt: skip
    (counts,) = report.entities
    assert (counts.records_new, counts.records_closed) == (2, 0)


def test_a_correction_of_autumn_after_spring_changes_autumn_alone(door: Door) -> None:
    term_return(door, [period(1), period(2)], AUTUMN)
    term_return(door, [period(1), period(2)], SPRING)
    corrected = term_return(
        door, [period(2, "2024-Sep-09 00:00:00"), period(4)], AUTUMN, at="2025-02-01T09:00"
    )
    assert corrected.state == "accepted"
    (counts,) = corrected.entities
    assert (counts.records_new, counts.records_changed, counts.records_closed) == (1, 1, 1)
    assert [record for record, _ in held_days(door)] == [
        "2024_3|p2|S1|1", "2024_3|p4|S1|1", "2025_1|p1|S1|1", "2025_1|p2|S1|1",
    ]  # fmt: skip
    # a second return of the term under another date corrects it as well
    term_return(door, [period(4)], "2024-11-15", at="2025-02-02T09:00")
    assert [record for record, _ in held_days(door)] == ["2024_3|p4|S1|1", "2025_1|p1|S1|1", "2025_1|p2|S1|1"]


def test_a_late_autumn_after_spring_is_recorded(door: Door) -> None:
    term_return(door, [period(1)], SPRING)
    late = term_return(door, [period(1), period(2)], AUTUMN, at="2025-02-01T09:00")
    assert late.state == "accepted"
    assert [record for record, _ in held_days(door)] == ["2024_3|p1|S1|1", "2024_3|p2|S1|1", "2025_1|p1|S1|1"]


def test_an_older_return_of_the_term_supersedes_nothing(door: Door) -> None:
    term_return(door, [period(1)], "2024-11-15")
    late = term_return(door, [period(1, "2024-Sep-09 00:00:00"), period(2)], AUTUMN, at="2024-12-01T09:00")
    assert late.state == "kept"
    assert held_days(door) == [("2024_3|p1|S1|1", "2024-11-15")]


def test_what_is_held_of_a_term_waits_for_that_term(door: Door) -> None:
    term_return(door, [period(1, "never")], AUTUMN)
    report = term_return(door, [period(1)], SPRING)
    assert (report.released, door.held(PERIODS)) == (0, [(1, ["DATE:start_date"])])
    report = term_return(door, [period(1)], AUTUMN, at="2025-02-01T09:00")
    assert (report.released, door.held(PERIODS)) == (1, [])


def test_a_key_cannot_imitate_a_term(door: Door) -> None:
    """A pupil called 2025_1|p1 of autumn is not closed by spring."""
    term_return(door, [period(1), period(1, pupilonrolltableid="2025_1|p1")], AUTUMN)
    term_return(door, [period(1)], SPRING)
    assert [record for record, _ in held_days(door)] == [
        "2024_3|2025_1\\|p1|S1|1", "2024_3|p1|S1|1", "2025_1|p1|S1|1",
    ]  # fmt: skip


def test_the_volume_guard_looks_at_the_same_term(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from yos_warehouse.sources.contract import Contract, contracts

    guarded = contracts()["education"].model_dump()
    guarded["entities"]["census_meal_period"]["may_shrink"] = False
    monkeypatch.setitem(contracts(), "education", Contract.model_validate(guarded))

    def deliver(count: int, day: str, **options: Any) -> tuple[str, str | None]:
        report = term_return(door, [period(number) for number in range(count)], day, **options)
        return report.state, report.reason_code

    assert deliver(60, AUTUMN) == ("accepted", None)
    assert deliver(25, SPRING) == ("accepted", None)  # not held against autumn
    assert deliver(24, "2024-11-15", at="2025-02-01T09:00") == (
        "rejected",
        "VOLUME",
    )  # a correction of autumn
    assert deliver(24, "2025-10-02") == ("rejected", "VOLUME")  # autumn, against the autumn before
    assert deliver(20, "2026-01-15") == ("accepted", None)  # spring, against the spring before


@pytest.mark.parametrize("seed", range(4))
def test_each_term_is_as_its_newest_return_says_in_whatever_order_they_come(door: Door, seed: int) -> None:
    """Held against a few lines of Python that know nothing of versions."""
    source = random.Random(seed)
    days = ["2024-10-03", "2024-11-14", "2025-01-16", "2025-01-30", "2025-05-15", "2025-10-02"]
    received = datetime(2025, 11, 1, 20)
    newest: dict[str, tuple[str, datetime]] = {}
    said: dict[str, set[str]] = {}
    for _ in range(7):
        day, received = source.choice(days), received + timedelta(hours=1)
        numbers = source.sample(range(1, 9), source.randint(1, 5))
        start = f"2024-Sep-0{source.randint(1, 9)} 00:00:00"
        report = term_return(
            door, [period(number, start) for number in numbers], day, at=received.isoformat()
        )
        term = Term.of(date.fromisoformat(day)).code
        is_newest = term not in newest or (day, received) > newest[term]
        assert report.state == ("accepted" if is_newest else "kept")
        if is_newest:
            newest[term] = (day, received)
            said[term] = {f"{term}|p{number}|S1|1 {start}" for number in numbers}
        current = {" ".join(row) for row in door.current(PERIODS, "record_id, start_date")}
        assert current == set().union(*said.values())
    overlapping = f"""
        select count(*) from raw.{PERIODS} as a join raw.{PERIODS} as b using (record_id)
        where a.raw_id < b.raw_id and tstzrange(a.recorded_from, a.recorded_to) && tstzrange(b.recorded_from, b.recorded_to)
    """
    assert door.query(overlapping) == [(0,)]
