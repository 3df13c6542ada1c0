"""The school census, one drop a term: files with the headers of the public samples of the liia-tools pipeline (MIT).

The headers drift from the autumn's to the spring's; dates are written 2020-Apr-25 00:00:00, and some rows still carry
the codes FIXD and SEN A, P, S.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.census_layout import AUTUMN, SPRING, Layout
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.lives import DAY, Life, Spell
from yos_warehouse.fictional.participation import academic_age
from yos_warehouse.fictional.schooling import is_part_time, status
from yos_warehouse.fictional.world import World

# A return tells who left, and who was suspended, since about the return before it: some are told twice.
LEFT, SUSPENDED = 125 * DAY, 150 * DAY
NO_ULN = "9999999999"


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


def pupil_id(life: Life, school: str) -> str:
    """Row id of a child in every return of a school."""
    return _hex(life.rng(f"census{school}").getrandbits(44))


def _pupil(life: Life, day: date, roll: Spell, registered: str) -> dict[str, Any]:
    """Values of a pupil's row by column; columns a layout lacks are not written."""
    school = roll.what["school"]
    source = life.rng(f"census{day.isoformat()}{school}")
    need = next((one for one in life.needs if one.start <= day), None)
    has_plan = any(plan.covers(day) for plan in life.plans)
    provision = "E" if has_plan else ("K" if need else "N")
    if provision == "K" and source.random() < 0.12:
        provision = source.choice(codes.OLD_SEN_PROVISIONS)
    possible = source.randint(120, 140)
    authorised, unauthorised = source.randint(0, 14), source.choice((0, 0, 0, 2, 5, 12))
    earlier, who = life.earlier_upn, life.known_as("school")
    return {
        "table_id": pupil_id(life, school),
        "NativeId": school,
        "dob": _when(who["birth"]),
        "surname": who["family"],
        "forename": who["given"],
        "middlenames": "",
        "preferredsurname": who["family"],
        "formersurname": "",
        "upn": life.upn_on(day),
        "formerupn": earlier[0] if earlier and earlier[1] <= day else "",
        "uniquelearnernumber": (life.uln if source.random() < 0.96 else NO_ULN)
        if life.age(day) >= 14
        else "",
        "sex": "M" if life.sex == "1" else "F",
        "entrydate": _when(roll.start),
        "order": 1,
        "sourceid": f"{source.getrandbits(32):08x}",
        "schoolcensustableid": f"{int(school):08x}",
        "hoursatsetting": "",
        "schoollunchtaken": source.choice(("True", "False")),
        "parttime": str(is_part_time(life, min(day, roll.end or day))),
        "topupfunding": "True" if provision == "E" else "False",
        "termlysessionspossible": f"{possible:.1f}",
        "termlysessionsauthorised": f"{authorised:.1f}",
        "termlysessionsunauthorised": f"{unauthorised:.1f}" if unauthorised else "",
        "senunitindicator": "False",
        "resourcedprovisionindicator": "False",
        "language": "ENG",
        "enrolstatus": registered,
        "senprovision": provision,
        "ncyearactual": year_group(life, day),
        "ethnicity": codes.ETHNICITIES[life.ethnicity][1],
        "boarder": "N",
        "servicechild": "N",
        "youngcarer": "N",
    }


class _Return:
    """Rows of one term's files."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.rows: dict[str, list[list[Any]]] = {name: [] for name in layout.files}

    def add(self, file: str, values: dict[str, Any]) -> None:
        """Add a row, if the term has such a file."""
        if file in self.layout.files:
            header = self.layout.files[file]
            self.rows[file].append([values.get(self.layout.meaning(column), "") for column in header])


def _pupil_rows(told: _Return, life: Life, day: date, roll: Spell, bad: bool) -> None:
    """All rows of a pupil at a school: on its roll on the day of the return, or not any longer."""
    left = roll.end is not None and roll.end < day
    source = life.rng(f"census_details{day.isoformat()}{roll.what['school']}")
    values = _pupil(life, day, roll, "P" if left else status(life, roll, day))
    base = {name: values[name] for name in ("table_id", "NativeId", "sourceid")}

    def row_id() -> str:
        return f"{source.getrandbits(32):08x}"

    suffix = "offroll" if left else "onroll"
    if left:
        told.add("pupilnolongeronroll", values | {"leavingdate": _when(roll.end)})
        home = life.home(day)
        if home and home.what["postcode"]:
            told.add(
                "addressesoffroll", base | {"row_id": row_id(), "order": 1, "postcode": home.what["postcode"]}
            )
        if source.random() < 0.05:  # and still listed, with the status of a former pupil
            told.add("pupilonroll", values)
    else:
        told.add("pupilonroll", values)
        if bad:
            told.add("pupilonroll", values | {"table_id": ""})
            told.add("pupilonroll", values | {"table_id": "canarybad-001", "dob": "2010-Xyz-17 00:00:00"})
    for kind in ("termlysessiondetails", "summerhalfterm2sessiondetails"):
        for order, code in enumerate(source.sample("CEGIMNOU", source.choice((0, 1, 1, 2))), 1):
            missed = {"row_id": row_id(), "order": order, "sessions": f"{source.randint(1, 12):.1f}"}
            told.add(kind + suffix, base | missed | {"attendancereason": code})
    suspended = [
        one for one in life.suspensions if day - SUSPENDED <= one.start < day and roll.covers(one.start)
    ]
    for order, one in enumerate(suspended, 1):
        category, reasons = one.what["category"], [*one.what["reasons"], "", ""]
        if category == "SUSP" and source.random() < 0.15:
            category = codes.OLD_EXCLUSION_CATEGORY
        told.add(
            "termlyexclusions" + suffix,
            base
            | {
                "row_id": row_id(), "order": order, "startdate": _when(one.start),
                "sessions": f"{one.what['sessions']:.1f}" if one.what["sessions"] else "", "reason1": reasons[0],
                "reason2": reasons[1], "reason3": reasons[2], "category": category,
                "senprovision": values["senprovision"],
            },
        )  # fmt: skip
    if not left and values["senprovision"] != "N":
        for rank, kind in enumerate(source.sample(codes.SEN_TYPES, source.choice((1, 2))), 1):
            need = {"row_id": row_id(), "order": rank, "sentyperank": f"{rank}.0", "sentype": kind}
            told.add("senneeds", base | need)
    if not left and life.rng("meals").random() < 0.3:
        meals = {
            "row_id": row_id(),
            "order": 1,
            "fsmstartdate": _when(date(day.year - 1, 9, 5)),
            "ukcountry": "ENG",
        }
        told.add("fsmperiodsonroll", base | meals)


def census_files(world: World, day: date, drop: DropFiles) -> None:
    """Add the census files of a term. Autumn and spring layouts differ as those of the public samples."""
    told = _Return(AUTUMN if day.month >= 9 else SPRING)
    bad = {row["number"] for row in world.bad_rows.get("census_pupil", [])}
    for life in world.lives:
        if not (life.homes and life.homes[0].start <= day) or not 10 <= life.age(day) <= 18:
            continue
        # Of a child who came back to a school only the last time.
        schools = {roll.what["school"]: roll for roll in life.rolls if roll.start <= day}
        for roll in schools.values():
            if roll.end is None or roll.end >= day - LEFT:
                _pupil_rows(told, life, day, roll, life.number in bad)
    for name, header in told.layout.files.items():
        drop.add_csv(f"{day.year}_{told.layout.term}_{name}.csv", header, told.rows[name])
