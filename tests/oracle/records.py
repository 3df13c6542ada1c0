"""A world as rows of raw: what the sources would have written, each child with names and numbers of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from tests.oracle.facts import Child, CourtMessage, World
from tests.oracle.outcomes import RecordId
from yos_warehouse.fictional import identifiers

LONDON = ZoneInfo("Europe/London")
SERVICE = "oakshire_rushmere"
FIRST_NUMBER = 100_000
Row = tuple[
    str, str, dict[str, Any], int
]  # table, record id, columns, days from the as-at day to its recording
NOT_KNOWN = (None, "", "1900-01-01")  # the ways in which systems write that there is no date


def fictional_name(*of: object) -> str:
    """Ten letters that say nothing."""
    chance = Random("/".join(map(str, of)))
    return "".join(chance.choices("BCDFGHJKLMNPRSTVWZAEIOU", k=10)).capitalize()


@dataclass(frozen=True)
class Names:
    """What a child is called in each source. FICTIONAL; none of the numbers can exist."""

    world: int
    child: int

    @property
    def number(self) -> int:
        """Of the child among all."""
        return FIRST_NUMBER + self.world * 10 + self.child

    @property
    def person_id(self) -> str:
        """In the case system."""
        return f"P{self.number}"

    @property
    def given_name(self) -> str:
        """FICTIONAL: letters by chance, so that no two children are alike."""
        return fictional_name("given", self.number)

    @property
    def family_name(self) -> str:
        """FICTIONAL: letters by chance, so that no two children are alike."""
        return fictional_name("family", self.number)

    @property
    def pnc_id(self) -> str:
        """Of the year 2090 or later."""
        return identifiers.pnc_id(self.number)

    def asn(self, number: int) -> str:
        """Of force 00."""
        return identifiers.asn(2099, self.number * 10 + number)

    def case_system(self, kind: str, number: int) -> str:
        """Record id of an offence (O), outcome (X), hearing (H), programme (I) or residence (R)."""
        return f"{kind}{self.number}-{number:03d}"

    def message(self, asn: int, day: date, version: int) -> str:
        """Record id of a court message."""
        return f"M{self.number}-{asn}-{day:%Y%m%d}-{version}"

    def source(self, child: Child, record: RecordId) -> tuple[str, str, str]:
        """Feed, entity and source id of a record of the child."""
        feed, entity, key = record
        assert isinstance(key, tuple)
        if feed == "case_system":
            kind = {"offence_outcome": "X", "intervention_programme": "I", "hearing": "H", "offence": "O"}[
                entity
            ]
            return feed, entity, self.case_system(kind, key[0])
        if entity == "court_result":
            asn, day, offence, result = key
            return feed, entity, f"{self._current(child, asn, date.fromordinal(day))}|{offence}|{result}"
        if entity == "court_message":
            return feed, entity, self._current(child, key[0], date.fromordinal(key[1]))
        return feed, entity, "|".join([self.asn(key[0]), *map(str, key[1:])])

    def _current(self, child: Child, asn: int, day: date) -> str:
        version = max(m.version for m in child.messages if (m.asn, m.hearing_date) == (asn, day))
        return self.message(asn, day, version)


def load(connection: Connection, delivered: Iterable[Row], as_at: date) -> int:
    """Write rows into raw, of the as-at day where they name no business date; their number. The caller commits."""
    tables: dict[tuple[str, tuple[str, ...]], list[tuple]] = {}
    for table, record_id, told, days in delivered:
        columns = {"business_date": as_at} | told
        names = tuple(sorted(columns))
        recorded = datetime.combine(as_at + timedelta(days=days), time(9), LONDON)
        tables.setdefault((table, names), []).append(
            (SERVICE, record_id, 0, recorded, 1, *(columns[name] for name in names))
        )
    with connection.cursor() as cursor:
        for (table, names), values in tables.items():
            head = ("service_code", "record_id", "row_hash", "recorded_from", "load_id")
            statement = sql.SQL("insert into {} ({}) values %s").format(
                sql.Identifier("raw", table), sql.SQL(", ").join(map(sql.Identifier, (*head, *names)))
            )
            execute_values(cursor, statement, values, page_size=1000)
    return sum(map(len, tables.values()))


def worlds_rows(worlds: list[World]) -> Iterator[Row]:
    """Everything delivered of all worlds."""
    for world_number, world in enumerate(worlds):
        for child_number, child in enumerate(world.children):
            yield from rows(Names(world_number, child_number), child)


def rows(names: Names, child: Child) -> Iterator[Row]:
    """Everything delivered of one child."""
    if child.is_in_case_system:
        yield from _case_system(names, child)
    yield from _police(names, child)


def _noise(names: Names, *what: Any) -> int:
    """A number that is the same each time for the same thing."""
    return crc32(repr((names.number, *what)).encode())


def optional(names: Names, day: date | None, *what: Any) -> str | None:
    """A day as written, or one of the ways to write that there is none."""
    return day.isoformat() if day else NOT_KNOWN[_noise(names, *what) % 3]


def text(value: Any) -> str | None:
    """A value as a system writes it."""
    if value is None:
        return None
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _case_system(names: Names, child: Child) -> Iterator[Row]:
    person = names.person_id
    yield "case_system__person", person, {
        "person_id": person, "pnc_id": names.pnc_id, "given_name": names.given_name, "family_name": names.family_name,
        "date_of_birth": optional(names, child.date_of_birth, "birth"), "sex": "1", "ethnicity": "W1",
        "is_deleted": text(child.is_deleted),
    }, -10  # fmt: skip
    for o in child.offences:
        asn = names.asn(o.asn) if o.asn is not None else None
        if asn and o.number % 2:
            asn = f"{asn[:2]}/{asn[2:6]}/{asn[6:8]}/{asn[8:]}".lower()
        offence_id = names.case_system("O", o.number)
        yield "case_system__offence", offence_id, {
            "offence_id": offence_id, "person_id": person, "cjs_code": o.cjs_code,
            "offence_date": o.offence_date.isoformat(),
            "arrest_date": optional(names, o.arrest_date, "arrest", o.number), "asn": asn,
            "offence_sequence": text(o.sequence),
            "programme_breach_id": names.case_system("I", 99) if o.breaches_programme else None,
            "is_knife_related": text(o.is_knife_related), "is_tic": text(o.is_tic),
            "yjb_offence_category": o.yjb_category, "yjb_seriousness": text(o.yjb_seriousness),
        }, -10  # fmt: skip
    for x in child.outcomes:
        outcome_id = names.case_system("X", x.number)
        yield "case_system__offence_outcome", outcome_id, {
            "outcome_id": outcome_id, "offence_id": names.case_system("O", x.offence),
            "outcome_date": x.outcome_date.isoformat(), "legal_outcome": x.legal_outcome,
            "appeal_status": x.appeal_status, "residence_status": x.residence_status,
            "hearing_id": names.case_system("H", x.hearing) if x.hearing else None, "is_substantive": None,
        }, 2 if x.is_told_later else -10  # fmt: skip
    for h in child.hearings:
        hearing_id = names.case_system("H", h.number)
        yield "case_system__hearing", hearing_id, {
            "hearing_id": hearing_id, "person_id": person, "hearing_date": h.hearing_date.isoformat(),
            "court_type": "MCY", "court_code": "C00YJ00", "remand_decision": h.remand_decision,
        }, -10  # fmt: skip
    for p in child.programmes:
        programme_id = names.case_system("I", p.number)
        yield "case_system__intervention_programme", programme_id, {
            "programme_id": programme_id, "person_id": person, "start_date": p.start_date.isoformat(),
            "end_date": None, "disposal_type": p.disposal_type, "end_reason": None, "team_code": "NORTH",
            "released_on": optional(names, p.released_on, "release", p.number),
        }, -10  # fmt: skip
        for number in p.offences:
            offence_id = names.case_system("O", number)
            yield "case_system__programme_offence", f"{programme_id}|{offence_id}", {
                "programme_id": programme_id, "offence_id": offence_id,
            }, -10  # fmt: skip
    for r in child.residences:
        residence_id = names.case_system("R", r.number)
        yield "case_system__residence", residence_id, {
            "residence_id": residence_id, "person_id": person, "start_date": r.start_date.isoformat(),
            "end_date": optional(names, r.end_date, "home", r.number), "address_line": "1 Fictional Street",
            "postcode": identifiers.postcode(1, 1), "district_code": r.district_code, "accommodation_type": "AT_HOME",
        }, -10  # fmt: skip


def _written(day: date | None) -> str | None:
    """A date as the police write it."""
    return f"{day:%d/%m/%Y}" if day else None


def _police(names: Names, child: Child) -> Iterator[Row]:
    who = {
        "pnc_id": names.pnc_id, "given_name": names.given_name, "family_name": names.family_name,
        "date_of_birth": _written(child.date_of_birth),
    }  # fmt: skip
    for a in child.arrests:
        asn = names.asn(a.asn)
        yield "police__arrest", asn, {
            **who, "asn": asn, "sex": "1", "ethnicity": "W1", "arrested_at": _written(a.arrested_on),
        }, -9  # fmt: skip
    for c in child.charges:
        asn = names.asn(c.asn)
        yield "police__charge", f"{asn}|{c.sequence}", {
            "asn": asn, "offence_sequence": str(c.sequence), "cjs_code": c.cjs_code,
            "offence_date": _written(c.offence_date), "charge_date": _written(c.offence_date),
            "is_tic": {None: None, True: "Y", False: "N"}[c.is_tic],
        }, -9  # fmt: skip
    for d in child.disposals:
        asn = names.asn(d.asn)
        yield "police__disposal", f"{asn}|{d.sequence}|{d.result_code}", {
            "asn": asn, "offence_sequence": str(d.sequence), "disposal_code": d.result_code,
            "disposal_date": _written(d.disposal_date), "qualifier": d.qualifier, "duration_value": text(d.duration),
            "duration_unit": d.unit,
        }, -9  # fmt: skip
    for g in child.out_of_court:
        asn = names.asn(g.asn)
        yield "police__out_of_court_disposal", f"{asn}|{g.sequence}", {
            "asn": asn, "offence_sequence": str(g.sequence), "cjs_code": g.cjs_code,
            "offence_date": _written(g.offence_date), "outcome_code": g.outcome_code,
            "referral_date": _written(g.referral_date), "decision_date": _written(g.decision_date),
            "issue_date": _written(g.issue_date),
        }, -9  # fmt: skip
    for m in child.messages:
        yield from _message(names, m, who)
    for k in child.pnc_checks:
        yield "police__pnc_check", f"{names.pnc_id}|{_written(k.checked_on)}", {
            **who, "checked_on": _written(k.checked_on), "first_disposal_date": _written(k.first_disposal_date),
            "first_disposal_code": "1015" if k.first_disposal_date else None,
        }, -8  # fmt: skip


def _message(names: Names, message: CourtMessage, who: dict[str, Any]) -> Iterator[Row]:
    """A later version comes on a later day."""
    message_id = names.message(message.asn, message.hearing_date, message.version)
    told = message.version - 9
    yield "police__court_message", message_id, {
        **who, "message_id": message_id, "ptiurn": f"00YJ{names.number}{message.asn}", "asn": names.asn(message.asn),
        "court_code": "C00YJ00", "hearing_date": message.hearing_date.isoformat(), "sex": "1",
        "offence_count": str(len(message.offences)),
    }, told  # fmt: skip
    for number, o in enumerate(message.offences, 1):
        yield "police__court_offence", f"{message_id}|{number}", {
            "message_id": message_id, "offence_number": str(number), "offence_sequence": f"{o.sequence:03d}",
            "cjs_code": o.cjs_code, "offence_date": o.offence_date.isoformat(), "finding": "G",
        }, told  # fmt: skip
        for position, r in enumerate(o.results, 1):
            yield "police__court_result", f"{message_id}|{number}|{position}", {
                "message_id": message_id, "offence_number": str(number), "result_number": str(position),
                "result_code": r.result_code, "qualifiers": " ".join(r.qualifiers) or None,
                "duration_value": text(r.duration), "duration_unit": r.unit,
            }, told  # fmt: skip
