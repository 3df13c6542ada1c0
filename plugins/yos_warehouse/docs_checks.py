"""The page ``docs/checks.md``: every check by feed and entity, and which of them answer the problems of real data."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import yaml

from yos_warehouse.settings import PROJECT_DIR
from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling.catalogue import Check, catalogue

PROBLEMS = PROJECT_DIR / "docs" / "problems.yml"
THEN = {
    "hold_back": "the row is held back",
    "report": "the row is taken in",
    "refuse": "the delivery is refused",
    "hold": "the delivery waits for a yes",
    "hold_unit": "its figures stay as they were",
    "tell": "somebody is told",
}
OWNERS = {"partner": "the sender", "us": "the data team", "analyst": "the analyst"}
_HEADER = ("Check", "Finds", "Then", "Told to", "What to do")


def checks_page() -> str:
    """All checks and the table of problems: markdown."""
    found = catalogue()
    parts = [
        "# All checks",
        "*Generated from `dags/feeds`, `expectations`, `dbt_project` and `docs/problems.yml` by `make docs`; do not edit.*",
        f"{len(found):,} checks. Each has an owner, words and a page that says what to do, which its code links to. "
        "A check of a row's values is data: [add a check](how-to/add-a-check.md). What follows from a check: the row is "
        "held back, or taken in and counted; the delivery is refused, or waits for somebody's yes; the figures of a "
        "unit (children or finance) stay as they were yesterday.",
        "## Whole deliveries",
        _table(check for check in found if check.where == "door" and check.feed is None),
        "## The warehouse itself",
        _table(check for check in found if check.where == "warehouse"),
    ]
    for feed, contract in contracts().items():
        parts.append(f"## {contract.title}")
        for name, entity in contract.entities.items():
            mine = [
                check
                for check in found
                if (check.feed, check.entity) == (feed, name) and check.where == "door"
            ]
            parts += [f"### {entity.title} (`{name}`)", _table(mine)]
    house = [check for check in found if check.where == "house"]
    own = [check for check in house if not _is_made(check)]
    parts += [
        "## Across records and feeds",
        "Tests that run in the night, over everything that was taken in.",
        _table(own),
        "## Every table",
        "What holds of each table and list every night, or its figures stay as they were. The data team is told.",
        _by_table(check for check in house if _is_made(check)),
        "## Problems of real data",
        "What goes wrong in the records of real services, and what answers it here: checks, tables and tests by name.",
        _problems(),
    ]
    return "\n\n".join(parts) + "\n"


def _table(checks: Iterable[Check]) -> str:
    return table(
        _HEADER,
        [
            (f"[`{c.code}`]({c.runbook})", c.says, THEN[c.effect], OWNERS[c.owner], c.remedy)
            for c in checks
        ],
    )  # fmt: skip


def _is_made(check: Check) -> bool:
    """Whether a test's words were made from its kind and columns."""
    return check.says.startswith("rows of ") and f"({check.entity})" in check.says


def _by_table(checks: Iterable[Check]) -> str:
    rows = [
        (f"`{name}`", "; ".join(check.says.partition(") ")[2] for check in group))
        for name, group in groupby(sorted(checks, key=lambda c: (c.entity or "", c.code)), lambda c: c.entity)
    ]
    return table(("Table", "There are no rows"), rows)


def _problems() -> str:
    rows = [
        (str(number), problem["problem"], ", ".join(f"`{name}`" for name in problem["answers"]))
        for number, problem in yaml.safe_load(PROBLEMS.read_text("utf-8")).items()
    ]
    return table(("", "Problem", "Answered by"), rows)


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in markdown."""
    header = tuple(header)
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
