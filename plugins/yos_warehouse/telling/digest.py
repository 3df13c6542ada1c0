"""The digest: one plain mail per owner with news. Counts and the words of checks, never a value of a record.

Words are the partner's: delivery, check, rows held back.
"""

from __future__ import annotations

import os
import textwrap
from dataclasses import dataclass, field
from datetime import date, datetime

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling.outbox import put
from yos_warehouse.telling.owners import Owner, everybody, feeds_of, plain, service_name

WIDTH = 76
REMIND_AFTER_DAYS = 7
MOST_DELIVERIES = 15
MOST_COLUMNS = 5


# Columns that no earlier load of the entity had. Which of several files they stand in changes from day to day.
NEW_COLUMNS = """
    with found as (
        select d.feed, e.entity, l.run_id, split_part(told, ' (', 1) as place
        from ops.load_entity as e
        join ops.load as l using (load_id)
        join ops.drop as d using (drop_id), unnest(e.extra_columns) as told
        where d.feed = any(%(feeds)s) and l.run_id <= %(newest)s
    )
    select feed, entity, array_agg(place order by length(place), place)
    from (select feed, entity, place from found group by feed, entity, place having min(run_id) > %(since)s) as new
    group by feed, entity order by feed, entity
"""


@dataclass(frozen=True)
class Delivery:
    """One drop as it was taken in or refused."""

    feed: str
    business_date: date
    state: str
    reason: str | None
    rows_in_files: int
    rows_held_back: int


@dataclass(frozen=True)
class Incident:
    """An open or just closed incident."""

    feed: str | None
    entity: str | None
    severity: str
    words: str
    remedy: str
    rows: int | None
    opened_on: date
    is_new: bool
    is_closed: bool


@dataclass(frozen=True)
class Queue:
    """Questions about identity that wait, and what was decided since the last mail; those of protected identities left out."""

    questions: int = 0
    oldest_days: int = 0
    same: int = 0
    different: int = 0
    revoked: int = 0

    @property
    def decisions(self) -> int:
        """Taken or taken back."""
        return self.same + self.different + self.revoked


@dataclass
class News:
    """All that happened for one owner since the last mail."""

    owner: Owner
    is_fictional: bool
    deliveries: list[Delivery] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    unread_columns: list[tuple[str, str, list[str]]] = field(default_factory=list)  # feed, entity, places
    failed_runs: list[tuple[int, str, datetime]] = field(default_factory=list)
    queue: Queue = Queue()
    reminder_is_due: bool = False

    @property
    def is_worth_a_mail(self) -> bool:
        """Nothing wrong, no mail, unless all-green mails are switched on; the known is repeated weekly."""
        wrong = any(d.state == "rejected" or d.rows_held_back for d in self.deliveries)
        changed = any(incident.is_new or incident.is_closed for incident in self.incidents)
        still_open = any(not incident.is_closed for incident in self.incidents)
        all_green = os.environ.get("YOS_DIGEST_ALL_GREEN") == "1" and bool(self.deliveries)
        return (
            wrong
            or changed
            or bool(self.unread_columns)
            or bool(self.failed_runs)
            or all_green
            or bool(self.queue.decisions)
            or (bool(still_open or self.queue.questions) and self.reminder_is_due)
        )


def compose_digests(connection: Connection) -> int:
    """Lay one mail for each owner with news into the outbox.

    A mail covers everything since the one before, up to the newest finished run; asked again for the same
    run, it writes nothing.

    Returns:
        How many mails were written.
    """
    written = 0
    with connection.cursor() as cursor:
        cursor.execute("select max(run_id) from ops.run where state <> 'running'")
        (newest,) = cursor.fetchone() or (None,)
        if newest is None:
            return 0
        cursor.execute("select coalesce(bool_or(is_fictional), true) from ops.drop")
        (is_fictional,) = cursor.fetchone() or (True,)
        for owner in everybody().values():
            news = _news(cursor, owner, newest, is_fictional)
            if news.is_worth_a_mail:
                subject, body = render(news)
                written += put(connection, f"digest:{owner.email}:{newest}", owner.email, subject, body)
    return written


