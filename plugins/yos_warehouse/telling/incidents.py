"""Incidents: what is wrong, whose it is, since when. One is open per check, feed, entity and owner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.drop import strays
from yos_warehouse.telling.owners import owner_of, plain
from yos_warehouse.telling.wording import wording

STRAY = "STRAY"

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
        rule_code, feed, entity, unit, owner_name, owner_email, severity, words, remedy, rows_now,
        first_run_id, last_run_id
    )
    values (%(rule_code)s, %(feed)s, %(entity)s, %(unit)s, %(owner_name)s, %(owner_email)s, %(severity)s,
        %(words)s, %(remedy)s, %(rows)s, %(run_id)s, %(run_id)s)
    on conflict (rule_code, coalesce(feed, ''), coalesce(entity, ''), owner_email) where closed_at is null
    do update set last_run_id = excluded.last_run_id, rows_now = excluded.rows_now,
        severity = excluded.severity, words = excluded.words, remedy = excluded.remedy
    returning incident_id, first_run_id = last_run_id as is_new
"""

# Rows of earlier loads may be held back still, though the newest load had none of them.
STILL_HELD = """
    update ops.incident as i set rows_now = h.rows_held
    from ops.held_back as h
    where i.closed_at is null and h.feed = i.feed and h.entity = i.entity and h.rule_code = i.rule_code
"""

# An incident ends when the same check passed on newer data and none of its rows is held back any more, when a
# refused feed was accepted again, when a unit that was held is published, or when strays are gone; silence ends
# nothing.
CLOSE = f"""
    update ops.incident as i set closed_at = now()
    where i.closed_at is null and i.last_run_id < %(run_id)s and (
        (
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


def update_incidents(connection: Connection, run_id: int, drops: Path) -> dict[str, int]:
    """Open, keep or close incidents from the checks and loads of a run; may be called again for the same run.

    Args:
        connection: as publisher.
        drops: the drop store, in which something may lie that is no drop.

    Returns:
        ``opened``, ``kept``, ``closed``.
    """
    counts = {"opened": 0, "kept": 0, "closed": 0}
    with connection.cursor() as cursor:
        findings = (*_failed_checks(cursor, run_id), *_refused_drops(cursor, run_id), *_strays(drops))
        for finding in findings:
            owner = owner_of(finding.owner, finding.feed)
            cursor.execute(
                OPEN_OR_KEEP,
                {**vars(finding), "run_id": run_id, "owner_name": owner.name, "owner_email": owner.email},
            )
            row = cursor.fetchone()
            counts["opened" if row and row[1] else "kept"] += 1
        cursor.execute(STILL_HELD)
        cursor.execute(CLOSE, {"run_id": run_id})
        counts["closed"] = cursor.rowcount
    return counts


def _failed_checks(cursor: Cursor, run_id: int) -> list[Finding]:
    cursor.execute(FAILED_CHECKS, (run_id,))
    findings = []
    for rule_code, feed, entity, unit, owner, severity, family, rows, is_broken in cursor.fetchall():
        if is_broken:
            # The check itself could not be run: that says nothing about the sender's data.
            words, remedy = f"The check {rule_code} could not be run", "see the run's log and mend the check"
            owner = "us"
        else:
            words, remedy = wording(rule_code, feed, entity, family)
        findings.append(
            Finding(rule_code, feed, entity, unit, owner, severity, plain(words), plain(remedy), rows)
        )
    return findings


def _refused_drops(cursor: Cursor, run_id: int) -> list[Finding]:
    cursor.execute(REFUSED_DROPS, (run_id,))
    return [
        Finding(
            code, feed, None, None, "partner", "error",
            plain(f"A delivery was refused whole: {reason or code}"),
            "correct the delivery and send it again; nothing of it was taken in", rows,
        )
        for code, feed, reason, rows in cursor.fetchall()
    ]  # fmt: skip


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
