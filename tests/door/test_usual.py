"""What is usual is learnt by weekday; a good year raises next to no alarm, and a half or a double day does."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from tests.door.conftest import Door, arrest
from yos_warehouse.bank_holidays import bank_holidays
from yos_warehouse.door.usual import is_far_off, usual

TUESDAYS = [date(2026, 1, 6) + timedelta(weeks=n) for n in range(8)]


def test_mondays_are_held_against_mondays() -> None:
    days = [date(2026, 1, 5) + timedelta(days=n) for n in range(56)]
    sizes = {day: 300 if day.weekday() == 0 else 100 for day in days}
    monday, tuesday = usual(sizes, date(2026, 3, 2), "day"), usual(sizes, date(2026, 3, 3), "day")
    assert monday and (monday.least, monday.most) == (240, 360)
    assert tuesday and (tuesday.least, tuesday.most) == (70, 130)
    assert tuesday.holds(130) and not tuesday.holds(131)
    weekly = usual(sizes, date(2026, 3, 3), "week")
    assert weekly and weekly.holds(100)


def test_nothing_is_usual_before_four_deliveries_or_after_eight_weeks() -> None:
    sizes = dict.fromkeys(TUESDAYS[:3], 50)
    assert usual(sizes, TUESDAYS[3], "day") is None
    sizes[TUESDAYS[3]] = 50
    assert usual(sizes, TUESDAYS[4], "day") is not None
    assert usual(sizes, TUESDAYS[4], "month") is not None
    assert usual(sizes, TUESDAYS[0] + timedelta(weeks=9), "day") is None
    assert usual(sizes, TUESDAYS[3], "day") is None  # what comes later says nothing


def test_few_rows_and_restless_feeds_have_room() -> None:
    quiet = usual(dict.fromkeys(TUESDAYS, 3), date(2026, 3, 3), "day")
    assert quiet and quiet.holds(0) and quiet.holds(23) and not quiet.holds(24)
    restless = usual(
        dict(zip(TUESDAYS, (60, 140, 80, 120, 60, 140, 80, 120), strict=True)), date(2026, 3, 3), "day"
    )
    assert restless and restless.holds(0) and restless.holds(250)


def test_bank_holidays_and_the_day_after_are_not_held_against_anybody() -> None:
    easter = date(2026, 4, 6)  # Monday
    sizes = {easter - timedelta(weeks=n): 100 for n in range(1, 9)}
    assert usual(sizes, easter, "day") is None
    assert usual({day + timedelta(days=1): 100 for day in sizes}, easter + timedelta(days=1), "day") is None
    after = {easter + timedelta(weeks=n): 100 for n in (-3, -2, -1)} | {easter: 2}
    assert usual(after, easter + timedelta(weeks=1), "day") is None  # three that count, and the holiday


@pytest.mark.parametrize("mean", [5, 60, 400, 5000])
def test_a_good_year_raises_next_to_no_alarm_and_halves_and_doubles_are_found(mean: int) -> None:
    chance = random.Random(mean)
    holidays = {holiday.holiday_date for holiday in bank_holidays(2026)}
    sizes: dict[date, int] = {}
    judged = alarms = halves = doubles = 0
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        expected = mean * (0.3 if day.weekday() > 4 or day in holidays else 1.8 if day.weekday() == 0 else 1)
        rows = max(round(chance.gauss(expected, expected**0.5)), 0)
        known = usual(sizes, day, "day")
        if known:
            judged += 1
            alarms += not known.holds(rows)
            halves += not known.holds(rows // 2)
            doubles += not known.holds(rows * 2)
        sizes[day] = rows
    assert judged > 300
    assert alarms <= judged * 0.01
    if mean >= 400:
        assert min(halves, doubles) >= judged * 0.95


def test_a_snapshot_waits_for_a_yes_below_half_and_from_five_times_on() -> None:
    assert [is_far_off(rows, 40) for rows in (19, 20, 199, 200)] == [True, False, False, True]
    assert not is_far_off(0, None) and not is_far_off(0, 19)


def test_an_unusual_delivery_is_taken_in_and_told_until_one_is_usual_again(door: Door) -> None:
    def outcomes() -> list[tuple]:
        return door.query(
            "select entity, outcome, owner, severity, rows_checked from ops.check_result"
            " where rule_code = 'VOLUME_UNUSUAL' order by 1, check_result_id"
        )

    for number, rows in enumerate((30, 31, 30, 29, 90, 30)):
        first = 100 * number
        door.arrests(
            [arrest(first + n, **{"Arrest date": "01/12/2025"}) for n in range(rows)], str(TUESDAYS[number])
        )
        (report,) = door.load()
        assert report.state == "accepted"
    assert outcomes() == [
        ("arrest", "failed", "partner", "warn", 90), ("arrest", "passed", "partner", "warn", 30),
    ]  # fmt: skip


def test_what_comes_late_is_not_held_against_what_is_usual(door: Door) -> None:
    for number, week in enumerate((0, 1, 2, 3, 5, 4)):
        rows = 300 if week == 4 else 30
        door.arrests([arrest(1000 * number + n) for n in range(rows)], str(TUESDAYS[week]))
        assert [report.state for report in door.load()] in (["accepted"], ["kept"])
    assert door.query(
        "select outcome, rows_checked from ops.check_result where rule_code = 'VOLUME_UNUSUAL'"
    ) == [("passed", 30)]
