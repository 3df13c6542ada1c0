"""First-time entrants: once in a lifetime, wherever the first outcome was given (domain.md 1.3)."""

from __future__ import annotations

from datetime import date

from tests.oracle.days import age_on, is_between
from tests.oracle.facts import Child
from tests.oracle.outcomes import Outcome, outcomes


def first_outcome(child: Child) -> Outcome | None:
    """The first substantive outcome ever that stands, an adult's and one given elsewhere included."""
    ranked = [o for o in outcomes(child) if o.is_substantive and not o.is_appealed_away]
    return min(ranked, key=lambda o: (o.outcome_date, o.order), default=None)


def was_known_before(child: Child, day: date) -> bool:
    """Whether a check of the national computer found a disposal before the day."""
    return any(c.first_disposal_date is not None and c.first_disposal_date < day for c in child.pnc_checks)


def is_entry(child: Child, outcome: Outcome) -> bool:
    """Whether the first outcome makes a first-time entrant here."""
    offence = outcome.offence
    age_at_hearing = age_on(offence.first_hearing_date, child.date_of_birth)
    return (
        not outcome.is_adult
        and is_between(age_on(offence.arrest_or_offence_date, child.date_of_birth), 10, 17)
        and (age_at_hearing is None or age_at_hearing <= 17)
        and outcome.is_living_here
        and not was_known_before(child, outcome.outcome_date)
    )


def first_time_entry(child: Child) -> Outcome | None:
    """The outcome by which a child is a first-time entrant, if it is one."""
    first = first_outcome(child)
    return first if first is not None and is_entry(child, first) else None


def confidence_code(child: Child) -> str:
    """Whether anybody looked beyond the case system."""
    return "PNC_CHECKED" if child.pnc_checks else "CMS_ONLY"
