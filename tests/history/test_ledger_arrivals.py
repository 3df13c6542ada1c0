"""No order of arrival changes a total: random ledgers cut into deliveries, held against a few lines of Python.

A delivery keeps its business date and the moment at which it was received, whenever it is taken in. What counts: of each
business date the delivery received last, and of each journal line the newest business date that states it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from tests.door.conftest import Door, csv_text
from tests.oracle.finance.records import money
from tests.oracle.finance.years import last_day, name

HEADER = (
    "Journal,Line,Financial year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,Source,Status,"
    "Reverses,Amount"
)
Line = tuple[str, int, str, Decimal]  # journal, period, status, amount
Totals = dict[tuple[str, int, str, str], Decimal]


@dataclass(frozen=True)
class Delivery:
    """What one month's delivery says, and when it was received."""

    year: int
    day: date
    received_at: datetime
    lines: tuple[Line, ...]

    def rows(self) -> list[dict[str, str]]:
        """As the ledger writes it."""
        return [
            {
                "Journal": journal, "Line": "1", "Financial year": name(self.year), "Period": str(period),
                "Posting date": f"{last_day(self.year, period):%d/%m/%Y}", "Cost centre": "YJ100",
                "Subjective": "A1000" if int(journal[-1]) % 2 else "D5000", "Status": status,
                "Reverses": journal[:-1] if "R" in journal else "", "Amount": money(amount, journal) or "",
            }
            for journal, period, status, amount in self.lines
        ]  # fmt: skip


def ledger(source: Random, year: int) -> list[Delivery]:
    """Five months and the year's end: sent again with less, more and other lines; corrected later; taken back; adjusted."""
    found: list[Delivery] = []
    said: list[Line] = []
    for period in (1, 2, 3, 11, 12, 13, 14):
        day = last_day(year, period) + timedelta(days=max(0, period - 12) * 20)
        lines = {
            f"{year}P{period}J{number}": (period, source.choice(["ACTUAL", "ACCRUAL", "COMMITMENT"]), _amount(source))
            for number in range(source.randint(1, 4))
        }  # fmt: skip
        for journal, at, status, amount in source.sample(said, min(len(said), source.randrange(3))):
            if source.random() < 0.5:  # a journal that takes another back
                lines[f"{journal}R{source.randrange(9)}"] = (min(period, at + 1), status, -amount)
            else:  # the same line once more, as it was or corrected
                lines[journal] = (at, status, source.choice([amount, _amount(source)]))
        received = datetime(day.year, day.month, day.day, 20, len(found))
        for _ in range(source.choice([1, 1, 2, 3])):
            rows = tuple((journal, *rest) for journal, rest in lines.items())
            found.append(Delivery(year, day, received, rows))
            received += timedelta(days=source.choice([0, 3, 40, 100]), minutes=len(found))
            said += rows
            journal = source.choice(list(lines))
            if len(lines) > 1 and source.random() < 0.5:
                del lines[journal]
            else:
                lines[journal] = (*lines[journal][:2], _amount(source))
    return found


def _amount(source: Random) -> Decimal:
    return Decimal(source.randrange(-200_000, 500_000)) / 100


def expected(deliveries: list[Delivery]) -> Totals:
    """What counts, whatever came when."""
    last = {d.day: d for d in sorted(deliveries, key=lambda d: d.received_at)}
    lines = {row["Journal"]: (row, line) for day in sorted(last) for row, line in _of(last[day])}
    found: Totals = defaultdict(Decimal)
    for row, line in lines.values():
        found[row["Financial year"], line[1], row["Subjective"], line[2]] += line[3]
    return dict(found)


def _of(delivery: Delivery) -> list[tuple[dict[str, str], Line]]:
    return list(zip(delivery.rows(), delivery.lines, strict=True))


def totals(door: Door, year: int) -> Totals:
    """What is known now, per period, account and status."""
    return {
        tuple(key): amount
        for *key, amount in door.query(
            "select financial_year, period::integer, subjective, status, sum(ref.parse_money(btrim(amount_gbp)))"
            " from raw.finance__ledger_posting where recorded_to is null and financial_year = %s group by 1, 2, 3, 4",
            name(year),
        )
    }


def take_in(door: Door, source: Random, deliveries: list[Delivery]) -> None:
    """Some at a time, as nights find them."""
    left = list(deliveries)
    while left:
        for _ in range(min(len(left), source.choice([1, 1, 2, 5]))):
            d = left.pop(0)
            door.deliver(
                {f"ledger_{door.count}.csv": csv_text(HEADER, d.rows())}, d.day.isoformat(), "finance",
                d.received_at.isoformat(),
            )  # fmt: skip
        for report in door.load("finance"):
            assert report.state in ("accepted", "kept"), report
            assert not report.rows_quarantined


def hold(door: Door, seed: int, year: int) -> None:
    source = Random(f"arrivals {seed}")
    deliveries = ledger(source, year)
    shuffled = source.sample(deliveries, len(deliveries))
    take_in(door, source, shuffled)
    assert totals(door, year) == expected(deliveries), (
        f"seed {seed}: {[(d.day, d.received_at) for d in shuffled]}"
    )


def test_in_order_the_totals_are_as_python_says(door: Door) -> None:
    deliveries = ledger(Random("in order"), 2001)
    take_in(door, Random(1), deliveries)
    assert totals(door, 2001) == expected(deliveries)


@pytest.mark.fault("F9")
@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_arrival_changes_a_total(door: Door, seed: int) -> None:
    hold(door, seed, 2001)


@pytest.mark.soak
def test_no_order_of_many_ledgers_changes_a_total(door: Door, record_property) -> None:
    """Each year newer than the one before, so that they do not touch one another."""
    for seed in range(30):
        hold(door, 100 + seed, 2001 + seed)
    record_property("ledgers", 30)
