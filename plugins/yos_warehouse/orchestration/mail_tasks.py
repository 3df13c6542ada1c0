"""The tasks that write and send the mails."""

from __future__ import annotations

import asyncio
import logging
import smtplib
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING

from airflow.sdk import task
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowException

from yos_warehouse.orchestration.tasks import NIGHT_STARTS, finish
from yos_warehouse.orchestration.wall import attempt
from yos_warehouse.settings import publish_by

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

log = logging.getLogger(__name__)


# One attempt at each mail; what is not taken then goes by the DAG mails.
NOTIFY_SECONDS = 60.0


@task
def compose() -> dict[str, int]:
    """Write what waits for the morning into the outbox: digests, the weekly all-well, the mails to managers and the named person."""

    def call() -> dict[str, int]:
        from yos_warehouse.server.connect import transaction
        from yos_warehouse.telling.alerts import compose_alerts
        from yos_warehouse.telling.attention import compose_early_warnings
        from yos_warehouse.telling.digest import compose_digests, compose_weekly
        from yos_warehouse.telling.protected import compose_protected

        with transaction("publisher") as connection:
            counts = compose_alerts(connection)
        writers: dict[str, Callable[[Connection], int]] = {
            "digests": compose_digests,
            "weekly": compose_weekly,
            "early_warnings": compose_early_warnings,
            "protected": compose_protected,
        }
        for name, write in writers.items():
            with transaction("publisher") as connection:
                counts[name] = write(connection)
        return counts

    return finish(*attempt("compose", call))


# Eight more attempts, each after twice the pause: about four hours of a mail server that is down.
@task(retries=8, retry_delay=timedelta(minutes=1), retry_exponential_backoff=True)
def send() -> dict[str, int]:
    """Send what lies in the outbox; fails, and is tried again, while a mail could not be handed over."""
    counts = finish(*attempt("send", send_now))
    if counts["waiting"]:
        raise AirflowException(
            f"MAIL_WAITS: {counts['waiting']} mail(s) wait in ops.outbox; tried again later."
        )
    return counts


@task
def post() -> dict[str, int]:
    """Say what cannot wait, a missed deadline too, and try the mails that are due; a mail server that is down is no failure."""

    def call() -> dict[str, int]:
        return write_alerts(look_at_deadline=True) | send_now(NOTIFY_SECONDS)

    return finish(*attempt("post", call))


# A little more than its mails may take: a server that hangs holds a run no longer.
@task(retries=0, execution_timeout=timedelta(seconds=NOTIFY_SECONDS + 30))
def notify() -> dict[str, int]:
    """At the end of a run: write and send what cannot wait. It never fails: mails that are not taken wait in the outbox."""
    counts, failure = attempt("notify", lambda: write_alerts() | send_now(NOTIFY_SECONDS))
    if failure is not None:
        log.warning("%s. The DAG mails tries again.", failure.text)
    return counts or {}


async def deadline_missed() -> None:
    """Airflow's alert that a night is not published in time, in the triggerer: open the incident and send its mail."""
    _, failure = await asyncio.to_thread(
        attempt, "deadline", lambda: write_alerts(look_at_deadline=True) | send_now(NOTIFY_SECONDS)
    )
    if failure is not None:
        raise AirflowException(failure.text)


def deadline() -> DeadlineAlert:
    """Of the night: its scheduled start and what remains until ``YOS_PUBLISH_BY``. A night started by hand has none."""
    by = publish_by()
    interval = timedelta(hours=by.hour, minutes=by.minute) - NIGHT_STARTS
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=max(interval, timedelta(0)),
        callback=AsyncCallback(deadline_missed),
        name="published in time",
    )


def write_alerts(*, look_at_deadline: bool = False) -> dict[str, int]:
    """Lay the mails that do not wait into the outbox."""
    from yos_warehouse.server.connect import transaction
    from yos_warehouse.telling.alerts import compose_alerts
    from yos_warehouse.telling.incidents import check_deadline

    with transaction("publisher") as connection:
        if look_at_deadline:
            check_deadline(connection)
        return compose_alerts(connection)


def send_now(seconds: float | None = None) -> dict[str, int]:
    """Try each mail that is due once."""
    from yos_warehouse.server.connect import connect
    from yos_warehouse.telling.outbox import send_due

    with closing(connect("publisher", autocommit=True)) as connection:
        return send_due(connection, deliver, seconds=seconds)


def deliver(message: EmailMessage) -> None:
    """Hand one mail to the server of Airflow's connection ``smtp_default``.

    Raises:
        OSError, smtplib.SMTPException, AirflowException: the server is down, hangs (10 seconds) or refuses.
    """
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook("smtp_default") as hook:
        if "From" not in message:
            message["From"] = hook.from_email or "yos-warehouse@example.org"
        # The hook's own sending builds another mail; ours is made, with its own Message-ID.
        client = hook._smtp_client
        assert isinstance(client, smtplib.SMTP)
        client.send_message(message)
