"""Cohorts: who is followed up, and why a child is not (domain.md 1.1, 1.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tests.oracle.days import DAY, birthday, is_between, months_after, quarter_code, quarter_start
from tests.oracle.facts import Child
from tests.oracle.index_events import IndexEvent, index_events

COHORT_YEARS = 10
FOLLOW_UP_MONTHS = 12


@dataclass(frozen=True)
class Rule:
    """What a measure of reoffending counts."""

    code: str
    is_quarterly: bool
    waiting_months: int
    custody_enters_at: str = "SENTENCE"
    recordable_only: bool = False
    counts_on_index_date: bool = False
    counts_tic: bool = False
    counts_bail_offences: bool = True
    index_breaches: bool = False

    def takes(self, event_type_code: str) -> bool:
        """Whether the rule looks at events of the type at all: one sentence never enters twice."""
        custody = "RELEASE" if self.custody_enters_at == "RELEASE" else "CUSTODIAL_SENTENCE"
        return event_type_code in ("CAUTION", "CONVICTION", custody)


NI19 = Rule("NI19", is_quarterly=False, waiting_months=3)
RULES = (
    Rule("MINISTRY", is_quarterly=True, waiting_months=6, custody_enters_at="RELEASE", recordable_only=True),
    NI19,
    Rule("LIVE", is_quarterly=True, waiting_months=0),
)
VARIANTS = (
    replace(NI19, code="NI19_ON_INDEX_DATE", counts_on_index_date=True),
    replace(NI19, code="NI19_CUSTODY_ENTRY", custody_enters_at="RELEASE"),
    replace(NI19, code="NI19_TIC", counts_tic=True),
    replace(NI19, code="NI19_BAIL", counts_bail_offences=False),
    replace(NI19, code="NI19_BREACH_INDEX", index_breaches=True),
    replace(NI19, code="NI19_RECORDABLE", recordable_only=True),
)


@dataclass(frozen=True)
class Window:
    """Days in which a cohort's index events lie."""

    cohort_code: str
    start: date
    end: date


@dataclass(frozen=True)
class Member:
    """One child in one cohort, or out of it for a reason."""

    rule: Rule
    window: Window
    event: IndexEvent
    reason_code: str
    is_aged_10_to_17: bool
    is_living_here: bool
    is_not_appealed: bool
    is_not_breach: bool
    follow_up_end: date
    proven_by: date
    is_follow_up_complete: bool
    is_final: bool
    is_exposure_incomplete: bool

    @property
    def is_in_cohort(self) -> bool:
        """Followed up."""
        return self.reason_code == "IN"


def windows(rule: Rule, as_at: date) -> list[Window]:
    """Windows that began by the as-at day and less than ten years before it."""
    oldest = months_after(as_at, -12 * COHORT_YEARS)
    found = []
    start = date(oldest.year - 1, 1, 1)
    while start <= as_at:
        end = months_after(start, 3) - DAY
        if start > oldest and (rule.is_quarterly or start.month == 1):
            label = quarter_code(start) if rule.is_quarterly else str(start.year)
            found.append(Window(f"{rule.code}_{label}", start, end))
        start = months_after(quarter_start(start), 3)
    return found


def reason(rule: Rule, event: IndexEvent) -> str:
    """IN, or the first reason why the event opens no follow-up."""
    if event.is_appealed_away:
        return "APPEALED_AWAY"
    if event.is_breach and not rule.index_breaches:
        return "BREACH"
    if not event.is_living_here:
        return "LIVING_ELSEWHERE"
    if event.age_at_index is None:
        return "AGE_NOT_KNOWN"
    return "IN" if is_between(event.age_at_index, 10, 17) else "AGE"


def turns_18_before(date_of_birth: date | None, day: date) -> bool:
    """Whether the child is an adult before the day: what an adult court decides is not in the case system."""
    return date_of_birth is not None and birthday(date_of_birth, 18) < day


def member(child: Child, rule: Rule, window: Window, events: list[IndexEvent], as_at: date) -> Member | None:
    """The child's one entry in a cohort: its first eligible event, else its first event; None without one."""
    candidates = sorted(
        (e for e in events if rule.takes(e.event_type_code) and window.start <= e.index_date <= window.end),
        key=lambda e: e.order,
    )
    if not candidates:
        return None
    event = next((e for e in candidates if reason(rule, e) == "IN"), candidates[0])
    follow_up_end = months_after(event.index_date, FOLLOW_UP_MONTHS)
    proven_by = months_after(event.index_date, FOLLOW_UP_MONTHS + rule.waiting_months)
    return Member(
        rule=rule,
        window=window,
        event=event,
        reason_code=reason(rule, event),
        is_aged_10_to_17=is_between(event.age_at_index, 10, 17),
        is_living_here=event.is_living_here,
        is_not_appealed=not event.is_appealed_away,
        is_not_breach=rule.index_breaches or not event.is_breach,
        follow_up_end=follow_up_end,
        proven_by=proven_by,
        is_follow_up_complete=as_at >= follow_up_end,
        is_final=as_at >= proven_by,
        is_exposure_incomplete=turns_18_before(child.date_of_birth, follow_up_end),
    )


def members(child: Child, as_at: date, rules: tuple[Rule, ...] = RULES + VARIANTS) -> list[Member]:
    """The child's entries in every cohort of every rule."""
    events = index_events(child)
    found = (member(child, rule, window, events, as_at) for rule in rules for window in windows(rule, as_at))
    return [entry for entry in found if entry is not None]
