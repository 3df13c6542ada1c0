"""The finance feed: the budget by contributor, and ledger postings that roughly follow it.

Amounts are written as the ledger's exports write them: 1,234.50, £50, (50.00) and 50.00-. Seconded staff are
paid in kind and never in the ledger (domain.md 2.7). Descriptions now and then name a child, as real ones do.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from yos_warehouse.fictional import codes, people
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.world import World

# contributor, funding stream, in kind, other delegated, as the board prints it (2025/26)
CONTRIBUTORS: tuple[tuple[str, str, int, int, str], ...] = (
    ("police_and_crime_commissioner", "core", 96400, 81250, "Police & Crime Commissioner"),
    ("probation_service", "core", 71900, 10000, "Probation Service"),
    ("health", "core", 68350, 52100, "Health"),
    ("local_authority_chief_executives", "core", 0, 281700, "Local Authority: Chief Executives"),
    ("local_authority_children_services", "core", 0, 998400, "Local Authority: Children's Services"),
    ("local_authority_reserve_allocated", "core", 0, 120000, "Local Authority: Reserve (allocated)"),
    ("rushmere", "core", 0, 64000, "Local Authority: Rushmere"),
    ("youth_justice_grant", "core", 0, 471350, "YJ Grant"),
    ("stepping_stones", "additional", 0, 248000, "STEPPING STONES"),
)
BUDGET_HEADER = (
    "financial_year", "version", "status", "contributor", "funding_stream", "staffing_in_kind_gbp",
    "other_delegated_gbp", "total_gbp", "printed_label",
)  # fmt: skip
LEDGER_HEADER = (
    "Journal", "Line", "Financial year", "Period", "Posting date", "Cost centre", "Subjective", "Project",
    "Description", "Supplier", "Source", "Status", "Amount",
)  # fmt: skip
# Share of a year's spending by subjective
SPENDING = {
    "A1000": 0.60, "A1100": 0.07, "A1200": 0.12, "A1900": 0.04, "B3000": 0.02, "C4000": 0.04, "D5000": 0.08,
    "D5100": 0.01, "E6000": 0.02,
}  # fmt: skip


def year_name(first: int) -> str:
    """Financial year that starts in April of ``first``: 2025 is 2025/26."""
    return f"{first}/{(first + 1) % 100:02d}"


def budget(first: int) -> list[tuple[str, str, int, int, str]]:
    """Budget of the year that starts in ``first``: two per cent a year away from that of 2025/26."""
    factor = Decimal(100 + 2 * (first - 2025)) / 100
    return [
        (who, stream, int(kind * factor), int(other * factor), label)
        for who, stream, kind, other, label in CONTRIBUTORS
    ]


def budget_rows(first: int, version: str, indicative: bool) -> list[list[Any]]:
    """One version of a year's budget; while the grant is not confirmed its line is INDICATIVE."""
    return [
        [
            year_name(first), version,
            "INDICATIVE" if indicative and who == "youth_justice_grant" else "CONFIRMED",
            who, stream, kind, other, kind + other, label,
        ]
        for who, stream, kind, other, label in budget(first)
    ]  # fmt: skip


def amount_text(source: Random, amount: Decimal) -> str:
    """An amount in one of the spellings of the ledger's exports."""
    positive = f"{abs(amount):,.2f}"
    style = source.random()
    if amount < 0:
        return f"({positive})" if style < 0.1 else f"{positive}-" if style < 0.2 else f"-{abs(amount):.2f}"
    if style < 0.6 and amount == amount.to_integral_value():
        return f"£{amount:.0f}"
    return positive if style < 0.5 else f"{amount:.2f}"


