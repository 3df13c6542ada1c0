"""What takes long can stop and go on: cases passed at this commit are not run again, and there is a result page.

A pytest plugin, named in tests/conftest.py. Each soak case is one line of ``var/soak/<date>.jsonl``, and ``var/soak/<date>.md`` says
the same to a person. A tree with changes counts as a commit of its own.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "soak"


@cache
def commit() -> str:
    """The commit under test, with a hash of what was changed since, if anything was."""
    head = _git("rev-parse", "--short=12", "HEAD").strip() or "no-commit"
    changed = [line[3:] for line in _git("status", "--porcelain", "-uall").splitlines()]
    if not changed:
        return head
    digest = hashlib.sha256()
    for name in sorted(changed):
        path = ROOT / name
        digest.update(name.encode() + (path.read_bytes() if path.is_file() else b""))
    return f"{head}+{digest.hexdigest()[:8]}"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def results() -> list[dict[str, Any]]:
    """All results ever, oldest first."""
    lines = [line for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


def has_passed(case: str) -> bool:
    """Whether the case passed at this commit."""
    return any(r["case"] == case and r["commit"] == commit() and r["outcome"] == "passed" for r in results())


def enter(case: str, outcome: str, seconds: float, details: dict[str, Any]) -> None:
    """Add one result and write the day's page anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    line = {"case": case, "commit": commit(), "outcome": outcome, "seconds": round(seconds, 1),
            "ended_at": now.isoformat(timespec="seconds"), **details}  # fmt: skip
    day = FOLDER / f"{now:%Y-%m-%d}"
    with day.with_suffix(".jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, sort_keys=True) + "\n")
    day.with_suffix(".md").write_text(_page(f"{now:%Y-%m-%d}", results()), "utf-8")


def _page(date: str, all_results: list[dict[str, Any]]) -> str:
    """The newest result of each case at this commit."""
    newest = {r["case"]: r for r in all_results if r["commit"] == commit()}
    failed = sum(r["outcome"] != "passed" for r in newest.values())
    rows = [
        f"| {r['case']} | {r['outcome']} | {r['seconds']:.0f} s | {r.get('details', '')} | {r['ended_at']} |"
        for r in newest.values()
    ]
    words = f"{len(newest)} cases, {failed} failed" if failed else f"{len(newest)} cases, none failed"
    return "\n".join(
        [f"# Soak, {date}", "", f"FICTIONAL data. Commit `{commit()}`: {words}.", "",
         "| Case | Outcome | Took | What | Ended (UTC) |", "|---|---|---|---|---|", *rows, ""]
    )  # fmt: skip


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a soak case that passed at this commit."""
    if item.get_closest_marker("soak") and has_passed(item.nodeid):
        pytest.skip("passed at this commit; its result is in var/soak")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Enter the result of a soak case; what it noted with record_property stands beside it."""
    if "soak" not in report.keywords or report.skipped:
        return
    if report.when == "call" or report.failed:
        said = ", ".join(f"{name} {value}" for name, value in report.user_properties)
        enter(report.nodeid, report.outcome, report.duration, {"details": said} if said else {})
