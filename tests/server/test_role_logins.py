"""Logging in as each role with its own password: what it may read, and that it can read nothing else.

Nothing here asks the catalogue what is allowed: each role reads every table there is, and what succeeded is
held against the matrix written below. A new table or a new grant shows up as a difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest

from tests.build.conftest import FIRST_NIGHT, Stage, stage  # noqa: F401 - a fixture
from yos_warehouse.server.roles import LOGINS

ALL = "every table"
NONE = "no table"
OWN_SCHEMAS = ("build", "identity", "intermediate", "landing", "marts", "ops", "quarantine", "raw", "ref", "reports",
               "restricted", "staging")  # fmt: skip

# What dbt and the loader make at night has no grants of its own: one stand-in for each schema.
STAND_INS = {
    "landing": "loader", "ref": "transformer", "staging": "transformer", "intermediate": "transformer",
    "build": "transformer",
}  # fmt: skip

CHILDREN_MARTS = {
    "marts.dim_child", "marts.dim_cohort", "marts.dim_court", "marts.dim_indicator", "marts.dim_offence",
    "marts.dim_outcome", "marts.dim_period", "marts.dim_provision", "marts.fct_attendance_month",
    "marts.fct_cohort_checkpoint", "marts.fct_cohort_member", "marts.fct_eet_at_order_end", "marts.fct_eet_conflict",
    "marts.fct_eet_spell", "marts.fct_exclusion", "marts.fct_hearing", "marts.fct_index_event", "marts.fct_indicator_latest",
    "marts.fct_offence", "marts.fct_order", "marts.fct_out_of_court_disposal", "marts.fct_outcome",
    "marts.fct_published_value", "marts.fct_remand_episode", "marts.fct_remand_night",
    "marts.fct_sentencing_occasion",
}  # fmt: skip
FINANCE_MARTS = {
    "marts.dim_account", "marts.dim_contributor", "marts.dim_cost_centre", "marts.dim_financial_period",
    "marts.dim_programme", "marts.dim_reserve", "marts.fct_budget_line", "marts.fct_contribution", "marts.fct_grant",
    "marts.fct_grant_condition", "marts.fct_ledger_posting", "marts.fct_outturn", "marts.fct_planned_spending",
    "marts.fct_reserve_movement", "marts.fct_secondment",
}  # fmt: skip
VALUES = {
    "marts.fct_indicator_value",
    "marts.restatement",
}  # what was published, for those who read about children
SHARED_MARTS = {"marts.dim_date", "marts.dim_geography", "marts.publication"}
CHILDREN_REPORTS = {
    "reports.rpt_eet_breakdown", "reports.rpt_indicator", "reports.rpt_local_indicator_children", "reports.rpt_persistence",
    "reports.rpt_reoffending_breakdown",
}  # fmt: skip
FINANCE_REPORTS = {
    "reports.rpt_budget_table", "reports.rpt_contribution", "reports.rpt_cost_of_year", "reports.rpt_financial_position",
    "reports.rpt_forecast_error", "reports.rpt_funder_share", "reports.rpt_local_indicator_finance", "reports.rpt_outturn",
    "reports.rpt_reconciliation", "reports.rpt_reserve_path", "reports.rpt_unit_cost",
}  # fmt: skip
# For those who read of both; numbers of children in a year are read by finance through rpt_unit_cost alone.
BOTH_REPORTS = (
    CHILDREN_REPORTS | FINANCE_REPORTS | {"reports.rpt_caseload_of_year", "reports.rpt_local_indicators"}
)
# Read through functions that log each look; the publisher writes them.
LISTS = {
    "restricted.eet_attention", "restricted.eet_attention_count", "restricted.figure_case", "restricted.figure_contributor",
    "restricted.tracker", "restricted.tracker_reoffence",
}  # fmt: skip
LEDGERS = {
    "ops.run",
    "ops.drop",
    "ops.load",
    "ops.load_entity",
    "ops.control_total",
    "ops.check_result",
    "ops.model_run",
    "ops.migration",
}
# What became of deliveries after they were judged.
QUALITY = {"ops.approval", "ops.fitness", "ops.new_codes", "ops.replay"}
# The registry; later layers see its views of keys.
IDENTITY = {
    f"identity.{name}"
    for name in (
        "person", "person_link", "person_event", "person_identifier", "person_name", "record_key", "key_secret",
        "description", "record", "pair", "day", "model_in_use", "override", "review", "waiting", "key_before",
    )
}  # fmt: skip

# role -> schema -> ALL, or the tables. A schema that is not named cannot be read at all.
MAY_READ: dict[str, dict[str, Any]] = {
    "analyst": {
        "marts": CHILDREN_MARTS | FINANCE_MARTS | SHARED_MARTS | VALUES, "reports": BOTH_REPORTS, "ref": ALL,
    },
    "practitioner": {
        "marts": CHILDREN_MARTS | SHARED_MARTS | VALUES, "reports": CHILDREN_REPORTS, "ref": ALL,
    },
    "finance": {
        "marts": FINANCE_MARTS | SHARED_MARTS, "reports": FINANCE_REPORTS, "ref": ALL,
    },
    "auditor": {"ops": ALL, "marts": {"marts.publication"}, "restricted": {"restricted.access_log"}},
    "loader": {"landing": ALL, "raw": ALL, "quarantine": ALL, "ref": ALL, "ops": LEDGERS | QUALITY},
    "identity": {
        "staging": ALL, "ref": ALL,
        "ops": LEDGERS | {"ops.publication_hold", "ops.combination_log", "ops.identity_measure", "ops.review_queue"},
        "identity": IDENTITY,
    },
    "transformer": {
        "raw": ALL, "ref": ALL, "staging": ALL, "intermediate": ALL, "build": ALL,
        "identity": {"identity.person_key_map", "identity.record_key_map", "identity.keys_moved"}, "marts": {"marts.publication"},
        "ops": LEDGERS | {
            "ops.publication_hold", "ops.change_log", "ops.build", "ops.incident", "ops.outbox",
            "ops.permanent_table", "ops.built_table", "ops.identity_change", "ops.fitness", "ops.replay",
        },
    },
    "publisher": {
        "build": ALL, "ref": ALL,
        "marts": CHILDREN_MARTS | FINANCE_MARTS | SHARED_MARTS | {"marts.fct_indicator_value"}, "reports": BOTH_REPORTS,
        "restricted": LISTS | {"restricted.published_case", "restricted.protected_queue"},
        "ops": LEDGERS | QUALITY | {
            "ops.publication_hold", "ops.change_log", "ops.build", "ops.incident", "ops.outbox", "ops.heartbeat",
            "ops.permanent_table", "ops.built_table", "ops.held_back", "ops.rule_state", "ops.identity_measure", "ops.identity_change",
            "ops.review_queue", "ops.identity_decision",
        },
    },
    "migrator": {},
}  # fmt: skip
BI = ("analyst", "practitioner", "finance")
DENIED = (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)


@dataclass(frozen=True)
class Tables:
    """A warehouse with at least one table in every schema that the night fills."""

    warehouse: Any
    names: dict[str, set[str]]


@pytest.fixture
def tables(warehouse) -> Tables:
    """All tables and views of our schemas."""
    for schema, role in STAND_INS.items():
        warehouse.query(f"create table {schema}.made_at_night as select 'a child''s name' as text", role=role)
    names: dict[str, set[str]] = {schema: set() for schema in OWN_SCHEMAS}
    for schema, name in warehouse.query(
        "select n.nspname, format('%I.%I', n.nspname, c.relname) from pg_class as c"
        " inner join pg_namespace as n on n.oid = c.relnamespace"
        " where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname !~ '^(pg_|information_schema)'"
    ):
        names.setdefault(schema, set()).add(name)
    return Tables(warehouse, names)


def _read(warehouse, role: str, names: set[str]) -> set[str]:
    """The tables that the role can read any column of, by reading them."""
    connection = warehouse.connect(role, autocommit=True)
    found = set()
    try:
        with connection.cursor() as cursor:
            cursor.execute("select session_user::text, current_user::text")
            assert cursor.fetchone() == (f"yos_{role}", f"yos_{role}")
            for name in names:
                try:
                    cursor.execute(
                        f"select 1 from {name} limit 1"
                    )  # any right on any column is enough for this
                    found.add(name)
                except psycopg2.errors.InsufficientPrivilege:
                    pass
    finally:
        connection.close()
    return found


def test_the_matrix_is_about_every_role_and_every_schema(tables) -> None:
    assert set(MAY_READ) == set(LOGINS)
    assert set(tables.names) == set(OWN_SCHEMAS)
    assert {schema for schema, names in tables.names.items() if names} == set(OWN_SCHEMAS)
    assert len(tables.names["raw"]) > 20 and len(tables.names["quarantine"]) > 20


@pytest.mark.parametrize("role", LOGINS)
def test_a_role_reads_what_it_may_and_nothing_else(tables, role) -> None:
    every = set().union(*tables.names.values())
    expected: set[str] = set()
    for schema, words in MAY_READ[role].items():
        expected |= tables.names[schema] if words == ALL else words
    assert _read(tables.warehouse, role, every) == expected


def test_the_audience_that_each_model_declares_is_who_reads_it(tables) -> None:
    """Model and grant are one commit: the yml's audience, and the roles that can read the table."""
    import yaml

    from yos_warehouse.settings import DBT_DIR

    declared = {}
    for path in (DBT_DIR / "models").rglob("*.yml"):
        for model in (yaml.safe_load(path.read_text("utf-8")) or {}).get("models", []):
            meta = model.get("config", {}).get("meta", {})
            if "audience" in meta:
                declared[f"{meta['zone']}.{model['name']}"] = (set(meta["audience"]), meta["unit"])
    assert len(declared) > 10
    seen = {role: _read(tables.warehouse, role, set(declared)) for role in BI}
    for name, (audience, unit) in declared.items():
        assert {role for role in BI if name in seen[role]} == audience, name
        assert not (unit == "children" and "finance" in audience), name


