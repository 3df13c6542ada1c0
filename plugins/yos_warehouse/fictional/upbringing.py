"""Where a chance child lives, learns, is cared for, and what it needs."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from yos_warehouse.fictional import codes, identifiers, people
from yos_warehouse.fictional.lives import DAY, OPEN_END, Life, Spell
from yos_warehouse.fictional.setting import school_age_ends, weekday_from, years_before

# How well a child gets on with education: share of children, share of placements that are suitable.
ENGAGEMENT = {"well": 0.93, "middling": 0.62, "badly": 0.28}


def address(source: Random, life: Life, out_of_area: bool = False) -> tuple[str, str, str]:
    """Address line, postcode and district code; district and postcode sector belong together."""
    number = source.randrange(400)
    if out_of_area:
        return people.street(source), identifiers.postcode(9, number), codes.OUT_OF_AREA_DISTRICT
    place = source.randrange(len(life.setting.districts))
    return people.street(source), identifiers.postcode(place + 1, number), life.setting.districts[place].code


def homes(life: Life, since: date, until: date) -> None:
    """Address spells: most children stay, some move once or twice, a few leave or have no fixed abode."""
    source = life.rng("homes")
    day = since
    for _ in range(source.choices((1, 2, 3), (62, 28, 10))[0]):
        end = day + source.randint(150, 900) * DAY
        last = end >= until
        kind = source.choices(codes.ACCOMMODATION_TYPES[:8], (70, 12, 6, 3, 2, 3, 3, 1))[0]
        chance = source.random()
        if chance < 0.02:
            life.lives_at(day, None if last else end, "No fixed abode", "", "", "NO_FIXED_ABODE")
        else:
            line, postcode, district = address(source, life, out_of_area=chance < 0.06)
            life.lives_at(day, None if last else end, line, postcode, district, kind)
        if last:
            return
        day = end + DAY
    # The last address of the list stays open.
    life.homes[-1].end = None


def _hours(value: float) -> str:
    return f"{round(value * 2) / 2:.1f}"


def _placement(source: Random, suitable: bool, school_age: bool) -> tuple[str, str, str | None, str | None]:
    """Provision, suitability, hours offered and attended. Full time is 25 hours, above school age 16."""
    full_time = 25.0 if school_age else 16.0
    column = 0 if school_age else 1
    fitting = {
        name: row[column]
        for name, row in codes.PROVISIONS.items()
        if row[column] and (row[3] >= full_time) and name != "NONE"
    }
    if not suitable:
        fitting = {
            name: row[column] * (6 if name == "NONE" else 1)
            for name, row in codes.PROVISIONS.items()
            if row[column] and row[2] < full_time
        }
    name = str(people.weighted(source, fitting))
    if name == "NONE":
        return name, "UNSUITABLE", "0.0", "0.0"
    low, high = codes.PROVISIONS[name][2:]
    if suitable:
        offered = source.uniform(max(low, full_time), high)
        attended = max(full_time, offered * source.uniform(0.9, 1.0))
        return name, "SUITABLE", _hours(offered), _hours(attended)
    offered = source.uniform(low, min(high, full_time + 3))
    attended = min(offered, full_time - 0.5) * source.uniform(0.3, 1.0)
    suitability = source.choices(("UNSUITABLE", "SUITABLE", "UNKNOWN"), (60, 30, 10))[0]
    if source.random() < 0.08:
        return name, suitability, _hours(offered), None  # hours missing, domain.md 2.8 no. 12
    return name, suitability, _hours(offered), _hours(attended)


def education(life: Life, since: date, until: date, engagement: str) -> None:
    """Placements one after the other, with breaks at the end of school age and some weeks without any."""
    source = life.rng("education")
    school_end = school_age_ends(life.birth)
    day = since
    while day < until:
        school_age = day <= school_end
        suitable = source.random() < ENGAGEMENT[engagement]
        end = day + (source.randint(150, 700) if school_age else source.randint(90, 420)) * DAY
        if school_age:
            end = min(end, school_end)
        is_last = end >= until
        open_end = OPEN_END if is_last and source.random() < 0.15 else None
        provision, suitability, offered, attended = _placement(source, suitable, school_age)
        life.attends(day, None if is_last else end, provision, suitability, offered, attended, open_end)
        day = end + (source.randint(1, 70) if source.random() < 0.2 else 1) * DAY


def beside(life: Life) -> None:
    """What practitioners' records have: placements at the same time, hours only offered or mistyped, no record."""
    source = life.rng("beside")
    for spell in list(life.education):
        provision = spell.what["provision_type"]
        if provision in codes.PART_TIME and source.random() < 0.3:
            second = source.choice(("ALTERNATIVE_PROVISION", "EDUCATION_RE_ENGAGEMENT_PROGRAMME"))
            offered = source.uniform(5.0, 13.0)
            start = spell.start + source.randint(0, 40) * DAY
            if spell.end is None or start < spell.end:
                life.attends(
                    start, spell.end, second, spell.what["suitability"], _hours(offered),
                    _hours(offered * source.uniform(0.6, 1.0)),
                )  # fmt: skip
        chance = source.random()
        if provision != "NONE" and chance < 0.03:
            spell.what |= {"hours_attended": None}
        elif provision != "NONE" and chance < 0.037:
            spell.what |= {"hours_offered": "999.0", "hours_attended": "999.0"}
    life.is_education_told = source.random() > 0.02


def numbers(life: Life, until: date) -> None:
    """One child in twenty had another unique pupil number before; of some a school only had a temporary one."""
    source = life.rng("numbers")
    chance, day = source.random(), until - source.randint(30, 500) * DAY
    if chance < 0.035:
        life.earlier_upn = identifiers.upn(life.number, life.birth.year + 4, school=3000), day
    elif chance < 0.06:
        life.earlier_upn = identifiers.temporary_upn(life.number, life.birth.year + 11), day
    life.is_merged = source.random() < 0.02


def care_and_needs(life: Life, since: date) -> None:
    """About a fifth of the children are in care for a time, a third have an identified need."""
    source = life.rng("care")
    if source.random() < 0.18:
        start = since + source.randint(-400, 200) * DAY
        end = start + source.randint(60, 900) * DAY
        stays = source.random() < 0.4
        status = source.choices(codes.CARE_STATUSES, (15, 40, 38, 3, 2, 2))[0]
        life.care.append(Spell(start, None if stays else end, {"status": status}))
    if source.random() < 0.36:
        plan = source.random() < 0.35
        start = years_before(since, source.randint(0, 4)) + source.randint(0, 300) * DAY
        life.needs.append(Spell(start, None, {"is_identified": True, "has_formal_plan": plan}))


def upbringing(life: Life, first_event: date, engagement: str) -> None:
    """All spells of a child from before the first event to half a year past the eighteenth birthday."""
    until = min(years_before(life.birth, -18) + timedelta(days=182), life.setting.horizon)
    until = max(until, first_event + timedelta(days=120))
    since = first_event - life.rng("since").randint(120, 700) * DAY
    homes(life, since, until)
    education(life, weekday_from(since), until, engagement)
    beside(life)
    numbers(life, life.setting.night0)
    care_and_needs(life, since)
