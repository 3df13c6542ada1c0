"""Whose each record of a school is (decision 0007): by name and date of birth, or by a pupil number that names one child."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.oracle.education.facts import CURRENT, OF_THE_FIRST_CHILD, Child, World

PupilNumber = tuple[int, int]  # child of the world, number of the child's own


def pupil_number(child: int, upn: int) -> PupilNumber:
    """What number the child's record gives."""
    return (0, CURRENT) if upn == OF_THE_FIRST_CHILD else (child, upn)


def is_attached(child: Child, has_birth: bool) -> bool:
    """A record is the child's by its name and date of birth, where both sides have one."""
    return child.is_known and has_birth and child.date_of_birth is not None


def told_numbers(child: Child) -> set[int]:
    """Pupil numbers on records that are known to be the child's."""
    told: set[int | None] = {child.upn} if child.is_known else set()
    for pupil in child.on_roll:
        if is_attached(child, pupil.has_birth):
            told |= {pupil.upn, pupil.former_upn}
    told |= {leaver.upn for leaver in child.leavers if is_attached(child, leaver.has_birth)}
    told |= {plan.upn for plan in child.plans if is_attached(child, plan.has_birth)}
    if child.young_person and is_attached(child, child.young_person.has_birth):
        told.add(child.young_person.upn)
    if is_attached(child, True):
        for transfer in child.transfers:
            told |= {transfer.upn, transfer.former_upn}
    return {number for number in told if number is not None}


def owners(world: World) -> dict[PupilNumber, int]:
    """Child by pupil number; a number that points to two children is nobody's."""
    pointing: dict[PupilNumber, set[int]] = defaultdict(set)
    for c, child in enumerate(world.children):
        for upn in told_numbers(child):
            pointing[pupil_number(c, upn)].add(c)
    return {number: next(iter(who)) for number, who in pointing.items() if len(who) == 1}


def by_number(world: World, who: int, records: str) -> Iterator[tuple[int, Any]]:
    """Records of that name which a pupil number makes the child's, each with the child it was delivered of."""
    owner = owners(world)
    for c, child in enumerate(world.children):
        for record in getattr(child, records):
            if record.upn is not None and owner.get(pupil_number(c, record.upn)) == who:
                yield c, record
