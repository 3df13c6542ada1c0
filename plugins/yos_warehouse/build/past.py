"""The past beside the present: what was known by the end of a day, built but never published."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from yos_warehouse.build import dbt
from yos_warehouse.errors import AlreadyRunning, YosError
from yos_warehouse.orchestration.lease import close_run, open_run, step
from yos_warehouse.server.connect import one_row


def build_as_at(day: date) -> str:
    """Build all stars as known at the end of ``day`` (Europe/London).

    Returns:
        The schema, ``build_as_at_<yyyymmdd>``.

    Raises:
        AlreadyRunning: a night is running.
        YosError: BEFORE_FIRST_LOAD when nothing had been received by then; DBT_FAILED.
    """
    run_id = open_run("as_at", f"as-at {day} {uuid4()}", day)
    if run_id is None:
        raise AlreadyRunning("ALREADY_RUNNING", "a night is running; ask again when it is over")
    schema = f"build_as_at_{day:%Y%m%d}"
    try:
        with step(run_id, "as at", "transformer", whole_warehouse=True) as guard:
            with guard.cursor() as cursor:
                cursor.execute(
                    "select min(d.received_at)::date from ops.load as l inner join ops.drop as d using (drop_id)"
                    " where l.state = 'accepted'"
                )
                first = one_row(cursor)[0]
            if first is None or day < first:
                raise YosError(
                    "BEFORE_FIRST_LOAD",
                    f"nothing had been received by {day}",
                    f"ask for {first} or later" if first else "run a night first",
                )
            nodes = dbt.run_dbt(
                run_id,
                "as_at",
                [
                    "build",
                    "--select",
                    "staging",
                    "intermediate",
                    "marts",
                    "reports",
                    "restricted",
                    "--exclude-resource-type",
                    "unit_test",
                ],
                day,
                build_schema=schema,
            )
            broken = [node.node for node in nodes if node.status == "error"]
            if broken:
                raise YosError("DBT_FAILED", f"{len(broken)} model(s) failed: {', '.join(broken[:5])}")
    except BaseException:
        close_run(run_id, "failed")
        raise
    close_run(run_id, "succeeded")
    return schema
