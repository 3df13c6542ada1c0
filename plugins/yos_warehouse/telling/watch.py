"""``yos watch``: looks from outside whether nights happen and mails go out, and mails by itself when they do not.

It is started by something else than Airflow (cron, systemd, a service of its own) and hands its mail to the mail server
itself: what it watches cannot take it along. One mail per thing, one when it is over; what it told is in
``var/watch.json``, so that it need not remember anything in a database that may be away.
"""

from __future__ import annotations

import json
import os
import smtplib
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.errors import UsageError, YosError
from yos_warehouse.settings import publish_by, var_dir
from yos_warehouse.telling.incidents import LONDON, unpublished
from yos_warehouse.telling.letter import Item, Letter, Section, clock, count, runbook
from yos_warehouse.telling.mail_server import mail_server
from yos_warehouse.telling.outbox import MAX_ATTEMPTS, message
from yos_warehouse.telling.owners import owner_of, plain

LATE = timedelta(minutes=5)  # what the usual way may need to tell of a missed deadline by itself
SILENCE = timedelta(hours=1)
PAUSE_SECONDS = 60
DATABASE, NIGHT, SENDER = "database", "night", "sender"

# The usual way has told the data team already of what kept this night from being published, and was heard.
TOLD = """
    select from ops.incident as i join ops.outbox as o
        on o.kind = 'incident' and o.recipient = i.owner_email and o.created_at = i.told_at and o.sent_at is not null
    where i.closed_at is null and (i.rule_code in ('RUN_FAILED', 'NOT_PUBLISHED') or i.rule_code like 'HELD\\_%')
    limit 1
"""


@dataclass(frozen=True)
class Sight:
    """What one look saw.

    Attributes:
        troubles: words by what they are about: ``database``, ``night``, ``sender``.
        is_fictional: None while the database does not say.
    """

    troubles: Mapping[str, str]
    is_fictional: bool | None


def watch(*, once: bool = False, every: float = PAUSE_SECONDS) -> int:
    """Look, tell, and again after a pause; what ``yos watch`` is.

    Args:
        once: look one time.
        every: seconds between two looks.

    Returns:
        0 all well, 1 something is wrong, or could not be told.

    Raises:
        UsageError: EVERY, a pause that is none; PUBLISH_BY or SMTP_CONNECTION, a setting cannot be read.
    """
    if every <= 0:
        raise UsageError("EVERY", f"a pause of {every} seconds is none", "write it like --every 60")
    deliver = mail_server().deliver
    while True:
        outcome = look_and_tell(deliver)
        if once:
            return outcome
        time.sleep(every)


def look_and_tell(deliver: Callable[[EmailMessage], None], now: datetime | None = None) -> int:
    """One look: mails what is new and what is over; what could not be handed over is tried at the next look.

    Args:
        deliver: hands one mail to a mail server, or raises.
        now: the moment that counts; the clock's if not given.

    Returns:
        As :func:`watch`.
    """
    now = now or datetime.now(UTC)
    sight = look(now)
    memory = _remembered()
    told: dict[str, dict[str, str]] = memory["told"]
    if sight.is_fictional is not None:
        memory["is_fictional"] = sight.is_fictional
    new = {name: words for name, words in sight.troubles.items() if name not in told}
    # While the database is away nobody knows whether the rest is over.
    over = {} if DATABASE in sight.troubles else {n: t for n, t in told.items() if n not in sight.troubles}
    is_told = True
    if new and _handed_over(deliver, "trouble", new, memory, now):
        told |= {name: {"since": now.isoformat(), "words": words} for name, words in new.items()}
    elif new:
        is_told = False
    if over and _handed_over(deliver, "over", {n: t["words"] for n, t in over.items()}, memory, now):
        for name in over:
            del told[name]
    elif over:
        is_told = False
    _remember(memory)
    for words in sight.troubles.values():
        print(f"yos watch: {words}", file=sys.stderr, flush=True)
    return 1 if sight.troubles or not is_told else 0


def look(now: datetime) -> Sight:
    """See whether the database answers, the night is published and the mails go out; starts nothing.

    Raises:
        UsageError: PUBLISH_BY.
    """
    from yos_warehouse.server.connect import connect
    from yos_warehouse.server.embedded import is_running

    away = "The warehouse's database does not answer"
    publish_by()  # a setting that cannot be read is said before anything else
    if "YOS_DATABASE_URL" not in os.environ and not is_running():
        return Sight({DATABASE: away}, None)
    try:
        connection = connect("publisher", autocommit=True, application="yos watch")
    except YosError:
        return Sight({DATABASE: away}, None)
    try:
        with connection.cursor() as cursor:
            # A statement that waits for a lock or a disk for ever says as much as no answer.
            cursor.execute("set statement_timeout = '20s'")
            cursor.execute(
                "insert into ops.heartbeat values ('watch', %s)"
                " on conflict (component) do update set beat_at = excluded.beat_at",
                (now,),
            )
            cursor.execute("select coalesce(bool_or(is_fictional), true) from ops.drop")
            (is_fictional,) = cursor.fetchone() or (True,)
            return Sight(_troubles(cursor, now), is_fictional)
    except psycopg2.Error:
        return Sight({DATABASE: away}, None)
    finally:
        connection.close()


