"""All cohorts of the nation against the best hand-written SQL for the same rows, and of one service in seconds.

FICTIONAL index events and proven offences are made in the database at the size of England and Wales; from there dbt runs the
chain of models up to the fact as it does each night. By hand the same is one statement. Both must give the same rows with
the same flags, or nothing is measured.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path

from yos_warehouse.bench.measure import Measure, at_most, note, seconds_of
from yos_warehouse.bench.place import own_warehouse, settle
from yos_warehouse.build import dbt
from yos_warehouse.errors import YosError
from yos_warehouse.server.connect import one_row, transaction

AS_AT = date(2026, 3, 31)
CHILDREN_OF_A_SERVICE = 3_822  # 600,000 children in 157 services
BY_HAND = Path(__file__).with_name("cohorts_by_hand.sql")
FACT = "fct_cohort_member"
# Where the chain begins: these are filled here and not built.
EVENT, OFFENCE = "int_justice__index_event", "int_justice__proven_offence"

# A child has one to nine index events, months apart, some on the same day.
_EVENTS = f"""
create table intermediate.{EVENT} as
with

child as (
    select
        n as person_key,
        'S' || lpad((1 + n %% %(services)s)::text, 3, '0') as service_code,
        date '2016-01-01' + (hashint8extended(n, 1) & 4095)::integer as first_date,
        case
            when hashint8extended(n, 2) & 127 < 52 then 1 when hashint8extended(n, 2) & 127 < 84 then 2
            when hashint8extended(n, 2) & 127 < 106 then 3 when hashint8extended(n, 2) & 127 < 119 then 5 else 9
        end as events,
        case
            when hashint8extended(n, 3) & 255 > 0
                then date '2016-01-01' + (hashint8extended(n, 1) & 4095)::integer
                    - (3750 + (hashint8extended(n, 3) & 2047)::integer * 3 / 2)
        end as date_of_birth
    from generate_series(1, %(children)s::bigint) as s (n)
),

event as (
    select
        child.*,
        person_key * 10 + number as event_key,
        hashint8extended(person_key * 10 + number, 4) as luck,
        first_date + (number - 1) * (hashint8extended(person_key * 10 + number, 5) & 255)::integer as index_date
    from child cross join lateral generate_series(1, events) as s (number)
)

select
    service_code, event_key, 'FICTIONAL/' || event_key as event_record_id, person_key, date_of_birth,
    case
        when luck & 63 < 24 then 'CAUTION' when luck & 63 < 58 then 'CONVICTION'
        when luck & 63 < 61 then 'CUSTODIAL_SENTENCE' else 'RELEASE'
    end as event_type_code,
    index_date,
    event_key as outcome_key,
    case
        when luck & 63 < 24 then 'YOUTH_CAUTION' when luck & 63 < 58 then 'REFERRAL_ORDER' else 'DETENTION_AND_TRAINING_ORDER'
    end as outcome_type_key,
    'TH68010' as offence_type_key,
    case when luck & 63 < 24 then 'PRE_COURT' when luck & 63 < 58 then 'FIRST_TIER' else 'CUSTODY' end as tier_code,
    case when luck & 63 < 24 then 40 when luck & 63 < 58 then 20 else 4 end as outcome_rank,
    'E0700' || (luck & 7) as geography_key,
    date_part('year', age(index_date, date_of_birth))::integer as age_at_index,
    luck >> 6 & 31 = 0 as is_breach,
    luck >> 11 & 15 > 0 as is_living_here,
    luck >> 16 & 63 = 0 as is_appealed_away,
    (event_key %% 10 - 1)::integer as earlier_outcomes,
    luck >> 22 & 31 = 0 as is_looked_after
from event
where index_date <= %(as_at)s
order by luck
"""

# Two offences behind each event, committed up to eight months before it; some are of a kind that a rule does not count.
_OFFENCES = f"""
create table intermediate.{OFFENCE} as
select
    event_key * 10 + number as offence_key, person_key, event_key as outcome_key,
    event_record_id as outcome_record_id,
    index_date - (luck & 255)::integer * number / 2 as offence_date,
    index_date as proven_date,
    luck >> 8 & 31 = 0 as is_breach,
    luck >> 13 & 31 = 0 as is_tic,
    luck >> 18 & 31 = 0 as is_bail_offence,
    luck >> 23 & 15 > 0 as is_recordable
