"""Mails that do not wait for the morning: what happened, once; that it still holds, once; that it is over, once.

P1 and P2 have a mail of their own (:func:`yos_warehouse.telling.incidents.priority_of`), P3 waits for the digest. What
opened in one run for one owner is one mail.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from psycopg2.extensions import connection as Connection

from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling.incidents import BROKEN, judge_runs
from yos_warehouse.telling.letter import Item, Letter, Section, clock, count, day, page, runbook
from yos_warehouse.telling.outbox import put
from yos_warehouse.telling.owners import Owner, everybody

REMIND_P2_DAYS = 7

# What is due, by kind of mail. An incident is told when its run is over: all it found is one mail then.
DUE = {
    "incident": """
        i.told_at is null and i.closed_at is null and (
            i.rule_code in ('RUN_FAILED', 'NOT_PUBLISHED')
            or not exists (select from ops.run as r where r.run_id = i.first_run_id and r.state = 'running')
        )""",
    "reminder": """
        i.closed_at is null and i.reminded_at is null and i.acknowledged_at is null
        and i.told_at <= %(now)s - case i.priority
            when 'P1' then make_interval(mins => %(p1_minutes)s) else make_interval(days => %(p2_days)s) end""",
    "recovery": "i.told_at is not null and i.closed_at is not null and i.recovery_told_at is null",
}
TOLD = {"incident": "told_at", "reminder": "reminded_at", "recovery": "recovery_told_at"}

COLUMNS = """
    i.incident_id, i.rule_code, i.feed, i.entity, i.unit, i.owner_name, i.owner_email, i.priority, i.words, i.remedy,
    i.rows_now, i.opened_at, i.closed_at, i.acknowledged_by
"""


@dataclass(frozen=True)
class Alert:
    """An incident as the mails show it."""

    incident_id: int
    rule_code: str
    feed: str | None
    entity: str | None
    unit: str | None
    owner_name: str
    owner_email: str
    priority: str
    words: str
    remedy: str
    rows: int | None
    opened_at: datetime
    closed_at: datetime | None
    acknowledged_by: str | None

    @property
    def where(self) -> str:
        """Feed and entity in words; empty for what is no feed's."""
        contract = contracts().get(self.feed or "")
        if contract is None:
            return ""
        entity = contract.entities.get(self.entity or "")
        return contract.title + (f", {entity.title.lower()}" if entity else "")

    @property
    def headline(self) -> str:
        """A few words for a subject line."""
        match self.rule_code:
            case "RUN_FAILED":
                return "the night failed" if self.unit == "nightly" else "a run failed"
            case "NOT_PUBLISHED":
                return "the night has not published"
            case "LATE":
                return f"no delivery of {self.where}"
        if self.words.startswith(BROKEN):
            return "a check could not be run"
        if self.rule_code.startswith("HELD_"):
            return f"{self.unit or 'a part'} was not published"
        return f"a delivery of {self.where} was not taken in ({self.rule_code})"

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """What to do, and where to look."""
        code = "CHECK_ERROR" if self.words.startswith(BROKEN) else self.rule_code
        found = [("What to do, step by step", runbook(code))]
        if self.feed in contracts():
            found.append(("The feed's page, for those with a login", page(f"feeds/{self.feed}")))
        return tuple(found)

    def item(self, age: str) -> Item:
        """As a point of a mail."""
        rows = f" {count(self.rows, 'row', 'rows')}." if self.rows is not None else ""
        text = f"{_capital(self.words.rstrip('.'))}.{rows} {age}"
        return Item(text, self.where, f"{self.remedy.rstrip('.')}.", self.links)


def compose_alerts(connection: Connection, now: datetime | None = None) -> dict[str, int]:
    """Lay what is due into the outbox; asked again, it writes nothing.

    Args:
        connection: as publisher.
        now: the moment that counts; the clock's if not given.

    Returns:
        Mails written: ``incidents``, ``reminders``, ``recoveries``.
    """
    now = now or datetime.now(UTC)
    judge_runs(connection, now)
    counts = {"incidents": 0, "reminders": 0, "recoveries": 0}
    hours = float(os.environ.get("YOS_REMIND_P1_HOURS", "4"))
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(bool_or(is_fictional), true) from ops.drop")
        (is_fictional,) = cursor.fetchone() or (True,)
        for (kind, condition), name in zip(DUE.items(), counts, strict=True):
            # Two senders at once: the second one finds nothing.
            cursor.execute(
                f"select {COLUMNS} from ops.incident as i where i.priority in ('P1', 'P2') and {condition}"
                " order by i.owner_email, i.priority, i.incident_id for update skip locked",
                {"now": now, "p1_minutes": round(hours * 60), "p2_days": REMIND_P2_DAYS},
            )
            due = [Alert(*row) for row in cursor.fetchall()]
            for email, group in groupby(due, key=lambda alert: alert.owner_email):
                alerts = list(group)
                letter = _letter(kind, alerts, is_fictional)
                first = min(alert.incident_id for alert in alerts)
                counts[name] += put(
                    connection, f"{kind}:{first}", email, letter.title, letter.text(), letter.html(),
                    kind=kind, incident_id=first, now=now,
                )  # fmt: skip
                cursor.execute(
                    f"update ops.incident set {TOLD[kind]} = %s where incident_id = any(%s)",
                    (now, [alert.incident_id for alert in alerts]),
                )
    return counts


def _letter(kind: str, alerts: Sequence[Alert], is_fictional: bool) -> Letter:
    first, email = alerts[0], alerts[0].owner_email
    owner = everybody().get(email) or Owner("partner", first.owner_name, email)
    more = f", and {count(len(alerts) - 1, 'more thing', 'more things')}" if len(alerts) > 1 else ""
    headline = f"{first.headline}{more}"
    whole = "What was published stays as it is until this is mended." if owner.kind != "partner" else (
        "Nothing of a delivery that was not taken in is used; what you sent before stays in use. This mail holds counts "
        "only: please send no names by e-mail either."
    )  # fmt: skip
    match kind:
        case "incident":
            subject = f"URGENT: {headline}" if first.priority == "P1" else _capital(headline)
            section = Section(
                "What happened", [a.item(f"Since {clock(a.opened_at)}.") for a in alerts], "bad"
            )
            after = "You are told once, reminded once while it lasts, and told when it is over. "
        case "reminder":
            subject = f"Still open: {headline}"
            section = Section(
                "Still open", [a.item(f"Open since {clock(a.opened_at)}.") for a in alerts], "bad"
            )
            after = "This is the one reminder; the digest goes on naming it. "
        case _:
            subject = f"In order again: {headline}"
            items = [Item(f"{a.words.rstrip('.')}. {_over(a)}", a.where) for a in alerts]
            section = Section("In order again", items, "good")
            after, whole = "Nothing more is to be done. ", ""
    if owner.kind != "partner" and kind != "recovery":
        numbers = " ".join(str(alert.incident_id) for alert in alerts)
        after += (
            f"Whoever takes it on says so, and no reminder comes: yos incidents ack {numbers} --by NAME. "
        )
    return Letter(owner, subject, [section], (after + whole).strip(), is_fictional)


def _over(alert: Alert) -> str:
    assert alert.closed_at is not None
    return f"It lasted from {day(alert.opened_at)} to {day(alert.closed_at)}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
