"""Received figures at the door: a rate that stands for less than one child is labelled wrongly."""

from __future__ import annotations

import pytest

from tests.door.conftest import Door, csv_text

HEADER = "indicator_id,basis,area_kind,area_name,period_name,printed_value,unit,numerator,denominator,first_day,last_day"


def figure(period: str, value: str, unit: str, **more: str) -> dict[str, str]:
    return {
        "indicator_id": "custody_rate", "basis": "PNC", "area_name": "Oakshire", "period_name": period,
        "printed_value": value, "unit": unit,
    } | more  # fmt: skip


@pytest.fixture
def held(door: Door) -> dict[int, list[str]]:
    """Rules by row of one delivery with every shape of rate."""
    rows = [
        figure("1", "0.14", "per_1000"),
        figure("2", "0.14", "per_100000"),  # 0.22 of a child in the largest service
        figure("3", "0.14", "per 100,000 aged 10-17"),
        figure("4", "0", "per_100000"),  # nobody is no fault
        figure("5", "0.6", "per_100000"),  # one child of 160,000, rounded
        figure("6", "24", "per_100000", denominator="4089", numerator="1"),
        figure("7", "9", "per_100000", denominator="4089"),
        figure("8", "0.05", "per_10000"),
        figure("9", "0.24", "per_100000", area_kind="REGION"),
        figure("10", "0.24", "pct"),
        figure("11", "5", "pct", first_day="2026-01-01", last_day="2025-01-01"),
        figure("12", "144", "per_100000", denominator="46000", numerator="65"),  # 141.3
        figure("13", "99999999999", "count"),
    ]
    door.deliver({"published.csv": csv_text(HEADER, rows)}, feed="published")
    door.load("published")
    return dict(door.held("published__value"))


def test_a_rate_of_less_than_one_child_is_held_back(held: dict[int, list[str]]) -> None:
    wrong = {row for row, rules in held.items() if rules == ["PUB-VAL-01"]}
    assert wrong == {2, 3, 7, 8}


def test_days_the_wrong_way_and_impossible_figures_are_held_back(held: dict[int, list[str]]) -> None:
    assert held[11] == ["PUB-VAL-03"]
    assert held[13] == ["PUB-VAL-04"]
    assert set(held) == {2, 3, 7, 8, 11, 13}


def test_a_figure_that_does_not_follow_from_its_parts_is_told_and_kept(
    door: Door, held: dict[int, list[str]]
) -> None:
    found = door.query(
        "select rows_failed from ops.check_result where rule_code = 'PUB-VAL-02' and outcome <> 'passed'"
    )
    assert found == [(1,)] and 12 not in held


def test_the_remedy_says_that_the_unit_is_probably_wrong() -> None:
    from yos_warehouse.door.suite import rules
    from yos_warehouse.sources.contract import contracts

    (rule,) = [rule for rule in rules(contracts()["published"], "value") if rule.code == "PUB-VAL-01"]
    assert "unit is probably wrong" in rule.remedy and rule.effect == "hold_back"
