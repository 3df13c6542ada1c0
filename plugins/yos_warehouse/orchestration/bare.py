"""The night without Airflow: the same steps in one process, for tests, the benchmark and a machine without a scheduler."""

from __future__ import annotations

from datetime import date

from psycopg2.extensions import connection as Connection

from yos_warehouse.errors import AlreadyRunning
from yos_warehouse.orchestration import steps
from yos_warehouse.server.connect import one_row
from yos_warehouse.sources.contract import contracts


def run_bare(owner: str, as_at: date | None = None) -> dict[str, dict[str, int]]:
    """Run one night; a failing step closes the run as failed and raises.

    Returns:
        The counts of each step by its name.

    Raises:
        AlreadyRunning: another run is alive.
    """
    run_id = steps.open_run("nightly", owner, as_at)
    if run_id is None:
        raise AlreadyRunning("ALREADY_RUNNING", "another night is already running; nothing was done")
    counts: dict[str, dict[str, int]] = {}
    try:
        counts["extract"] = steps.extract(run_id)
        for feed in contracts():
            counts[f"load {feed}"] = steps.load(run_id, feed)
        for name in ("stage", "identify", "build", "publish", "tell"):
            counts[name] = getattr(steps, name)(run_id)
    except BaseException:
        steps.close_run(run_id, "failed")
        raise
    steps.close_run(run_id, "succeeded")
    return counts


def fingerprint(connection: Connection) -> dict[str, tuple[int, int]]:
    """Rows and an order-independent hash of every published table; equal means equal content.

    Args:
        connection: as ``admin`` or another role that reads marts, reports and restricted.
    """
    prints: dict[str, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname in ('marts', 'reports', 'restricted') and tablename <> 'publication' order by 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from {table} as t"
            )
            rows, digest = one_row(cursor)
            prints[table] = (rows, int(digest))
    return prints
