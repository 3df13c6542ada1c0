"""A warehouse with a few permanent tables made by hand: what publication does must not hang on the real models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg2.extras
import pytest

from yos_warehouse.build.permanent import Column, PermanentTable, create_table

DISTRICT = PermanentTable(
    "marts", "dim_district", "shared",
    (Column("district_key", "bigint", True, "Key"), Column("district_name", "text", True, "Name")),
    ("district_key",), {}, ("analyst", "finance"), "Districts.",
)  # fmt: skip
CHILD = PermanentTable(
    "marts", "dim_child", "children",
    (Column("person_key", "bigint", True, "Key"), Column("sex_name", "text", False, "Sex")),
    ("person_key",), {}, ("analyst",), "Children.",
)  # fmt: skip
OUTCOME = PermanentTable(
    "marts", "fct_outcome", "children",
    (
        Column("outcome_key", "bigint", True, "Key"), Column("person_key", "bigint", True, "Child"),
        Column("district_key", "bigint", True, "District"), Column("outcome_date", "date", False, "Date"),
    ),
    ("outcome_key",),
    {"person_key": ("marts", "dim_child", "person_key"), "district_key": ("marts", "dim_district", "district_key")},
    ("analyst",), "Outcomes.",
)  # fmt: skip
POSTING = PermanentTable(
    "marts", "fct_ledger_posting", "finance",
    (
        Column("ledger_key", "bigint", True, "Key"), Column("line_number", "integer", True, "Line"),
        Column("district_key", "bigint", True, "District"), Column("amount_gbp", "numeric(14,2)", False, "Pounds"),
    ),
    ("ledger_key", "line_number"), {"district_key": ("marts", "dim_district", "district_key")}, ("finance",), "Postings.",
)  # fmt: skip
TABLES = (DISTRICT, CHILD, OUTCOME, POSTING)

FIRST_NIGHT: dict[str, list[tuple]] = {
    "dim_district": [(-1, "Not known"), (1, "Alderbrook"), (2, "Dunmarsh")],
    "dim_child": [(-1, None), (1, "Female"), (2, "Male")],
    "fct_outcome": [(1, 1, 1, date(2026, 3, 1)), (2, 2, 2, date(2026, 3, 2)), (3, 2, -1, None)],
    "fct_ledger_posting": [(1, 1, 1, "10.00"), (1, 2, 2, "-2.50")],
}


@dataclass(frozen=True)
class Stage:
    """The warehouse fixture with what a night does before publication."""

    warehouse: Any
    tables: tuple[PermanentTable, ...] = TABLES

    def open_run(self, as_at: date = date(2026, 3, 31)) -> int:
        """A live run; the one before it is over."""
        self.warehouse.query("update ops.run set state = 'succeeded' where state = 'running'")
        return self.warehouse.query(
            "insert into ops.run (kind, owner, state, as_at) values ('nightly', gen_random_uuid()::text, 'running', %s)"
            " returning run_id",
            (as_at,),
        )[0][0]

    def build(
        self,
        run_id: int,
        rows: dict[str, list[tuple]],
        statuses: dict[str, tuple[str, list[str]]] | None = None,
        schema: str = "build",
    ) -> None:
        """Stand in for dbt: build tables, results (node -> status, units) and what the models declare."""
        connection = self.warehouse.connect("transformer")
        with connection.cursor() as cursor:
            for table in self.tables:
                columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
                cursor.execute(
                    f"drop table if exists {schema}.{table.name}; create table {schema}.{table.name} ({columns})"
                )
                psycopg2.extras.execute_values(
                    cursor, f"insert into {schema}.{table.name} values %s", rows[table.name]
                )
                cursor.execute(
                    "insert into ops.built_table values (%s, %s, %s, %s)",
                    (run_id, table.schema, table.name, psycopg2.extras.Json(table.to_json())),
                )
            for node, (status, units) in (statuses or {}).items():
                cursor.execute(
                    "insert into ops.model_run (run_id, step, node, status, seconds, units) values (%s, 'build', %s, %s, 0, %s)",
                    (run_id, node, status, units),
                )
        connection.commit()
        connection.close()

    def rows(self, table: str, role: str = "admin") -> list[tuple]:
        """A permanent table's rows in order of all columns."""
        return sorted(self.warehouse.query(f"select * from {table}", role=role), key=str)

    def as_published(self) -> dict[str, list[tuple]]:
        """What the marts show, in the form of FIRST_NIGHT."""
        return {table.name: self.rows(table.full_name) for table in TABLES}

    def changes(self) -> dict[str, list[int]]:
        """[deleted, updated, inserted] per table of the newest publication of each unit."""
        rows = self.warehouse.query(
            "select table_name, rows_deleted, rows_updated, rows_inserted from ops.change_log where publication_id in "
            "(select max(publication_id) from marts.publication group by unit)"
        )
        return {name.partition(".")[2]: counts for name, *counts in ((n, *map(int, c)) for n, *c in rows)}


@pytest.fixture
def stage(warehouse) -> Iterator[Stage]:
    """Permanent tables of two units and a shared one, empty."""
    yield set_up(warehouse, TABLES)


def set_up(warehouse: Any, tables: tuple[PermanentTable, ...]) -> Stage:
    """A warehouse with these permanent tables, and none of the project's own."""
    connection = warehouse.connect("migrator")
    with connection.cursor() as cursor:
        cursor.execute("set role yos_owner")
        # the project's own permanent tables are none of these tests' business
        cursor.execute(
            "select string_agg(format('drop table %I.%I cascade;', schema_name, table_name), '') from ops.permanent_table"
        )
        drop = cursor.fetchone()[0]
        if drop:
            cursor.execute(drop)
        cursor.execute("delete from ops.permanent_table")
        for table in tables:
            cursor.execute(create_table(table, {DISTRICT.full_name}))
            cursor.execute(
                "insert into ops.permanent_table values (%s, %s, %s, '0002')",
                (table.schema, table.name, table.unit),
            )
    connection.commit()
    connection.close()
    return Stage(warehouse, tables)


def expected(rows: dict[str, list[tuple]]) -> dict[str, list[tuple]]:
    """Rows as the database gives them back."""
    from decimal import Decimal

    shown = {name: sorted(values, key=str) for name, values in rows.items()}
    shown["fct_ledger_posting"] = sorted(
        [(*row, None if amount is None else Decimal(amount)) for *row, amount in rows["fct_ledger_posting"]],
        key=str,
    )
    return shown
