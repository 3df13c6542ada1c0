"""What the sources deliver about one child. Numbers are the child's own; FICTIONAL always."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class RecordedOffence:
    """The case system's offence."""

    number: int
    offence_date: date
    cjs_code: str | None
    arrest_date: date | None = None
    asn: int | None = None  # number of the arrest
    sequence: int | None = None
    breaches_programme: bool = False
    is_knife_related: bool | None = None
    is_tic: bool | None = None
    yjb_category: str | None = None
    yjb_seriousness: int | None = None


@dataclass(frozen=True)
class RecordedOutcome:
    """The case system's legal outcome of an offence."""

    number: int
    offence: int
    outcome_date: date
    legal_outcome: str
    appeal_status: str | None = None
    residence_status: str | None = None
    hearing: int | None = None
    is_told_later: bool = False  # recorded after the as-at day: not known yet


@dataclass(frozen=True)
class Hearing:
    """The case system's court hearing."""

    number: int
    hearing_date: date
    remand_decision: str | None = None


@dataclass(frozen=True)
class Programme:
    """The case system's order, with the offences it was made for."""

    number: int
    start_date: date
    disposal_type: str
    released_on: date | None = None
    offences: tuple[int, ...] = ()


@dataclass(frozen=True)
class Residence:
    """The case system's address spell; both days are lived there."""

    number: int
    start_date: date
    end_date: date | None
    district_code: str | None


@dataclass(frozen=True)
class Arrest:
    """The police arrest."""

    asn: int
    arrested_on: date


@dataclass(frozen=True)
class Charge:
    """The police charge of one offence under an arrest."""

    asn: int
    sequence: int
    offence_date: date
    cjs_code: str
    is_tic: bool | None = None


@dataclass(frozen=True)
class Disposal:
    """The police record of a final result."""

    asn: int
    sequence: int
    disposal_date: date
    result_code: str
    qualifier: str | None = None
    duration: int | None = None
    unit: str | None = None


@dataclass(frozen=True)
class OutOfCourt:
    """The police record of a decision out of court."""

    asn: int
    sequence: int
    offence_date: date
    cjs_code: str
    outcome_code: str | None
    referral_date: date | None
    decision_date: date | None
    issue_date: date | None


@dataclass(frozen=True)
class CourtResult:
    """One result of an offence in a court's message."""

    result_code: str
    qualifiers: tuple[str, ...] = ()
    duration: int | None = None
    unit: str | None = None


@dataclass(frozen=True)
class CourtOffence:
    """One offence in a court's message."""

    sequence: int
    offence_date: date
    cjs_code: str
    results: tuple[CourtResult, ...] = ()


@dataclass(frozen=True)
class CourtMessage:
    """What a court sent about one defendant and hearing; a later version replaces an earlier one of the same hearing."""

    asn: int
    hearing_date: date
    version: int
    offences: tuple[CourtOffence, ...] = ()


@dataclass(frozen=True)
class PncCheck:
    """What the Police National Computer knew on the day of a check."""

    checked_on: date
    first_disposal_date: date | None


@dataclass(frozen=True)
class Child:
    """Everything delivered about one child."""

    date_of_birth: date | None
    is_in_case_system: bool = True
    is_deleted: bool = False
    offences: tuple[RecordedOffence, ...] = ()
    outcomes: tuple[RecordedOutcome, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    programmes: tuple[Programme, ...] = ()
    residences: tuple[Residence, ...] = ()
    arrests: tuple[Arrest, ...] = ()
    charges: tuple[Charge, ...] = ()
    disposals: tuple[Disposal, ...] = ()
    out_of_court: tuple[OutOfCourt, ...] = ()
    messages: tuple[CourtMessage, ...] = ()
    pnc_checks: tuple[PncCheck, ...] = ()


@dataclass(frozen=True)
class World:
    """A few children who have nothing to do with those of another world."""

    children: tuple[Child, ...] = field(default=())
