"""The steps of a night, in the order in which they run, without Airflow.

Airflow's tasks, the tests and the benchmark call these same functions. Each takes the run id and
gives back counts; each may be run again at any time and then finds its work done or does it anew.
"""

from __future__ import annotations

import hashlib
import os
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from yos_warehouse import faults
from yos_warehouse.build import dbt
from yos_warehouse.errors import YosError
from yos_warehouse.history.as_at import latest_as_at
from yos_warehouse.orchestration.lease import check_lease, close_run, open_run, step
from yos_warehouse.server.connect import one_row, transaction
from yos_warehouse.settings import DBT_DIR, drops_dir
from yos_warehouse.sources.contract import contracts

__all__ = ["build", "close_run", "extract", "identify", "load", "open_run", "publish", "stage", "tell"]

LONDON = ZoneInfo("Europe/London")
# Unit tests prove rules on made-up rows; that belongs to make test, not to every night.
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


def extract(run_id: int, business_date: date | None = None) -> dict[str, int]:
    """Read the case system in one snapshot and write it as a drop.

    Does nothing where no source is configured (``YOS_SOURCE_URL``): then its drops come as files.

    Args:
        business_date: the day the content stands for; ``YOS_SOURCE_DATE`` or today if not given.

    Returns:
        ``files`` and ``rows`` of the drop.
    """
    from yos_warehouse.sources.case_system import extract as extract_drop

    source_url = os.environ.get("YOS_SOURCE_URL")
    if not source_url:
        return {"files": 0, "rows": 0}
    given = os.environ.get("YOS_SOURCE_DATE")
    now = datetime.now(LONDON)
    if business_date is None and given:
        business_date = date.fromisoformat(given)
    # A source that stands still at a past day (the fictional one) is received on the evening of that day.
    received_at = now if business_date is None else datetime.combine(business_date, time(20), LONDON)
    with step(run_id, "extract", "loader"):
        drop = extract_drop(
            contracts()["case_system"], source_url, business_date or now.date(), received_at, drops_dir()
        )
        faults.point("after:extract")
    return {"files": len(drop.manifest.files), "rows": sum(file.rows or 0 for file in drop.manifest.files)}


def load(run_id: int, feed: str) -> dict[str, int]:
    """Take in every drop of a feed that the ledger has not seen: landing, checks, quarantine, history.

    Returns:
        ``drops``, ``rejected`` (drops), and the rows ``accepted``, ``quarantined``, ``rejected_rows``.
    """
    from yos_warehouse.door.load import load_feed

    with step(run_id, f"load {feed}", "loader"):
        reports = load_feed(run_id, feed, drops_dir())
    return {
        "drops": len(reports),
        "rejected": sum(report.state == "rejected" for report in reports),
        "accepted": sum(report.rows_accepted for report in reports),
        "quarantined": sum(report.rows_quarantined for report in reports),
        "rejected_rows": sum(report.rows_rejected for report in reports),
    }


def stage(run_id: int) -> dict[str, int]:
    """Fix the as-at date of the run and build staging as known on that day.

    Raises:
        YosError: NO_DATA before any drop was accepted; AS_AT_PAST for a day before the last publication.
    """
    with step(run_id, "stage", "transformer", whole_warehouse=True) as guard:
        as_at = _fix_as_at(run_id)
        load_code_lists(run_id, guard, as_at)
        nodes = dbt.run_dbt(run_id, "stage", ["build", "--select", "staging", *NO_UNIT_TESTS], as_at)
        _stop_if_broken(nodes, "stage")
        faults.point("after:stage")
    return {"models": len(nodes)}


def identify(run_id: int) -> dict[str, int]:
    """Say who is who after each day that changed, give new events their key, and measure how well it went."""
    from yos_warehouse.fictional.truth import read_truth
    from yos_warehouse.identity.crosswalk import identify as identify_records
    from yos_warehouse.identity.measures import measure_quality
    from yos_warehouse.orchestration.fictional_source import truth_path

    with (
        step(run_id, "identify", "identity", whole_warehouse=True),
        transaction("identity") as connection,
    ):
        counts = identify_records(connection, run_id)
        if truth_path().exists():  # the fictional service alone has one
            with connection.cursor() as cursor:
                measure_quality(cursor, run_id, read_truth(truth_path()))
        check_lease(connection, run_id)
        faults.point("before:identify_commit")
    faults.point("after:identify")
    return counts


