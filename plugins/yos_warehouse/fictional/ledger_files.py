"""The ledgers as files: the service's own export, the second council's, and what both say their periods add up to.

The second council's has text above its table and debit and credit in two columns, from April 2026 on one signed column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from yos_warehouse.fictional import codes, people
from yos_warehouse.fictional.amounts import spelt
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.finance_calendar import (
    SENT_AGAIN,
    Month,
    first_finance_night,
    first_month,
    month_of,
    month_of_period,
    months,
    months_of_drop,
    year_name,
)
from yos_warehouse.fictional.ledger_lines import Ledgers, Posting
from yos_warehouse.fictional.world import World

OLD_HEADER = (
    "Journal", "Line", "Financial year", "Period", "Posting date", "Cost centre", "Subjective", "Project",
    "Description", "Supplier", "Source", "Status", "Amount",
)  # fmt: skip
HEADER = (*OLD_HEADER[:10], "Supplier type", "Source", "Status", "Reverses", "Amount")
NEW_LAYOUT_SINCE = Month(2025, 4)
SECOND_HEADER = (
    "Trans No", "Line No", "Fin Year", "Prd", "Trans Date", "CC", "Acct", "Activity", "Narrative", "Vendor", "Type",
)  # fmt: skip
ONE_AMOUNT_SINCE = date(2026, 4, 1)
CONTROL_HEADER = ("Financial year", "Period", "Status", "Lines", "Total")


def add_ledgers(world: World, night: date, drop: DropFiles) -> None:
    """Add what the ledgers of a month's end say: their lines, and the control totals these change.

    The drop's own control totals are the sums of its columns of money over all its lines.
    """
    ledgers = Ledgers(world)
    _add(
        world,
        ledgers,
        night,
        [(month, ledgers.told_in(month)) for month in months_of_drop(world, night)],
        drop,
    )


def ledgers_again(world: World, month: Month) -> DropFiles:
    """The ledgers of a month a second time, with its business date: what is not in it any more is withdrawn."""
    drop = DropFiles("finance", business_date=month.last, is_again=True)
    ledgers = Ledgers(world)
    _add(world, ledgers, month.last, [(month, ledgers.sent_again(month))], drop)
    return drop


def _add(
    world: World, ledgers: Ledgers, night: date, told: list[tuple[Month, list[Posting]]], drop: DropFiles
) -> None:
    is_first = night == first_finance_night(world)
    source = people.rng(world.setting.seed, "ledger text", night, drop.is_again)
    texts = [bad["text"] for bad in world.bad_rows.get("ledger", [])] if is_first else []
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for since, until, header in (
        (Month(1, 1), NEW_LAYOUT_SINCE.before, OLD_HEADER), (NEW_LAYOUT_SINCE, month_of(night), HEADER),
    ):  # fmt: skip
        of_layout = [(month, lines) for month, lines in told if since <= month <= until]
        if of_layout:
            rows = [
                _row(source, one, header, sums)
                for _, lines in of_layout
                for one in lines
                if not one.is_second
            ]
            if header == HEADER:
                rows += _bad_rows(month_of(night), texts)
            first, last = of_layout[0][0], of_layout[-1][0]
            drop.add_csv(f"ledger_{last if first == last else f'{first}_{last}'}.csv", header, rows)
    _add_second(
        source, night, [one for _, lines in told for one in lines if one.is_second], texts, sums, drop
    )
    drop.control_totals = {
        "ledger_posting": {column: f"{total:.2f}" for column, total in sorted(sums.items())}
    }
    totals = _control_rows(world, source, ledgers, told)
    drop.add_csv(f"control_total_{month_of(night)}.csv", CONTROL_HEADER, totals)


def _row(source: Random, one: Posting, header: Sequence[str], sums: dict[str, Decimal]) -> list[Any]:
    sums["amount_gbp"] += one.amount
    row = [
        one.journal, one.line, year_name(one.first), one.period, f"{one.day:%d/%m/%Y}", one.centre, one.subjective, one.project,
        one.text, one.supplier, one.supplier_type, one.source, one.status, one.reverses, spelt(source, one.amount),
    ]  # fmt: skip
    return [value for name, value in zip(HEADER, row, strict=True) if name in header]


def _bad_rows(month: Month, texts: Iterable[str]) -> list[list[Any]]:
    """What the door holds back: a day that is none, and an amount in words in a line without a number."""
    rows: list[list[Any]] = []
    for number, text in enumerate(texts, 1):
        start = [f"JX{number}", 1, year_name(month.first), month.period]
        rest = ["YJ100", "D5100", "", text, text, "", "AP", "ACTUAL", ""]
        rows.append([*start, "99/99/2026", *rest, "0.00"])
        rows.append([start[0], "", *start[2:], f"{month.last:%d/%m/%Y}", *rest, "twelve"])
    return rows


def _add_second(
    source: Random, night: date, lines: Sequence[Posting], texts: Iterable[str], sums: dict[str, Decimal], drop: DropFiles
) -> None:  # fmt: skip
    """The second council's file."""
    is_one = night >= ONE_AMOUNT_SINCE
    money = ("Net",) if is_one else ("Debit", "Credit")
    rows = []
    for one in lines:
        columns: list[Any]
        if is_one:
            sums["amount_gbp"] += one.amount
            columns = [spelt(source, one.amount)]
        else:
            sums["debit_gbp" if one.amount >= 0 else "credit_gbp"] += abs(one.amount)
            columns = [spelt(source, abs(one.amount)), source.choice(("", "0.00"))]
            columns = columns if one.amount >= 0 else columns[::-1]
        row = [
            one.journal, one.line, year_name(one.first), one.period, f"{one.day:%d/%m/%Y}", one.centre, one.subjective,
            one.project, one.text, one.supplier, codes.SOURCE_WORDS[one.source][1], *columns,
            codes.STATUS_WORDS[one.status][1],
        ]  # fmt: skip
        rows.append(row)
    month = month_of(night)
    for number, text in enumerate(texts, 1):
        start = [f"RUX{number}", 1, year_name(month.first), month.period]
        rest = ["YJ400", "B3100", "", text, text, "Purchase"]
        rows.append([*start, "31/31/2026", *rest, "35.00", "", "ACT"])
        rows.append([start[0], 2, *start[2:], f"{month.last:%d/%m/%Y}", *rest, "", "", "ACT"])
        sums["debit_gbp"] += Decimal(35)
    if rows:
        above = [
            ["Rushmere Council (FICTIONAL)"],
            ["General ledger: youth justice", f"printed {night:%d/%m/%Y}"],
            [],
        ]
        header = (*SECOND_HEADER, *money, "Stat")
        drop.add_csv(f"ledger_rushmere_{month}.csv", header, rows, above=above)


def _control_rows(
    world: World, source: Random, ledgers: Ledgers, told: list[tuple[Month, list[Posting]]]
) -> list[list[Any]]:
    """Lines and sum of each period and status of which the months tell something, with what was told of it before."""
    touched = {one.added_up_with for _, lines in told for one in lines}
    since = min(month_of_period(first, period) for first, period, _ in touched)
    known = [lines for _, lines in told]
    for month in months(max(since, first_month(world)), told[0][0].before):
        came_again = month.month in SENT_AGAIN and month.last > first_finance_night(world)
        known.append(ledgers.sent_again(month) if came_again else ledgers.told_in(month))
    sums: dict[tuple[int, int, str], list[Decimal]] = defaultdict(list)
    for one in (one for lines in known for one in lines):
        if one.added_up_with in touched:
            sums[one.added_up_with].append(one.amount)
    return [
        [year_name(first), period, status, len(amounts), spelt(source, sum(amounts, Decimal(0)))]
        for (first, period, status), amounts in sorted(sums.items())
    ]
