"""Every fault has a test, and the page of faults names exactly the tests there are."""

from __future__ import annotations

import re

from tests.fault_table import PAGE, told
from tests.faults import lines, marked

# Of each kind as many as the list has.
COUNTS = {"F": 25, "D": 14, "R": 18, "A": 9}


def test_the_list_is_whole() -> None:
    codes = [f"{letter}{number}" for letter, last in COUNTS.items() for number in range(1, last + 1)]
    assert sorted(lines()) == sorted(codes)
    assert all(set(line) == {"fault", "outcome"} for line in lines().values())


def test_every_fault_has_a_test() -> None:
    assert set(lines()) == set(marked()) & set(lines())


def test_the_page_names_exactly_the_marked_tests() -> None:
    """If not: python -m tests.fault_table"""
    of_page = {
        code: re.findall(r"`(tests/[^`]+)`", shown)
        for code, shown in re.findall(r"^\| ([FDRA]\d+) \|.*\| ([^|]*) \|$", PAGE.read_text("utf-8"), re.M)
    }
    assert of_page == {code: marked().get(code, []) for code in lines()}


def test_the_page_has_a_result_for_what_runs_each_time() -> None:
    assert not [test for test, said in told().items() if said.startswith("failed")]
