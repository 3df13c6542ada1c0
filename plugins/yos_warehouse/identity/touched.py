"""What a day changed, and everything that hangs together with it: only that is clustered anew."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.identity.clusters import IDENTIFIERS, MIDDLE, PNC, Decisions
from yos_warehouse.identity.days import CONTENT, RECORD

# What many bear is nobody's number (clusters.py) and leads no further than to those who meet by it today.
_MANY = 200

_CHANGED = f"""
insert into changed
with candidate as (
    select {RECORD} from version where first_end = %(day_end)s or last_end = %(day_end)s or %(whole)s
    union
    select {RECORD} from identity.record where %(whole)s
),

current_version as (
    select distinct on ({RECORD}) {RECORD}, description_id, recorded_from, load_id
    from version inner join candidate using ({RECORD})
    where first_end <= %(day_end)s and (last_end is null or last_end > %(day_end)s)
    order by {RECORD}, recorded_from desc, description_id
)

select {RECORD}, record.description_id, version.description_id, version.recorded_from, version.load_id
from candidate
left join current_version as version using ({RECORD})
left join identity.record as record using ({RECORD})
where record.description_id is distinct from version.description_id
"""

# Those next to a description that goes: what held by it alone may fall apart.
_NEXT_TO_OLD = f"""
insert into touched
select distinct near.description_id, 0
from (select distinct old_id from changed where old_id is not null) as old
cross join lateral (
    select b as description_id from identity.pair where a = old_id and weight >= {MIDDLE}
    union all
    select a from identity.pair where b = old_id and weight >= {MIDDLE}
    union all
    select other.description_id
    from holding as own inner join holding as other using (value)
    where own.description_id = old_id
) as near
on conflict do nothing
"""

_STATE = f"""
insert into identity.description (description_id, {", ".join(CONTENT)})
select description_id, {", ".join(CONTENT)} from content
where description_id in (select new_id from changed)
on conflict do nothing;
insert into identity.record ({RECORD}, description_id, recorded_from, load_id)
select {RECORD}, new_id, recorded_from, load_id from changed where new_id is not null
on conflict ({RECORD}) do update
set description_id = excluded.description_id, recorded_from = excluded.recorded_from, load_id = excluded.load_id;
delete from identity.record as record using changed
where changed.new_id is null and changed.service_code = record.service_code and changed.feed = record.feed
    and changed.entity = record.entity and changed.source_id = record.source_id;
delete from identity.description as d
where d.description_id in (select old_id from changed)
    and not exists (select from identity.record as r where r.description_id = d.description_id);
"""

# A decision is about records: it holds for what they say now.
_DECIDED = """
truncate decided;
insert into decided
select o.verdict, a.description_id, b.description_id, (
    o.decided_at >= %(previous_end)s or o.revoked_at >= %(previous_end)s or %(whole)s
    or exists (select from changed as c where (c.service_code, c.feed, c.entity, c.source_id) in (
        (o.service_code, o.feed_a, o.entity_a, o.source_id_a), (o.service_code, o.feed_b, o.entity_b, o.source_id_b)
    ))
), coalesce(o.revoked_at >= %(day_end)s, true)
from identity.override as o
inner join identity.record as a
    on a.service_code = o.service_code and a.feed = o.feed_a and a.entity = o.entity_a and a.source_id = o.source_id_a
inner join identity.record as b
    on b.service_code = o.service_code and b.feed = o.feed_b and b.entity = o.entity_b and b.source_id = o.source_id_b
