"""Who is who, in its first and strictest form: exact PNC id, or exact name and date of birth.

Matching with evidence weights is later work; until then a split is better than a wrong merge.
A key once given stays: only records without a link are looked at, and keys are minted in a fixed
order without gaps, so that a night that crashed and ran again gives the same keys as one that did not.
Days are taken one after the other, each with what was known by its end: deliveries that waited
together are linked as they would have been night by night, and each link is known since its own day.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.server.connect import one_row

# Children become known through these, in this order; the other feeds only attach to known children,
# so that the warehouse holds no pupil who has nothing to do with the service.
MINTING_SOURCES = (("case_system", "person"), ("police", "arrest"), ("police", "court_message"))
ATTACHING_SOURCES = (
    ("police", "pnc_check"),
    ("education", "young_person"),
    ("education", "census_pupil"),
    ("education", "census_leaver"),
    ("education", "transfer_pupil"),
    ("education", "ehc_plan"),
)

# The end of the London day of a moment; an as-at date shows what was recorded before it.
_END_OF_DAY = "((({moment} at time zone 'Europe/London')::date + 1)::timestamp at time zone 'Europe/London')"

# What is known of each person: the versions of the records linked to it, and when each counts. A record that only
# attaches counts from the day after, so that it does not matter which of a day's deliveries came first.
_KNOWN = f"""
create temp table known on commit drop as
select
    link.person_key, record.pnc_id, record.family_name, record.given_name, record.date_of_birth,
    greatest(
        record.recorded_from,
        case
            when (link.feed, link.entity) in %(minting)s then link.since
            else {_END_OF_DAY.format(moment="link.since")}
        end
    ) as holds_from,
    record.recorded_to as holds_to
from identity.person_link as link
inner join staging.stg_person_record as record
    using (service_code, feed, entity, source_id)
where link.until is null
"""

# Records without a link, in every version that was there at the end of a day.
_UNLINKED = f"""
create temp table unlinked on commit drop as
select record.*, (record.feed, record.entity) in %(minting)s as mints
from staging.stg_person_record as record
left join identity.person_link as link
    on link.service_code = record.service_code and link.feed = record.feed
    and link.entity = record.entity and link.source_id = record.source_id and link.until is null
where link.person_key is null
    and (record.recorded_to is null or record.recorded_to >= {_END_OF_DAY.format(moment="record.recorded_from")})
"""

# The days on which anything changed, from the last one that has links, or an earlier one if a delivery of it came late:
# the last moment of each, and its end.
_DAYS = f"""
with moments as (
    select recorded_from as moment from staging.stg_person_record
    union all
    select recorded_to from staging.stg_person_record where recorded_to is not null
),

days as (
    select max(moment) as moment, {_END_OF_DAY.format(moment="moment")} as day_end
    from moments
    group by day_end
)

select moment, day_end from days
where day_end > least(
    (select max(since) from identity.person_link),
    (select min(recorded_from) from unlinked where mints)
) or not exists (select from identity.person_link)
order by day_end
"""

_NEW = """
create temp table new_record on commit drop as
select record.*, null::bigint as person_key, null::text as method
from unlinked as record
where record.feed = %(feed)s and record.entity = %(entity)s
    and record.recorded_from < %(day_end)s and (record.recorded_to is null or record.recorded_to >= %(day_end)s)
"""

# A PNC id names one person; where a name and date of birth both contradict, rather split than merge.
_BY_PNC = """
update new_record as n
set person_key = found.person_key, method = 'pnc_id'
from (
    select n2.source_id, min(k.person_key) as person_key
    from new_record as n2
    inner join known as k
        on k.pnc_id = n2.pnc_id
        and k.holds_from < %(day_end)s and (k.holds_to is null or k.holds_to >= %(day_end)s)
    where n2.person_key is null
    group by n2.source_id
    having count(distinct k.person_key) = 1
        and not bool_and(
            k.date_of_birth is distinct from n2.date_of_birth and k.family_name is distinct from n2.family_name
            and k.date_of_birth is not null and n2.date_of_birth is not null
        )
) as found
where n.source_id = found.source_id and n.person_key is null
"""

# Two different valid PNC ids never meet by name and date of birth alone.
_BY_NAME_AND_BIRTH = """
update new_record as n
set person_key = found.person_key, method = 'name_and_birth'
from (
    select n2.source_id, min(k.person_key) as person_key
    from new_record as n2
    inner join known as k
        on k.family_name = n2.family_name and k.given_name = n2.given_name and k.date_of_birth = n2.date_of_birth
        and k.holds_from < %(day_end)s and (k.holds_to is null or k.holds_to >= %(day_end)s)
    where n2.person_key is null
    group by n2.source_id, n2.pnc_id
    having count(distinct k.person_key) = 1
        and (
            n2.pnc_id is null
            or not exists (
                select from known as other
                where other.person_key = min(k.person_key) and other.pnc_id is not null and other.pnc_id <> n2.pnc_id
                    and other.holds_from < %(day_end)s
                    and (other.holds_to is null or other.holds_to >= %(day_end)s)
            )
        )
) as found
where n.source_id = found.source_id and n.person_key is null
"""

# New persons: one per PNC id, else one per name and date of birth, else one per record. Numbered in a
# fixed order after the highest key: a sequence would leave gaps behind a crash.
_MINT = """
with unmatched as (
    select
        source_id,
        coalesce(
            'p' || pnc_id,
            'n' || family_name || '|' || given_name || '|' || date_of_birth,
            's' || source_id
        ) as candidate
    from new_record as n
    where person_key is null and {round}
),

