"""Orders of the Youth Justice Board's indicators: one for each child and quarter (domain.md 1.7)."""

from __future__ import annotations

from datetime import date

from tests.oracle.days import is_between, quarter_start
from tests.oracle.education import codes
from tests.oracle.education.facts import Child
from tests.oracle.education.order_ends import OrderEnd
from tests.oracle.outcomes import is_appealed_away

FIRST_DAY = date(2023, 4, 1)


def standing_outcome_dates(child: Child, ended: OrderEnd) -> tuple[list[date], bool]:
    """Days of the outcomes of its offences that stand, and whether there is any outcome at all."""
    linked = [o for o in child.outcomes if o.offence in ended.order.offences and not o.is_told_later]
    return [o.outcome_date for o in linked if not is_appealed_away(o.appeal_status)], bool(linked)


def is_order_appealed_away(child: Child, ended: OrderEnd) -> bool:
    """Every outcome it was made for has fallen."""
    standing, has_any = standing_outcome_dates(child, ended)
    return has_any and not standing


def reason_not_eligible(child: Child, ended: OrderEnd) -> str | None:
    """The first reason not to be in, seen alone."""
    reasons = (
        ("KIND", ended.order.kind in codes.KPI_KINDS),
        ("BEFORE_KPI", ended.end_date >= FIRST_DAY),
        ("DATES", ended.is_in_order),
        ("PERSON_NOT_KNOWN", ended.is_person_known),
        ("LIVING_ELSEWHERE", ended.is_living_here),
        ("AGE_NOT_KNOWN", ended.age_at_start is not None),
        ("AGE", is_between(ended.age_at_start, 10, 17)),
        ("APPEALED_AWAY", not is_order_appealed_away(child, ended)),
    )
    return next((code for code, holds in reasons if not holds), None)


def _first(child: Child, ended: OrderEnd) -> tuple:
    """Most serious, then by the latest outcome that stands, then ended last, then by number."""
    newest = max(standing_outcome_dates(child, ended)[0], default=None)
    return (
        codes.KPI_KINDS.index(ended.order.kind),
        -(newest.toordinal() if newest else 0),
        -ended.end_date.toordinal(),
        ended.order.number,
    )


def reasons(child: Child, ends: list[OrderEnd]) -> dict[int, str]:
    """By number of the order: IN or why not."""
    found = {ended.order.number: reason_not_eligible(child, ended) for ended in ends}
    quarters: dict[date, list[OrderEnd]] = {}
    for ended in ends:
        if found[ended.order.number] is None:
            quarters.setdefault(quarter_start(ended.end_date), []).append(ended)
    chosen = {min(of, key=lambda e: _first(child, e)).order.number for of in quarters.values()}
    return {number: why or ("IN" if number in chosen else "OTHER_ORDER") for number, why in found.items()}
