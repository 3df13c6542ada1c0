"""
## The morning's mails

One plain mail to each owner of data: what was received, which rows are held back by which check, and what to
do. Counts only, never a value of a record. Who has nothing new gets no mail.

**Who is told.** Each partner of the contract in `dags/feeds/`, the data team, the analyst.

**How to re-run.** Trigger it again: a mail that was sent is not sent twice. Mails are rows of `ops.outbox`
first; while the mail server is down `send` tries for hours and the next digest goes on from there.
"""

from airflow.sdk import dag

from yos_warehouse.orchestration import mail_tasks, tasks


@dag(schedule="30 7 * * *", doc_md=__doc__, tags=["mail"], **tasks.DAG_DEFAULTS)
def data_quality_digest():
    mail_tasks.compose() >> mail_tasks.send()


data_quality_digest()