minted as (
    select candidate, (select max(person_key) from identity.person) as top,
        row_number() over (order by min(source_id), candidate) as number
    from unmatched
    group by candidate
),

stored as (
    insert into identity.person (person_key, number, minted_run_id)
    select greatest(top, 0) + number, greatest(top, 0) + number, %(run_id)s from minted
)

update new_record as n
set person_key = greatest(minted.top, 0) + minted.number, method = 'new'
from unmatched inner join minted using (candidate)
where n.source_id = unmatched.source_id
"""

# What was linked, in every version; then it is no longer looked for.
_REMEMBER = """
insert into known
select
    n.person_key, record.pnc_id, record.family_name, record.given_name, record.date_of_birth,
    greatest(record.recorded_from, case when record.mints then %(moment)s else %(day_end)s end), record.recorded_to
from new_record as n
inner join unlinked as record using (service_code, feed, entity, source_id)
where n.person_key is not null and {round}
"""

_FORGET = """
delete from unlinked as record using new_record as n
where n.person_key is not null and record.service_code = n.service_code and record.feed = n.feed
    and record.entity = n.entity and record.source_id = n.source_id
"""

_LINK = """
insert into identity.person_link (service_code, feed, entity, source_id, person_key, method, since)
select service_code, feed, entity, source_id, person_key, method, %(moment)s
from new_record where person_key is not null
"""

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


def identify(connection: Connection, run_id: int) -> dict[str, int]:
    """Give every new record of a person its person, and every new event its key, in one transaction.

    Args:
        connection: as role ``identity``; the caller commits and holds the warehouse lock.
        run_id: the run that mints.

    Returns:
        Counts: ``persons_minted``, ``records_linked``, ``records_not_linked``, ``record_keys_minted``.
    """
    with connection.cursor() as cursor:
        before = _counted(cursor)
        cursor.execute(_KNOWN, {"minting": MINTING_SOURCES})
        cursor.execute("create index on known (pnc_id)")
        cursor.execute("create index on known (family_name, date_of_birth)")
        cursor.execute("create index on known (person_key)")
        cursor.execute(_UNLINKED, {"minting": MINTING_SOURCES})
        cursor.execute("create index on unlinked (source_id)")
        cursor.execute("analyze known; analyze unlinked")
        cursor.execute(_DAYS)
        for moment, day_end in cursor.fetchall():
            _identify_day(cursor, run_id, moment, day_end)
        cursor.execute(_RECORD_KEYS)
        record_keys = cursor.rowcount
        persons, linked = (now - then for now, then in zip(_counted(cursor), before, strict=True))
        cursor.execute("select count(*) from unlinked where recorded_to is null")
        return {
            "persons_minted": persons,
            "records_linked": linked,
            "records_not_linked": one_row(cursor)[0],
            "record_keys_minted": record_keys,
        }


def _identify_day(cursor: Cursor, run_id: int, moment: datetime, day_end: datetime) -> None:
    """Link what was there at the end of a day and has no person; the links are known since ``moment``."""
    values: dict[str, Any] = {"run_id": run_id, "moment": moment, "day_end": day_end}
    for feed, entity in (*MINTING_SOURCES, *ATTACHING_SOURCES):
        cursor.execute(_NEW, values | {"feed": feed, "entity": entity})
        if cursor.rowcount:
            cursor.execute("analyze new_record")
            cursor.execute(_BY_PNC, values)
            cursor.execute(_BY_NAME_AND_BIRTH, values)
            if (feed, entity) in MINTING_SOURCES:
                # Those with a PNC id first: a namesake born the same day without one then joins them.
                for part in ("n.pnc_id is not null", "n.pnc_id is null"):
                    if part == "n.pnc_id is null":
                        cursor.execute(_BY_NAME_AND_BIRTH, values)
                    cursor.execute(_MINT.format(round=part), values)
                    cursor.execute(_REMEMBER.format(round=part), values)
                cursor.execute("analyze known")  # only these sources add much to it
            else:
                cursor.execute(_REMEMBER.format(round="true"), values)
            cursor.execute(_LINK, values)
            cursor.execute(_FORGET)
        cursor.execute("drop table new_record")


def _counted(cursor: Cursor) -> tuple[int, int]:
    """Persons and links so far."""
    cursor.execute(
        "select (select count(*) from identity.person), (select count(*) from identity.person_link)"
    )
    persons, linked = one_row(cursor)
    return persons, linked
