"""Days, months, quarters and ages as the law and the year of a service count them (domain.md 0.4)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

DAY = timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def birthday(date_of_birth: date, age: int) -> date:
    """The day on which a child reaches an age; born on 29 February: 1 March of other years."""
    year = date_of_birth.year + age
    if (date_of_birth.month, date_of_birth.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return date_of_birth.replace(year=year)


def age_on(day: date | None, date_of_birth: date | None) -> int | None:
    """Completed years; None where either day is not known."""
    if day is None or date_of_birth is None:
        return None
    years = day.year - date_of_birth.year
    return years if birthday(date_of_birth, years) <= day else years - 1


def is_between(age: int | None, least: int, most: int) -> bool:
    """Whether a known age lies in the range."""
    return age is not None and least <= age <= most


def quarter_start(day: date) -> date:
    """First day of the calendar quarter of a day."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarter_code(day: date) -> str:
    """2025Q3 for a day of July to September 2025."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def calendar_days(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + i * DAY for i in range((last - first).days + 1)]


def working_days_after(start: date, end: date, bank_holidays: frozenset[date]) -> int:
    """Working days after ``start`` up to and including ``end``: Monday to Friday without bank holidays."""
    return sum(day.weekday() < 5 and day not in bank_holidays for day in calendar_days(start + DAY, end))
