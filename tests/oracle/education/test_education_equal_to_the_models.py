"""Education, employment and training twice: in plain Python here, in SQL in dbt_project; equal on random small worlds.

On a difference the test prints the child, both answers, and the seed: ``strategies.worlds(number, seed, as_at)`` gives the
same worlds again. A child's pupil number may be another's of its world: print the world.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.oracle import differences
from tests.oracle.answers import Answers
from tests.oracle.built import build
from tests.oracle.education.answers import answers
from tests.oracle.education.built import EducationBook, built
from tests.oracle.education.facts import World
from tests.oracle.education.records import worlds_rows
from tests.oracle.education.strategies import worlds

SAMPLE, ALL = 150, 1000
# As of the justice star: ends of quarters and a leap year's February, and days beside them.
SOAKS = [
    (21, date(2026, 3, 31)),
    (22, date(2025, 12, 31)),
    (23, date(2024, 2, 29)),
    (24, date(2026, 1, 1)),
    (25, date(2025, 6, 27)),  # the last day of a school year's leavers
]


def expected(made: list[World], as_at: date) -> Answers:
    """The oracle's answers about all worlds."""
    found: Answers = {}
    for w, world in enumerate(made):
        for who in range(len(world.children)):
            for table, rows in answers(world, who, w, as_at).items():
                found.setdefault(table, {}).update(rows)
    return found


def hold_against_models(warehouse: Any, number: int, seed: int, as_at: date) -> None:
    """Make the worlds, build them, compare every row."""
    made = worlds(number, seed, as_at)
    failed = build(warehouse, worlds_rows(made, as_at), as_at)
    ours = expected(made, as_at)
    theirs = built(EducationBook(warehouse, made), differences.columns(ours))
    found = differences.differences(ours, theirs)
    assert not found, differences.report(found, made, seed, as_at)
    assert not failed, f"tests of the models failed on small worlds: {failed}"
    for table, rows in ours.items():
        assert rows, f"no world has a row of {table}"


def test_a_sample_of_worlds(warehouse_with_code_lists: Any) -> None:
    hold_against_models(warehouse_with_code_lists, SAMPLE, seed=5, as_at=date(2026, 3, 31))


@pytest.mark.soak
@pytest.mark.parametrize(("seed", "as_at"), SOAKS)
def test_a_thousand_worlds(warehouse: Any, record_property: Any, seed: int, as_at: date) -> None:
    hold_against_models(warehouse, ALL, seed, as_at)
    record_property("worlds", ALL)