def build(run_id: int) -> dict[str, int]:
    """Build rules, stars and reports in the schema nobody reads, and test them.

    Failing tests do not stop the step: the audit holds back the unit they belong to. After a merge or a split of persons
    the figures it changed are written down (ops.identity_change).
    """
    from yos_warehouse.build.identity_change import figures_before, write_changes

    with step(run_id, "build", "transformer", whole_warehouse=True):
        before = figures_before(run_id, as_at_of(run_id))
        nodes = dbt.run_dbt(
            run_id,
            "build",
            ["build", "--select", "intermediate", "marts", "reports", "restricted", *NO_UNIT_TESTS],
            as_at_of(run_id),
        )
        if before is not None and not any(node.status == "error" for node in nodes):
            write_changes(run_id, before)
        faults.point("after:build")
    return {
        "models": sum(node.unique_id.startswith("model.") for node in nodes),
        "tests": sum(node.unique_id.startswith(("test.", "unit_test.")) for node in nodes),
        "failed": sum(node.status in ("error", "fail") for node in nodes),
        "warned": sum(node.status == "warn" for node in nodes),
    }


def publish(run_id: int) -> dict[str, int]:
    """Audit the build and write its difference to the permanent tables, unit by unit.

    Raises:
        YosError: HELD when a unit was held back; the other one is published all the same.
    """
    from yos_warehouse.build.publish import publish as publish_build

    with step(run_id, "publish", "publisher", whole_warehouse=True):
        outcome = publish_build(run_id)
        faults.point("after:publish")
    return outcome


def tell(run_id: int) -> dict[str, int]:
    """Say which feeds are late, then open, keep or close incidents from what this run found, and any that ended untold."""
    from yos_warehouse.door.freshness import check_freshness
    from yos_warehouse.telling.incidents import tell_runs

    with step(run_id, "tell", "publisher"):
        with transaction("publisher") as connection:
            check_freshness(connection, run_id)
            counts = tell_runs(connection, run_id, drops_dir())
        faults.point("after:tell")
    return counts


def as_at_of(run_id: int) -> date:
    """The as-at date of a run, fixed when it staged."""
    with transaction("loader") as connection, connection.cursor() as cursor:
        cursor.execute("select as_at from ops.run where run_id = %s", (run_id,))
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise YosError("NO_AS_AT", f"run {run_id} has no as-at date", "run the stage step first")
    return row[0]


def _fix_as_at(run_id: int) -> date:
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute(
            "select as_at, (select max(as_at) from marts.publication) from ops.run where run_id = %s",
            (run_id,),
        )
        asked, published = one_row(cursor)
        as_at = asked or latest_as_at(connection)
        if as_at is None:
            raise YosError(
                "NO_DATA", "no delivery has been accepted yet", "see yos status for what was refused and why"
            )
        if published and as_at < published:
            raise YosError(
                "AS_AT_PAST",
                f"{as_at} lies before what is published ({published})",
                f"build the past beside it with: yos as-at {as_at}",
            )
        cursor.execute("update ops.run set as_at = %s where run_id = %s", (as_at, run_id))
    return as_at


def load_code_lists(run_id: int | None, guard, as_at: date) -> None:  # type: ignore[no-untyped-def]
    """Code lists change with a release, not with a night: load them when the files changed.

    Args:
        run_id: the run to store results for; None stores nothing.
        guard: the caller's transaction as transformer.

    Raises:
        YosError: DBT_FAILED.
    """
    digest = hashlib.sha256()
    for path in sorted((DBT_DIR / "seeds").rglob("*.csv")):
        digest.update(path.read_bytes())
    with guard.cursor() as cursor:
        cursor.execute("create table if not exists ref.code_list_state (content_hash text not null)")
        cursor.execute("select content_hash from ref.code_list_state")
        if cursor.fetchone() == (digest.hexdigest(),):
            return
        _stop_if_broken(
            # made anew: a list whose columns changed with the release does not fit the table of the last one
            dbt.run_dbt(
                run_id, "code_lists", ["build", "--full-refresh", "--select", "resource_type:seed"], as_at
            ),
            "code_lists",
        )
        faults.point("after:code_lists")
        cursor.execute("delete from ref.code_list_state")
        cursor.execute("insert into ref.code_list_state values (%s)", (digest.hexdigest(),))


def _stop_if_broken(nodes: list[dbt.NodeResult], step_name: str) -> None:
    # A failing test does not stop the night here: the audit holds back the unit it belongs to.
    broken = sorted(
        node.node for node in nodes if node.status == "error" and not node.unique_id.startswith("test.")
    )
    if broken:
        raise YosError(
            "DBT_FAILED",
            f"{len(broken)} dbt node(s) failed in {step_name}: {', '.join(broken[:5])}",
            "see ops.model_run for the run and the model's page for its rules",
        )
