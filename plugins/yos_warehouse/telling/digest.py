"""The digest: one mail in the morning per owner with news. Counts and the words of checks, never a value of a record.

Words are the partner's: delivery, check, rows held back. Incidents that had a mail of their own (telling/alerts.py) are
named again while they last, but are no reason for a digest, except to the data team each day a P1 lasts.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.errors import UsageError
from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling.alerts import COLUMNS, Alert
from yos_warehouse.telling.incidents import judge_runs
from yos_warehouse.telling.letter import LONDON, Item, Letter, Section, count, day, page, runbook
from yos_warehouse.telling.outbox import put
from yos_warehouse.telling.owners import Owner, everybody, feeds_of, plain

REMIND_AFTER_DAYS = 7
MOST_DELIVERIES = 15
MOST_COLUMNS = 5
FIRST_THINGS = 3
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSING = (
    "Rows held back stay out of every figure until a corrected delivery replaces them; their last good version, where "
    "there is one, is still used. This mail holds counts only. To see which rows, ask the data team: they do not travel "
    "by e-mail."
)


# What a refusal was told by a mail of its own is no news of the digest.
DELIVERIES = """
    select d.feed, d.business_date, l.state, l.reason, l.rows_in_files, l.rows_quarantined, exists (
            select from ops.incident as i
            where i.feed = d.feed and i.rule_code = l.reason_code and i.first_run_id = l.run_id and i.told_at is not null
        )
    from ops.load as l join ops.drop as d using (drop_id)
    where l.run_id > %(since)s and l.run_id <= %(newest)s and d.feed = any(%(feeds)s) and l.state <> 'replayed'
    order by d.feed, d.business_date, l.load_id
"""

# Of what ended, only what waited for the digest: the others had a mail about it.
INCIDENTS = f"""
    select {COLUMNS}, i.first_run_id > %(since)s, i.told_at is not null
    from ops.incident as i
    where i.owner_email = %(email)s and i.first_run_id <= %(newest)s and (
        i.closed_at is null
        or (i.priority = 'P3' and i.first_run_id <= %(since)s and i.closed_at > %(mailed_at)s)
    )
    order by i.priority, i.severity, i.feed, i.rows_now desc nulls last, i.incident_id
"""

TOLD_TO_OTHERS = f"""
    select {COLUMNS}, i.first_run_id > %(since)s, true from ops.incident as i
    where i.closed_at is null and i.priority = 'P2' and i.owner_email <> %(email)s order by i.incident_id
"""

NEW_CODES = """
    select d.feed, n.entity, n.column_name, sum(n.codes)::bigint, sum(n.rows_with_them)::bigint
    from ops.new_codes as n join ops.load as l using (load_id) join ops.drop as d using (drop_id)
    where l.run_id > %(since)s and l.run_id <= %(newest)s
    group by d.feed, n.entity, n.column_name order by 1, 2, 3
