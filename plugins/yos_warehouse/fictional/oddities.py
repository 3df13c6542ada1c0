"""The named oddities of domain.md 2.8: one or more children each, told date by date, in every world.

``TELLERS`` maps each name to the function that tells it. A teller gets a ``Stage`` and returns an ``Oddity``:
which children and records are concerned, and how, so that a test can ask for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from yos_warehouse.fictional import codes, identifiers, people
from yos_warehouse.fictional.book import Book
from yos_warehouse.fictional.lives import DAY, OPEN_END, Arrest, Life, Spell, result_of
from yos_warehouse.fictional.setting import Setting, weekday_from, years_before

OFFENCE = {offence.code: offence for offence in codes.OFFENCES}


@dataclass(frozen=True)
class Oddity:
    """A named oddity: children by the case system's number, records by what they are.

    Attributes:
        name: the handle.
        children: case system numbers (``person_id``); for children only the police know, ``YJ`` numbers too.
        records: kind of record (offence, outcome, order, ete, asn, ...) -> source ids.
        known_at: days on which something about it was recorded, oldest first.
        note: what is odd, in a sentence.
    """

    name: str
    children: tuple[str, ...]
    records: dict[str, tuple[str, ...]]
    known_at: tuple[date, ...]
    note: str


@dataclass
class Stage:
    """Where oddities are told: hands out crafted children."""

    setting: Setting
    book: Book
    lives: list[Life]
    taken: int = 90000
    bad_rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def ago(self, days: int) -> date:
        """So many days before the first night; negative for after it."""
        return self.setting.night0 - days * DAY

    def child(self, age: int = 15, birth: date | None = None, at_home: bool = True, **given: Any) -> Life:
        """A crafted child: ``age`` on the first night, at one address, in full-time education."""
        self.taken += 1
        source = people.rng(self.setting.seed, self.taken, "crafted")
        sex = given.pop("sex", "1")
        life = Life(
            self.setting,
            self.book,
            self.taken,
            sex,
            given.pop("given", people.given_name(source, sex)),
            given.pop("family", people.family_name(source)),
            birth or years_before(self.setting.night0, age) - source.randint(30, 300) * DAY,
            people.ethnicity(source),
            **given,
        )
        self.lives.append(life)
        if at_home:
            place = self.taken % len(self.setting.districts)
            district = self.setting.districts[place].code
            street, code = people.street(source), identifiers.postcode(place + 1, self.taken % 400)
            life.lives_at(self.ago(900), None, street, code, district, "LIVING_WITH_PARENT_S")
        return life

    def learns(self, life: Life) -> None:
        """Full-time education all along."""
        school = life.age(self.setting.night0) < 16
        hours = "25.0" if school else "18.0"
        provision = "MAINSTREAM_SCHOOL" if school else "COLLEGE"
        life.attends(self.ago(700), None, provision, "SUITABLE", hours, hours)

    def simple(
        self, life: Life, days_ago: int, outcome: str, code: str = "TH68010", order_weeks: int = 0, known_after: int = 4
    ) -> tuple[Arrest, list[str], str | None]:
        """One offence and its outcome ``days_ago``; with ``order_weeks`` also the order. For court outcomes the
        result is in the disposals file and recorded after ``known_after`` days."""
        decided = weekday_from(self.ago(days_ago))
        arrest = life.arrested(decided - 40 * DAY, [(OFFENCE[code], decided - 42 * DAY)], "CHARGE")
        if outcome in codes.CRIME_OUTCOME_OF:
            refs = life.out_of_court(arrest, outcome, decided, known_after)
        else:
            life.charged(arrest, decided - 39 * DAY)
            hearing = life.hearing(decided, "MCY", "NA", known=decided + known_after * DAY)
            known = decided + known_after * DAY
            refs = [life.outcome(one, outcome, decided, known, hearing) for one in arrest.offences]
            life.disposed(arrest, decided, [[result_of(outcome)] for _ in arrest.offences], known)
            life.appearances += 1
        order = None
        if order_weeks:
            kind = codes.ORDER_OF_OUTCOME[outcome]
            order = life.order(kind, decided, decided + timedelta(weeks=order_weeks), arrest.offences)
        return arrest, refs, order


def late_result(stage: Stage) -> Oddity:
    """Results recorded months after the hearing: one just before the first night, one on the night after."""
    children, outcomes, known = [], [], []
    for told in (stage.ago(2), stage.ago(-1)):
        life = stage.child(15)
        stage.learns(life)
        lag = (told - weekday_from(stage.ago(200))).days
        _, refs, _ = stage.simple(life, 200, "REFERRAL_ORDER", known_after=lag)
        children.append(life.ref)
        outcomes += refs
        known.append(told)
    return Oddity(
        "late_result", tuple(children), {"outcome": tuple(outcomes)}, tuple(known), "recorded months after the hearing"
    )


def amended_charge(stage: Stage) -> Oddity:
    """Wounding becomes actual bodily harm under the same ASN and sequence: before and after the first night."""
    children, asns, offences, known = [], [], [], []
    for told in (stage.ago(2), stage.ago(-1)):
        life = stage.child(16)
        stage.learns(life)
        day = stage.ago(30)
        arrest = life.arrested(day, [(OFFENCE["OF61131"], day - DAY)], "CHARGE")
        life.charged(arrest, day)
        stage.book.change("police_charge", (arrest.asn, 1), told, code="OF61102")
        stage.book.change("offence", arrest.offences[0].ref, told, cjs_code="OF61102")
        children.append(life.ref)
        asns.append(arrest.asn)
        offences.append(arrest.offences[0].ref)
        known.append(told)
    records = {"asn": tuple(asns), "offence": tuple(offences)}
    return Oddity("amended_charge", tuple(children), records, tuple(known), "OF61131 replaced by OF61102")


def duplicate_person(stage: Stage) -> Oddity:
    """The same child twice in the case system: once with the same PNC id in another form, once with a typing
    error in the name and no PNC id."""
    children = []
    for style in ("pnc", "typo"):
        first = stage.child(15)
        stage.learns(first)
        stage.simple(first, 300, "YOUTH_CAUTION")
        same_name = first.family if style == "pnc" else first.family[:-2] + first.family[-1] + first.family[-2]
        second = stage.child(
            15, birth=first.birth, given=first.given, family=same_name, pnc=first.pnc, upn=first.upn, uln=first.uln
        )
        second.police_known_as = {"given": first.given, "family": first.family}
        stage.simple(second, 120, "REFERRAL_ORDER", "CD71039", order_weeks=13)
        told = stage.book.versions("person", second.ref)[-1].known_at
        pnc = identifiers.pnc_variant(first.pnc, "lower") if style == "pnc" else None
        stage.book.change("person", second.ref, told, pnc=pnc, upn=None, uln=None)
        children += [first.ref, second.ref]
    return Oddity("duplicate_person", tuple(children), {}, (), "numbers 1 and 2 are one child, 3 and 4 another")


def alias(stage: Stage) -> Oddity:
    """The police know the child under another name, which the case system has as an alias."""
    life = stage.child(14, sex="2")
    stage.learns(life)
    life.police_known_as = {"given": "Kit", "family": "Marlowecroft"}
    stage.simple(life, 150, "YOUTH_CONDITIONAL_CAUTION", order_weeks=12)
    ref = life.alias("Kit", "Marlowecroft", stage.ago(120))
    return Oddity("alias", (life.ref,), {"name": (ref,)}, (stage.ago(120),), "arrested under the alias")


def bad_pnc_form(stage: Stage) -> Oddity:
    """PNC ids as people type them; the last one has a wrong check letter."""
    children, pncs = [], []
    for style in ("short", "bare", "lower", "spaced", "invalid"):
        life = stage.child(16)
        stage.learns(life)
        stage.simple(life, 100, "YOUTH_CAUTION")
        told = stage.book.versions("person", life.ref)[-1].known_at
        pncs.append(identifiers.pnc_variant(life.pnc, style))
        stage.book.change("person", life.ref, told, pnc=pncs[-1])
        children.append(life.ref)
    return Oddity("bad_pnc_form", tuple(children), {"pnc": tuple(pncs)}, (), "short, bare, lower, spaced, invalid")


def _ended_order(stage: Stage, life: Life, days_ago: int = 60, weeks: int = 26) -> str:
    """A referral order that ended about so many days before the first night."""
    _, _, order = stage.simple(life, days_ago + weeks * 7, "REFERRAL_ORDER", order_weeks=weeks)
    assert order
    return order


def missing_hours(stage: Stage) -> Oddity:
    """Hours empty, and 999, at the end of an order."""
    children, orders, spells = [], [], []
    for offered, attended in ((None, None), ("999.0", "999.0")):
        life = stage.child(15)
        life.attends(stage.ago(500), None, "MAINSTREAM_SCHOOL", "SUITABLE", offered, attended)
        orders.append(_ended_order(stage, life))
        spells.append(f"E{life.number:05d}-001")
        children.append(life.ref)
    records = {"order": tuple(orders), "ete": tuple(spells)}
    return Oddity("missing_hours", tuple(children), records, (), "empty and 999: unknown, so not suitable")


def overlapping_spells(stage: Stage) -> Oddity:
    """Two placements at once at the end of an order: both suitable (25 hours together), and one not."""
    children, orders, spells = [], [], []
    for second in ("SUITABLE", "UNSUITABLE"):
        life = stage.child(15)
        life.attends(stage.ago(500), None, "SCHOOL_PART_TIME", "SUITABLE", "13.0", "13.0")
        life.attends(stage.ago(300), None, "ALTERNATIVE_PROVISION", second, "12.0", "12.0")
        orders.append(_ended_order(stage, life))
        spells += [f"E{life.number:05d}-001", f"E{life.number:05d}-002"]
        children.append(life.ref)
    records = {"order": tuple(orders), "ete": tuple(spells)}
    return Oddity("overlapping_spells", tuple(children), records, (), "13 and 12 hours; the second child's not all suitable")


def moved_child(stage: Stage) -> Oddity:
    """First outcome while living elsewhere (OTHER), the next after moving in: no first-time entrant here."""
    life = stage.child(16, at_home=False)
    stage.learns(life)
    district = stage.setting.districts[0].code
    outside = codes.OUT_OF_AREA_DISTRICT
    life.lives_at(stage.ago(900), stage.ago(200), "3 Quarry Hill", "ZZ99 9AA", outside, "LIVING_WITH_PARENT_S")
    life.lives_at(stage.ago(199), None, "8 Weir Street", "ZZ99 1BB", district, "LIVING_WITH_PARENT_S")
    _, before, _ = stage.simple(life, 400, "YOUTH_CAUTION")
    _, after, _ = stage.simple(life, 100, "REFERRAL_ORDER", order_weeks=26)
    for ref, status in ((before[0], "OTHER"), (after[0], "LOCAL")):
        stage.book.change("legal_outcome", ref, stage.book.versions("legal_outcome", ref)[0].known_at, residence_at_outcome=status)
    return Oddity("moved_child", (life.ref,), {"outcome": (before[0], after[0])}, (), "OTHER, then LOCAL")


def day_month_swap(stage: Stage) -> Oddity:
    """The police have day and month of birth the wrong way round."""
    birth = date(stage.setting.night0.year - 15, 4, 3)
    life = stage.child(birth=birth)
    stage.learns(life)
    life.police_known_as = {"birth": date(birth.year, 3, 4)}
    arrest, _, _ = stage.simple(life, 90, "YOUTH_CAUTION")
    return Oddity("day_month_swap", (life.ref,), {"asn": (arrest.asn,)}, (), "3 April here, 4 March at the force")


def leap_day_birthday(stage: Stage) -> Oddity:
    """Born on 29 February; turns a year older on 1 March in other years. One outcome on 28 February, one on
    1 March."""
    year = stage.setting.night0.year - 14
    year -= year % 4
    life = stage.child(birth=date(year, 2, 29))
    stage.learns(life)
    outcomes: list[str] = []
    for decided in (date(stage.setting.night0.year, 2, 28), date(stage.setting.night0.year, 3, 1)):
        arrest = life.arrested(decided - 30 * DAY, [(OFFENCE["CD71039"], decided - 30 * DAY)], "OOCD")
        ref = life._next("X")
        for one in arrest.offences:
            stage.book.put(
                "legal_outcome", ref, decided + 2 * DAY, outcome_ref=ref, offence_ref=one.ref, outcome_date=decided,
                legal_outcome="YOUTH_CAUTION", appeal_status=None, residence_at_outcome="LOCAL", hearing_ref=None,
                is_substantive_flag=True,
            )  # fmt: skip
            stage.book.put(
                "police_oocd", (arrest.asn, one.sequence), decided + 2 * DAY, asn=arrest.asn, sequence=one.sequence,
                code=one.offence.code, day=one.day, outcome="2", referred=decided - 20 * DAY,
                decided=decided - DAY, issued=decided,
            )  # fmt: skip
        outcomes.append(ref)
    return Oddity("leap_day_birthday", (life.ref,), {"outcome": tuple(outcomes)}, (), "28 February and 1 March")


def two_orders_ended_same_day(stage: Stage) -> Oddity:
    """Two orders end on one day: two order-ends for EET, one child."""
    life = stage.child(16)
    stage.learns(life)
    end = stage.ago(45)
    orders = []
    for days_ago, outcome in ((300, "REFERRAL_ORDER"), (200, "YOUTH_REHABILITATION_ORDER")):
        arrest, _, _ = stage.simple(life, days_ago, outcome)
        start = weekday_from(stage.ago(days_ago))
        orders.append(life.order(codes.ORDER_OF_OUTCOME[outcome], start, end, arrest.offences))
    return Oddity("two_orders_ended_same_day", (life.ref,), {"order": tuple(orders)}, (), "two ends, one child")


def open_spell_1900(stage: Stage) -> Oddity:
    """An education spell that still runs, its end written as 1900-01-01."""
    life = stage.child(15)
    life.attends(stage.ago(500), None, "MAINSTREAM_SCHOOL", "SUITABLE", "25.0", "25.0", OPEN_END)
    order = _ended_order(stage, life)
    records = {"order": (order,), "ete": (f"E{life.number:05d}-001",)}
    return Oddity("open_spell_1900", (life.ref,), records, (), "1900-01-01 means no end")


def breach_as_offence(stage: Stage) -> Oddity:
    """A breach recorded as an offence within the follow-up of an index event: not a reoffence."""
    life = stage.child(16)
    stage.learns(life)
    _, _, order = stage.simple(life, 410, "YOUTH_REHABILITATION_ORDER", "OF61102", order_weeks=52)
    assert order
    on = stage.ago(250)
    offence, outcome = life.breach(order, "YOUTH_REHABILITATION_ORDER", on, weekday_from(on + 14 * DAY), "BREACH_DEALT")
    records = {"order": (order,), "offence": (offence,), "outcome": (outcome,)}
    return Oddity("breach_as_offence", (life.ref,), records, (), "category CB; no reoffence")


def tic_offence(stage: Stage) -> Oddity:
    """One offence sentenced, one taken into consideration."""
    life = stage.child(16)
    stage.learns(life)
    day = weekday_from(stage.ago(130))
    committed = [(OFFENCE["TH68037"], day - 30 * DAY), (OFFENCE["TH68010"], day - 33 * DAY)]
    second = frozenset({1})
    arrest = life.arrested(day - 29 * DAY, committed, "CHARGE", tic=second)
    life.charged(arrest, day - 28 * DAY, tic=second)
    hearing = life.hearing(day, "MCY", "NA")
    outcomes = [
        life.outcome(one, outcome, day, day + 4 * DAY, hearing)
        for one, outcome in zip(arrest.offences, ("REFERRAL_ORDER", "TAKEN_INTO_CONSIDERATION"), strict=True)
    ]
    results = [[result_of("REFERRAL_ORDER", duration=6, unit="M")], [result_of("TAKEN_INTO_CONSIDERATION")]]
    results[1][0]["qualifiers"] = ["J"]
    life.disposed(arrest, day, results, day + 2 * DAY)
    life.order("REFERRAL_ORDER", day, day + 183 * DAY, arrest.offences[:1])
    records = {"offence": (arrest.offences[1].ref,), "outcome": (outcomes[1],), "asn": (arrest.asn,)}
    return Oddity("tic_offence", (life.ref,), records, (), "the second offence is taken into consideration")


def adult_court_result(stage: Stage) -> Oddity:
    """Turned 18 within the follow-up; the next conviction, in an adult court, reaches the police feed alone."""
    birth = years_before(stage.ago(60), 18)
    life = stage.child(birth=birth)
    stage.learns(life)
    stage.simple(life, 240, "REFERRAL_ORDER", order_weeks=20)
    life.in_case_system = False
    day = weekday_from(stage.ago(25))
    arrest = life.arrested(day - 20 * DAY, [(OFFENCE["TH68023"], day - 21 * DAY)], "CHARGE")
    life.charged(arrest, day - 20 * DAY)
    results = [[result_of("ADULT_CUSTODY", duration=12, unit="M")]]
    life.message(arrest, day, "MCA", day - 20 * DAY, results, day + DAY)
    life.disposed(arrest, day, results, day + 2 * DAY)
    life.in_case_system = True
    return Oddity("adult_court_result", (life.ref,), {"asn": (arrest.asn,)}, (), "court type MCA, result 1024")


def custody(stage: Stage) -> Oddity:
    """A detention and training order in each of the last two financial years, the elder one ended."""
    children, outcomes, orders = [], [], []
    for days_ago in (500, 110):
        life = stage.child(17)
        stage.learns(life)
        stage.simple(life, days_ago + 200, "YOUTH_REHABILITATION_ORDER", "OF61102")
        _, refs, order = stage.simple(life, days_ago, "DETENTION_AND_TRAINING_ORDER", "TH68023", order_weeks=26)
        assert order
        children.append(life.ref)
        outcomes += refs
        orders.append(order)
    records = {"outcome": tuple(outcomes), "order": tuple(orders)}
    return Oddity("custody", tuple(children), records, (), "so that no size is without custody")


def appealed_outcome(stage: Stage) -> Oddity:
    """Outcomes undone and changed on appeal, recorded days before the first night."""
    children, outcomes = [], []
    for status in ("APPEAL_SUCCESSFUL", "CHANGED_ON_APPEAL"):
        life = stage.child(16)
        stage.learns(life)
        _, refs, _ = stage.simple(life, 100, "REFERRAL_ORDER")
        stage.book.change("legal_outcome", refs[0], stage.ago(3), appeal_status=status)
        outcomes += refs
        children.append(life.ref)
    return Oddity(
        "appealed_outcome", tuple(children), {"outcome": tuple(outcomes)}, (stage.ago(3),), "successful, changed"
    )


def missing_birth_date(stage: Stage) -> Oddity:
    """No date of birth, and 1900-01-01 for one."""
    children = []
    for birth in (None, OPEN_END):
        life = stage.child(15)
        stage.learns(life)
        stage.simple(life, 80, "YOUTH_CAUTION")
        stage.book.change("person", life.ref, stage.book.versions("person", life.ref)[-1].known_at, birth_date=birth)
        children.append(life.ref)
    return Oddity("missing_birth_date", tuple(children), {}, (), "empty and 1900-01-01")


def unknown_code(stage: Stage) -> Oddity:
    """An offence code and a legal outcome that no list has."""
    life = stage.child(15)
    stage.learns(life)
    day = stage.ago(70)
    strange = codes.Offence(codes.UNKNOWN_OFFENCE_CODE, "Offence of a new Act", "", 0, 3)
    arrest = life.arrested(day, [(strange, day)], "CHARGE")
    life.charged(arrest, day)
    outcome = life.outcome(arrest.offences[0], codes.UNKNOWN_LEGAL_OUTCOME, day + 20 * DAY, day + 25 * DAY)
    records = {"offence": (arrest.offences[0].ref,), "outcome": (outcome,), "asn": (arrest.asn,)}
    return Oddity("unknown_code", (life.ref,), records, (), "offence and outcome outside the code lists")


def twins(stage: Stage) -> Oddity:
    """Two children with family name, date of birth and address in common; given names and ids differ."""
    first = stage.child(15, given="Rowan")
    second = stage.child(birth=first.birth, given="Robin", family=first.family, at_home=False)
    second.homes = [Spell(home.start, home.end, dict(home.what)) for home in first.homes]
    for life in (first, second):
        stage.learns(life)
    stage.simple(first, 100, "YOUTH_CAUTION")
    stage.simple(second, 95, "REFERRAL_ORDER", order_weeks=13)
    return Oddity("twins", (first.ref, second.ref), {}, (), "never the same child")


def deleted_child(stage: Stage) -> Oddity:
    """Withdrawn at the source: marked deleted ten days before the first night, everything else gone. Another
    is withdrawn on the second night."""
    children, known = [], []
    for told in (stage.ago(10), stage.ago(-2)):
        life = stage.child(14)
        stage.learns(life)
        stage.simple(life, 60, "YOUTH_CAUTION")
        children.append((life, told))
        known.append(told)
    stage.bad_rows.setdefault("withdraw", []).extend({"life": life, "told": told} for life, told in children)
    return Oddity("deleted_child", tuple(life.ref for life, _ in children), {}, tuple(known), "withdrawn")


def placed_out_of_area(stage: Stage) -> Oddity:
    """Our looked-after child, placed outside the area during an order: stays LOCAL."""
    life = stage.child(15, at_home=False)
    stage.learns(life)
    district = stage.setting.districts[1].code
    life.lives_at(stage.ago(900), stage.ago(120), "11 Kiln Street", "ZZ99 2DD", district, "LIVING_WITH_PARENT_S")
    life.lives_at(
        stage.ago(119), None, "Placement", "ZZ99 9ZZ", codes.OUT_OF_AREA_DISTRICT, "RESIDENTIAL_UNIT_PRIVATE", placed=True
    )
    life.care.append(Spell(stage.ago(119), None, {"status": "C2"}))
    _, refs, order = stage.simple(life, 90, "REFERRAL_ORDER", order_weeks=39)
    assert order
    told = stage.book.versions("legal_outcome", refs[0])[0].known_at
    stage.book.change("legal_outcome", refs[0], told, residence_at_outcome="LOCAL")
    return Oddity("placed_out_of_area", (life.ref,), {"order": (order,), "outcome": tuple(refs)}, (), "still LOCAL")


def exotic_names(stage: Stage) -> Oddity:
    """O'Brien, Zoë O’Neill, Ng, Null, None, NA, True and other names programs stumble over."""
    children = []
    for sex, given, family in people.AWKWARD_NAMES:
        life = stage.child(15, sex=sex, given=given, family=family)
        stage.learns(life)
        stage.simple(life, 170, "YOUTH_CAUTION", "CJ88116")
        children.append(life.ref)
    return Oddity("exotic_names", tuple(children), {}, (), "each name must come through unchanged")


