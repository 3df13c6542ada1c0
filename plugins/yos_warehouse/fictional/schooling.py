"""Which schools a child is on roll at and when, what it is suspended for, and which plan it has.

A roll is a ``Spell`` with school (authority and establishment), is_unit (a pupil referral unit) and reason (why it
ended). Schools see less than practitioners: a child may be on roll while somewhere else, or nowhere.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.lives import DAY, Life, Spell
from yos_warehouse.fictional.setting import school_age_ends, years_before

AUTHORITY = "999"
UNKNOWN_SCHOOL, LEFT_SECTOR = "XXXXXXX", "MMMMMMM"  # destinations of a transfer file
MAINSTREAM, UNITS, PRIMARIES = 8, 2, 3


def mainstream(number: int) -> str:
    """A secondary school."""
    return f"{AUTHORITY}4{number % MAINSTREAM + 1:03d}"


def unit(number: int) -> str:
    """A pupil referral unit."""
    return f"{AUTHORITY}11{number % UNITS + 1:02d}"


def primary(number: int) -> str:
    """A primary school."""
    return f"{AUTHORITY}2{number % PRIMARIES + 1:03d}"


def begins_year(life: Life, year_group: int) -> date:
    """First day of the school year in which the child is in that year group; 7 is the first of secondary school."""
    return date(life.birth.year + 4 + year_group + (life.birth.month >= 9), 9, 4)


def closed(day: date) -> bool:
    """Whether schools have holidays: the same days each year."""
    return any(
        first <= (day.month, day.day) <= last
        for first, last in (
            ((1, 1), (1, 4)), ((2, 14), (2, 22)), ((4, 3), (4, 17)), ((5, 24), (5, 31)), ((7, 22), (9, 3)),
            ((10, 24), (11, 1)), ((12, 20), (12, 31)),
        )
    )  # fmt: skip


def school_life(life: Life) -> None:
    """Tell rolls, suspensions and plans, those not told yet."""
    if not life.rolls:
        life.rolls = _rolls(life)
    if not life.suspensions:
        life.suspensions = _suspensions(life)
    if not life.plans:
        life.plans = _plans(life)


def _roll(school: str, start: date, is_unit: bool = False) -> Spell:
    return Spell(start, None, {"school": school, "is_unit": is_unit, "reason": ""})


def _close(roll: Spell | None, day: date, reason: str) -> None:
    if roll:
        roll.end, roll.what["reason"] = max(day, roll.start), reason


def _stays(source: Random, provision: str) -> bool:
    """Whether a school keeps a child on roll that is in another provision."""
    shares = {"PUPIL_REFERRAL_UNIT": 0.55, "ALTERNATIVE_PROVISION": 0.85, "NONE": 0.35, "COLLEGE": 0.4}
    return source.random() < shares.get(provision, 0.0)


def _rolls(life: Life) -> list[Spell]:
    """Primary school, then one or more secondary schools; beside or instead of them a pupil referral unit.

    A child without any placement is on no roll: the second record of one that is there twice.
    """
    if not life.education:
        return []
    source, until = life.rng("schooling"), school_age_ends(life.birth)
    first = _roll(primary(life.number), begins_year(life, 0))
    _close(first, date(begins_year(life, 7).year, 7, 21), "SECONDARY")
    number = int(life.school[-3:]) - 1
    current: Spell | None = _roll(mainstream(number), begins_year(life, 7))
    rolls = [first, current] if current else [first]
    units: list[Spell] = []
    began = False
    for spell in sorted(life.education, key=lambda one: one.start):
        provision = spell.what["provision_type"]
        if spell.start > until:
            is_sixth_form = provision in codes.SCHOOL_PROVISIONS
            if current and current.end is None and not (is_sixth_form and spell.start - until < 90 * DAY):
                _close(current, until, "LEFT")
            if is_sixth_form:
                if current is None or (current.end and spell.start - current.end > 60 * DAY):
                    current = _roll(mainstream(number), spell.start)
                    rolls.append(current)
                current.end, current.what["reason"] = spell.end, "LEFT" if spell.end else ""
            continue
        if provision in codes.SCHOOL_PROVISIONS - {"PUPIL_REFERRAL_UNIT"}:
            moves = began and source.random() < 0.2
            if moves and current:
                _close(current, spell.start - DAY, "TRANSFER")
                number += source.randint(1, MAINSTREAM - 1)
            if moves or current is None:
                current = _roll(mainstream(number), spell.start)
                rolls.append(current)
        elif not _stays(source, provision):
            _close(current, spell.start - DAY, "PRU" if provision == "PUPIL_REFERRAL_UNIT" else provision)
            current = None
        if provision == "PUPIL_REFERRAL_UNIT":
            there = _roll(unit(life.number), spell.start, is_unit=True)
            _close(there, min(spell.end or until, until), "RETURNED")
            units.append(there)
        began = True
    is_staying = any(
        spell.covers(until + DAY) and spell.what["provision_type"] in codes.SCHOOL_PROVISIONS
        for spell in life.education
    )
    if current and current.end is None and current.start <= until and not is_staying:
        _close(current, until, "LEFT")
    return sorted(rolls + units, key=lambda one: (one.start, one.what["school"]))


def status(life: Life, roll: Spell, day: date) -> str:
    """Registration at a school on a day, code_enrolment_status."""
    others = [one for one in life.rolls if one is not roll and one.covers(day)]
    if roll.what["is_unit"]:
        return "S" if any(not one.what["is_unit"] for one in others) else "C"
    if any(one.what["is_unit"] for one in others):
        return "M"
    spell = life.placement(day)
    elsewhere = {"COLLEGE": "F", "ALTERNATIVE_PROVISION": "O"}.get(
        spell.what["provision_type"] if spell else ""
    )
    return elsewhere if elsewhere and life.rng("elsewhere").random() < 0.6 else "C"


def attended_roll(life: Life, day: date) -> Spell | None:
    """The roll of the school that takes the register for the child: a unit before a school."""
    rolls = [one for one in life.rolls if one.covers(day)]
    return max(rolls, key=lambda one: (one.what["is_unit"], one.start), default=None)


def is_part_time(life: Life, day: date) -> bool:
    """Whether the child has a part-time timetable."""
    spell = life.placement(day)
    return spell is not None and spell.what["provision_type"] == "SCHOOL_PART_TIME"


def _suspensions(life: Life) -> list[Spell]:
    """Suspensions and exclusions of the last three years; those known to the service have many more."""
    source = life.rng("suspensions")
    told: list[Spell] = []
    day = years_before(life.setting.night0, 3)
    each = 260 if life.contact else 2500
    while True:
        day += max(10, round(source.expovariate(1) * each)) * DAY
        if day > life.setting.horizon or len(told) > 12:
            return told
        start = day + (7 - day.weekday()) * DAY if day.weekday() > 4 else day
        if closed(start) or not attended_roll(life, start):
            continue
        category = source.choices(codes.EXCLUSION_CATEGORIES, (84, 5, 11))[0]
        sessions = source.choice((1, 2, 4, 6, 10)) if category != "PERM" else 0
        reasons = source.sample(codes.EXCLUSION_REASONS, source.choice((1, 1, 2, 3)))
        end = start + timedelta(days=max(0, (sessions + 1) // 2 - 1))
        told.append(Spell(start, end, {"category": category, "sessions": sessions, "reasons": reasons}))


def _plans(life: Life) -> list[Spell]:
    """Education, health and care plans: mostly those the case system knows of, some of them ceased since."""
    source = life.rng("plan")
    need = next((one for one in life.needs if one.what["has_formal_plan"]), None)
    missing, ceased, kind = source.random() < 0.06, source.random() < 0.12, source.choice(codes.SEN_TYPES)
    after, until = source.randint(100, 900), life.setting.night0 - source.randint(-60, 600) * DAY
    if need is None or missing:
        return []
    end = max(need.start + after * DAY, until) if ceased else None
    return [Spell(need.start, end, {"need": kind})]
