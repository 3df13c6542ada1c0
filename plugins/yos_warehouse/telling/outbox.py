"""The outbox: mails are rows first, so that a mail server that is down loses nothing and holds nothing up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from hashlib import sha256
from time import monotonic

from psycopg2.extensions import connection as Connection

from yos_warehouse.errors import YosError
from yos_warehouse.telling.owners import ADDRESS, plain

# After this many attempts (the pauses double: over a day) a person has to look.
MAX_ATTEMPTS = 12
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 4 * 3600

TAKE = f"""
    select mail_id, dedupe_key, recipient, subject, body, html, attempts
    from ops.outbox
    where sent_at is null and next_attempt_at <= %(now)s and attempts < {MAX_ATTEMPTS}
        and not mail_id = any(%(tried)s)
    order by mail_id
    limit 1
    for update skip locked
"""


def put(
    connection: Connection,
    dedupe_key: str,
    recipient: str,
    subject: str,
    body: str,
    html: str | None = None,
    *,
    kind: str = "digest",
    incident_id: int | None = None,
    now: datetime | None = None,
) -> bool:
    """Lay a mail into the outbox; False when one with the same key lies there or was sent.

    Args:
        html: the same as ``body``, to look at.
        kind: digest, weekly, incident, reminder, recovery, early_warning or protected.
        now: when it was written and is due; the clock's moment if not given.

    Raises:
        YosError: BAD_ADDRESS, the recipient is not one plain address.
    """
    if not ADDRESS.match(recipient):
        raise YosError(
            "BAD_ADDRESS", "a recipient is not one plain e-mail address", "correct the feed's contract"
        )
    now = now or datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.outbox (dedupe_key, recipient, subject, body, html, kind, incident_id, created_at,"
            " next_attempt_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (dedupe_key) do nothing",
            (dedupe_key, recipient, plain(subject)[:180], body, html, kind, incident_id, now, now),
        )
        return cursor.rowcount == 1


def message(
    dedupe_key: str, recipient: str, subject: str, body: str, html: str | None = None
) -> EmailMessage:
    """A mail as text, and as HTML where there is one.

    Its Message-ID follows from the key: a second copy can be recognised as one.
    """
    mail = EmailMessage()
    mail["To"] = recipient
    mail["Subject"] = plain(subject)
    mail["Message-ID"] = f"<{sha256(dedupe_key.encode()).hexdigest()[:32]}@yos-warehouse.example.org>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def send_due(
    connection: Connection,
    deliver: Callable[[EmailMessage], None],
    now: datetime | None = None,
    *,
    seconds: float | None = None,
) -> dict[str, int]:
    """Send what is due, one transaction each; a mail that is not taken waits twice as long each time.

    Args:
        connection: as publisher, in autocommit mode.
        deliver: hands one mail to a mail server, or raises.
        now: the moment that counts; the clock's if not given.
        seconds: no mail is begun after this time; default: all that are due.

    Returns:
        ``sent``, ``failed`` (now), ``waiting`` (unsent mails that are still tried).
    """
    began = monotonic()
    counts = {"sent": 0, "failed": 0, "waiting": 0}
    tried: list[int] = []
    with connection.cursor() as cursor:
        while seconds is None or monotonic() - began < seconds:
            moment = now or datetime.now(UTC)
            cursor.execute("begin")
            cursor.execute(TAKE, {"tried": tried, "now": moment})
            row = cursor.fetchone()
            if row is None:
                cursor.execute("commit")
                break
            mail_id, key, recipient, subject, body, html, attempts = row
            tried.append(mail_id)
            try:
                deliver(message(key, recipient, subject, body, html))
            except Exception as problem:  # whatever a mail server may do must not stop the other mails
                pause = min(FIRST_PAUSE_SECONDS * 2**attempts, LONGEST_PAUSE_SECONDS)
                cursor.execute(
                    "update ops.outbox set attempts = attempts + 1, last_error = %s,"
                    " next_attempt_at = %s + make_interval(secs => %s) where mail_id = %s",
                    (_reason(problem), moment, pause, mail_id),
                )
                counts["failed"] += 1
            else:
                cursor.execute(
                    "update ops.outbox set attempts = attempts + 1, last_error = null, sent_at = %s"
                    " where mail_id = %s",
                    (moment, mail_id),
                )
                counts["sent"] += 1
            cursor.execute("commit")
        cursor.execute(
            "insert into ops.heartbeat values ('sender', %s)"
            " on conflict (component) do update set beat_at = excluded.beat_at",
            (now or datetime.now(UTC),),
        )
        cursor.execute(
            "select count(*) from ops.outbox where sent_at is null and attempts < %s", (MAX_ATTEMPTS,)
        )
        (counts["waiting"],) = cursor.fetchone() or (0,)
    return counts


def _reason(problem: Exception) -> str:
    """Class and SMTP code only: servers put addresses and passwords' fates into their texts."""
    code = getattr(problem, "smtp_code", None)
    if code is None and (refused := getattr(problem, "recipients", None)):
        code = next(iter(refused.values()))[0]
    return type(problem).__name__ + (f" {code}" if code else "")