def orphan_outcome(stage: Stage) -> Oddity:
    """An outcome whose offence the case system has not got."""
    stage.book.put(
        "legal_outcome", "X99998-001", stage.ago(20), outcome_ref="X99998-001", offence_ref="F99998-001",
        outcome_date=stage.ago(25), legal_outcome="YOUTH_CAUTION", appeal_status=None, residence_at_outcome="LOCAL",
        hearing_ref=None, is_substantive_flag=True,
    )  # fmt: skip
    return Oddity("orphan_outcome", (), {"outcome": ("X99998-001",)}, (stage.ago(20),), "no such offence")


def unreadable_date(stage: Stage) -> Oddity:
    """An arrest on the 31st of February."""
    number = identifiers.asn(stage.setting.night0.year, 99997001)
    stage.bad_rows.setdefault("police_arrest", []).append(
        {"asn": number, "family": "Ruined-Date", "given": "Nobody", "day": "31/02/2026", "known_at": stage.ago(3)}
    )
    return Oddity("unreadable_date", (), {"asn": (number,)}, (stage.ago(3),), "31/02/2026")


def missing_key(stage: Stage) -> Oddity:
    """A charge without its ASN."""
    stage.bad_rows.setdefault("police_charge", []).append(
        {"asn": "", "code": "TH68010", "day": stage.ago(6), "known_at": stage.ago(3)}
    )
    return Oddity("missing_key", (), {}, (stage.ago(3),), "no ASN")


TELLERS: tuple[Callable[[Stage], Oddity], ...] = (
    late_result, amended_charge, duplicate_person, alias, bad_pnc_form, missing_hours, overlapping_spells,
    moved_child, day_month_swap, leap_day_birthday, two_orders_ended_same_day, open_spell_1900, breach_as_offence,
    tic_offence, adult_court_result, custody, appealed_outcome, missing_birth_date, unknown_code, twins, deleted_child,
    placed_out_of_area, exotic_names, orphan_outcome, unreadable_date, missing_key,
)  # fmt: skip
