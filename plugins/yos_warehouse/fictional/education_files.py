"""The education feed: NCCIS extract (XML, monthly), school census (CSV, termly), attendance (CSV).

NCCIS, one file a month; dates ISO, elements in this order, empty ones present::

    <NCCISExtract Authority="999" Period="2026-03" FICTIONAL="true">
      <YoungPerson>
        <YoungPersonID/> <GivenName/> <FamilyName/> <BirthDate/> <Sex/> <Ethnicity/> <UPN/> <ULN/>
        <LeadLA/> <Postcode/> <CohortStatus/>
        <CurrentActivity> <Code/> <StartDate/> <DueToLapseDate/> <Establishment/> </CurrentActivity>
        <Circumstances> <Circumstance Code="170" StartDate="2026-01-05"/> </Circumstances>
      </YoungPerson>
    </NCCISExtract>

The census files have the headers of the public samples of the liia-tools pipeline (MIT), which drift from the
autumn's to the spring's; dates are written 2020-Apr-25 00:00:00, and some rows still carry the codes FIXD and
SEN A, P, S.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from yos_warehouse.fictional import codes, people
from yos_warehouse.fictional.census_layout import AUTUMN, SPRING, Layout
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.lives import DAY, Life, Spell
from yos_warehouse.fictional.world import World

AUTHORITY = "999"
SCHOOL_PROVISIONS = {"MAINSTREAM_SCHOOL", "SCHOOL_FULL_TIME", "SCHOOL_PART_TIME", "PUPIL_REFERRAL_UNIT"}


def placement(life: Life, day: date) -> Spell | None:
    """The child's main placement on ``day``: the one that began first."""
    return next((spell for spell in life.education if spell.covers(day)), None)


def academic_age(life: Life, day: date) -> int:
    """Age on 31 August before or on ``day`` (domain.md 2.5)."""
    return life.age(date(day.year if day.month >= 9 else day.year - 1, 8, 31))


# -- NCCIS ---------------------------------------------------------------------------------------------------


def nccis_activity(life: Life, night: date) -> tuple[str, date, date, str]:
    """Code, start, due-to-lapse date and establishment of the current activity as the authority knows it."""
    source = life.rng(f"nccis{night.year}")
    spell = placement(life, night)
    if spell is None or source.random() < 0.06:
        return codes.NCCIS_UNKNOWN, night.replace(day=1), night + 30 * DAY, ""
    code = codes.NCCIS_OF_PROVISION[spell.what["provision_type"]]
    months = 12 if code < "300" else 6
    due = spell.start + timedelta(days=months * 30)
    # Somebody asks again before it lapses, mostly.
    while due < night and source.random() < 0.96:
        due += timedelta(days=months * 30)
    return code, spell.start, due, life.school if code < "300" else ""


def _nccis_person(
    fields: dict[str, Any], activity: tuple[Any, ...], circumstances: list[tuple[str, Any]]
) -> str:
    lines = ["  <YoungPerson>"]
    lines += [f"    <{name}>{escape(str(value or ''))}</{name}>" for name, value in fields.items()]
    lines.append("    <CurrentActivity>")
    for name, value in zip(("Code", "StartDate", "DueToLapseDate", "Establishment"), activity, strict=True):
        lines.append(f"      <{name}>{escape(str(value))}</{name}>")
    lines += ["    </CurrentActivity>", "    <Circumstances>"]
    for code, since in circumstances:
        lines.append(f"      <Circumstance Code={quoteattr(code)} StartDate={quoteattr(str(since))}/>")
    lines += ["    </Circumstances>", "  </YoungPerson>"]
    return "\n".join(lines)


def nccis_xml(world: World, night: date) -> bytes:
    """The participation extract of a month's end: young people of academic age 16 and 17 who live here."""
    supervised: dict[str, date] = {}
    for order in world.book.as_at("intervention", night):
        if order["end_date"] is None:
            supervised.setdefault(order["person_ref"], order["start_date"])
    people_text = []
    bad = {row["number"] for row in world.bad_rows.get("young_person", [])}
    for life in world.lives:
        home = life.home(night)
        outside = home is not None and home.what["district_code"] == codes.OUT_OF_AREA_DISTRICT
        started = life.homes[0].start if life.homes else night
        if (
            (academic_age(life, night) not in (16, 17) and life.number not in bad)
            or outside
            or started > night
        ):
            continue
        fields = {
            "YoungPersonID": f"NC{life.number:06d}",
            "GivenName": life.given,
            "FamilyName": life.family,
            "BirthDate": life.birth.isoformat(),
            "Sex": "M" if life.sex == "1" else "F",
            "Ethnicity": codes.ETHNICITIES[life.ethnicity][2],
            "UPN": life.upn,
            "ULN": life.uln,
            "LeadLA": AUTHORITY,
            "Postcode": home.what["postcode"] if home else "",
            "CohortStatus": "P",
        }
        circumstances: list[tuple[str, Any]] = []
        care = next((spell for spell in life.care if spell.covers(night)), None)
        if care:
            circumstances.append((codes.CIRCUMSTANCE_LOOKED_AFTER, care.start))
        if life.ref in supervised:
            circumstances.append((codes.CIRCUMSTANCE_SUPERVISED_BY_YOT, supervised[life.ref]))
        activity = nccis_activity(life, night)
        people_text.append(_nccis_person(fields, activity, circumstances))
        if life.number in bad:
            people_text.append(_nccis_person(fields | {"YoungPersonID": ""}, activity, circumstances))
            unread = fields | {"YoungPersonID": f"NC{life.number:06d}B", "BirthDate": "unreadable"}
            people_text.append(_nccis_person(unread, activity, circumstances))
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<NCCISExtract Authority="{AUTHORITY}" Period="{night:%Y-%m}" FICTIONAL="true">\n'
    )
    return (head + "\n".join(people_text) + "\n</NCCISExtract>\n").encode()