def render(news: News) -> tuple[str, str]:
    """Subject and body of a digest."""
    held = sum(d.rows_held_back for d in news.deliveries)
    refused = [d for d in news.deliveries if d.state == "rejected"]
    taken = [d for d in news.deliveries if d.state != "rejected"]
    open_now = [incident for incident in news.incidents if not incident.is_closed]
    mended = [incident for incident in news.incidents if incident.is_closed]

    facts = []
    if news.failed_runs:
        facts.append(_count(len(news.failed_runs), "night", "nights") + " failed")
    if refused:
        facts.append(_count(len(refused), "delivery", "deliveries") + " refused")
    if held:
        facts.append(_count(held, "row", "rows") + " held back")
    if not facts and open_now:
        facts.append(_count(len(open_now), "check", "checks") + " to look at")
    if not facts and news.unread_columns:
        facts.append("new columns, not read")
    if not facts and news.queue.questions:
        facts.append(_count(news.queue.questions, "question", "questions") + " about identity")
    if not facts:
        facts.append("all well")
    label = "FICTIONAL: " if news.is_fictional else ""
    subject = plain(f"{label}{', '.join(facts)} ({news.owner.name})")

    lines = []
    if news.is_fictional:
        lines += ["FICTIONAL DATA. No child in these deliveries exists.", ""]
    lines += [f"To: {plain(news.owner.name)}", f"From: {service_name()}, data team", ""]
    if news.failed_runs:
        lines += ["NIGHTS THAT FAILED", ""]
        for run_id, state, at in news.failed_runs:
            lines += _item(f"Run {run_id} of {_day(at.date())} {state}. What was published stays.")
        lines += [*_item("What to do: read the log of that task in Airflow, then run the night again."), ""]
    if news.deliveries:
        lines += ["DELIVERIES RECEIVED", ""]
        for delivery in taken[-MOST_DELIVERIES:]:
            lines += _item(_delivery_words(delivery))
        if len(taken) > MOST_DELIVERIES:
            lines += _item(f"and {len(taken) - MOST_DELIVERIES} earlier ones")
        for delivery in refused:
            lines += _item(_delivery_words(delivery))
        lines.append("")
    if news.unread_columns:
        lines += ["NEW COLUMNS, NOT READ", ""]
        for feed, entity, places in news.unread_columns:
            lines += _item(_unread_words(feed, entity, places))
        lines += [*_item("What to do: nothing, or tell us what they mean. This is said once."), ""]
    if news.queue.questions or news.queue.decisions:
        lines += ["WHO IS WHO", "", *_queue_lines(news.queue), ""]
    if open_now:
        lines += ["WHAT THE CHECKS FOUND", ""]
        for incident in sorted(
            open_now, key=lambda item: (item.severity, item.feed or "", -(item.rows or 0))
        ):
            lines += [*_incident_lines(incident), ""]
    if mended:
        lines += ["IN ORDER AGAIN", ""]
        for incident in mended:
            lines += _item(f"{_where(incident)}{incident.words}")
        lines.append("")
    lines += textwrap.wrap(
        "Rows held back stay out of every figure until a corrected delivery replaces them; their last good "
        "version, where there is one, is still used. This mail holds counts only. To see which rows, ask "
        "the data team: they do not travel by e-mail.",
        WIDTH,
    )
    return subject, "\n".join(_clean(line) for line in lines) + "\n"


