"""Grants: each year's award, first expected and then confirmed, and the conditions that hang on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from yos_warehouse.fictional.budget_files import budget
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.finance_calendar import Month, first_month, month_of, year_name
from yos_warehouse.fictional.world import World

AWARD_HEADER = (
    "grant_id", "financial_year", "version", "contributor", "programme", "amount_gbp", "status", "start_date", "end_date",
    "confirmed_on",
)  # fmt: skip
CONDITION_HEADER = ("grant_id", "condition_number", "condition_code", "due_date", "met_on", "wording")
GRANTS = {  # contributor -> reference, whether it is confirmed from the start
    "youth_justice_grant": ("YJG-1", False),
    "stepping_stones": ("SST-1", True),
    "bright_doors": ("BDG-1", True),
}


class Condition(NamedTuple):
    """A condition of a year's grant: when it is due, and after how many days from then it is met (None: never)."""

    grant: str
    code: str
    month: int
    day: int
    met_after: int | None
    wording: str


CONDITIONS = (
    Condition("YJG-1", "PLAN_SUBMITTED", 6, 30, -3, "Youth justice plan agreed by the board and sent"),
    Condition("YJG-1", "QUARTERLY_RETURN", 7, 31, -6, "Return of the first quarter"),
    Condition("YJG-1", "QUARTERLY_RETURN", 10, 31, 0, "Return of the second quarter"),
    Condition("YJG-1", "QUARTERLY_RETURN", 1, 31, 9, "Return of the third quarter"),
    Condition("YJG-1", "AUDIT_CERTIFICATE", 11, 30, None, "Certificate of the grant of the year before"),
    Condition("YJG-1", "YEAR_END_RETURN", 3, 31, 24, "Return of the year"),
    Condition("SST-1", "QUARTERLY_RETURN", 9, 30, -1, "Numbers of children and what it cost"),
    Condition("SST-1", "UNSPENT_RETURNED", 3, 31, -2, "What was not spent is paid back"),
    Condition("BDG-1", "OTHER", 12, 31, 15, "Visit of the funder"),
)


def award_rows(months: Iterable[Month]) -> list[list[Any]]:
    """Awards of the months: expected or confirmed in April, confirmed at another amount in September."""
    told = set(months)
    rows = []
    for first in sorted({month.first for month in told}):
        for version, month, day in (("1", Month(first, 4), 8), ("2", Month(first, 9), 18)):
            for line in budget(first, version):
                grant, is_confirmed = GRANTS.get(line.contributor, ("", True))
                if not grant or month not in told or (is_confirmed and version == "2"):
                    continue
                confirmed = f"{month.day(day):%d/%m/%Y}" if is_confirmed or version == "2" else ""
                status = "CONFIRMED" if confirmed else "INDICATIVE"
                row = [
                    grant, year_name(first), version, line.contributor, line.programme, f"£{line.cash:,}", status,
                    f"01/04/{first}", f"31/03/{first + 1}", confirmed,
                ]  # fmt: skip
                rows.append(row)
    return rows


def condition_rows(world: World, months: Iterable[Month]) -> list[list[Any]]:
    """Conditions that the months bring: all of a year in April, and each again when it is met."""
    told = set(months)
    since, until = first_month(world), max(told)
    held = [bad["text"] for bad in world.bad_rows.get("grant_condition", [])] if since in told else []
    rows: list[list[Any]] = []
    for first in range(since.first, until.first + 1):
        for number, one in enumerate(CONDITIONS, 1):
            due = Month(first + (one.month < 4), one.month).day(one.day)
            met: date | None = None if one.met_after is None else due + timedelta(days=one.met_after)
            if one.met_after is None and first == since.first:
                met = due  # in the first year all was well
            if met and month_of(met) > until:
                met = None
            if Month(first, 4) in told or (met and month_of(met) in told):
                row = [
                    one.grant, (first % 100) * 100 + number, one.code, f"{due:%d/%m/%Y}", f"{met:%d/%m/%Y}" if met else "",
                    held[0] if held and number == 1 else one.wording,
                ]  # fmt: skip
                rows.append(row)
    for number, text in enumerate(held, 1):
        rows.append(["YJG-1", 9000 + number, "OTHER", "next week", "", text])
    return rows


def add_grants(world: World, months: Iterable[Month], drop: DropFiles) -> None:
    """Add awards and conditions the months tell."""
    told = set(months)
    for name, header, rows in (
        ("grant_award", AWARD_HEADER, award_rows(told)),
        ("grant_condition", CONDITION_HEADER, condition_rows(world, told)),
    ):
        if rows:
            drop.add_csv(f"{name}_{max(told)}.csv", header, rows)