# -- school census -------------------------------------------------------------------------------------------


def _when(day: date | None) -> str:
    """A date as the census files write it, month names in English whatever the machine's language."""
    if day is None:
        return ""
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[day.month * 3 - 3 : day.month * 3]
    return f"{day.year}-{month}-{day.day:02d} 00:00:00"


def _hex(bits: int) -> str:
    text = f"{bits:011x}"
    return f"{text[:8]}-{text[8:11]}"


def year_group(life: Life, day: date) -> str:
    """National curriculum year: 7 in the school year in which a child turns 12."""
    return str(academic_age(life, day) - 4)


def _pupil(world: World, life: Life, day: date, spell: Spell) -> dict[str, Any]:
    """Values of a pupil's row by column; columns a layout lacks are not written."""
    source = life.rng(f"census{day.isoformat()}")
    constant = life.rng("census")
    need = next((one for one in life.needs if one.start <= day), None)
    provision = "N" if need is None else ("E" if need.what["has_formal_plan"] else "K")
    if provision == "K" and source.random() < 0.12:
        provision = source.choice(codes.OLD_SEN_PROVISIONS)
    part_time = spell.what["provision_type"] == "SCHOOL_PART_TIME"
    possible = source.randint(120, 140)
    authorised, unauthorised = source.randint(0, 14), source.choice((0, 0, 0, 2, 5, 12))
    status = "M" if spell.what["provision_type"] == "PUPIL_REFERRAL_UNIT" else source.choice("CCCCCCCCCS")
    return {
        "table_id": _hex(constant.getrandbits(44)),
        "NativeId": f"SCH{life.number % 8 + 1}",
        "dob": _when(life.birth),
        "surname": life.family,
        "forename": life.given,
        "middlenames": "",
        "preferredsurname": life.family,
        "formersurname": "",
        "upn": life.upn,
        "formerupn": "",
        "uniquelearnernumber": life.uln if life.age(day) >= 14 else "",
        "sex": "M" if life.sex == "1" else "F",
        "entrydate": _when(spell.start),
        "order": 1,
        "sourceid": f"{source.getrandbits(32):08x}",
        "schoolcensustableid": f"{life.number % 8 + 1:08x}",
        "hoursatsetting": "",
        "schoollunchtaken": source.choice(("True", "False")),
        "parttime": str(part_time),
        "topupfunding": "True" if provision == "E" else "False",
        "termlysessionspossible": f"{possible:.1f}",
        "termlysessionsauthorised": f"{authorised:.1f}",
        "termlysessionsunauthorised": f"{unauthorised:.1f}" if unauthorised else "",
        "senunitindicator": "False",
        "resourcedprovisionindicator": "False",
        "language": "ENG",
        "enrolstatus": status,
        "senprovision": provision,
        "ncyearactual": year_group(life, day),
        "ethnicity": codes.ETHNICITIES[life.ethnicity][1],
        "boarder": "N",
        "servicechild": "N",
        "youngcarer": "N",
    }