"""

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
    was_told: bool


@dataclass(frozen=True)
class Known:
    """An incident, and what its owner knows of it."""

    alert: Alert
    is_new: bool
    was_told: bool

    @property
    def is_open(self) -> bool:
        """Whether it still lasts."""
        return self.alert.closed_at is None


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
    now: datetime
    deliveries: list[Delivery] = field(default_factory=list)
    incidents: list[Known] = field(default_factory=list)
    unread_columns: list[tuple[str, str, list[str]]] = field(default_factory=list)  # feed, entity, places
    new_codes: list[tuple[str, str, str, int, int]] = field(
        default_factory=list
    )  # feed, entity, column, codes, rows
    elsewhere: list[Known] = field(default_factory=list)  # what partners were told
    queue: Queue = Queue()
    reminder_is_due: bool = False
    is_another_day: bool = False
    has_new_run: bool = True

    @property
    def is_worth_a_mail(self) -> bool:
        """Nothing wrong, no mail, unless all-green mails are switched on; the known is repeated weekly, a P1 daily."""
        if not self.has_new_run:
            return self._lasting("P1") and self.is_another_day
        wrong = any((d.state == "rejected" and not d.was_told) or d.rows_held_back for d in self.deliveries)
        changed = any((known.is_new and not known.was_told) or not known.is_open for known in self.incidents)
        all_green = os.environ.get("YOS_DIGEST_ALL_GREEN") == "1" and bool(self.deliveries)
        return (
            wrong
            or changed
            or bool(self.unread_columns)
            or bool(self.new_codes)
            or any(known.is_new for known in self.elsewhere)
            or all_green
            or bool(self.queue.decisions)
            or (self._lasting("P1") and self.is_another_day)
            or (bool(self._lasting("P3") or self.queue.questions) and self.reminder_is_due)
        )

    def _lasting(self, priority: str) -> bool:
        return any(known.is_open and known.alert.priority == priority for known in self.incidents)


def compose_digests(connection: Connection, now: datetime | None = None) -> int:
    """Lay one mail for each owner with news into the outbox.

    A mail covers everything since the one before, up to the newest finished run; asked again for the same
    run, it writes nothing.

    Args:
        connection: as publisher.
        now: the moment that counts; the clock's if not given.

    Returns:
        How many mails were written.
    """
    now = now or datetime.now(UTC)
    judge_runs(connection, now)
    written = 0
    with connection.cursor() as cursor:
        cursor.execute("select max(run_id) from ops.run where state <> 'running'")
        (newest,) = cursor.fetchone() or (None,)
        if newest is None:
            return 0
        is_fictional = _is_fictional(cursor)
        for owner in everybody().values():
            news = _news(cursor, owner, newest, is_fictional, now)
            if news.is_worth_a_mail:
                letter = compose(news)
                key = f"digest:{owner.email}:{newest}"
                if not news.has_new_run:  # no night came, and what is urgent lasts
                    key += f":{now.astimezone(LONDON).date()}"
                written += put(
                    connection, key, owner.email, letter.title, letter.text(), letter.html(), now=now
                )
    return written


def compose_weekly(connection: Connection, now: datetime | None = None) -> int:
    """Tell each owner who had no mail for a week that all is well, on one day of the week (``YOS_WEEKLY_DAY``).

    Args:
        connection: as publisher.
        now: the moment that counts; the clock's if not given.

    Returns:
        How many mails were written.

    Raises:
        UsageError: WEEKLY_DAY, the setting is no day of the week.
    """
    now = now or datetime.now(UTC)
    wanted = os.environ.get("YOS_WEEKLY_DAY", "monday").lower()
    if wanted not in (*WEEKDAYS, "never"):
        raise UsageError(
            "WEEKLY_DAY", f"YOS_WEEKLY_DAY is {wanted!r}", "write a day such as monday, or never"
        )
    today = now.astimezone(LONDON).date()
    if wanted != WEEKDAYS[today.weekday()]:
        return 0
    year, week, _ = today.isocalendar()
    since = now - timedelta(days=7)
    written = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from ops.run where state = 'succeeded' and finished_at > %s", (since,)
        )
        (nights,) = cursor.fetchone() or (0,)
        is_fictional = _is_fictional(cursor)
        for owner in everybody().values() if nights else ():
            cursor.execute(
                "select from ops.outbox where recipient = %s and created_at > %s union all"
                " select from ops.incident where owner_email = %s and closed_at is null limit 1",
                (owner.email, since, owner.email),
            )
            if cursor.rowcount:
                continue
            cursor.execute(
                "select d.feed, count(*), sum(l.rows_in_files)::bigint from ops.load as l join ops.drop as d"
                " using (drop_id) where d.feed = any(%s) and l.started_at > %s and l.state = 'accepted'"
                " group by d.feed order by d.feed",
                (feeds_of(owner.email), since),
            )
            letter = _all_well(owner, cursor.fetchall(), nights, is_fictional)
            key = f"weekly:{owner.email}:{year}-W{week:02d}"
            written += put(
                connection,
                key,
                owner.email,
                letter.title,
                letter.text(),
                letter.html(),
                kind="weekly",
                now=now,
            )
    return written


def compose(news: News) -> Letter:
    """What a digest says."""
    held = sum(d.rows_held_back for d in news.deliveries)
    refused = [d for d in news.deliveries if d.state == "rejected"]
    open_now = [known for known in news.incidents if known.is_open]
    mended = [known for known in news.incidents if not known.is_open]
    failed = sum(known.alert.rule_code == "RUN_FAILED" for known in open_now)

    facts = []
    if failed:
        facts.append("a night failed")
    if refused:
        facts.append(count(len(refused), "delivery", "deliveries") + " refused")
    if held:
        facts.append(count(held, "row", "rows") + " held back")
    if not facts and open_now:
        facts.append(count(len(open_now), "check", "checks") + " to look at")
    if not facts and news.elsewhere:
        facts.append(count(len(news.elsewhere), "delivery", "deliveries") + " to follow up")
    if not facts and news.unread_columns:
        facts.append("new columns, not read")
    if not facts and news.new_codes:
        facts.append("codes not known before")
    if not facts and news.queue.questions:
        facts.append(count(news.queue.questions, "question", "questions") + " about identity")
    if not facts:
        facts.append("all well")

    wanted = [
        Section(
            "First, of all that follows", [_short(known) for known in open_now[:FIRST_THINGS]], "bad", True
        )
        if len(open_now) > FIRST_THINGS
        else None,
        _section("New", [_known(known) for known in open_now if known.is_new], "bad"),
        _section("Still open", [_known(known, news.now) for known in open_now if not known.is_new], "bad"),
        _section("Told to their owners", [_known(known, news.now) for known in news.elsewhere], "bad"),
        _section("In order again", [Item(known.alert.words, known.alert.where) for known in mended], "good"),
        _section("Deliveries received", _deliveries(news.deliveries)),
        _section("New columns, not read", _columns(news.unread_columns)),
        _section("Codes not known before", [_code(*found) for found in news.new_codes]),
        _section("Who is who", _queue(news.queue)),
    ]
    return Letter(
        news.owner, ", ".join(facts), [section for section in wanted if section], CLOSING, news.is_fictional
    )


def _section(title: str, items: list[Item], tone: str = "plain") -> Section | None:
    return Section(title, items, tone) if items else None


def _all_well(owner: Owner, feeds: list[tuple[str, int, int]], nights: int, is_fictional: bool) -> Letter:
    items = [
        Item(f"{count(drops, 'delivery', 'deliveries')}, {count(rows, 'row', 'rows')}, all taken in.", contracts()[feed].title)
        for feed, drops, rows in feeds
    ]  # fmt: skip
    if feeds_of(owner.email) and not items:
        items.append(Item("No delivery came, and none was missed."))
    items.append(Item(f"{count(nights, 'night', 'nights')} went well."))
    opening = "Nothing is open with you. This mail comes once a week after a week without any other."
    return Letter(owner, "All well this week", [Section("The last seven days", items, "good")],
        "You need do nothing.", is_fictional, opening)  # fmt: skip


def _is_fictional(cursor: Cursor) -> bool:
    cursor.execute("select coalesce(bool_or(is_fictional), true) from ops.drop")
    (is_fictional,) = cursor.fetchone() or (True,)
    return bool(is_fictional)


def _news(cursor: Cursor, owner: Owner, newest: int, is_fictional: bool, now: datetime) -> News:
    cursor.execute(
        "select coalesce(max(split_part(dedupe_key, ':', 3)::bigint), 0), max(created_at)"
        " from ops.outbox where recipient = %s and kind = 'digest'",
        (owner.email,),
    )
    since, mailed_at = cursor.fetchone() or (0, None)
    asked = {
        "since": since,
        "newest": newest,
        "email": owner.email,
        "mailed_at": mailed_at,
        "feeds": feeds_of(owner.email),
    }
    news = News(
        owner,
        is_fictional,
        now,
        reminder_is_due=mailed_at is None or mailed_at < now - timedelta(days=REMIND_AFTER_DAYS),
        is_another_day=mailed_at is None
        or mailed_at.astimezone(LONDON).date() < now.astimezone(LONDON).date(),
        has_new_run=newest > since,
    )
    cursor.execute(DELIVERIES, asked)
    news.deliveries = [Delivery(*row) for row in cursor.fetchall()]
    cursor.execute(INCIDENTS, asked)
    news.incidents = [Known(Alert(*row[:-2]), *row[-2:]) for row in cursor.fetchall()]
    cursor.execute(NEW_COLUMNS, asked)
    news.unread_columns = cursor.fetchall()
    if owner.kind == "us":
        cursor.execute(NEW_CODES, asked)
        news.new_codes = cursor.fetchall()
        cursor.execute(TOLD_TO_OTHERS, asked)
        news.elsewhere = [Known(Alert(*row[:-2]), *row[-2:]) for row in cursor.fetchall()]
        cursor.execute(
            "select questions, oldest_days, d.* from ops.review_queue, lateral (select"
            " count(*) filter (where what = 'same'), count(*) filter (where what = 'different'),"
            " count(*) filter (where what = 'revoked')"
            " from ops.identity_decision where recorded_at > coalesce(%s::timestamptz, '-infinity')) as d",
            (mailed_at,),
        )
        news.queue = Queue(*(cursor.fetchone() or ()))
    return news


def _short(known: Known) -> Item:
    remedy, words = known.alert.remedy.rstrip("."), known.alert.words.rstrip(".")
    return Item(f"{remedy[:1].upper()}{remedy[1:]} ({words}).", known.alert.where)


def _known(known: Known, now: datetime | None = None) -> Item:
    return known.alert.item("New." if now is None else _age(known.alert, now))


def _age(alert: Alert, now: datetime) -> str:
    days = (now.astimezone(LONDON).date() - alert.opened_at.astimezone(LONDON).date()).days
    age = f"Known since {day(alert.opened_at)}" + (f", {count(days, 'day', 'days')}" if days > 0 else "")
    return age + (f"; {alert.acknowledged_by} is at it." if alert.acknowledged_by else ".")


def _queue(queue: Queue) -> list[Item]:
    items = []
    if queue.questions:
        items.append(
            Item(
                f"{count(queue.questions, 'question', 'questions')} about identity waiting, the oldest for"
                f" {count(queue.oldest_days, 'day', 'days')}.",
                todo="have a practitioner look at them: yos review list.",
            )
        )
    elif queue.decisions:
        items.append(Item("0 questions about identity waiting."))
    if queue.decisions:
        items.append(
            Item(
                f"Decided since the last mail: the same child {queue.same:,}, different children {queue.different:,}, "
                f"taken back {queue.revoked:,}."
            )
        )
    return items


def _deliveries(deliveries: list[Delivery]) -> list[Item]:
    taken = [d for d in deliveries if d.state != "rejected"]
    items = [_delivery(d) for d in taken[-MOST_DELIVERIES:]]
    if len(taken) > MOST_DELIVERIES:
        items.append(Item(f"and {len(taken) - MOST_DELIVERIES} earlier ones"))
    return items + [_delivery(d) for d in deliveries if d.state == "rejected"]


def _delivery(delivery: Delivery) -> Item:
    lead = f"{contracts()[delivery.feed].title}, {day(delivery.business_date)}"
    if delivery.state == "rejected":
        return Item(f"REFUSED whole, nothing taken in. {plain(delivery.reason or '')}", lead)
    what = count(delivery.rows_in_files, "row", "rows")
    if delivery.state == "kept":
        return Item(f"{what}, kept but not used: a newer delivery was here already", lead)
    held = f", {delivery.rows_held_back:,} held back" if delivery.rows_held_back else ", all taken in"
    return Item(what + held, lead)


def _columns(unread: list[tuple[str, str, list[str]]]) -> list[Item]:
    items = [Item(*_place(feed, entity, places)) for feed, entity, places in unread]
    if items:
        items.append(Item("", todo="nothing, or tell us what they mean. This is said once."))
    return items


def _place(feed: str, entity: str, places: list[str]) -> tuple[str, str]:
    more = f" and {len(places) - MOST_COLUMNS:,} more" if len(places) > MOST_COLUMNS else ""
    contract = contracts()[feed]
    lead = f"{contract.title}, {contract.entities[entity].title.lower()}"
    return f"{', '.join(places[:MOST_COLUMNS])}{more}", lead


def _code(feed: str, entity: str, column: str, codes: int, rows: int) -> Item:
    contract = contracts()[feed]
    return Item(
        f"{count(codes, 'code', 'codes')} not known before in {column}, on {count(rows, 'row', 'rows')}.",
        f"{contract.title}, {contract.entities[entity].title.lower()}",
        "see which with yos codes, and ask the sender what they mean.",
        (("What to do, step by step", runbook("NEW_CODES")), ("The feed's page", page(f"feeds/{feed}"))),
    )
