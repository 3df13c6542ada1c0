"""The lease: at most one run is live, and only the live run writes.

``ops.run`` is lease and fencing token in one: ``run_id`` only ever grows, a step writes only while
its own row says *running*. A run is alive while one of its steps holds the shared advisory lock of
the run, or its last sign of life is younger than ``LEASE_SECONDS``; a dead run is taken over at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.errors import LeaseLost
from yos_warehouse.server.connect import connect, one_row, transaction

# Advisory locks (two int4): one class per thing that may be locked. The door locks feeds.
LOCK_LEASE = 730
LOCK_RUN = 731
LOCK_WAREHOUSE = 732

# Longer than any pause between two steps of one Airflow run, retries included.
LEASE_SECONDS = int(os.environ.get("YOS_LEASE_SECONDS", "120"))


def open_run(kind: str, owner: str, as_at: date | None = None) -> int | None:
    """Take the lease.

    Args:
        kind: ``nightly`` or ``ingest``.
        owner: who asks, the Airflow run id; the same owner gets its own live run back.
        as_at: the date to build for; None means the latest date delivered.

    Returns:
        The run id, or None when another run is alive: then leave politely.
    """
    with transaction("loader") as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", (LOCK_LEASE,))
        cursor.execute("select run_id, owner from ops.run where state = 'running' order by run_id desc")
        for run_id, holder in cursor.fetchall():
            if holder == owner:
                return run_id
            if is_alive(cursor, run_id):
                return None
            cursor.execute(
                "update ops.run set state = 'abandoned', finished_at = now() where run_id = %s", (run_id,)
            )
        cursor.execute(
            "insert into ops.run (kind, owner, state, as_at) values (%s, %s, 'running', %s) returning run_id",
            (kind, owner, as_at),
        )
        return one_row(cursor)[0]


def abandon_all() -> int:
    """Mark every live run as abandoned; for the one command that knows nothing else is running."""
    with transaction("loader") as connection, connection.cursor() as cursor:
        cursor.execute("update ops.run set state = 'abandoned', finished_at = now() where state = 'running'")
        return cursor.rowcount


def is_alive(cursor: Cursor, run_id: int) -> bool:
    """Whether a run that is marked as running shows signs of life."""
    cursor.execute(
        """
        select heartbeat_at > now() - make_interval(secs => %s)
            or exists (
                select from pg_locks
                where locktype = 'advisory' and granted and classid = %s and objid = %s
                    and database = (select oid from pg_database where datname = current_database())
            )
        from ops.run where run_id = %s
        """,
        (LEASE_SECONDS, LOCK_RUN, run_id, run_id),
    )
    return bool(one_row(cursor)[0])


def check_lease(connection: Connection, run_id: int) -> None:
    """Refuse to write for a run that has lost its lease; locks its row until the transaction ends.

    Raises:
        LeaseLost: the run is no longer the live one.
    """
    with connection.cursor() as cursor:
        cursor.execute("select state from ops.run where run_id = %s for share", (run_id,))
        row = cursor.fetchone()
    if row is None or row[0] != "running":
        raise LeaseLost(
            "LEASE_LOST",
            f"run {run_id} is no longer the live run and writes nothing more",
            "look at the newer run",
        )


@contextmanager
def step(run_id: int, name: str, role: str, *, whole_warehouse: bool = False) -> Iterator[Connection]:
    """One step of a run: a connection of the step's role that holds the run alive meanwhile.

    Args:
        whole_warehouse: the step writes shared layers; such steps wait for one another.

    Raises:
        LeaseLost: before the step starts, or when it is over, the run was not the live one.
    """
    guard = connect(role, autocommit=True, application=f"yos {name}")
    try:
        with guard.cursor() as cursor:
            cursor.execute("select pg_advisory_lock_shared(%s, %s)", (LOCK_RUN, run_id))
            if whole_warehouse:
                cursor.execute("select pg_advisory_lock(%s, 0)", (LOCK_WAREHOUSE,))
            check_lease(guard, run_id)
            cursor.execute(
                "update ops.run set heartbeat_at = now(), step = %s where run_id = %s", (name, run_id)
            )
            yield guard
            check_lease(guard, run_id)
            cursor.execute("update ops.run set heartbeat_at = now() where run_id = %s", (run_id,))
    finally:
        guard.close()


def close_run(run_id: int, state: str) -> None:
    """Give the lease back: ``succeeded`` or ``failed``. A run that lost it stays abandoned."""
    with transaction("loader") as connection, connection.cursor() as cursor:
        cursor.execute(
            "update ops.run set state = %s, finished_at = now() where run_id = %s and state = 'running'",
            (state, run_id),
        )
