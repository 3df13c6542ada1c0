"""Offences: one for each thing done, whoever tells of it (domain.md 2.8, 3.2, 1.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle import codes
from tests.oracle.facts import Child, RecordedOffence

KNIFE_CODES = ("CJ88144", "PC53001")
VIOLENT = ("DRUGS", "ROBBERY", "VIOLENCE_AGAINST_THE_PERSON")
PoliceId = tuple[int, int]  # arrest and sequence


@dataclass(frozen=True)
class Offence:
    """One offence, its witnesses told as one.

    Attributes:
        recorded: number of the case system's offence, if it has it.
        police: arrest and sequence of the police's, if they have it.
    """

    recorded: int | None
    police: PoliceId | None
    offence_date: date
    cjs_code: str | None
    arrest_date: date | None
    is_breach: bool
    is_tic: bool
    is_bail_offence: bool
    is_recordable: bool
    is_knife_related: bool
    is_serious_violence: bool
    is_disagreement: bool
    first_hearing_date: date | None

    @property
    def arrest_or_offence_date(self) -> date:
        """Day of the arrest if known, else of the offence."""
        return self.arrest_date or self.offence_date

    @property
    def is_indexed_by(self) -> tuple[int | None, PoliceId | None]:
        """What tells it from another offence of the child."""
        return self.recorded, self.police


@dataclass(frozen=True)
class PoliceOffence:
    """What charge, out-of-court record and court say of one sequence number of an arrest."""

    police: PoliceId
    offence_date: date
    cjs_code: str
    is_tic: bool


def current_messages(child: Child) -> list:
    """Court messages that no later version of the same hearing replaced."""
    newest = {}
    for message in sorted(child.messages, key=lambda m: m.version):
        newest[message.asn, message.hearing_date] = message
    return list(newest.values())


def police_offences(child: Child) -> dict[PoliceId, PoliceOffence]:
    """Police offences of a child; a charge speaks before an out-of-court record, and that before a court."""
    found: dict[PoliceId, PoliceOffence] = {}
    told = [
        *((c.asn, c) for c in child.charges),
        *((o.asn, o) for o in child.out_of_court),
        *((m.asn, o) for m in current_messages(child) for o in m.offences),
    ]
    for asn, witness in told:
        key = (asn, witness.sequence)
        is_tic = bool(getattr(witness, "is_tic", False))
        found.setdefault(key, PoliceOffence(key, witness.offence_date, witness.cjs_code, is_tic))
    return found


def is_of_known_person(child: Child, asn: int) -> bool:
    """Whether the police say whose arrest it is: on the record of the arrest, or a court in its message."""
    return any(arrest.asn == asn for arrest in child.arrests) or any(m.asn == asn for m in child.messages)


def same_offence(child: Child) -> dict[int, PoliceId]:
    """Police offence of each offence of the case system: by arrest and sequence, else by day and code."""
    police = police_offences(child)
    matched: dict[int, PoliceId] = {}
    for offence in child.offences:
        key = (offence.asn, offence.sequence)
        if key in police:
            matched[offence.number] = key  # type: ignore[assignment]
    free = {
        key: told
        for key, told in sorted(police.items())
        if key not in matched.values() and is_of_known_person(child, key[0])
    }
    for offence in sorted(child.offences, key=lambda o: o.number):
        if offence.number in matched:
            continue
        for key, told in free.items():
            if (told.offence_date, told.cjs_code) == (offence.offence_date, offence.cjs_code):
                matched[offence.number] = key
                del free[key]
                break
    return matched


def is_breach(cjs_code: str | None, breaches_programme: bool) -> bool:
    """A breach of an order is no new offence: category CB, or the order breached is named."""
    return breaches_programme or codes.offence_categories().get(cjs_code or "", ("", True))[0] == "CB"


def is_bail_offence(cjs_code: str | None) -> bool:
    """Failing to surrender and the like."""
    return (cjs_code or "").startswith("BA76")


def is_recordable(cjs_code: str | None) -> bool:
    """As the code list says; a code it does not have is taken for recordable."""
    return codes.offence_categories().get(cjs_code or "", ("", True))[1]


def is_knife_related(cjs_code: str | None, told: bool | None) -> bool:
    """The case system's flag, or possession of a blade or an offensive weapon."""
    return bool(told) or cjs_code in KNIFE_CODES


def is_serious_violence(cjs_code: str | None, category: str | None, seriousness: int | None) -> bool:
    """Drugs, robbery or violence against the person of seriousness 5 to 8; ours where the case system says nothing."""
    our_category, our_seriousness = codes.yjb_of_offence(cjs_code)
    category, seriousness = category or our_category, seriousness or our_seriousness
    return category in VIOLENT and seriousness is not None and 5 <= seriousness <= 8


def first_hearing_date(child: Child, recorded: int | None, police: PoliceId | None) -> date | None:
    """Earliest hearing of one of its outcomes, or court message about it; None when it never came to court."""
    day_of = {hearing.number: hearing.hearing_date for hearing in child.hearings}
    days = [
        day_of[outcome.hearing]
        for outcome in child.outcomes
        if outcome.offence == recorded and not outcome.is_told_later and outcome.hearing in day_of
    ]
    days += [
        message.hearing_date
        for message in current_messages(child)
        for offence in message.offences
        if (message.asn, offence.sequence) == police
    ]
    return min(days, default=None)


def offences(child: Child) -> list[Offence]:
    """All offences of a child, each once."""
    police, matched = police_offences(child), same_offence(child)
    arrested_on = {arrest.asn: arrest.arrested_on for arrest in child.arrests}
    pairs: list[tuple[RecordedOffence | None, PoliceOffence | None]] = [
        (recorded, police.get(matched.get(recorded.number, (-1, -1)))) for recorded in child.offences
    ]
    pairs += [
        (None, told)
        for key, told in sorted(police.items())
        if key not in matched.values() and is_of_known_person(child, key[0])
    ]
    return [_one(child, recorded, told, arrested_on) for recorded, told in pairs]


def _one(
    child: Child, recorded: RecordedOffence | None, told: PoliceOffence | None, arrested_on: dict[int, date]
) -> Offence:
    first = recorded or told
    assert first is not None
    code = (recorded and recorded.cjs_code) or (told and told.cjs_code) or None
    asns = [told.police[0] if told else None, recorded.asn if recorded else None]
    known = [
        recorded.arrest_date if recorded else None,
        *(arrested_on.get(asn) for asn in asns if asn is not None),
    ]
    arrest_date = next((day for day in known if day is not None), None)
    number, police = recorded.number if recorded else None, told.police if told else None
    return Offence(
        recorded=number,
        police=police,
        offence_date=first.offence_date,
        cjs_code=code,
        arrest_date=arrest_date,
        is_breach=is_breach(code, bool(recorded and recorded.breaches_programme)),
        is_tic=bool((recorded and recorded.is_tic) or (told and told.is_tic)),
        is_bail_offence=is_bail_offence(code),
        is_recordable=is_recordable(code),
        is_knife_related=is_knife_related(code, recorded.is_knife_related if recorded else None),
        is_serious_violence=is_serious_violence(
            code, recorded.yjb_category if recorded else None, recorded.yjb_seriousness if recorded else None
        ),
        is_disagreement=bool(
            recorded
            and told
            and (
                recorded.offence_date != told.offence_date
                or (recorded.cjs_code is not None and recorded.cjs_code != told.cjs_code)
            )
        ),
        first_hearing_date=first_hearing_date(child, number, police),
    )
