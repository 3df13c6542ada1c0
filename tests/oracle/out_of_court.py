"""Out-of-court disposals: how long from referral to panel to delivery (domain.md 1.12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle import codes
from tests.oracle.days import working_days_after
from tests.oracle.facts import Child, OutOfCourt
from tests.oracle.offences import offences
from tests.oracle.outcomes import OUT_OF_COURT_TIERS, outcomes

CAUTIONS = ("YOUTH_CAUTION", "YOUTH_CONDITIONAL_CAUTION")
PANEL_DAYS = 20


@dataclass(frozen=True)
class Delivery:
    """One record and its days."""

    record: tuple[int, int]  # arrest and sequence
    is_caution: bool
    is_open: bool
    days_to_decision: int | None
    days_to_delivery: int | None
    working_days_to_delivery: int | None
    days_open: int | None


def decided(child: Child, given: OutOfCourt) -> str | None:
    """What was decided out of court: the case system's word if it has one, because the police's number of a
    conditional caution is that of a caution; else the record's own."""
    believed = [
        outcome
        for outcome in outcomes(child)
        if outcome.offence.police == (given.asn, given.sequence) and outcome.kind.tier in OUT_OF_COURT_TIERS
    ]
    if believed:
        return min(believed, key=lambda o: o.order).legal_outcome
    return codes.outcome_of_crime_outcome().get(given.outcome_code or "")


def is_open(child: Child, given: OutOfCourt) -> bool:
    """Still to be given to the child; what is never handed over, charged or decided by a court is not open."""
    police = (given.asn, given.sequence)
    is_undecided = not given.outcome_code and not any(o.offence.police == police for o in outcomes(child))
    is_charged = any((charge.asn, charge.sequence) == police for charge in child.charges)
    is_to_deliver = decided(child, given) in (*CAUTIONS, "COMMUNITY_RESOLUTION")
    return given.issue_date is None and not is_charged and (is_undecided or is_to_deliver)


def days_between(first: date | None, last: date | None) -> int | None:
    """Calendar days; None where one is not known."""
    return (last - first).days if first is not None and last is not None else None


def deliveries(child: Child, as_at: date) -> list[Delivery]:
    """One for each record of the police."""
    found = []
    known = {offence.police for offence in offences(child)}
    for given in child.out_of_court:
        if (given.asn, given.sequence) not in known:
            continue  # nobody knows whose it is
        begun = given.referral_date or given.decision_date
        is_known = given.decision_date is not None and given.issue_date is not None
        found.append(
            Delivery(
                record=(given.asn, given.sequence),
                is_caution=decided(child, given) in CAUTIONS,
                is_open=is_open(child, given),
                days_to_decision=days_between(given.referral_date, given.decision_date),
                days_to_delivery=days_between(given.decision_date, given.issue_date),
                working_days_to_delivery=working_days_after(
                    given.decision_date, given.issue_date, codes.bank_holidays()
                )  # type: ignore[arg-type]
                if is_known
                else None,
                days_open=days_between(begun, as_at) if is_open(child, given) else None,
            )
        )
    return found
