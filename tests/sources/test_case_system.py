"""The case system is read in one snapshot into the same bytes, whatever the database."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from yos_warehouse.errors import DropRejected, YosError
from yos_warehouse.sources.case_system import SourceError, extract
from yos_warehouse.sources.contract import Contract, ContractError, contracts
from yos_warehouse.sources.drop import find_drops, verify

DAY = date(2026, 3, 31)
WHEN = datetime(2026, 3, 31, 19, tzinfo=UTC)

CONTRACT = Contract.model_validate(
    {
        "feed": "case_system",
        "title": "Small",
        "about": "Two tables.",
        "owner": {"name": "A", "email": "a@example.org"},
        "every": "day",
        "entities": {
            "person": {
                "title": "Child",
                "grain": "one row per child",
                "delivers": "full_snapshot",
                "format": "query",
                "query": "select ref as person_id, name, born, is_deleted, hours from person order by ref",
                "key": ["person_id"],
                "columns": {
                    "person_id": {"type": "text", "personal": "identifier", "means": "."},
                    "name": {"type": "text", "personal": "name", "means": "."},
                    "born": {"type": "date", "personal": "date_of_birth", "means": "."},
                    "is_deleted": {"type": "boolean", "personal": "none", "means": "."},
                    "hours": {"type": "decimal", "personal": "none", "means": "."},
                },
            },
            "offence": {
                "title": "Offence",
                "grain": "one row per offence",
                "delivers": "full_snapshot",
                "format": "query",
                "query": "select ref as offence_id from offence order by ref",
                "key": ["offence_id"],
                "columns": {"offence_id": {"type": "text", "personal": "none", "means": "."}},
            },
        },
    }
)
EXPECTED = (
    "person_id,name,born,is_deleted,hours\n"
    '001,"O\'Brien, ""Zoë""",2010-02-28,false,16\n'
    "002,,,,25.5\n"
    "010,Null,1900-01-01,true,\n"
)
TABLES = (
    "create table person"
    " (ref varchar(9), name varchar(99), born date, is_deleted boolean, hours decimal(5,1))",
    "create table offence (ref varchar(9))",
    "insert into person values ('010', 'Null', '1900-01-01', true, null)",
    "insert into person values ('001', 'O''Brien, \"Zoë\"', '2010-02-28', false, 16)",
    "insert into person values ('002', null, null, null, 25.5)",
)


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "case.db"
    with sqlite3.connect(path) as database:
        for statement in TABLES:
            database.execute(statement)
    return f"sqlite:///{path}"


def test_the_extract_is_a_drop_like_any_other(tmp_path: Path, source: str) -> None:
    drop = extract(CONTRACT, source, DAY, WHEN, tmp_path / "drops")
    assert drop.folder == tmp_path / "drops" / "case_system" / "2026-03-31"
    assert (drop.folder / "person.csv").read_text("utf-8") == EXPECTED
    assert [(entry.name, entry.rows) for entry in drop.manifest.files] == [
        ("offence.csv", 0),
        ("person.csv", 3),
    ]
    assert drop.manifest.fictional
    verify(drop, CONTRACT)


def test_the_same_data_is_the_same_drop_and_a_new_day_a_new_one(tmp_path: Path, source: str) -> None:
    out = tmp_path / "drops"
    first = extract(CONTRACT, source, DAY, WHEN, out)
    again = extract(CONTRACT, source, DAY, datetime(2026, 3, 31, 21, tzinfo=UTC), out)
    assert again.folder == first.folder and again.manifest.received_at == WHEN
    next_day = extract(CONTRACT, source, date(2026, 4, 1), datetime(2026, 4, 1, 19, tzinfo=UTC), out)
    assert next_day.content_hash == first.content_hash
    with create_engine(source).begin() as connection:
        connection.execute(text("update person set hours = 17 where ref = '001'"))
    changed = extract(CONTRACT, source, DAY, datetime(2026, 3, 31, 22, tzinfo=UTC), out)
    assert changed.folder == first.folder / "2"
    assert len(find_drops(out, "case_system")) == 3


@pytest.mark.fault("R17")
def test_errors_show_neither_address_nor_values(tmp_path: Path, source: str) -> None:
    out = tmp_path / "drops"
    problems: list[YosError] = []
    for url in (
        "nonsense",
        f"sqlite:///{tmp_path}/no/where.db",
        "postgresql+psycopg2://u:secret@127.0.0.1:1/x",
    ):
        with pytest.raises(SourceError) as caught:
            extract(CONTRACT, url, DAY, WHEN, out)
        problems.append(caught.value)
    assert {problem.code for problem in problems} == {"SOURCE_UNREACHABLE"}
    with create_engine(source).begin() as connection:
        connection.execute(text("drop table offence"))
    with pytest.raises(SourceError) as query:
        extract(CONTRACT, source, DAY, WHEN, out)
    assert query.value.code == "SOURCE_QUERY" and "offence" in query.value.what
    assert query.value.__cause__ is None
    assert all("secret" not in str(problem) for problem in problems)
    assert find_drops(out, "case_system") == []
    assert list((out / "case_system").iterdir()) == []


def changed(entity: str, query: str) -> Contract:
    spec = CONTRACT.entities[entity].model_copy(update={"query": query})
    return CONTRACT.model_copy(update={"entities": CONTRACT.entities | {entity: spec}})


def test_a_query_must_give_the_columns_in_an_order(tmp_path: Path, source: str) -> None:
    with pytest.raises(DropRejected, match="SCHEMA.*hours"):
        extract(
            changed("person", "select ref as person_id, name, born, is_deleted from person order by 1"),
            source, DAY, WHEN, tmp_path / "drops",
        )  # fmt: skip
    with pytest.raises(ContractError):
        extract(changed("offence", "select ref as offence_id from offence"), source, DAY, WHEN, tmp_path)
    for entity in contracts()["case_system"].entities.values():
        assert "order by" in (entity.query or "")


def test_postgresql_is_read_the_same_way(tmp_path: Path, server: object) -> None:
    from yos_warehouse.server.connect import connect, url

    admin = connect("admin", database="postgres", autocommit=True)
    with admin.cursor() as cursor:
        cursor.execute("create database sources_case_system")
    try:
        source = url("admin", database="sources_case_system", driver="postgresql+psycopg2")
        engine = create_engine(source)
        with engine.begin() as connection:
            for statement in TABLES:
                connection.execute(text(statement))
        drop = extract(CONTRACT, source, DAY, WHEN, tmp_path / "drops")
        expected = EXPECTED.replace(",16\n", ",16.0\n")  # decimals keep the scale of the column
        assert (drop.folder / "person.csv").read_text("utf-8") == expected
        engine.dispose()
    finally:
        with admin.cursor() as cursor:
            cursor.execute("drop database if exists sources_case_system with (force)")
        admin.close()
