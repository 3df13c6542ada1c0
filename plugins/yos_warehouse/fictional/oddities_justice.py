"""Oddities of offences, results and orders.

Each function tells one oddity of domain.md 2.8 and returns its handle; its docstring says what is odd.
"""

from __future__ import annotations

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.lives import DAY, result_of
from yos_warehouse.fictional.setting import weekday_from, years_before
from yos_warehouse.fictional.stage import OFFENCE, Oddity, Stage


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
        "late_result",
        tuple(children),
        {"outcome": tuple(outcomes)},
        tuple(known),
        "recorded months after the hearing",
    )


def amended_charge(stage: Stage) -> Oddity:
    """Wounding becomes actual bodily harm under the same ASN: before and after the first night."""
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


def amended_result(stage: Stage) -> Oddity:
    """A court corrects its result: a second message of the same hearing replaces the first."""
    life = stage.child(16)
    stage.learns(life)
    day = weekday_from(stage.ago(12))
    arrest = life.arrested(day - 30 * DAY, [(OFFENCE["OF61102"], day - 31 * DAY)], "CHARGE")
    charge = day - 29 * DAY
    life.charged(arrest, charge)
    hearing = life.hearing(day, "MCY", "NA")
    known = [day + DAY, stage.ago(1)]
    outcome = life.outcome(arrest.offences[0], "YRO_ISS", day, day + 3 * DAY, hearing)
    for i, (sentenced, told) in enumerate(zip(("YRO_ISS", "YOUTH_REHABILITATION_ORDER"), known, strict=True)):
        results = [[result_of(sentenced, duration=12, unit="M")]]
        life.message(arrest, day, "MCY", charge, results, told, resend=i)
    stage.book.change("legal_outcome", outcome, stage.ago(0), legal_outcome="YOUTH_REHABILITATION_ORDER")
    records = {"asn": (arrest.asn,), "outcome": (outcome,), "hearing": (hearing,)}
    return Oddity("amended_result", (life.ref,), records, tuple(known), "1142 becomes 1141")


def breach_as_offence(stage: Stage) -> Oddity:
    """A breach recorded as an offence within the follow-up of an index event: not a reoffence."""
    life = stage.child(16)
    stage.learns(life)
    _, _, order = stage.simple(life, 410, "YOUTH_REHABILITATION_ORDER", "OF61102", order_weeks=52)
    assert order
    on = stage.ago(250)
    offence, outcome = life.breach(
        order, "YOUTH_REHABILITATION_ORDER", on, weekday_from(on + 14 * DAY), "BREACH_DEALT"
    )
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
    """Turned 18 within the follow-up; the next conviction, in an adult court, is in the police feed alone."""
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
    return Oddity(
        "adult_court_result", (life.ref,), {"asn": (arrest.asn,)}, (), "court type MCA, result 1024"
    )


def custody(stage: Stage) -> Oddity:
    """A detention and training order in each of the last two financial years, the elder one ended."""
    children, outcomes, orders = [], [], []
    for days_ago in (500, 110):
        life = stage.child(17)
        stage.learns(life)
        stage.simple(life, days_ago + 200, "YOUTH_REHABILITATION_ORDER", "OF61102")
        _, refs, order = stage.simple(
            life, days_ago, "DETENTION_AND_TRAINING_ORDER", "TH68023", order_weeks=26
        )
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
        "appealed_outcome",
        tuple(children),
        {"outcome": tuple(outcomes)},
        (stage.ago(3),),
        "successful, changed",
    )


