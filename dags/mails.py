"""
## Mails that do not wait

Every ten minutes: what cannot wait until the morning (a night that failed or has not published in time, a unit held
back, a delivery refused), the one reminder of it, the word that it is over; and another attempt at mails that a mail
server did not take. Nothing due, nothing done.

**Who is told.** The data team, and the partner whose delivery it is.

**How to re-run.** Trigger it again: a mail that was sent is not sent twice.
"""

from airflow.sdk import dag

from yos_warehouse.orchestration import mail_tasks, tasks


@dag(schedule="*/10 * * * *", doc_md=__doc__, tags=["mail"], **tasks.DAG_DEFAULTS)
def mails():
    mail_tasks.post()


mails()
