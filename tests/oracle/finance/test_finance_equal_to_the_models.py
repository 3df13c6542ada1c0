"""Money twice: in plain Python here, in SQL in dbt_project; equal on random worlds, every row of the star and of the reports.

On a difference the test prints both answers and the seed: ``worlds.world(seed, as_at)`` gives the same world again.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from tests.oracle import differences
from tests.oracle.finance.answers import CHECKS, answers
from tests.oracle.finance.built import build, built
from tests.oracle.finance.records import world_rows
from tests.oracle.finance.worlds import world

# The one test of the models that a world with pennies out must break, and with it publication of finance.
HELD_BY = "the_money_adds_up"
SOAKS = [
    (31, date(2026, 3, 31)),
    (32, date(2026, 4, 1)),  # nothing of the year is over yet
    (33, date(2026, 4, 30)),
    (34, date(2024, 2, 29)),
    (35, date(2025, 12, 30)),
]


def hold_against_models(warehouse: Any, seed: int, as_at: date, size: int = 60) -> None:
    """Make the world, build it, compare every row."""
    made = world(seed, as_at, size)
    failed = build(warehouse, world_rows(made), as_at)
    ours = answers(made, as_at)
    theirs = built(warehouse, differences.columns(ours))
    found = differences.differences(ours, theirs)
    assert not found, report(found, seed, as_at)
    for table, rows in ours.items():
        assert rows, f"the world has no row of {table}"
    assert any(row["outcome_code"] == "DIFFERS" for row in ours[CHECKS].values())
    assert failed == [HELD_BY]


def report(found: list[differences.Difference], seed: int, as_at: date, most: int = 5) -> str:
    """Words for a person: how many, in which columns, and the first of each. FICTIONAL."""
    groups: dict[tuple[str, str], list[differences.Difference]] = defaultdict(list)
    for difference in found:
        groups[difference[0], difference[2]].append(difference)
    lines = [f"{len(found)} differences, seed {seed}, as at {as_at} (FICTIONAL)"]
    for (table, column), these in sorted(groups.items()):
        lines.append(f"\n{table}.{column or 'row'}: {len(these)}")
        lines += [f"  {key}: ours {ours}, theirs {theirs}" for _, key, _, ours, theirs in these[:most]]
    return "\n".join(lines)


def test_a_world_in_the_middle_of_a_year(warehouse_with_code_lists: Any) -> None:
    hold_against_models(warehouse_with_code_lists, seed=1, as_at=date(2026, 1, 15))


@pytest.mark.soak
@pytest.mark.parametrize(("seed", "as_at"), SOAKS)
def test_worlds_of_other_days(warehouse_with_code_lists: Any, seed: int, as_at: date) -> None:
    hold_against_models(warehouse_with_code_lists, seed, as_at, size=200)
