"""What the models of finance made of a world, row by row, with every minted key turned back into its record's name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from tests.conftest import Warehouse
from tests.oracle.answers import Answers
from tests.oracle.finance.answers import KEYS, STEPS, TABLE
from tests.oracle.records import Row, load

MINTED = ("ledger_posting_key", "budget_line_key", "planned_spending_key", "reserve_movement_key")


def build(warehouse: Warehouse, delivered: Iterable[Row], as_at: date) -> list[str]:
    """Load rows of raw and build the tables of the answers; names of the error-level tests that failed."""
    from yos_warehouse.build.dbt import run_dbt
    from yos_warehouse.orchestration import steps

    connection = warehouse.connect()
    load(connection, delivered, as_at)
    connection.commit()
    connection.close()
    run_id = steps.open_run("nightly", "oracle", as_at)
    assert run_id is not None
    steps.stage(run_id)
    steps.identify(run_id)
    nodes = run_dbt(
        run_id,
        "build",
        [
            "build", "--select", *(f"+{table}" for table in KEYS), "--exclude", "staging", "resource_type:seed",
            "--exclude-resource-type", "unit_test",
        ],
        as_at,
    )  # fmt: skip
    steps.close_run(run_id, "succeeded")
    return sorted(node.node for node in nodes if node.status in ("error", "fail"))


def built(warehouse: Warehouse, columns: dict[str, set[str]], schema: str = "build") -> Answers:
    """The models' rows in the form of the answers, with the columns asked for.

    Args:
        columns: by table; a column the model does not have is left out of its rows.
    """
    records = dict(
        warehouse.query("select record_key, source_id from identity.record_key where feed = 'finance'")
    )
    found: Answers = {}
    for table, key in KEYS.items():
        found[table] = {}
        for row in rows(warehouse, f"{schema}.{table}"):
            if table == TABLE:
                row["contributor_key"] = row["contributor_key"] or ""
            for name in MINTED:
                if name in row:
                    row[name] = records[row[name]]
            named = tuple(row[name] for name in key)
            if table == STEPS:
                sums = found[table].setdefault(named, {"amount_gbp": Decimal(0)})
                sums["amount_gbp"] += row["amount_gbp"]
                continue
            assert named not in found[table], f"{table} says {named} twice"
            found[table][named] = {n: row[n] for n in sorted(columns[table]) if n in row}
    found[STEPS] = {key: row for key, row in found[STEPS].items() if row["amount_gbp"]}
    return found


def rows(warehouse: Warehouse, table: str) -> list[dict[str, Any]]:
    """Rows of a table; money as Decimal, dates as dates."""
    told = warehouse.query(f"select to_jsonb(t)::text from {table} as t")
    return [
        {name: _typed(value) for name, value in json.loads(row, parse_float=Decimal).items()}
        for (row,) in told
    ]


def _typed(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 10 and value[4::3] == "--":
        return date.fromisoformat(value)
    return value
