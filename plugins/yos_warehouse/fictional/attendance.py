"""Attendance marks: a half day at a time, as the child's placement and the calendar have it (domain.md 2.5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from yos_warehouse.fictional import codes, people
from yos_warehouse.fictional.lives import DAY, Life, Spell
from yos_warehouse.fictional.schooling import attended_roll, closed
from yos_warehouse.fictional.world import World

HEADER = ("UPN", "School", "Date", "Session", "Code")
HALF_DAYS = ("AM", "PM")
HOURS = 2.5  # a half day


def _misses(spell: Spell | None) -> float:
    """Share of its half days a child is not there for: what it attends of what it is offered, if that is known."""
    if spell is None or spell.what["provision_type"] == "NONE":
        return 0.85
    offered, attended = (float(spell.what[name] or 0) for name in ("hours_offered", "hours_attended"))
    if 0 < attended <= offered <= 60:
        return min(0.9, max(0.03, 1 - attended / offered))
    return 0.08 if spell.what["suitability"] == "SUITABLE" else 0.35


def _timetable(spell: Spell | None) -> int:
    """Half days of a week on the child's timetable, of ten; the first mornings, then afternoons."""
    if spell is None or spell.what["provision_type"] != "SCHOOL_PART_TIME":
        return 10
    offered = float(spell.what["hours_offered"] or 0)
    return max(1, min(10, round(offered / HOURS))) if offered <= 60 else 5


def _codes(source: Random, life: Life, day: date, spell: Spell | None) -> Iterator[str]:
    """Codes of the two half days of a school day."""
    new = day >= codes.ATTENDANCE_SINCE
    if closed(day):
        yield from (codes.ATTENDANCE_CLOSED,) * 2
        return
    if any(stay.covers(day) for stay in life.inside):
        yield from (codes.ATTENDANCE_DETAINED if new else "Y",) * 2
        return
    if any(one.covers(day) and one.what["category"] != "LNCH" for one in life.suspensions):
        yield from (codes.ATTENDANCE_SUSPENDED,) * 2
        return
    absent = source.random() < _misses(spell)
    elsewhere = spell is not None and spell.what["provision_type"] == "ALTERNATIVE_PROVISION"
    reason = str(people.weighted(source, codes.ATTENDANCE_ABSENT[new]))
    for half, present in enumerate(codes.ATTENDANCE_PRESENT):
        if half * 5 + day.weekday() >= _timetable(spell):
            yield codes.ATTENDANCE_PART_TIME[new]
        elif absent is (source.random() < 0.9):
            # Mostly the whole day; now and then only one half of it.
            yield reason
        elif elsewhere:
            yield codes.ATTENDANCE_ELSEWHERE
        else:
            chance = source.random()
            approved = codes.ATTENDANCE_APPROVED[new]
            yield (
                codes.ATTENDANCE_LATE
                if chance < 0.04
                else source.choice(approved)
                if chance < 0.05
                else present
            )


def marks(life: Life, day: date) -> Iterator[tuple[str, str, date, str, str]]:
    """UPN, school, day, half day and code, as the school that teaches the child marks the day; none at week-ends."""
    roll = attended_roll(life, day) if day.weekday() < 5 else None
    if roll is None:
        return
    # A source for each day: the same mark whichever drop it is in.
    source = people.rng(life.setting.seed, life.number, "mark", day)
    told = life.marks.get(day) or tuple(_codes(source, life, day, life.placement(day)))
    for half, code in zip(HALF_DAYS, told, strict=True):
        yield life.upn_on(day), roll.what["school"], day, half, code


def attendance_rows(world: World, night: date, until: date, days: int = 28) -> list[list[Any]]:
    """Marks of the children known to the service by ``night`` and on roll, for the last days up to ``until``."""
    rows: list[list[Any]] = []
    bad = (
        {row["number"] for row in world.bad_rows.get("attendance", [])}
        if until >= world.setting.night0
        else set()
    )
    for life in world.lives:
        if not life.contact or life.contact > night or life.age(until) > 17:
            continue
        for back in range(days - 1, -1, -1):
            for upn, school, day, half, code in marks(life, until - back * DAY):
                rows.append([upn, school, f"{day:%d/%m/%Y}", half, code])
        if life.number in bad:
            rows.append([life.upn, life.school, "99/99/2026", "AM", "O"])
            rows.append(["", life.school, f"{night:%d/%m/%Y}", "PM", f"{life.given} {life.family}"])
    return rows
