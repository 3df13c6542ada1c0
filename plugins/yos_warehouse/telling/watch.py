"""Who watches the watchman: ``yos watch`` says by itself that a night did not happen, for a stopped scheduler cannot.

It stands outside of Airflow (cron, a systemd timer, a container of its own), reads the warehouse, starts nothing, and hands
its one mail to the mail server itself. ``var/watch.json`` remembers what was said.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from yos_warehouse.errors import UsageError, YosError
from yos_warehouse.settings import publish_by, var_dir
from yos_warehouse.telling.letter import LONDON, Item, Letter, Section, clock, runbook
from yos_warehouse.telling.outbox import MAX_ATTEMPTS, message
from yos_warehouse.telling.owners import owner_of

GRACE = timedelta(minutes=5)
SILENCE = timedelta(hours=1)
SOCKET_SECONDS = 10


@dataclass(frozen=True)
class Trouble:
    """What is wrong, by a code that stays the same while it lasts."""

    code: str  # NO_NIGHT, MAIL_WAITS
    words: str
    remedy: str


def watch(*, once: bool = False, every: float = 300) -> int:
    """Look, tell, and again after a pause; what ``yos watch`` is.

    Args:
        once: look one time.
        every: seconds between two looks.

    Returns:
        0 all well, 1 something is wrong or could not be told; of the one look, or never where it goes on.
    """
    if every <= 0:
        raise UsageError("EVERY", f"a pause of {every} seconds is none", "write it like --every 300")
    while True:
        code = look()
        if once:
            return code
        time.sleep(every)


def look(now: datetime | None = None) -> int:
    """Look once, tell what is new and what is over, print what is wrong.

    Returns:
        0 all well, 1 something is wrong or could not be told.
    """
    now = now or datetime.now(UTC)
    troubles = {trouble.code: trouble for trouble in find(now)}
    told: dict[str, str] = _remembered()
    fresh = [trouble for code, trouble in troubles.items() if code not in told]
    over = [code for code in told if code not in troubles]
    for trouble in troubles.values():
        print(f"{trouble.code}: {trouble.words}. {trouble.remedy}.", file=sys.stderr)
    if not fresh and not over:
        return 1 if troubles else 0
    try:
        if fresh:
            key = f"watch:{':'.join(trouble.code for trouble in fresh)}:{now.isoformat()}"
            deliver(_mail(_alarm(fresh, now), key))
            told |= {trouble.code: now.isoformat() for trouble in fresh}
            _remember(told)
        if over:
            deliver(_mail(_all_clear(over, told), f"watch-over:{':'.join(over)}:{now.isoformat()}"))
            _remember({code: since for code, since in told.items() if code not in over})
    except (OSError, smtplib.SMTPException) as problem:
        # Told at the next look; cron tells its own reader of what stands here.
        print(
            f"MAIL_WAITS: the mail server did not take the mail ({type(problem).__name__})", file=sys.stderr
        )
        return 1
    return 1 if troubles else 0


def find(now: datetime) -> list[Trouble]:
    """What is wrong at a moment; reads the warehouse and Airflow's health, starts neither."""
    due = datetime.combine(now.astimezone(LONDON).date(), publish_by(), LONDON)
    try:
        missing, waiting, beat_at = _facts(due)
    except YosError as problem:
        return [
            Trouble("NO_NIGHT", f"Nobody can say whether the night happened: {problem.what}", _REMEDY)
        ]  # fmt: skip
    troubles = []
    if missing and now >= due + GRACE:
        words = f"Not published by {due:%H:%M}: {' and '.join(missing)}. {airflow_health()}"
        troubles.append(Trouble("NO_NIGHT", words, _REMEDY))
    if waiting and (beat_at is None or beat_at < now - SILENCE):
        since = f"since {clock(beat_at)}" if beat_at else "ever"
        words = (
            f"{waiting:,} mail(s) wait, and what sends them gave no sign of life {since}. {airflow_health()}"
        )
        troubles.append(Trouble("MAIL_WAITS", words, "see whether Airflow runs: yos up"))
    return troubles


_REMEDY = (
    "see whether the machine, the database and the scheduler run (yos status), then start the night: yos run"
)


def airflow_health() -> str:
    """What Airflow says of its own health, in words."""
    base = (
        os.environ.get("YOS_AIRFLOW_URL") or f"http://127.0.0.1:{os.environ.get('YOS_AIRFLOW_PORT', '8793')}"
    )
    if urlsplit(base).scheme not in ("http", "https"):
        return "YOS_AIRFLOW_URL is no address"
    try:
        with urllib.request.urlopen(f"{base}/api/v2/monitor/health", timeout=SOCKET_SECONDS) as answer:
            health = json.load(answer)
            sick = sorted(
                name
                for name, state in health.items()
                if state and state.get("status") not in ("healthy", None)
            )
    except (OSError, ValueError, AttributeError):
        return "Airflow does not answer"
    return f"Airflow's {' and '.join(sick)} not healthy" if sick else "Airflow says it is healthy"


