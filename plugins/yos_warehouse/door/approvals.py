"""Deliveries that are held for their size or their share of bad rows, and the yes that lets them in.

A held delivery is a refused load whose reason a person may overrule: somebody has looked, and says why it is right.
The next load of the feed then takes it in, and the guards are not asked again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from psycopg2.extensions import connection as Connection

from yos_warehouse.door.refusals import REFUSALS
from yos_warehouse.errors import UsageError
from yos_warehouse.server.connect import one_row

# Reasons that a person may overrule. What is refused for another reason could not be read or cannot be trusted.
HOLDS = tuple(refusal.code for refusal in REFUSALS if refusal.effect == "hold")

# Newest first. A delivery of the same day that came later and was taken in is its answer.
_WAITING = """
    select d.drop_id, d.feed, d.business_date, d.received_at, l.reason_code, l.reason, l.rows_in_files
    from ops.drop as d
    join lateral (
        select * from ops.load as l where l.drop_id = d.drop_id order by l.load_id desc limit 1
    ) as l on l.state = 'rejected' and l.reason_code = any (%s)
    where not exists (select from ops.approval as a where a.drop_id = d.drop_id)
        and not exists (
            select from ops.drop as n join ops.load as t using (drop_id)
            where n.service_code = d.service_code and n.feed = d.feed and n.business_date = d.business_date
                and n.received_at > d.received_at and t.state in ('accepted', 'kept')
        )
    order by d.business_date desc, d.received_at desc, d.drop_id desc
"""


@dataclass(frozen=True)
class Waiting:
    """A delivery that waits for a yes."""

    drop_id: int
    feed: str
    business_date: date
    received_at: datetime
    reason_code: str
    reason: str
    rows: int


def waiting(connection: Connection) -> list[Waiting]:
    """The deliveries held that nobody has let through yet, newest first.

    Args:
        connection: as a role that reads ops: loader, publisher or auditor.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, (list(HOLDS),))
        return [Waiting(*row) for row in cursor.fetchall()]


def approve(connection: Connection, feed: str, day: date, by: str, reason: str) -> Waiting:
    """Let the newest held delivery of a day through; the caller commits.

    Args:
        connection: as loader.
        by: who says so.
        reason: why it is right, in 10 to 500 characters; names nobody.

    Raises:
        UsageError: REASON, or APPROVE (nothing of this day waits).
    """
    demand_reason(reason, by)
    held = next((w for w in waiting(connection) if (w.feed, w.business_date) == (feed, day)), None)
    if held is None:
        raise UsageError(
            "APPROVE", f"no delivery of {feed} {day} waits for a yes", "see what does: yos approve"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.approval (drop_id, reason, approved_by) values (%s, %s, %s)",
            (held.drop_id, reason.strip(), by.strip()),
        )
    return held


def is_approved(connection: Connection, key: Collection[object]) -> bool:
    """Whether somebody let a delivery through.

    Args:
        key: service code, feed, business date and content hash.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from ops.approval join ops.drop using (drop_id)"
            " where (service_code, feed, business_date, content_hash) = %s)",
            (tuple(key),),
        )
        return one_row(cursor)[0]


def demand_reason(reason: str, by: str) -> None:
    """Whoever overrules a check says who they are, and why.

    Raises:
        UsageError: REASON.
    """
    if not 10 <= len(reason.strip()) <= 500 or not by.strip():
        raise UsageError(
            "REASON",
            "this takes a reason of 10 to 500 characters and somebody who gives it",
            "say why, and who",
        )


def list_waiting() -> int:
    """Print what waits for a yes; what ``yos approve`` without arguments is. Exit code 0."""
    from yos_warehouse.server.connect import transaction

    with transaction("auditor", application="yos approve") as connection:
        found = waiting(connection)
    if not found:
        print("No delivery waits for a yes.")
    for held in found:
        print(f"{held.feed} {held.business_date}: {held.rows:,} rows, {held.reason_code}: {held.reason}")
    if found:
        last = found[0]
        print("Right all the same? Let it through with a reason, which is kept:")
        print(f'  yos approve {last.feed} {last.business_date} --by "YOUR NAME" --reason "..."')
    return 0


def let_through(feed: str, day: date, by: str, reason: str) -> int:
    """Approve and say so; what ``yos approve FEED DATE`` is. Exit code 0."""
    from yos_warehouse.server.connect import transaction
    from yos_warehouse.telling.owners import plain

    with transaction("loader", application="yos approve") as connection:
        held = approve(connection, feed, day, plain(by), plain(reason))
    print(
        f"{held.feed} {held.business_date} with {held.rows:,} rows is let through: the next night takes it in."
    )
    return 0
