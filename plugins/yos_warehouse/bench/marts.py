"""Marts of any size for the benchmark: a fact with five foreign keys and its dimensions, night by night.

Of each night one child in a hundred is new to the eye: its row and its facts carry that night's number,
and a tenth of its facts are deleted and come again under another key. So a reader can tell from the
numbers alone whether what it sees is one night's state, whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from psycopg2.extras import Json

from yos_warehouse.build.permanent import Column, PermanentTable, create_table
from yos_warehouse.server.connect import transaction

FACTS_OF_A_CHILD = 10
DAYS, CRIMES, PLACES = 4000, 300, 8
AS_AT = date(2026, 3, 31)


def _columns(**types: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, kind.removesuffix("!"), kind.endswith("!"), "FICTIONAL") for name, kind in types.items()
    )


def _table(
    name: str, unit: str, columns: tuple[Column, ...], keys: dict[str, str] | None = None
) -> PermanentTable:
    foreign = {
        column: ("marts", other.name, other.primary_key[0])
        for column, target in (keys or {}).items()
        for other in (DAY, PLACE, CRIME, CHILD)
        if other.name == target
    }
    return PermanentTable(
        "marts", name, unit, columns, (columns[0].name,), foreign, ("analyst",), "FICTIONAL"
    )


DAY = _table("dim_day", "shared", _columns(date_key="date!", calendar_year="integer", day_name="text"))
PLACE = _table("dim_place", "shared", _columns(place_key="text!", place_name="text", team_name="text"))
CRIME = _table(
    "dim_crime", "children", _columns(crime_key="text!", crime_name="text", gravity_score="integer")
)
CHILD = _table(
    "dim_child",
    "children",
    _columns(
        person_key="bigint!", sex_code="text", ethnicity_group_code="text", is_in_case_system="boolean",
        service_code="text", night="integer",
    ),
)  # fmt: skip
EVENT = _table(
    "fct_event",
    "children",
    _columns(
        event_key="bigint!", person_key="bigint!", offence_date="date!", outcome_date="date!", place_key="text!",
        crime_key="text!", age_years="integer", outcome_code="text", is_custody="boolean", order_days="integer",
        service_code="text", night="integer",
    ),
    {
        "person_key": "dim_child", "offence_date": "dim_day", "outcome_date": "dim_day", "place_key": "dim_place",
        "crime_key": "dim_crime",
    },
)  # fmt: skip
TABLES = (DAY, PLACE, CRIME, CHILD, EVENT)


@dataclass(frozen=True)
class Marts:
    """The marts of one benchmark, in the warehouse the environment names.

    Attributes:
        rows: of the fact.
    """

    rows: int

    def create(self) -> None:
        """Permanent tables, empty; the project's own, which nothing builds here, go."""
        with transaction("migrator") as connection, connection.cursor() as cursor:
            cursor.execute("set role yos_owner")
            cursor.execute(
                "select string_agg(format('drop table %I.%I cascade;', schema_name, table_name), '') "
                "from ops.permanent_table"
            )
            (statements,) = cursor.fetchone() or (None,)
            cursor.execute("set client_min_messages = warning")
            if statements:
                cursor.execute(statements)
            cursor.execute("delete from ops.permanent_table")
            kept = {table.full_name for table in TABLES if table.unit == "shared"}
            for table in TABLES:
                cursor.execute(create_table(table, kept))
                cursor.execute(
                    "insert into ops.permanent_table values (%s, %s, %s, '0001')",
                    (table.schema, table.name, table.unit),
                )

    def build(self, night: int) -> int:
        """Stand in for dbt: the tables of a night (0 to 99) in the schema build, and a live run to publish.

        Returns:
            The run's id.
        """
        with transaction("transformer") as connection, connection.cursor() as cursor:
            cursor.execute(
                "update ops.run set state = 'succeeded', finished_at = now() where state = 'running'"
            )
            cursor.execute(
                "insert into ops.run (kind, owner, state, as_at) values ('nightly', %s, 'running', %s) "
                "returning run_id",
                (f"bench night {night}", AS_AT),
            )
            (run_id,) = cursor.fetchone() or (0,)
            for table in TABLES:
                cursor.execute(f"create table build.{table.name} as {self._rows_of(table, night)}")
                cursor.execute(
                    "insert into ops.built_table values (%s, %s, %s, %s)",
                    (run_id, table.schema, table.name, Json(table.to_json())),
                )
        with transaction("transformer") as connection, connection.cursor() as cursor:
            for table in TABLES:  # dbt's tests have read a table before it is published
                cursor.execute(f"select count(*) from build.{table.name}")
        return int(run_id)

    def copy_bare(self) -> None:
        """What publication is measured against: the same tables by CREATE TABLE AS, then dropped again."""
        with transaction("transformer") as connection, connection.cursor() as cursor:
            cursor.execute("set client_min_messages = warning")
            cursor.execute("drop schema if exists bench_bare cascade")
            cursor.execute("create schema bench_bare")
            for table in TABLES:
                cursor.execute(f"create table bench_bare.{table.name} as select * from build.{table.name}")

    def _rows_of(self, table: PermanentTable, night: int) -> str:
        marker = f"case when {{0}} % 100 between 1 and {night} then {{0}} % 100 else 0 end"
        child = f"(n / {FACTS_OF_A_CHILD})"
        statements = {
            "dim_day": f"""
                select day::date as date_key, extract(year from day)::integer as calendar_year,
                    to_char(day, 'FMDay') as day_name
                from generate_series(date '2016-01-01', date '2016-01-01' + {DAYS - 1}, '1 day') as s (day)""",
            "dim_place": f"""
                select 'E0700' || n as place_key, 'District ' || n as place_name, 'Team ' || n % 2 as team_name
                from generate_series(1, {PLACES}) as s (n)""",
            "dim_crime": f"""
                select 'CJ' || n as crime_key, 'Offence ' || n as crime_name, 1 + n % 8 as gravity_score
                from generate_series(1, {CRIMES}) as s (n)""",
            "dim_child": f"""
                select n::bigint as person_key, case when n % 6 = 0 then 'FEMALE' else 'MALE' end as sex_code,
                    case n % 5 when 0 then 'ASIAN' when 1 then 'BLACK' else 'WHITE' end as ethnicity_group_code,
                    n % 9 > 0 as is_in_case_system, 'oakshire_rushmere' as service_code,
                    {marker.format("n")} as night
                from generate_series(0, {self.rows // FACTS_OF_A_CHILD - 1}) as s (n)""",
            "fct_event": f"""
                select
                    n + case when n % {FACTS_OF_A_CHILD} = 0 then {marker.format(child)} else 0 end
                        * {self.rows}::bigint as event_key,
                    {child}::bigint as person_key,
                    date '2016-01-01' + n * 7 % {DAYS - 100} as offence_date,
                    date '2016-01-01' + n * 7 % {DAYS - 100} + n % 90 as outcome_date,
                    'E0700' || 1 + n % {PLACES} as place_key, 'CJ' || 1 + n % {CRIMES} as crime_key,
                    10 + n % 8 as age_years,
                    case n % 3 when 0 then 'REFERRAL_ORDER' else 'YOUTH_CAUTION' end as outcome_code,
                    n % 40 = 0 as is_custody, n % 365 as order_days, 'oakshire_rushmere' as service_code,
                    {marker.format(child)} as night
                from generate_series(0, {self.rows - 1}) as s (n)""",
        }
        return statements[table.name]
