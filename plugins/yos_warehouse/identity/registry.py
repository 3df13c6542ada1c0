"""The registry: clusters go under keys, and every link, merge and split is written with the moment it follows from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import execute_values

from yos_warehouse.identity.clusters import Clustered, Reason
from yos_warehouse.identity.days import RECORD
from yos_warehouse.identity.keys import Cluster, History, Link, Person, Record, aftermath, assign
from yos_warehouse.identity.minting import key_of
from yos_warehouse.server.connect import one_row

# Children become known through these, in this order; the other feeds only attach to known children,
# so that the warehouse holds no pupil who has nothing to do with the service (docs/decisions/0007).
MINTING_SOURCES = (
    ("case_system", "person"), ("case_system", "person_name"), ("police", "arrest"), ("police", "court_message"),
)  # fmt: skip
_PLACE = {source: place for place, source in enumerate(MINTING_SOURCES)}
# From the surest; the first description of a group came in by nobody else's tie and is said to be alone.
_METHODS = ("decision", "identifier", "matching", "attached", "alone")

_RECORDS = f"""
select {RECORD}, description_id from identity.record inner join touched using (description_id)
"""

# A cluster that is not touched, and whose key one of the touched records has: it has a say in who keeps the key.
_OTHERS = f"""
with held as materialized (
    select distinct link.person_key
    from touched
    inner join identity.record as record using (description_id)
    inner join identity.person_link as link using ({RECORD})
    where link.until is null
)

select {RECORD}, record.description_id, link.person_key
from held
inner join identity.person_link as link using (person_key)
inner join identity.record as record using ({RECORD})
left join touched on touched.description_id = record.description_id
where link.until is null and touched.description_id is null
"""

_LINKS = f"""
select {RECORD}, person_key, since, until from identity.person_link inner join settled using ({RECORD})
union all
select {RECORD}, undone.person_key, person.since, person.since
from undone inner join settled using ({RECORD}) inner join identity.person using (person_key)
where person.retired_at = person.since
"""

_PERSONS = """
select person_key, number, since, merged_into, retired_at from identity.person where person_key = any (%s)
"""

_CLOSE = f"""
delete from identity.person_link as link using moved
where link.since >= %(moment)s and link.until is null and moved.service_code = link.service_code
    and moved.feed = link.feed and moved.entity = link.entity and moved.source_id = link.source_id;
update identity.person_link as link set until = %(moment)s
from moved
where link.until is null and moved.service_code = link.service_code
    and moved.feed = link.feed and moved.entity = link.entity and moved.source_id = link.source_id;
insert into identity.person_link ({RECORD}, person_key, method, weight, evidence, event_id, since)
select {RECORD}, person_key, method, weight, evidence::jsonb, event_id, %(moment)s
from moved where person_key is not null;
"""


@dataclass(frozen=True)
class Settled:
    """What a day did to keys: counts, and whose holdings have to be looked at."""

    linked: int
    merged: int
    split: int
    persons: frozenset[int]


@dataclass(frozen=True)
class _Day:
    run_id: int
    moment: datetime


def prepare(cursor: Cursor) -> None:
    """The tables that a day's settling works with."""
    cursor.execute(
        f"""
        create temp table undone (
            service_code text, feed text, entity text, source_id text, person_key bigint
        ) on commit drop;
        create temp table undone_record on commit drop as select {RECORD} from undone;
        create temp table settled on commit drop as select {RECORD} from undone;
        create temp table moved (
            service_code text, feed text, entity text, source_id text, person_key bigint, method text, weight numeric,
            evidence text, event_id bigint
        ) on commit drop;
        """
    )


