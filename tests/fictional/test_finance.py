"""The finance feed adds up to the penny on every night, whatever came late or a second time."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.amounts import share_out
from yos_warehouse.fictional.budget_files import VERSIONS, budget, cash_budget, fees, plan
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.feeds import drops_of_night
from yos_warehouse.fictional.partner_files import SECONDMENTS, invoices, receipts
from yos_warehouse.fictional.world import World, make_world

FIRST, LAST = date(2026, 2, 28), date(2026, 6, 30)
Row = dict[str, str]


@pytest.fixture(scope="module")
def small() -> World:
    """A world whose ledgers can be had for some months."""
    return make_world(7, children=60, years=2, canary=True)


@pytest.fixture(scope="module")
def nights(small: World) -> dict[date, DropFiles]:
    """The finance drops of four months, by the night they come."""
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    return {day: drop for day in days for drop in drops_of_night(small, day, ["finance"])}


def rows(drop: DropFiles, start: str) -> Iterator[Row]:
    """The rows of the files of a drop whose names start so; text above a table is left out."""
    for name, (content, _) in drop.files.items():
        if name.startswith(start):
            lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
            above = 3 if name.startswith("ledger_rushmere") else 0
            for line in lines[above + 1 :]:
                yield dict(zip(lines[above], line, strict=True))


def pounds(text: str) -> Decimal:
    """An amount in any of the spellings; nothing is 0."""
    plain = text.replace(",", "").replace("£", "").strip("()-")
    return Decimal(plain or 0) * (-1 if text.startswith(("(", "-")) or text.endswith("-") else 1)


def is_good(row: Row) -> bool:
    """Whether the row is none of those the door must hold back."""
    return "X" not in (row.get("Journal") or row["Trans No"])[:3]


def posting(row: Row) -> tuple[str, str, str, Decimal]:
    """Financial year, period, status and amount of a line of either ledger."""
    if "Journal" in row:
        return row["Financial year"], row["Period"], row["Status"], pounds(row["Amount"])
    (status,) = [ours for ours, (_, theirs) in codes.STATUS_WORDS.items() if theirs == row["Stat"]]
    amount = pounds(row["Net"]) if "Net" in row else pounds(row["Debit"]) - pounds(row["Credit"])
    return row["Fin Year"], row["Prd"], status, amount


def test_the_postings_held_after_each_night_are_what_the_ledger_says_they_add_up_to(
    nights: dict[date, DropFiles],
) -> None:
    held: dict[tuple[str, str], tuple[date, Row]] = {}
    stated: dict[tuple[str, str, str], tuple[str, Decimal]] = {}
    for night, drop in nights.items():
        day = drop.business_date or night
        if drop.is_again:  # what is not in it any more is withdrawn
            held = {key: one for key, one in held.items() if one[0] != day}
        for row in filter(is_good, rows(drop, "ledger")):
            key = (row.get("Journal") or row["Trans No"], row.get("Line") or row["Line No"])
            assert key not in held, key
            held[key] = day, row
        for row in rows(drop, "control_total"):
            stated[row["Financial year"], row["Period"], row["Status"]] = row["Lines"], pounds(row["Total"])
        found: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
        for _, row in held.values():
            year, period, status, amount = posting(row)
            found[year, period, status].append(amount)
        assert {key: (str(len(each)), sum(each)) for key, each in found.items()} == stated, night
    assert {"13", "14"} <= {period for _, period, _ in stated}
    assert {year for year, period, _ in stated if period == "13"} == {"2024/25", "2025/26"}


def test_a_ledger_that_comes_again_changes_a_line_takes_one_away_and_adds_one(
    nights: dict[date, DropFiles],
) -> None:
    first, again = nights[date(2026, 3, 31)], nights[date(2026, 4, 2)]
    assert (again.business_date, again.is_again) == (date(2026, 3, 31), True)
    assert {name.rpartition("_")[0][:-5] for name in again.files} == {
        "ledger",
        "ledger_rushmere",
        "control_total",
    }
    before, after = (
        {(row["Journal"], row["Line"]): pounds(row["Amount"]) for row in rows(drop, "ledger_2")}
        for drop in (first, again)
    )
    assert (len(before.keys() - after.keys()), len(after.keys() - before.keys())) == (1, 1)
    assert sum(before[key] != after[key] for key in before.keys() & after.keys()) == 1


def test_the_drops_control_totals_are_the_sums_of_its_columns_of_money(nights: dict[date, DropFiles]) -> None:
    columns = {"Amount": "amount_gbp", "Net": "amount_gbp", "Debit": "debit_gbp", "Credit": "credit_gbp"}
    for night, drop in nights.items():
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows(drop, "ledger"):
            for header, column in columns.items():
                if header in row and row[header] != "twelve":
                    sums[column] += pounds(row[header])
        told = {column: Decimal(total) for column, total in drop.control_totals["ledger_posting"].items()}
        assert told == sums, night
        assert ("debit_gbp" in told) == (night < date(2026, 4, 1) or drop.is_again)


def test_what_one_month_begins_the_next_one_ends(nights: dict[date, DropFiles]) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    reversed_journals: dict[str, Decimal] = defaultdict(Decimal)
    booked: dict[str, Decimal] = defaultdict(Decimal)
    until_may = [drop for night, drop in nights.items() if night <= date(2026, 5, 31) and not drop.is_again]
    for drop in until_may:
        for row in filter(is_good, rows(drop, "ledger")):
            _, _, status, amount = posting(row)
            is_last = (row.get("Posting date") or row["Trans Date"])[3:] == "05/2026"
            if status != "ACTUAL" and not is_last and "of the year" not in str(row):
                sums[status] += amount
            if is_last and amount < 0 and status != "ACTUAL":
                sums[status] += amount
            booked[row.get("Journal", "")] += amount
            reversed_journals[row.get("Reverses", "")] += amount
    assert sums == {"COMMITMENT": 0, "ACCRUAL": 0}
    del reversed_journals[""]
    assert len(reversed_journals) == 7  # since April 2025 the ledger says which; April 2024 on it only did it
    assert all(booked[journal] == -amount for journal, amount in reversed_journals.items())


def test_one_posting_in_eight_is_in_the_ledger_of_the_second_council(nights: dict[date, DropFiles]) -> None:
    drop = nights[FIRST]
    theirs = sum(1 for _ in rows(drop, "ledger_rushmere"))
    assert 0.08 < theirs / sum(1 for _ in rows(drop, "ledger")) < 0.2
    name = "ledger_rushmere_2026_02.csv"
    assert drop.files[name][0].startswith(b"Rushmere Council (FICTIONAL)\n")


def test_amounts_come_in_every_spelling_the_contract_allows(nights: dict[date, DropFiles]) -> None:
    texts = {row["Amount"] for drop in nights.values() for row in rows(drop, "ledger_2")}
    shapes = ("(", "(£", "£", "-£", "-")
    assert all(any(text.startswith(shape) for text in texts) for shape in shapes)
    assert any(text.endswith("-") for text in texts) and any("," in text for text in texts)


def test_budgets_their_printed_totals_and_the_plan_are_the_same_money(nights: dict[date, DropFiles]) -> None:
    stated = {
        (row["financial_year"], row["version"], row["total_code"]): pounds(row["amount_gbp"])
        for drop in nights.values()
        for row in rows(drop, "stated_total")
    }
    assert len(stated) == 4 * 7  # three versions of two years and the first of the third
    for first in (2024, 2025):
        for version in VERSIONS:
            lines = budget(first, version)
            core = [line for line in lines if line.stream == "core"]
            year = f"{first}/{first % 100 + 1}"
            assert stated[year, version, "CORE"] == sum(line.in_kind + line.cash for line in core)
            assert stated[year, version, "STAFFING_IN_KIND"] == sum(line.in_kind for line in lines)
            assert stated[year, version, "ALL"] == sum(line.total for line in lines)
            spending = sum(
                amount for place, amount in plan(first, version).items() if place[1] not in codes.INCOME
            )
            assert spending - fees(first) == cash_budget(first, version)
            assert sum(plan(first, version).values()) == 0
    assert len({cash_budget(2025, version) for version in VERSIONS}) == 3
    (drop,) = [drop for night, drop in nights.items() if night == FIRST]
    for row in rows(drop, "budget_2025_26"):
        assert row["Staffing costs"] == row["Payments in kind"]


def test_stated_balances_of_reserves_are_the_sum_of_what_was_made(nights: dict[date, DropFiles]) -> None:
    said: dict[str, Row] = {}
    planned = set()
    for drop in nights.values():
        for row in rows(drop, "reserve"):
            if not row["movement_id"].startswith("RMX"):
                said[row["movement_id"]] = row
                planned |= {row["movement_id"]} if row["status"] == "PLANNED" else set()
        balance: dict[str, Decimal] = defaultdict(Decimal)
        for row in sorted(
            said.values(),
            key=lambda row: (row["movement_date"][6:], row["movement_date"][3:5], row["movement_id"]),
        ):
            if row["status"] == "MADE":
                balance[row["reserve"]] += pounds(row["amount_gbp"])
                assert pounds(row["balance_gbp"]) == balance[row["reserve"]] > 0
            else:
                assert row["balance_gbp"] == ""
    assert {row["kind"] for row in said.values()} == {"OPENING", "ADDED", "USED"}
    assert planned & {number for number, row in said.items() if row["status"] == "MADE"}
    assert planned & {number for number, row in said.items() if row["status"] == "PLANNED"}


def test_invoices_bill_the_year_and_payments_pay_them_but_for_one(small: World) -> None:
    bills = invoices(small, 2025)
    due = {line.contributor: line.cash for line in budget(2025, "2") if not line.is_reserve}
    billed: dict[str, Decimal] = defaultdict(Decimal)
    for one in bills:
        billed[one.contributor] += one.amount
    assert billed == due
    assert sum(one.amount < 0 for one in bills) == 1
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for receipt in receipts(small, 2025):
        paid[receipt.invoice] += receipt.amount
    unpaid = [one for one in bills if paid[one.number] != one.amount]
    assert [(one.contributor, paid[one.number]) for one in unpaid] == [("rushmere", 0)]
    assert (
        max(
            receipt.day - one.due
            for one in bills
            for receipt in receipts(small, 2025)
            if receipt.invoice == one.number
        ).days
        >= 50
    )


def test_secondments_are_worth_what_the_budget_says_is_paid_in_kind() -> None:
    for line in budget(2025):
        lent = [one for one in SECONDMENTS if one[0] == line.contributor]
        now = [
            one
            for one in lent
            if one[3] <= date(2026, 1, 1) and (one[4] is None or one[4] >= date(2026, 1, 1))
        ]
        assert sum(one[5] for one in now) == line.in_kind


def test_conditions_of_grants_are_met_met_late_open_and_overdue(nights: dict[date, DropFiles]) -> None:
    def day(text: str) -> date:
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))

    states = set()
    for row in rows(nights[FIRST], "grant_condition"):
        if int(row["condition_number"]) < 9000:
            due, met = day(row["due_date"]), row["met_on"] and day(row["met_on"])
            states.add(("LATE" if met > due else "MET") if met else "OVERDUE" if due < FIRST else "OPEN")
    assert states == {"MET", "LATE", "OPEN", "OVERDUE"}


def test_a_night_is_the_same_alone(small: World, nights: dict[date, DropFiles]) -> None:
    again = make_world(7, children=60, years=2, canary=True)
    for night in (date(2026, 5, 31), date(2026, 4, 2)):
        (drop,) = drops_of_night(again, night, ["finance"])
        assert drop == nights[night]


def test_sharing_out_loses_no_penny() -> None:
    assert share_out(Decimal("100.00"), [1, 1, 1]) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
