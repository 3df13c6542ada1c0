"""The authority's monthly extract of young people of academic age 16 and 17, as its participation team knows them.

NCCIS, one file a month; dates ISO, elements in this order, empty ones present::

    <NCCISExtract Authority="999" Period="2026-03" FICTIONAL="true">
      <YoungPerson>
        <YoungPersonID/> <GivenName/> <FamilyName/> <BirthDate/> <Sex/> <Ethnicity/> <UPN/> <ULN/>
        <LeadLA/> <Postcode/> <CohortStatus/> <LevelOfNeed/> <ReviewDate/>
        <CurrentActivity> <Code/> <StartDate/> <DueToLapseDate/> <Establishment/> <ReviewDate/> </CurrentActivity>
        <Circumstances> <Circumstance Code="170" StartDate="2026-01-05" EndDate=""/> </Circumstances>
      </YoungPerson>
    </NCCISExtract>
"""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.lives import DAY, Activity, Life, Spell
from yos_warehouse.fictional.participation import academic_age, activity_on
from yos_warehouse.fictional.schooling import AUTHORITY
from yos_warehouse.fictional.setting import years_before
from yos_warehouse.fictional.world import World

OTHER_AUTHORITY = "998"
ACTIVITY = ("Code", "StartDate", "DueToLapseDate", "Establishment", "ReviewDate")
Circumstance = tuple[str, date, date | None]


def _person(fields: dict[str, Any], activity: Activity | None, circumstances: list[Circumstance]) -> str:
    lines = ["  <YoungPerson>"]
    lines += [f"    <{name}>{escape(str(value or ''))}</{name}>" for name, value in fields.items()]
    lines.append("    <CurrentActivity>")
    values = activity[1:] if activity else [""] * len(ACTIVITY)
    for name, value in zip(ACTIVITY, values, strict=True):
        lines.append(f"      <{name}>{escape(str(value or ''))}</{name}>")
    lines += ["    </CurrentActivity>", "    <Circumstances>"]
    for code, since, until in circumstances:
        ends = quoteattr(str(until or ""))
        lines.append(
            f"      <Circumstance Code={quoteattr(code)} StartDate={quoteattr(str(since))} EndDate={ends}/>"
        )
    lines += ["    </Circumstances>", "  </YoungPerson>"]
    return "\n".join(lines)


def _cohort(life: Life, night: date) -> str:
    """Why the young person is in the extract of a month, code_cohort_status; empty: it is not."""
    home, age = life.home(night), academic_age(life, night)
    if not life.homes or life.homes[0].start > night:
        return ""
    if home and home.what["district_code"] == codes.OUT_OF_AREA_DISTRICT:
        moved = night - home.start <= 62 * DAY and home.start > life.homes[0].start
        return codes.COHORT_TRANSFERRED if moved and age in (16, 17) else ""
    if age == 18 and night.month in (9, 10):
        return codes.COHORT_AGED
    if age == 15 and life.rng("guarantee").random() < 0.15:
        return codes.COHORT_GUARANTEE
    return codes.COHORT_PRESENT if age in (16, 17) else ""


def _circumstances(life: Life, night: date, orders: list[Spell]) -> list[Circumstance]:
    """Circumstances that run, or ended within half a year."""
    found: list[Circumstance] = []
    carer = life.rng("carer")
    if carer.random() < 0.03:
        found.append((codes.CIRCUMSTANCE_CARER, years_before(life.birth, -15), None))
    told = [(codes.CIRCUMSTANCE_LOOKED_AFTER, spell) for spell in life.care]
    told += [
        (codes.CIRCUMSTANCE_CARE_LEAVER, Spell(spell.end + DAY, None, {}))
        for spell in life.care
        if spell.end and life.age(spell.end) >= 16
    ]
    told += [(codes.CIRCUMSTANCE_SUPERVISED_BY_YOT, spell) for spell in orders]
    for code, spell in told:
        if spell.start > night or (spell.end and spell.end < night - 183 * DAY):
            continue
        if any((code, spell.start) == one[:2] for one in found):
            continue
        found.append((code, spell.start, spell.end if spell.end and spell.end <= night else None))
    return found


def _supervision(world: World, night: date) -> dict[str, list[Spell]]:
    """Orders by child: those that run, one spell since the first of them, and those that ended."""
    found: dict[str, list[Spell]] = {}
    running: set[str] = set()
    for order in sorted(world.book.as_at("intervention", night), key=lambda one: one["start_date"]):
        child = order["person_ref"]
        if order["end_date"] is None and child in running:
            continue
        if order["end_date"] is None:
            running.add(child)
        found.setdefault(child, []).append(Spell(order["start_date"], order["end_date"], {}))
    return {
        child: [spell for spell in spells if spell.end is None or child not in running]
        for child, spells in found.items()
    }


def nccis_xml(world: World, night: date) -> bytes:
    """The participation extract of a month's end: young people of academic age 16 and 17 who live here."""
    supervised = _supervision(world, night)
    people_text = []
    bad = {row["number"] for row in world.bad_rows.get("young_person", [])}
    for life in world.lives:
        cohort = _cohort(life, night) or (codes.COHORT_PRESENT if life.number in bad else "")
        if not cohort:
            continue
        home, constant, who = life.home(night), life.rng("nccis"), life.known_as("school")
        fields = {
            "YoungPersonID": f"NC{life.number:06d}",
            "GivenName": who["given"],
            "FamilyName": who["family"],
            "BirthDate": who["birth"].isoformat(),
            "Sex": "M" if life.sex == "1" else "F",
            "Ethnicity": codes.ETHNICITIES[life.ethnicity][2],
            "UPN": life.upn_on(night) if constant.random() < 0.95 else "",
            "ULN": life.uln if constant.random() < 0.95 else "9999999999",
            "LeadLA": OTHER_AUTHORITY if cohort == codes.COHORT_TRANSFERRED else AUTHORITY,
            "Postcode": home.what["postcode"] if home else "",
            "CohortStatus": cohort,
            "LevelOfNeed": constant.choices(codes.LEVELS_OF_NEED, (5, 3, 2) if life.contact else (1, 3, 16))[
                0
            ],
            "ReviewDate": (night.replace(day=1) + constant.randint(20, 200) * DAY).isoformat(),
        }
        circumstances = _circumstances(life, night, supervised.get(life.ref, []))
        activity = None if cohort == codes.COHORT_GUARANTEE else activity_on(life, night)
        people_text.append(_person(fields, activity, circumstances))
        if life.is_merged:
            again = fields | {"YoungPersonID": f"NC{life.number:06d}M", "CohortStatus": codes.COHORT_MERGED}
            people_text.append(_person(again, None, []))
        if life.number in bad:
            people_text.append(_person(fields | {"YoungPersonID": ""}, activity, circumstances))
            unread = fields | {"YoungPersonID": f"NC{life.number:06d}B", "BirthDate": "unreadable"}
            people_text.append(_person(unread, None, []))
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<NCCISExtract Authority="{AUTHORITY}" Period="{night:%Y-%m}" FICTIONAL="true">\n'
    )
    return (head + "\n".join(people_text) + "\n</NCCISExtract>\n").encode()
