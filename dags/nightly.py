"""
## The night

Takes in what every partner has delivered, builds the stars and publishes the difference to the marts.

**Order.** `open_run` takes the lease: if another run is at work this one is skipped politely. Each feed then
reads its drops side by side; a refused, missing or broken feed holds nothing, its last good data is built.
`stage`, `identify` and `build` work where nobody reads; `publish` writes both units (children, finance) that
passed their tests; `tell` opens and closes incidents; `close` gives the lease back and fails if anything did.

**Who is told.** Each owner of data gets one mail from `data_quality_digest`; a failed run is in the data
team's mail and in `yos status`.

**How to re-run.** Trigger the DAG again. Every step finds its work done or does it anew: nothing is taken in
twice and an unchanged row stays unchanged. A drop is never re-run by Airflow's date: a run takes every drop
the ledger has not seen, whatever the day. `as_at` builds for a given day.
"""

from airflow.sdk import dag

from yos_warehouse.orchestration import tasks


@dag(schedule="30 3 * * *", doc_md=__doc__, tags=["night"], params=tasks.AS_AT, **tasks.DAG_DEFAULTS)
def nightly():
    opened = tasks.open_run("nightly")
    fed = [tasks.feed_group(feed) for feed in tasks.feeds()]
    staged, told = tasks.stage(), tasks.tell()
    opened >> fed >> staged >> tasks.identify() >> tasks.build() >> tasks.publish() >> told
    told >> tasks.close().as_teardown(setups=opened, on_failure_fail_dagrun=True)


nightly()
