"""The tasks of the DAGs: thin, and nothing but counts and ids leaves them.

Steps are imported inside the tasks: parsing a DAG must stay light, and a task must not pay for what
another one needs (Great Expectations alone takes seconds to import).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pendulum
from airflow.sdk import Asset, Param, TriggerRule, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from yos_warehouse.orchestration.wall import Failure, attempt
from yos_warehouse.sources.contract import contracts

# The marts, for the lineage pages of the UI only: no schedule hangs on an asset event (traps.md 1.2).
MARTS = Asset(name="marts", uri="yos://warehouse/marts")

NIGHT_STARTS = timedelta(hours=3, minutes=30)  # as the schedule of nightly says

# What all DAGs have in common. London time: partners and readers live by it; no schedule lies between
# 01:00 and 02:00, the hour that summer time skips or repeats.
DAG_DEFAULTS: dict[str, Any] = {
    "start_date": pendulum.datetime(2026, 1, 1, tz="Europe/London"),
    "catchup": False,
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(hours=4),
    "default_args": {
        "owner": "data team",
        # Only a failure that may pass is tried again, see finish(); so is a task that was killed.
        "retries": 2,
        "retry_delay": timedelta(seconds=10),
        "execution_timeout": timedelta(hours=1),
    },
}

AS_AT = {
    "as_at": Param(
        None,
        type=["null", "string"],
        format="date",
        title="As at",
        description="The day up to which the warehouse knows (2026-03-31). Empty: the latest day delivered.",
    )
}


def finish(result: Any, failure: Failure | None) -> Any:
    """Hand a step's result to Airflow, or fail: with another attempt only where one may help."""
    if failure is None:
        return result
    raise (AirflowException if failure.may_pass else AirflowFailException)(failure.text)


def run_step(name: str, *arguments: object) -> dict[str, int]:
    """Run one step of ``orchestration/steps.py`` for the run that ``open_run`` opened.

    Returns:
        the step's counts.
    """
    run_id = get_current_context()["ti"].xcom_pull(task_ids="open_run")

    def call() -> Any:
        from yos_warehouse.orchestration import steps

        return getattr(steps, name)(run_id, *arguments)

    return finish(*attempt(" ".join([name, *map(str, arguments)]), call))


@task
def open_run(kind: str) -> int:
    """Take the lease; skip the whole run when another one is live."""
    context = get_current_context()
    run = context["dag_run"]
    asked = context["params"].get("as_at")

    def call() -> int | None:
        from yos_warehouse.orchestration import steps

        owner = f"{run.dag_id} {run.run_id}"
        return steps.open_run(kind, owner, date.fromisoformat(asked) if asked else None)

    run_id = finish(*attempt("open_run", call))
    if run_id is None:
        raise AirflowSkipException("ALREADY_RUNNING: another run is at work; this one leaves it alone.")
    return run_id


@task
def extract() -> dict[str, int]:
    """Read the source system in one snapshot and write it as a drop."""
    return run_step("extract")


@task
def load(feed: str) -> dict[str, int]:
    """Take in every drop of the feed that the ledger has not seen. A refused drop is counted, not raised."""
    return run_step("load", feed)


# Runs whatever became of the feeds: a feed that is missing or broken holds nothing, its last good data
# is built. Skipped only if the whole run was (another one is live).
@task(trigger_rule=TriggerRule.NONE_SKIPPED)
def stage() -> dict[str, int]:
    """Fix the as-at date and build staging as known on that day."""
    return run_step("stage")


@task
def identify() -> dict[str, int]:
    """Give new people and events their keys."""
    return run_step("identify")


@task
def build() -> dict[str, int]:
    """Build stars and reports where nobody reads, and test them."""
    return run_step("build")


@task(outlets=[MARTS])
def publish() -> dict[str, int]:
    """Audit the build and write its difference to the marts in one transaction per unit."""
    return run_step("publish")


@task(trigger_rule=TriggerRule.NONE_SKIPPED)
def tell() -> dict[str, int]:
    """Open, keep or close incidents: most needed when something before it failed."""
    return run_step("tell")


@task(retries=4)
def close() -> str:
    """Give the lease back and say how the run ended.

    A teardown: it runs whatever happened once the run was opened, and fails if anything failed, so that
    the DAG run never ends green by the grace of its last task.
    """
    context = get_current_context()
    ti, run = context["ti"], context["dag_run"]
    states = ti.get_task_states(dag_id=run.dag_id, run_ids=[run.run_id]).get(run.run_id, {})
    before = {name: state for name, state in states.items() if name not in (ti.task_id, "notify")}
    failed = sorted(name for name, state in before.items() if state == "failed")
    # A task stopped by the run's time-out is skipped without having failed; so is all that follows it.
    unfinished = [name for name, state in before.items() if state != "success"]
    state = "failed" if failed or unfinished else "succeeded"
    run_id = ti.xcom_pull(task_ids="open_run")

    def call() -> None:
        from yos_warehouse.orchestration import steps

        steps.close_run(run_id, state)

    finish(*attempt("close", call))
    if state == "failed":
        raise AirflowFailException(
            f"RUN_FAILED: {', '.join(failed or unfinished)} did not succeed. "
            "What was published stays. See the log of that task; trigger the DAG again once that is mended."
        )
    return state


def feed_group(feed: str) -> Any:
    """The task group of one feed, the same in the night and alone: read the source if there is one, load."""

    @task_group(group_id=feed, tooltip=contracts()[feed].title)
    def group() -> None:
        if any(entity.format == "query" for entity in contracts()[feed].entities.values()):
            # A source that cannot be read does not keep the drops waiting that lie in the store.
            extract() >> load.override(trigger_rule=TriggerRule.NONE_SKIPPED)(feed)
        else:
            load(feed)

    return group()


def feeds() -> list[str]:
    """Feed names, from the contracts; a contract that does not hold stops the parse here."""
    return list(contracts())
