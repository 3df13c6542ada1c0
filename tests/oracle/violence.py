"""Serious youth violence and knives: offences proven against a child (domain.md 1.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle.days import age_on, is_between
from tests.oracle.facts import Child
from tests.oracle.offences import Offence
from tests.oracle.outcomes import Outcome, outcomes


@dataclass(frozen=True)
class ProvenViolence:
    """An offence with the outcome that proves it."""

    offence: Offence
    outcome_date: date


def proving_outcome(found: list[Outcome]) -> Outcome:
    """The most serious, then the latest."""
    return min(found, key=lambda o: (o.kind.rank, -o.outcome_date.toordinal(), o.records[0]))


def is_counted(child: Child, outcome: Outcome) -> bool:
    """A child of 10 to 17 who lives here; out of court by the day of arrest or offence, else of the first hearing."""
    day = (
        outcome.offence.arrest_or_offence_date
        if outcome.kind.tier == "PRE_COURT"
        else outcome.offence.first_hearing_date or outcome.outcome_date
    )
    return outcome.is_living_here and is_between(age_on(day, child.date_of_birth), 10, 17)


def proven(child: Child) -> list[ProvenViolence]:
    """Offences of a child proven by a standing outcome that is counted; serious and knife flags are the offence's."""
    standing: dict[tuple, list[Outcome]] = {}
    for outcome in outcomes(child):
        if outcome.is_standing and outcome.kind.tier != "DIVERSION":
            standing.setdefault(outcome.offence.is_indexed_by, []).append(outcome)
    chosen = [proving_outcome(found) for found in standing.values()]
    return [ProvenViolence(o.offence, o.outcome_date) for o in chosen if is_counted(child, o)]
