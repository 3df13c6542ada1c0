"""Which tests show which faults: the marker ``fault``, and the newest result of each test that bears it (var/faults.json)."""

from __future__ import annotations

import ast
import fcntl
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import yaml

from tests.soak import ROOT, commit

TESTS = ROOT / "tests"
RESULTS = ROOT / "var" / "faults.json"
_SEEN: dict[str, dict[str, str]] = {}
_WORST = ("skipped", "passed", "failed")


@cache
def lines() -> dict[str, dict[str, str]]:
    """``fault`` and ``outcome`` of each code (tests/faults.yml)."""
    return yaml.safe_load((TESTS / "faults.yml").read_text("utf-8"))


@cache
def marked() -> dict[str, list[str]]:
    """Code -> tests that bear it, as file::function, read from the source: no test need be collected."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                for code in {code for decorator in node.decorator_list for code in _codes(decorator)}:
                    found.setdefault(code, []).append(name)
    return found


def _codes(decorator: ast.expr) -> list[str]:
    """Codes of every ``pytest.mark.fault(...)`` in a decorator, those of single parameters too."""
    return [
        argument.value
        for node in ast.walk(decorator)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault"
        for argument in node.args
        if isinstance(argument, ast.Constant)
    ]


def results() -> dict[str, dict[str, str]]:
    """Test -> outcome, day and commit of its newest run."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a mark with a code that does not exist."""
    for item in items:
        for mark in item.iter_markers("fault"):
            if unknown := set(mark.args) - set(lines()):
                raise pytest.UsageError(f"{item.nodeid} names {sorted(unknown)}, not in tests/faults.yml")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember how a marked test ended; of its parameters the worst counts."""
    if "fault" not in report.keywords or (report.when != "call" and report.passed):
        return
    name = report.nodeid.partition("[")[0]
    before = _SEEN.get(name, {}).get("outcome", "skipped")
    outcome = max(before, report.outcome, key=_WORST.index)
    _SEEN[name] = {"outcome": outcome, "day": f"{datetime.now(UTC):%Y-%m-%d}", "commit": commit()}


def pytest_sessionfinish() -> None:
    """Keep the results beside those of other runs, which may end at the same moment."""
    ran: dict[str, Any] = {name: told for name, told in _SEEN.items() if told["outcome"] != "skipped"}
    if not ran:
        return
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        RESULTS.write_text(json.dumps(results() | ran, indent=1, sort_keys=True) + "\n", "utf-8")