def _news(cursor: Cursor, owner: Owner, newest: int, is_fictional: bool) -> News:
    cursor.execute(
        "select max(split_part(dedupe_key, ':', 3)::bigint), max(created_at),"
        " coalesce(max(created_at) < now() - make_interval(days => %s), true)"
        " from ops.outbox where recipient = %s and dedupe_key like 'digest:%%'",
        (REMIND_AFTER_DAYS, owner.email),
    )
    since, mailed_at, reminder_is_due = cursor.fetchone() or (None, None, True)
    since = since or 0
    news = News(owner, is_fictional, reminder_is_due=reminder_is_due)
    cursor.execute(
        """
        select d.feed, d.business_date, l.state, l.reason, l.rows_in_files, l.rows_quarantined
        from ops.load as l join ops.drop as d using (drop_id)
        where l.run_id > %s and l.run_id <= %s and d.feed = any(%s)
        order by d.feed, d.business_date, l.load_id
        """,
        (since, newest, feeds_of(owner.email)),
    )
    news.deliveries = [Delivery(*row) for row in cursor.fetchall()]
    cursor.execute(
        """
        select feed, entity, severity, words, remedy, rows_now, opened_at::date, first_run_id > %(since)s,
            closed_at is not null
        from ops.incident
        where owner_email = %(email)s and first_run_id <= %(newest)s
            and (closed_at is null or (first_run_id <= %(since)s and closed_at > %(mailed_at)s))
        order by incident_id
        """,
        {"since": since, "email": owner.email, "newest": newest, "mailed_at": mailed_at},
    )
    news.incidents = [Incident(*row) for row in cursor.fetchall()]
    cursor.execute(NEW_COLUMNS, {"since": since, "newest": newest, "feeds": feeds_of(owner.email)})
    news.unread_columns = cursor.fetchall()
    if owner.kind == "us":
        cursor.execute(
            "select run_id, state, started_at from ops.run"
            " where state in ('failed', 'abandoned') and run_id > %s and run_id <= %s order by run_id",
            (since, newest),
        )
        news.failed_runs = cursor.fetchall()
        cursor.execute(
            "select questions, oldest_days, d.* from ops.review_queue, lateral (select"
            " count(*) filter (where what = 'same'), count(*) filter (where what = 'different'),"
            " count(*) filter (where what = 'revoked')"
            " from ops.identity_decision where recorded_at > coalesce(%s::timestamptz, '-infinity')) as d",
            (mailed_at,),
        )
        news.queue = Queue(*(cursor.fetchone() or ()))
    return news


def _queue_lines(queue: Queue) -> list[str]:
    lines = _item(
        f"{_count(queue.questions, 'question', 'questions')} about identity "
        + (
            f"waiting, the oldest for {_count(queue.oldest_days, 'day', 'days')}."
            if queue.questions
            else "waiting."
        )
    )
    if queue.decisions:
        lines += _item(
            f"Decided since the last mail: the same child {queue.same:,}, different children {queue.different:,}, "
            f"taken back {queue.revoked:,}."
        )
    if queue.questions:
        lines += _item("What to do: have a practitioner look at them: yos review list.")
    return lines


def _delivery_words(delivery: Delivery) -> str:
    what = f"{contracts()[delivery.feed].title}, delivery of {_day(delivery.business_date)}: "
    if delivery.state == "rejected":
        return what + f"REFUSED whole, nothing taken in. {plain(delivery.reason or '')}"
    what += _count(delivery.rows_in_files, "row", "rows")
    if delivery.state == "kept":
        return what + ", kept but not used: a newer delivery was here already"
    return what + (
        f", {delivery.rows_held_back:,} held back" if delivery.rows_held_back else ", all taken in"
    )


def _unread_words(feed: str, entity: str, places: list[str]) -> str:
    more = f" and {len(places) - MOST_COLUMNS:,} more" if len(places) > MOST_COLUMNS else ""
    contract = contracts()[feed]
    return f"{contract.title}, {contract.entities[entity].title.lower()}: {', '.join(places[:MOST_COLUMNS])}{more}"


def _incident_lines(incident: Incident) -> list[str]:
    count = "" if incident.rows is None else f" {_count(incident.rows, 'row', 'rows')}."
    age = "New." if incident.is_new else f"Known since {_day(incident.opened_on)}."
    first = _item(f"{_where(incident)}{incident.words.rstrip('.')}.{count} {age}")
    return first + textwrap.wrap(
        f"What to do: {incident.remedy.rstrip('.')}.", WIDTH, initial_indent="    ", subsequent_indent="    "
    )


def _where(incident: Incident) -> str:
    contract = contracts().get(incident.feed or "")
    if contract is None:
        return ""
    entity = contract.entities.get(incident.entity or "")
    return f"{contract.title}{f', {entity.title.lower()}' if entity else ''}: "


def _item(text: str) -> list[str]:
    return textwrap.wrap(plain(text), WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _clean(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" "))) + plain(line)
