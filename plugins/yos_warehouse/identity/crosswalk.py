"""Who is who, day by day: each source record of a person gets its person, each event its key.

Who belongs together at the end of a day follows from what was recorded and decided by then, and from nothing else:
the order of deliveries, the names of records and how often a night runs change nothing. Only keys have a history
(keys.py). A day costs what it changed: new descriptions are compared with the rest, the pairs are kept, and only what
hangs together with a change is clustered anew (docs/decisions/0011).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.identity import compare, registry, touched
from yos_warehouse.identity.days import RECORD, day_taken, days_to_take, undo
from yos_warehouse.identity.holdings import keep_holdings
from yos_warehouse.identity.measures import Cost, measure
from yos_warehouse.identity.queue import keep_queue
from yos_warehouse.server.connect import one_row

_MANY = 1000

_RECORD_KEYS = """
insert into identity.record_key (record_key, service_code, feed, entity, source_id) overriding system value
select
    greatest((select max(record_key) from identity.record_key), 0)
    + row_number() over (order by record.service_code, record.feed, record.entity, record.source_id),
    record.service_code, record.feed, record.entity, record.source_id
from staging.stg_source_record as record
left join identity.record_key as known
    on known.service_code = record.service_code and known.feed = record.feed
    and known.entity = record.entity and known.source_id = record.source_id
where known.record_key is null
"""

_NOT_LINKED = """
select count(*)
from identity.record as record
left join identity.person_link as link
    on link.service_code = record.service_code and link.feed = record.feed
    and link.entity = record.entity and link.source_id = record.source_id and link.until is null
where link.person_key is null
"""

_LOG = """
insert into ops.combination_log (run_id, moment, records_linked, persons_merged, persons_split, decisions)
select %(run_id)s, %(moment)s, %(linked)s, %(merged)s, %(split)s, (select count(*) from decided where is_news)
"""


# A day that is taken again begins without the links of before: what a run did is seen by its beginning and its end.
_KEYS_AT_START = f"""
create temp table key_at_start on commit drop as
select {RECORD}, person_key from identity.person_link where until is null
"""

_KEYS_BEFORE = f"""
create temp table moved_in_run on commit drop as
select {RECORD}, key_at_start.person_key
from key_at_start inner join identity.person_link as link using ({RECORD})
where link.until is null and link.person_key <> key_at_start.person_key;
delete from identity.key_before where run_id <> %(run_id)s and exists (select from moved_in_run);
insert into identity.key_before (run_id, {RECORD}, person_key)
select %(run_id)s, {RECORD}, person_key from moved_in_run on conflict do nothing
"""


def identify(connection: Connection, run_id: int) -> dict[str, int]:
    """Say who is who at the end of each day that changed, and give each new event its key, in one transaction.

    Args:
        connection: as role ``identity``; the caller commits and holds the warehouse lock.
        run_id: the run that mints.

    Returns:
        Counts: ``persons_minted``, ``records_linked``, ``records_not_linked``, ``record_keys_minted``.

    Raises:
        YosError: NO_MODEL.
    """
    started = time.monotonic()
    with connection.cursor() as cursor:
        before = _counted(cursor)
        registry.prepare(cursor)
        to_take = days_to_take(cursor, run_id)
        pairs = 0
        if to_take.days:
            cursor.execute(_KEYS_AT_START)
            if to_take.undo_from:
                undo(cursor, to_take.undo_from)
            touched.prepare(cursor)
            pairs, anew = compare.compare_new(cursor)
            previous_end = to_take.undo_from or datetime.min.replace(tzinfo=UTC)
            for number, (moment, day_end) in enumerate(to_take.days):
                touched.change(cursor, day_end, previous_end, whole=number == 0)
                if anew:
                    touched.touch_everything(cursor)
                    anew = False
                _identify_day(cursor, run_id, moment)
                day_taken(cursor, run_id, day_end)
                previous_end = day_end
            compare.forget_pairs(cursor)
            cursor.execute(_KEYS_BEFORE, {"run_id": run_id})
        cursor.execute(_RECORD_KEYS)
        record_keys = cursor.rowcount
        persons, linked = (now - then for now, then in zip(_counted(cursor), before, strict=True))
        measure(cursor, run_id, Cost(pairs, time.monotonic() - started))
        cursor.execute(_NOT_LINKED)
        return {
            "persons_minted": persons,
            "records_linked": linked,
            "records_not_linked": one_row(cursor)[0],
            "record_keys_minted": record_keys,
        }


def _identify_day(cursor: Cursor, run_id: int, moment: datetime) -> None:
    """Cluster what was touched, and write what follows; all of it is known since ``moment``."""
    from yos_warehouse.identity.clusters import cluster

    people = touched.touched_descriptions(cursor)
    if people.empty:
        keep_queue(cursor, moment, [])
        return
    made = cluster(people, touched.touched_pairs(cursor), touched.touched_decisions(cursor))
    settled = registry.settle(cursor, run_id, moment, made)
    keep_holdings(cursor, moment, settled.persons)
    keep_queue(cursor, moment, made.review)
    if settled.linked > _MANY:  # the planner of the next day has to know of them
        cursor.execute("analyze identity.person_link, identity.record, identity.description")
    if settled.linked or settled.merged or settled.split:
        values = {"run_id": run_id, "moment": moment}
        cursor.execute(
            _LOG, values | {"linked": settled.linked, "merged": settled.merged, "split": settled.split}
        )


def _counted(cursor: Cursor) -> tuple[int, int]:
    """Persons and links so far."""
    cursor.execute(
        "select (select count(*) from identity.person), (select count(*) from identity.person_link)"
    )
    persons, linked = one_row(cursor)
    return persons, linked
