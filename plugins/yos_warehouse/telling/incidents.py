"""Incidents: what is wrong, whose it is, since when, how urgent. One is open per check, feed, entity and owner."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.door.refusals import refusal_of
from yos_warehouse.orchestration.lease import is_alive
from yos_warehouse.settings import publish_by
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.drop import strays
from yos_warehouse.telling.owners import owner_of, plain
from yos_warehouse.telling.wording import wording

LONDON = ZoneInfo("Europe/London")
STRAY = "STRAY"
BROKEN = "The check could not be run: "  # begins the words of an incident about a check, not about data
# A night of which nothing was published this long before the deadline is not the night of that morning.
NIGHT = timedelta(hours=12)

FAILED_CHECKS = """
    select rule_code, feed, entity, min(unit), owner, min(severity), max(family),
        sum(rows_failed)::bigint, bool_or(outcome = 'error')
    from ops.check_result
    where run_id = %s and outcome <> 'passed'
    group by rule_code, feed, entity, owner
"""

REFUSED_DROPS = """
    select l.reason_code, d.feed, min(l.reason), sum(l.rows_in_files)::bigint
    from ops.load as l join ops.drop as d using (drop_id)
    where l.run_id = %s and l.state = 'rejected'
    group by l.reason_code, d.feed
"""

OPEN_OR_KEEP = """
    insert into ops.incident (
        rule_code, feed, entity, unit, owner_name, owner_email, severity, priority, words, remedy, rows_now,
        first_run_id, last_run_id, opened_at
    )
    values (%(rule_code)s, %(feed)s, %(entity)s, %(unit)s, %(owner_name)s, %(owner_email)s, %(severity)s,
        %(priority)s, %(words)s, %(remedy)s, %(rows)s, %(run_id)s, %(run_id)s, %(now)s)
    on conflict (rule_code, coalesce(feed, ''), coalesce(entity, ''), owner_email) where closed_at is null
    do update set last_run_id = excluded.last_run_id, rows_now = excluded.rows_now,
        severity = excluded.severity, priority = excluded.priority, words = excluded.words, remedy = excluded.remedy
    returning incident_id, first_run_id = last_run_id as is_new
"""

# Rows of earlier loads may be held back still, though the newest load had none of them.
STILL_HELD = """
    update ops.incident as i set rows_now = h.rows_held
    from ops.held_back as h
    where i.closed_at is null and h.feed = i.feed and h.entity = i.entity and h.rule_code = i.rule_code
"""

# An incident ends when a check that broke could be run again, when the same check passed on newer data and none of its
# rows is held back any more, when a refused feed was accepted again, when a unit that was held is published, or when
# strays are gone; silence ends nothing. What is wrong with runs ends in judge_runs.
CLOSE = f"""
    update ops.incident as i set closed_at = %(now)s
    where i.closed_at is null and i.last_run_id < %(run_id)s and (
        (
            i.words like '{BROKEN}%%'
            and exists (
                select from ops.check_result as c
                where c.run_id = %(run_id)s and c.outcome <> 'error' and c.rule_code = i.rule_code
                    and c.feed is not distinct from i.feed and c.entity is not distinct from i.entity
            )
        )
        or (
            exists (
                select from ops.check_result as c
                where c.run_id = %(run_id)s and c.outcome = 'passed' and c.rule_code = i.rule_code
                    and c.feed is not distinct from i.feed and c.entity is not distinct from i.entity
            )
            and not exists (
                select from ops.held_back as h
                where h.feed = i.feed and h.entity = i.entity and h.rule_code = i.rule_code
            )
        )
        or i.rule_code = '{STRAY}'
        or (
            i.entity is null
            and exists (
                select from ops.load as l join ops.drop as d using (drop_id)
                where d.feed = i.feed and l.state = 'rejected' and l.reason_code = i.rule_code
                    and l.run_id between i.first_run_id and i.last_run_id
            )
            and exists (
                select from ops.load as l join ops.drop as d using (drop_id)
                where d.feed = i.feed and l.state = 'accepted' and l.run_id = %(run_id)s
            )
        )
        or (
            i.rule_code like 'HELD\\_%%'
            and exists (
                select from marts.publication as p
                where p.run_id = %(run_id)s and p.unit = i.unit and p.kind = 'publish'
            )
        )
    )
