"""A warehouse without data builds: every rule's unit test, empty facts, the members -1 and -2, five empty indicators."""

from __future__ import annotations

from datetime import date
from typing import Any

from yos_warehouse.build.dbt import run_dbt


def test_an_empty_warehouse_builds(warehouse: Any) -> None:
    nodes = run_dbt(None, "all", ["build"], date(2026, 3, 31), show=lambda _: None)
    assert [node.node for node in nodes if node.status not in ("success", "pass")] == []
    assert {node.kind for node in nodes} == {"model", "seed", "test", "unit_test"}
    for fact in ("fct_offence", "fct_outcome", "fct_cohort_member", "fct_order", "fct_hearing", "fct_remand_episode",
                 "fct_remand_night", "fct_sentencing_occasion", "fct_out_of_court_disposal", "fct_eet_at_order_end",
                 "fct_eet_spell", "fct_eet_conflict", "fct_attendance_month", "fct_exclusion",
                 "fct_budget_line", "fct_planned_spending", "fct_ledger_posting", "fct_contribution",
                 "fct_reserve_movement", "fct_grant", "fct_grant_condition", "fct_secondment", "fct_outturn",
                 "fct_published_value"):  # fmt: skip
        assert warehouse.query(f"select count(*) from build.{fact}") == [(0,)], fact
    assert warehouse.query("select person_key from build.dim_child order by 1") == [(-2,), (-1,)]
    days = warehouse.query("select count(*), max(date_key) - min(date_key) + 1 from build.dim_date")
    assert days[0][0] == days[0][1]
    assert warehouse.query("select count(*) from build.dim_financial_period") == [(1 + 14 * 37,)]
    # adjustments belong to the last day of the year
    assert warehouse.query(
        "select period, quarter, first_day, last_day, is_adjustment from build.dim_financial_period"
        " where financial_year = '2023/24' and period in (1, 11, 12, 13, 14) order by financial_period_key"
    ) == [
        (1, 1, date(2023, 4, 1), date(2023, 4, 30), False),
        (11, 4, date(2024, 2, 1), date(2024, 2, 29), False),
        (12, 4, date(2024, 3, 1), date(2024, 3, 31), False),
        (13, 4, date(2024, 3, 31), date(2024, 3, 31), True),
        (14, 4, date(2024, 3, 31), date(2024, 3, 31), True),
    ]
    for dimension, key in (
        ("account", "account_key"),
        ("cost_centre", "cost_centre_code"),
        ("programme", "programme_code"),
    ):
        assert warehouse.query(f"select 1 from build.dim_{dimension} where {key} = 'UNMAPPED'") == [(1,)]
    for report, rows in (("children", 4), ("finance", 1)):
        found = warehouse.query(f"select value, value_shown from build.rpt_local_indicator_{report}")
        assert found == [(None, None)] * rows
