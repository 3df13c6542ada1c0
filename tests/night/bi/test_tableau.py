"""Tableau's data source against what Tableau will find: tables, columns and joins as JDBC shows them, and no password."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from yos_warehouse.docs_connect import FACT, SOURCE
from yos_warehouse.settings import PROJECT_DIR

pytestmark = pytest.mark.night


@pytest.fixture(scope="module")
def source() -> Element:
    return ElementTree.parse(PROJECT_DIR / "docs" / SOURCE).getroot()


@pytest.fixture(scope="module")
def relations(source: Element) -> dict[str, tuple[str, str]]:
    """Name of each table in the data source to (schema, table)."""
    found = [r for r in source.iter("relation") if r.get("type") == "table"]
    named = {str(r.get("name")): split(str(r.get("table"))) for r in found}
    assert len(named) == len(found)
    return named


def split(place: str) -> tuple[str, str]:
    """``[a].[b]`` as (a, b)."""
    first, second = place.removeprefix("[").removesuffix("]").split("].[")
    return first, second


def joins(source: Element) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Both sides of each join: (table's name in the data source, column)."""
    equal = [clause.find("expression") for clause in source.iter("clause")]
    sides = [[split(str(side.get("op"))) for side in both] for both in equal if both is not None]
    return [(left, right) for left, right in sides]


def test_every_column_is_there_with_its_type(source, relations, jdbc_client, url) -> None:
    there = {
        (name, column): code
        for name, (schema, table) in relations.items()
        for column, code, *_ in jdbc_client.columns(url("analyst"), schema, table)
    }
    columns = {str(m.get("key")): split(str(m.get("value"))) for m in source.iter("map")}
    assert set(columns.values()) == set(there)
    types = {-5: "integer", 4: "integer", -7: "boolean", 2: "real", 91: "date", 12: "string"}
    declared = {
        str(c.get("name")): c.get("datatype")
        for c in source.findall("column")
        if c.find("calculation") is None
    }
    assert declared == {key: types[there[place]] for key, place in columns.items()}


def test_every_join_is_a_declared_key(source, relations, jdbc_client, url) -> None:
    keys = jdbc_client.foreign_keys(url("analyst"), "marts", FACT)
    found = {}
    for (left, column), (right, key) in joins(source):
        assert left == FACT
        found[column] = (*relations[right], key)
    assert found == keys
    assert len(relations) == len(keys) + 1


def test_its_joins_give_each_row_of_the_fact_once(source, relations, jdbc_client, url) -> None:
    tables = " ".join(
        f'left join {".".join(relations[right])} as "{right}" on "{left}".{column} = "{right}".{key}'
        for (left, column), (right, key) in joins(source)
    )
    _, ((joined, alone),) = jdbc_client.ask(
        url("analyst"),
        f"select (select count(*) from marts.{FACT} as {FACT} {tables}), count(*) from marts.{FACT}",
    )
    assert joined == alone > 0


def test_it_names_no_server_and_no_password(source) -> None:
    (connection,) = (c for c in source.iter("connection") if c.get("class") == "postgres")
    assert connection.get("server") == "SERVER"
    assert connection.get("username") == "yos_analyst"
    assert not [
        element.tag for element in source.iter() for name in element.attrib if "password" in name.lower()
    ]
