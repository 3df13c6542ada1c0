"""Spells of education, employment and training, each by the witness that tells it (eet definitions: spells)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tests.oracle.days import DAY
from tests.oracle.education import attendance, codes, pupils
from tests.oracle.education.facts import Activity, Attended, Leaver, OnRoll, Placement, World
from tests.oracle.education.terms import returned_on, told_on

SOURCES = ("CASE_SYSTEM", "SCHOOL", "PARTICIPATION")
NO_ACTIVITY = "NOT_KNOWN"  # group of activities that say only that nobody knows


@dataclass(frozen=True)
class Spell:
    """What a child did, by one witness, from a day to a day, both included; no end while it lasts."""

    source: str
    start_date: date
    end_date: date | None
    provision: str
    is_eet: bool
    suitability: str = "UNKNOWN"
    hours_offered: Decimal | None = None
    hours_attended: Decimal | None = None
    is_end_estimated: bool = False
    is_lapsed: bool = False
    number: int = 1

    def covers(self, day: date) -> bool:
        """Whether the spell has the day."""
        return self.start_date <= day and (self.end_date is None or day <= self.end_date)

    def meets(self, other: Spell) -> bool:
        """Whether the two share a day."""
        return self.covers(other.start_date) or other.covers(self.start_date)


def hours(typed: str | None) -> Decimal | None:
    """Hours a week; not known where missing or beyond what a week can hold."""
    try:
        told = Decimal(typed or "")
    except ArithmeticError:
        return None
    return told if 0 <= told <= 60 else None


def hours_band(known: Decimal | None) -> str:
    """Band of hours a week."""
    if known is None:
        return "NOT_KNOWN"
    if known == 0:
        return "0"
    return "1_15" if known < 16 else "16_24" if known < 25 else "25_PLUS"


def spells(world: World, who: int, as_at: date) -> list[Spell]:
    """All spells of a known child, of every witness, numbered; what ends before it starts is none."""
    child = world.children[who]
    if not child.is_known:
        return []
    found = [placement_spell(p) for p in child.placements if not p.is_told_later]
    found += school_spells(world, who, as_at)
    if child.young_person and pupils.is_attached(child, child.young_person.has_birth):
        found += activity_spells(child.young_person.activities, as_at)
    return _numbered(s for s in found if s.end_date is None or s.start_date <= s.end_date)


def _numbered(found: Iterable[Spell]) -> list[Spell]:
    """Spells of one witness and day in the order in which they came."""
    seen: dict[tuple[str, date], int] = defaultdict(int)
    numbered = []
    for spell in found:
        seen[spell.source, spell.start_date] += 1
        numbered.append(replace(spell, number=seen[spell.source, spell.start_date]))
    return numbered


def placement_spell(told: Placement) -> Spell:
    """The case system's, as recorded."""
    known = codes.provisions()
    provision = codes.NOT_KNOWN if not told.provision else told.provision
    if told.provision and told.provision not in known:
        provision = codes.UNMAPPED
    return Spell(
        source="CASE_SYSTEM",
        start_date=told.start_date,
        end_date=told.end_date,
        provision=provision,
        is_eet=known.get(provision, True),
        suitability=told.suitability if told.suitability in ("SUITABLE", "UNSUITABLE") else "UNKNOWN",  # type: ignore[arg-type]
        hours_offered=hours(told.hours_offered),
        hours_attended=hours(told.hours_attended),
    )


SchoolName = tuple[int, int]  # child of the world it was delivered of, school


