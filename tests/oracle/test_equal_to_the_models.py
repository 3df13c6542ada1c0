"""Every definition twice: in plain Python here, in SQL in dbt_project; equal on random small worlds, every flag of them.

All worlds are loaded as disjoint children into one warehouse and built once. On a difference the test prints the
child, both answers, and the seed: ``strategies.worlds(number, seed, as_at)`` gives the same worlds again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.oracle import built, differences
from tests.oracle.records import worlds_rows
from tests.oracle.strategies import worlds

SAMPLE, ALL = 150, 1000
# Days on which a quarter or a leap year's February ends, and days beside them: what is complete hangs on them.
SOAKS = [
    (11, date(2026, 3, 31)),
    (12, date(2025, 12, 31)),
    (13, date(2024, 2, 29)),
    (14, date(2026, 1, 1)),
    (15, date(2025, 6, 15)),
]


def hold_against_models(warehouse: Any, number: int, seed: int, as_at: date) -> None:
    """Make the worlds, build them, compare every row."""
    made = worlds(number, seed, as_at)
    failed = built.build(warehouse, worlds_rows(made), as_at)
    ours = differences.expected(made, as_at)
    theirs = built.built(built.Book(warehouse, made), differences.columns(ours))
    found = differences.differences(ours, theirs)
    assert not found, differences.report(found, made, seed, as_at)
    assert not failed, f"tests of the models failed on small worlds: {failed}"
    for table, rows in ours.items():
        assert rows, f"no world has a row of {table}"


def test_a_sample_of_worlds(warehouse_with_code_lists: Any) -> None:
    hold_against_models(warehouse_with_code_lists, SAMPLE, seed=3, as_at=date(2026, 3, 31))


@pytest.mark.soak
@pytest.mark.parametrize(("seed", "as_at"), SOAKS)
def test_a_thousand_worlds(
    warehouse_with_code_lists: Any, record_property: Any, seed: int, as_at: date
) -> None:
    hold_against_models(warehouse_with_code_lists, ALL, seed, as_at)
    record_property("worlds", ALL)
