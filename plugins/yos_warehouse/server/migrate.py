"""Bring a warehouse database to the newest structure: database, roles, migrations, the contracts' tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg2.extensions import connection as Connection
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from yos_warehouse import settings
from yos_warehouse.errors import YosError
from yos_warehouse.server.connect import connect
from yos_warehouse.server.roles import ensure_database, ensure_roles, grant_transformer_schemas
from yos_warehouse.sources.contract import contracts

MIGRATIONS = Path(__file__).resolve().parents[1] / "build" / "migrations"
VERSION_SCHEMA, VERSION_TABLE = "ops", "migration"
MIGRATION_LOCK = 7_905_102


def alembic_config() -> Config:
    """Alembic's configuration without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(database: str | None = None) -> list[str]:
    """Create what is missing and apply every migration not yet applied; nothing to do is quick and safe.

    Args:
        database: default: this warehouse's database.

    Returns:
        The revisions applied now, oldest first.

    Raises:
        YosError: MIGRATION, with the revision's name; the database is as it was before.
    """
    name = database or settings.database_name()
    ensure_roles()
    ensure_database(name)
    applied = _upgrade(name)
    grant_transformer_schemas(name)
    _contract_tables(name)
    return applied


def head() -> str:
    """The newest revision there is in the code."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def _as_owner(database: str) -> Connection:
    connection = connect("migrator", database=database, application="yos migrate")
    with connection.cursor() as cursor:
        cursor.execute("set role yos_owner")
    connection.commit()
    return connection


def _upgrade(database: str) -> list[str]:
    engine = create_engine("postgresql+psycopg2://", creator=lambda: _as_owner(database), poolclass=NullPool)
    script = ScriptDirectory.from_config(alembic_config())
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"select pg_advisory_xact_lock({MIGRATION_LOCK})")
        # alembic writes its table before the first migration runs
        connection.exec_driver_sql(f"create schema if not exists {VERSION_SCHEMA}")
        before = _current(connection)
        if before == script.get_current_head():
            return []
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    steps = [step.revision for step in script.iterate_revisions("head", before)]
    engine.dispose()
    return steps[::-1]


def _current(connection: object) -> str | None:
    context = MigrationContext.configure(
        connection,  # type: ignore[arg-type]
        opts={"version_table": VERSION_TABLE, "version_table_schema": VERSION_SCHEMA},
    )
    return context.get_current_revision()


def _contract_tables(database: str) -> None:
    """Tables of raw and quarantine follow the contracts: entities and columns are added, none removed."""
    try:
        from yos_warehouse.history.tables import contract_ddl
    except ModuleNotFoundError:
        return
    with _as_owner(database) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        for feed, contract in contracts().items():
            try:
                for statement in contract_ddl(contract):
                    cursor.execute(statement)
            except Exception as problem:
                raise YosError("MIGRATION", f"tables of feed {feed}: {problem}", "see its contract") from None
        cursor.execute(_held_back())
        cursor.execute("grant select on ops.held_back to yos_publisher, yos_auditor")
        cursor.execute("comment on view ops.held_back is 'Rows of quarantine not yet released, by rule.'")
        cursor.execute(_held_rows())
        cursor.execute("grant select on ops.held_row to yos_auditor")
        cursor.execute(
            "comment on view ops.held_row is 'Rows of quarantine not yet released: where each stands, and why.'"
        )
    connection.close()


def _held_back() -> str:
    """The view of what is held back now: counts of a closed zone, for those who tell of it and may not look in."""
    counts = [
        f"select '{feed}'::text as feed, '{entity}'::text as entity, code as rule_code, count(*) as rows_held"
        f" from quarantine.{contract.raw_table(entity)}, unnest(rule_codes) as code"
        " where released_at is null group by code"
        for feed, contract in contracts().items()
        for entity in contract.entities
    ]
    return f"create or replace view ops.held_back as {' union all '.join(counts)}"


def _held_rows() -> str:
    """The view of where the rows held back stand in their files, since when and why; nothing that is in them."""
    rows = [
        f"select '{feed}'::text as feed, '{entity}'::text as entity, load_id, file, file_line, held_since, rule_codes,"
        " quarantine_id"
        f" from quarantine.{contract.raw_table(entity)} where released_at is null"
        for feed, contract in contracts().items()
        for entity in contract.entities
    ]
    return f"create or replace view ops.held_row as {' union all '.join(rows)}"
