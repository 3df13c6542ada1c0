"""
## The morning's mails

One mail to each owner of data: the three things to do first, what is new, still open or in order again, what was
received. Counts only, never a value of a record. Who has nothing new gets no mail, and who had none for a week hears on
Monday (`YOS_WEEKLY_DAY`) that all is well. Once a week each team's manager is
told how many children of the team need a look at their education; 1 to 4 reads "fewer than 5".

**Who is told.** Each partner of the contract in `dags/feeds/`, the data team, the analyst; of a team's children the
manager of that team in `dags/services/` alone.

**How to re-run.** Trigger it again: a mail that was sent is not sent twice. Mails are rows of `ops.outbox`
first; while the mail server is down `send` tries for hours and the next digest goes on from there.
"""

from airflow.sdk import dag

from yos_warehouse.orchestration import mail_tasks, tasks


@dag(schedule="30 7 * * *", doc_md=__doc__, tags=["mail"], **tasks.DAG_DEFAULTS)
def data_quality_digest():
    mail_tasks.compose() >> mail_tasks.send()


data_quality_digest()
