"""What the authority's participation team knows of a young person, and when it wrote it down."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from yos_warehouse.fictional import codes, people
from yos_warehouse.fictional.lives import DAY, Activity, Life
from yos_warehouse.fictional.schooling import AUTHORITY
from yos_warehouse.fictional.setting import years_before

COLLEGE = f"{AUTHORITY}8001"


def academic_age(life: Life, day: date) -> int:
    """Age on 31 August before or on ``day`` (domain.md 2.5)."""
    return life.age(date(day.year if day.month >= 9 else day.year - 1, 8, 31))


def _stretches(life: Life, since: date, until: date) -> list[tuple[date, date, str]]:
    """What the child really did, one after the other: first day, last day, provision (NONE, CUSTODY)."""
    found: list[tuple[date, date, str]] = []
    day = since
    while day < until:
        inside = next((spell for spell in life.inside if spell.covers(day)), None)
        spell = inside or life.placement(day)
        later = [one.start for one in (*life.education, *life.inside) if one.start > day]
        if spell is None:
            end = min([*later, until]) - DAY
            if (end - day).days >= 21:
                found.append((day, end, "NONE"))
        else:
            # Custody comes before what goes on outside.
            breaks = [one.start - DAY for one in life.inside if one.start > day]
            end = min([spell.end or until, until, *breaks])
            provision = "CUSTODY" if inside else spell.what["provision_type"]
            found.append((spell.start if spell.start < since == day else day, end, provision))
        day = end + DAY
    return found


def _code(source: Random, provision: str) -> str:
    if provision == "CUSTODY":
        return codes.NCCIS_IN_CUSTODY
    return codes.NCCIS_OF_PROVISION.get(provision) or str(people.weighted(source, codes.NCCIS_NEET))


def _months(code: str) -> int:
    """For how long an activity is believed without asking again."""
    return 12 if code < "300" else 6 if code < "600" else 3


def _where(life: Life, code: str) -> str:
    return {"210": life.school, "250": life.school, "270": life.school, "230": COLLEGE}.get(code, "")


def activities(life: Life) -> list[Activity]:
    """What the team writes down from the first September after compulsory school on, in order of time.

    It hears of changes some weeks late, of some never, of some the wrong way; and it forgets to ask again.
    """
    source = life.rng("participation")
    since = date(life.birth.year + 16 + (life.birth.month >= 9), 9, 1)
    until = min(years_before(since, -2), life.setting.horizon)
    told: list[Activity] = []

    def write(day: date, code: str, start: date, months: int) -> date:
        due = max(start, day) + timedelta(days=30 * months)
        review = due - 30 * DAY if source.random() < 0.8 else None
        told.append(Activity(day, code, start, due, _where(life, code), review))
        return due

    for start, end, provision in _stretches(life, since, until):
        day = max(start, since) + source.randint(3, 45) * DAY
        chance = source.random()
        code = _code(source, provision)
        if chance < 0.06:
            unknown = str(people.weighted(source, codes.NCCIS_UNKNOWN))
            write(day, unknown, max(start, since) + 14 * DAY, 3)
            continue
        if chance < 0.11:  # the wrong way round
            code = "230" if provision == "NONE" else "619"
        due = write(day, code, start, _months(code))
        while due < end:
            if source.random() < 0.85:
                due = write(due - source.randint(0, 10) * DAY, code, start, _months(code))
                continue
            if source.random() < 0.5:  # nobody asked: it lapses, or is written off
                write(due + source.randint(1, 40) * DAY, "810", due + DAY, 3)
            break
    return sorted(told, key=lambda one: one.told)


def activity_on(life: Life, night: date) -> Activity | None:
    """The last thing written down by ``night``."""
    return next((one for one in reversed(life.activities) if one.told <= night), None)
