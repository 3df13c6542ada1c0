"""A warehouse of the release before, with data, is brought to this one: what it holds and who may read it stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tests.build.conftest import FIRST_NIGHT, TABLES, Stage, expected, set_up
from tests.conftest import Warehouse, _administer
from yos_warehouse.server import migrate as migration
from yos_warehouse.server.roles import ensure_database, ensure_roles, grant_transformer_schemas

RELEASE_BEFORE = "0018"
GRANTS = """
    select grantee::text, table_schema::text, table_name::text, privilege_type::text
    from information_schema.role_table_grants where grantee like 'yos\\_%' and grantee <> 'yos_owner'
"""


@pytest.fixture
def warehouse(server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Warehouse]:
    """A database as the release before left it."""
    name = "of_the_release_before"
    ensure_roles()
    ensure_database(name)
    engine = create_engine(
        "postgresql+psycopg2://", creator=lambda: migration._as_owner(name), poolclass=NullPool
    )
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("create schema if not exists ops")
        config = migration.alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, RELEASE_BEFORE)
    engine.dispose()
    grant_transformer_schemas(name)
    monkeypatch.setenv("YOS_DATABASE", name)
    yield Warehouse(name, tmp_path / "drops")
    _administer(f"drop database if exists {name} with (force)")


def _fill(warehouse: Warehouse) -> Stage:
    """What a night of that release wrote: marts, a publication, the ledger, an incident and a mail."""
    stage = set_up(warehouse, TABLES)
    for table in TABLES:
        marks = ", ".join(["%s"] * len(table.columns))
        for row in FIRST_NIGHT[table.name]:
            warehouse.query(f"insert into {table.full_name} values ({marks})", row)
    run_id = stage.open_run()
    warehouse.query("update ops.run set state = 'succeeded', finished_at = now()")
    warehouse.query(
        "insert into ops.drop (service_code, feed, business_date, received_at, content_hash, files, is_fictional)"
        " values ('oakshire_rushmere', 'police', '2026-03-31', now(), 'hash', 1, true)"
    )
    warehouse.query(
        "insert into ops.load (drop_id, run_id, state, rows_in_files, rows_accepted, rows_quarantined, rows_rejected, started_at)"
        " values (1, %s, 'accepted', 10, 9, 1, 0, now())",
        (run_id,),
    )
    warehouse.query(
        "insert into ops.incident (rule_code, feed, owner_name, owner_email, severity, words, remedy, first_run_id, last_run_id)"
        " values ('VOLUME', 'police', 'Police data desk', 'police.data@oakshire.example.org', 'error', 'w', 'r', %s, %s)",
        (run_id, run_id),
    )
    warehouse.query(
        "insert into ops.outbox (dedupe_key, recipient, subject, body) values ('k', 'police.data@oakshire.example.org', 's', 'b')"
    )
    return stage


@pytest.mark.fault("R16")
def test_marts_grants_and_ledger_stay_and_it_publishes_again(warehouse: Warehouse) -> None:
    from yos_warehouse.build.publish import publish

    stage = _fill(warehouse)
    tables = ("ops.run", "ops.drop", "ops.load", "ops.incident", "ops.outbox", "marts.publication")
    columns = {
        table: [name for (name,) in warehouse.query(
            "select column_name::text from information_schema.columns where table_schema || '.' || table_name = %s order by 1", (table,)
        )]
        for table in tables
    }  # fmt: skip

    def ledger() -> dict[str, list[tuple]]:
        return {
            table: sorted(warehouse.query(f"select {', '.join(names)} from {table}"), key=str)
            for table, names in columns.items()
        }

    before, grants = ledger(), set(warehouse.query(GRANTS))
    applied = migration.migrate(warehouse.database)
    assert applied and applied[0] > RELEASE_BEFORE
    assert migration.migrate(warehouse.database) == []
    assert ledger() == before
    assert stage.as_published() == expected(FIRST_NIGHT)
    assert grants <= set(warehouse.query(GRANTS))
    run_id = stage.open_run()
    stage.build(run_id, FIRST_NIGHT)
    outcome = publish(run_id)
    assert (
        outcome["units"],
        outcome["held"],
        outcome["deleted"],
        outcome["updated"],
        outcome["inserted"],
    ) == (2, 0, 0, 0, 0)
