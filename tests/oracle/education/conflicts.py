"""Witnesses who contradict each other for at least two weeks (eet definitions: conflicts)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache

from tests.oracle.codes import rows
from tests.oracle.education import codes
from tests.oracle.education.spells import Spell

CONFLICT_DAYS = 14


@dataclass(frozen=True)
class Shared:
    """Days that two spells have in common; no last day while both run."""

    one: Spell
    other: Spell
    first_day: date
    last_day: date | None
    days: int


@dataclass(frozen=True)
class Conflict:
    """One contradiction, with all the pairs that began it on its first day."""

    code: str
    source: str
    other_source: str
    first_day: date
    pairs: tuple[Shared, ...]

    @property
    def first_pair(self) -> Shared:
        """By the spells of the witness believed, then of the other."""
        return min(
            self.pairs, key=lambda p: (p.one.start_date, p.one.number, p.other.start_date, p.other.number)
        )

    @property
    def last_day(self) -> date | None:
        """The latest of the pairs."""
        ends = [pair.last_day for pair in self.pairs]
        return None if None in ends else max(end for end in ends if end is not None)

    def is_open(self, as_at: date) -> bool:
        """Still so at the as-at day."""
        return self.last_day is None or self.last_day >= as_at


def shared(one: Spell, other: Spell, as_at: date) -> Shared:
    """What two spells share; days to come are not counted."""
    first = max(one.start_date, other.start_date)
    ends = [spell.end_date for spell in (one, other) if spell.end_date is not None]
    last = min(ends, default=None)
    counted = min([*ends, as_at])
    return Shared(one, other, first, last, (counted - first).days + 1)


@cache
def groups() -> dict[str, str]:
    """Group of each kind of provision."""
    ours = {row["provision_type_code"]: row["provision_group_code"] for row in rows("ref_provision")}
    return ours | {row["code"]: row["provision_group"] for row in rows("code_ete_provision")}


def group(spell: Spell) -> str:
    """Education, training, employment, other, none or not known."""
    return groups()[spell.provision]


def is_of_another_kind(one: Spell, other: Spell) -> bool:
    """Of groups that differ; what is not known contradicts nothing."""
    return group(one) != group(other) and codes.NOT_KNOWN not in (group(one), group(other))


def conflicts(spells: list[Spell], as_at: date) -> list[Conflict]:
    """All of one child."""
    found: dict[tuple[str, str, str, date], list[Shared]] = defaultdict(list)

    def is_answered(spell: Spell, of: Spell) -> bool:
        """The witness of ``spell`` has one of the other's group beside it."""
        return any(
            s.source == spell.source and group(s) == group(of) and shared(s, of, as_at).days >= CONFLICT_DAYS
            for s in spells
        )

    for one in spells:
        for other in spells:
            both = shared(one, other, as_at)
            rank = (
                codes.precedence(one.source, both.first_day),
                codes.precedence(other.source, both.first_day),
            )
            if one.source == other.source or both.days < CONFLICT_DAYS or (rank[0] or 0) >= (rank[1] or 0):
                continue
            if one.is_eet != other.is_eet:
                found["EET_OR_NOT", one.source, other.source, both.first_day].append(both)
            elif (
                one.is_eet
                and is_of_another_kind(one, other)
                and not is_answered(one, other)
                and not is_answered(other, one)
            ):
                found["PROVISION", one.source, other.source, both.first_day].append(both)
    return [Conflict(*key, tuple(pairs)) for key, pairs in found.items()]
