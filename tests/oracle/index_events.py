"""Index events: days on which a child's follow-up can begin (domain.md 1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle.days import age_on
from tests.oracle.facts import Child, Programme
from tests.oracle.offences import offences
from tests.oracle.outcomes import Outcome, RecordId, outcomes, residence_on

UNKNOWN_OUTCOME_RANK = 4  # a release nobody can say the sentence of ranks like a detention and training order


@dataclass(frozen=True)
class IndexEvent:
    """One event; event is the record it comes from (an outcome's, or the programme's of a release)."""

    event: RecordId
    event_type_code: str
    index_date: date
    legal_outcome: str | None
    rank: int
    tier_code: str
    is_breach: bool
    is_living_here: bool
    is_appealed_away: bool
    age_at_index: int | None

    @property
    def order(self) -> tuple[date, int, bool, RecordId]:
        """The first is the one that counts; of two alike the one that is no breach, then a fixed order."""
        return self.index_date, self.rank, self.is_breach, self.event


def event_type(outcome: Outcome) -> str:
    """What kind of event a substantive outcome is."""
    if outcome.kind.tier == "PRE_COURT":
        return "CAUTION"
    return "CUSTODIAL_SENTENCE" if outcome.kind.is_custody else "CONVICTION"


def from_outcome(child: Child, outcome: Outcome) -> IndexEvent:
    """The event of one substantive outcome."""
    return IndexEvent(
        event=outcome.records[0],
        event_type_code=event_type(outcome),
        index_date=outcome.outcome_date,
        legal_outcome=outcome.legal_outcome,
        rank=outcome.kind.rank,
        tier_code=outcome.kind.tier,
        is_breach=outcome.offence.is_breach,
        is_living_here=outcome.is_living_here,
        is_appealed_away=outcome.is_appealed_away,
        age_at_index=age_on(outcome.outcome_date, child.date_of_birth),
    )


def from_release(child: Child, programme: Programme, all_outcomes: list[Outcome]) -> IndexEvent | None:
    """The event of a release from custody; None for an order that has none."""
    if programme.disposal_type != "CUSTODIAL_SENTENCE" or programme.released_on is None:
        return None
    day = programme.released_on
    sentences = [
        outcome
        for outcome in all_outcomes
        if outcome.offence.recorded in programme.offences
        and outcome.kind.is_custody
        and outcome.is_substantive
        and not outcome.is_adult
        and outcome.outcome_date <= day
    ]
    # one that stands before one that was quashed, whose release then counts nowhere
    first = min(sentences, key=lambda o: (o.is_appealed_away, o.order), default=None)
    return IndexEvent(
        event=("case_system", "intervention_programme", (programme.number,)),
        event_type_code="RELEASE",
        index_date=day,
        legal_outcome=first.legal_outcome if first else None,
        rank=first.kind.rank if first else UNKNOWN_OUTCOME_RANK,
        tier_code="CUSTODY",
        is_breach=is_of_breaches_only(child, programme),
        is_living_here=residence_on(child, day) != "OTHER",
        is_appealed_away=first is not None and first.is_appealed_away,
        age_at_index=age_on(day, child.date_of_birth),
    )


def is_of_breaches_only(child: Child, programme: Programme) -> bool:
    """Whether the order was made for offences, and every one of them a breach."""
    breaches = [
        o.is_breach for o in offences(child) if o.recorded is not None and o.recorded in programme.offences
    ]
    return bool(breaches) and all(breaches)


def index_events(child: Child) -> list[IndexEvent]:
    """One event for each day, type and set of reasons: the most serious."""
    everything = outcomes(child)
    found = [from_outcome(child, o) for o in everything if o.is_substantive and not o.is_adult]
    found += [e for p in child.programmes if (e := from_release(child, p, everything)) is not None]
    first: dict[tuple, IndexEvent] = {}
    for event in sorted(found, key=lambda e: e.order):
        key = (
            event.index_date,
            event.event_type_code,
            event.is_breach,
            event.is_living_here,
            event.is_appealed_away,
        )
        first.setdefault(key, event)
    return list(first.values())
