"""England's bank holidays: the rules of each year, and the days that were proclaimed or moved.

The rules are the Banking and Financial Dealings Act 1971 and the custom that a holiday on a weekend is had on the
next working day. Proclamations move a holiday or add one (jubilees, royal occasions, VE day): they cannot
be computed and are listed here, from gov.uk (Open Government Licence v3.0). A year that gov.uk has not published yet
is the rules alone, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 2000, 2035  # the calendar of dbt_project.yml
LAST_PUBLISHED_YEAR = 2028  # by gov.uk when this list was made

MOVED = {
    date(2002, 5, 27): date(2002, 6, 4),  # Golden Jubilee
    date(2012, 5, 28): date(2012, 6, 4),  # Diamond Jubilee
    date(2020, 5, 4): date(2020, 5, 8),  # 75 years after VE day
    date(2022, 5, 30): date(2022, 6, 2),  # Platinum Jubilee
}
ADDED = {
    date(2002, 6, 3): "Golden Jubilee bank holiday",
    date(2011, 4, 29): "Royal wedding bank holiday",
    date(2012, 6, 5): "Diamond Jubilee bank holiday",
    date(2022, 6, 3): "Platinum Jubilee bank holiday",
    date(2022, 9, 19): "Bank holiday for the State Funeral of Queen Elizabeth II",
    date(2023, 5, 8): "Bank holiday for the coronation of King Charles III",
}


class BankHoliday(NamedTuple):
    """One day off.

    Attributes:
        holiday_date: the day that is had off.
        holiday_name: of the holiday, whichever day it is had on.
        is_published: as gov.uk published it; otherwise computed from the rules, and a proclamation may change it.
    """

    holiday_date: date
    holiday_name: str
    is_published: bool


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap, shift = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - correction + 15) % 30
    weekday = (32 + 2 * shift + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def bank_holidays(year: int) -> list[BankHoliday]:
    """England's bank holidays of a year, in order."""
    had: dict[date, str] = {}
    for day, name in _rules(year):
        free = MOVED.get(day, day)
        while free.weekday() > 4 or free in had:
            free += timedelta(days=1)
        had[free] = name
    had |= {day: name for day, name in ADDED.items() if day.year == year}
    return [BankHoliday(day, name, year <= LAST_PUBLISHED_YEAR) for day, name in sorted(had.items())]


def _rules(year: int) -> Iterator[tuple[date, str]]:
    """The holidays of a year on the days they stand for, before weekends and proclamations."""
    easter = easter_sunday(year)
    yield date(year, 1, 1), "New Year's Day"
    yield easter - timedelta(days=2), "Good Friday"
    yield easter + timedelta(days=1), "Easter Monday"
    yield _monday_from(date(year, 5, 1)), "Early May bank holiday"
    yield _monday_from(date(year, 5, 25)), "Spring bank holiday"
    yield _monday_from(date(year, 8, 25)), "Summer bank holiday"
    # Boxing Day first when Christmas falls on a Sunday: it keeps its Monday, Christmas is had on the Tuesday.
    christmas, boxing = (date(year, 12, 25), "Christmas Day"), (date(year, 12, 26), "Boxing Day")
    yield from (boxing, christmas) if christmas[0].weekday() == 6 else (christmas, boxing)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
