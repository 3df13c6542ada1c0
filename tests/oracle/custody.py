"""Custody: counted court outcomes, sentencing occasions, and what a share of custody is a share of (domain.md 1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle import codes
from tests.oracle.days import age_on, is_between
from tests.oracle.facts import Child
from tests.oracle.offences import current_messages
from tests.oracle.outcomes import Outcome, RecordId, outcomes, residence_on

DAYS_OF_UNIT = {
    "H": Decimal(1) / 24, "D": Decimal(1), "W": Decimal(7), "M": Decimal("30.44"), "Y": Decimal("365.25"),
}  # fmt: skip


@dataclass(frozen=True)
class Occasion:
    """A day on which a court dealt with a child."""

    occasion: RecordId
    occasion_date: date
    legal_outcome: str
    offences: int
    is_custody: bool
    is_counted: bool
    is_custody_counted: bool
    custody_days: Decimal | None


def stands_in_court(outcome: Outcome) -> bool:
    """A court's disposal, not appealed away, not that of an adult."""
    return outcome.kind.is_court_disposal and not outcome.is_appealed_away and not outcome.is_adult


def is_counted(child: Child, outcome: Outcome) -> bool:
    """Given to a child of 10 to 17 at its first hearing who lives here."""
    day = outcome.offence.first_hearing_date or outcome.outcome_date
    return (
        stands_in_court(outcome)
        and outcome.is_living_here
        and is_between(age_on(day, child.date_of_birth), 10, 17)
    )


def sentence_days(child: Child, given: list[Outcome]) -> Decimal | None:
    """Length of the custody of one occasion: consecutive terms added to the longest concurrent one."""
    sentences = [o for o in given if o.kind.is_custody]
    by_offence = {o.offence.police: term(child, o) for o in sentences if o.offence.police is not None}
    terms = [found for found in by_offence.values() if found is not None]
    if not terms:
        return None
    consecutive = sum((days for days, follows in terms if follows), Decimal(0))
    return consecutive + max((days for days, follows in terms if not follows), default=Decimal(0))


def term(child: Child, outcome: Outcome) -> tuple[Decimal, bool] | None:
    """Days of custody that police or court sent for the offence that day, and whether they follow others.

    The police are heard first and the longest counts: what both tell is one term.
    """
    police, day = outcome.offence.police, outcome.outcome_date
    told = [
        (0, d.result_code, d.qualifier == "F", d.duration, d.unit)
        for d in child.disposals
        if (d.asn, d.sequence) == police and d.disposal_date == day
    ]
    told += [
        (1, r.result_code, "F" in r.qualifiers, r.duration, r.unit)
        for m in current_messages(child)
        for o in m.offences
        if (m.asn, o.sequence) == police and m.hearing_date == day
        for r in o.results
    ]
    terms = [
        (witness, -duration * DAYS_OF_UNIT[unit], follows)
        for witness, code, follows, duration, unit in told
        if codes.legal_outcome(codes.outcome_of_result().get(code, "")).is_custody
        and duration is not None
        and unit in DAYS_OF_UNIT
    ]
    if not terms:
        return None
    _, days, follows = min(terms)
    return -days, follows


def occasions(child: Child) -> list[Occasion]:
    """One for each day on which a disposal of a court stands."""
    by_day: dict[date, list[Outcome]] = {}
    for outcome in outcomes(child):
        if stands_in_court(outcome):
            by_day.setdefault(outcome.outcome_date, []).append(outcome)
    found = []
    for day, given in sorted(by_day.items()):
        counted = [o for o in given if is_counted(child, o)]
        speaking = counted or given  # a disposal that counts speaks for its day
        first = min(speaking, key=lambda o: o.order)
        found.append(
            Occasion(
                occasion=first.records[0],
                occasion_date=day,
                legal_outcome=first.legal_outcome,
                offences=len({o.offence.is_indexed_by for o in given}),
                is_custody=any(o.kind.is_custody for o in speaking),
                is_counted=bool(counted),
                is_custody_counted=any(o.kind.is_custody for o in counted),
                custody_days=sentence_days(child, given),
            )
        )
    return found


def days_at_court(child: Child, as_at: date) -> set[date]:
    """Days of hearings of which either the case system or a court told; those to come have not been."""
    days = {h.hearing_date for h in child.hearings} | {m.hearing_date for m in current_messages(child)}
    return {day for day in days if day <= as_at}


def is_appearance(child: Child, day: date) -> bool:
    """Whether a child at court on the day is 10 to 17 and lives here."""
    return is_between(age_on(day, child.date_of_birth), 10, 17) and residence_on(child, day) != "OTHER"