"""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong in a run, before it is known whether it was known already."""

    rule_code: str
    feed: str | None
    entity: str | None
    unit: str | None
    owner: str
    severity: str
    words: str
    remedy: str
    rows: int | None
    priority: str = "P3"


def priority_of(rule_code: str, feed: str | None, severity: str, *, is_broken: bool = False) -> str:
    """How urgent a check's finding is: P1 the data team at once, P2 its owner at once, P3 in the digest.

    Args:
        is_broken: the check itself could not be run.
    """
    if rule_code.startswith("HELD_") or (is_broken and severity == "error"):
        return "P1"
    if rule_code == "LATE":
        return getattr(contracts().get(feed or ""), "late_priority", "P3")
    return "P3"


def tell_runs(connection: Connection, run_id: int, drops: Path) -> dict[str, int]:
    """Tell a run, and before it those that ended before they could: the next night may find nothing of theirs again.

    Args:
        connection: as publisher.
        drops: the drop store.

    Returns:
        As :func:`update_incidents`, of all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select run_id from ops.run where run_id < %s and told_at is null and state <> 'running'"
            " and kind in ('nightly', 'ingest') order by run_id",
            (run_id,),
        )
        runs = [*(untold for (untold,) in cursor.fetchall()), run_id]
        counts: Counter[str] = Counter()
        for run in runs:
            counts.update(update_incidents(connection, run, drops))
        cursor.execute("update ops.run set told_at = now() where run_id = any(%s)", (runs,))
    return dict(counts)


def update_incidents(
    connection: Connection, run_id: int, drops: Path, now: datetime | None = None
) -> dict[str, int]:
    """Open, keep or close incidents from the checks and loads of a run; may be called again for the same run.

    Args:
        connection: as publisher.
        drops: the drop store, in which something may lie that is no drop.
        now: the moment that counts; the clock's if not given.

    Returns:
        ``opened``, ``kept``, ``closed``.
    """
    now = now or datetime.now(UTC)
    counts = {"opened": 0, "kept": 0, "closed": 0}
    with connection.cursor() as cursor:
        findings = (*_failed_checks(cursor, run_id), *_refused_drops(cursor, run_id), *_strays(drops))
        for finding in findings:
            counts["opened" if _open_or_keep(cursor, finding, run_id, now) else "kept"] += 1
        cursor.execute(STILL_HELD)
        cursor.execute(CLOSE, {"run_id": run_id, "now": now})
        counts["closed"] = cursor.rowcount
    return counts


def judge_runs(connection: Connection, now: datetime) -> None:
    """Open RUN_FAILED for the newest run of a kind that failed or died, and close what a later run mended.

    A run that failed because a unit was held has told so already.

    Args:
        connection: as publisher.
    """
    with connection.cursor() as cursor:
        cursor.execute("select run_id, kind, state, step from ops.run order by run_id desc limit 20")
        judged: set[str] = set()
        for run_id, kind, state, step in cursor.fetchall():
            if kind in judged or (state == "running" and is_alive(cursor, run_id)):
                continue
            judged.add(kind)
            cursor.execute(
                "select from ops.check_result where run_id = %s and rule_code like 'HELD\\_%%' limit 1",
                (run_id,),
            )
            if state != "succeeded" and cursor.rowcount == 0:
                ended = "failed" if state == "failed" else "stopped without an end"
                words = f"{'The night' if kind == 'nightly' else 'The taking in'} of run {run_id} {ended}"
                finding = Finding(
                    "RUN_FAILED", None, None, kind, "us", "error", words + (f" in {step}" if step else ""),
                    "read the log of the task that failed, mend what it says, then run it again", None, "P1",
                )  # fmt: skip
                _open_or_keep(cursor, finding, run_id, now)
        cursor.execute(
            "update ops.incident as i set closed_at = %s where i.closed_at is null and ("
            "   i.rule_code = 'RUN_FAILED' and exists (select from ops.run as r"
            "       where r.kind = i.unit and r.state = 'succeeded' and r.run_id > i.last_run_id)"
            "   or i.rule_code = 'NOT_PUBLISHED' and not exists (select from marts.publication as p"
            "       where p.kind = 'publish' group by p.unit having max(p.published_at) < i.opened_at)"
            "   and exists (select from marts.publication as p where p.published_at >= i.opened_at))",
            (now,),
        )


def check_deadline(connection: Connection, now: datetime | None = None) -> bool:
    """Open NOT_PUBLISHED when the morning's deadline is over and this night has published nothing, or not all.

    Nothing is opened before any run, nor while RUN_FAILED or a held unit tells the reason.

    Args:
        connection: as publisher.
        now: the moment that counts; the clock's if not given.

    Returns:
        Whether it is open now.

    Raises:
        UsageError: PUBLISH_BY, the setting is no time of day.
    """
    now = now or datetime.now(UTC)
    local = now.astimezone(LONDON)
    due = datetime.combine(local.date(), publish_by(), LONDON)
    with connection.cursor() as cursor:
        if now >= due:
            missing = unpublished(cursor, due)
            cursor.execute("select max(run_id) from ops.run")
            (run_id,) = cursor.fetchone() or (None,)
            cursor.execute(
                "select from ops.incident where closed_at is null"
                " and (rule_code in ('RUN_FAILED', 'NOT_PUBLISHED') or rule_code like 'HELD\\_%') limit 1"
            )
            if missing and run_id is not None and cursor.rowcount == 0:
                words = f"Not published by {due:%H:%M}: {' and '.join(missing)}; the figures of the day before stay"
                finding = Finding(
                    "NOT_PUBLISHED", None, None, None, "us", "error", words,
                    "see yos status: is the night still running, did it not start, or is a unit held", None, "P1",
                )  # fmt: skip
                _open_or_keep(cursor, finding, run_id, now)
        cursor.execute("select from ops.incident where closed_at is null and rule_code = 'NOT_PUBLISHED'")
        return cursor.rowcount > 0


def unpublished(cursor: Cursor, due: datetime) -> list[str]:
    """The units of which the night before a deadline published nothing.

    Args:
        cursor: of a role that reads ``marts.publication``.
    """
    cursor.execute(
        "select u.unit from unnest(array['children', 'finance']) as u (unit) where not exists (select from"
        " marts.publication as p where p.unit = u.unit and p.kind = 'publish' and p.published_at >= %s) order by 1",
        (due - NIGHT,),
    )
    return [unit for (unit,) in cursor.fetchall()]


def _open_or_keep(cursor: Cursor, finding: Finding, run_id: int, now: datetime) -> bool:
    """Whether it was opened now."""
    owner = owner_of(finding.owner, finding.feed)
    cursor.execute(
        OPEN_OR_KEEP,
        {**vars(finding), "run_id": run_id, "now": now, "owner_name": owner.name, "owner_email": owner.email},
    )
    row = cursor.fetchone()
    return bool(row and row[1])


def _failed_checks(cursor: Cursor, run_id: int) -> list[Finding]:
    cursor.execute(FAILED_CHECKS, (run_id,))
    findings = []
    for rule_code, feed, entity, unit, owner, severity, family, rows, is_broken in cursor.fetchall():
        if is_broken:
            # The check itself could not be run: that says nothing about the sender's data.
            words, remedy = f"{BROKEN}{rule_code}", "see the run's log and mend the check"
            owner = "us"
        else:
            words, remedy = wording(rule_code, feed, entity, family)
        priority = priority_of(rule_code, feed, severity, is_broken=is_broken)
        findings.append(
            Finding(
                rule_code, feed, entity, unit, owner, severity, plain(words), plain(remedy), rows, priority
            )
        )
    return findings


def _refused_drops(cursor: Cursor, run_id: int) -> list[Finding]:
    cursor.execute(REFUSED_DROPS, (run_id,))
    findings = []
    for code, feed, reason, rows in cursor.fetchall():
        refusal = refusal_of(code)
        is_held = refusal is not None and refusal.effect == "hold"
        what = (
            "A delivery is held and waits for the data team's yes"
            if is_held
            else "A delivery was refused whole"
        )
        remedy = refusal.remedy if refusal else "correct the delivery and send it again"
        findings.append(
            Finding(
                code, feed, None, None, refusal.owner if refusal else "partner", "error",
                plain(f"{what}: {reason or code}"), plain(f"{remedy}. Nothing of it was taken in"), rows, "P2",
            )
        )  # fmt: skip
    return findings


def _strays(drops: Path) -> list[Finding]:
    found = {feed: strays(drops, feed) for feed in contracts()}
    return [
        Finding(
            STRAY, feed, None, None, "partner", "warn",
            f"Not read, because it is no delivery: {', '.join(words)}",
            "pack it with yos pack, which writes the manifest, or take it away", None,
        )
        for feed, words in found.items() if words
    ]  # fmt: skip
