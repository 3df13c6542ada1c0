"""Reoffences after 3, 6, 9 and 12 months, on three bases (domain.md 1.2, DECISION 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle.cohorts import Member
from tests.oracle.days import DAY, months_after
from tests.oracle.reoffences import Judgement, ProvenOffence, judge, tracking_start

MONTHS = (3, 6, 9, 12)
BASES = ("INDIVIDUAL", "CALENDAR", "CALENDAR_WITH_RUN_IN")


@dataclass(frozen=True)
class Checkpoint:
    """A member at one checkpoint."""

    basis_code: str
    months: int
    checkpoint_date: date
    reoffences: int
    reoffences_proven_by_checkpoint: int
    is_reached: bool

    @property
    def is_reoffender(self) -> bool:
        """At least one by then."""
        return self.reoffences > 0


def checkpoint_date(member: Member, basis_code: str, months: int) -> date:
    """From the child's own index date, or from the day after the cohort's window."""
    if basis_code == "INDIVIDUAL":
        return months_after(member.event.index_date, months)
    return months_after(tracking_start(member), months) - DAY


def is_counted(member: Member, judged: Judgement, basis_code: str, until: date) -> bool:
    """Whether a proven offence is a reoffence by the checkpoint on this basis."""
    day = judged.proven.offence.offence_date
    if day > until:
        return False
    if basis_code == "INDIVIDUAL":
        return judged.is_reoffence
    if basis_code == "CALENDAR":
        return judged.is_calendar_reoffence and day >= tracking_start(member)
    return judged.is_calendar_reoffence


def checkpoints(member: Member, proven: list[ProvenOffence], as_at: date) -> list[Checkpoint]:
    """Twelve checkpoints of a child in the cohort."""
    judged = [judge(member, p) for p in proven]
    found = []
    for basis_code in BASES:
        for months in MONTHS:
            day = checkpoint_date(member, basis_code, months)
            counted = [j for j in judged if is_counted(member, j, basis_code, day)]
            found.append(
                Checkpoint(
                    basis_code, months, day, len(counted),
                    sum(j.proven.proven_date <= day for j in counted), as_at >= day,
                )
            )  # fmt: skip
    return found
