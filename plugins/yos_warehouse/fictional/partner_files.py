"""What partners are billed, what they pay and when, and whom they lend."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

from yos_warehouse.fictional import people
from yos_warehouse.fictional.amounts import PENNY, spelt
from yos_warehouse.fictional.budget_files import budget, told_in
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.finance_calendar import Month, first_month, month_of, year_name
from yos_warehouse.fictional.world import World

INVOICE_HEADER = (
    "invoice_id", "financial_year", "contributor", "funding_stream", "invoiced_on", "due_date", "amount_gbp",
)  # fmt: skip
RECEIPT_HEADER = ("receipt_id", "invoice_id", "received_on", "amount_gbp")
SECONDMENT_HEADER = (
    "secondment_id", "contributor", "role", "whole_time_equivalent", "start_date", "end_date", "annual_value_gbp",
)  # fmt: skip
BILLED_IN = (4, 7, 10, 1)  # a quarter of the year's cash each time, in advance
TERMS = timedelta(days=30)
OVERSTATED = (
    "health",
    2,
    Decimal("1000.00"),
)  # contributor, quarter, by how much; put right by a credit note
IN_PARTS = ("probation_service", 2)
LATE = ("police_and_crime_commissioner", 1)
NEVER = ("rushmere", 3)  # in the year of the first drop
# contributor, role, whole-time equivalent, first day, last day, value of a year
SECONDMENTS: tuple[tuple[str, str, str, date, date | None, int], ...] = (
    ("police_and_crime_commissioner", "POLICE_OFFICER", "1", date(2022, 5, 9), None, 48200),
    ("police_and_crime_commissioner", "POLICE_OFFICER", "1.00", date(2021, 9, 1), date(2025, 8, 31), 48200),
    ("police_and_crime_commissioner", "POLICE_OFFICER", "1.00", date(2025, 9, 1), None, 48200),
    ("probation_service", "PROBATION_OFFICER", "1", date(2023, 1, 16), None, 46200),
    ("probation_service", "PROBATION_OFFICER", "0.6", date(2023, 4, 3), None, 25700),
    ("health", "NURSE", "0.5", date(2022, 10, 3), None, 24350),
    ("health", "PSYCHOLOGIST", "0.4", date(2024, 4, 1), date(2026, 4, 30), 27500),
    ("health", "SUBSTANCE_WORKER", "0.45", date(2023, 6, 1), None, 16500),
)


class Invoice(NamedTuple):
    """An invoice, or with a negative amount a credit note."""

    number: str
    first: int
    contributor: str
    stream: str
    day: date
    amount: Decimal

    @property
    def due(self) -> date:
        """To be paid by."""
        return self.day + TERMS


class Receipt(NamedTuple):
    """A payment, or what of a credit note was set against the invoice."""

    number: str
    invoice: str
    day: date
    amount: Decimal


def invoices(world: World, first: int) -> list[Invoice]:
    """All invoices of a financial year; after a revised budget the next one makes good what was billed before."""
    source = people.rng(world.setting.seed, "invoices", first)
    made = []
    billed: dict[str, Decimal] = {}
    for quarter, month in enumerate(BILLED_IN, 1):
        when = Month(first + (month < 4), month)
        version = "2" if when > told_in(first, "2") else "1"
        for number, line in enumerate(budget(first, version), 1):
            if line.is_reserve or not line.cash:
                continue
            so_far = (line.cash * quarter / 4).quantize(PENNY, ROUND_DOWN)
            amount = so_far - billed.get(line.contributor, Decimal(0))
            billed[line.contributor] = so_far
            name = f"{first % 100}{quarter}{number:02d}"
            day = when.day(source.randint(3, 12))
            who, which, by = OVERSTATED
            if (line.contributor, quarter) == (who, which):
                back = when.after.day(15)
                made.append(Invoice(f"CN{name}", first, line.contributor, line.stream, back, -by))
                amount += by
            made.append(Invoice(f"INV{name}", first, line.contributor, line.stream, day, amount))
    return made


def receipts(world: World, first: int) -> list[Receipt]:
    """What was paid on the invoices of a year, whenever it came in."""
    made = []
    for invoice in invoices(world, first):
        source = people.rng(world.setting.seed, "receipt", invoice.number)
        number, amount = invoice.number.replace("INV", "R"), invoice.amount
        which = (invoice.contributor, int(invoice.number[-3]))
        if amount < 0:  # set against the invoice it puts right
            target = invoice.number.replace("CN", "INV")
            made.append(Receipt(f"{invoice.number}A", target, invoice.day, -amount))
            made.append(Receipt(f"{invoice.number}B", invoice.number, invoice.day, amount))
            continue
        if which == NEVER and first == first_month(world).first + 1:
            continue
        day = invoice.due - timedelta(days=source.randint(-6, 12))
        if which == OVERSTATED[:2]:
            amount -= OVERSTATED[2]
        if which == LATE:
            day = invoice.due + timedelta(days=source.randint(50, 100))
        if which == IN_PARTS:
            part = (amount * 3 / 5).quantize(PENNY, ROUND_DOWN)
            made.append(Receipt(f"{number}A", invoice.number, day, part))
            later = day + timedelta(days=source.randint(20, 45))
            made.append(Receipt(f"{number}B", invoice.number, later, amount - part))
        else:
            made.append(Receipt(number, invoice.number, day, amount))
    return made


def secondment_rows(months: Iterable[Month], since: Month) -> list[list[Any]]:
    """Who came or went in the months; who was there before the first of them came then."""
    told = set(months)
    rows = []
    for number, (who, role, share, start, end, value) in enumerate(SECONDMENTS, 1):
        ended = end if end and month_of(end) <= max(told) else None
        if max(month_of(start), since) in told or (ended and month_of(ended) in told):
            day = f"{ended:%d/%m/%Y}" if ended else ""
            rows.append([f"SEC{number:03d}", who, role, share, f"{start:%d/%m/%Y}", day, f"£{value:,}"])
    return rows


def add_partners(world: World, months: Iterable[Month], drop: DropFiles) -> None:
    """Add invoices, payments and secondments of the months."""
    told, since = set(months), first_month(world)
    years = range(since.first, max(told).first + 1)
    source = people.rng(world.setting.seed, "partners", max(told))
    billed = [
        [
            one.number, year_name(one.first), one.contributor, one.stream, f"{one.day:%d/%m/%Y}", f"{one.due:%d/%m/%Y}",
            spelt(source, one.amount),
        ]
        for first in years for one in invoices(world, first) if month_of(one.day) in told
    ]  # fmt: skip
    paid = [
        [one.number, one.invoice, f"{one.day:%d/%m/%Y}", spelt(source, one.amount)]
        for first in years
        for one in receipts(world, first)
        if month_of(one.day) in told
    ]
    lent = secondment_rows(told, since)
    for name, header, rows in (
        ("invoice", INVOICE_HEADER, billed), ("receipt", RECEIPT_HEADER, paid), ("secondment", SECONDMENT_HEADER, lent),
    ):  # fmt: skip
        if rows:
            drop.add_csv(f"{name}_{max(told)}.csv", header, rows)
