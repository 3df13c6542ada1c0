"""England's bank holidays: weekends, Easter, and what was proclaimed."""

from __future__ import annotations

from datetime import date

import pytest

from yos_warehouse.bank_holidays import FIRST_YEAR, LAST_YEAR, bank_holidays, easter_sunday


def days(year: int) -> set[date]:
    return {holiday.holiday_date for holiday in bank_holidays(year)}


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2019, 4, 21), (2024, 3, 31), (2025, 4, 20), (2035, 3, 25)],
)
def test_easter(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == date(year, month, day)


def test_a_holiday_on_a_weekend_is_had_on_the_next_working_day() -> None:
    assert {date(2022, 1, 3), date(2022, 12, 27), date(2022, 12, 26)} <= days(2022)  # a Sunday, twice
    assert {date(2021, 12, 27), date(2021, 12, 28)} <= days(2021)  # Saturday and Sunday
    names = {holiday.holiday_date: holiday.holiday_name for holiday in bank_holidays(2022)}
    assert names[date(2022, 12, 26)] == "Boxing Day" and names[date(2022, 12, 27)] == "Christmas Day"


@pytest.mark.parametrize(
    ("year", "had", "worked"),
    [
        (2002, [date(2002, 6, 3), date(2002, 6, 4)], [date(2002, 5, 27)]),
        (2011, [date(2011, 4, 29)], []),
        (2012, [date(2012, 6, 4), date(2012, 6, 5)], [date(2012, 5, 28)]),
        (2020, [date(2020, 5, 8)], [date(2020, 5, 4)]),
        (2022, [date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)], [date(2022, 5, 30)]),
        (2023, [date(2023, 5, 1), date(2023, 5, 8)], []),
    ],
)
def test_what_was_proclaimed(year: int, had: list[date], worked: list[date]) -> None:
    assert set(had) <= days(year)
    assert not set(worked) & days(year)


def test_every_year_has_its_eight_and_none_is_on_a_weekend() -> None:
    extra = {2002: 1, 2011: 1, 2012: 1, 2022: 2, 2023: 1}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        assert len(days(year)) == 8 + extra.get(year, 0), year
        assert all(day.weekday() < 5 and day.year == year for day in days(year))
    assert all(
        holiday.is_published == (year < 2029) for year in (2028, 2029) for holiday in bank_holidays(year)
    )
