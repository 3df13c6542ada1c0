"""Roles and what each may do on a database. Grants on single tables are in the migrations.

Roles belong to the server, not to one database: several warehouses on one server share them, with the
passwords of one var/secrets. What a role may do is granted per database.
"""

from __future__ import annotations

from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from psycopg2.extensions import encrypt_password

from yos_warehouse import settings
from yos_warehouse.server.connect import ROLES, connect, transaction
from yos_warehouse.server.embedded import ensure_server

OWNER = "yos_owner"
LOGINS = tuple(role for role in ROLES if role != "admin")
READERS = ("analyst", "practitioner", "finance", "auditor")
# role -> role it may become. The publisher renames the build schema, which belongs to the transformer.
MAY_BECOME = {"migrator": OWNER, "publisher": "yos_transformer"}
# Who works with temporary tables; readers do not.
TEMPORARY = ("migrator", "loader", "identity", "transformer", "publisher")
ROLE_LOCK = 7_905_101


def ensure_roles() -> None:
    """Create or repair the server's roles, their passwords and limits; safe from many processes."""
    with transaction("admin", database=ensure_server().admin_database) as admin, admin.cursor() as cursor:
        # one at a time: two concurrent ALTER ROLE of the same role fail
        cursor.execute("select pg_advisory_xact_lock(%s)", (ROLE_LOCK,))
        _ensure(cursor, OWNER, "nologin")
        for role in LOGINS:
            _ensure(cursor, f"yos_{role}", "login noinherit" if role in MAY_BECOME else "login")
            _set_password(admin, cursor, f"yos_{role}", settings.secret(f"pg_{role}"))
        for role, other in MAY_BECOME.items():
            _execute(cursor, "grant {} to {} with inherit false, set true", other, f"yos_{role}")
        for role in READERS:
            _execute(cursor, "alter role {} connection limit 20", f"yos_{role}")
            # a courtesy: what a role may write is its grants, and a practitioner's look is itself written down
            default = "off" if role == "practitioner" else "on"
            _execute(cursor, f"alter role {{}} set default_transaction_read_only = {default}", f"yos_{role}")
            _execute(cursor, "alter role {} set statement_timeout = '5min'", f"yos_{role}")
            _execute(cursor, "alter role {} set idle_in_transaction_session_timeout = '10min'", f"yos_{role}")
        if not _is_superuser(cursor):  # a managed server's administrator must be let into the roles it made
            cursor.execute("grant yos_owner, yos_transformer to current_user with inherit true, set true")


def ensure_database(database: str) -> bool:
    """Create the warehouse database if it is missing, and grant on it; True when created."""
    maintenance = connect("admin", database=ensure_server().admin_database, autocommit=True)
    try:
        with maintenance.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", (ROLE_LOCK,))
            cursor.execute("select 1 from pg_database where datname = %s", (database,))
            is_missing = cursor.fetchone() is None
            if is_missing:
                # the built-in locale sorts alike on every machine
                _execute(
                    cursor,
                    "create database {} owner yos_owner template template0 encoding 'UTF8' "
                    "locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C'",
                    database,
                )
            grant_database(cursor, database)
    finally:
        maintenance.close()
    return is_missing


def grant_database(cursor: Cursor, database: str) -> None:
    """Who may connect to, create in and use temporary tables in the database; nobody else may."""
    _execute(cursor, "revoke all on database {} from public", database)
    for role in LOGINS:
        _execute(cursor, "grant connect on database {} to {}", database, f"yos_{role}")
    for role in TEMPORARY:
        _execute(cursor, "grant temporary on database {} to {}", database, f"yos_{role}")
    _execute(cursor, "grant create on database {} to yos_transformer", database)  # its own schemas
    for name, value in (
        ("timezone", "UTC"),
        ("datestyle", "ISO, DMY"),
        ("jit", "off"),
        ("client_connection_check_interval", "2s"),
    ):
        _execute(cursor, f"alter database {{}} set {name} = '{value}'", database)


def grant_transformer_schemas(database: str) -> None:
    """The transformer's own schemas and who reads what is built in them (run as the transformer).

    identity reads staging; the publisher reads build; everybody who works with codes reads the seeds in
    ref. dbt drops and makes its tables anew, so these are default privileges, narrowed to one schema each.
    """
    with transaction("transformer", database=database) as transformer, transformer.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (ROLE_LOCK,))
        for schema in ("staging", "intermediate", "build"):
            _execute(cursor, "create schema if not exists {}", schema)
        cursor.execute("grant usage on schema staging to yos_identity")
        cursor.execute("alter default privileges in schema staging grant select on tables to yos_identity")
        grant_build_schema(cursor)
        cursor.execute(
            "alter default privileges in schema ref grant select on tables to yos_loader, yos_identity, "
            "yos_publisher, yos_analyst, yos_practitioner, yos_finance"
        )


def grant_build_schema(cursor: Cursor, schema: str = "build") -> None:
    """Let the publisher read what dbt will build in the schema; run as the transformer after creating it."""
    _execute(cursor, "grant usage on schema {} to yos_publisher", schema)
    _execute(cursor, "alter default privileges in schema {} grant select on tables to yos_publisher", schema)


def grant_past_schema(cursor: Cursor, schema: str) -> None:
    """Let the owner, whose functions explain figures, read what dbt will build of the past; nobody else."""
    _execute(cursor, "grant usage on schema {} to {}", schema, OWNER)
    _execute(cursor, "alter default privileges in schema {} grant select on tables to {}", schema, OWNER)


def _ensure(cursor: Cursor, role: str, options: str) -> None:
    cursor.execute("select 1 from pg_roles where rolname = %s", (role,))
    verb = "alter" if cursor.fetchone() else "create"
    _execute(cursor, f"{verb} role {{}} {options}", role)


def _set_password(connection: Connection, cursor: Cursor, role: str, password: str) -> None:
    # The verifier is computed here, so that no statement text ever carries the password.
    verifier = encrypt_password(password, role, scope=connection, algorithm="scram-sha-256")
    cursor.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _is_superuser(cursor: Cursor) -> bool:
    cursor.execute("select rolsuper from pg_roles where rolname = current_user")
    row = cursor.fetchone()
    return bool(row and row[0])


def _execute(cursor: Cursor, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
