"""A world of money as rows of raw: what councils' ledgers would have written, in all their spellings. FICTIONAL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from zlib import crc32

from tests.oracle.finance import years
from tests.oracle.finance.answers import line_id, plan_id, record_id
from tests.oracle.finance.facts import World
from tests.oracle.records import Row

RECORDED = -1  # days from the as-at day


def money(amount: Decimal | None, *what: Any) -> str | None:
    """An amount in one of the spellings of ledgers' exports; always the same for the same thing."""
    if amount is None:
        return None
    plain, grouped = f"{abs(amount):.2f}", f"{abs(amount):,.2f}"
    if amount < 0:
        ways = [f"-{plain}", f"({grouped})", f"{grouped}-", f"-£{grouped}"]
    else:
        ways = [plain, grouped, f"£{grouped}", f"£{plain}"]
        if amount == amount.to_integral_value():
            ways.append(f"{amount:.0f}")
    return ways[crc32(repr((str(amount), *what)).encode()) % len(ways)]


def written(day: date | None) -> str | None:
    """A date in British order."""
    return f"{day:%d/%m/%Y}" if day else None


def world_rows(world: World) -> Iterator[Row]:
    """Everything delivered of a world."""
    for line in world.budget_lines:
        yield "finance__budget_line", line_id(line), {
            "financial_year": years.name(line.year), "version": str(line.version), "status": line.status,
            "contributor": line.contributor, "funding_stream": line.stream, "programme": line.programme,
            "staffing_in_kind_gbp": money(line.in_kind, "k"), "other_delegated_gbp": money(line.other, "o"),
            "total_gbp": money(line.total, "t"), "printed_label": line.label,
        }, RECORDED  # fmt: skip
    for s in world.stated_totals:
        yield "finance__budget_total", record_id(years.name(s.year), s.version, s.code), {
            "financial_year": years.name(s.year), "version": str(s.version), "total_code": s.code,
            "amount_gbp": money(s.amount),
        }, RECORDED  # fmt: skip
    for p in world.planned:
        yield "finance__planned_spending", plan_id(p), {
            "financial_year": years.name(p.year), "version": str(p.version), "cost_centre": p.cost_centre,
            "subjective": p.subjective, "project": p.project, "amount_gbp": money(p.amount),
        }, RECORDED  # fmt: skip
    for x in world.postings:
        debit, credit = (x.amount, None) if x.amount >= 0 else (None, -x.amount)
        amounts = (
            {"debit_gbp": money(debit), "credit_gbp": money(credit)}
            if x.is_debit_credit
            else {"amount_gbp": money(x.amount, x.number)}
        )
        yield "finance__ledger_posting", record_id(years.name(x.year), f"J{x.number}", 1), {
            "journal_id": f"J{x.number}", "line_number": "1", "financial_year": years.name(x.year),
            "period": str(x.period), "posting_date": written(x.day), "cost_centre": x.cost_centre,
            "subjective": x.subjective, "project": x.project, "description": "FICTIONAL", "supplier": "FICTIONAL",
            "supplier_type": x.supplier_type, "source_code": x.source, "status": x.status,
            "reverses_journal": x.reverses, **amounts,
        }, RECORDED  # fmt: skip
    for c in world.control_totals:
        yield "finance__ledger_control_total", record_id(years.name(c.year), c.period, c.status), {
            "financial_year": years.name(c.year), "period": str(c.period), "status": c.status,
            "lines": None if c.lines is None else str(c.lines), "total_gbp": money(c.total),
        }, RECORDED  # fmt: skip
    for i in world.invoices:
        yield "finance__contribution_invoice", f"I{i.number}", {
            "invoice_id": f"I{i.number}", "financial_year": years.name(i.year), "contributor": i.contributor,
            "invoiced_on": written(i.invoiced_on), "due_date": written(i.due_on), "amount_gbp": money(i.amount),
        }, RECORDED  # fmt: skip
    for r in world.receipts:
        yield "finance__contribution_receipt", f"R{r.number}", {
            "receipt_id": f"R{r.number}", "invoice_id": f"I{r.invoice}", "received_on": written(r.received_on),
            "amount_gbp": money(r.amount),
        }, RECORDED  # fmt: skip
    for m in world.movements:
        yield "finance__reserve_movement", f"M{m.number}", {
            "movement_id": f"M{m.number}", "financial_year": years.name(m.year), "period": str(m.period),
            "movement_date": written(m.day), "reserve": m.reserve, "kind": m.kind, "status": m.status,
            "amount_gbp": money(m.amount), "balance_gbp": money(m.balance, "b"),
        }, RECORDED  # fmt: skip
