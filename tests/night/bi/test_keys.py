"""Keys, types and comments as BI tools find them, against what the models declare; stars joined by nothing else."""

from __future__ import annotations

import re

import pytest

from yos_warehouse.build.permanent import KEPT, PermanentTable
from yos_warehouse.docs_connect import PAGE
from yos_warehouse.settings import PROJECT_DIR

pytestmark = pytest.mark.night

# SQL's codes for types: what decides whether a tool takes a column for a date, a number or a text.
CODES = {
    "ODBC": {"bigint": -5, "integer": 4, "smallint": 5, "boolean": -7, "numeric": 2, "date": 91, "text": -9,
             "timestamp with time zone": 93},
    "JDBC": {"bigint": -5, "integer": 4, "smallint": 5, "boolean": -7, "numeric": 2, "date": 91, "text": 12,
             "timestamp with time zone": 93},
}  # fmt: skip


def reader(table: PermanentTable) -> str:
    """A role that reads a table: the analyst, where the analyst may; nobody but the administrator, where nobody may."""
    return "analyst" if "analyst" in table.audience else (*table.audience, "admin")[0]


def test_every_declared_key_is_visible(client, url, tables) -> None:
    declared, seen = {}, {}
    for table in tables:
        at = (url(reader(table)), table.schema, table.name)
        declared[table.full_name] = (table.primary_key, dict(table.foreign_keys))
        seen[table.full_name] = (client.primary_key(*at), client.foreign_keys(*at))
    assert len(declared) > 14
    assert seen == declared
    for schema, _, table in (name.partition(".") for name in KEPT if name.startswith("marts.")):
        assert client.primary_key(url("analyst"), schema, table), table


def test_every_column_has_its_declared_type(client, url, tables) -> None:
    declared, seen, codes = {}, {}, set()
    for table in tables:
        declared[table.full_name] = {c.name: (c.type, c.is_required) for c in table.columns}
        found = client.columns(url(reader(table)), table.schema, table.name)
        # a numeric without digits has none that a driver could tell
        without_digits = {column.name for column in table.columns if column.type == "numeric"}
        seen[table.full_name] = {
            name: ("numeric" if name in without_digits else spelt, required)
            for name, _, spelt, required, _ in found
        }
        codes |= {(spelt.partition("(")[0], code) for _, code, spelt, _, _ in found}
    assert seen == declared
    assert codes <= set(CODES[client.name].items())


def test_the_page_says_the_same(client, url, tables) -> None:
    page = (PROJECT_DIR / "docs" / PAGE).read_text("utf-8")
    listed = {
        name: (tuple(words(key)), dict(zip(words(joins)[::2], words(joins)[1::2], strict=True)))
        for name, key, joins in re.findall(
            r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|(?: ([^|]*) \| [^|]+ \|)?$", page, re.M
        )
    }
    shown = {}
    for table in tables:
        if table.schema == "marts":
            at = (url(reader(table)), table.schema, table.name)
            joins = {column: to for column, (_, to, _) in client.foreign_keys(*at).items()}
            shown[table.name] = (client.primary_key(*at), joins)
    assert listed == shown


def words(cell: str) -> list[str]:
    """The names in a cell of the page's tables."""
    return re.findall(r"`(\w+)`", cell)


def test_jdbc_brings_the_descriptions_along(jdbc_client, url, tables) -> None:
    for table in tables:
        found = jdbc_client.columns(url(reader(table)), table.schema, table.name)
        assert {name: comment for name, *_, comment in found} == {c.name: c.comment for c in table.columns}


def test_stars_join_by_the_keys_that_the_driver_shows(client, url, tables) -> None:
    """A join loses no row of the fact and doubles none; a key is empty only where the model allows it."""
    stars = [table for table in tables if table.schema == "marts" and table.foreign_keys]
    assert len(stars) > 5
    for star in stars:
        found = client.foreign_keys(url(reader(star)), star.schema, star.name)
        _, rows = client.ask(url(reader(star)), _star_query(star, found))
        ((facts, joined, *unmatched),) = rows
        assert joined == facts > 0, star.name
        assert unmatched == [0] * len(found), (star.name, list(found))


def _star_query(star: PermanentTable, keys: dict[str, tuple[str, str, str]]) -> str:
    """Rows of the fact, rows of the star, and per key the rows that found no member of the dimension."""
    joins, unmatched = [], []
    for number, (column, (schema, table, key)) in enumerate(keys.items()):
        joins.append(f"left join {schema}.{table} as d{number} on d{number}.{key} = fact.{column}")
        unmatched.append(f"count(*) filter (where fact.{column} is not null and d{number}.{key} is null)")
    return (
        f"select (select count(*) from {star.full_name}), count(*), {', '.join(unmatched)}"
        f" from {star.full_name} as fact {' '.join(joins)}"
    )
