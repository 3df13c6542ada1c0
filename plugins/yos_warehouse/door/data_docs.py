"""Data Docs: a page per delivery of what Great Expectations judged, in the words of its rules, for the owner of the files alone.

The pages are our own and not the tool's. Those fetch styles, scripts and a picture from sixteen addresses of others when
they are opened, take 0.4 s and 280 kB for 120 rules, and speak of sums of columns where a caseworker reads "rows without
a key"; building the tool's index grows with every result. These are one file each, without scripts, written in some
milliseconds. Counts, codes and words of rules only.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yos_warehouse import settings
from yos_warehouse.door.checks import Checked
from yos_warehouse.door.great_expectations_gate import ROW_COUNT, RuleResult, tolerated
from yos_warehouse.sources.contract import Contract

if TYPE_CHECKING:
    from jinja2 import Environment

    from yos_warehouse.door.load import LoadReport

MOST_PAGES = 30
_TEMPLATES = Path(__file__).parent / "data_docs_pages"


def folder() -> Path:
    """Where the pages of this database are: ``var/data_docs/<database>``, for its owner alone (0700)."""
    path = settings.var_dir() / "data_docs" / settings.database_name()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.mkdir(exist_ok=True, mode=0o700)
    return path


def write_page(
    contract: Contract, report: LoadReport, checked: Sequence[Checked], results: Sequence[RuleResult]
) -> Path | None:
    """Write the page of a delivery that was judged, and the index; the oldest beyond thirty go.

    Returns:
        The page; None where it could not be written, which is logged and harms no load.
    """
    rules = {(entity.landed.entity, rule.code): rule for entity in checked for rule in entity.rules}
    entities = []
    for entity in checked:
        name = entity.landed.entity
        lines = [_line(result, rules) for result in results if result.entity == name]
        entities.append(
            {
                "title": contract.entities[name].title,
                "rows": entity.rows,
                "held_back": entity.held_back,
                "failing": [line for line in lines if line["failed"] != 0],
                "passed": [line for line in lines if line["failed"] == 0],
            }
        )
    page = f"{report.load_id:08d}_{contract.feed}_{report.business_date}_{report.state}.html"
    try:
        _write(page, "page.html.j2", contract=contract, report=report, entities=entities)
        # by time, not by number: a warehouse made anew counts from 1 again
        pages = [
            path.name
            for path in sorted(
                folder().glob("[0-9]*.html"), key=lambda path: path.stat().st_mtime_ns, reverse=True
            )
        ]
        for gone in pages[MOST_PAGES:]:
            (folder() / gone).unlink(missing_ok=True)
        _write("index.html", "index.html.j2", pages=[_parts(name) for name in pages[:MOST_PAGES]])
    except OSError as problem:
        logging.getLogger(__name__).warning("no page of %s: %s", report.drop, type(problem).__name__)
        return None
    return folder() / page


def _line(result: RuleResult, rules: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """One rule and its verdict; ROW_COUNT, which is the door's own, has no words of a suite."""
    rule = rules.get((result.entity, result.rule_code))
    checked = result.rows_checked or 0
    return {
        "code": result.rule_code,
        "says": rule.says if rule else "rows that landed and were not judged",
        "remedy": rule.remedy if rule else "",
        "effect": rule.effect if rule else "refuse",
        "checked": result.rows_checked,
        "failed": result.rows_failed,
        "allowed": 0 if result.rule_code == ROW_COUNT or not rule else tolerated(checked, rule.tolerance),
        "outcome": result.outcome,
        "passed": result.passed,
    }


def _parts(name: str) -> dict[str, str]:
    """What a page's name says: load, feed (which may hold underscores), day, how it ended."""
    load_id, *feed, day, state = name.removesuffix(".html").split("_")
    return {"name": name, "load_id": load_id.lstrip("0"), "feed": "_".join(feed), "day": day, "state": state}


def _write(name: str, template: str, **context: Any) -> None:
    """Write a file whole or not at all, readable for its owner alone; feeds load side by side."""
    text = _pages().get_template(template).render(**context)
    unfinished = folder() / f".{name}.{os.getpid()}"
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, "utf-8")
    unfinished.replace(folder() / name)


@cache
def _pages() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
