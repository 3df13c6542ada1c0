"""The night without Airflow: the same steps in one process, for tests, the benchmark and a machine without a scheduler."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from psycopg2.extensions import connection as Connection

from yos_warehouse.build.permanent import KEPT
from yos_warehouse.errors import AlreadyRunning
from yos_warehouse.orchestration import steps
from yos_warehouse.server.connect import one_row
from yos_warehouse.sources.contract import contracts


def run_bare(owner: str, as_at: date | None = None) -> dict[str, dict[str, int]]:
    """Run one night; a failing step closes the run as failed and raises, one of a feed when all else is done.

    Returns:
        The counts of each step by its name.

    Raises:
        AlreadyRunning: another run is alive.
    """
    run_id = steps.open_run("nightly", owner, as_at)
    if run_id is None:
        raise AlreadyRunning("ALREADY_RUNNING", "another night is already running; nothing was done")
    counts: dict[str, dict[str, int]] = {}
    taking_in: dict[str, Callable[[], dict[str, int]]] = {"extract": partial(steps.extract, run_id)}
    taking_in |= {f"load {feed}": partial(steps.load, run_id, feed) for feed in contracts()}
    first_problem: Exception | None = None
    try:
        for name, take_in in taking_in.items():
            try:
                counts[name] = take_in()
            except Exception as problem:  # a broken feed holds nothing: its last good data is built
                first_problem = first_problem or problem
        try:
            for name in ("stage", "identify", "build", "publish"):
                counts[name] = getattr(steps, name)(run_id)
        finally:  # most needed when something before it failed
            counts["tell"] = steps.tell(run_id)
        if first_problem is not None:
            raise first_problem
    except BaseException:
        steps.close_run(run_id, "failed")
        raise
    steps.close_run(run_id, "succeeded")
    return counts


def fingerprint(connection: Connection) -> dict[str, tuple[int, int]]:
    """Rows and an order-independent hash of every published table; equal means equal content.

    Without the tables that carry the time of a publication or a look, and without the numbers of loads, which differ between
    two warehouses.

    Args:
        connection: as ``admin`` or another role that reads marts, reports and restricted.
    """
    prints: dict[str, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select format('%%I.%%I', schemaname, tablename) from pg_tables"
            " where schemaname in ('marts', 'reports', 'restricted')"
            " and format('%%I.%%I', schemaname, tablename) <> all (%s) order by 1",
            (list(KEPT),),
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"select count(*), coalesce(sum(hashtextextended((to_jsonb(t) - 'load_id')::text, 0)::numeric), 0)::text"
                f" from {table} as t"
            )
            rows, digest = one_row(cursor)
            prints[table] = (rows, int(digest))
    return prints
