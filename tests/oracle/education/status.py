"""What a child did on a day, by the witness believed most (eet definitions: status of a child on a day)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle.education import attendance, codes
from tests.oracle.education.facts import World
from tests.oracle.education.school_age import FULL_TIME, hours_needed, is_school_age
from tests.oracle.education.spells import Spell, spells

RANK = {"NEET": 0, "NOT_SUITABLE": 1, "SUITABLE": 2}
STATUS = {
    "SUITABLE": "SUITABLE",
    "NEET": "NEET",
    "NOT_ALL_SUITABLE": "NOT_SUITABLE",
    "TOO_FEW_HOURS": "NOT_SUITABLE",
}


@dataclass(frozen=True)
class Status:
    """Of one child on one day.

    Attributes:
        placements: spells of the witness believed that are education, employment or training.
        has_record: any witness says something of the day.
        is_known: it is known whose day it is.
    """

    day: date
    source: str
    placements: tuple[Spell, ...]
    has_record: bool
    is_known: bool
    witnesses_disagree: bool
    month_hours: Decimal | None
    is_school_age: bool
    hours_needed: int

    @property
    def is_in_eet(self) -> bool:
        """In any education, employment or training."""
        return bool(self.placements)

    @property
    def is_every_placement_suitable(self) -> bool:
        """There is one, and all were judged suitable."""
        return self.is_in_eet and all(p.suitability == "SUITABLE" for p in self.placements)

    @property
    def is_suitability_known(self) -> bool:
        """There is one, and all were judged."""
        return self.is_in_eet and all(p.suitability != "UNKNOWN" for p in self.placements)

    @property
    def is_any_unsuitable(self) -> bool:
        """One was judged not suitable."""
        return any(p.suitability == "UNSUITABLE" for p in self.placements)

    @property
    def hours_attended(self) -> Decimal | None:
        """Known hours of all placements together."""
        return _known_sum(self.placements, lambda p: p.hours_attended)

    @property
    def hours_offered(self) -> Decimal | None:
        """Known hours of all placements together."""
        return _known_sum(self.placements, lambda p: p.hours_offered)

    @property
    def hours_estimated(self) -> Decimal | None:
        """From the marks of the month, of a child who is in education at all."""
        return self.month_hours if self.is_in_eet else None

    @property
    def has_enough_hours(self) -> bool:
        """As many as full time needs at the child's age."""
        return self.hours_attended is not None and self.hours_attended >= self.hours_needed

    @property
    def has_25_hours(self) -> bool:
        """As many as school age needs, whatever the age."""
        return self.hours_attended is not None and self.hours_attended >= FULL_TIME

    @property
    def is_suitable_eet(self) -> bool:
        """The figure's numerator."""
        return self.is_every_placement_suitable and self.has_enough_hours

    @property
    def is_suitable_eet_25(self) -> bool:
        """With 25 hours at every age."""
        return self.is_every_placement_suitable and self.has_25_hours

    @property
    def is_suitable_eet_estimated(self) -> bool:
        """With hours from marks where nobody recorded any."""
        known = self.hours_attended if self.hours_attended is not None else self.hours_estimated
        return self.is_every_placement_suitable and known is not None and known >= self.hours_needed

    @property
    def is_series_break(self) -> bool:
        """Schools were closed to most children."""
        return codes.is_closed(self.day)

    @property
    def is_closed_to(self) -> bool:
        """A child of school age while schools were closed."""
        return self.is_series_break and self.is_school_age

    @property
    def is_neet(self) -> bool:
        """In nothing at all by a record; schools that were closed are no answer."""
        return self.has_record and not self.is_in_eet and not self.is_closed_to

    @property
    def provision(self) -> str:
        """Of the placement with the most hours."""
        if not self.is_in_eet:
            return codes.NONE if self.has_record else codes.NOT_KNOWN
        return min(self.placements, key=_chief).provision

    @property
    def reason_code(self) -> str:
        """Why, the first reason that holds."""
        is_short = not self.is_in_eet or not self.has_enough_hours
        if self.is_suitable_eet:
            return "SUITABLE"
        if self.is_known and self.is_closed_to and is_short and not self.is_any_unsuitable:
            return "SCHOOLS_CLOSED"
        if not self.has_record:
            return "NO_RECORD"
        if not self.is_in_eet:
            return "NEET"
        if self.is_any_unsuitable:
            return "NOT_ALL_SUITABLE"
        if not self.is_suitability_known:
            return "SUITABILITY_NOT_KNOWN"
        return "HOURS_NOT_KNOWN" if self.hours_attended is None else "TOO_FEW_HOURS"

    @property
    def status_code(self) -> str:
        """The reason in four words; what is not known is not suitable, and not unsuitable either."""
        return STATUS.get(self.reason_code, "NOT_KNOWN")


def _known_sum(placements: tuple[Spell, ...], of: Callable[[Spell], Decimal | None]) -> Decimal | None:
    known = [hours for placement in placements if (hours := of(placement)) is not None]
    return sum(known, Decimal(0)) if known else None


def _chief(spell: Spell) -> tuple:
    """Most hours attended first, unknown last; then the one that began first."""
    hours = spell.hours_attended
    return hours is None, -(hours or 0), spell.start_date, spell.number, spell.provision


def status_on(world: World, who: int | None, day: date, as_at: date) -> Status:
    """Of a child of the world on a day; nobody known has no record."""
    child = world.children[who] if who is not None else None
    covering = [s for s in spells(world, who, as_at) if s.covers(day)] if who is not None else []
    witnesses = {s.source for s in covering}
    source = min(witnesses, key=lambda w: codes.precedence(w, day) or 0, default=codes.NOT_KNOWN)
    is_placed = {w: any(s.is_eet for s in covering if s.source == w) for w in witnesses}
    born = child.date_of_birth if child and child.is_known else None
    return Status(
        day=day,
        source=source,
        placements=tuple(s for s in covering if s.source == source and s.is_eet),
        has_record=bool(covering),
        is_known=who is not None,
        witnesses_disagree=len(set(is_placed.values())) > 1,
        month_hours=attendance.hours_in_month(world, who, day) if who is not None else None,
        is_school_age=is_school_age(day, born),
        hours_needed=hours_needed(day, born),
    )


def change(start: Status, end: Status) -> str:
    """Better, worse or the same; not known where either day is not."""
    ranks = RANK.get(start.status_code), RANK.get(end.status_code)
    if None in ranks:
        return "NOT_KNOWN"
    before, after = ranks
    assert before is not None and after is not None
    return "BETTER" if after > before else "WORSE" if after < before else "SAME"
