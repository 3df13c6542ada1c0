"""Connections and URLs per role. Each task connects with the least role that serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, get_args

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from sqlalchemy.engine import URL

from yos_warehouse import settings
from yos_warehouse.errors import UsageError, YosError
from yos_warehouse.server.embedded import Server, ensure_server

OLDEST_VERSION = 17
CONNECT_SECONDS = 10
# A server that fell silent (a cable, a firewall) is given up within a minute; a long query's server is not silent.
SILENCE = {
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
Role = Literal[
    "admin", "migrator", "loader", "identity", "transformer",
    "publisher", "analyst", "practitioner", "finance", "auditor",
]  # fmt: skip
ROLES: tuple[str, ...] = get_args(Role)


def connect(
    role: str, *, database: str | None = None, autocommit: bool = False, application: str = "yos"
) -> Connection:
    """A psycopg2 connection as one of the warehouse's roles; starts the embedded server if needed.

    Args:
        role: one of ROLES; ``admin`` is the server's administrator.
        database: default: this warehouse's database.
        autocommit: each statement its own transaction.
        application: shown in pg_stat_activity.

    Raises:
        YosError: DATABASE_UNREACHABLE, DATABASE_VERSION (older than PostgreSQL 17).
        UsageError: the role does not exist.
    """
    server = ensure_server()
    user, password = _login(server, role)
    name = database or settings.database_name()
    try:
        made = psycopg2.connect(  # type: ignore[call-overload]
            host=server.host, port=server.port, user=user, password=password, dbname=name,
            application_name=application, connect_timeout=CONNECT_SECONDS, **{**SILENCE, **dict(server.query)},
        )  # fmt: skip
    except psycopg2.OperationalError as problem:
        # libpq names host, user and database here, never a password or a record's value
        raise YosError(
            "DATABASE_UNREACHABLE",
            f"no connection to database {name} as {user}: {str(problem).strip().splitlines()[-1]}",
            "check that the server runs and that the database has been migrated",
        ) from None
    if made.server_version < OLDEST_VERSION * 10000:
        version = made.server_version // 10000
        made.close()
        raise YosError(
            "DATABASE_VERSION",
            f"the server is PostgreSQL {version}, and {OLDEST_VERSION} or newer is needed",
            "point YOS_DATABASE_URL to a newer server",
        )
    made.autocommit = autocommit
    return made


@contextmanager
def transaction(role: str, *, database: str | None = None, application: str = "yos") -> Iterator[Connection]:
    """One transaction as a role: committed when the block ends well, else rolled back; closed in either case.

    Raises:
        YosError, UsageError: as :func:`connect`.
    """
    connection = connect(role, database=database, application=application)
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()  # without a commit the server rolls back


def url(
    role: str,
    *,
    database: str | None = None,
    driver: Literal["postgresql+psycopg2", "postgresql"] = "postgresql",
) -> str:
    """A connection URL with its password, for a BI tool (``postgresql``) or SQLAlchemy (``+psycopg2``)."""
    server = ensure_server()
    user, password = _login(server, role)
    made = URL.create(
        driver, user, password, server.host, server.port,
        database or settings.database_name(), dict(server.query),
    )  # fmt: skip
    return made.render_as_string(hide_password=False)


def one_row(cursor: Cursor) -> tuple[Any, ...]:
    """The row of a query that always has one, such as an aggregate."""
    row = cursor.fetchone()
    assert row is not None, "the query gave no row"
    return row


def login(role: str) -> dict[str, str]:
    """Host, port, user and password of a role as text, for programs configured by environment (dbt)."""
    server = ensure_server()
    user, password = _login(server, role)
    return {"host": server.host, "port": str(server.port), "user": user, "password": password}


def _login(server: Server, role: str) -> tuple[str, str]:
    if role not in ROLES:
        raise UsageError("ROLE", f"there is no role {role!r}", f"use one of: {', '.join(ROLES)}")
    if role == "admin":
        return server.admin_user, server.admin_password
    return f"yos_{role}", settings.secret(f"pg_{role}")
