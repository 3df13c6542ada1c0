"""Two sets of answers held against each other, and what to print of a difference."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.answers import Answers, answers
from tests.oracle.facts import World

MISSING = "no row"
Difference = tuple[str, tuple, str, Any, Any]  # table, key, column, ours, theirs


def expected(worlds: list[World], as_at: date) -> Answers:
    """The oracle's answers about all worlds."""
    found: Answers = {}
    for w, world in enumerate(worlds):
        for c, child in enumerate(world.children):
            for table, rows in answers(child, (w, c), as_at).items():
                found.setdefault(table, {}).update(rows)
    return found


def columns(ours: Answers) -> dict[str, set[str]]:
    """Columns that the answers have, by table."""
    return {table: {name for row in rows.values() for name in row} for table, rows in ours.items()}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Decimal) and other is not None:
        return abs(one - Decimal(str(other))) < Decimal("0.01")
    return one == other


def differences(ours: Answers, theirs: Answers) -> list[Difference]:
    """Every row that only one has, and every column in which they differ."""
    found: list[Difference] = []
    for table, rows in theirs.items():
        for key in sorted(ours[table].keys() | rows.keys(), key=str):
            mine, its = ours[table].get(key), rows.get(key)
            if mine is None or its is None:
                found.append(
                    (table, key, "", MISSING if mine is None else mine, MISSING if its is None else its)
                )
                continue
            found += [
                (table, key, name, value, its.get(name, "no column"))
                for name, value in mine.items()
                if not _same(value, its.get(name, "no column"))
            ]
    return found


def compact(thing: Any) -> str:
    """A record as the call that makes it, without what is as usual; dates as d(2026, 3, 31)."""
    if isinstance(thing, date):
        return f"d({thing.year}, {thing.month}, {thing.day})"
    if isinstance(thing, tuple):
        return f"({', '.join(map(compact, thing))}{',' if len(thing) == 1 else ''})"
    if is_dataclass(thing) and not isinstance(thing, type):
        told = [(f.name, getattr(thing, f.name), f.default) for f in fields(thing)]
        said = ", ".join(f"{name}={compact(value)}" for name, value, usual in told if value != usual)
        return f"{type(thing).__name__}({said})"
    return repr(thing)


def report(found: list[Difference], worlds: list[World], seed: int, as_at: date, most: int = 3) -> str:
    """Words for a person: how many, of which columns, and a few worlds to replay. FICTIONAL."""
    groups: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for difference in found:
        groups[difference[0], difference[2]].append(difference)
    lines = [f"{len(found)} differences, seed {seed}, as at {as_at}, {len(worlds)} worlds (FICTIONAL)"]
    shown: set[tuple] = set()
    for (table, column), these in sorted(groups.items(), key=lambda g: -len(g[1])):
        lines.append(f"\n{table}.{column or 'row'}: {len(these)}")
        for _, key, _, ours, theirs in these[:most]:
            lines.append(f"  {key}: ours {_short(ours)}, theirs {_short(theirs)}")
            if key[0] >= 0 and key[:2] not in shown:
                shown.add(key[:2])
                lines.append(
                    f"    world {key[0]}, child {key[1]}: {compact(worlds[key[0]].children[key[1]])}"
                )
    return "\n".join(lines)


def _short(answer: Any) -> str:
    return compact(answer) if isinstance(answer, date) else str(answer)