def settle(cursor: Cursor, run_id: int, moment: datetime, made: Clustered) -> Settled:
    """Give the touched clusters their keys and write what changes.

    Args:
        made: all clusters of the touched descriptions.
    """
    day = _Day(run_id, moment)
    clusters, unknown, reason_of = _clusters(cursor, made)
    history = _history(cursor, [*clusters, *unknown])
    keys: list[int | None] = list(assign(clusters, history))
    minted = _mint(cursor, day, clusters, keys)
    changed = aftermath(clusters, keys, history, moment)
    fresh = minted | {
        key for key in changed if _is_undone(history.persons[key]) and not changed[key].retired_at
    }
    _write_persons(cursor, changed, fresh, moment)
    after = {record: key for cluster, key in zip(clusters, keys, strict=True) for record in cluster.records}
    after |= {record: None for cluster in unknown for record in cluster.records}
    before = {
        record: link.key for record, links in history.links.items() for link in links if link.until is None
    }
    moves = {record: (before.get(record), key) for record, key in after.items() if before.get(record) != key}
    reason_of = {
        record: _reason(record, key in fresh, reason_of, cluster)
        for cluster, key in zip(clusters, keys, strict=True)
        for record in cluster.records & moves.keys()
    }
    events = _write_events(cursor, day, moves, reason_of, changed, fresh)
    _write_links(cursor, moment, moves, reason_of, events)
    persons = {key for key in (*before.values(), *after.values()) if key is not None}
    return Settled(
        linked=sum(key is not None for _, key in moves.values()),
        merged=sum(person.retired_at == moment for person in changed.values()),
        split=len(
            {key for was, key in moves.values() if was is not None and (key in fresh or key in changed)}
        ),
        persons=frozenset(persons),
    )


def _clusters(cursor: Cursor, made: Clustered) -> tuple[list[Cluster], list[Cluster], dict[Record, Reason]]:
    """Clusters with a record that makes a child known, those without, and how each record came in."""
    cursor.execute(_RECORDS)
    records: dict[str, list[Record]] = defaultdict(list)
    reason_of: dict[Record, Reason] = {}
    for *record, description in cursor.fetchall():
        records[description].append(_record(record))
        reason_of[_record(record)] = made.reasons[description]
    known: list[Cluster] = []
    unknown: list[Cluster] = []
    for group in made.groups:
        members = frozenset(record for description in group for record in records[description])
        makes_known = any(record[1:3] in _PLACE for record in members)
        (known if makes_known else unknown).append(Cluster(members, min(group)))
    others: dict[int, list[tuple[Record, str]]] = defaultdict(list)
    cursor.execute(_OTHERS)
    for *record, description, key in cursor.fetchall():
        others[key].append((_record(record), description))
    for members_of in others.values():
        record_list, ids = zip(*members_of, strict=True)
        known.append(Cluster(frozenset(record_list), min(ids)))
    return known, unknown, reason_of


def _history(cursor: Cursor, clusters: Iterable[Cluster]) -> History:
    cursor.execute("truncate settled")
    execute_values(
        cursor,
        f"insert into settled ({RECORD}) values %s",
        [record for cluster in clusters for record in cluster.records],
        page_size=5000,
    )
    cursor.execute("analyze settled")
    cursor.execute(_LINKS)
    links: dict[Record, list[Link]] = defaultdict(list)
    for *record, key, since, until in cursor.fetchall():
        links[_record(record)].append(Link(key, since, until))
    cursor.execute(_PERSONS, ([*{link.key for found in links.values() for link in found}],))
    return History(links, {key: Person(*rest) for key, *rest in cursor.fetchall()})


def _mint(cursor: Cursor, day: _Day, clusters: list[Cluster], keys: list[int | None]) -> set[int]:
    """Fill in a new key for each cluster without one, in the order of the first record that makes it known."""
    cursor.execute(
        "select secret, keys_above, (select max(number) from identity.person) from identity.key_secret"
    )
    secret, keys_above, number = one_row(cursor)
    number = max(number, keys_above, 0)
    rows = []
    for at in sorted((at for at, key in enumerate(keys) if key is None), key=lambda at: _first(clusters[at])):
        number += 1
        key = keys[at] = key_of(number, secret, keys_above)
        rows.append((key, number, day.run_id, day.moment))
    execute_values(
        cursor,
        "insert into identity.person (person_key, number, minted_run_id, since) values %s",
        rows,
        page_size=5000,
    )
    return {row[0] for row in rows}


