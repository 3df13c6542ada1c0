"""The page of a question about identity: both records side by side, and how each comparison speaks for or against.

The chart is Splink's own, drawn by the libraries that Splink brings: the page fetches nothing, may not send anything
(its content policy), and offers no menu that would open the data elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from yos_warehouse.identity.model import Model, matching
from yos_warehouse.identity.people import CONTENT, for_matching

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:; "
    "form-action 'none'; base-uri 'none'"
)
_STYLE = (
    "body{font-family:sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse;margin:1em 0}"
    "th,td{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}td.number{text-align:right}"
    ".fictional{background:#fd0;padding:.6em;font-weight:bold}.other{background:#ffd}"
)


@dataclass(frozen=True)
class Waterfall:
    """How two descriptions compare.

    Attributes:
        steps: from the weight any two start with to the end: comparison, what was found, weight.
        chart: Splink's chart as a fragment of HTML with all it needs; values of both persons stand in it.
    """

    steps: Sequence[tuple[str, str, float]]
    chart: str


def waterfall(a: Mapping[str, str | None], b: Mapping[str, str | None], model: Model) -> Waterfall:
    """Compare two descriptions once more and keep every step.

    Args:
        a: columns of people.CONTENT as text; ``b`` likewise.
    """
    from splink.internals.html_utils import chart_html

    rows: list[dict[str, str | None]] = [
        {"description_id": name, **{column: one.get(column) for column in CONTENT}}
        for name, one in (("a", a), ("b", b))
    ]
    people = for_matching(pd.DataFrame(rows, dtype=object))
    with matching(people, model) as (linker, register):
        sides = [register(people[people["unique_id"] == name], f"side_{name}") for name in ("a", "b")]
        scored = linker.inference.score_pair(*sides).as_record_list()
        chart = linker.visualisations.waterfall_chart(scored, filter_nulls=True)
        spec = chart.chart_dict
    for chosen in spec.get("params", ()):
        chosen.pop("bind", None)  # one pair: nothing to choose
    # the menu would open the data in a page of somebody else's
    spec["usermeta"] = {"embedOptions": {"actions": False}}
    steps = [
        (_words(step["column_name"]), _found(step), round(float(step["log2_bayes_factor"]), 2))
        for step in spec["data"]["values"]
        if step["log2_bayes_factor"] or not step["column_name"].startswith("tf_")
    ]
    return Waterfall(steps, chart_html(spec, inline=True))


def page(
    heading: str, facts: Sequence[str], sides: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]],
    evidence: Waterfall, is_fictional: bool,
) -> str:  # fmt: skip
    """The whole page.

    Args:
        sides: headings of the columns of ``rows``, each of which is a label and a cell per side.
    """
    banner = '<p class="fictional">FICTIONAL: no child on this page exists.</p>' if is_fictional else ""
    title = ("FICTIONAL: " if is_fictional else "") + heading
    table = "".join(_row(label, cells, marks=2) for label, cells in rows)
    steps = "".join(
        f'<tr><td>{escape(name)}</td><td>{escape(found)}</td><td class="number">{weight:+.2f}</td></tr>'
        for name, found, weight in evidence.steps
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{banner}"
        f"<h1>{escape(heading)}</h1>{''.join(f'<p>{escape(fact)}</p>' for fact in facts)}"
        f"<table><tr><th></th>{''.join(f'<th>{escape(side)}</th>' for side in sides)}</tr>{table}</table>"
        "<h2>What speaks for and against one person</h2>"
        "<p>Weights add up: each 1 doubles the odds. 10 and more links by itself, 4 to 10 is for a person to judge.</p>"
        f"<table><tr><th>Compared</th><th>Found</th><th>Weight</th></tr>{steps}</table>"
        f"{evidence.chart}</body></html>\n"
    )


def write_page(path: Path, text: str) -> None:
    """Write a page that its owner alone can read (0600); a folder that is made is the owner's alone too (0700)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _row(label: str, cells: Sequence[str], marks: int) -> str:
    """A row whose first cells are the two records of the question; marked where they say different things."""
    said = {cell for cell in cells[:marks] if cell}
    mark = ' class="other"' if len(said) > 1 else ""
    shown = "".join(f"<td{mark if at < marks else ''}>{escape(cell)}</td>" for at, cell in enumerate(cells))
    return f"<tr><th>{escape(label)}</th>{shown}</tr>"


def _words(column: str) -> str:
    if column.startswith("tf_"):
        return f"how common: {_words(column[3:])}"
    return column.replace("_", " ").lower()


def _found(step: Mapping[str, Any]) -> str:
    label = str(step["label_for_charts"])
    return "not known on one side" if label.lower().endswith("is null") else label
