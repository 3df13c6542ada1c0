"""Models and permanent tables: what a manifest declares, and what is drafted from the difference."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from tests.build.conftest import CHILD, DISTRICT, OUTCOME, POSTING, TABLES
from yos_warehouse.build.draft import draft_sql
from yos_warehouse.build.permanent import Column, PermanentTable, compare, declared, existing
from yos_warehouse.errors import YosError


def _node(table: PermanentTable, **meta) -> dict:
    return {
        "name": table.name, "alias": table.name, "resource_type": "model", "fqn": ["yos", "marts", "x", table.name],
        "description": table.comment,
        "columns": {
            c.name: {
                "name": c.name, "data_type": {"bigint": "int8", "numeric(14,2)": "numeric(14, 2)"}.get(c.type, c.type),
                "description": c.comment, "constraints": [{"type": "not_null"}] if c.is_required else [],
            }
            for c in table.columns
        },
        "config": {
            "meta": {
                "zone": table.schema, "unit": table.unit, "primary_key": list(table.primary_key),
                "foreign_keys": {column: target for column, (_, target, _) in table.foreign_keys.items()},
                "audience": list(table.audience), **meta,
            }
        },
    }  # fmt: skip


def _manifest(*nodes: dict) -> dict:
    return {"nodes": {f"model.yos.{node['name']}": node for node in nodes}}


@pytest.fixture
def cursor(stage):
    connection = stage.warehouse.connect("migrator")
    with connection.cursor() as cursor:
        cursor.execute("set role yos_owner")
        yield cursor
    connection.close()


def test_a_manifest_declares_what_the_catalogue_has(cursor) -> None:
    tables = declared(_manifest(*(_node(table) for table in (OUTCOME, POSTING, CHILD, DISTRICT))), cursor)
    assert {table.full_name: table for table in tables} == {table.full_name: table for table in TABLES}
    assert [table.name for table in tables].index("fct_outcome") > [table.name for table in tables].index(
        "dim_child"
    )
    assert compare(tables, cursor) == []
    assert PermanentTable.from_json(OUTCOME.to_json()) == OUTCOME


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"zone": "mart"}, "zone"),
        ({"unit": "child"}, "unit"),
        ({"primary_key": []}, "primary_key"),
        ({"primary_key": ["nobody_key"]}, "primary_key"),
        ({"audience": ["everybody"]}, "audience"),
        ({"foreign_keys": {"person_key": "dim_nobody"}}, "dim_nobody"),
        ({"unit": "finance"}, "another unit"),
    ],
)
def test_an_incomplete_declaration_is_named(cursor, meta, words) -> None:
    with pytest.raises(YosError, match=f"MODEL_META.*fct_outcome.*{words}"):
        declared(_manifest(_node(DISTRICT), _node(CHILD), _node(OUTCOME, **meta)), cursor)


CHANGED = replace(
    OUTCOME,
    columns=(
        *OUTCOME.columns[:3],
        Column("outcome_date", "date", True, "The date"),
        Column("tier_code", "text", True, "It's a tier"),
        Column("court_key", "bigint", True, "Court"),
    ),
    foreign_keys={**OUTCOME.foreign_keys, "court_key": ("marts", "dim_district", "district_key")},
    audience=("practitioner",),
    comment="Outcomes, new.",
)


def test_the_draft_settles_every_difference_on_a_filled_table(cursor) -> None:
    cursor.execute(
        "insert into marts.dim_district values (-1, 'Not known'); insert into marts.dim_child values (1, null)"
    )
    cursor.execute("insert into marts.fct_outcome values (1, 1, -1, '2026-03-01')")
    cursor.execute("set constraints all immediate")
    hearing = replace(CHILD, name="dim_hearing", comment="New.")
    wanted = [DISTRICT, CHILD, CHANGED, POSTING, hearing]
    differences = compare(wanted, cursor)
    assert {d.kind for d in differences} == {"structure", "grant", "comment"}
    cursor.execute(draft_sql(differences, wanted, "0009"))
    assert compare(wanted, cursor) == []
    here = existing(cursor)
    assert here["marts.fct_outcome"].columns[-1] == CHANGED.columns[-1]
    assert here["marts.dim_hearing"] == hearing
    cursor.execute(
        "select table_name, migration from ops.permanent_table where migration = '0009' order by 1"
    )
    assert cursor.fetchall() == [("dim_hearing", "0009"), ("fct_outcome", "0009")]


def test_nothing_is_dropped_without_a_decision(cursor) -> None:
    smaller = replace(CHILD, columns=CHILD.columns[:1])
    differences = compare([DISTRICT, smaller, OUTCOME], cursor)
    assert [d.words for d in differences] == [
        "marts.dim_child: column sex_name is not in the model", "marts.fct_ledger_posting has no model any more",
    ]  # fmt: skip
    assert all(d.statement.startswith("-- decide") for d in differences)


def test_foreign_keys_have_an_index_but_for_those_to_rows_that_are_never_deleted(warehouse) -> None:
    rows = warehouse.query(
        "select conrelid::regclass::text, a.attname::text, "
        "exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]), "
        "confrelid in (select to_regclass(schema_name || '.' || table_name) from ops.permanent_table where unit = 'shared') "
        "from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1] "
        "where contype = 'f' and connamespace in ('marts'::regnamespace, 'reports'::regnamespace)"
    )
    assert {is_kept for *_, is_kept in rows} == {True, False}
    assert [row for row in rows if row[2] == row[3]] == []


def test_a_draft_makes_no_index_for_a_foreign_key_to_a_shared_table(cursor) -> None:
    courses = replace(OUTCOME, name="fct_course", foreign_keys={
        "person_key": ("marts", "dim_child", "person_key"), "district_key": ("marts", "dim_district", "district_key"),
    })  # fmt: skip
    drafted = compare([DISTRICT, CHILD, OUTCOME, courses], cursor)
    statements = [d.statement for d in drafted if d.table == "marts.fct_course"]
    assert len(statements) == 1 and statements[0].count("foreign key") == 2
    assert "create index on marts.fct_course (person_key)" in statements[0]
    assert statements[0].count("create index") == 1


def test_every_permanent_table_and_column_says_what_it_is(warehouse) -> None:
    connection = warehouse.connect("publisher")
    with connection.cursor() as cursor:
        tables = existing(cursor)
    connection.close()
    assert tables
    assert [
        name for name, table in tables.items() if not table.comment or not table.unit or not table.primary_key
    ] == []
    assert [(name, c.name) for name, table in tables.items() for c in table.columns if not c.comment] == []


def test_the_manifest_is_not_changed_by_reading_it(cursor) -> None:
    manifest = _manifest(_node(DISTRICT))
    before = copy.deepcopy(manifest)
    declared(manifest, cursor)
    assert manifest == before