def postings(world: World, year: int, month: int) -> list[tuple[list[Any], Decimal]]:
    """Ledger lines of a calendar month, and the amount of each as a number."""
    first = year if month >= 4 else year - 1
    period = (month - 4) % 12 + 1
    source = people.rng(world.setting.seed, "ledger", year, month)
    last = date(year, month, monthrange(year, month)[1])
    whole = sum(other for _, _, _, other, _ in budget(first))
    named = [life for life in world.lives if life.contact and life.contact <= last]
    lines: list[tuple[list[Any], Decimal]] = []

    def post(
        subjective: str, amount: float | Decimal, text: str, supplier: str, kind: str, status: str = "ACTUAL",
        project: str = "", journal: str = "",
    ) -> None:  # fmt: skip
        whole_pounds = status == "ACTUAL" and subjective == "B3000"
        value = Decimal(str(amount)).quantize(Decimal("1") if whole_pounds else Decimal("0.01"))
        day = last.replace(day=source.randint(1, last.day))
        number = journal or f"J{year % 100:02d}{month:02d}{len(lines) + 1:04d}"
        line = 1 + sum(1 for row, _ in lines if row[0] == number)
        centre = list(codes.COST_CENTRES)[source.randrange(3)]
        row = [
            number, line, year_name(first), period, f"{day:%d/%m/%Y}", centre, subjective, project, text,
            supplier,
            kind, status, amount_text(source, value),
        ]  # fmt: skip
        lines.append((row, value))

    for subjective, share in SPENDING.items():
        due = whole * share / 12 * source.uniform(0.93, 1.05)
        pieces = 3 if subjective.startswith("A") else 6
        cuts = sorted(source.random() for _ in range(pieces - 1))
        for i, (low, high) in enumerate(zip([0.0, *cuts], [*cuts, 1.0], strict=True)):
            name = codes.SUBJECTIVES[subjective]
            if subjective == "D5100" and i == 0 and named:
                child = source.choice(named)
                name = f"Interpreter for {child.given} {child.family}"
            payroll = subjective.startswith("A1") and subjective != "A1900"
            post(
                subjective, due * (high - low), name,
                "Staff" if payroll else f"{source.choice(people.STREETS)} Services Ltd",
                "PAYROLL" if payroll else "AP",
                project="STEPPING_STONES" if subjective == "D5000" and i < 2 else "",
                journal=f"PAY{year % 100:02d}{month:02d}" if payroll else "",
            )  # fmt: skip
    if month % 3 == 1:  # the grant and the partners pay at the start of each quarter
        for who, _, _, other, _ in budget(first):
            post("G9000" if who == "youth_justice_grant" else "G9100", -Decimal(other) / 4, who, "", "AR")
    # What was ordered but not yet billed is accrued, and taken back in the next month.
    accrual = round(source.uniform(2000, 6000), 2)
    post("D5000", accrual, "Accrual of invoices", "", "JOURNAL", "ACCRUAL")
    before = (year, month - 1) if month > 1 else (year - 1, 12)
    post(
        "D5000", -round(people.rng(world.setting.seed, "accrual", *before).uniform(2000, 6000), 2),
        "Accrual taken back", "", "JOURNAL", "ACCRUAL",
    )  # fmt: skip
    post(
        "D5000",
        round(source.uniform(500, 3000), 2),
        "Order placed",
        "Gannet Close Services Ltd",
        "AP",
        "COMMITMENT",
    )
    return lines


def finance_drop(world: World, night: date) -> DropFiles:
    """The finance drop of a month's end: the backlog and both budgets first, afterwards the month.

    Control total: the sum of ``amount_gbp`` over all ledger lines of the drop.
    """
    drop = DropFiles("finance")
    months: list[tuple[int, int]] = []
    first_drop = first_finance_night(world)
    if night <= first_drop:
        first = night.year if night.month >= 4 else night.year - 1
        rows = budget_rows(first - 1, "1", False) + budget_rows(first, "1", True)
        if "budget" in world.bad_rows:
            label = world.bad_rows["budget"][0]["text"]
            rows.append([year_name(first), "1", "CONFIRMED", "gift", "core", 0, "many", "", label])
        drop.add_csv(f"budget_{year_name(first).replace('/', '_')}_v1.csv", BUDGET_HEADER, rows)
        year, month = first - 1, 4
        while (year, month) <= (night.year, night.month):
            months.append((year, month))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    else:
        months.append((night.year, night.month))
        if night.month == 4:
            rows = budget_rows(night.year, "1", True)
            drop.add_csv(f"budget_{year_name(night.year).replace('/', '_')}_v1.csv", BUDGET_HEADER, rows)
    lines = [line for month in months for line in postings(world, *month)]
    total = sum((value for _, value in lines), Decimal(0))
    rows = [row for row, _ in lines]
    for bad in world.bad_rows.get("ledger", []):
        if night == first_drop:
            base = [f"J{night.year % 100:02d}{night.month:02d}9001", 1, year_name(2025), 11]
            rest = ["YJ100", "D5100", "", bad["text"], bad["text"], "AP", "ACTUAL"]
            rows.append([*base, f"{night:%d/%m/%Y}", *rest, "120.00"])
            rows.append([base[0], 2, *base[2:], "99/99/2026", *rest, "0.00"])
            rows.append([base[0], "", *base[2:], f"{night:%d/%m/%Y}", *rest, "twelve"])
            total += Decimal("120.00")
    drop.add_csv(f"ledger_{night:%Y_%m}.csv", LEDGER_HEADER, rows)
    drop.control_totals = {"ledger_posting": {"amount_gbp": f"{total:.2f}"}}
    return drop


def first_finance_night(world: World) -> date:
    """The month's end before the first night."""
    night0 = world.setting.night0
    year, month = (night0.year, night0.month - 1) if night0.month > 1 else (night0.year - 1, 12)
    return date(year, month, monthrange(year, month)[1])
