"""The Ministry's outturn table for youth justice, of authorities that do not exist. A year's table is out in November after it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from yos_warehouse.fictional import people
from yos_warehouse.fictional.budget_files import cash_budget
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.finance_calendar import Month, year_name
from yos_warehouse.fictional.world import World

HEADER = (
    "financial_year", "e_code", "ons_code", "la_name", "class", "class2", "Employees (C1)", "Running Expenses (C2)",
    "Total Expenditure (C3 = C1 + C2)", "Sales, Fees and Charges (C4)", "Other Income (C5)",
    "Total Income (C6 = C4 + C5)", "Net Current Expenditure (C7 = C3 - C6)",
)  # fmt: skip
# e_code, ons_code, name, class, class2, share of the service's cash (None: not reported, 0: spends nothing)
AREAS: tuple[tuple[str, str, str, str, str, float | None], ...] = (
    ("E0001", "F10000001", "Oakshire", "SC", "SC", 0.88),
    ("E0002", "F06000001", "Rushmere", "UA", "UA", 0.12),
    ("E0003", "F10000002", "Thornshire", "SC", "SC", 1.31),
    ("E0004", "F06000002", "Wetherholm", "UA", "UA", 0.41),
    ("E0005", "F08000001", "Pellwick", "MD", "MD", 0.77),
    ("E0006", "F09000001", "Marlstow", "LB", "London", 0.64),
    ("E0007", "F06000003", "Quillcombe", "UA", "UA", None),
    ("E0008", "F07000001", "Alderbrook", "SD", "SD", 0),
)


def outturn_rows(world: World, first: int) -> list[list[Any]]:
    """The table of one financial year, in pounds thousand with up to two decimals."""
    source = people.rng(world.setting.seed, "outturn", first)
    rows: list[list[Any]] = []
    for *area, share in AREAS:
        start = [year_name(first), *area]
        if share is None:
            rows.append([*start, *["[x]"] * 7])
            continue
        total = cash_budget(first, "3") * Decimal(str(round(share * source.uniform(0.96, 1.04), 4))) / 1000
        employees = round(total * 73 / 100, 2)
        running = round(total * 27 / 100, 2)
        fees, other = round(total / 160, 2), round(total * 40 / 100, 2)
        amounts = (
            employees, running, employees + running, fees, other, fees + other, employees + running - fees - other,
        )  # fmt: skip
        rows.append([*start, *(f"{amount.normalize():f}" if amount else "0" for amount in amounts)])
    return rows


def add_outturn(world: World, months: Iterable[Month], drop: DropFiles) -> None:
    """Add the tables that came out in the months."""
    for month in months:
        if month.month == 11:
            first = month.first - 1
            name = f"youth_justice_outturn_{year_name(first).replace('/', '_')}.csv"
            drop.add_csv(name, HEADER, outturn_rows(world, first))
