"""The tasks that write and send the mails."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from email.message import EmailMessage

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowException

from yos_warehouse.orchestration.tasks import finish
from yos_warehouse.orchestration.wall import attempt


@task
def compose() -> dict[str, int]:
    """Write one mail per owner with news, and once a week one per team's manager and for the named person, into the outbox."""

    def call() -> dict[str, int]:
        from yos_warehouse.server.connect import transaction
        from yos_warehouse.telling.attention import compose_early_warnings
        from yos_warehouse.telling.digest import compose_digests
        from yos_warehouse.telling.protected import compose_protected

        with transaction("publisher") as connection:
            digests = compose_digests(connection)
        with transaction("publisher") as connection:
            warnings = compose_early_warnings(connection)
        with transaction("publisher") as connection:
            return {
                "digests": digests,
                "early_warnings": warnings,
                "protected": compose_protected(connection),
            }

    return finish(*attempt("compose", call))


# Eight more attempts, each after twice the pause: about four hours of a mail server that is down.
@task(retries=8, retry_delay=timedelta(minutes=1), retry_exponential_backoff=True)
def send() -> dict[str, int]:
    """Send what lies in the outbox; fails, and is tried again, while a mail could not be handed over."""

    def call() -> dict[str, int]:
        from yos_warehouse.server.connect import connect
        from yos_warehouse.telling.outbox import send_due

        with connect("publisher", autocommit=True) as connection:
            return send_due(connection, deliver)

    counts = finish(*attempt("send", call))
    if counts["waiting"]:
        raise AirflowException(
            f"MAIL_WAITS: {counts['waiting']} mail(s) wait in ops.outbox; tried again later."
        )
    return counts


def deliver(message: EmailMessage) -> None:
    """Hand one mail to the server of Airflow's connection ``smtp_default``.

    Raises:
        OSError, smtplib.SMTPException, AirflowException: the server is down, hangs (10 seconds) or refuses.
    """
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook("smtp_default") as hook:
        if "From" not in message:
            message["From"] = hook.from_email or "yos-warehouse@example.org"
        # The hook's own sending writes HTML mails; ours are plain text.
        client = hook._smtp_client
        assert isinstance(client, smtplib.SMTP)
        client.send_message(message)
