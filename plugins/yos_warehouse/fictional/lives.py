"""One child's records: the words in which lives and oddities are told.

A ``Life`` writes what happens to a child into the book, once for each source that hears of it and with the
day on which that source recorded it. Tables of the book are those of the case system (schema casework) and,
with the prefix ``police_``, the entities of the police feed; ``police_message`` is a court result message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from yos_warehouse.fictional import codes, identifiers, people
from yos_warehouse.fictional.book import Book
from yos_warehouse.fictional.setting import Setting, age_on

DAY = timedelta(days=1)
OPEN_END = date(1900, 1, 1)  # what some exports write for "no end" (domain.md 2.8 no. 14)


@dataclass
class Charged:
    """One offence under an arrest."""

    ref: str
    sequence: int
    offence: codes.Offence
    day: date


@dataclass
class Arrest:
    """An arrest with its offences."""

    asn: str
    day: date
    offences: list[Charged]


@dataclass
class Spell:
    """What a child really did or where it lived, whoever knows of it."""

    start: date
    end: date | None
    what: dict[str, Any]

    def covers(self, day: date) -> bool:
        """Whether the spell runs on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)


class Activity(NamedTuple):
    """What the participation team wrote down on a day, until it writes something else."""

    told: date
    code: str
    start: date
    due: date
    establishment: str
    review: date | None


