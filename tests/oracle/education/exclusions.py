"""Suspensions and exclusions: each once, however many returns tell it (domain.md 2.5)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from tests.oracle.education import codes, pupils
from tests.oracle.education.facts import Child, Exclusion, World

Told = tuple[date, str | None, int | None]  # first day, kind, half days


def exclusions(world: World, who: int) -> dict[Told, list[Exclusion]]:
    """Each exclusion of a child with the rows that tell it, those of the newest return first, else as they are numbered."""
    found: dict[Told, list[Exclusion]] = defaultdict(list)
    for c, child in enumerate(world.children):
        on_roll = {(p.term, p.school) for p in child.on_roll}
        numbered = sorted(
            child.exclusions, key=lambda e: ((e.term, e.school) in on_roll, e.school, str(e.row))
        )
        for told in sorted(numbered, key=lambda e: e.term, reverse=True):
            if told.start_date is not None and _owner(world, c, child, told) == who:
                kind = codes.valid_code(
                    "code_exclusion_category", "exclusion_category", told.category, told.start_date
                )
                found[told.start_date, kind, told.sessions].append(told)
    return found


def _owner(world: World, c: int, child: Child, told: Exclusion) -> int | None:
    """Whose pupil row of the same return and school it hangs on."""
    rows: list[Any] = [*child.on_roll, *child.leavers]
    for pupil in rows:
        if (pupil.term, pupil.school) == (told.term, told.school):
            if pupils.is_attached(child, pupil.has_birth):
                return c
            if pupil.upn is not None:
                return pupils.owners(world).get(pupils.pupil_number(c, pupil.upn))
    return None
