"""
## The night

Takes in what every partner has delivered, builds the stars and publishes the difference to the marts.

**Order.** `open_run` takes the lease: if another run is at work this one is skipped politely. Each feed then
reads its drops side by side; a refused, missing or broken feed holds nothing, its last good data is built.
`stage`, `identify` and `build` work where nobody reads; `publish` writes both units (children, finance) that
passed their tests; `tell` opens and closes incidents; `close` gives the lease back and fails if anything did;
`notify` mails what cannot wait, and never fails the night.

**Who is told.** At once: the data team of a night that failed, a unit held back, or nothing published by 07:00
(`YOS_PUBLISH_BY`); a partner of a delivery refused. All else is in the mails of `data_quality_digest`.

**How to re-run.** Trigger the DAG again. Every step finds its work done or does it anew: nothing is taken in
twice and an unchanged row stays unchanged. A drop is never re-run by Airflow's date: a run takes every drop
the ledger has not seen, whatever the day. `as_at` builds for a given day.
"""

from airflow.sdk import dag

from yos_warehouse.orchestration import mail_tasks, tasks


@dag(
    schedule="30 3 * * *",
    doc_md=__doc__,
    tags=["night"],
    params=tasks.AS_AT,
    deadline=mail_tasks.deadline(),
    **tasks.DAG_DEFAULTS,
)
def nightly():
    opened = tasks.open_run("nightly")
    fed = [tasks.feed_group(feed) for feed in tasks.feeds()]
    staged, told = tasks.stage(), tasks.tell()
    opened >> fed >> staged >> tasks.identify() >> tasks.build() >> tasks.publish() >> told
    closed = tasks.close().as_teardown(setups=opened, on_failure_fail_dagrun=True)
    told >> closed >> mail_tasks.notify().as_teardown(setups=opened)


nightly()
