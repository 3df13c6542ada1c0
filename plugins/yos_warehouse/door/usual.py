"""How many rows are usual: what is far off waits for a yes, what is only unusual is told to the sender.

A delivery of a daily feed is held against those of its weekday, of eight weeks: Mondays bring the weekend. Bank holidays
and the days after them are judged by nobody, and nobody is judged by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import sqrt
from statistics import median

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from yos_warehouse.bank_holidays import bank_holidays
from yos_warehouse.sources.contract import Contract

VOLUME_UNUSUAL = "VOLUME_UNUSUAL"
# Below this a snapshot is too small to say what its usual size is.
FROM_ROWS = 20
# A snapshot with less than this share of the rows it had, or with this share or more, waits for a yes.
LEAST_PCT, MOST_PCT = 50, 500

_LOOK_BACK = timedelta(weeks=8)
# Fewer deliveries have no usual size yet.
_FROM_DELIVERIES = 4
# How far from the median is still usual: so many median deviations, at least so many rows, so great a share, and what
# chance alone does to a count (roots of it; four deliveries may lie near each other by chance).
_DEVIATIONS, _ROWS, _SHARE, _ROOTS = 5, 20, 0.2, 3


@dataclass(frozen=True)
class Usual:
    """The numbers of rows that are usual, both ends included."""

    least: float
    most: float

    def holds(self, rows: int) -> bool:
        """Whether a number of rows is usual."""
        return self.least <= rows <= self.most


def is_far_off(rows: int, before: int | None) -> bool:
    """Whether a snapshot reads as a mass deletion or as one too many.

    Args:
        before: rows of the one before it; None if there is none.
    """
    if before is None or before < FROM_ROWS:
        return False
    return not LEAST_PCT * before <= 100 * rows < MOST_PCT * before


def usual(sizes: Mapping[date, int], day: date, every: str) -> Usual | None:
    """What is usual for a delivery of a day.

    Args:
        sizes: business date -> rows of what was accepted; days from ``day`` on do not count.
        every: the feed's rhythm; only daily feeds have weekdays.

    Returns:
        None while it is not known: too few deliveries, a bank holiday or the day after one.
    """
    if _is_off(day):
        return None
    rows = [
        count
        for at, count in sizes.items()
        if day - _LOOK_BACK <= at < day
        and (every != "day" or at.weekday() == day.weekday())
        and not _is_off(at)
    ]
    if len(rows) < _FROM_DELIVERIES:
        return None
    middle = median(rows)
    spread = median(abs(count - middle) for count in rows)
    margin = max(_DEVIATIONS * spread, _ROWS, _SHARE * middle, _ROOTS * sqrt(middle))
    return Usual(middle - margin, middle + margin)


def enter_usual(
    connection: Connection,
    run_id: int,
    load_id: int,
    contract: Contract,
    found: Mapping[str, tuple[int, Usual]],
) -> None:
    """Enter for each entity whose usual size is known whether it has it; not committed.

    Args:
        found: entity -> its rows and what is usual.
    """
    lines = [
        (run_id, load_id, "warehouse", VOLUME_UNUSUAL, contract.feed, entity, contract.unit, "integrity", "warn", "partner",
         "passed" if known.holds(rows) else "failed", rows)
        for entity, (rows, known) in found.items()
    ]  # fmt: skip
    if not lines:
        return
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            "insert into ops.check_result (run_id, load_id, checked_by, rule_code, feed, entity, unit, family,"
            " severity, owner, outcome, rows_checked) values %s",
            lines,
        )


def _is_off(day: date) -> bool:
    return not {day, day - timedelta(days=1)}.isdisjoint(_holidays(day.year) | _holidays(day.year - 1))


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holiday.holiday_date for holiday in bank_holidays(year))
