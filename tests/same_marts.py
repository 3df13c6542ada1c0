"""Whether two warehouses say the same: every table of a schema row for row, up to a renaming of minted keys.

A minted key is renamed to what it stands for: a person to the source records linked to it, an event to its service, feed,
entity and source id. Which columns hold keys is read from the catalogue, so that a new table is compared without anybody
saying so: ``…_key`` of type bigint, and pieces ``<word>/<key>`` of a text ``…_key``, such as OUTCOME/12 or NI19_2025/12. What is said of a difference is tables,
columns and counts, never a value.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.conftest import Warehouse

# A value stays as it was first published, and a publication has a number and a time: both tell of the nights, not of the data.
OF_THE_NIGHTS = {"publication", "fct_indicator_value", "restatement", "published_case"}
# Which load brought it: numbers are given as the loads come.
OF_THE_LOADS = ("load_id",)
_PIECE = re.compile(r"\b(\w+)/(-?\d+)\b")
_END = "(((%(day)s::date + 1)::timestamp) at time zone 'Europe/London')"


@dataclass(frozen=True)
class Table:
    """The columns of a table and how often it holds each row, keys renamed."""

    columns: tuple[str, ...]
    rows: Counter[tuple[Any, ...]]

    def but(self, columns: set[str]) -> Counter[tuple[Any, ...]]:
        """The rows without some columns."""
        kept = [at for at, name in enumerate(self.columns) if name not in columns]
        found: Counter[tuple[Any, ...]] = Counter()
        for row, times in self.rows.items():
            found[tuple(row[at] for at in kept)] += times
        return found


@dataclass(frozen=True)
class Names:
    """What the minted keys of one warehouse stand for."""

    persons: dict[int, str]
    records: dict[int, str]

    def of(self, column: str, value: Any) -> Any:
        """A value of a key column with its keys renamed; a key that nobody minted becomes ``nobody's``."""
        if isinstance(value, int):
            return self._name("person" if "person" in column else "record", value)
        if isinstance(value, str):
            return _PIECE.sub(lambda piece: f"{piece[1]}/{self._name(_kind(piece[1]), int(piece[2]))}", value)
        return value

    def _name(self, word: str, key: int) -> str:
        if key < 0:
            return str(key)
        return (self.persons if word == "person" else self.records).get(key, "nobody's")


def _kind(word: str) -> str:
    """Whose key follows a word: a cohort's code has a year, and then it is a member's."""
    return "person" if "person" in word.lower() or any(map(str.isdigit, word)) else "record"


def names(warehouse: Warehouse, day: date | None = None) -> Names:
    """What the keys stand for, by the links of the end of ``day`` (default: the newest)."""
    linked = defaultdict(list)
    for key, record in warehouse.query(
        "select person_key, concat_ws('/', service_code, feed, entity, source_id) from identity.person_link"
        f" where since < coalesce({_END}, 'infinity') and coalesce(until, 'infinity') >= coalesce({_END}, 'infinity')",
        {"day": day},
    ):
        linked[key].append(record)
    records = dict(
        warehouse.query(
            "select record_key, concat_ws('/', service_code, feed, entity, source_id) from identity.record_key"
        )
    )
    return Names({key: " ".join(sorted(found)) for key, found in linked.items()}, records)


def links(warehouse: Warehouse) -> Table:
    """Who is who as a table: each record's person and the days from and until which that was known."""
    known = names(warehouse)
    columns = ("service_code", "feed", "entity", "source_id", "person_key", "since", "until")
    rows = warehouse.query(
        "select service_code, feed, entity, source_id, person_key, (since at time zone 'Europe/London')::date,"
        " (until at time zone 'Europe/London')::date from identity.person_link"
    )
    return Table(columns, Counter((*row[:4], known.of("person_key", row[4]), *row[5:]) for row in rows))


def tables(warehouse: Warehouse, *schemas: str, day: date | None = None) -> dict[str, Table]:
    """All tables of some schemas, keys renamed as known at the end of ``day``."""
    known = names(warehouse, day)
    found = {}
    for schema, table, columns, keys in warehouse.query(
        """
        select table_schema, table_name, array_agg(column_name::text order by column_name),
            array_agg(column_name::text) filter (where column_name like '%%\\_key' and data_type in ('bigint', 'text'))
        from information_schema.columns
        inner join information_schema.tables using (table_schema, table_name)
        where table_schema = any (%s) and table_type = 'BASE TABLE' and table_name <> all (%s) and column_name <> all (%s)
        group by table_schema, table_name
        """,
        (list(schemas), list(OF_THE_NIGHTS), list(OF_THE_LOADS)),
    ):
        chosen = ", ".join(f'"{column}"' for column in columns)
        rows = warehouse.query(f'select {chosen} from "{schema}"."{table}"')
        renamed = [(at, name) for at, name in enumerate(columns) if name in (keys or ())]
        counted: Counter[tuple[Any, ...]] = Counter()
        for row in rows:
            values = list(row)
            for at, name in renamed:
                values[at] = known.of(name, values[at])
            counted[tuple(str(value) for value in values)] += 1
        found[f"{schema.partition('_as_at_')[0]}.{table}"] = Table(tuple(columns), counted)
    return found


def differences(one: dict[str, Table], other: dict[str, Table]) -> list[str]:
    """One line for each table in which two sets of tables differ; none if they say the same."""
    lines = [f"{name}: only in one of them" for name in sorted(one.keys() ^ other.keys())]
    return lines + [
        line for name in sorted(one.keys() & other.keys()) for line in _compare(name, one[name], other[name])
    ]


def _compare(name: str, one: Table, other: Table) -> list[str]:
    if one.columns != other.columns:
        return [f"{name}: not the same columns"]
    if one.rows == other.rows:
        return []
    less, more = one.rows - other.rows, other.rows - one.rows
    words = f"{name}: of {one.rows.total()} and {other.rows.total()} rows {less.total()} and {more.total()} differ"
    return [f"{words}, in {', '.join(_differing(one, other)) or 'no single column'}"]


def _differing(one: Table, other: Table) -> list[str]:
    """The fewest columns, found greedily, without which the rows are the same; none where rows are missing."""
    if one.rows.total() != other.rows.total():
        return []
    without = {
        column
        for column in one.columns
        if one.but(set(one.columns) - {column}) != other.but(set(one.columns) - {column})
    }
    if one.but(without) != other.but(without):
        return sorted(without)
    for column in sorted(without):
        if one.but(without - {column}) == other.but(without - {column}):
            without.discard(column)
    return sorted(without)
