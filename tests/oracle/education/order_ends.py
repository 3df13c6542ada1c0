"""Orders that ended: which count, and what the child did on the day (domain.md 1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle.days import age_on
from tests.oracle.education import codes
from tests.oracle.education.facts import Child, Order, World
from tests.oracle.education.status import Status, status_on
from tests.oracle.outcomes import residence_on

ENDED_OTHERWISE = ("REVOKED_BREACH", "TRANSFERRED_OUT", "DECEASED")


@dataclass(frozen=True)
class OrderEnd:
    """An order that has ended, with what is known of its first and last day."""

    order: Order
    end_date: date
    is_person_known: bool
    residence: str
    geography_key: str
    age_at_start: int | None
    age_at_end: int | None
    start: Status
    end: Status

    @property
    def is_of_a_counted_kind(self) -> bool:
        """Statutory programmes, and the caution with conditions."""
        return self.order.kind in codes.COUNTED_KINDS

    @property
    def is_in_order(self) -> bool:
        """Does not end before it starts."""
        return self.order.start_date <= self.end_date

    @property
    def is_ended_by_rule(self) -> bool:
        """Not by breach, transfer or death."""
        return self.order.end_reason not in ENDED_OTHERWISE

    @property
    def is_living_here(self) -> bool:
        """Anything but known to live elsewhere on the last day."""
        return self.residence != "OTHER"

    @property
    def exclusion_code(self) -> str:
        """IN, or the first reason not to count."""
        reasons = (
            ("KIND", self.is_of_a_counted_kind),
            ("DATES", self.is_in_order),
            ("ENDED_OTHERWISE", self.is_ended_by_rule),
            ("PERSON_NOT_KNOWN", self.is_person_known),
            ("LIVING_ELSEWHERE", self.is_living_here),
        )
        return next((code for code, holds in reasons if not holds), "IN")

    @property
    def is_counted(self) -> bool:
        """Enters the figure."""
        return self.exclusion_code == "IN"


def order_ends(world: World, who: int, as_at: date) -> list[OrderEnd]:
    """Every order of a child that ended by the as-at day; of withdrawn children none."""
    child = world.children[who]
    if child.is_deleted:
        return []
    return [
        order_end(world, who, child, order, order.end_date, as_at)
        for order in child.orders
        if order.end_date is not None and order.end_date <= as_at
    ]


def geography_on(child: Child, day: date) -> str:
    """District of the service the child lived in on a day; -1 for any other and for none."""
    if residence_on(child, day) != "LOCAL":  # type: ignore[arg-type]
        return "-1"
    lived = [s for s in child.residences if s.start_date <= day and (s.end_date is None or day <= s.end_date)]
    return max(lived, key=lambda s: (s.start_date, s.number)).district_code or "-1"


def order_end(world: World, who: int, child: Child, order: Order, end: date, as_at: date) -> OrderEnd:
    """One order; whose child is not told is nobody's."""
    known = who if child.is_told else None
    born = child.date_of_birth if child.is_told else None
    return OrderEnd(
        order=order,
        end_date=end,
        is_person_known=child.is_told,
        residence=residence_on(child, end) if child.is_told else "NOT_KNOWN",  # type: ignore[arg-type]
        geography_key=geography_on(child, end) if child.is_told else "-1",
        age_at_start=age_on(order.start_date, born),
        age_at_end=age_on(end, born),
        start=status_on(world, known, order.start_date, as_at),
        end=status_on(world, known, end, as_at),
    )
