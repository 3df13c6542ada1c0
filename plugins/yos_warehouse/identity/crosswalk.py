"""Who is who, in its first and strictest form: exact PNC id, or exact name and date of birth.

Matching with evidence weights is later work; until then a split is better than a wrong merge.
A key once given stays: only records without a link are looked at, and keys are minted in a fixed
order without gaps, so that a night that crashed and ran again gives the same keys as one that did not.
"""

from __future__ import annotations

from psycopg2.extensions import connection as Connection

from yos_warehouse.server.connect import one_row

# Children become known through these, in this order; the other feeds only attach to known children,
# so that the warehouse holds no pupil who has nothing to do with the service.
MINTING_SOURCES = (("case_system", "person"), ("police", "arrest"), ("police", "court_message"))
ATTACHING_SOURCES = (("police", "pnc_check"), ("education", "young_person"), ("education", "census_pupil"))

# What is known of each person so far: one row per link and record.
_KNOWN = """
create temp table known on commit drop as
select link.person_key, link.since, record.pnc_id, record.family_name, record.given_name, record.date_of_birth
from identity.person_link as link
inner join staging.stg_person_record as record
    using (service_code, feed, entity, source_id)
where link.until is null
"""

_NEW = """
create temp table new_record on commit drop as
select record.*, null::bigint as person_key, null::text as method, null::timestamptz as known_since
from staging.stg_person_record as record
left join identity.person_link as link
    on link.service_code = record.service_code and link.feed = record.feed
    and link.entity = record.entity and link.source_id = record.source_id and link.until is null
where link.person_key is null and record.feed = %(feed)s and record.entity = %(entity)s
"""

# A PNC id names one person; where a name and date of birth both contradict, rather split than merge.
_BY_PNC = """
update new_record as n
set person_key = found.person_key, method = 'pnc_id', known_since = found.since
from (
    select n2.source_id, min(k.person_key) as person_key, min(k.since) as since
    from new_record as n2
    inner join known as k on k.pnc_id = n2.pnc_id
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
set person_key = found.person_key, method = 'name_and_birth', known_since = found.since
from (
    select n2.source_id, min(k.person_key) as person_key, min(k.since) as since
    from new_record as n2
    inner join known as k
        on k.family_name = n2.family_name and k.given_name = n2.given_name and k.date_of_birth = n2.date_of_birth
    where n2.person_key is null
    group by n2.source_id, n2.pnc_id
    having count(distinct k.person_key) = 1
        and (
            n2.pnc_id is null
            or not exists (
                select from known as other
                where other.person_key = min(k.person_key) and other.pnc_id is not null and other.pnc_id <> n2.pnc_id
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
    from new_record
    where person_key is null and {round}
),

minted as (
    select candidate, (select max(person_key) from identity.person) as top,
        row_number() over (order by min(source_id), candidate) as number
    from unmatched
    group by candidate
),

stored as (
    insert into identity.person (person_key, minted_run_id) overriding system value
    select greatest(top, 0) + number, %(run_id)s from minted
)

update new_record as n
set person_key = greatest(minted.top, 0) + minted.number, method = 'new'
from unmatched inner join minted using (candidate)
where n.source_id = unmatched.source_id
"""

_REMEMBER = """
insert into known
select person_key, recorded_from, pnc_id, family_name, given_name, date_of_birth
from new_record where person_key is not null and {round}
"""

_LINK = """
insert into identity.person_link (service_code, feed, entity, source_id, person_key, method, since)
select service_code, feed, entity, source_id, person_key, method, greatest(recorded_from, known_since)
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
    counts = {"persons_minted": 0, "records_linked": 0, "records_not_linked": 0}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN)
        cursor.execute("create index on known (pnc_id)")
        cursor.execute("create index on known (family_name, date_of_birth)")
        cursor.execute("analyze known")
        for feed, entity in (*MINTING_SOURCES, *ATTACHING_SOURCES):
            cursor.execute(_NEW, {"feed": feed, "entity": entity})
            if not cursor.rowcount:
                cursor.execute("drop table new_record")
                continue
            cursor.execute("analyze new_record")
            cursor.execute(_BY_PNC)
            cursor.execute(_BY_NAME_AND_BIRTH)
            if (feed, entity) in MINTING_SOURCES:
                cursor.execute("select count(*) from identity.person")
                before = one_row(cursor)[0]
                # Those with a PNC id first: a namesake born the same day without one then joins them.
                for part in ("pnc_id is not null", "pnc_id is null"):
                    cursor.execute(_BY_NAME_AND_BIRTH if part == "pnc_id is null" else "select")
                    cursor.execute(_MINT.format(round=part), {"run_id": run_id})
                    cursor.execute(_REMEMBER.format(round=part))
                cursor.execute("analyze known")  # only these sources add to it
                cursor.execute("select count(*) from identity.person")
                counts["persons_minted"] += one_row(cursor)[0] - before
            cursor.execute(_LINK)
            counts["records_linked"] += cursor.rowcount
            cursor.execute("select count(*) from new_record where person_key is null")
            counts["records_not_linked"] += one_row(cursor)[0]
            cursor.execute("drop table new_record")
        cursor.execute(_RECORD_KEYS)
        counts["record_keys_minted"] = cursor.rowcount
    return counts
