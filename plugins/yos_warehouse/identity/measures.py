"""How well children were recognised, in numbers, after every run (ops.identity_measure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import execute_values

from yos_warehouse.identity.days import RECORD
from yos_warehouse.identity.registry import MINTING_SOURCES

_MEASURES = f"""
delete from ops.identity_measure where run_id = %(run_id)s;
insert into ops.identity_measure (run_id, measure, feed, value)
with linked as (
    select record.*, link.person_key
    from identity.record as record
    left join (select * from identity.person_link where until is null) as link using ({RECORD})
),

sizes as (
    select person_key, count(*) as records from linked where person_key is not null group by person_key
)

select %(run_id)s, 'match_rate', feed, round(count(person_key)::numeric / count(*), 4) from linked group by feed
union all
select %(run_id)s, 'records', feed, count(*) from linked group by feed
union all
select %(run_id)s, 'persons', '', count(*) from sizes
union all
select
    %(run_id)s,
    case when records = 1 then 'persons_with_1_record' when records <= 5 then 'persons_with_2_to_5_records'
        when records <= 20 then 'persons_with_6_to_20_records' else 'persons_with_over_20_records' end as size,
    '', count(*)
from sizes group by size
union all
select %(run_id)s, 'records_of_the_largest', '', coalesce(max(records), 0) from sizes
union all
select %(run_id)s, 'queue', '', questions from ops.review_queue
union all
select %(run_id)s, 'queue_oldest_days', '', oldest_days from ops.review_queue
union all
select %(run_id)s, 'decisions', '', count(*) from identity.override where revoked_at is null and not is_about_protected
union all
select * from (values
    (%(run_id)s, 'pairs_scored', '', %(pairs)s::numeric), (%(run_id)s, 'seconds', '', round(%(seconds)s::numeric, 1))
) as cost
"""


@dataclass(frozen=True)
class Cost:
    """What a run cost: pairs scored, seconds."""

    pairs: int
    seconds: float


def measure(cursor: Cursor, run_id: int, cost: Cost) -> None:
    """Write the measures of a run; a step that is run again replaces them."""
    cursor.execute(_MEASURES, {"run_id": run_id, "pairs": cost.pairs, "seconds": cost.seconds})


# Pairs of records, by group sizes: together in truth, together here, and both. A child that no source makes known has no person
# on purpose and is left out.
_QUALITY = f"""
delete from ops.identity_measure where run_id = %(run_id)s and measure = any (%(measures)s);
insert into ops.identity_measure (run_id, measure, value)
with told as (
    select truth.child, link.person_key, (record.feed, record.entity) in %(minting)s as makes_known
    from identity.record as record
    inner join truth using (feed, entity, source_id)
    left join (select * from identity.person_link where until is null) as link using ({RECORD})
),

known as (
    select child, person_key
    from told where child in (select child from told where makes_known) or person_key is not null
),

sizes as (
    select child, person_key, count(*) as records,
        sum(count(*)) over (partition by child) as of_child, sum(count(*)) over (partition by person_key) as of_person,
        count(*) over (partition by person_key) as children
    from known group by child, person_key
),

pairs as (
    select
        (select sum(n * (n - 1) / 2) from (select distinct child, of_child as n from sizes) as c) as true_pairs,
        (
            select sum(n * (n - 1) / 2)
            from (select distinct person_key, of_person as n from sizes where person_key is not null) as p
        ) as found_pairs,
        (select sum(records * (records - 1) / 2) from sizes where person_key is not null) as right_pairs
)

select %(run_id)s, measure, round(value, 6)
from pairs
cross join lateral (
    values ('precision', right_pairs / nullif(found_pairs, 0)), ('recall', right_pairs / nullif(true_pairs, 0)),
    (
        'over_merged_share',
        (select count(distinct person_key) filter (where children > 1)::numeric / nullif(count(distinct person_key), 0) from sizes)
    )
) as measured (measure, value)
where value is not null
"""


def measure_quality(cursor: Cursor, run_id: int, truth: Mapping[tuple[str, str, str], str]) -> None:
    """Hold the links against the truth, as far as there is one: precision and recall of pairs of records (0 to 1),
    and the share of persons in whom two children meet.

    Args:
        truth: feed, entity and source id of a record to its child, of the fictional service alone.
    """
    cursor.execute(
        "create temp table truth (feed text, entity text, source_id text, child text) on commit drop"
    )
    execute_values(
        cursor,
        "insert into truth values %s",
        [(*record, child) for record, child in truth.items()],
        page_size=10_000,
    )
    cursor.execute("analyze truth")
    cursor.execute(
        _QUALITY,
        {
            "run_id": run_id,
            "minting": MINTING_SOURCES,
            "measures": ["precision", "recall", "over_merged_share"],
        },
    )
