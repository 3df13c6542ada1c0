"""Which days identity has to take, and what was recorded by the end of each.

Days are taken one after the other (docs/decisions/0011). A day that was taken before and has more to say now, because a
delivery came late, is taken again, and so are all after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg2.extensions import cursor as Cursor

from yos_warehouse.server.connect import one_row

# What a description is made of, in the order of its hash; false says more where the source could know it.
CONTENT = (
    "given_name", "family_name", "date_of_birth", "sex", "postcode", "street", "school", "pnc_id", "asn", "upn",
    "former_upn", "uln", "nhs_number", "own_id", "is_protected",
)  # fmt: skip
RECORD = "service_code, feed, entity, source_id"

# Records of one content are one description, which is one child. A bare name, or nothing at all, is not enough for that:
# such a record stands for itself.
_SAYS_WHO = (
    "num_nulls(given_name, family_name, date_of_birth) = 0"
    " or num_nonnulls(pnc_id, asn, upn, uln, nhs_number, own_id) > 0"
)

# The end of the London day of a moment; an as-at date shows what was recorded before it.
END_OF_DAY = "((({moment} at time zone 'Europe/London')::date + 1)::timestamp at time zone 'Europe/London')"
_START_OF_DAY = (
    "((({day_end} at time zone 'Europe/London')::date - 1)::timestamp at time zone 'Europe/London')"
)

# A run speaks for its as-at day: what was recorded or decided later is of a later run.
_LIMIT = """
select coalesce((as_at + 1)::timestamp at time zone 'Europe/London', 'infinity')
from ops.run where run_id = %(run_id)s
"""

_DAYS = f"""
create temp table day_now on commit drop as
with moments as (
    select recorded_from as moment from staging.stg_person_record
    union all
    select recorded_to from staging.stg_person_record
    union all
    select decided_at from identity.override
    union all
    select revoked_at from identity.override
)

select {END_OF_DAY.format(moment="moment")} as day_end, max(moment) as moment, count(*) as changes
from moments
where moment < %(limit)s
group by day_end
"""

# A registry of before 0016 knows its links and no days: those up to its last link are done.
_BASELINE = f"""
insert into identity.day (day_end, moment, changes, run_id)
select day_end, moment, changes, %(run_id)s from day_now
where not exists (select from identity.day)
    and day_end <= (select {END_OF_DAY.format(moment="max(since)")} from identity.person_link)
"""

# The last day is looked at again on every run, though nothing came late: how records are read may have changed.
_FROM = f"""
with changed as (
    select day_end
    from day_now full join identity.day using (day_end)
    where day_now.changes is distinct from day.changes and day_end <= (select max(day_end) from day_now)
),

last_day as (
    select max(day_end) as day_end from identity.day
)

select
    least((select min(day_end) from changed), (select l.day_end from last_day as l inner join day_now using (day_end))),
    (select {_START_OF_DAY.format(day_end="min(day_end)")} from changed
    where day_end <= (select l.day_end from last_day as l))
"""

_VERSIONS = f"""
create temp table version on commit drop as
with every_version as (
    select
        {RECORD}, load_id, recorded_from,
        {END_OF_DAY.format(moment="recorded_from")} as first_end,
        {END_OF_DAY.format(moment="case when recorded_to < %(limit)s then recorded_to end")} as last_end,
        {", ".join(f"nullif({name}, '') as {name}" for name in CONTENT if name not in ("date_of_birth", "is_protected"))},
        date_of_birth, is_protected
    from staging.stg_person_record
    where recorded_from < %(limit)s
)

select *, md5(
    row({", ".join(CONTENT)})::text
    || case when {_SAYS_WHO} then '' else row({RECORD})::text end
) as description_id
from every_version
where (last_end is null or last_end > first_end and last_end > %(start)s)
"""


@dataclass(frozen=True)
class Days:
    """The days to take.

    Attributes:
        days: the last moment of each and its end, oldest first.
        undo_from: start of the first of them that was taken before and is not as it was; None: none.
    """

    days: list[tuple[datetime, datetime]]
    undo_from: datetime | None


def days_to_take(cursor: Cursor, run_id: int) -> Days:
    """Find the days and gather the versions of records that were there at the end of any of them (table ``version``)."""
    cursor.execute(_LIMIT, {"run_id": run_id})
    (limit,) = one_row(cursor)
    values = {"run_id": run_id, "limit": limit}
    cursor.execute(_DAYS, values)
    cursor.execute(_BASELINE, values)
    cursor.execute(_FROM)
    start, undo_from = one_row(cursor)
    cursor.execute("select moment, day_end from day_now where day_end >= %s order by day_end", (start,))
    days = cursor.fetchall() if start else []
    if days:
        cursor.execute(_VERSIONS, values | {"start": start})
        cursor.execute("create index on version (first_end)")
        cursor.execute("create index on version (last_end)")
        cursor.execute(f"create index on version ({RECORD})")
        cursor.execute("analyze version")
    return Days(days, undo_from)


def day_taken(cursor: Cursor, run_id: int, day_end: datetime) -> None:
    """Remember that a day was taken, and with how many changes."""
    cursor.execute(
        """
        insert into identity.day (day_end, moment, changes, run_id)
        select day_end, moment, changes, %(run_id)s from day_now where day_end = %(day_end)s
        on conflict (day_end) do update
        set moment = excluded.moment, changes = excluded.changes, run_id = excluded.run_id
        where day.changes <> excluded.changes
        """,
        {"run_id": run_id, "day_end": day_end},
    )


def undo(cursor: Cursor, undo_from: datetime) -> None:
    """Take back what was believed from a moment on; tables ``undone`` (keys of before) and ``undone_record`` remember it.

    Keys that were minted since stay, as retired from their first moment: the records that had them get them again.
    """
    values = {"from": undo_from}
    cursor.execute(
        f"""
        insert into undone
        select {RECORD}, person_key from identity.person_link where since >= %(from)s;
        delete from identity.person_link where since >= %(from)s;
        with reopened as (
            update identity.person_link set until = null where until >= %(from)s
            returning {RECORD}
        )
        insert into undone_record
        select {RECORD} from reopened union select {RECORD} from undone;
        delete from identity.person_event where at >= %(from)s;
        update identity.person set retired_at = null, merged_into = null where retired_at >= %(from)s;
        update identity.person as p
        set retired_at = coalesce((select max(until) from identity.person_link as l where l.person_key = p.person_key), since)
        where person_key > 0 and retired_at is null and not exists (
            select from identity.person_link as l where l.person_key = p.person_key and l.until is null
        );
        delete from identity.review where since >= %(from)s;
        update identity.review set until = null, outcome = null where until >= %(from)s;
        delete from identity.person_identifier where since >= %(from)s;
        update identity.person_identifier set until = null, valid_to = null where until >= %(from)s;
        delete from identity.person_name where since >= %(from)s;
        update identity.person_name set until = null, valid_to = null where until >= %(from)s;
        delete from identity.day where day_end > %(from)s;
        """,
        values,
    )
