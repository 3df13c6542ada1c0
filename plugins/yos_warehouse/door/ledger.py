"""The ledger: which drops were seen, what became of them, and what came before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from psycopg2.extensions import connection as Connection

from yos_warehouse.door.approvals import HOLDS
from yos_warehouse.sources.manifest import Drop
from yos_warehouse.sources.term import Term


@dataclass(frozen=True)
class Earlier:
    """What the ledger knows of an entity before a drop is applied.

    Attributes:
        is_late: a newer drop (business date, then received_at) with the entity was accepted.
        superseded: accepted loads of the same business date with the entity, oldest first.
        is_overtaken: a drop of the same business date with the entity, received later, was taken in already.
        overtaken: loads with the entity that another of their business date, received later, corrected.
        rows: rows of the last accepted load of the entity that was not itself late (of a termly entity: of the
            term, or else of the same term a year before); None if there is none.
        sizes: business date -> rows of the last accepted load of the day.
    """

    is_late: bool
    superseded: list[int]
    rows: int | None
    is_overtaken: bool
    overtaken: list[int]
    sizes: dict[date, int]


@dataclass(frozen=True)
class EntityCounts:
    """One line of ops.load_entity."""

    entity: str
    rows_in_files: int
    rows_accepted: int
    rows_quarantined: int
    rows_repeated: int
    records_new: int
    records_changed: int
    records_unchanged: int
    records_closed: int
    extra_columns: tuple[str, ...]


def key_of(drop: Drop) -> tuple[str, str, date, str]:
    """What makes a drop that drop: service code, feed, business date and content hash."""
    manifest = drop.manifest
    return manifest.service, manifest.feed, manifest.business_date, drop.content_hash


def unseen(connection: Connection, drops: Iterable[Drop]) -> list[Drop]:
    """The drops no load has ended for yet, in the order given; of two with the same content the first.

    One that was held and is approved since is tried again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select d.service_code, d.feed, d.business_date, d.content_hash
            from ops.drop as d
            where exists (
                select from ops.load as l
                where l.drop_id = d.drop_id and not (
                    l.state = 'rejected' and l.reason_code = any (%s)
                    and exists (select from ops.approval as a where a.drop_id = d.drop_id)
                )
            )
            """,
            (list(HOLDS),),
        )
        seen = set(cursor.fetchall())
    found = []
    for drop in drops:
        key = key_of(drop)
        if key not in seen:
            seen.add(key)
            found.append(drop)
    return found


def enter_drop(connection: Connection, drop: Drop, run_id: int) -> int:
    """The drop's id, entered if it is new."""
    manifest = drop.manifest
    declared = [entry.rows for entry in manifest.files]
    key = key_of(drop)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into ops.drop (service_code, feed, business_date, content_hash, received_at, files,
                rows_declared, is_fictional, first_seen_run_id)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (service_code, feed, business_date, content_hash) do nothing
            """,
            (
                *key,
                manifest.received_at,
                len(manifest.files),
                None if None in declared else sum(rows or 0 for rows in declared),
                manifest.fictional,
                run_id,
            ),
        )
        cursor.execute(
            "select drop_id from ops.drop where service_code = %s and feed = %s and business_date = %s "
            "and content_hash = %s",
            key,
        )
        return cursor.fetchone()[0]  # type: ignore[index]


def earlier(
    connection: Connection,
    service: str,
    feed: str,
    entity: str,
    day: date,
    received_at: datetime,
    term: Term | None = None,
) -> Earlier:
    """What was accepted of an entity before, seen from a drop of ``day`` received at ``received_at``.

    Args:
        term: only what was said about this term counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select l.load_id, d.business_date, coalesce(od.received_at, d.received_at) as received_at, e.rows_in_files,
                l.state
            from ops.load_entity as e
            join ops.load as l using (load_id)
            join ops.drop as d using (drop_id)
            left join ops.load as o on l.state = 'replayed' and o.load_id = l.supersedes_load_id
            left join ops.drop as od on od.drop_id = o.drop_id
            where l.state <> 'rejected' and d.service_code = %s and d.feed = %s and e.entity = %s
            order by d.business_date, 3, l.load_id
            """,
            (service, feed, entity),
        )
        said = cursor.fetchall()
    # Rows let in later say what the load said whose rows they were; they overtake nothing and are no usual size.
    taken_in = [row for row in said if row[4] != "replayed"]
    last = {row[1]: row[2] for row in taken_in}
    loads = [row for row in taken_in if row[4] == "accepted"]
    usual = loads
    if term is not None:
        a_year_before = [row for row in loads if Term.of(row[1]) == term.year_before]
        loads = [row for row in loads if Term.of(row[1]) == term]
        usual = loads or a_year_before
    return Earlier(
        is_late=any((row[1], row[2]) > (day, received_at) for row in loads),
        superseded=[row[0] for row in said if row[4] != "kept" and row[1] == day and row[2] <= received_at],
        rows=usual[-1][3] if usual else None,
        sizes={row[1]: row[3] for row in usual},
        is_overtaken=any(row[1] == day and row[2] > received_at for row in taken_in),
        overtaken=[row[0] for row, after in pairwise(taken_in) if row[1] == after[1]]
        + [row[0] for row in said if row[4] == "replayed" and row[2] < last.get(row[1], row[2])],
    )


def last_received(connection: Connection, service: str, feed: str) -> datetime | None:
    """When the latest of what was taken in of the feed was received."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select max(d.received_at) from ops.drop as d join ops.load as l using (drop_id)
            where l.state <> 'rejected' and d.service_code = %s and d.feed = %s
            """,
            (service, feed),
        )
        return cursor.fetchone()[0]  # type: ignore[index]


def enter_load(
    connection: Connection,
    drop_id: int,
    run_id: int,
    state: str,
    rows: Mapping[str, int],
    started_at: datetime,
    reason: tuple[str, str] | None = None,
    supersedes: int | None = None,
) -> int:
    """Enter how a drop's load ended; its id.

    Args:
        state: accepted, kept, rejected, or replayed, which supersedes the load whose rows it lets in.
        rows: ``accepted``, ``quarantined``, ``rejected``; their sum is the rows in the files.
        reason: code and words of a refusal.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into ops.load (drop_id, run_id, state, reason_code, reason, supersedes_load_id, rows_in_files,
                rows_accepted, rows_quarantined, rows_rejected, started_at, finished_at)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp())
            returning load_id
            """,
            (
                drop_id, run_id, state, *(reason or (None, None)), supersedes, sum(rows.values()),
                rows.get("accepted", 0), rows.get("quarantined", 0), rows.get("rejected", 0), started_at,
            ),
        )  # fmt: skip
        return cursor.fetchone()[0]  # type: ignore[index]


def enter_entity(connection: Connection, load_id: int, counts: EntityCounts) -> None:
    """Enter the counts of one entity of a load."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into ops.load_entity (load_id, entity, rows_in_files, rows_accepted, rows_quarantined,
                rows_repeated, records_new, records_changed, records_unchanged, records_closed, extra_columns)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (
                load_id, counts.entity, counts.rows_in_files, counts.rows_accepted, counts.rows_quarantined,
                counts.rows_repeated, counts.records_new, counts.records_changed, counts.records_unchanged,
                counts.records_closed, list(counts.extra_columns),
            ),
        )  # fmt: skip