def test_finance_sees_no_child(tables) -> None:
    """No table that finance reads has a column that leads to a child or to an offence, but for two numbers of a year."""
    readable = _read(tables.warehouse, "finance", set().union(*tables.names.values()))
    columns = tables.warehouse.query(
        "select format('%I.%I', table_schema, table_name), column_name::text from information_schema.columns"
        " where table_schema in ('marts', 'reports')"
    )
    about = re.compile(r"person|child|offence|outcome|order_key|ethnic|sex|birth|cohort")
    found = {(table, column) for table, column in columns if table in readable and about.search(column)}
    assert found - {("reports.rpt_reconciliation", "outcome_code")} == {
        ("reports.rpt_unit_cost", column)
        for column in ("children_on_caseload", "cost_per_child_gbp", "children_as_at")
    }


def test_finance_reads_the_cost_of_a_child_and_no_child(warehouse) -> None:
    """docs/decisions/0012: the view's owner reads the numbers of children, its reader does not; what is hidden stays so."""
    warehouse.query(
        "insert into reports.rpt_cost_of_year (financial_year, spending_gbp, bed_price_gbp, is_complete, as_at, service_code) values"
        " ('2022/23', null, 300, true, '2026-03-31', 's'), ('2023/24', 1000, 300.50, true, '2026-03-31', 's'),"
        " ('2024/25', 1000, 310, true, '2026-03-31', 's'), ('2025/26', 10, null, false, '2026-03-31', 's')",
        role="publisher",
    )
    warehouse.query(
        "insert into reports.rpt_caseload_of_year"
        " (financial_year, children_on_caseload, children_remanded, remand_bed_nights, is_hidden, as_at, service_code) values"
        " ('2023/24', 6, 5, 12, false, '2026-03-30', 's'), ('2024/25', null, null, null, true, '2026-03-30', 's')",
        role="publisher",
    )
    asked = (
        "select financial_year, children_on_caseload, cost_per_child_gbp::text, remand_bed_nights, remand_cost_gbp::text,"
        " children_as_at - finance_as_at from reports.rpt_unit_cost order by 1"
    )
    for role in ("finance", "analyst"):
        assert warehouse.query(asked, role=role) == [
            ("2023/24", 6, "166.67", 12, "3606.00", -1),
            ("2024/25", None, None, None, None, -1),
            ("2025/26", None, None, None, None, None),
        ]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        warehouse.query("select children_remanded from reports.rpt_caseload_of_year", role="finance")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        warehouse.query(asked, role="practitioner")


