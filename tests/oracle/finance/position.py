"""The financial position of the current year and the one before: budget, actual, commitment, forecast (issue 5, 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.finance import budget, contributions, forecast, ledger, years
from tests.oracle.finance.facts import World
from tests.oracle.finance.ledger import Line, Plan

Position = dict[tuple[str, str, str], dict[str, Any]]


@dataclass(frozen=True)
class Item:
    """A row: which postings and which lines of the plan belong to it."""

    breakdown: str
    code: str
    line: Callable[[Line], bool]
    plan: Callable[[Plan], bool]


def items(these: list[Line], plans: list[Plan]) -> list[Item]:
    """The service, its programmes, groups of accounts and accounts."""
    found = [
        Item("SERVICE", "SPENDING", lambda x: not x.account.is_income, lambda x: not x.account.is_income),
        Item("SERVICE", "INCOME", lambda x: x.account.is_income, lambda x: x.account.is_income),
    ]
    everything: list[Line | Plan] = [*these, *plans]
    for code in {x.programme for x in everything if not x.account.is_income}:
        found.append(
            Item(
                "PROGRAMME", code,
                lambda x, c=code: x.programme == c and not x.account.is_income,
                lambda x, c=code: x.programme == c and not x.account.is_income,
            )
        )  # fmt: skip
    for code in {x.account.group for x in everything}:
        found.append(
            Item(
                "ACCOUNT_GROUP", code,
                lambda x, c=code: x.account.group == c, lambda x, c=code: x.account.group == c,
            )
        )  # fmt: skip
    for code in {x.account.code for x in everything}:
        found.append(
            Item(
                "SUBJECTIVE", code,
                lambda x, c=code: x.account.code == c, lambda x, c=code: x.account.code == c,
            )
        )  # fmt: skip
    return found


def report(world: World, as_at: date) -> Position:
    """By financial year, breakdown and item; an item is there if the year has a posting or a plan of it."""
    all_lines, all_plans = ledger.lines(world), ledger.plans(world)
    this = years.year_of(as_at)
    found: Position = {}
    for year in (this - 1, this):
        these = [line for line in all_lines if line.posting.year == year]
        plans = [plan for plan in all_plans if plan.planned.year == year and plan.is_in_force]
        for item in items(these, plans):
            key = (years.name(year), item.breakdown, item.code)
            found[key] = _row(world, item, year, as_at, all_lines, plans)
        sides = [found[years.name(year), "SERVICE", side] for side in ("SPENDING", "INCOME")]
        found[years.name(year), "SERVICE", "NET"] = _net(sides)
        found |= _contributors(world, year, as_at)
    return found


def _row(
    world: World, item: Item, year: int, as_at: date, lines: list[Line], plans: list[Plan]
) -> dict[str, Any]:
    to_date, over = years.periods_to_date(year, as_at), years.months_over(year, as_at)
    whole = _budget(world, item, year, plans)
    actual = ledger.total(lines, year, to_date, lambda x: item.line(x) and x.is_spent)
    is_over = year < years.year_of(as_at)
    straight = actual if is_over else forecast.straight_line(actual, over)
    last_year = (
        actual
        if is_over
        else forecast.last_year_profile(
            actual,
            ledger.total(lines, year - 1, to_date, lambda x: item.line(x) and x.is_spent),
            ledger.total(
                lines, year - 1, range(1, years.LAST_PERIOD + 1), lambda x: item.line(x) and x.is_spent
            ),
        )
    )
    so_far = None if whole is None else years.pennies(whole * over / years.LAST_MONTH)
    return {
        "to_period": over,
        "budget_gbp": whole,
        "budget_to_date_gbp": so_far,
        "actual_gbp": actual,
        "commitment_gbp": ledger.total(
            lines, year, to_date, lambda x: item.line(x) and x.status == "COMMITMENT"
        ),
        "variance_to_date_gbp": _minus(actual, so_far),
        "forecast_straight_line_gbp": straight,
        "forecast_last_year_gbp": last_year,
        "variance_straight_line_gbp": _minus(straight, whole),
        "variance_last_year_gbp": _minus(last_year, whole),
    }


def _budget(world: World, item: Item, year: int, plans: list[Plan]) -> Decimal | None:
    """The plan in force; for a year without one the service's spending has the cash of the budget."""
    if plans:
        return sum((plan.planned.amount for plan in plans if item.plan(plan)), years.NOTHING)
    if (item.breakdown, item.code) == ("SERVICE", "SPENDING"):
        return budget.cash(world, year)
    return None


def _net(sides: list[dict[str, Any]]) -> dict[str, Any]:
    """Spending less income, each forecast by itself; income has a minus. A side without money takes nothing away."""

    def both(name: str) -> Decimal | None:
        told = [side[name] for side in sides]
        return None if None in told else sum(told, years.NOTHING)

    last_year = [side["forecast_last_year_gbp"] for side in sides]
    missing = any(side["forecast_last_year_gbp"] is None and side["actual_gbp"] for side in sides)
    found = {
        name: both(name)
        for name in (
            "budget_gbp", "budget_to_date_gbp", "actual_gbp", "commitment_gbp", "forecast_straight_line_gbp",
        )
    }  # fmt: skip
    found["forecast_last_year_gbp"] = (
        None
        if missing or last_year == [None, None]
        else sum((amount for amount in last_year if amount is not None), years.NOTHING)
    )
    return found | {
        "to_period": sides[0]["to_period"],
        "variance_to_date_gbp": _minus(found["actual_gbp"], found["budget_to_date_gbp"]),
        "variance_straight_line_gbp": _minus(found["forecast_straight_line_gbp"], found["budget_gbp"]),
        "variance_last_year_gbp": _minus(found["forecast_last_year_gbp"], found["budget_gbp"]),
    }


def _contributors(world: World, year: int, as_at: date) -> Position:
    return {
        (name, "CONTRIBUTOR", who): {
            "budget_gbp": row["due_full_year_gbp"],
            "budget_to_date_gbp": row["due_to_date_gbp"],
            "actual_gbp": row["received_gbp"],
            "commitment_gbp": row["outstanding_gbp"],
        }
        for (name, who), row in contributions.report(world, as_at).items()
        if name == years.name(year)
    }


def _minus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other
