"""What the sources deliver about one child's education. Numbers are the child's own; FICTIONAL always."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tests.oracle.facts import RecordedOutcome, Residence

CURRENT, FORMER, OF_THE_FIRST_CHILD = 1, 2, 3  # pupil numbers: two of the child's own, or another child's


@dataclass(frozen=True)
class Order:
    """The case system's order, with the offences it was made for."""

    number: int
    start_date: date
    end_date: date | None
    kind: str
    end_reason: str | None = "COMPLETED"
    offences: tuple[int, ...] = ()


@dataclass(frozen=True)
class Placement:
    """The case system's education, employment or training. Hours as somebody typed them."""

    number: int
    start_date: date
    end_date: date | None
    provision: str | None = "MAINSTREAM_SCHOOL"
    suitability: str | None = "SUITABLE"
    hours_offered: str | None = None
    hours_attended: str | None = None
    is_told_later: bool = False  # recorded after the as-at day: not known yet


@dataclass(frozen=True)
class OnRoll:
    """A pupil on a school's roll in the return of a term."""

    term: str
    school: int
    entry_date: date | None
    is_part_time: bool | None = False
    enrolment_status: str | None = "C"
    sen_provision: str | None = "N"
    upn: int | None = CURRENT
    former_upn: int | None = None
    has_birth: bool = True  # with the date of birth by which it is known whose row it is
    is_mended: bool = False  # told anew when the school corrected the return some days later


@dataclass(frozen=True)
class Leaver:
    """A pupil no longer on a school's roll in the return of a term."""

    term: str
    school: int
    entry_date: date | None
    leaving_date: date | None
    is_part_time: bool | None = False
    upn: int | None = CURRENT
    has_birth: bool = True


@dataclass(frozen=True)
class Attended:
    """One school of the history in a transfer file."""

    school: int
    entry_date: date | None
    leaving_date: date | None
    upn: int = CURRENT


@dataclass(frozen=True)
class Transfer:
    """A pupil as a transfer file names one."""

    number: int
    sent_on: date
    upn: int = CURRENT
    former_upn: int | None = None


@dataclass(frozen=True)
class Activity:
    """What a young person does, as the participation extract tells it."""

    code: str
    start_date: date | None
    valid_until: date | None = None


@dataclass(frozen=True)
class YoungPerson:
    """Known to the participation extract."""

    upn: int | None = None
    has_birth: bool = True
    activities: tuple[Activity, ...] = ()


@dataclass(frozen=True)
class Mark:
    """One half day of attendance."""

    day: date
    session: str
    code: str
    upn: int = CURRENT
    school: int = 1


@dataclass(frozen=True)
class Exclusion:
    """A suspension or exclusion in the return of a term."""

    term: str
    school: int
    row: int
    start_date: date | None
    category: str | None = "SUSP"
    reasons: tuple[str | None, str | None, str | None] = (None, None, None)
    sessions: int | None = 2
    sen_provision: str | None = "N"


@dataclass(frozen=True)
class Need:
    """The case system's word on special educational needs."""

    number: int
    start_date: date
    end_date: date | None
    is_identified: bool | None
    has_formal_plan: bool | None


@dataclass(frozen=True)
class Plan:
    """An education, health and care plan as the authority lists it."""

    number: int
    start_date: date | None
    end_date: date | None
    upn: int | None = CURRENT
    has_birth: bool = True


@dataclass(frozen=True)
class Care:
    """A spell in care."""

    number: int
    status: str | None
    start_date: date
    end_date: date | None


@dataclass(frozen=True)
class Child:
    """Everything delivered about one child.

    Attributes:
        is_told: the case system has the child; without it its orders are nobody's.
        upn: the pupil number that the case system has.
        returns: terms in which a school made a return, whoever was on its roll: term and school.
    """

    date_of_birth: date | None
    is_told: bool = True
    is_deleted: bool = False
    upn: int | None = None
    orders: tuple[Order, ...] = ()
    outcomes: tuple[RecordedOutcome, ...] = ()
    residences: tuple[Residence, ...] = ()
    placements: tuple[Placement, ...] = ()
    on_roll: tuple[OnRoll, ...] = ()
    leavers: tuple[Leaver, ...] = ()
    returns: tuple[tuple[str, int], ...] = ()
    transfers: tuple[Transfer, ...] = ()
    schools: tuple[Attended, ...] = ()
    young_person: YoungPerson | None = None
    marks: tuple[Mark, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    needs: tuple[Need, ...] = ()
    plans: tuple[Plan, ...] = ()
    care: tuple[Care, ...] = ()

    @property
    def is_known(self) -> bool:
        """A child of the warehouse: told by the case system and not withdrawn."""
        return self.is_told and not self.is_deleted


@dataclass(frozen=True)
class World:
    """A few children who have nothing to do with those of another world."""

    children: tuple[Child, ...] = field(default=())
