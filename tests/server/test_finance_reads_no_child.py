"""The role finance reads money and nothing about a child; the analyst reads both; nobody with a BI tool reads free text.

Which tables each role reads is tests/server/test_role_logins.py. Here: what stands in them.
"""

from __future__ import annotations

from typing import Any

OF_A_CHILD = ("person", "child", "order", "offence", "outcome", "cohort", "disposal", "episode", "hearing")
FREE_TEXT = ("description", "supplier", "note", "wording", "journal", "grant_id", "secondment_id")
# Sums of a year, in which 1 to 4 children are hidden (docs/finance/unit_cost.md), and the day they are of.
OF_A_YEAR = {
    ("rpt_unit_cost", column) for column in ("children_on_caseload", "cost_per_child_gbp", "children_as_at")
}
OF_MONEY = {("rpt_reconciliation", "outcome_code")}  # of a comparison
OUR_WORDS = {("rpt_local_indicator_finance", "note")}

READABLE = """
    select c.relname, a.attname
    from pg_class as c
    inner join pg_namespace as n on n.oid = c.relnamespace and n.nspname in ('marts', 'reports')
    inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'v', 'p') and has_column_privilege(%s, c.oid, a.attnum, 'select')
"""


def columns_of(warehouse: Any, role: str) -> set[tuple[str, str]]:
    """Table and column that a role may read."""
    return set(warehouse.query(READABLE, (f"yos_{role}",)))


def test_no_column_that_finance_reads_is_about_a_child(warehouse: Any) -> None:
    found = columns_of(warehouse, "finance")
    assert {"fct_ledger_posting", "rpt_financial_position", "rpt_unit_cost"} <= {table for table, _ in found}
    about = {
        (table, column)
        for table, column in found
        if any(word in column.split("_") or f"{word}ren" in column for word in OF_A_CHILD)
        and column != "row_order"
    }
    assert about - OF_MONEY == OF_A_YEAR


def test_no_table_that_finance_reads_leads_to_one_about_children(warehouse: Any) -> None:
    """By a foreign key of the catalogue."""
    mine = {table for table, _ in columns_of(warehouse, "finance")}
    leads = warehouse.query(
        "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f'"
    )
    for table, target in leads:
        if table.partition(".")[2] in mine:
            assert target.partition(".")[2] in mine, f"{table} leads to {target}"


def test_no_free_text_of_finance_is_read_by_anybody_with_a_bi_tool(warehouse: Any) -> None:
    finance = {table for table, _ in columns_of(warehouse, "finance")}
    for role in ("analyst", "finance", "practitioner"):
        for table, column in columns_of(warehouse, role):
            if table in finance and (table, column) not in OUR_WORDS:
                assert column not in FREE_TEXT, f"{role} reads {table}.{column}"


def test_the_analyst_reads_children_and_money(warehouse: Any) -> None:
    tables = {table for table, _ in columns_of(warehouse, "analyst")}
    assert {"fct_cohort_member", "fct_eet_at_order_end", "fct_ledger_posting", "rpt_unit_cost"} <= tables
