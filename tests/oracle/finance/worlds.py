"""Random money: seven financial years of one service, each a world of its own to the reports, every oddity common.

All chance comes from the seed, so a seed and an as-at day give a world again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.oracle.finance import budget, codes, years
from tests.oracle.finance.facts import (
    BudgetLine,
    ControlTotal,
    Invoice,
    Movement,
    Planned,
    Posting,
    Receipt,
    StatedTotal,
    World,
)
from tests.oracle.finance.ledger import Line

YEARS = 7
CONTRIBUTORS = (
    "police_and_crime_commissioner", "health", "youth_justice_grant", "local_authority_reserve_allocated", "rushmere",
    "a_new_partner", "impact",
)  # fmt: skip
UNKNOWN = ("ZZ999", "NOBODYS")
PROJECTS = (None, None, None, "IMPACT", "impact", "ACE", "STEPPING_STONES", "NOBODYS")
SUPPLIER_TYPES = (None, None, "COMPANY", "PLACEMENT", "employees", "SMITHS")
PENNY = Decimal("0.01")


def world(seed: int, as_at: date, size: int = 60) -> World:
    """A world as known on a day; ``size`` postings in a month, more or less."""
    source = Random(f"finance {seed}")
    this = years.year_of(as_at)
    drawn = _Drawn(source, as_at)
    for year in range(this - YEARS + 1, this + 1):
        drawn.budget(year)
        drawn.plan(year)
        drawn.postings(year, size)
        drawn.invoices(year)
        drawn.movements(year)
    drawn.budget(this + 1)
    return drawn.control_totals().world


class _Drawn:
    """A world in the making."""

    def __init__(self, source: Random, as_at: date) -> None:
        self.source, self.as_at, self.world = source, as_at, World()
        self.balances: dict[str, Decimal] = defaultdict(Decimal)

    def _one_in(self, number: int) -> bool:
        return self.source.randrange(number) == 0

    def _amount(self, most: int = 5000) -> Decimal:
        pick = self.source.randrange(12)
        if pick == 0:
            return self.source.choice([Decimal("0.00"), PENNY, -PENNY, Decimal("0.02"), Decimal("0.03")])
        if pick == 1:
            return Decimal(self.source.randrange(most)).quantize(PENNY)
        return Decimal(self.source.randrange(-most * 20, most * 100)) * PENNY

    def _more(self, **more: tuple) -> None:
        self.world = replace(
            self.world, **{name: (*getattr(self.world, name), *rows) for name, rows in more.items()}
        )

    def budget(self, year: int) -> None:
        """One to three versions, of ten and more too, some with stated totals, some of them wrong."""
        source = self.source
        for version in source.sample([1, 2, 3, 9, 10, 11], source.randint(1, 3)):
            lines = []
            for who in source.sample(CONTRIBUTORS, source.randint(2, len(CONTRIBUTORS))):
                stream = "additional" if who == "impact" else "core"
                in_kind = Decimal(source.choice([0, 0, source.randrange(90_000)])).quantize(PENNY)
                other = abs(self._amount(300_000))
                wrong = PENNY if self._one_in(25) else Decimal(0)
                lines.append(
                    BudgetLine(
                        year, version, source.choice(["CONFIRMED", "CONFIRMED", "INDICATIVE", None]), who, stream,
                        source.choice([None, "ACE", "NOBODYS"]) if stream != "core" else None,
                        in_kind, other, in_kind + other + wrong, f"FICTIONAL {who}",
                    )
                )  # fmt: skip
            self._more(budget_lines=tuple(lines))
            if not self._one_in(3):
                said = budget.totals(lines)
                chosen = source.sample(sorted(said), source.randint(1, 4))
                self._more(
                    stated_totals=tuple(
                        StatedTotal(year, version, code, said[code] + (PENNY if self._one_in(12) else 0))
                        for code in chosen
                    )
                )

    def _subjective(self) -> str:
        known = sorted({a.code for a in codes.accounts()})
        return self.source.choice([*known, *known, known[0].lower(), UNKNOWN[0]])

    def _centre(self) -> str:
        return self.source.choice([*sorted(codes.members("ref_cost_centre", "cost_centre_code")), UNKNOWN[0]])

    def plan(self, year: int) -> None:
        """Years without any, with one, with a newer one that says something else."""
        for version in self.source.sample([1, 2, 10], self.source.choice([0, 1, 1, 2, 3])):
            places = {
                (self._centre(), self._subjective().upper(), self.source.choice(PROJECTS[:4]))
                for _ in range(25)
            }
            self._more(
                planned=tuple(
                    Planned(year, version, *place, self._amount(40_000)) for place in sorted(places, key=str)
                )
            )

    def postings(self, year: int, size: int) -> None:
        """All periods with adjustments, dates that do not fit them, reversals of the very amount."""
        source = self.source
        first, last = date(year, 4, 1), min(date(year + 1, 7, 31), self.as_at)
        if first > last or self._one_in(9):
            return
        made: list[Posting] = []
        statuses = sorted(codes.mapped("map_ledger_status", "status_code"))
        sources = sorted(codes.mapped("map_ledger_source", "source_code"))
        for _ in range(size * 12):
            number = 1 + len(self.world.postings) + len(made)
            period = source.choice([*range(1, 13), 12, 13, 14])
            status = source.choice(["ACTUAL"] * 6 + statuses)
            taken_back = source.choice(made) if made and self._one_in(15) else None
            if taken_back:
                made.append(
                    replace(
                        taken_back, number=number, amount=-taken_back.amount, reverses=f"J{taken_back.number}",
                        period=min(14, taken_back.period + source.randrange(3)),
                    )
                )  # fmt: skip
                continue
            day = first + timedelta(days=source.randrange((last - first).days + 1))
            made.append(
                Posting(
                    number, year, period, day, self._centre(), self._subjective(), source.choice(PROJECTS),
                    source.choice(SUPPLIER_TYPES), source.choice([*sources, *sources, None]),
                    source.choice([status, status.lower()]), None, self._amount(), self._one_in(4),
                )
            )  # fmt: skip
        self._more(postings=tuple(made))

    def control_totals(self) -> _Drawn:
        """Most periods have one; some are a penny, a line or everything out."""
        sums: dict[tuple[int, int, str], list[Decimal]] = defaultdict(list)
        for posting in self.world.postings:
            sums[posting.year, posting.period, Line(posting).status].append(posting.amount)
        found = []
        for (year, period, status), amounts in sorted(sums.items()):
            if self._one_in(4):
                continue
            lines = self.source.choice([None, len(amounts), len(amounts) + self._one_in(20)])
            found.append(
                ControlTotal(
                    year, period, status, lines,
                    sum(amounts, Decimal("0.00")) + self.source.choice([0] * 20 + [PENNY, -PENNY]),
                )
            )  # fmt: skip
        this = years.year_of(self.as_at)
        found.append(
            ControlTotal(this - YEARS, 1, "ACTUAL", 1, Decimal("5.00"))
        )  # of postings that never came
        found.append(ControlTotal(this - YEARS, 2, "ACTUAL", 0, Decimal("0.00")))
        self._more(control_totals=tuple(found))
        return self

    def invoices(self, year: int) -> None:
        """Paid whole, in parts, twice or not; credit notes; payments of invoices that nobody knows."""
        source = self.source
        first = date(year, 4, 1)
        open_days = (self.as_at - first).days
        invoices, receipts = [], []
        for _ in range(source.randrange(25) if open_days > 0 else 0):
            number = 1 + len(self.world.invoices) + len(invoices)
            day = first + timedelta(days=source.randrange(min(365, open_days)))
            due_on = source.choice(
                [day + timedelta(days=30), self.as_at - timedelta(days=source.choice([0, 1, 29, 30, 31, 89, 90, 91]))]
            )  # fmt: skip
            invoice = Invoice(
                number, year, source.choice([*CONTRIBUTORS, "nobody_known"]), day, max(day, due_on),
                self._amount(70_000),
            )  # fmt: skip
            invoices.append(invoice)
            left = invoice.amount
            for share in source.choice([(), (1,), (1,), (2, 1), (3,), (1, 1)]):
                paid = (left / share).quantize(PENNY)
                left -= paid
                receipts.append(self._receipt(receipts, number, paid, day))
        if open_days > 0 and self._one_in(2):
            receipts.append(self._receipt(receipts, 900_000 + year, self._amount(900), first))
        self._more(invoices=tuple(invoices), receipts=tuple(receipts))

    def _receipt(self, receipts: list[Receipt], invoice: int, paid: Decimal, day: date) -> Receipt:
        came = min(day + timedelta(days=self.source.randrange(200)), self.as_at)
        return Receipt(1 + len(self.world.receipts) + len(receipts), invoice, came, paid)

    def movements(self, year: int) -> None:
        """A reserve opens once; balances are stated now and then, some of them wrong; the rest of the year is planned."""
        source = self.source
        made: list[Movement] = []
        this = years.year_of(self.as_at)
        for reserve in [*sorted(codes.members("ref_reserve", "reserve_code")), UNKNOWN[1]]:
            for period in sorted(source.sample(range(1, 13), source.randint(0, 5))):
                day = years.last_day(year, period)
                is_planned = day > self.as_at
                is_first = reserve not in self.balances
                is_opening = not is_planned and (is_first or period == 1)
                kind = "OPENING" if is_opening else source.choice(["ADDED", "USED", "USED"])
                amount = abs(self._amount(20_000)) * (-1 if kind == "USED" else 1)
                if is_opening and not is_first:
                    amount = self.balances[reserve] + (PENNY if self._one_in(9) else 0)
                balance = None
                if not is_planned and kind != "OPENING" and self._one_in(10):
                    is_planned = True  # and never made
                if not is_planned:
                    self.balances[reserve] = amount if is_opening else self.balances[reserve] + amount
                    if not self._one_in(3):
                        balance = self.balances[reserve] + (PENNY if self._one_in(15) else 0)
                made.append(
                    Movement(
                        1 + len(self.world.movements) + len(made), year, period, day, reserve, kind,
                        "PLANNED" if is_planned else "MADE", amount, balance,
                    )
                )  # fmt: skip
        assert year <= this
        self._more(movements=tuple(made))