def _facts(due: datetime) -> tuple[list[str], int, datetime | None]:
    """Units that are not published, mails that wait, the sender's last sign of life.

    Raises:
        YosError: DATABASE_UNREACHABLE, or the warehouse cannot be read.
    """
    import psycopg2

    from yos_warehouse.server.connect import connect
    from yos_warehouse.server.embedded import is_running
    from yos_warehouse.telling.incidents import unpublished

    if not os.environ.get("YOS_DATABASE_URL") and not is_running():
        raise YosError("DATABASE_UNREACHABLE", "PostgreSQL does not run")
    try:
        with (
            closing(connect("publisher", autocommit=True, application="yos watch")) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("set statement_timeout = '30s'")
            missing = unpublished(cursor, due)
            cursor.execute(
                "select count(*), (select beat_at from ops.heartbeat where component = 'sender')"
                " from ops.outbox where sent_at is null and attempts < %s",
                (MAX_ATTEMPTS,),
            )
            waiting, beat_at = cursor.fetchone() or (0, None)
            cursor.execute(
                "insert into ops.heartbeat values ('watch', now())"
                " on conflict (component) do update set beat_at = excluded.beat_at"
            )
            return missing, waiting, beat_at
    except psycopg2.Error as problem:
        state = problem.pgcode or "none: connection lost"
        raise YosError("DATABASE_UNREACHABLE", f"the warehouse cannot be read (SQLSTATE {state})") from None


def _alarm(troubles: list[Trouble], now: datetime) -> Letter:
    items = [
        Item(f"{t.words.rstrip('.')}. Seen {clock(now)}.", "", f"{t.remedy}.", (("What to do, step by step", runbook(t.code)),))
        for t in troubles
    ]  # fmt: skip
    subject = "URGENT: " + " and ".join(
        "no night" if trouble.code == "NO_NIGHT" else "mails are not sent" for trouble in troubles
    )
    closing_words = "Said by yos watch, outside of Airflow: once, and again when it is over."
    return Letter(
        owner_of("us", None), subject, [Section("What happened", items, "bad")], closing_words, False
    )


def _all_clear(codes: list[str], told: dict[str, str]) -> Letter:
    items = [Item(f"{code}, told {clock(datetime.fromisoformat(told[code]))}, is over.") for code in codes]
    sections = [Section("In order again", items, "good")]
    return Letter(owner_of("us", None), "In order again: the watch sees nothing wrong" if len(codes) == len(told)
        else "In order again, in part", sections, "Said by yos watch, outside of Airflow.", False)  # fmt: skip


def _mail(letter: Letter, key: str) -> EmailMessage:
    return message(key, letter.owner.email, letter.title, letter.text(), letter.html())


# ---------------------------------------------------------------- by itself


def deliver(mail: EmailMessage) -> None:
    """Hand one mail to the server of ``AIRFLOW_CONN_SMTP_DEFAULT``, without Airflow.

    Raises:
        OSError, smtplib.SMTPException: the server is down, hangs (10 seconds) or refuses.
    """
    from yos_warehouse.orchestration.airflow_config import smtp_connection

    given = _server(smtp_connection(int(os.environ.get("YOS_MAIL_PORT", "8025"))))
    extra = given["extra"]
    mail["From"] = extra.get("from_email") or os.environ.get(
        "YOS_MAIL_FROM", "yos-warehouse@oakshire.example.org"
    )
    context = ssl.create_default_context()
    host, port = given["host"] or "127.0.0.1", given["port"] or 25
    if not _is_on(extra.get("disable_ssl", True)):
        client: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SOCKET_SECONDS, context=context)
    else:
        client = smtplib.SMTP(host, port, timeout=SOCKET_SECONDS)
    with client:
        if not isinstance(client, smtplib.SMTP_SSL) and not _is_on(extra.get("disable_tls", False)):
            client.starttls(context=context)
        if given["login"]:
            client.login(given["login"], given["password"] or "")
        client.send_message(mail)


def _server(connection: str) -> dict[str, Any]:
    """Host, port, login, password and extra of an Airflow connection, written as JSON or as a URL."""
    if connection.lstrip().startswith("{"):
        facts = json.loads(connection)
        extra = facts.get("extra") or {}
        return {name: facts.get(name) for name in ("host", "port", "login", "password")} | {
            "extra": json.loads(extra) if isinstance(extra, str) else extra
        }
    url = urlsplit(connection)
    return {
        "host": url.hostname,
        "port": url.port,
        "login": unquote(url.username) if url.username else None,
        "password": unquote(url.password) if url.password else None,
        "extra": {name: values[-1] for name, values in parse_qs(url.query).items()},
    }


def _is_on(value: object) -> bool:
    return str(value).lower() in ("true", "1", "yes")


def _memory() -> Path:
    return var_dir() / "watch.json"


def _remembered() -> dict[str, str]:
    try:
        found = json.loads(_memory().read_text("ascii"))
        return {str(code): datetime.fromisoformat(since).isoformat() for code, since in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember(told: dict[str, str]) -> None:
    path = _memory()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(told, file)
    part.replace(path)