@pytest.mark.parametrize("role", [*BI, "auditor"])
def test_a_reader_cannot_write_make_or_change_anything(tables, role) -> None:
    warehouse = tables.warehouse
    readable = sorted(_read(warehouse, role, set().union(*tables.names.values())))
    statements = [
        statement.format(table)
        for table in readable
        for statement in (
            "delete from {}", "insert into {} default values", "truncate {}", "drop table {}", "drop view {}",
            "alter table {} add column more text", "create index on {} ((1))", "lock table {} in exclusive mode",
            "comment on table {} is 'mine'", "copy {} from stdin",
        )
    ]  # fmt: skip
    for schema in (*OWN_SCHEMAS, "public"):
        statements += [f"create table {schema}.mine (a int)", f"create view {schema}.mine as select 1 as one",
                       f"create function {schema}.mine() returns int language sql return 1", f"drop schema {schema}"]  # fmt: skip
    statements += [
        "create temp table mine (a int)", "create schema mine", "create role mine", "create database mine",
        "alter role yos_loader password 'mine'", f"alter role yos_{role} superuser", "create extension vector",
        "alter system set log_statement = 'all'", "alter database postgres set log_statement = 'all'",
        f"grant yos_owner to yos_{role}", "create publication mine", "create event trigger mine on ddl_command_end execute function f()",
    ]  # fmt: skip
    assert _succeed(warehouse, role, statements) == []
    # a grant of what one does not own is a warning in PostgreSQL, and grants nothing
    for table in readable:
        _succeed(warehouse, role, [f"grant select on {table} to public"])
    assert warehouse.query("select count(*) from information_schema.role_table_grants where grantee = 'PUBLIC'"
                           " and table_schema = any(%s)", (list(OWN_SCHEMAS),)) == [(0,)]  # fmt: skip


