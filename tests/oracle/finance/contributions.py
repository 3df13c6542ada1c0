"""What partners are due to pay, are billed and have paid (issue 5, 2.2 and 2.3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from tests.oracle.finance import budget, codes, years
from tests.oracle.finance.facts import World

NOBODY = "-1"


@dataclass(frozen=True)
class Step:
    """One step of a contribution."""

    code: str
    contributor: str
    year: int
    day: date
    due_on: date | None
    amount: Decimal
    instalment: int = 0


def due(world: World) -> list[Step]:
    """The cash of the budget in force in its instalments; pennies left over come with the last."""
    found = []
    for year in {line.year for line in world.budget_lines}:
        for line in budget.in_force(world, year):
            if line.contributor in codes.reserves_among_contributors():
                continue
            left = line.other
            parts = codes.instalments()
            for number, month, day, share in parts:
                amount = (line.other * share / 100).quantize(years.PENNY, ROUND_DOWN)
                if number == parts[-1][0]:
                    amount = left
                left -= amount
                on = date(year if month >= 4 else year + 1, month, day)
                found.append(Step("DUE", line.contributor, year, on, on, amount, number))
    return found


def contributor(world: World, code: str) -> str:
    """Known from a budget or from our list, or nobody: an invoice may name anybody."""
    known = code in codes.members("ref_contributor", "contributor_code", service=False)
    return code if known or any(line.contributor == code for line in world.budget_lines) else NOBODY


def invoiced(world: World) -> list[Step]:
    """Invoices and credit notes."""
    return [
        Step("INVOICED", contributor(world, i.contributor), i.year, i.invoiced_on, i.due_on, i.amount)
        for i in world.invoices
    ]


def received(world: World) -> list[Step]:
    """Payments: of the contributor and year of their invoice; without it of nobody and of the year they came in."""
    by_number = {invoice.number: invoice for invoice in world.invoices}
    found = []
    for receipt in world.receipts:
        invoice = by_number.get(receipt.invoice)
        who = contributor(world, invoice.contributor) if invoice else NOBODY
        year = invoice.year if invoice else years.year_of(receipt.received_on)
        found.append(Step("RECEIVED", who, year, receipt.received_on, None, receipt.amount))
    return found


def steps(world: World) -> list[Step]:
    """All steps."""
    return due(world) + invoiced(world) + received(world)


def unpaid(world: World, year: int, who: str) -> list[tuple[date, Decimal]]:
    """Days by which a contributor should have paid what it has not; its credit is set against the oldest first.

    Credit is what credit notes give and what was paid too much.
    """
    paid: dict[int, Decimal] = defaultdict(lambda: years.NOTHING)
    for receipt in world.receipts:
        paid[receipt.invoice] += receipt.amount
    mine = [i for i in world.invoices if (i.year, contributor(world, i.contributor)) == (year, who)]
    left = sorted((i.due_on, i.amount - paid[i.number]) for i in mine)
    credit = -sum((amount for _, amount in left if amount < 0), years.NOTHING)
    found = []
    for day, amount in left:
        taken = min(credit, max(amount, years.NOTHING))
        credit -= taken
        if amount > taken:
            found.append((day, amount - taken))
    return found


def report(world: World, as_at: date) -> dict[tuple[str, str], dict[str, Any]]:
    """Contributions outstanding, by year and contributor."""
    all_steps = steps(world)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for year, who in {
        (step.year, step.contributor) for step in all_steps if step.amount or step.code != "DUE"
    }:
        mine = [step for step in all_steps if (step.year, step.contributor) == (year, who)]

        def of(code: str, until: date = date.max, mine: list[Step] = mine) -> Decimal:
            return sum((s.amount for s in mine if s.code == code and s.day <= until), years.NOTHING)

        late = [(day, missing) for day, missing in unpaid(world, year, who) if day < as_at]
        due_now, billed, paid = of("DUE", as_at), of("INVOICED"), of("RECEIVED")
        found[years.name(year), who] = {
            "due_full_year_gbp": of("DUE"),
            "due_to_date_gbp": due_now,
            "invoiced_gbp": billed,
            "received_gbp": paid,
            "outstanding_gbp": billed - paid,
            "not_invoiced_gbp": max(due_now - billed, years.NOTHING),
            "overdue_gbp": _older(late, as_at),
            "overdue_30_days_gbp": _older(late, as_at - timedelta(days=29)),
            "overdue_90_days_gbp": _older(late, as_at - timedelta(days=89)),
            "oldest_due_date": min((day for day, _ in late), default=None),
        }
    return found


def _older(late: list[tuple[date, Decimal]], day: date) -> Decimal:
    """What was due before a day."""
    return sum((missing for due_on, missing in late if due_on < day), years.NOTHING)
