"""
## One feed by hand

Takes in what one partner has delivered and publishes nothing: the next night does. For a corrected file
that should be checked at once, and for a new partner's first drops.

**Who is told.** The partner: at once of a delivery refused, by `data_quality_digest` of rows held back.

**How to re-run.** Trigger it again: a drop that was taken in is not taken in twice. It waits for nobody:
while another run is at work this one is skipped politely.
"""

from airflow.sdk import dag

from yos_warehouse.orchestration import mail_tasks, tasks


def ingest(feed: str) -> None:
    """One DAG for one feed, with the same task group that the night has."""

    @dag(dag_id=f"ingest_{feed}", schedule=None, doc_md=__doc__, tags=["feed"], **tasks.DAG_DEFAULTS)
    def flow() -> None:
        opened, told = tasks.open_run("ingest"), tasks.tell()
        opened >> tasks.feed_group(feed) >> told
        closed = tasks.close().as_teardown(setups=opened, on_failure_fail_dagrun=True)
        told >> closed >> mail_tasks.notify().as_teardown(setups=opened)

    flow()


for name in tasks.feeds():
    ingest(name)
