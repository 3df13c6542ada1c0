"""School age and the hours it asks for (domain.md 1.6)."""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracle.days import birthday

FRIDAY = 4
FULL_TIME, FULL_TIME_ABOVE = 25, 16  # hours a week


def school_age_end(date_of_birth: date) -> date:
    """Last Friday in June of the school year, from 1 September, of the 16th birthday."""
    sixteen = birthday(date_of_birth, 16)
    year = sixteen.year + (sixteen.month >= 9)
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - FRIDAY) % 7)


def is_school_age(day: date, date_of_birth: date | None) -> bool:
    """Whether on that day; a child whose date of birth nobody knows is taken to be."""
    return date_of_birth is None or day <= school_age_end(date_of_birth)


def hours_needed(day: date, date_of_birth: date | None) -> int:
    """Hours a week that are full time."""
    return FULL_TIME if is_school_age(day, date_of_birth) else FULL_TIME_ABOVE
