"""Codes that our lists lack: which, in a closed zone, and how many of them no earlier load had (ops.new_codes).

What stands where a code belongs may be anything, a name too: mails and pages say how many, never which.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg2.extensions import connection as Connection

from yos_warehouse.door.checks import Checked
from yos_warehouse.door.great_expectations_gate import RuleResult
from yos_warehouse.door.landing import ROW_NUMBER
from yos_warehouse.door.suite import codes
from yos_warehouse.history.tables import quoted
from yos_warehouse.sources.contract import Contract, contracts

_ENTER = """
    with found as (
        select l.{column} as code, count(*) as rows
        from {failing} as f join {landed} as l on l.{row} = f.{row}
        where f.{flag} = 1 and not f.is_held_back
        group by l.{column}
    ),
    new as (
        insert into quarantine.unknown_code (feed, entity, column_name, code, first_load_id, rows_in_first_load)
        select %(feed)s, %(entity)s, %(column)s, code, %(load)s, rows from found
        on conflict do nothing
        returning rows_in_first_load
    )
    insert into ops.new_codes (load_id, entity, column_name, codes, rows_with_them)
    select %(load)s, %(entity)s, %(column)s, count(*), sum(rows_in_first_load) from new having count(*) > 0
"""


def enter_new_codes(
    connection: Connection, contract: Contract, checked: Checked, results: Sequence[RuleResult], load_id: int
) -> None:
    """Keep the codes of rows let in that no list has, each with the load that first had it; in the load's transaction.

    Asks nothing of an entity whose codes are all known.
    """
    entity = checked.landed.entity
    failed = {result.rule_code for result in results if result.entity == entity and result.rows_failed}
    with connection.cursor() as cursor:
        for rule in checked.rules:
            if rule.check == "in_list" and rule.code in failed:
                column = rule.column[0]
                statement = _ENTER.format(
                    column=quoted(column), flag=quoted(rule.flag), row=ROW_NUMBER,
                    failing=checked.failing, landed=checked.landed.table,
                )  # fmt: skip
                values = {"feed": contract.feed, "entity": entity, "column": column, "load": load_id}
                cursor.execute(statement, values)


def list_codes() -> int:
    """Print the codes that no list has yet; what ``yos codes`` is. For those who may see records: they are as sent.

    Returns:
        Exit code 0.
    """
    from yos_warehouse.server.connect import transaction
    from yos_warehouse.telling.owners import cell

    with transaction("loader", application="yos codes") as connection, connection.cursor() as cursor:
        cursor.execute(
            "select u.feed, u.entity, u.column_name, u.code, u.rows_in_first_load, d.business_date"
            " from quarantine.unknown_code as u join ops.load as l on l.load_id = u.first_load_id"
            " join ops.drop as d using (drop_id) order by 1, 2, 3, 4"
        )
        found = [row for row in cursor.fetchall() if row[3] not in _listed(*row[:3])]
    for of_feed, entity, column, code, rows, day in found:
        print(
            f"{of_feed} {entity} {column}: {cell(code)!r}, first in the delivery of {day}, on {rows:,} rows"
        )
    print(
        "A code that is meant goes into its list in dbt_project/seeds; the next night then knows it."
        if found
        else "Every code that came is in its list."
    )
    return 0


def _listed(feed: str, entity: str, column: str) -> tuple[str, ...]:
    """The codes of a column's list today; none for a column that has none any more."""
    contract = contracts().get(feed)
    spec = contract.entities.get(entity) if contract else None
    listed = spec.columns[column].codes if spec and column in spec.columns else None
    return (codes(listed) or ()) if listed else ()
