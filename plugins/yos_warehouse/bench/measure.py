"""One line of the benchmark, and the file and table that show it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measure:
    """A measured figure and its budget (design.md 5).

    Attributes:
        name: group and what was measured, ``publication: first load``.
        value: in ``unit``.
        budget: the least or the most that is promised, whichever the unit asks for.
        ok: whether the promise is kept.
    """

    name: str
    value: float
    unit: str
    budget: float
    ok: bool


def at_least(name: str, value: float, unit: str, budget: float) -> Measure:
    """A measure that may not be smaller than its budget."""
    return Measure(name, round(value, 3), unit, budget, value >= budget)


def at_most(name: str, value: float, unit: str, budget: float) -> Measure:
    """A measure that may not be larger than its budget."""
    return Measure(name, round(value, 3), unit, budget, value <= budget)


def seconds_of(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def note(words: str) -> None:
    """What lies behind a ratio, in seconds and counts; a line of its own that no program reads."""
    print(f"#   {words}", flush=True)


def write_results(path: Path, measures: Sequence[Measure]) -> None:
    """Write ``{"measures": [{"name", "value", "unit", "budget", "ok"}]}`` (design.md 2), whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps({"measures": [asdict(one) for one in measures]}, indent=1) + "\n", "utf-8")
    draft.replace(path)


def table(measures: Sequence[Measure]) -> str:
    """The measures as a table for people."""
    rows = [("measure", "value", "budget", "", "unit")]
    rows += [
        (one.name, f"{one.value:.3f}", f"{one.budget:g}", "ok" if one.ok else "MISSED", one.unit)
        for one in measures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {budget:>{widths[2]}}  {ok:<{widths[3]}}  {unit}".rstrip()
        for name, value, budget, ok, unit in rows
    )