def _succeed(warehouse, role: str, statements: list[str]) -> list[str]:
    """Those of the statements that the role can run, each in a transaction that is rolled back."""
    connection = warehouse.connect(role)
    done = []
    with connection.cursor() as cursor:
        for statement in statements:
            if not statement.startswith(("create database", "alter system")):
                cursor.execute(
                    "set transaction read write"
                )  # the default is a courtesy of ours, no protection
            else:
                connection.rollback()
                connection.autocommit = True
            try:
                cursor.execute(statement)
                done.append(statement)
            except psycopg2.Error:
                pass
            if connection.autocommit:
                connection.autocommit = False
            else:
                connection.rollback()
    connection.close()
    return done


ON_THE_SERVER = (
    "copy (select 1) to program 'true'", "copy (select 1) to '/tmp/yos-analyst.txt'", "create temp table mine (a text); copy mine from '/etc/hostname'",
    "select pg_read_file('PG_VERSION')", "select pg_read_binary_file('PG_VERSION')", "select pg_ls_dir('.')",
    "select pg_stat_file('PG_VERSION')", "select lo_import('/etc/hostname')", "select lo_export(1, '/tmp/yos-lo')",
    "select pg_ls_logdir()", "select pg_current_logfile()", "select rolpassword from pg_authid",
    "select passwd from pg_shadow", "select * from pg_statistic",
    "select pg_reload_conf()", "select pg_switch_wal()", "select pg_read_server_files from pg_read_server_files",
)  # fmt: skip


@pytest.mark.parametrize("role", LOGINS)
def test_no_role_gets_at_the_server_below(warehouse, role) -> None:
    assert _succeed(warehouse, role, list(ON_THE_SERVER)) == []
    admin = warehouse.connect()
    ends_others = f"select pg_terminate_backend({admin.info.backend_pid})"
    assert _succeed(warehouse, role, [ends_others]) == []
    admin.close()
    assert warehouse.query(
        "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls from pg_roles where rolname = current_user",
        role=role,
    ) == [(False,)]  # fmt: skip
    meant = {"migrator": ["set role yos_owner"], "publisher": ["set role yos_transformer"]}
    others = [f"set role yos_{other}" for other in (*LOGINS, "owner") if other != role]
    assert _succeed(warehouse, role, [*others, "set session authorization yos_owner"]) == meant.get(role, [])


