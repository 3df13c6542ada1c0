"""Small worlds: few children, dates crowded on the edges of every rule, every reason for exclusion common.

All chance is hypothesis's own, so that a seed and a number give a world again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.oracle.days import DAY, birthday, months_after, quarter_start
from tests.oracle.facts import (
    Arrest,
    Charge,
    Child,
    CourtMessage,
    CourtOffence,
    CourtResult,
    Disposal,
    Hearing,
    OutOfCourt,
    PncCheck,
    Programme,
    RecordedOffence,
    RecordedOutcome,
    Residence,
    World,
)  # fmt: skip

PLAIN_CODES = ("TH68010", "CJ88001", "OF61131", "TH68023", "MD71526", "PU86116", "CJ88144")
OFFENCE_CODES = (
    *PLAIN_CODES, *PLAIN_CODES,
    "RA88001", "RA88001",  # not recordable
    "BA76001", "BA76001", "BA76001",  # bail
    "PC53001",
    "SE20517", "SE20517",  # breach
    "SE20001",  # looks like a breach and is none
    "ZZ99999",  # not in the list
)  # fmt: skip
IN_COURT = (
    "REFERRAL_ORDER", "REFERRAL_ORDER", "FINE", "FINE", "YOUTH_REHABILITATION_ORDER", "CONDITIONAL_DISCHARGE",
    "DETENTION_AND_TRAINING_ORDER", "DETENTION_AND_TRAINING_ORDER", "SECTION_250", "COMPENSATION", "COMPENSATION",
    "BIND_OVER", "ADULT_CUSTODY", "ADULT_SUSPENDED_SENTENCE", "NOT_GUILTY", "WITHDRAWN", "TAKEN_INTO_CONSIDERATION",
    "TAKEN_INTO_CONSIDERATION", "BREACH_DEALT", "NO_SEPARATE_PENALTY",
)  # fmt: skip
OUT_OF_COURT = (
    "YOUTH_CAUTION", "YOUTH_CAUTION", "YOUTH_CAUTION", "YOUTH_CONDITIONAL_CAUTION", "YOUTH_CONDITIONAL_CAUTION",
    "COMMUNITY_RESOLUTION", "NO_FURTHER_ACTION", "OUTCOME_22", "REPRIMAND", "A_NEW_OUTCOME",
)  # fmt: skip
RESULTS = (
    "1015", "1015", "1097", "1141", "1018", "1081", "1081", "1007", "3012", "1016", "2004", "2051", "3112", "1002",
    "3105", "1117",
)  # fmt: skip
INTERIM_RESULTS = ("4028", "4029", "4055", "4542")
CRIME_OUTCOMES = ("2", "2", "2A", "2A", "8", "22", "21", "20", "1", "3", "4", None)
APPEALS = (None, None, None, "NOT_APPEALED", "NOT_APPEALED", "CHANGED_ON_APPEAL", "APPEAL_SUCCESSFUL")
RESIDENCES = (None, None, None, "LOCAL", "LOCAL", "LOCAL", "OTHER", "UNKNOWN")
DISTRICTS = ("F07000001", "F07000001", "F06000001", "F07000099", "F07000099", None)
REMANDS = ("PR", "PR", "YDA", "LA", "LA", "CB", "CB", "UB", "NA", None, "REMAND_IN_CUSTODY", "MUDDLE")
CATEGORIES = (
    (None, None), (None, None), ("VIOLENCE_AGAINST_THE_PERSON", 5), ("VIOLENCE_AGAINST_THE_PERSON", 4), ("ROBBERY", 8),
    ("DRUGS", 6), ("PUBLIC_ORDER", 6), ("VIOLENCE_AGAINST_THE_PERSON", None), (None, 6),
)  # fmt: skip
YEARS = 9


def _edges(as_at: date) -> list[date]:
    """Days on which something begins or ends."""
    days = [date(as_at.year - n, month, day) for n in range(YEARS) for month, day in (
        (1, 1), (3, 31), (4, 1), (6, 30), (7, 1), (8, 31), (9, 30), (10, 1), (11, 30), (12, 31), (2, 28), (3, 1), (1, 15), (2, 14),
        (1, 31), (3, 30), (1, 1), (3, 31),
    )]  # fmt: skip
    days += [date(y, 2, 29) for y in range(as_at.year - YEARS, as_at.year + 1) if y % 4 == 0] * 4
    days += [months_after(as_at, -m) + n * DAY for m in (12, 15, 18, 27, 30) for n in (-1, 0, 1)]
    days += [months_after(as_at, -120) + n * DAY for n in (-1, 0, 1, 1)] * 2
    return [day for day in days if day <= as_at]


class _Chooser:
    """Draws of one child."""

    def __init__(self, draw: Any, as_at: date) -> None:
        self.draw, self.as_at = draw, as_at
        self.anchor = self.one(_edges(as_at))
        self.moments: list[date] = []
        self.offence_days: list[date] = []
        self.proof_days: list[date] = []

    def one(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def often(self, percent: int) -> bool:
        """True for about so many of a hundred."""
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def near(self) -> date:
        """A day on the edge of some rule, seen from the anchor."""
        return self.one(self.moments)

    def past(self, day: date) -> date:
        """Not after the as-at day."""
        return min(day, self.as_at)

    def set_moments(self, date_of_birth: date | None) -> None:
        index, window = self.anchor, months_after(quarter_start(self.anchor), 3)

        def around(day: date, *months: int) -> list[date]:
            return [months_after(day, m) + n * DAY for m in months for n in (-1, 0, 1)]

        birthdays = (
            [birthday(date_of_birth, age) + n * DAY for age in (10, 18) for n in (-1, 0)]
            if date_of_birth
            else []
        )
        self.offence_days = self._all_past([
            index - DAY, index, index + DAY, index + 10 * DAY, *around(index, 3, 6, 9, 12, 12, 12), *around(window, 0, 3, 9, 12),
        ])  # fmt: skip
        self.proof_days = self._all_past([
            index + 40 * DAY, *around(index, 3, 12, 15, 15, 18, 18), *around(window, 12, 15, 18),
        ])  # fmt: skip
        more = [index + n * DAY for n in (-400, -40, 0, 0, 1, 10, 27, 28, 29)]
        self.moments = self._all_past(more + birthdays) + self.offence_days + self.proof_days

    def _all_past(self, days: list[date]) -> list[date]:
        return [self.past(day) for day in days if day.year > 2000]


def _date_of_birth(choose: _Chooser) -> date | None:
    kind = choose.number(0, 11)
    index = choose.anchor
    if kind == 0:
        return None
    if kind == 1:  # born on 29 February, a year older on 1 March
        leap = choose.one([y for y in range(choose.as_at.year - 25, choose.as_at.year - 16) if y % 4 == 0])
        ages = [leap + age for age in (10, 17, 17, 18) if leap + age < choose.as_at.year]
        choose.anchor = choose.past(date(choose.one(ages), *choose.one(((2, 28), (3, 1), (3, 1), (3, 2)))))
        return date(leap, 2, 29)
    if kind == 2:
        leap = [y for y in range(index.year - 18, index.year - 9) if y % 4 == 0]
        return date(choose.one(leap), 2, 29)
    if kind <= 5:  # on the edge of an age at the index date, or of 18 at the end of the follow-up
        day = index if kind < 5 else months_after(index, 12)
        return months_after(day, -12 * choose.one((10, 18))) + choose.number(-1, 1) * DAY
    return months_after(index, -12 * choose.number(11, 16)) - choose.number(0, 300) * DAY


def _residences(choose: _Chooser) -> tuple[Residence, ...]:
    starts = sorted(
        {choose.near() - choose.one((0, 0, 1, 30, 2000)) * DAY for _ in range(choose.one((0, 1, 1, 1, 2, 3)))}
    )
    spells = []
    for number, start in enumerate(starts, 1):
        end = None if choose.often(50) else max(start, choose.near())
        spells.append(Residence(number, start, end, choose.one(DISTRICTS)))
    return tuple(spells)


class _Records:
    """What is delivered of one child, as it comes together."""

    def __init__(self, choose: _Chooser, is_in_case_system: bool) -> None:
        self.choose, self.is_in_case_system = choose, is_in_case_system
        self.offences: list[RecordedOffence] = []
        self.outcomes: list[RecordedOutcome] = []
        self.hearings: list[Hearing] = []
        self.arrests: dict[int, Arrest] = {}
        self.charges: list[Charge] = []
        self.disposals: list[Disposal] = []
        self.out_of_court: list[OutOfCourt] = []
        self.messages: dict[tuple[int, date], list[CourtMessage]] = {}
        self.used: set[tuple[str, date, str]] = set()
        self.sequences: dict[int, int] = {}

    def _free_code(self, day: date, is_plain: bool = False) -> tuple[str, date]:
        """A code and day that no other offence of the child has, in either system."""
        code = self.choose.one(PLAIN_CODES if is_plain else OFFENCE_CODES)
        while any((who, day, code) in self.used for who in ("case system", "police")):
            day -= DAY
        return code, day

    def add(self, is_first: bool) -> None:
        """One offence, told by the case system, the police or both."""
        choose = self.choose
        is_plain = is_first and choose.often(80)
        day = (
            choose.anchor - choose.one((1, 5, 30, 200)) * DAY if is_first else choose.one(choose.offence_days)
        )
        code, day = self._free_code(day, is_plain)
        told_by = choose.one(("case system",) * 6 + ("both",) * 3 + ("police",) * 2)
        if not self.is_in_case_system:
            told_by = "police"
        decided = choose.anchor if is_first else max(day, choose.one(choose.proof_days))
        if not is_first and choose.often(15):
            decided = choose.near()
        arrested = choose.one((None, None, day, day + 3 * DAY, choose.near()))
        asn = sequence = None
        if told_by != "case system":
            asn = choose.number(1, 2)
            sequence = self.sequences[asn] = self.sequences.get(asn, 0) + 1
            police_day, police_code = day, code
            if told_by == "both" and choose.often(15):
                police_code, police_day = self._free_code(day + choose.number(0, 1) * DAY)
            self.used.add(("police", police_day, police_code))
            self._police(asn, sequence, police_day, police_code, decided, told_by)
        if told_by != "police":
            self.used.add(("case system", day, code))
            self._recorded(day, code, arrested, asn, sequence, decided, is_plain)

    def _recorded(
        self,
        day: date,
        code: str,
        arrested: date | None,
        asn: int | None,
        sequence: int | None,
        decided: date,
        is_plain: bool,
    ) -> None:
        choose, number = self.choose, len(self.offences) + 1
        is_named = asn is not None and choose.often(75)
        category, seriousness = choose.one(CATEGORIES)
        self.offences.append(
            RecordedOffence(
                number=number,
                offence_date=day,
                cjs_code=code,
                arrest_date=arrested,
                asn=asn if is_named else None,
                sequence=sequence if is_named else None,
                breaches_programme=not is_plain and choose.often(12),
                is_knife_related=choose.one((None, None, None, False, True)),
                is_tic=not is_plain and choose.often(12) or choose.one((None, None, False)),
                yjb_category=category,
                yjb_seriousness=seriousness,
            )
        )
        for i in range(choose.one((0, 1, 1, 1, 1, 1, 2)) if asn else choose.one((1, 1, 1, 1, 2))):
            is_same_day = i == 0 or choose.often(60)
            is_beside = i > 0 and is_same_day and choose.often(40)
            self._outcome(number, decided if is_same_day else choose.near(), is_plain and i == 0, is_beside)

    def _outcome(self, offence: int, day: date, is_plain: bool, is_beside: bool) -> None:
        """One outcome; is_beside: compensation beside what was decided that day."""
        choose = self.choose
        is_court = is_beside or choose.often(60)
        hearing = None
        if is_court and choose.often(80):
            hearing = len(self.hearings) + 1
            heard = day if choose.often(60) else choose.past(choose.near())
            if not choose.often(5):  # the others: a hearing nobody sent
                self.hearings.append(Hearing(hearing, heard, choose.one(("NA", "NA", None, *REMANDS))))
            else:
                hearing = 90
        self.outcomes.append(
            RecordedOutcome(
                number=len(self.outcomes) + 1,
                offence=offence,
                outcome_date=day,
                legal_outcome="COMPENSATION"
                if is_beside
                else choose.one(
                    (IN_COURT if is_court else OUT_OF_COURT)[
                        : 9 if is_plain and is_court else 5 if is_plain else 99
                    ]
                ),
                appeal_status=None if is_plain and choose.often(80) else choose.one(APPEALS),
                residence_status=choose.one(RESIDENCES[: 6 if is_plain else 8]),
                hearing=hearing,
                is_told_later=choose.often(3),
            )
        )

    def _police(self, asn: int, sequence: int, day: date, code: str, decided: date, told_by: str) -> None:
        choose = self.choose
        if told_by == "police" or choose.often(70):
            self.arrests.setdefault(
                asn, Arrest(asn, choose.past(choose.one((day, day + DAY, choose.near()))))
            )
        if choose.often(30):
            panel = decided - choose.one((0, 1, 20, 21, 28, 45)) * DAY
            self.out_of_court.append(
                OutOfCourt(
                    asn, sequence, day, code, choose.one(CRIME_OUTCOMES),
                    None if choose.often(20) else panel - choose.one((0, 5, 14)) * DAY,
                    panel, None if choose.often(20) else decided,
                )
            )  # fmt: skip
            return
        self.charges.append(Charge(asn, sequence, day, code, choose.one((None, None, None, False, True))))
        results = [
            self._result(c) for c in sorted({choose.one(RESULTS) for _ in range(choose.one((1, 1, 2)))})
        ]
        via = choose.one(("nothing", "disposal", "disposal", "court", "court", "both"))
        if via in ("disposal", "both"):
            self.disposals += [
                Disposal(
                    asn, sequence, decided, r.result_code, " ".join(r.qualifiers) or None, r.duration, r.unit
                )
                for r in results
            ]
        if via in ("court", "both"):
            self._heard(asn, sequence, day, code, decided, tuple(results))
        if choose.often(15):
            interim = (CourtResult(choose.one(INTERIM_RESULTS)),)
            self._heard(asn, sequence, day, code, choose.past(choose.near()), interim)

    def _result(self, code: str) -> CourtResult:
        choose = self.choose
        if code in ("1081", "1007"):
            unit = choose.one(("M", "M", "D", "W", "Y"))
            return CourtResult(code, choose.one(((), ("C",), ("F",))), choose.one((4, 6, 8)), unit)
        return CourtResult(code)

    def _heard(
        self, asn: int, sequence: int, day: date, code: str, heard: date, results: tuple[CourtResult, ...]
    ) -> None:
        """Add an offence to the message of the hearing; now and then an earlier version said something else."""
        versions = self.messages.setdefault((asn, heard), [])
        before = versions[-1].offences if versions else ()
        if any(o.sequence == sequence for o in before):
            return
        if not versions and self.choose.often(15):
            wrong = (CourtOffence(sequence, day, code, (CourtResult(self.choose.one(RESULTS[:8])),)),)
            versions.append(CourtMessage(asn, heard, 1, wrong))
            now = CourtMessage(asn, heard, 2, (CourtOffence(sequence, day, code, results),))
            versions.append(now)
            return
        told = (*before, CourtOffence(sequence, day, code, results))
        version = versions[-1].version if versions else 1
        if versions:
            versions.pop()
        versions.append(CourtMessage(asn, heard, version, told))

    def remands(self) -> None:
        """Hearings in a row, with what was decided about where the child waits."""
        choose = self.choose
        if not self.is_in_case_system:
            return
        day = choose.near()
        for _ in range(choose.one((0, 0, 0, 1, 2, 3, 4))):
            number = len(self.hearings) + 1
            self.hearings.append(Hearing(number, day, choose.one(REMANDS)))
            day += choose.one((0, 1, 7, 27, 28, 60)) * DAY
            if not choose.often(10):
                day = choose.past(day)

    def programmes(self) -> tuple[Programme, ...]:
        """Orders, custody among them with the day of release."""
        choose = self.choose
        found = []
        for number in range(1, choose.one((0, 0, 1, 1, 2)) + 1 if self.is_in_case_system else 1):
            linked = [o.number for o in self.offences if choose.often(50)]
            breaches = [o.number for o in self.offences if o.breaches_programme or o.cjs_code == "SE20517"]
            if breaches and choose.often(40):
                linked = breaches
            kind = choose.one(("CUSTODIAL_SENTENCE",) * 4 + ("REFERRAL_ORDER",))
            released = choose.past(choose.anchor if choose.often(30) else choose.near())
            if choose.often(15):
                released = None
            found.append(Programme(number, choose.anchor - 100 * DAY, kind, released, tuple(linked)))
        return tuple(found)


@st.composite
def children(draw: Any, as_at: date) -> Child:
    """One child with few records."""
    choose = _Chooser(draw, as_at)
    date_of_birth = _date_of_birth(choose)
    choose.set_moments(date_of_birth)
    is_in_case_system = not choose.often(8)
    records = _Records(choose, is_in_case_system)
    for i in range(choose.one((1, 2, 2, 3, 3, 4, 5))):
        records.add(is_first=i == 0)
    records.remands()
    checks = ()
    if choose.often(30):
        checks = (PncCheck(as_at, choose.one((None, choose.anchor - DAY, choose.anchor, choose.near()))),)
    return Child(
        date_of_birth=date_of_birth,
        is_in_case_system=is_in_case_system,
        is_deleted=is_in_case_system and choose.often(2),
        offences=tuple(records.offences),
        outcomes=tuple(records.outcomes),
        hearings=tuple(records.hearings),
        programmes=records.programmes(),
        residences=_residences(choose) if is_in_case_system else (),
        arrests=tuple(records.arrests.values()),
        charges=tuple(records.charges),
        disposals=tuple(records.disposals),
        out_of_court=tuple(records.out_of_court),
        messages=tuple(m for versions in records.messages.values() for m in versions),
        pnc_checks=checks,
    )


def worlds(number: int, first_seed: int, as_at: date) -> list[World]:
    """So many worlds of one seed, no child like another; the same again each time."""
    return [World(drawn) for drawn in few_children(number, first_seed, children(as_at))]


def few_children(number: int, first_seed: int, kind: st.SearchStrategy[Any]) -> list[tuple]:
    """So many times one to three children of a kind, no child like another; the same again each time."""
    found: list[tuple] = []
    known: set[Any] = set()
    more = first_seed
    while len(found) < number:

        @seed(more)
        @settings(
            max_examples=number, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.lists(kind, min_size=1, max_size=3))
        def collect(drawn: list[Any]) -> None:
            new = tuple(dict.fromkeys(child for child in drawn if child not in known))
            known.update(new)
            found.extend([new] if new else [])

        collect()
        more += 1000
    return found[:number]
