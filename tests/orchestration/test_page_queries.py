"""What the page asks of the warehouse: every query is the auditor's to ask, also before the first delivery."""

from __future__ import annotations

import psycopg2
import pytest

from yos_warehouse.orchestration.ui import queries
from yos_warehouse.orchestration.ui.charts import bars

VALUES = {
    "run_id": 1, "publication_id": 1, "incident_id": 1, "feed": "police", "entity": None, "rule_code": None,
    "most": 14, "skip": 0,
}  # fmt: skip
QUERIES = {name: query for name, query in vars(queries).items() if name.isupper() and isinstance(query, str)}


def test_before_the_first_night_there_is_nothing_to_see(warehouse) -> None:
    with queries.looking() as connection:
        assert {name: queries.ask(connection, query, **VALUES) for name, query in QUERIES.items()} == {
            name: [] for name in QUERIES
        }
        assert queries.is_fictional(connection)


def test_a_look_writes_nothing(warehouse) -> None:
    with queries.looking() as connection, pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        queries.ask(connection, "create temp table seen (feed text)")


def test_rows_held_back_are_shown_by_place_and_never_by_content(warehouse) -> None:
    columns = warehouse.query(
        "select column_name from information_schema.columns where table_schema = 'ops' and table_name = 'held_row'"
    )
    assert {name for (name,) in columns} == {
        "feed", "entity", "load_id", "file", "file_line", "held_since", "rule_codes", "quarantine_id",
    }  # fmt: skip


def test_the_highest_column_is_as_high_as_the_drawing() -> None:
    low, high = bars([("a", 1, 0), ("b", 3, 1)], width=120, height=100)
    assert (low.height, high.height, high.other_height) == (25, 75, 25)
    assert low.x + low.width < high.x
    assert bars([]) == [] and bars([("none", 0, 0)])[0].height == 0
