"""Common Transfer Files: what a school sends to the next one when a pupil moves (domain.md 2.5).

``9994001_CTF_9994002_001.xml``: sending school, receiving school, number of the file between the two. A receiving school
nobody knows is XXXXXXX, one outside the maintained sector MMMMMMM. A pupil's sex is ``Gender`` before September 2024.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.lives import DAY, Life, Spell
from yos_warehouse.fictional.schooling import LEFT_SECTOR, UNKNOWN_SCHOOL
from yos_warehouse.fictional.setting import school_age_ends
from yos_warehouse.fictional.world import World

SEX_SINCE = date(2024, 9, 1)
BACKLOG = 600 * DAY  # how far back the first delivery goes


class Transfer(NamedTuple):
    """A pupil's move from one school to the next."""

    source: str
    destination: str
    sent: date
    life: Life
    left: Spell


def moves(life: Life) -> Iterator[Transfer]:
    """Each time the child left a school in school age; files are sent on the second Friday of the next month."""
    rolls = [roll for roll in life.rolls if not roll.what["is_unit"]]
    for roll, following in zip(rolls, [*rolls, None][1:], strict=True):
        if roll.end is None or roll.end >= school_age_ends(life.birth):
            continue
        source = life.rng(f"transfer{roll.end}")
        destination = roll.what.get("to") or (UNKNOWN_SCHOOL if source.random() < 0.7 else LEFT_SECTOR)
        if following and following.start - roll.end < 90 * DAY:
            destination = following.what["school"]
        first = (roll.end.replace(day=1) + 39 * DAY).replace(day=8)
        yield Transfer(roll.what["school"], destination, first + (4 - first.weekday()) % 7 * DAY, life, roll)


def _element(name: str, value: object, indent: int = 6) -> str:
    return f"{' ' * indent}<{name}>{escape(str(value or ''))}</{name}>"


def _school(name: str, number: str, more: tuple[tuple[str, object], ...] = (), indent: int = 4) -> list[str]:
    inner = [
        ("LEA", number[:3]),
        ("Estab", number[3:]),
        ("SchoolName", f"Fictional School {number[3:]}"),
        *more,
    ]
    pad = " " * indent
    return [f"{pad}<{name}>", *(_element(one, value, indent + 2) for one, value in inner), f"{pad}</{name}>"]


def _pupil(move: Transfer, upn: str | None = None, birth: str | None = None) -> list[str]:
    life, who = move.life, move.life.known_as("school")
    earlier = life.earlier_upn[0] if life.earlier_upn and life.earlier_upn[1] <= move.sent else ""
    need = next((one for one in life.needs if one.start <= move.sent), None)
    provision = "E" if any(plan.covers(move.sent) for plan in life.plans) else "K" if need else "N"
    lines = ["    <Pupil>", _element("UPN", life.upn_on(move.sent) if upn is None else upn)]
    lines.append(_element("UniqueLearnerNumber", life.uln if life.age(move.sent) >= 14 else ""))
    lines += [_element("Surname", who["family"]), _element("Forename", who["given"])]
    lines.append(_element("DOB", birth or who["birth"].isoformat()))
    lines.append(_element("Sex" if move.sent >= SEX_SINCE else "Gender", "M" if life.sex == "1" else "F"))
    lines += [
        "      <BasicDetails>",
        _element("FormerUPN", earlier, 8),
        _element("PreferredSurname", who["family"], 8),
    ]
    lines += [_element("Ethnicity", codes.ETHNICITIES[life.ethnicity][1], 8), "      </BasicDetails>"]
    lines += ["      <SEN>", "        <SENrecord>"]
    lines += [_element("StartDate", need.start if need else "", 10), _element("SENprovision", provision, 10)]
    lines += ["        </SENrecord>", "      </SEN>", "      <SchoolHistory>"]
    for roll in life.rolls:
        if roll.end and roll.end <= (move.left.end or roll.end):
            reason = roll.what["reason"]
            last = "true" if roll is move.left else "false"
            told = (
                ("EntryDate", roll.start),
                ("LeavingDate", roll.end),
                ("LeavingReason", reason),
                ("LastSchool", last),
            )
            lines += _school("School", roll.what["school"], told, 8)
    return [*lines, "      </SchoolHistory>", "    </Pupil>"]


def _file(moves: list[Transfer], bad: set[int]) -> bytes:
    first = moves[0]
    year = first.sent.year - (first.sent.month < 9)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>', "<!-- FICTIONAL -->", "<CTfile>", "  <Header>",
        _element("DocumentName", "Common Transfer File", 4),
        _element("CTFversion", f"{first.sent.year % 100 - (first.sent.month < 9)}.0", 4),
        _element("DateTime", f"{first.sent}T16:00:00", 4), _element("DocumentQualifier", "full", 4),
        _element("DataDescriptor", "FICTIONAL", 4), _element("SupplierID", "Oakshire and Rushmere", 4),
        *_school("SourceSchool", first.source, (("AcademicYear", year),)),
        *_school("DestSchool", first.destination),
        "  </Header>", "  <CTFpupilData>",
    ]  # fmt: skip
    for move in moves:
        lines += _pupil(move)
        if move.life.number in bad:
            lines += _pupil(move, upn="") + _pupil(move, upn=f"{move.life.upn}-", birth="unreadable")
    return ("\n".join([*lines, "  </CTFpupilData>", "</CTfile>"]) + "\n").encode()


def transfer_files(world: World, after: date | None, night: date, drop: DropFiles) -> None:
    """Add the files sent after one day and by another; after None those of the last twenty months."""
    since = after or night - BACKLOG
    bad = {row["number"] for row in world.bad_rows.get("transfer_pupil", [])}
    grouped: dict[tuple[date, str, str], list[Transfer]] = {}
    for life in world.lives:
        for move in moves(life):
            if move.sent <= night:
                grouped.setdefault((move.sent, move.source, move.destination), []).append(move)
    numbers: dict[tuple[str, str], int] = {}
    for sent, source, destination in sorted(grouped):
        number = numbers[source, destination] = numbers.get((source, destination), 0) + 1
        if sent > since:
            name = f"{source}_CTF_{destination}_{number:03d}.xml"
            drop.add_xml(name, _file(grouped[sent, source, destination], bad))