def _first(cluster: Cluster) -> tuple[Any, ...]:
    return min(
        (_PLACE[record[1:3]], record[3], record[0]) for record in cluster.records if record[1:3] in _PLACE
    )


def _reason(record: Record, is_minted: bool, reason_of: dict[Record, Reason], cluster: Cluster) -> Reason:
    """How a record came under a key. The first of a group that goes under a known key came by the surest tie of the others."""
    own = reason_of.get(record, Reason("matching"))
    if is_minted or own.method != "alone":
        return own
    others = [reason_of[other] for other in cluster.records if other in reason_of]
    return min(others, key=lambda one: (_METHODS.index(one.method), -(one.weight or 0), one.evidence or ""))


def _is_undone(person: Person) -> bool:
    """Minted in days that are taken again (days.undo)."""
    return person.retired_at is not None and person.retired_at == person.since


def _write_persons(cursor: Cursor, changed: dict[int, Person], fresh: set[int], moment: datetime) -> None:
    execute_values(
        cursor,
        "update identity.person as p set merged_into = n.merged_into, retired_at = n.retired_at, since = n.since"
        " from (values %s) as n (person_key, merged_into, retired_at, since) where n.person_key = p.person_key",
        [
            (key, person.merged_into, person.retired_at, moment if key in fresh else person.since)
            for key, person in changed.items()
        ],
        template="(%s::bigint, %s::bigint, %s::timestamptz, %s::timestamptz)",
    )


def _write_events(
    cursor: Cursor,
    day: _Day,
    moves: dict[Record, tuple[int | None, int | None]],
    reason_of: dict[Record, Reason],
    changed: dict[int, Person],
    fresh: set[int],
) -> dict[tuple[int | None, int | None], int]:
    """The story of each two keys between which records went: its number by them."""
    methods: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for record, (was, key) in moves.items():
        if was is not None and key is not None:
            methods[was, key][_method(reason_of[record])] += 1
    rows = []
    for (was, key), counted in methods.items():
        if was in changed and changed[was].retired_at == day.moment:
            kind = "merge"
        elif key in fresh:
            kind = "split"
        else:
            kind = "revive" if key in changed else "move"
        reason = min(counted, key=lambda method: (-counted[method], method))
        rows.append((kind, day.moment, day.run_id, key, was, counted.total(), reason))
    events = execute_values(
        cursor,
        "insert into identity.person_event (kind, at, run_id, person_key, other_key, records, reason) values %s"
        " returning other_key, person_key, event_id",
        rows,
        fetch=True,
    )
    return {(was, key): event_id for was, key, event_id in events}


def _write_links(
    cursor: Cursor,
    moment: datetime,
    moves: dict[Record, tuple[int | None, int | None]],
    reason_of: dict[Record, Reason],
    events: dict[tuple[int | None, int | None], int],
) -> None:
    rows = []
    for record, (was, key) in moves.items():
        reason = reason_of.get(record)
        weight, evidence = (
            (reason.weight, reason.evidence) if reason else (None, None)
        )  # it has no person any more
        rows.append((*record, key, _method(reason), weight, evidence, events.get((was, key))))
    cursor.execute("truncate moved")
    execute_values(cursor, "insert into moved values %s", rows, page_size=5000)
    cursor.execute("analyze moved")
    cursor.execute(_CLOSE, {"moment": moment})


def _method(reason: Reason | None) -> str:
    return "new" if reason is None or reason.method == "alone" else reason.method


def _record(values: list[str]) -> Record:
    service_code, feed, entity, source_id = values
    return service_code, feed, entity, source_id