def school_spells(world: World, who: int, as_at: date) -> list[Spell]:
    """One for each school and day of entry that a return or a transfer file tells."""
    child = world.children[who]
    pupil: dict[tuple[SchoolName, date], list[OnRoll]] = defaultdict(list)
    left: dict[tuple[SchoolName, date], list[Leaver | Attended]] = defaultdict(list)
    for told in child.on_roll:
        counts = pupils.is_attached(child, told.has_birth) and told.enrolment_status != "P"
        if counts and told.entry_date is not None:
            pupil[(who, told.school), told.entry_date].append(told)
    for gone in child.leavers:
        if pupils.is_attached(child, gone.has_birth) and gone.entry_date is not None:
            left[(who, gone.school), gone.entry_date].append(gone)
    for of, attended in pupils.by_number(world, who, "schools"):
        if attended.entry_date is not None:
            left[(of, attended.school), attended.entry_date].append(attended)
    return [
        school_spell(world, school, entered, pupil[school, entered], left[school, entered])
        for school, entered in sorted({*pupil, *left})
    ]


def school_spell(
    world: World, school: SchoolName, entered: date, listed: list[OnRoll], left: list[Leaver | Attended]
) -> Spell:
    """At one school from one day of entry; the end as told, else as the returns let one think."""
    leaving = [told.leaving_date for told in left if told.leaving_date is not None]
    terms = [t.term for t in listed]
    gone = [t.term for t in left if isinstance(t, Leaver)]
    end, is_estimated = max(leaving, default=None), False
    if end is None and terms and newest_return(world, school) > max(terms):
        last = max(listed, key=lambda t: t.term)
        end, is_estimated = told_on(last.term, last.is_mended), True
    if end is None and not terms and gone:
        end, is_estimated = returned_on(max(gone)), True
    return Spell(
        source="SCHOOL",
        start_date=entered,
        end_date=end,
        provision=school_provision(listed, left),
        is_eet=True,
        is_end_estimated=is_estimated,
    )


def newest_return(world: World, school: SchoolName) -> str:
    """Term of the school's newest return of pupils on roll."""
    child = world.children[school[0]]
    return max([t.term for t in child.on_roll if t.school == school[1]] + [
        term for term, returned in child.returns if returned == school[1]
    ])  # fmt: skip


def school_provision(listed: list[OnRoll], left: list[Leaver | Attended]) -> str:
    """Kind of school by the newest row of a census; what a row does not say the one before may."""
    told = [(t.term, True, t.is_part_time) for t in listed]
    told += [(t.term, False, t.is_part_time) for t in left if isinstance(t, Leaver)]
    if next(
        (is_so for _, _, is_so in sorted(told, key=lambda t: t[:2], reverse=True) if is_so is not None), False
    ):
        return "SCHOOL_PART_TIME"
    newest = max(listed, key=lambda t: t.term, default=None)
    status = newest.enrolment_status if newest else None
    return {"F": "COLLEGE", "O": "ALTERNATIVE_PROVISION"}.get(status or "", "MAINSTREAM_SCHOOL")


def activity_spells(told: Iterable[Activity], as_at: date) -> list[Spell]:
    """One for each activity that says something; each ends before the next begins, or when it lapses."""
    dated = sorted(
        ((a.start_date, a.code, a) for a in told if a.start_date is not None), key=lambda row: row[:2]
    )
    found = []
    for start, code, activity in dated:
        kind = codes.activities().get(code)
        provision = codes.provision_of("NCCIS", code, start)
        if kind is None or kind.group == NO_ACTIVITY or provision is None:
            continue
        following = min((day for day, _, _ in dated if day > start), default=None)
        ends = [following - DAY] if following else []
        lapses = activity.valid_until
        ends += [lapses] if lapses else []
        is_lapsed = lapses is not None and lapses < as_at and (following is None or following > lapses + DAY)
        found.append(
            Spell(
                source="PARTICIPATION",
                start_date=start,
                end_date=min(ends, default=None),
                provision=codes.NONE if kind.group == "NEET" else provision,
                is_eet=kind.is_eet,
                is_lapsed=is_lapsed,
            )
        )
    return found


def hours_estimated(world: World, who: int, spell: Spell) -> Decimal | None:
    """Hours a week that the marks within a school's spell come to; no other witness has any."""
    if spell.source != "SCHOOL":
        return None
    marks = [m for m in attendance.marks(world, who) if spell.covers(m.day)]
    return attendance.hours_estimated(marks)