def unknown_code(stage: Stage) -> Oddity:
    """An offence code and a legal outcome that no list has."""
    life = stage.child(15)
    stage.learns(life)
    day = stage.ago(70)
    strange = codes.Offence(codes.UNKNOWN_OFFENCE_CODE, "Offence of a new Act", "", 0, 3, "")
    arrest = life.arrested(day, [(strange, day)], "CHARGE")
    life.charged(arrest, day)
    outcome = life.outcome(arrest.offences[0], codes.UNKNOWN_LEGAL_OUTCOME, day + 20 * DAY, day + 25 * DAY)
    records = {"offence": (arrest.offences[0].ref,), "outcome": (outcome,), "asn": (arrest.asn,)}
    return Oddity("unknown_code", (life.ref,), records, (), "offence and outcome outside the code lists")


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
    return Oddity(
        "two_orders_ended_same_day", (life.ref,), {"order": tuple(orders)}, (), "two ends, one child"
    )


def open_panel(stage: Stage) -> Oddity:
    """Three children at the out-of-court panel on the first night: referred three weeks ago, referred more than
    three months ago, and decided but not yet given."""
    children, asns = [], []
    for referred, decided in ((21, None), (110, None), (30, 12)):
        life = stage.child(14)
        stage.learns(life)
        day = stage.ago(referred)
        arrest = life.arrested(day - 5 * DAY, [(OFFENCE["CD71039"], day - 6 * DAY)], "OOCD")
        (one,) = arrest.offences
        life.referred(arrest, one, day)
        if decided:
            on = stage.ago(decided)
            stage.book.change("police_oocd", (arrest.asn, one.sequence), on + DAY, outcome="2", decided=on)
        children.append(life.ref)
        asns.append(arrest.asn)
    return Oddity("open_panel", tuple(children), {"asn": tuple(asns)}, (), "open on the first night")


def still_inside(stage: Stage) -> Oddity:
    """A detention and training order of a year, begun three months before the first night: not yet released."""
    life = stage.child(17)
    stage.learns(life)
    _, refs, order = stage.simple(life, 90, "DETENTION_AND_TRAINING_ORDER", "TH68023", order_weeks=52)
    assert order
    records = {"outcome": tuple(refs), "order": (order,)}
    return Oddity("still_inside", (life.ref,), records, (), "no day of release")


def moved_in_known(stage: Stage) -> Oddity:
    """The national computer holds a referral order from before the child moved in: no first-time entrant."""
    life = stage.child(16)
    stage.learns(life)
    life.first_disposal = (stage.ago(700), codes.RESULT_OF_OUTCOME["REFERRAL_ORDER"])
    _, refs, _ = stage.simple(life, 90, "YOUTH_CONDITIONAL_CAUTION")
    life.pnc_checked(stage.ago(100))
    return Oddity(
        "moved_in_known",
        (life.ref,),
        {"outcome": tuple(refs), "pnc": (life.pnc,)},
        (stage.ago(99),),
        "first disposal elsewhere, two years before",
    )


def remands(stage: Stage) -> Oddity:
    """Remanded for five weeks over two hearings and then sentenced in the community; and one hearing after another
    with each remand decision there is, the last one without any."""
    children, hearings = [], []
    for decisions in (("PR", "PR", "NA"), ("UB", "CB", "PR", "LA", None, "NA")):
        life = stage.child(16)
        stage.learns(life)
        day = weekday_from(stage.ago(150))
        arrest = life.arrested(day - DAY, [(OFFENCE["TH68023"], day - 2 * DAY)], "CHARGE")
        life.charged(arrest, day - DAY)
        for decision in decisions:
            hearing = life.hearing(day, "MCY", decision)
            hearings.append(hearing)
            last, day = day, weekday_from(day + 18 * DAY)
        for one in arrest.offences:
            life.outcome(one, "YOUTH_REHABILITATION_ORDER", last, last + 3 * DAY, hearing)
        life.disposed(
            arrest, last, [[result_of("YOUTH_REHABILITATION_ORDER", duration=12, unit="M")]], last + DAY
        )
        life.order("YOUTH_REHABILITATION_ORDER", last, last + 365 * DAY, arrest.offences)
        children.append(life.ref)
    return Oddity(
        "remands", tuple(children), {"hearing": tuple(hearings)}, (), "more than four weeks, no custody"
    )
