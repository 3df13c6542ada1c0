"""Out-of-court disposals: how long from referral to panel to delivery (domain.md 1.12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle import codes
from tests.oracle.days import working_days_after
from tests.oracle.facts import Child, OutOfCourt

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


def is_open(given: OutOfCourt) -> bool:
    """Still to be given to the child; what is never handed over is not open."""
    outcome = codes.outcome_of_crime_outcome().get(given.outcome_code or "")
    is_delivered_kind = not given.outcome_code or outcome in (*CAUTIONS, "COMMUNITY_RESOLUTION")
    return given.issue_date is None and is_delivered_kind


def days_between(first: date | None, last: date | None) -> int | None:
    """Calendar days; None where one is not known."""
    return (last - first).days if first is not None and last is not None else None


def deliveries(child: Child, as_at: date) -> list[Delivery]:
    """One for each record of the police."""
    found = []
    for given in child.out_of_court:
        begun = given.referral_date or given.decision_date
        is_known = given.decision_date is not None and given.issue_date is not None
        found.append(
            Delivery(
                record=(given.asn, given.sequence),
                is_caution=codes.outcome_of_crime_outcome().get(given.outcome_code or "") in CAUTIONS,
                is_open=is_open(given),
                days_to_decision=days_between(given.referral_date, given.decision_date),
                days_to_delivery=days_between(given.decision_date, given.issue_date),
                working_days_to_delivery=working_days_after(
                    given.decision_date, given.issue_date, codes.bank_holidays()
                )  # type: ignore[arg-type]
                if is_known
                else None,
                days_open=days_between(begun, as_at) if is_open(given) else None,
            )
        )
    return found
