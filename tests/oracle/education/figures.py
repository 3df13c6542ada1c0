"""What a child gives to each figure of education: by indicator, variant and day a numerator and a denominator."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tests.oracle.education import kpi, needs
from tests.oracle.education.facts import World
from tests.oracle.education.order_ends import OrderEnd, order_ends

Contributions = dict[tuple[str, str, date], tuple[int, int]]
INDICATORS = (
    "suitable_eet_at_order_end", "suitable_eet_at_order_start", "neet_at_order_end", "eet_not_known_at_order_end",
    "kpi2_suitable_ete", "kpi3_formal_send_plan",
)  # fmt: skip


def contributions(world: World, who: int, as_at: date) -> Contributions:
    """All figures of one child."""
    found: Contributions = defaultdict(lambda: (0, 0))

    def add(indicator: str, variant: str, day: date, is_so: bool) -> None:
        numerator, denominator = found[indicator, variant, day]
        found[indicator, variant, day] = numerator + is_so, denominator + 1

    child, ends = world.children[who], order_ends(world, who, as_at)
    reasons = kpi.reasons(child, ends)
    for ended in ends:
        if ended.is_counted:
            for indicator, variant, is_so in _of_order(ended):
                add(indicator, variant, ended.end_date, is_so)
        if reasons[ended.order.number] == "IN":
            for variant, is_so in _of_child(ended):
                add("kpi2_suitable_ete", variant, ended.end_date, is_so)
            send = needs.send_on(world, who, ended.end_date, as_at)
            if send in (needs.PLAN, needs.SUPPORT):
                add("kpi3_formal_send_plan", "DEFAULT", ended.end_date, send == needs.PLAN)
    return dict(found)


def _of_order(ended: OrderEnd) -> list[tuple[str, str, bool]]:
    """Figures of orders that ended."""
    return [
        ("suitable_eet_at_order_end", "HOURS_16", ended.end.is_suitable_eet),
        ("suitable_eet_at_order_end", "HOURS_25", ended.end.is_suitable_eet_25),
        ("suitable_eet_at_order_end", "ESTIMATED_HOURS", ended.end.is_suitable_eet_estimated),
        ("suitable_eet_at_order_start", "DEFAULT", ended.start.is_suitable_eet),
        ("neet_at_order_end", "DEFAULT", ended.end.is_neet),
        ("eet_not_known_at_order_end", "DEFAULT", ended.end.status_code == "NOT_KNOWN"),
    ]


def _of_child(ended: OrderEnd) -> list[tuple[str, bool]]:
    """Variants of the share in suitable education, of the order that stands for the child."""
    end, is_suitable = ended.end, ended.end.is_every_placement_suitable
    offered = end.hours_offered is not None and end.hours_offered >= end.hours_needed
    return [
        ("DEFAULT", is_suitable),
        ("SCHOOL_AGE" if end.is_school_age else "ABOVE_SCHOOL_AGE", is_suitable),
        ("FULL_TIME_OFFERED", is_suitable and offered),
        ("FULL_TIME_ATTENDED", is_suitable and end.has_enough_hours),
        ("AT_START", ended.start.is_every_placement_suitable),
    ]
