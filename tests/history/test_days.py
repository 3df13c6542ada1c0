"""Days of 23 and 25 hours, 29 February and the turn of the financial year: no day is lost, doubled or another."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from airflow.timetables.base import DataInterval, TimeRestriction
from airflow.timetables.trigger import CronTriggerTimetable
from pendulum import instance

from tests.door.conftest import LONDON, Door, arrest
from tests.history.test_record import PLANS, plan, snapshot
from yos_warehouse.door.checks import financial_year

SPRING, AUTUMN = date(2026, 3, 29), date(2025, 10, 26)


@pytest.mark.fault("D11")
@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["23 hours", "25 hours"])
def test_each_day_around_the_change_of_the_clock_is_known_as_it_was(door: Door, change: date) -> None:
    days = [change + timedelta(days=number) for number in range(-2, 3)]
    for number, day in enumerate(days):
        snapshot(door, [plan(1, f"2025-09-{number + 1:02d}")], day.isoformat())
    known = door.query(
        f"""
        select day::date::text, array_agg(r.start_date order by r.raw_id)
        from generate_series(%s::date, %s::date, '1 day') as day
        left join raw.{PLANS} as r
            on r.recorded_from < ((day::date + 1)::timestamp at time zone 'Europe/London')
            and coalesce(r.recorded_to, 'infinity') >= ((day::date + 1)::timestamp at time zone 'Europe/London')
        group by 1 order by 1
        """,
        days[0], days[-1],
    )  # fmt: skip
    assert known == [(day.isoformat(), [f"2025-09-{number + 1:02d}"]) for number, day in enumerate(days)]


@pytest.mark.fault("D11")
@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["23 hours", "25 hours"])
def test_the_night_runs_once_on_the_days_of_the_change(change: date) -> None:
    from dags.nightly import nightly  # the schedule as it is

    written = nightly().timetable
    schedule = CronTriggerTimetable(written.expression, timezone=written.timezone)
    begin = instance(datetime.combine(change - timedelta(days=2), datetime.min.time(), LONDON))
    limits, last, days = TimeRestriction(begin, None, True), None, []
    for _ in range(5):
        info = schedule.next_dagrun_info(last_automated_data_interval=last, restriction=limits)
        assert info is not None
        moment = info.run_after.in_timezone("Europe/London")
        days.append((moment.date(), moment.hour, moment.minute))
        last = DataInterval.exact(info.run_after)
    assert days == [(change + timedelta(days=number), 3, 30) for number in range(-2, 3)]


@pytest.mark.fault("D11")
def test_who_is_born_on_29_february_is_18_on_1_march(door: Door) -> None:
    born = {"Date of birth": "29/02/2008"}
    door.arrests([arrest(1, **born, **{"Arrest date": "28/02/2026"})], "2026-03-01")
    (report,) = door.load()
    assert not report.reported.get(("arrest", "POL-ARR-04"))
    door.arrests([arrest(2, **born, **{"Arrest date": "01/03/2026"})], "2026-03-02")
    (report,) = door.load()
    assert report.reported["arrest", "POL-ARR-04"] == 1


@pytest.mark.fault("D11")
def test_the_financial_year_turns_after_31_march() -> None:
    assert [financial_year(date(2024, 3, 31)), financial_year(date(2024, 4, 1))] == ["2023/24", "2024/25"]
    assert financial_year(date(2024, 2, 29)) == "2023/24"
    assert financial_year(date(1999, 4, 1)) == "1999/00"
