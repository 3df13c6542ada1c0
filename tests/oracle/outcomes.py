"""Legal outcomes of offences: which are believed, substantive, adult, appealed away, and where the child lived (domain.md 0.3, 3.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tests.oracle import codes
from tests.oracle.days import age_on
from tests.oracle.facts import Child
from tests.oracle.offences import Offence, current_messages, offences

RecordId = tuple[str, str, tuple[int, ...] | str]  # feed, entity, number within the child
OUT_OF_COURT_TIERS = ("PRE_COURT", "DIVERSION")


@dataclass(frozen=True)
class Outcome:
    """One legal outcome of one offence.

    Attributes:
        records: the records that tell it, first the one by which it is known.
        residence_code: LOCAL, OTHER or NOT_KNOWN on the day.
        would_be_substantive: substantive but for being taken into consideration.
    """

    records: tuple[RecordId, ...]
    offence: Offence
    outcome_date: date
    legal_outcome: str
    is_appealed_away: bool
    residence_code: str
    is_adult: bool = False
    is_substantive: bool = False
    would_be_substantive: bool = False

    @property
    def kind(self) -> codes.LegalOutcome:
        """The code list's row."""
        return codes.legal_outcome(self.legal_outcome)

    @property
    def tier_code(self) -> str:
        """Tier of the outcome; ADULT counts nowhere."""
        return "ADULT" if self.is_adult else self.kind.tier

    @property
    def is_living_here(self) -> bool:
        """Anything but known to live elsewhere."""
        return self.residence_code != "OTHER"

    @property
    def is_standing(self) -> bool:
        """Substantive, not appealed away, not that of an adult."""
        return self.is_substantive and not self.is_appealed_away and not self.is_adult

    @property
    def order(self) -> tuple[int, RecordId]:
        """Most serious first; then a fixed order of no meaning."""
        return self.kind.rank, self.records[0]


def is_appealed_away(appeal_status: str | None) -> bool:
    """Changed or quashed on appeal; a system that says nothing says not appealed."""
    return appeal_status in ("CHANGED_ON_APPEAL", "APPEAL_SUCCESSFUL")


def residence_on(child: Child, day: date) -> str:
    """LOCAL, OTHER or NOT_KNOWN by the address spell of the day, the newest first."""
    spells = [
        s for s in child.residences if s.start_date <= day and (s.end_date is None or day <= s.end_date)
    ]
    if not spells:
        return "NOT_KNOWN"
    district = max(spells, key=lambda s: (s.start_date, s.number)).district_code
    if district is None:
        return "NOT_KNOWN"
    return "LOCAL" if district in codes.districts() else "OTHER"


def told_outcomes(child: Child) -> list[Outcome]:
    """Each offence's outcomes as told: the case system's where it has any, else those of police and courts."""
    believed: list[Outcome] = []
    for offence in offences(child):
        believed += _recorded(child, offence) or _police(child, offence)
    return believed


def _recorded(child: Child, offence: Offence) -> list[Outcome]:
    return [
        Outcome(
            records=(("case_system", "offence_outcome", (told.number,)),),
            offence=offence,
            outcome_date=told.outcome_date,
            legal_outcome=told.legal_outcome,
            is_appealed_away=is_appealed_away(told.appeal_status),
            residence_code=told.residence_status
            if told.residence_status in ("LOCAL", "OTHER")
            else residence_on(child, told.outcome_date),
        )
        for told in child.outcomes
        if offence.recorded is not None and told.offence == offence.recorded and not told.is_told_later
    ]


def _police(child: Child, offence: Offence) -> list[Outcome]:
    """What police and courts tell of an offence; the same result of the same day told by both is one."""
    told: dict[tuple[date, str], list[RecordId]] = {}

    def tell(day: date | None, code: str | None, record: RecordId) -> None:
        if day is not None and code is not None:
            told.setdefault((day, code), []).append(record)

    for disposal in child.disposals:
        if (disposal.asn, disposal.sequence) == offence.police:
            tell(
                disposal.disposal_date,
                codes.outcome_of_result().get(disposal.result_code),
                ("police", "disposal", (disposal.asn, disposal.sequence, int(disposal.result_code))),
            )
    for given in child.out_of_court:
        if (given.asn, given.sequence) == offence.police:
            tell(
                given.issue_date or given.decision_date,
                codes.outcome_of_crime_outcome().get(given.outcome_code or ""),
                ("police", "out_of_court_disposal", (given.asn, given.sequence)),
            )
    for message in current_messages(child):
        for number, heard in enumerate(message.offences, 1):
            if (message.asn, heard.sequence) != offence.police:
                continue
            for position, result in enumerate(heard.results, 1):
                if codes.is_final_result().get(result.result_code, False):
                    tell(
                        message.hearing_date,
                        codes.outcome_of_result().get(result.result_code),
                        (
                            "police",
                            "court_result",
                            (message.asn, message.hearing_date.toordinal(), number, position),
                        ),
                    )
    sentenced = {
        day for day, code in told if codes.legal_outcome(code).is_substantive and code != "COMPENSATION"
    }
    return [
        Outcome(
            records=tuple(sorted(records)),
            offence=offence,
            outcome_date=day,
            legal_outcome=code,
            is_appealed_away=False,
            residence_code=residence_on(child, day),
        )
        for (day, code), records in told.items()
        if code != "COMPENSATION" or day not in sentenced  # beside a sentence it is a part of it
    ]


def is_adult(outcome: Outcome, date_of_birth: date | None) -> bool:
    """By its own tier; or 18 by the first hearing (out of court: by the day of the outcome)."""
    if outcome.legal_outcome in ("ADULT_CUSTODY", "ADULT_SUSPENDED_SENTENCE"):
        return True
    day = outcome.outcome_date
    if outcome.kind.tier not in OUT_OF_COURT_TIERS:
        day = outcome.offence.first_hearing_date or day
    age = age_on(day, date_of_birth)
    return age is not None and age >= 18


def is_substantive_but_for_tic(outcome: Outcome, all_outcomes: list[Outcome]) -> bool:
    """As the list says; compensation only where nothing else substantive was given for the offence that day."""
    if outcome.legal_outcome != "COMPENSATION":
        return outcome.kind.is_substantive
    return not any(
        other.kind.is_substantive and other.legal_outcome != "COMPENSATION"
        for other in all_outcomes
        if other.offence == outcome.offence and other.outcome_date == outcome.outcome_date
    )


def outcomes(child: Child) -> list[Outcome]:
    """All believed outcomes of a child, judged."""
    told = told_outcomes(child)
    judged = []
    for outcome in told:
        would_be = is_substantive_but_for_tic(outcome, told)
        judged.append(
            replace(
                outcome,
                is_adult=is_adult(outcome, child.date_of_birth),
                would_be_substantive=would_be,
                is_substantive=would_be and not outcome.offence.is_tic,
            )
        )
    return judged
