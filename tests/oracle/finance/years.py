"""Financial years and their periods, and money to the penny (design.md 2; domain.md 2.7)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")
NOTHING = Decimal("0.00")
LAST_MONTH, LAST_PERIOD = 12, 14


def name(year: int) -> str:
    """2025 is 2025/26."""
    return f"{year}/{(year + 1) % 100:02d}"


def year_of(day: date) -> int:
    """The year in whose April the financial year of a day began."""
    return day.year if day.month >= 4 else day.year - 1


def last_day(year: int, period: int) -> date:
    """Of a period; adjustments are of the 31st of March."""
    month = (min(period, LAST_MONTH) + 2) % 12 + 1
    at = year if month >= 4 else year + 1
    return date(at, month, monthrange(at, month)[1])


def period_key(year: int, period: int) -> int:
    """202501 is April 2025."""
    return year * 100 + period


def months_over(year: int, as_at: date) -> int:
    """How many months of a financial year are over by the end of the day; 0 in its first April."""
    return sum(last_day(year, period) <= as_at for period in range(1, LAST_MONTH + 1))


def periods_to_date(year: int, as_at: date) -> range:
    """Periods that count: those over; of a year that is over, its adjustments too."""
    over = months_over(year, as_at)
    is_past = year < year_of(as_at)
    return range(1, (LAST_PERIOD if is_past else over) + 1)


def pennies(amount: Decimal) -> Decimal:
    """Rounded half up, away from nothing."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def per_cent(part: Decimal, whole: Decimal, digits: str = "0.1") -> Decimal | None:
    """A share in per cent; none of nothing."""
    return (100 * part / whole).quantize(Decimal(digits), ROUND_HALF_UP) if whole else None
