"""Financial years, periods and months of the finance feed, and which months a drop speaks of."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from yos_warehouse.fictional.world import World

# Months whose ledger is sent a second time, two days after the first.
SENT_AGAIN = (3, 8, 11)
SENT_AGAIN_AFTER = timedelta(days=2)


class Month(NamedTuple):
    """A calendar month; months compare as time goes."""

    year: int
    month: int

    @property
    def first(self) -> int:
        """Year in whose April its financial year starts."""
        return self.year - (self.month < 4)

    @property
    def period(self) -> int:
        """1 for April to 12 for March."""
        return (self.month - 4) % 12 + 1

    @property
    def last(self) -> date:
        """Its last day."""
        return self.day(31)

    @property
    def before(self) -> Month:
        """The month before."""
        return Month(self.year, self.month - 1) if self.month > 1 else Month(self.year - 1, 12)

    @property
    def after(self) -> Month:
        """The month after."""
        return Month(self.year, self.month + 1) if self.month < 12 else Month(self.year + 1, 1)

    def day(self, number: int) -> date:
        """A day of it; its last one if it is shorter."""
        return date(self.year, self.month, min(number, monthrange(self.year, self.month)[1]))

    def __str__(self) -> str:
        """As in file names: 2026_03."""
        return f"{self.year}_{self.month:02d}"


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return Month(day.year, day.month)


def year_name(first: int) -> str:
    """Financial year that starts in April of ``first``: 2025 is 2025/26."""
    return f"{first}/{(first + 1) % 100:02d}"


def month_of_period(first: int, period: int) -> Month:
    """The month in which a period of a financial year is first posted: 13 and 14 in the April and May after it."""
    year, month = divmod(first * 12 + period + 2, 12)
    return Month(year, month + 1)


def first_finance_night(world: World) -> date:
    """The month's end before the first night."""
    return month_of(world.setting.night0).before.last


def first_month(world: World) -> Month:
    """The first of which the feed knows: April of the financial year before that of the first drop."""
    return Month(month_of(first_finance_night(world)).first - 1, 4)


def months(since: Month, until: Month) -> Iterator[Month]:
    """Each month from one to the other."""
    while since <= until:
        yield since
        since = since.after


def months_of_drop(world: World, night: date) -> list[Month]:
    """The months the drop of a month's end speaks of: the first one of all up to then, later ones of theirs."""
    until = month_of(night)
    return list(months(first_month(world) if night <= first_finance_night(world) else until, until))


def month_sent_again(world: World, night: date) -> Month | None:
    """The month whose ledger comes a second time on a night."""
    day = night - SENT_AGAIN_AFTER
    month = month_of(day)
    is_due = day == month.last and month.month in SENT_AGAIN and day > first_finance_night(world)
    return month if is_due else None
