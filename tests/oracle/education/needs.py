"""Special educational needs and care on a day (domain.md 1.10)."""

from __future__ import annotations

from datetime import date

from tests.oracle.education import codes, pupils
from tests.oracle.education.facts import Need, World
from tests.oracle.education.terms import next_return, returned_on

PLAN, SUPPORT, NONE, NOT_KNOWN = "EHC_PLAN", "SEN_SUPPORT", "NONE", "NOT_KNOWN"
REMAND = ("J1", "J2")


def send_of_need(need: Need) -> str | None:
    """What a record of the case system says; a plan is a plan, identified or not."""
    if need.has_formal_plan:
        return PLAN
    return None if need.is_identified is None else SUPPORT if need.is_identified else NONE


def _covers(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


def send_told(world: World, who: int, day: date, as_at: date) -> set[str]:
    """What the witnesses say of a day: the case system, the authority's plans, the returns of schools."""
    child = world.children[who]
    if not child.is_known:
        return set()
    told = {send_of_need(need) for need in child.needs if _covers(need.start_date, need.end_date, day)}
    plans = [plan for plan in child.plans if pupils.is_attached(child, plan.has_birth)]
    plans += [plan for _, plan in pupils.by_number(world, who, "plans")]
    told |= {PLAN for plan in plans if plan.start_date and _covers(plan.start_date, plan.end_date, day)}
    for pupil in child.on_roll:
        if pupils.is_attached(child, pupil.has_birth):
            first, following = returned_on(pupil.term), next_return(pupil.term, as_at)
            if first <= day and (following is None or day < following):
                told.add(codes.send_of_school(pupil.sen_provision, first))
    return {send for send in told if send is not None}


def send_on(world: World, who: int, day: date, as_at: date) -> str:
    """The most that any witness says."""
    told = send_told(world, who, day, as_at)
    return next((send for send in (PLAN, SUPPORT, NONE) if send in told), NOT_KNOWN)


def looked_after_on(world: World, who: int, day: date) -> str:
    """Whether looked after; being so only by remand stands apart."""
    child = world.children[who]
    spells = [c for c in child.care if child.is_known and _covers(c.start_date, c.end_date, day)]
    if not spells:
        return "NOT_LOOKED_AFTER"
    return "REMAND_ONLY" if all(c.status in REMAND for c in spells) else "LOOKED_AFTER"
