"""Two forecasts, named as what they are, and how far off each would have been in years that are over (issue 5, 2.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.finance import ledger, years
from tests.oracle.finance.facts import World
from tests.oracle.finance.ledger import Line

Errors = dict[tuple[str, str, str, int, str], dict[str, Any]]


def straight_line(actual: Decimal, months: int) -> Decimal | None:
    """The rest of the year goes on like the months that are over."""
    return years.pennies(actual * years.LAST_MONTH / months) if months else None


def last_year_profile(actual: Decimal, last_year_by_then: Decimal, last_year: Decimal) -> Decimal | None:
    """The same share of the year is over as last year by then; none where that is nothing, or less."""
    has_share = last_year and last_year_by_then / last_year > 0
    return years.pennies(actual * last_year / last_year_by_then) if has_share else None


def errors(world: World, as_at: date) -> Errors:
    """By breakdown, item, year, period and method, for years that are over and have any posting of the item."""
    lines = ledger.lines(world)
    found: Errors = {}
    past = {line.posting.year for line in lines if line.posting.year < years.year_of(as_at)}
    groups = {line.account.group for line in lines}
    for breakdown, code in [("SERVICE", "SPENDING"), *(("ACCOUNT_GROUP", group) for group in groups)]:

        def belongs(x: Line, breakdown: str = breakdown, code: str = code) -> bool:
            mine = not x.account.is_income if breakdown == "SERVICE" else x.account.group == code
            return mine and x.is_spent

        def until(year: int, period: int, belongs: Any = belongs) -> Decimal:
            return ledger.total(lines, year, range(1, period + 1), belongs)

        for year in past:
            if not any(line.posting.year == year and belongs(line) for line in lines):
                continue
            outturn, before = until(year, years.LAST_PERIOD), until(year - 1, years.LAST_PERIOD)
            for period in range(1, years.LAST_MONTH + 1):
                said = {
                    "STRAIGHT_LINE": straight_line(until(year, period), period),
                    "LAST_YEAR_PROFILE": last_year_profile(
                        until(year, period), until(year - 1, period), before
                    ),
                }
                for method, value in said.items():
                    if value is None:
                        continue
                    found[breakdown, code, years.name(year), period, method] = {
                        "forecast_gbp": value,
                        "outturn_gbp": outturn,
                        "error_gbp": value - outturn,
                        "error_pct": years.per_cent(value - outturn, abs(outturn)),
                    }
    return found
