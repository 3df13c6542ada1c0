"""What the finance feed says of one service, as plain records; money as Decimal. FICTIONAL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class BudgetLine:
    """What one contributor puts in, in one version of a year's budget. ``total`` is the printed one."""

    year: int  # in which the financial year begins
    version: int
    status: str | None
    contributor: str
    stream: str
    programme: str | None
    in_kind: Decimal
    other: Decimal
    total: Decimal
    label: str | None


@dataclass(frozen=True)
class StatedTotal:
    """A total that the board prints under its table."""

    year: int
    version: int
    code: str
    amount: Decimal


@dataclass(frozen=True)
class Planned:
    """The ledger's own budget of one cost centre, account and project; spending is positive."""

    year: int
    version: int
    cost_centre: str
    subjective: str
    project: str | None
    amount: Decimal


@dataclass(frozen=True)
class Posting:
    """A journal line. The words for status, source and project are the ledger's own."""

    number: int
    year: int
    period: int
    day: date
    cost_centre: str
    subjective: str
    project: str | None
    supplier_type: str | None
    source: str | None
    status: str
    reverses: str | None
    amount: Decimal
    is_debit_credit: bool = False


@dataclass(frozen=True)
class ControlTotal:
    """What the ledger says that a period adds up to."""

    year: int
    period: int
    status: str
    lines: int | None
    total: Decimal


@dataclass(frozen=True)
class Invoice:
    """An invoice to a partner; a credit note is negative."""

    number: int
    year: int
    contributor: str
    invoiced_on: date
    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class Receipt:
    """A payment; ``invoice`` may be one that nobody knows."""

    number: int
    invoice: int
    received_on: date
    amount: Decimal


@dataclass(frozen=True)
class Movement:
    """A movement of a reserve; USED is negative."""

    number: int
    year: int
    period: int
    day: date
    reserve: str
    kind: str
    status: str
    amount: Decimal
    balance: Decimal | None = None


@dataclass(frozen=True)
class World:
    """Everything delivered about one service."""

    budget_lines: tuple[BudgetLine, ...] = ()
    stated_totals: tuple[StatedTotal, ...] = ()
    planned: tuple[Planned, ...] = ()
    postings: tuple[Posting, ...] = ()
    control_totals: tuple[ControlTotal, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    movements: tuple[Movement, ...] = ()
