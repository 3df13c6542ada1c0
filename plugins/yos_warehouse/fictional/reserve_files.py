"""Reserves: what was there, what is planned for the year, and what was really used and added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from yos_warehouse.fictional import people
from yos_warehouse.fictional.amounts import between, spelt
from yos_warehouse.fictional.budget_files import budget
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.finance_calendar import Month, first_month, month_of, year_name
from yos_warehouse.fictional.world import World

HEADER = (
    "movement_id", "financial_year", "period", "movement_date", "reserve", "kind", "status", "amount_gbp", "balance_gbp",
    "note",
)  # fmt: skip
OPENING = {"YJ_ALLOCATED": Decimal("412350.75"), "YJ_GRANTS": Decimal("38420.10")}
USED_IN = (6, 9, 12, 3)  # the reserve in the budget, a quarter each time


class Movement(NamedTuple):
    """A movement: what the plan of April says, and what was made of it."""

    number: str
    reserve: str
    day: date
    kind: str
    planned: Decimal
    made: Decimal
    note: str


def movements(world: World, first: int) -> list[Movement]:
    """The movements of a financial year in their order."""
    source = people.rng(world.setting.seed, "reserve", first)
    (allocated,) = [line.cash for line in budget(first) if line.is_reserve]
    made: list[Movement] = []

    def move(reserve: str, day: date, kind: str, planned: Decimal, amount: Decimal, note: str) -> None:
        made.append(
            Movement(f"RM{first % 100}{len(made) + 1:02d}", reserve, day, kind, planned, amount, note)
        )

    if first == first_month(world).first:
        for reserve, amount in OPENING.items():
            move(reserve, date(first, 4, 1), "OPENING", amount, amount, "Brought forward")
    for month in USED_IN:
        day = Month(first + (month < 4), month).day(28)
        planned = -allocated / 4
        move(
            "YJ_ALLOCATED",
            day,
            "USED",
            planned,
            planned + between(source, -900, 900),
            "Part of the year's budget",
        )
    move(
        "YJ_GRANTS",
        date(first, 11, 20),
        "USED",
        Decimal(-6000),
        -between(source, 5000, 6500),
        "Grant of the year before",
    )
    rest = between(source, 9000, 30000)
    move(
        "YJ_ALLOCATED",
        date(first + 1, 3, 31),
        "ADDED",
        Decimal(20000),
        rest,
        "What was left at the year's end",
    )
    move(
        "YJ_GRANTS",
        date(first + 1, 3, 31),
        "ADDED",
        Decimal(5000),
        between(source, 3000, 7000),
        "Grant not yet spent",
    )
    return made


def movements_made(world: World, month: Month) -> list[Movement]:
    """Those of a month, but for what was brought forward."""
    return [
        one for one in movements(world, month.first) if month_of(one.day) == month and one.kind != "OPENING"
    ]


def movement_rows(world: World, months: Iterable[Month]) -> list[list[Any]]:
    """What the months tell: those made in them, and in April the plan of the year."""
    told = set(months)
    until = max(told)
    source = people.rng(world.setting.seed, "reserve rows", until)
    held = [bad["text"] for bad in world.bad_rows.get("reserve", [])] if first_month(world) in told else []
    rows: list[list[Any]] = []
    balance = dict.fromkeys(OPENING, Decimal(0))
    for first in range(first_month(world).first, until.first + 1):
        for one in sorted(movements(world, first), key=lambda one: (one.day, one.number)):
            month = month_of(one.day)
            is_made = month <= until
            if is_made:
                balance[one.reserve] += one.made
            if month not in told and (is_made or Month(first, 4) not in told):
                continue
            note = held[0] if held and one.kind == "USED" and is_made else one.note
            row = [
                one.number, year_name(first), month.period, f"{one.day:%d/%m/%Y}", one.reserve, one.kind,
                "MADE" if is_made else "PLANNED", spelt(source, one.made if is_made else one.planned),
                f"{balance[one.reserve]:,.2f}" if is_made else "", note,
            ]  # fmt: skip
            rows.append(row)
    for number, text in enumerate(held, 1):
        rows.append([f"RMX{number}", *rows[0][1:7], "many", "", text])
    return rows


def add_reserves(world: World, months: Iterable[Month], drop: DropFiles) -> None:
    """Add the movements the months tell."""
    told = set(months)
    if rows := movement_rows(world, told):
        drop.add_csv(f"reserve_{max(told)}.csv", HEADER, rows)
