"""Who may do what, asked of the catalogue: a grant that nobody meant shows up here."""

from __future__ import annotations

import psycopg2
import pytest

from yos_warehouse.server.roles import LOGINS

SCHEMAS = (
    "landing", "raw", "quarantine", "identity", "ref", "ops", "staging", "intermediate", "build",
    "marts", "reports", "restricted",
)  # fmt: skip

# Schemas each role may use at all; tables inside still need their own grant.
MAY_USE = {
    "migrator": set(),
    "loader": {"landing", "raw", "quarantine", "ref", "ops"},
    "identity": {"identity", "ref", "ops", "staging", "restricted"},
    "transformer": {"raw", "identity", "ref", "ops", "staging", "intermediate", "build", "marts"},
    "publisher": {"ref", "ops", "build", "marts", "reports", "restricted"},
    "analyst": {"marts", "reports", "ref"},
    "practitioner": {"marts", "reports", "ref", "restricted"},
    "finance": {"marts", "reports", "ref"},
    "auditor": {"ops", "marts", "restricted"},
}
MAY_CREATE = {
    ("loader", "landing"), ("transformer", "ref"), ("transformer", "staging"), ("transformer", "intermediate"),
    ("transformer", "build"),
}  # fmt: skip

# Everything the permanent schemas let these roles read or write once the contracts' and models' tables are there.
PRIVILEGES = """
select 'yos_' || r.role, n.nspname || '.' || c.relname, p.privilege
from unnest(%s::text[]) as r (role)
cross join pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as p (privilege)
where n.nspname = any(%s) and c.relkind in ('r', 'v', 'm', 'p')
    and has_table_privilege('yos_' || r.role, c.oid, p.privilege)
"""


def test_every_schema_is_known_here(warehouse) -> None:
    found = {
        row[0]
        for row in warehouse.query(
            "select nspname from pg_namespace where nspname !~ '^(pg_|information_schema)'"
        )
    }
    assert found == {*SCHEMAS, "public"}


def test_each_role_may_use_its_schemas_and_no_other(warehouse) -> None:
    rows = warehouse.query(
        "select r, s, has_schema_privilege('yos_' || r, s, 'usage'), has_schema_privilege('yos_' || r, s, 'create') "
        "from unnest(%s::text[]) r, unnest(%s::text[]) s",
        (list(LOGINS), list(SCHEMAS)),
    )
    assert {role: {s for r, s, use, _ in rows if r == role and use} for role in LOGINS} == MAY_USE
    assert {(r, s) for r, s, _, create in rows if create} == MAY_CREATE


def _readable(warehouse, roles: list[str], schemas: list[str]) -> set[tuple[str, str, str]]:
    return set(warehouse.query(PRIVILEGES, (roles, schemas)))


def test_readers_reach_nothing_in_the_closed_zones(warehouse) -> None:
    warehouse.query("create table raw.x (a text)", role="admin")
    closed = ["landing", "raw", "quarantine", "identity", "staging", "intermediate", "build"]
    assert _readable(warehouse, ["analyst", "practitioner", "finance", "auditor"], closed) == set()


def test_readers_may_only_read(warehouse) -> None:
    found = _readable(warehouse, ["analyst", "practitioner", "finance", "auditor"], list(SCHEMAS))
    assert {privilege for _, _, privilege in found} <= {"SELECT"}
    assert ("yos_analyst", "marts.publication", "SELECT") in found
    assert {
        table for role, table, _ in found if role == "yos_analyst" and table.startswith("restricted")
    } == set()


@pytest.mark.parametrize("role", ["analyst", "practitioner", "finance", "auditor"])
def test_logging_in_as_a_reader_the_closed_zones_refuse(warehouse, role) -> None:
    for table in (
        "raw.anything",
        "identity.person",
        "quarantine.anything",
        "staging.anything",
        "build.anything",
    ):
        with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.UndefinedTable)):
            warehouse.query(f"select * from {table}", role=role)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        warehouse.query("select * from identity.person", role=role)
    for statement in ("create table public.x (a int)", "create temp table x (a int)", "create schema x"):
        with pytest.raises((psycopg2.errors.ReadOnlySqlTransaction, psycopg2.errors.InsufficientPrivilege)):
            warehouse.query("set default_transaction_read_only = off; " + statement, role=role)
    assert warehouse.query("select count(*) from marts.publication", role=role) == [(0,)]


def test_what_the_transformer_builds_is_seen_by_those_who_need_it(warehouse) -> None:
    for schema, reader, stranger in (
        ("staging", "identity", "publisher"),
        ("build", "publisher", "identity"),
        ("ref", "analyst", "auditor"),
    ):
        warehouse.query(f"create table {schema}.made as select 1 as one", role="transformer")
        assert warehouse.query(f"select one from {schema}.made", role=reader) == [(1,)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            warehouse.query(f"select one from {schema}.made", role=stranger)
        with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)):
            warehouse.query(f"drop table {schema}.made", role=reader)


def test_only_the_migrator_becomes_the_owner(warehouse) -> None:
    for role in set(LOGINS) - {"migrator"}:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            warehouse.query("set role yos_owner", role=role)
    warehouse.query("set role yos_owner", role="migrator")
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(warehouse.url("loader", driver="postgresql").replace("yos_loader", "yos_owner"))


def test_strangers_may_not_even_connect(warehouse) -> None:
    assert warehouse.query("select has_database_privilege('public', current_database(), 'connect')") == [
        (False,)
    ]


def test_ledgers_are_append_only_for_those_who_write_them(warehouse) -> None:
    found = _readable(warehouse, list(LOGINS), ["ops", "marts"])
    append_only = (
        "ops.drop",
        "ops.load",
        "ops.load_entity",
        "ops.control_total",
        "ops.change_log",
        "marts.publication",
        "marts.fct_indicator_value",
    )
    assert {(t, p) for _, t, p in found if t in append_only} <= {
        (t, p) for t in append_only for p in ("SELECT", "INSERT")
    }


def test_no_function_runs_with_its_owners_rights_but_those_known_here(warehouse) -> None:
    rows = warehouse.query(
        "select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
        "where p.prosecdef and n.nspname !~ '^(pg_|information_schema)' order by 1"
    )
    # those of restricted come with the tables they read (migration 0007)
    assert {row[0] for row in rows} <= {
        "ops.finish_first_load", "ops.prepare_first_load", "ops.refuse_unfinished_first_load",
        "restricted.explain", "restricted.figure", "restricted.read_eet_attention", "restricted.read_restatement",
        "restricted.read_tracker", "restricted.read_tracker_reoffences", "restricted.list_reviews", "restricted.read_review",
        "restricted.list_decisions", "restricted.list_key_changes",
    }  # fmt: skip