@pytest.mark.parametrize("role", BI)
def test_a_reader_sees_no_values_through_the_catalogue(warehouse, role) -> None:
    """Planner statistics hold common values; another session's query text may hold a name."""
    warehouse.query("insert into raw.police__arrest (service_code, record_id, family_name, row_hash, business_date, recorded_from, load_id, row_number)"
                    " select 's', n::text, 'Canarybird', 1, date '2026-03-31', now(), 1, n from generate_series(1, 500) as n")  # fmt: skip
    warehouse.query("analyze raw.police__arrest")
    assert warehouse.query("select count(*) > 0 from pg_stats where schemaname = 'raw'") == [(True,)]
    other = warehouse.connect("loader")
    with other.cursor() as cursor:
        cursor.execute("select 'Canarybird'")
        rows = warehouse.query(
            "select count(*) filter (where query ~ 'Canary' and pid <> pg_backend_pid()) from pg_stat_activity",
            role=role,
        )
    other.close()
    assert rows == [(0,)]
    assert warehouse.query(
        "select count(*) from pg_stats where schemaname in ('raw', 'quarantine', 'identity')", role=role
    ) == [(0,)]


@pytest.mark.parametrize("role", LOGINS)
def test_the_password_is_the_role_s_own(warehouse, role) -> None:
    url = warehouse.url(role, driver="postgresql")
    psycopg2.connect(url).close()
    wrong = re.sub(r"(://[^:]+:)[^@]+@", r"\g<1>wrong@", url)
    assert wrong != url
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(wrong)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(re.sub(r"(://[^:]+):[^@]+@", r"\1@", url), passfile="/nonexistent")
    other = next(name for name in LOGINS if name != role)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url.replace(f"yos_{role}:", f"yos_{other}:"))


@pytest.mark.parametrize("role", LOGINS)
def test_a_role_reaches_no_other_database_with_anything_in_it(warehouse, role) -> None:
    """Other databases of the server refuse the login, or (the two that come with PostgreSQL) are empty and stay so."""
    warehouse.query("select 1")
    for (name,) in warehouse.query(
        "select datname::text from pg_database where datallowconn and datname <> current_database()"
    ):
        url = re.sub(r"/[^/?]+(\?|$)", rf"/{name}\1", warehouse.url(role, driver="postgresql"))
        try:
            connection = psycopg2.connect(url)
        except psycopg2.OperationalError:
            continue
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select n.nspname::text from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace"
                           " where n.nspname !~ '^(pg_|information_schema)' and has_schema_privilege(n.oid, 'usage')"
                           " and c.relkind in ('r', 'v', 'm') and has_table_privilege(c.oid, 'select')")  # fmt: skip
            assert name in ("postgres", "template1") or name.startswith("test_") or "template" in name, name
            if name in ("postgres", "template1"):
                assert cursor.fetchall() == []
            with pytest.raises(DENIED):
                cursor.execute("create table public.mine (a int)")
        connection.close()


def test_the_build_stays_closed_after_it_was_published(stage, warehouse) -> None:  # noqa: F811
    """Publication renames the build and dbt makes a new one: neither is open to anybody who reads the marts."""
    from yos_warehouse.build import dbt
    from yos_warehouse.build.publish import publish

    assert isinstance(stage, Stage)
    for _ in range(2):
        run_id = stage.open_run()
        dbt._empty_schema("build")
        stage.build(run_id, FIRST_NIGHT)
        publish(run_id)
    dbt._empty_schema("build")
    warehouse.query("create table build.fct_outcome as select 1 as one", role="transformer")
    builds = [
        name for (name,) in warehouse.query("select nspname::text from pg_namespace where nspname ~ '^build'")
    ]
    assert len(builds) >= 3
    everything = {
        name
        for (name,) in warehouse.query(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname ~ '^build'"
        )
    }
    assert len(everything) > len(builds)
    for role in set(LOGINS) - {"transformer", "publisher"}:
        assert _read(warehouse, role, everything) == set(), role
    assert _read(warehouse, "publisher", everything) == everything
    assert warehouse.query("select count(*) from marts.fct_outcome", role="analyst") == [(3,)]
