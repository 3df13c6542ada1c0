"""Half days of attendance and the hours a week they come to (domain.md 2.5; eet definitions: hours from sessions)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tests.oracle.days import DAY, months_after
from tests.oracle.education import codes, pupils
from tests.oracle.education.facts import World

FULL_WEEK = Decimal(25)  # ten half days of two and a half hours
ATTENDED = ("PRESENT", "APPROVED_ACTIVITY")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class HalfDay:
    """What counts of a half day. Group None: the code is not valid on the day."""

    day: date
    session: str
    code: str
    group: str | None
    is_possible: bool

    @property
    def is_attended(self) -> bool:
        """At school, or where the school has sent the child."""
        return self.group in ATTENDED


def marks(world: World, who: int) -> list[HalfDay]:
    """One for each half day of a child."""
    told: dict[tuple[date, str], list[HalfDay]] = defaultdict(list)
    for _, mark in pupils.by_number(world, who, "marks"):
        group, is_possible = codes.attendance(mark.code, mark.day) or (None, False)
        told[mark.day, mark.session].append(HalfDay(mark.day, mark.session, mark.code, group, is_possible))
    return [min(these, key=_worth) for _, these in sorted(told.items())]


def _worth(mark: HalfDay) -> tuple[bool, bool, str]:
    """Attended before anything else, what the list knows before what it does not, then by code."""
    return not mark.is_attended, mark.group is None, mark.code


def hours_estimated(half_days: Iterable[HalfDay]) -> Decimal | None:
    """Share of the possible sessions attended, of a full week; nothing possible tells nothing."""
    of = list(half_days)
    possible = sum(m.is_possible for m in of)
    if not possible:
        return None
    return (FULL_WEEK * sum(m.is_attended for m in of) / possible).quantize(CENT, ROUND_HALF_UP)


def months(world: World, who: int) -> dict[date, list[HalfDay]]:
    """A child's half days by first day of the month."""
    found: dict[date, list[HalfDay]] = defaultdict(list)
    for mark in marks(world, who):
        found[mark.day.replace(day=1)].append(mark)
    return found


def hours_in_month(world: World, who: int, day: date) -> Decimal | None:
    """Hours a week in the month of a day."""
    return hours_estimated(months(world, who).get(day.replace(day=1), []))


def is_month_of_closure(month: date) -> bool:
    """Whether schools were closed on a day of the month."""
    last = months_after(month, 1) - DAY
    return any(first <= last and month <= until for first, until in codes.CLOSURES)
