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

# A child has one to eight index events, most have one; a quarter of a second event follows within weeks.
_EVENTS = f"""
create table intermediate.{EVENT} as
with

child as (
    select
        n as person_key,
        'S' || lpad((1 + n %% %(services)s)::text, 3, '0') as service_code,
        date '2016-01-01' + (hashint8extended(n, 1) & 4095)::integer as first_date,
        case
            when hashint8extended(n, 2) & 127 < 58 then 1 when hashint8extended(n, 2) & 127 < 90 then 2
            when hashint8extended(n, 2) & 127 < 108 then 3 when hashint8extended(n, 2) & 127 < 120 then 5 else 9
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
        first_date + (number - 1) * (20 + (hashint8extended(person_key * 10 + number, 5) & 255)::integer) as index_date
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

# Two offences behind each event, committed up to eight months before it; a few of them are told more than once a rule excludes.
_OFFENCES = f"""
create table intermediate.{OFFENCE} as
select
    event_key * 10 + number as offence_key, person_key, event_key as outcome_key,
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
    """Run the chain over this many services of ten years, and over one.

    Raises:
        YosError: NOT_THE_SAME when the chain and the hand-written SQL disagree.
    """
    nation, by_hand = _chain_and_hand(services, is_compared=True)
    alone, _ = _chain_and_hand(1, is_compared=False)
    return [
        at_most(
            "cohorts: all of ten years, all rules", nation / by_hand, "times the best hand-written SQL", 1.5
        ),
        at_most("cohorts: one service", alone, "s", 10),
    ]


def _chain_and_hand(services: int, *, is_compared: bool) -> tuple[float, float]:
    """Seconds that dbt's models take, and the hand-written statement (0 if it is not compared)."""
    with own_warehouse("cohorts"):
        events, offences = fill(services)
        by_model = dict.fromkeys(chain(), 0.0)
        settle()
        by_model |= run_chain(list(by_model))
        by_hand = 0.0
        if is_compared:
            settle()
            by_hand = seconds_of(run_by_hand)
            rows = compare()
            note(f"{rows:,} rows of all rules, by hand {by_hand:.1f} s")
        seconds = sum(by_model.values())
        note(
            f"{services} services, {services * CHILDREN_OF_A_SERVICE:,} children, {events:,} index events,"
            f" {offences:,} proven offences: dbt {seconds:.1f} s"
        )
        for name, spent in by_model.items():
            note(f"  {name:<34} {spent:6.1f}")
    return seconds, by_hand


def fill(services: int) -> tuple[int, int]:
    """Make the events and offences of some services; how many of both."""
    values = {"services": services, "children": services * CHILDREN_OF_A_SERVICE, "as_at": AS_AT}
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute("create schema if not exists intermediate")
        cursor.execute(_EVENTS, values)
        events = cursor.rowcount
        cursor.execute(_OFFENCES)
        offences = cursor.rowcount
        cursor.execute(f"analyze intermediate.{EVENT}; analyze intermediate.{OFFENCE}")
    return events, offences


def chain() -> list[str]:
    """The models between events and offences and the fact, the fact last."""
    dbt.parse_project(AS_AT)
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
        YosError: NOT_THE_SAME, with the number of rows in which they differ.
    """
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
            f" where attrelid = 'bench_by_hand.{FACT}'::regclass and attnum > 0"
        )
        (columns,) = one_row(cursor)
        sides = (
            f"select {columns} from bench_by_hand.{FACT}",
            f"select {columns} from intermediate.int_justice__cohort_member",
        )
        differ = 0
        for one, other in (sides, reversed(sides)):
            cursor.execute(f"select count(*) from ({one} except all {other}) as d")
            differ += one_row(cursor)[0]
        if differ:
            raise YosError("NOT_THE_SAME", f"{differ} rows of the chain and the hand-written SQL differ")
        cursor.execute(f"select count(*) from bench_by_hand.{FACT}")
        return int(one_row(cursor)[0])
