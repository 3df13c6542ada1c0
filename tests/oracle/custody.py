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
    consecutive, concurrent = Decimal(0), Decimal(0)
    is_known = False
    for outcome in given:
        if not outcome.kind.is_custody:
            continue
        terms = {
            (duration, unit, "F" in qualifiers)
            for code, day, qualifiers, duration, unit in _told_terms(child, outcome)
            if day == outcome.outcome_date
            and codes.outcome_of_result().get(code) == outcome.legal_outcome
            and duration is not None
            and unit in DAYS_OF_UNIT
        }
        for duration, unit, is_consecutive in terms:
            is_known = True
            days = duration * DAYS_OF_UNIT[unit]
            if is_consecutive:
                consecutive += days
            else:
                concurrent = max(concurrent, days)
    return consecutive + concurrent if is_known else None


def _told_terms(child: Child, outcome: Outcome) -> list[tuple]:
    key = outcome.offence.police
    told: list[tuple] = [
        (d.result_code, d.disposal_date, (d.qualifier,), d.duration, d.unit)
        for d in child.disposals
        if (d.asn, d.sequence) == key
    ]
    told += [
        (r.result_code, m.hearing_date, r.qualifiers, r.duration, r.unit)
        for m in current_messages(child)
        for o in m.offences
        if (m.asn, o.sequence) == key
        for r in o.results
    ]
    return told


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


def days_at_court(child: Child) -> set[date]:
    """Days of hearings of which either the case system or a court told."""
    return {h.hearing_date for h in child.hearings} | {m.hearing_date for m in current_messages(child)}


def is_appearance(child: Child, day: date) -> bool:
    """Whether a child at court on the day is 10 to 17 and lives here."""
    return is_between(age_on(day, child.date_of_birth), 10, 17) and residence_on(child, day) != "OTHER"
