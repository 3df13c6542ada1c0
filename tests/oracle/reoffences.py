"""Proven reoffences of a cohort member: one yes or no for each reason (domain.md 1.1, 1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle.cohorts import FOLLOW_UP_MONTHS, Member, Rule
from tests.oracle.days import DAY, months_after
from tests.oracle.facts import Child
from tests.oracle.offences import Offence
from tests.oracle.outcomes import Outcome, outcomes

TAKEN_INTO_CONSIDERATION = "TAKEN_INTO_CONSIDERATION"


@dataclass(frozen=True)
class ProvenOffence:
    """An offence proven by caution or conviction, or owned up to when sentenced for another."""

    offence: Offence
    proven_date: date
    is_tic: bool


@dataclass(frozen=True)
class Judgement:
    """Why a proven offence of a member counts as a reoffence or does not."""

    proven: ProvenOffence
    is_after_index: bool
    is_within_follow_up: bool
    is_proven_in_time: bool
    is_not_breach: bool
    is_not_tic: bool
    is_counted_bail: bool
    is_counted_recordable: bool
    is_proven_in_calendar_time: bool

    @property
    def is_of_counted_kind(self) -> bool:
        """What holds on every basis."""
        return (
            self.is_after_index
            and self.is_not_breach
            and self.is_not_tic
            and self.is_counted_bail
            and self.is_counted_recordable
        )

    @property
    def is_reoffence(self) -> bool:
        """Counted in the child's own twelve months."""
        return self.is_of_counted_kind and self.is_within_follow_up and self.is_proven_in_time

    @property
    def is_calendar_reoffence(self) -> bool:
        """Counted in the year that the whole cohort shares."""
        return self.is_of_counted_kind and self.is_proven_in_calendar_time


def proves(outcome: Outcome) -> bool:
    """Whether an outcome shows that the child did it; whether offences taken into consideration count is the rule's."""
    if outcome.is_appealed_away or outcome.is_adult:
        return False
    return outcome.would_be_substantive or outcome.legal_outcome == TAKEN_INTO_CONSIDERATION


def proven_offences(child: Child) -> list[ProvenOffence]:
    """Each proven offence of a child once, with the day of its first proof."""
    proofs: dict[tuple, list[Outcome]] = {}
    for outcome in outcomes(child):
        if proves(outcome):
            proofs.setdefault(outcome.offence.is_indexed_by, []).append(outcome)
    return [
        ProvenOffence(
            offence=found[0].offence,
            proven_date=min(outcome.outcome_date for outcome in found),
            is_tic=found[0].offence.is_tic
            or all(outcome.legal_outcome == TAKEN_INTO_CONSIDERATION for outcome in found),
        )
        for found in proofs.values()
    ]


def tracking_start(member: Member) -> date:
    """The day after the cohort's window: from then on the whole cohort is followed by the calendar."""
    return member.window.end + DAY


def is_after_index(rule: Rule, offence_date: date, index_date: date) -> bool:
    """Committed after the index date; on it only if the rule says so."""
    return offence_date > index_date or (rule.counts_on_index_date and offence_date == index_date)


def judge(member: Member, proven: ProvenOffence) -> Judgement:
    """One proven offence held against every reason of a member's rule."""
    rule, offence, index_date = member.rule, proven.offence, member.event.index_date
    calendar_end = months_after(tracking_start(member), FOLLOW_UP_MONTHS + rule.waiting_months) - DAY
    return Judgement(
        proven=proven,
        is_after_index=is_after_index(rule, offence.offence_date, index_date),
        is_within_follow_up=offence.offence_date <= member.follow_up_end,
        is_proven_in_time=proven.proven_date <= member.proven_by,
        is_not_breach=not offence.is_breach,
        is_not_tic=rule.counts_tic or not proven.is_tic,
        is_counted_bail=rule.counts_bail_offences or not offence.is_bail_offence,
        is_counted_recordable=offence.is_recordable or not rule.recordable_only,
        is_proven_in_calendar_time=proven.proven_date <= calendar_end,
    )


@dataclass(frozen=True)
class Followed:
    """What became of a member."""

    reoffences: int
    first_reoffence_date: date | None
    days_to_first_reoffence: int | None

    @property
    def is_reoffender(self) -> bool:
        """At least one."""
        return self.reoffences > 0


def followed(member: Member, proven: list[ProvenOffence]) -> Followed:
    """Reoffences of a member in its own twelve months."""
    days = [p.offence.offence_date for p in proven if judge(member, p).is_reoffence]
    first = min(days, default=None)
    return Followed(len(days), first, (first - member.event.index_date).days if first else None)