def census_files(world: World, day: date, drop: DropFiles) -> None:
    """Add the census files of a term. Autumn and spring layouts differ as those of the public samples."""
    layout: Layout = AUTUMN if day.month >= 9 else SPRING
    term = f"{day.year}_{layout.term}"
    rows: dict[str, list[list[Any]]] = {name: [] for name in layout.files}
    bad = {row["number"] for row in world.bad_rows.get("census_pupil", [])}

    def add(file: str, values: dict[str, Any]) -> None:
        if file in layout.files:
            rows[file].append([values.get(layout.meaning(column), "") for column in layout.files[file]])

    for life in world.lives:
        if not (life.homes and life.homes[0].start <= day) or not 10 <= life.age(day) <= 18:
            continue
        spell = placement(life, day)
        left = None
        if spell is None or spell.what["provision_type"] not in SCHOOL_PROVISIONS:
            # Left a school within the last four months?
            left = next(
                (
                    one
                    for one in life.education
                    if one.what["provision_type"] in SCHOOL_PROVISIONS
                    and one.end
                    and day - 120 * DAY <= one.end < day
                ),
                None,
            )
            if left is None:
                continue
        source = life.rng(f"census_details{day.isoformat()}")
        values = _pupil(world, life, day, left or spell)  # type: ignore[arg-type]
        base = {
            "table_id": values["table_id"],
            "NativeId": values["NativeId"],
            "sourceid": values["sourceid"],
        }
        roll = "offroll" if left else "onroll"
        if left:
            add("pupilnolongeronroll", values | {"leavingdate": _when(left.end)})
            home = life.home(day)
            if home and home.what["postcode"]:
                row_id = f"{source.getrandbits(32):08x}"
                add(
                    "addressesoffroll",
                    base | {"row_id": row_id, "order": 1, "postcode": home.what["postcode"]},
                )
        else:
            add("pupilonroll", values)
            if life.number in bad:
                add("pupilonroll", values | {"table_id": ""})
                add("pupilonroll", values | {"table_id": "canarybad-001", "dob": "2010-Xyz-17 00:00:00"})
        for kind in ("termlysessiondetails", "summerhalfterm2sessiondetails"):
            for order, code in enumerate(source.sample("CEGIMNOU", source.choice((0, 1, 1, 2))), 1):
                row_id = f"{source.getrandbits(32):08x}"
                missed = {"row_id": row_id, "order": order, "sessions": f"{source.randint(1, 12):.1f}"}
                add(kind + roll, base | missed | {"attendancereason": code})
        if source.random() < (0.25 if life.contact else 0.04):
            reasons = source.sample(codes.EXCLUSION_REASONS, source.choice((1, 1, 2)))
            category = source.choices(
                ("SUSP", codes.OLD_EXCLUSION_CATEGORY, "PERM", "LNCH"), (70, 12, 8, 10)
            )[0]
            add(
                "termlyexclusions" + roll,
                base
                | {
                    "row_id": f"{source.getrandbits(32):08x}", "order": 1,
                    "startdate": _when(day - source.randint(10, 60) * DAY),
                    "sessions": f"{source.choice((1, 2, 4, 10)):.1f}", "reason1": reasons[0],
                    "reason2": reasons[1] if len(reasons) > 1 else "", "reason3": "", "category": category,
                    "senprovision": values["senprovision"],
                },
            )  # fmt: skip
        if not left and values["senprovision"] != "N":
            types = source.sample(codes.SEN_TYPES, source.choice((1, 2)))
            for rank, kind in enumerate(types, 1):
                row_id = f"{source.getrandbits(32):08x}"
                add(
                    "senneeds",
                    base | {"row_id": row_id, "order": rank, "sentyperank": f"{rank}.0", "sentype": kind},
                )
        if not left and life.rng("meals").random() < 0.3:
            start = date(day.year - 1, 9, 5)
            row_id = f"{source.getrandbits(32):08x}"
            add(
                "fsmperiodsonroll",
                base | {"row_id": row_id, "order": 1, "fsmstartdate": _when(start), "ukcountry": "ENG"},
            )
    for name, header in layout.files.items():
        drop.add_csv(f"{term}_{name}.csv", header, rows[name])


# -- attendance ----------------------------------------------------------------------------------------------


def attendance_rows(world: World, night: date, days: int = 28) -> list[list[Any]]:
    """Marks of the children known to the service who are on roll, for the last days up to ``night``."""
    rows: list[list[Any]] = []
    bad = {row["number"] for row in world.bad_rows.get("attendance", [])}
    for life in world.lives:
        if not life.contact or life.contact > night or life.age(night) > 17:
            continue
        for back in range(days - 1, -1, -1):
            day = night - back * DAY
            spell = placement(life, day)
            if day.weekday() > 4 or spell is None or spell.what["provision_type"] not in SCHOOL_PROVISIONS:
                continue
            # A source for each day: the same mark whichever drop it is in.
            source = people.rng(world.setting.seed, life.number, "mark", day)
            misses = 0.08 if spell.what["suitability"] == "SUITABLE" else 0.35
            for session, present in zip(("AM", "PM"), codes.ATTENDANCE_PRESENT, strict=True):
                absent = source.random() < misses
                code = source.choice(codes.ATTENDANCE_ABSENT) if absent else present
                rows.append([life.upn, life.school, f"{day:%d/%m/%Y}", session, code])
        if life.number in bad:
            rows.append([life.upn, life.school, "99/99/2026", "AM", "O"])
            rows.append(["", life.school, f"{night:%d/%m/%Y}", "PM", f"{life.given} {life.family}"])
    return rows


ATTENDANCE_HEADER = ("UPN", "School", "Date", "Session", "Code")