def _troubles(cursor: Cursor, now: datetime) -> dict[str, str]:
    troubles = {}
    silent_since = _sender_silent_since(cursor, now)
    if silent_since is not None:
        cursor.execute(
            "select count(*) from ops.outbox where sent_at is null and attempts < %s and created_at <= %s",
            (MAX_ATTEMPTS, now - SILENCE),
        )
        (waiting,) = cursor.fetchone() or (0,)
        if waiting:
            troubles[SENDER] = (
                f"{count(waiting, 'mail waits', 'mails wait')}, and what sends them gives no sign of life {silent_since}"
            )
    due = datetime.combine(now.astimezone(LONDON).date(), publish_by(), LONDON)
    if now < due + LATE:  # until then the morning before counts
        due -= timedelta(days=1)
    cursor.execute("select from ops.run where started_at < %s limit 1", (due,))
    if cursor.rowcount and (missing := unpublished(cursor, due)):
        cursor.execute(TOLD)
        if not (cursor.rowcount and silent_since is None):
            troubles[NIGHT] = (
                f"Not published by {clock(due)}: {' and '.join(missing)}; older figures stay. {_airflow_words()}"
            )
    return troubles


def _sender_silent_since(cursor: Cursor, now: datetime) -> str | None:
    """When the sender was last heard, in words; None while it is heard."""
    cursor.execute("select max(beat_at) from ops.heartbeat where component = 'sender'")
    (beat,) = cursor.fetchone() or (None,)
    if beat is None:
        return "at all"
    return None if beat > now - SILENCE else f"since {clock(beat)}"


def _airflow_words() -> str:
    """What Airflow's health page says, where we know where it is; only to help who reads the mail."""
    from yos_warehouse.orchestration.airflow_api import AirflowApi

    url = (
        os.environ.get("YOS_AIRFLOW_URL") or f"http://127.0.0.1:{os.environ.get('YOS_AIRFLOW_PORT', '8793')}"
    )
    try:
        health = AirflowApi(url, "", "").health()
        sick = [
            name for name in ("metadatabase", "scheduler", "dag_processor", "triggerer")
            if (health.get(name) or {}).get("status") != "healthy"
        ]  # fmt: skip
    except (HTTPException, AttributeError):  # something else answers there
        health = {}
    if not health:
        return "Airflow does not answer."
    return (
        f"Airflow answers; not well: {', '.join(sick)}." if sick else "Airflow answers and says it is well."
    )


def _handed_over(
    deliver: Callable[[EmailMessage], None], kind: str, troubles: Mapping[str, str],
    memory: Mapping[str, Any], now: datetime,
) -> bool:  # fmt: skip
    owner = owner_of("us", None)
    is_over = kind == "over"
    (first, *more) = troubles
    heads = {
        DATABASE: "the database does not answer",
        NIGHT: "no night was published",
        SENDER: "mails are not sent",
    }
    subject = heads[first] + (f", and {count(len(more), 'more thing', 'more things')}" if more else "")
    links = () if is_over else (("What to do, step by step", runbook("NO_NIGHT")),)
    items = [
        Item(f"{words.rstrip('.')}.", todo="" if is_over else "log in where the warehouse runs: yos status says how far it is.",
            links=links)
        for words in troubles.values()
    ]  # fmt: skip
    letter = Letter(
        owner,
        f"{'In order again' if is_over else 'URGENT'}: {subject}",
        [Section("In order again" if is_over else "What the watch saw", items, "good" if is_over else "bad")],
        f"Seen at {clock(now)} by the watch, which stands outside of what it watches. It tells each thing once, and "
        "once when it is over.",
        bool(memory["is_fictional"]),
    )
    since = memory["told"][first]["since"] if is_over else now.isoformat()
    key = f"watch:{kind}:{','.join(sorted(troubles))}:{since}"
    try:
        deliver(message(key, owner.email, letter.title, letter.text(), letter.html()))
    except (OSError, smtplib.SMTPException) as problem:
        # Class only: servers put addresses into their texts.
        print(f"yos watch: the mail could not be handed over ({type(problem).__name__})", file=sys.stderr)
        return False
    return True


def _memory_file() -> Path:
    return var_dir() / "watch.json"


def _remembered() -> dict[str, Any]:
    try:
        memory = json.loads(_memory_file().read_text("utf-8"))
        told = {
            str(name): {"since": str(entry["since"]), "words": plain(str(entry["words"]))}
            for name, entry in memory["told"].items()
            if name in (DATABASE, NIGHT, SENDER)
        }
        return {"told": told, "is_fictional": bool(memory["is_fictional"])}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Until the database has said otherwise once; the mail tells of no record either way.
        return {"told": {}, "is_fictional": True}


def _remember(memory: Mapping[str, Any]) -> None:
    """Whole or not at all: a watch that is killed while it writes must not forget, and tell again."""
    path = _memory_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(memory, file, indent=1)
    part.replace(path)