from (
    select event.*, number, hashint8extended(event_key * 10 + number, 6) as luck
    from intermediate.{EVENT} as event cross join generate_series(1, 2) as s (number)
) as offence
order by luck
"""


def measure_cohorts(services: int) -> list[Measure]:
    """Run the chain over one service of ten years, and over this many.

    Raises:
        YosError: NOT_THE_SAME when the chain and the hand-written SQL disagree.
    """
    with own_warehouse("cohorts"):
        models = chain()
        fill(1)
        alone = _told(1, run_chain(models))
        events, offences = fill(services)
        note(
            f"{services * CHILDREN_OF_A_SERVICE:,} children, {events:,} index events, {offences:,} proven offences"
        )
        settle()
        by_chain = _told(services, run_chain(models))
        settle()
        by_hand = seconds_of(run_by_hand)
        note(f"{compare():,} rows, by hand {by_hand:.1f} s")
    return [
        at_most(
            "cohorts: all, ten years, all rules", by_chain / by_hand, "times the best hand-written SQL", 1.5
        ),
        at_most("cohorts: of one service", alone, "s", 10),
    ]


def _told(services: int, seconds: dict[str, float]) -> float:
    note(
        f"{services} services by dbt: "
        + ", ".join(f"{name.split('__')[-1]} {took:.1f}" for name, took in seconds.items())
    )
    return sum(seconds.values())


def fill(services: int) -> tuple[int, int]:
    """Make the events and offences of some services; how many of both."""
    values = {"services": services, "children": services * CHILDREN_OF_A_SERVICE, "as_at": AS_AT}
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute("set client_min_messages = warning; create schema if not exists intermediate")
        cursor.execute(f"drop table if exists intermediate.{EVENT}, intermediate.{OFFENCE} cascade")
        cursor.execute(_EVENTS, values)
        events = cursor.rowcount
        cursor.execute(_OFFENCES)
        offences = cursor.rowcount
        cursor.execute(f"analyze intermediate.{EVENT}; analyze intermediate.{OFFENCE}")
    return events, offences


def chain() -> list[str]:
    """The models between events and offences and the fact, the fact last."""
    dbt.parse_project()
    nodes = dbt.manifest()["nodes"]
    by_name = {node["name"]: key for key, node in nodes.items() if node["resource_type"] == "model"}
    found: list[str] = []

    def walk(key: str) -> None:
        for parent in nodes[key]["depends_on"]["nodes"]:
            if parent not in (by_name[EVENT], by_name[OFFENCE]):
                walk(parent)
        if nodes[key]["name"] not in found:
            found.append(nodes[key]["name"])

    walk(by_name[FACT])
    return found


def run_chain(models: list[str]) -> dict[str, float]:
    """Let dbt run some models; the seconds it takes for each, its start not counted."""
    with redirect_stdout(io.StringIO()):
        nodes = dbt.run_dbt(None, "cohorts", ["run", "--select", *models], AS_AT)
    if any(node.status != "success" for node in nodes):
        raise YosError("DBT_FAILED", "the cohort models do not run over the benchmark's tables")
    return {node.node: node.seconds for node in nodes}


def run_by_hand() -> None:
    """The same as one statement into ``bench_by_hand``, with statistics as dbt's tables have them."""
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute("create schema bench_by_hand")
        statement = BY_HAND.read_text("utf-8")
        cursor.execute(f"create table bench_by_hand.{FACT} as {statement}", {"as_at": AS_AT})
        cursor.execute(f"analyze bench_by_hand.{FACT}")


def compare() -> int:
    """Hold the hand-written rows against the chain's; how many there are.

    Raises:
        YosError: NOT_THE_SAME.
    """
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
            f" where attrelid = 'bench_by_hand.{FACT}'::regclass and attnum > 0"
        )
        (columns,) = one_row(cursor)
        prints = []
        for table in (f"bench_by_hand.{FACT}", "intermediate.int_justice__cohort_member"):
            cursor.execute(
                f"select count(*), sum(hash_record_extended(r, 0)::numeric) from (select {columns} from {table}) as r"
            )
            prints.append(one_row(cursor))
        if prints[0] != prints[1]:
            raise YosError(
                "NOT_THE_SAME", "the chain of models and the hand-written SQL do not give the same rows"
            )
        return int(prints[0][0])