@dataclass
class Life:
    """A child and everything recorded about it."""

    setting: Setting
    book: Book
    number: int
    sex: str
    given: str
    family: str
    birth: date
    ethnicity: str
    in_case_system: bool = True
    contact: date | None = None  # when the case system first heard of the child
    pnc: str = ""
    upn: str = ""
    uln: str = ""
    nhs: str = ""
    is_protected: bool = False
    school: str = ""
    # given, family, birth, pnc as the force and the courts have them; given, family, birth as education has them
    police_known_as: dict[str, Any] = field(default_factory=dict)
    school_known_as: dict[str, Any] = field(default_factory=dict)
    same_as: str = ""  # the child's first record, where this is another one of the same child
    education: list[Spell] = field(default_factory=list)
    homes: list[Spell] = field(default_factory=list)
    care: list[Spell] = field(default_factory=list)
    needs: list[Spell] = field(default_factory=list)
    inside: list[Spell] = field(default_factory=list)  # in custody by sentence
    # What schools and the authority know; told by the life, or made by schooling and participation.
    rolls: list[Spell] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    plans: list[Spell] = field(default_factory=list)
    suspensions: list[Spell] = field(default_factory=list)
    earlier_upn: tuple[str, date] | None = None  # another number, held before that day
    is_education_told: bool = True  # to the case system
    is_merged: bool = False  # a second record of the participation team was merged into this
    marks: dict[date, tuple[str, str]] = field(default_factory=dict)  # attendance codes of single days
    substantive: int = 0
    appearances: int = 0  # sentencing occasions
    first_disposal: tuple[date, str] | None = None  # day and PNC code: the first the PNC holds
    _counts: dict[str, int] = field(default_factory=dict)
    pnc_checks: set[tuple[str, date]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pnc = self.pnc or identifiers.pnc_id(self.number)
        self.upn = self.upn or identifiers.upn(self.number, self.birth.year + 4)
        self.uln = self.uln or identifiers.uln(self.number)
        self.nhs = self.nhs or identifiers.nhs_number(self.number)
        self.school = self.school or f"9994{self.number % 8 + 1:03d}"
        self.lags = self.rng("lags")

    @property
    def ref(self) -> str:
        """The case system's number of the child."""
        return f"YJ{self.number:05d}"

    def rng(self, purpose: str) -> Random:
        """A random source of this child's own."""
        return people.rng(self.setting.seed, self.number, purpose)

    def age(self, day: date) -> int:
        """Completed years on ``day``."""
        return age_on(day, self.birth)

    def known_as(self, where: str) -> dict[str, Any]:
        """given, family, birth and pnc as the force (``police``) or education (``school``) has them."""
        told = self.police_known_as if where == "police" else self.school_known_as
        return {"given": self.given, "family": self.family, "birth": self.birth, "pnc": self.pnc} | told

    @property
    def child(self) -> str:
        """Who this is: the case system's number of the child's first record."""
        return self.same_as or self.ref

    def upn_on(self, day: date) -> str:
        """The unique pupil number the child has on ``day``."""
        return self.earlier_upn[0] if self.earlier_upn and day < self.earlier_upn[1] else self.upn

    def placement(self, day: date) -> Spell | None:
        """The child's main placement on ``day``: the one that began first."""
        return next((spell for spell in self.education if spell.covers(day)), None)

    def home(self, day: date) -> Spell | None:
        """Where the child lives on ``day``."""
        return next((spell for spell in reversed(self.homes) if spell.covers(day)), None)

    def residence(self, day: date) -> str:
        """LOCAL or OTHER. A child its own service placed elsewhere stays LOCAL (domain.md 2.8 no. 16)."""
        home = self.home(day)
        away = home is not None and home.what["district_code"] == codes.OUT_OF_AREA_DISTRICT
        return "OTHER" if away and not (home and home.what.get("placed")) else "LOCAL"

    def _next(self, kind: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}{self.number:05d}-{self._counts[kind]:03d}"

    # -- who the child is ---------------------------------------------------------------------------------

    def known_to_service(self, day: date) -> None:
        """The case system opens a record on ``day``, unless there is one."""
        if self.contact or not self.in_case_system:
            return
        self.contact = day
        source = self.rng("person")
        late_pnc = source.random() < 0.06
        self.book.put(
            "person",
            self.ref,
            day,
            person_ref=self.ref,
            pnc=None if late_pnc else self.pnc,
            upn=self.upn_on(day) if source.random() < 0.93 else None,
            uln=self.uln if self.age(day) >= 14 and source.random() < 0.8 else None,
            first_name=self.given,
            last_name=self.family,
            birth_date=self.birth,
            sex_code=self.sex,
            ethnic_code=self.ethnicity if source.random() < 0.96 else None,
            is_deleted=False,
            nhs_number=self.nhs if self.rng("nhs").random() < 0.6 else None,
            is_protected=self.is_protected,
        )
        if late_pnc:
            self.book.change("person", self.ref, day + source.randint(20, 90) * DAY, pnc=self.pnc)
        if source.random() < 0.05:
            self.alias(self.given, people.family_name(source), day + 10 * DAY)

    def alias(self, given: str, family: str, known: date) -> str:
        """Another name in the case system; returns its number."""
        ref = self._next("N")
        self.book.put(
            "person_alias", ref, known, alias_ref=ref, person_ref=self.ref, first_name=given, last_name=family
        )
        return ref

    # -- spells --------------------------------------------------------------------------------------------

    def _spell(
        self, table: str, kind: str, key: str, spell: Spell, columns: dict[str, Any], ends: str
    ) -> str:
        """Put a spell into the case system: known some days after its start, its end some days after that."""
        ref = self._next(kind)
        assert self.contact is not None
        known = max(self.contact, spell.start + self.lags.randint(1, 14) * DAY)
        ended = spell.end + self.lags.randint(1, 14) * DAY if spell.end else None
        over = ended is not None and ended <= known
        open_end = columns.pop("open_end", None)
        row = {key: ref, "person_ref": self.ref, **columns}
        self.book.put(table, ref, known, **row, **{ends: spell.end if over else open_end})
        if ended and not over:
            self.book.change(table, ref, ended, **{ends: spell.end})
        return ref

    def lives_at(
        self,
        start: date,
        end: date | None,
        line: str,
        postcode: str,
        district: str,
        kind: str,
        placed: bool = False,
    ) -> None:
        """The child lives there; recorded when ``record_spells`` is called."""
        what = {
            "address_line": line,
            "postcode": postcode,
            "district_code": district,
            "accommodation_type": kind,
        }
        self.homes.append(Spell(start, end, {**what, "placed": placed}))

    def attends(
        self,
        start: date,
        end: date | None,
        provision: str,
        suitability: str,
        offered: str | None,
        attended: str | None,
        open_end: date | None = None,
    ) -> None:
        """An education, training or employment placement; hours a week as text with one decimal."""
        what = {
            "provision_type": provision, "suitability": suitability, "hours_offered": offered,
            "hours_attended": attended, "open_end": open_end,
        }  # fmt: skip
        self.education.append(Spell(start, end, what))

    def record_spells(self) -> dict[str, list[str]]:
        """Write addresses, education, care and needs into the case system; returns the record numbers."""
        written: dict[str, list[str]] = {
            "address": [],
            "education_placement": [],
            "care_spell": [],
            "send_spell": [],
        }
        if not self.contact:
            return written
        for home in self.homes:
            columns = {k: v for k, v in home.what.items() if k != "placed"}
            columns = {"from_date": home.start, **columns}
            written["address"].append(self._spell("address", "A", "address_ref", home, columns, "to_date"))
        for table, kind, key, spells in (
            ("education_placement", "E", "placement_ref", self.education if self.is_education_told else ()),
            ("care_spell", "C", "care_ref", self.care),
            ("send_spell", "S", "need_ref", self.needs),
        ):
            for spell in spells:
                columns = {"start_date": spell.start, **spell.what}
                written[table].append(self._spell(table, kind, key, spell, columns, "end_date"))
        return written

    # -- offences ------------------------------------------------------------------------------------------

    def arrested(
        self,
        day: date,
        offences: list[tuple[codes.Offence, date]],
        release: str,
        known_after: int = 1,
        tic: frozenset[int] = frozenset(),
    ) -> Arrest:
        """An arrest for offences committed on the given days.

        Args:
            day: of the arrest.
            offences: offence and day of each.
            release: how the child left custody, one of ``codes.RELEASE_TYPES``.
            known_after: days until the force's extract has it.
            tic: positions (from 0) of offences taken into consideration.
        """
        number = self._counts["arrest"] = self._counts.get("arrest", 0) + 1
        asn = identifiers.asn(day.year, self.number * 1000 + number)
        source, custody = self.rng(f"arrest{number}"), self.rng(f"custody{number}")
        who = self.known_as("police")
        home = self.home(day)
        self.book.put(
            "police_arrest",
            asn,
            day + known_after * DAY,
            asn=asn,
            pnc=who["pnc"],
            given=who["given"],
            family=who["family"],
            birth=who["birth"],
            sex=self.sex,
            ethnicity=self.ethnicity if source.random() < 0.9 else "NS",
            observed=codes.ETHNICITIES[self.ethnicity][3],
            line=home.what["address_line"] if home else "",
            postcode=home.what["postcode"] if home else "",
            day=day,
            station=source.choice(codes.STATIONS),
            release=release,
            custody=f"ZZ/{self.number:06d}/{number:02d}",
            time=f"{custody.randrange(24):02d}:{custody.randrange(60):02d}",
            reason=offences[0][0].title if offences else "",
            has_adult=custody.random() < 0.97,
            adult_from=custody.choice(codes.APPROPRIATE_ADULTS),
        )
        self._checked(day + custody.randint(0, 3) * DAY, custody.random(), first=number == 1)
        arrest = Arrest(asn, day, [])
        known = day + source.randint(2, 9) * DAY
        for i, (offence, committed) in enumerate(offences):
            ref = self._next("F")
            arrest.offences.append(Charged(ref, i + 1, offence, committed))
            if self.in_case_system:
                self.known_to_service(known)
                self.book.put(
                    "offence",
                    ref,
                    known,
                    offence_ref=ref,
                    person_ref=self.ref,
                    cjs_code=offence.code,
                    offence_start=committed,
                    arrest_date=day,
                    asn=asn,
                    asn_sequence=i + 1,
                    breach_of_order_ref=None,
                    is_knife_related=offence.is_knife,
                    is_taken_into_consideration=i in tic,
                    **self._yjb(ref, offence),
                )
        return arrest

    def _yjb(self, ref: str, offence: codes.Offence) -> dict[str, Any]:
        """The Youth Justice Board's category and score of an offence; nobody filled them in for one in twelve."""
        filled = offence.yjb and self.rng(f"yjb{ref}").random() > 0.08
        return {"yjb_category": offence.yjb, "yjb_score": offence.gravity} if filled else {}

    def _checked(self, day: date, chance: float, first: bool) -> None:
        """Now and then somebody looks the child up on the Police National Computer, mostly at the first arrest."""
        if chance < (0.85 if first else 0.2):
            self.pnc_checked(day)

    def pnc_checked(self, day: date) -> None:
        """A check on the Police National Computer: the first disposal it holds by ``day``, in the police feed."""
        who = self.known_as("police")
        held = self.first_disposal if self.first_disposal and self.first_disposal[0] <= day else None
        if not who["pnc"] or (who["pnc"], day) in self.pnc_checks:
            return
        self.pnc_checks.add((who["pnc"], day))
        self.book.put(
            "police_pnc_check",
            (who["pnc"], day),
            day + DAY,
            **who,
            day=day,
            first=held and held[0],
            code=held and held[1],
        )

    def charged(self, arrest: Arrest, day: date, tic: frozenset[int] = frozenset()) -> None:
        """The offences of an arrest are charged on ``day``."""
        source = self.rng(f"charge{arrest.asn}")
        for i, one in enumerate(arrest.offences):
            ranged = source.random() < 0.06
            self.book.put(
                "police_charge",
                (arrest.asn, one.sequence),
                day + DAY,
                asn=arrest.asn,
                sequence=one.sequence,
                code=one.offence.code,
                day=one.day,
                end=min(one.day + source.randint(1, 10) * DAY, arrest.day) if ranged else None,
                charge=day,
                tic=i in tic,
                location=f"{source.choice(people.STREETS)}, {source.choice(self.setting.districts).name}",
            )

    def out_of_court(self, arrest: Arrest, outcome: str, decided: date, known_after: int = 3) -> list[str]:
        """An out-of-court outcome for each offence of an arrest; returns the outcome numbers.

        The force sends the referral to the panel first, then what was decided, then the day it was given.
        """
        source = self.rng(f"oocd{arrest.asn}")
        issued = decided + source.randint(0, 10) * DAY
        referred = max(arrest.day, decided - source.randint(10, 25) * DAY)
        for one in arrest.offences if outcome in codes.CRIME_OUTCOME_OF else ():
            self.referred(arrest, one, referred)
            key = (arrest.asn, one.sequence)
            code = codes.CRIME_OUTCOME_OF[outcome]
            self.book.change("police_oocd", key, decided + 2 * DAY, outcome=code, decided=decided)
            self.book.change("police_oocd", key, issued + 2 * DAY, issued=issued)
        refs = [
            self.outcome(one, outcome, issued, known=issued + known_after * DAY) for one in arrest.offences
        ]
        self.substantive += codes.LEGAL_OUTCOMES[outcome][1]
        return refs

    def referred(self, arrest: Arrest, one: Charged, day: date) -> None:
        """An offence is referred to the out-of-court panel on ``day``; nothing is decided yet."""
        self.book.put(
            "police_oocd",
            (arrest.asn, one.sequence),
            day + 2 * DAY,
            asn=arrest.asn,
            sequence=one.sequence,
            code=one.offence.code,
            day=one.day,
            referred=day,
        )

    def hearing(self, day: date, court: str, remand: str | None, known: date | None = None) -> str:
        """A court hearing; returns its number."""
        ref = self._next("H")
        if self.in_case_system:
            self.book.put(
                "hearing",
                ref,
                known or day + self.lags.randint(1, 6) * DAY,
                hearing_ref=ref,
                person_ref=self.ref,
                hearing_date=day,
                court_type=court,
                court_code=codes.COURTS[court],
                remand_decision=remand,
            )
        return ref

    def outcome(
        self,
        one: Charged,
        outcome: str,
        day: date,
        known: date,
        hearing: str | None = None,
        appeal: str | None = None,
    ) -> str:
        """What was decided on one offence, in the case system; returns the outcome's number."""
        ref = self._next("X")
        if codes.LEGAL_OUTCOMES.get(outcome, ("", False, 0))[1] and not self.first_disposal:
            self.first_disposal = (day, codes.RESULT_OF_OUTCOME.get(outcome, ""))
        if self.in_case_system:
            source = self.rng(f"outcome{ref}")
            self.book.put(
                "legal_outcome",
                ref,
                known,
                outcome_ref=ref,
                offence_ref=one.ref,
                outcome_date=day,
                legal_outcome=outcome,
                # Some systems leave it empty; a NOT IN test then loses the child (domain.md 0.4).
                appeal_status=appeal or ("NOT_APPEALED" if source.random() < 0.6 else None),
                residence_at_outcome=self.residence(day) if source.random() < 0.95 else None,
                hearing_ref=hearing,
                is_substantive_flag=codes.LEGAL_OUTCOMES.get(outcome, ("", False, 0))[1],
            )
        return ref

    def order(
        self, kind: str, start: date, planned: date, offences: list[Charged], reason: str = "COMPLETED",
        ended: date | None = None,
    ) -> str:  # fmt: skip
        """An order or programme: recorded soon after its start, its end soon after that; returns its number.

        Args:
            kind: one of ``codes.ORDER_TYPES``.
            start: first day.
            planned: last day if nothing comes between.
            offences: those it was made for.
            reason: why it ends.
            ended: last day if not the planned one.
        """
        ref = self._next("I")
        end = ended or planned
        home = self.home(start)
        team = next(
            (d.team for d in self.setting.districts if home and d.code == home.what["district_code"]), None
        )
        known = start + self.lags.randint(1, 7) * DAY
        source = self.rng(f"planned{ref}")
        self.book.put(
            "intervention",
            ref,
            known,
            order_ref=ref,
            person_ref=self.ref,
            start_date=start,
            planned_end=planned if source.random() > 0.04 else None,
            end_date=None,
            disposal_type=kind,
            end_reason=None,
            released_on=None,
            team_code=team or self.setting.districts[self.number % len(self.setting.districts)].team,
        )
        for one in offences:
            self.book.put("intervention_offence", (ref, one.ref), known, order_ref=ref, offence_ref=one.ref)
        over = max(known + DAY, end + self.lags.randint(0, 9) * DAY)
        if source.random() < 0.06:  # somebody forgets to close it
            over += source.randint(14, 70) * DAY
        source = self.rng(f"order{ref}")
        if kind == "CUSTODIAL_SENTENCE":  # half of it in custody
            released = start + (planned - start) // 2
            self.inside.append(Spell(start, released, {}))
            told = max(known, released + source.randint(2, 9) * DAY)
            self.book.change("intervention", ref, min(told, over), released_on=released)
        if kind in codes.ASSESSED_ORDERS:
            self._assessed(start + source.randint(0, 15) * DAY, "ORDER_START", source)
            for review in range(90, (end - start).days - 14, 90):
                self._assessed(start + (review + source.randint(-7, 14)) * DAY, "REVIEW", source)
        self.book.change("intervention", ref, over, end_date=end, end_reason=reason)
        return ref

    def _assessed(self, day: date, stage: str, source: Random) -> None:
        """An assessment of the child: the more was proven before, the likelier more is to come."""
        ref = self._next("P")
        level = min(3, max(0, (self.substantive + source.choice((-1, 0, 0, 1))) // 2))
        self.book.put(
            "assessment",
            ref,
            day + source.randint(1, 10) * DAY,
            assessment_ref=ref,
            person_ref=self.ref,
            assessment_date=day,
            stage=stage,
            likelihood=codes.LIKELIHOODS[level],
            yogrs=f"{8 + 18 * level + 17 * source.random():.1f}" if source.random() < 0.93 else None,
        )

    def breach(self, order: str, kind: str, day: date, heard: date, outcome: str) -> tuple[str, str]:
        """A breach of an order, recorded as an offence (domain.md 3.2).

        Returns:
            Numbers of the offence and of its outcome.
        """
        code, title = codes.BREACH_OFFENCES[kind]
        category = kind if kind == "CONDITIONAL_DISCHARGE" else "STATUTORY_ORDER"
        offence = codes.Offence(code, title, "CB", 0, codes.BREACH_GRAVITY, f"BREACH_OF_{category}")
        ref = self._next("F")
        number = self._counts["arrest"] = self._counts.get("arrest", 0) + 1
        asn = identifiers.asn(day.year, self.number * 1000 + number)
        self.book.put(
            "offence",
            ref,
            day + 5 * DAY,
            offence_ref=ref,
            person_ref=self.ref,
            cjs_code=code,
            offence_start=day,
            arrest_date=None,
            asn=asn,
            asn_sequence=1,
            breach_of_order_ref=order,
            is_knife_related=False,
            is_taken_into_consideration=False,
            **self._yjb(ref, offence),
        )
        one = Charged(ref, 1, offence, day)
        hearing = self.hearing(heard, "MCY", "NA")
        result = self.outcome(one, outcome, heard, heard + self.lags.randint(2, 9) * DAY, hearing)
        if heard >= self.setting.xml_since:
            arrest = Arrest(asn, day, [one])
            self.message(arrest, heard, "MCY", day, [[result_of(outcome)]], known=heard + DAY)
        return ref, result

    # -- the court's word ------------------------------------------------------------------------------------

    def disposed(self, arrest: Arrest, day: date, results: list[list[dict[str, Any]]], known: date) -> None:
        """Final results of an arrest's offences in the force's disposals file."""
        for one, given in zip(arrest.offences, results, strict=True):
            for result in given:
                self.book.put(
                    "police_disposal",
                    (arrest.asn, one.sequence, result["code"]),
                    known,
                    asn=arrest.asn,
                    sequence=one.sequence,
                    code=result["code"],
                    day=day,
                    qualifier=(result.get("qualifiers") or [""])[0],
                    duration=result.get("duration"),
                    unit=result.get("unit", ""),
                    amount=result.get("amount"),
                )

    def message(
        self,
        arrest: Arrest,
        day: date,
        court: str,
        charge: date,
        results: list[list[dict[str, Any]]],
        known: date,
        final: bool = True,
        findings: list[str] | None = None,
        resend: int = 0,
    ) -> str:
        """A court result message; a corrected one (``resend``) is another message of the same hearing."""
        key = (arrest.asn, day.isoformat(), resend)
        who = self.known_as("police")
        home = self.home(day)
        source = self.rng(f"message{key}")
        self.book.put(
            "police_message",
            key,
            known,
            name=f"court_{day:%Y%m%d}_{arrest.asn[8:19]}_{resend}",
            asn=arrest.asn,
            ptiurn=f"00YJ{self.number:05d}{day:%y}",
            court=codes.COURTS[court],
            day=day,
            time=f"{source.randint(9, 15):02d}:{source.choice(('00', '15', '30', '45'))}:00",
            pnc=who["pnc"] if source.random() < 0.3 else "",
            title={"1": "Mr", "2": "Miss"}[self.sex] if source.random() < 0.8 else "",
            given=who["given"],
            family=who["family"],
            birth=who["birth"],
            sex=self.sex if source.random() < 0.97 else "9",
            bail=source.choice("UUUUABC") if final else source.choice("UBBC"),
            conditions="Curfew between 21:00 and 07:00 daily" if source.random() < 0.1 else "",
            address=(
                home.what["address_line"] if home else "No fixed abode",
                home.what["postcode"] if home else "",
            ),
            present=source.choice("AAAAAYN"),
            style="prefixed" if source.random() < 0.85 else "plain",
            offences=[
                {
                    "sequence": one.sequence,
                    "code": one.offence.code,
                    "wording": one.offence.title + ".",
                    "date_code": "4" if one.sequence == 3 else ("5" if one.sequence == 4 else "1"),
                    "start": one.day,
                    "end": one.day + 2 * DAY if one.sequence == 3 else None,
                    "charge": charge,
                    "arrest": arrest.day,
                    "location": f"{source.choice(people.STREETS)}",
                    "plea": source.choice("2222233" if final else "3322"),
                    "mode": source.choice(("01", "01", "07")),
                    "final": final,
                    "conviction": day if final and (findings or ["G"] * 99)[i] == "G" else None,
                    "finding": (findings or ["G"] * 99)[i] if final else "",
                    "results": results[i],
                }
                for i, one in enumerate(arrest.offences)
            ],
        )
        return str(key)


def result_of(outcome: str, **more: Any) -> dict[str, Any]:
    """The court's result for an outcome; ``more`` gives duration, unit, amount, qualifiers."""
    return {"code": codes.RESULT_OF_OUTCOME[outcome], **more}
