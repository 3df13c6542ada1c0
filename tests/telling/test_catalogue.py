"""Every check has an owner, words and a page; what the code gives as a reason is in the list, and the page is fresh."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from yos_warehouse.docs_checks import PROBLEMS, THEN, checks_page
from yos_warehouse.door.refusals import REFUSALS, refusal_of
from yos_warehouse.settings import DBT_DIR, PROJECT_DIR
from yos_warehouse.telling.catalogue import catalogue, check_of
from yos_warehouse.telling.owners import owner_of

PACKAGE = PROJECT_DIR / "plugins" / "yos_warehouse"
# Words of our workshop, and words nobody should hear; a column's name is a name, not a word.
NOT_FOR_A_READER = re.compile(r"\b(NULL|dbt|SQL|regex|boolean|offenders?|varchar|join)\b")


def test_every_check_has_code_family_severity_owner_words_and_remedy() -> None:
    checks = catalogue()
    assert len(checks) > 1000
    for check in checks:
        assert check.family in ("configuration", "integrity", "value"), check
        assert check.severity in ("error", "warn"), check
        assert check.owner in ("partner", "us", "analyst"), check
        assert check.effect in THEN, check
        assert len(check.says.split()) >= 3 and len(check.remedy.split()) >= 3, check


def test_words_are_for_a_reader_who_knows_no_sql() -> None:
    assert not [c.code for c in catalogue() if NOT_FOR_A_READER.search(f"{c.says} {c.remedy}")]


def test_every_check_has_its_page() -> None:
    assert not {
        check.runbook for check in catalogue() if not (PROJECT_DIR / "docs" / check.runbook).is_file()
    }


def test_every_page_of_a_code_is_of_a_check_that_exists() -> None:
    codes = {check.code for check in catalogue()}
    titles = [
        path.read_text("utf-8").splitlines()[0] for path in (PROJECT_DIR / "docs/runbooks").glob("*.md")
    ]
    named = {title[2:].partition(":")[0] for title in titles if title[2:].partition(":")[0].isupper()}
    assert len(named) > 40 and named <= codes


def test_no_check_of_one_place_is_there_twice() -> None:
    again = Counter((check.code, check.feed, check.entity) for check in catalogue())
    assert [key for key, times in again.items() if times > 1] == []


def test_an_incidents_words_come_from_the_check_it_is_about() -> None:
    required = check_of("REQUIRED:family_name", "case_system", "person")
    assert required is not None and (required.feed, required.entity) == ("case_system", "person")
    held = check_of("HELD_TEST_FAILED", None, "the_money_adds_up")
    assert held is not None and held.owner == "us"
    assert check_of("NO_SUCH_CODE") is None
    assert check_of("REQUIRED:family_name") is None, "of which entity?"


def test_a_check_that_names_a_feed_is_told_to_its_partner() -> None:
    assert owner_of("police", None).email == owner_of("partner", "police").email
    assert owner_of("warehouse", "police").kind == "us"


def refusals_in_the_code() -> Iterator[tuple[str, str]]:
    """(code, place) of each refusal that the package makes."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            at = {"DropRejected": 0, "_refusal_of": 2}.get(node.func.id)
            if at is None:
                continue
            code = node.args[at]
            place = f"{path.name}:{node.lineno}"
            if isinstance(code, ast.Constant):
                yield str(code.value), place
            elif not (isinstance(code, ast.Name) and path.name == "drop.py"):
                yield "not a constant", place


def test_every_refusal_that_the_code_makes_is_in_the_list() -> None:
    made = list(refusals_in_the_code())
    assert len(made) > 25
    assert [(code, place) for code, place in made if refusal_of(code) is None] == []


def test_the_list_has_no_refusal_that_nothing_makes() -> None:
    made = {code for code, _ in refusals_in_the_code()} | {"NOT_FICTIONAL"}  # stops the load, whoever sent it
    assert [refusal.code for refusal in REFUSALS if refusal.code not in made] == []


def test_the_committed_page_is_the_generated_one() -> None:
    assert (PROJECT_DIR / "docs/checks.md").read_text("utf-8") == checks_page(), "run yos docs"


def names_there_are() -> set[str]:
    """Codes of checks, models and unit tests of the house, and test functions."""
    units = {
        test["name"]
        for path in (DBT_DIR / "models").rglob("*.yml")
        for test in (yaml.safe_load(path.read_text("utf-8")) or {}).get("unit_tests", ())
    }
    functions = {
        name
        for path in Path(__file__).parents[1].rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M)
    }
    models = {path.stem for path in (DBT_DIR / "models").rglob("*.sql")}
    return units | functions | models | {check.code for check in catalogue()}


def test_every_problem_of_real_data_is_answered_by_something_that_exists() -> None:
    problems = yaml.safe_load(PROBLEMS.read_text("utf-8"))
    assert list(problems) == list(range(1, 33))
    there = names_there_are()
    missing = {n: [a for a in p["answers"] if a not in there] for n, p in problems.items()}
    assert {number: names for number, names in missing.items() if names} == {}
    assert all(len(problem["answers"]) >= 2 for problem in problems.values())


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_a_refusal_says_what_and_what_to_do_in_whole_words(refusal) -> None:  # type: ignore[no-untyped-def]
    assert refusal.says.endswith(".") and refusal.remedy[0].islower()