where o.decided_at < %(day_end)s and a.description_id <> b.description_id;
"""

_START = f"""
insert into touched
select description_id, 0 from (
    select new_id as description_id from changed
    union select old_id from changed
    union select a from decided where is_news
    union select b from decided where is_news
    union select description_id from identity.record inner join undone_record using ({RECORD})
) as start
where description_id is not null
on conflict do nothing;
truncate undone_record;
"""

_SPREAD = f"""
insert into touched
select distinct near.description_id, %(round)s + 1
from touched as own
cross join lateral (
    select b as description_id from identity.pair where a = own.description_id and weight >= {MIDDLE}
    union all
    select a from identity.pair where b = own.description_id and weight >= {MIDDLE}
    union all
    select other.description_id
    from holding as mine inner join holding as other using (value)
    where mine.description_id = own.description_id and (%(round)s = 0 or mine.bearers <= {_MANY})
    union all
    select b from decided where a = own.description_id and holds
    union all
    select a from decided where b = own.description_id and holds
) as near
inner join identity.description as there on there.description_id = near.description_id
where own.round = %(round)s
on conflict do nothing
"""


def _number(kind: str, column: str) -> str:
    """As clusters.number: of a PNC id typed with two digits of the year the century is a guess."""
    return f"substr({column}, 3)" if kind == PNC else column


def prepare(cursor: Cursor) -> None:
    """The contents and identifiers of all descriptions of the days to come (tables ``content``, ``holding``)."""
    names = ", ".join(CONTENT)
    cursor.execute(
        f"""
        create temp table content on commit drop as
        select distinct on (description_id) description_id, {names} from version order by description_id;
        alter table content add primary key (description_id);
        create temp table holding on commit drop as
        with everybody as (
            select description_id, {names} from content
            union
            select description_id, {names} from identity.description
        )

        select description_id, value, count(*) over (partition by value) as bearers
        from (
            {
            " union ".join(
                f"select description_id, '{kind}/' || {_number(kind, column)} as value from everybody where {column} is not null"
                for kind, columns in IDENTIFIERS
                for column in columns
                if column in CONTENT
            )
        }
        ) as held;
        create index on holding (description_id);
        create index on holding (value);
        create temp table changed (
            service_code text, feed text, entity text, source_id text, old_id text, new_id text, recorded_from timestamptz,
            load_id bigint
        ) on commit drop;
        create temp table touched (description_id text primary key, round integer) on commit drop;
        create temp table decided (verdict text, a text, b text, is_news boolean, holds boolean) on commit drop;
        analyze content; analyze holding;
        """
    )


def change(cursor: Cursor, day_end: datetime, previous_end: datetime, whole: bool) -> int:
    """Bring the kept records and descriptions to the end of a day, and gather what that touches (table ``touched``).

    Args:
        previous_end: the end of the day taken before.
        whole: compare all records, not only those of which a version began or ended on the day.

    Returns:
        How many descriptions are touched.
    """
    values = {"day_end": day_end, "previous_end": previous_end, "whole": whole}
    cursor.execute("truncate changed, touched")
    cursor.execute(_CHANGED, values)
    cursor.execute("analyze changed")
    cursor.execute(_NEXT_TO_OLD)
    cursor.execute(_STATE)
    cursor.execute(_DECIDED, values)
    cursor.execute(_START)
    cursor.execute(
        "delete from touched where description_id not in (select description_id from identity.description)"
    )
    cursor.execute("analyze touched; analyze decided")
    spread = 0
    cursor.execute(_SPREAD, {"round": spread})
    while cursor.rowcount:
        spread += 1
        cursor.execute(_SPREAD, {"round": spread})
    cursor.execute("analyze touched")
    cursor.execute("select count(*) from touched")
    return cursor.fetchone()[0]  # type: ignore[index]


def touch_everything(cursor: Cursor) -> None:
    """All descriptions are clustered anew: the weights changed."""
    cursor.execute(
        "insert into touched select description_id, 0 from identity.description on conflict do nothing"
    )


def descriptions(cursor: Cursor, chosen: str) -> pd.DataFrame:
    """Descriptions as matching reads them: text, None where nothing is known.

    Args:
        chosen: a query of ``description_id`` and the columns of CONTENT.
    """
    from yos_warehouse.identity import people

    names = ("description_id", *CONTENT)
    cursor.execute(f"select {', '.join(f'{name}::text' for name in names)} from ({chosen}) as chosen")
    frame = pd.DataFrame(cursor.fetchall(), columns=list(names), dtype=object)
    for name in people.CONTENT:
        if name not in frame:
            frame[name] = None
    return frame


def touched_descriptions(cursor: Cursor) -> pd.DataFrame:
    """The touched ones."""
    return descriptions(
        cursor, "select d.* from identity.description as d inner join touched using (description_id)"
    )


def touched_pairs(cursor: Cursor) -> pd.DataFrame:
    """Pairs among the touched: a, b, weight, evidence (JSON)."""
    cursor.execute(
        "select p.a, p.b, p.weight::float8, p.evidence::text from identity.pair as p"
        " inner join touched as ta on ta.description_id = p.a inner join touched as tb on tb.description_id = p.b"
    )
    frame = pd.DataFrame(cursor.fetchall(), columns=["a", "b", "weight", "evidence"], dtype=object)
    return frame.astype({"weight": float})


def touched_decisions(cursor: Cursor) -> Decisions:
    """Decisions that hold among the touched."""
    cursor.execute("select verdict, least(a, b), greatest(a, b) from decided where holds")
    rows = cursor.fetchall()
    return Decisions(
        frozenset((a, b) for verdict, a, b in rows if verdict == "same"),
        frozenset((a, b) for verdict, a, b in rows if verdict == "different"),
    )
