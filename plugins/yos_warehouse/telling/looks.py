"""What every look at children's records needs: a purpose, who asks, and refusals in plain words (migration 0007)."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from yos_warehouse.errors import UsageError, YosError

SHORTEST_PURPOSE = 10


def demand_purpose(purpose: str) -> None:
    """Refuse before anything is done; the database asks again.

    Raises:
        UsageError: PURPOSE, it is too short.
    """
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise UsageError(
            "PURPOSE",
            f"a purpose has at least {SHORTEST_PURPOSE} characters",
            "say why you look at these records",
        )


def who() -> str:
    """The account of the operating system that asks."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"account {os.getuid()}"


@contextmanager
def database_words(code: str) -> Iterator[None]:
    """What our functions refuse in their own words, anything else by its SQLSTATE: its text may carry a value.

    Raises:
        UsageError: what a function of ours refused.
        YosError: ``code``, any other refusal.
    """
    try:
        yield
    except psycopg2.Error as problem:
        state = problem.pgcode or "none: connection lost"
        words = problem.diag.message_primary or ""
        if state.startswith("YOS") and ": " in words:
            name, what = words.split(": ", 1)
            raise UsageError(name, what, problem.diag.message_hint or "") from None
        raise YosError(
            code,
            f"the database refused (SQLSTATE {state})",
            "run a night first; if it ran, tell the data team",
        ) from None


def select_rows(connection: Connection, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def select_one(connection: Connection, sql: str, parameters: Any = None) -> tuple[Any, ...] | None:
    """Its first row, if there is one."""
    found = select_rows(connection, sql, parameters)
    return found[0] if found else None
