"""All answers about the money of a world as rows of the marts and reports, keyed by what the sources call things."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from tests.oracle.answers import Answers
from tests.oracle.finance import (
    budget,
    contributions,
    forecast,
    ledger,
    position,
    reconciliation,
    reserves,
    years,
)
from tests.oracle.finance.facts import World

POSTING, LINE, PLAN = "fct_ledger_posting", "fct_budget_line", "fct_planned_spending"
STEPS, MOVEMENT = "fct_contribution", "fct_reserve_movement"
POSITION, OUTSTANDING, PATH = "rpt_financial_position", "rpt_contribution", "rpt_reserve_path"
SHARE, ERROR, CHECKS, TABLE = (
    "rpt_funder_share", "rpt_forecast_error", "rpt_reconciliation", "rpt_budget_table",
)  # fmt: skip
# How a table's rows are told apart here; where a mart has only a minted key, by what its record is called.
KEYS = {
    POSTING: ("ledger_posting_key",),
    LINE: ("budget_line_key",),
    PLAN: ("planned_spending_key",),
    MOVEMENT: ("reserve_movement_key",),
    STEPS: ("step_code", "financial_year", "contributor_key", "step_date"),
    POSITION: ("financial_year", "breakdown_code", "item_code"),
    OUTSTANDING: ("financial_year", "contributor_key"),
    PATH: ("reserve_code", "financial_period_key"),
    SHARE: ("financial_year", "contributor_key"),
    ERROR: ("breakdown_code", "item_code", "financial_year", "period", "method_code"),
    CHECKS: ("check_code", "financial_year", "period", "budget_version", "subject_code"),
    TABLE: ("financial_year", "budget_version", "row_kind_code", "contributor_key"),
}


def record_id(*key: Any) -> str:
    """Key columns as the door joins them."""
    return "|".join(map(str, key))


def line_id(line: Any) -> str:
    """Of a budget line."""
    return record_id(years.name(line.year), line.version, line.contributor, line.stream)


def plan_id(planned: Any) -> str:
    """Of a line of the ledger's plan."""
    return record_id(
        years.name(planned.year), planned.version, planned.cost_centre, planned.subjective,
        planned.project or "NONE",
    )  # fmt: skip


def answers(world: World, as_at: date) -> Answers:
    """Every row of every table."""
    found: Answers = {table: {} for table in KEYS}
    for line in ledger.lines(world):
        found[POSTING][record_id(years.name(line.posting.year), f"J{line.posting.number}", 1),] = {
            "posting_date": line.posting.day,
            "financial_period_key": years.period_key(line.posting.year, line.posting.period),
            "financial_year": years.name(line.posting.year),
            "period": line.posting.period,
            "account_key": line.account_key,
            "cost_centre_code": line.cost_centre,
            "programme_code": line.programme,
            "source_code": line.source,
            "status_code": line.status,
            "supplier_category_code": line.supplier_category,
            "is_income": line.account.is_income,
            "is_reversal": line.posting.reverses is not None,
            "amount_gbp": line.posting.amount,
        }
    for line in world.budget_lines:
        found[LINE][line_id(line),] = {
            "contributor_key": line.contributor,
            "financial_year": years.name(line.year),
            "budget_version": str(line.version),
            "is_in_force": line in budget.in_force(world, line.year),
            "programme_code": budget.programme(line),
            "staffing_in_kind_gbp": line.in_kind,
            "other_delegated_gbp": line.other,
            "total_gbp": budget.single(line),
        }
    for plan in ledger.plans(world):
        found[PLAN][plan_id(plan.planned),] = {
            "financial_year": years.name(plan.planned.year),
            "plan_version": str(plan.planned.version),
            "is_in_force": plan.is_in_force,
            "account_key": plan.account_key,
            "cost_centre_code": plan.cost_centre,
            "programme_code": plan.programme,
            "is_income": plan.account.is_income,
            "amount_gbp": plan.planned.amount,
        }
    for m in world.movements:
        found[MOVEMENT][f"M{m.number}",] = {
            "reserve_code": reserves.code(m),
            "movement_date": m.day,
            "financial_period_key": years.period_key(m.year, m.period),
            "financial_year": years.name(m.year),
            "kind_code": m.kind,
            "status_code": m.status,
            "amount_gbp": m.amount,
            "stated_balance_gbp": m.balance,
        }
    found[STEPS] = _steps(world)
    found[POSITION] = dict(position.report(world, as_at))
    found[OUTSTANDING] = dict(contributions.report(world, as_at))
    found[PATH] = dict(reserves.path(world, as_at))
    found[SHARE] = dict(budget.funder_shares(world))
    found[ERROR] = dict(forecast.errors(world, as_at))
    found[CHECKS] = dict(reconciliation.report(world))
    found[TABLE] = dict(budget.printed_rows(world))
    return found


def _steps(world: World) -> dict[tuple, dict[str, Any]]:
    """Sums of a day: one contributor may have several lines, and a due of nothing is none."""
    sums: dict[tuple, Any] = defaultdict(lambda: years.NOTHING)
    for step in contributions.steps(world):
        sums[step.code, years.name(step.year), step.contributor, step.day] += step.amount
    return {key: {"amount_gbp": amount} for key, amount in sums.items() if amount}
