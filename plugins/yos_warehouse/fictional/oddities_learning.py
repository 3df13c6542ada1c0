"""Oddities of education, employment and training: what practitioners, schools and the participation team each know.

Each function tells one oddity of domain.md 1.6, 1.10, 2.5 or 2.8 and returns its handle; its docstring says what is odd.
"""

from __future__ import annotations

from datetime import date

from yos_warehouse.fictional import codes, identifiers
from yos_warehouse.fictional.lives import DAY, Activity, Life, Spell
from yos_warehouse.fictional.oddities_living import ended_order
from yos_warehouse.fictional.schooling import begins_year, mainstream, primary
from yos_warehouse.fictional.setting import school_age_ends
from yos_warehouse.fictional.stage import Oddity, Stage


def _running_order(stage: Stage, life: Life, weeks: int = 39) -> str:
    """A referral order that began two months before the first night."""
    _, _, order = stage.simple(life, 60, "REFERRAL_ORDER", order_weeks=weeks)
    assert order
    return order


def _on_roll(life: Life, *schools: tuple[str, date, date | None]) -> None:
    """Primary school, then these: school, first day, last day."""
    first = primary(life.number), begins_year(life, 0), date(begins_year(life, 7).year, 7, 21)
    for school, start, end in (first, *schools):
        reason = "TRANSFER" if end else ""
        life.rolls.append(Spell(start, end, {"school": school, "is_unit": False, "reason": reason}))


def hours_offered_only(stage: Stage) -> Oddity:
    """25 hours offered and nothing recorded of those attended, at the end of an order: unknown, so not suitable
    (domain.md 2.8 no. 12). The school marked the child present each day of that month: 25 hours if estimated."""
    life = stage.child(14)
    life.marks = {stage.ago(days): codes.ATTENDANCE_PRESENT for days in range(56, 90)}
    life.attends(stage.ago(500), None, "MAINSTREAM_SCHOOL", "SUITABLE", "25.0", None)
    records = {"order": (ended_order(stage, life),), "ete": (f"E{life.number:05d}-001",)}
    return Oddity("hours_offered_only", (life.ref,), records, (), "25 offered, attended not known")


def no_eet_record(stage: Stage) -> Oddity:
    """Nobody knows of any education: neither the case system nor a school, and too young for the participation team.
    One order ended, one runs. Unknown is not suitable, and not NEET either (domain.md 1.6)."""
    children, orders = [], []
    for order in (ended_order, _running_order):
        life = stage.child(14)
        orders.append(order(stage, life))
        children.append(life.ref)
    return Oddity("no_eet_record", tuple(children), {"order": tuple(orders)}, (), "one order ended, one runs")


def school_age_boundary(stage: Stage) -> Oddity:
    """18 suitable hours, and the order ends on the last Friday in June of the last school year, or the day after: 25
    hours were needed on the one and 16 on the other (domain.md 1.6, 2.8 no. 28)."""
    night0 = stage.setting.night0
    children, orders = [], []
    for days in (0, 1):
        year = night0.year - (school_age_ends(date(night0.year - 16, 3, 10)) >= night0 - 10 * DAY)
        life = stage.child(birth=date(year - 16, 3, 10))
        end = school_age_ends(life.birth) + days * DAY
        ago = (night0 - end).days + 182
        life.attends(stage.ago(ago + 60), None, "COLLEGE", "SUITABLE", "18.0", "18.0")
        arrest, _, _ = stage.simple(life, ago, "REFERRAL_ORDER")
        orders.append(life.order("REFERRAL_ORDER", end - 182 * DAY, end, arrest.offences))
        children.append(life.ref)
    return Oddity(
        "school_age_boundary",
        tuple(children),
        {"order": tuple(orders)},
        (),
        "last Friday in June, and Saturday",
    )


def remand_only_care(stage: Stage) -> Oddity:
    """Looked after at the end of an order, the first child only because it was remanded, the second on a care order as
    well (domain.md 1.10)."""
    children, orders, spells = [], [], []
    for statuses in (("J1",), ("J1", "C2")):
        life = stage.child(15)
        stage.learns(life)
        for status in statuses:
            life.care.append(Spell(stage.ago(90), None, {"status": status}))
            spells.append(f"C{life.number:05d}-{len(life.care):03d}")
        orders.append(ended_order(stage, life))
        children.append(life.ref)
    records = {"order": tuple(orders), "care": tuple(spells)}
    return Oddity("remand_only_care", tuple(children), records, (), "J1 alone, and J1 with C2")


def order_expected_end(stage: Stage) -> Oddity:
    """Running orders of children without suitable education: one is ten days past its planned end, one ends within
    thirty days, one has no planned end (domain.md 1.6; a reminder is due for the first two)."""
    children, orders = [], []
    for planned, ended in ((10, -20), (-30, -30), (-300, -300)):
        life = stage.child(15)
        life.attends(stage.ago(500), None, "SCHOOL_PART_TIME", "UNSUITABLE", "10.0", "5.0")
        arrest, _, _ = stage.simple(life, 150, "REFERRAL_ORDER")
        end, start = stage.ago(ended), stage.ago(150)
        order = life.order("REFERRAL_ORDER", start, stage.ago(planned), arrest.offences, ended=end)
        first, last = (stage.book.versions("intervention", order)[i] for i in (0, -1))
        for version in (first, last):
            assert version.values is not None
            version.values["planned_end"] = stage.ago(planned) if planned > -300 else None
        orders.append(order)
        children.append(life.ref)
    return Oddity(
        "order_expected_end", tuple(children), {"order": tuple(orders)}, (), "overdue, soon, not told"
    )


def order_appealed_away(stage: Stage) -> Oddity:
    """An order that ended, and whose only outcome was undone on appeal: not in the board's cohort (domain.md 1.7)."""
    life = stage.child(15)
    stage.learns(life)
    _, refs, order = stage.simple(life, 200, "REFERRAL_ORDER", order_weeks=20)
    assert order
    stage.book.change("legal_outcome", refs[0], stage.ago(30), appeal_status="APPEAL_SUCCESSFUL")
    records = {"order": (order,), "outcome": tuple(refs)}
    return Oddity("order_appealed_away", (life.ref,), records, (stage.ago(30),), "appeal successful")


def participation_disagrees(stage: Stage) -> Oddity:
    """The practitioner says not in education and the participation team says college; the other way round; and the
    practitioner says work and the team college. The practitioner's word counts, and somebody has to ask
    (domain.md 2.5)."""
    children = []
    for provision, hours, code in (
        ("NONE", "0.0", "230"), ("COLLEGE", "18.0", "619"), ("FULL_TIME_EMPLOYMENT", "35.0", "230"),
    ):  # fmt: skip
        life = stage.child(17)
        suitability = "UNSUITABLE" if provision == "NONE" else "SUITABLE"
        life.attends(stage.ago(300), None, provision, suitability, hours, hours)
        life.activities = [Activity(stage.ago(100), code, stage.ago(120), stage.ago(-90), "", None)]
        _running_order(stage, life)
        children.append(life.ref)
    return Oddity("participation_disagrees", tuple(children), {}, (), "NEET or not, and work or college")


def lapsed_activity(stage: Stage) -> Oddity:
    """An activity that was due to lapse three weeks ago, and nobody asked: from then on it is not known
    (domain.md 2.5, currency)."""
    life = stage.child(17)
    life.attends(stage.ago(400), stage.ago(150), "COLLEGE", "SUITABLE", "18.0", "18.0")
    life.activities = [
        Activity(stage.ago(380), "230", stage.ago(400), stage.ago(21), "9998001", stage.ago(51))
    ]
    order = _running_order(stage, life)
    records = {"order": (order,), "young_person": (f"NC{life.number:06d}",)}
    return Oddity("lapsed_activity", (life.ref,), records, (), "lapsed, and nothing after it")


def merged_young_person(stage: Stage) -> Oddity:
    """The participation team has the young person twice; the second record is marked as merged (domain.md 2.5,
    cohort status M)."""
    life = stage.child(17)
    stage.learns(life)
    life.is_merged = True
    stage.simple(life, 90, "YOUTH_CAUTION")
    number = f"NC{life.number:06d}"
    return Oddity("merged_young_person", (life.ref,), {"young_person": (number, f"{number}M")}, (), "M")


def part_time_timetable(stage: Stage) -> Oddity:
    """On roll full time and in school for half of it, code C2 for the rest, while an order runs (domain.md 2.5)."""
    life = stage.child(14)
    life.attends(stage.ago(500), None, "SCHOOL_PART_TIME", "SUITABLE", "12.5", "12.5")
    records = {"order": (_running_order(stage, life),), "upn": (life.upn,)}
    return Oddity("part_time_timetable", (life.ref,), records, (), "five half days of ten")


def detained(stage: Stage) -> Oddity:
    """Sentenced to detention three weeks ago and still on roll: code Y5, which is no possible session
    (domain.md 2.5)."""
    life = stage.child(14)
    stage.learns(life)
    _, _, order = stage.simple(life, 20, "DETENTION_AND_TRAINING_ORDER", "TH68023", order_weeks=26)
    assert order
    return Oddity(
        "detained", (life.ref,), {"order": (order,), "upn": (life.upn,)}, (), "Y5 since the sentence"
    )


def withdrawn_attendance_code(stage: Stage) -> Oddity:
    """A school that still writes H and J, codes withdrawn in August 2024 (domain.md 2.5, 2.8 no. 23)."""
    life = stage.child(14)
    stage.learns(life)
    stage.simple(life, 150, "YOUTH_CAUTION")
    day = stage.ago(7) - stage.ago(7).weekday() * DAY
    life.marks[day] = ("H", "J")
    return Oddity("withdrawn_attendance_code", (life.ref,), {"upn": (life.upn,)}, (day,), "H and J")


def changed_school(stage: Stage) -> Oddity:
    """Moved school between two returns: in the autumn's on the roll of the one, in the spring's a leaver of it and on
    the roll of the other, and in a transfer file (domain.md 2.5)."""
    life = stage.child(14)
    stage.learns(life)
    schools = mainstream(life.number), mainstream(life.number + 1)
    _on_roll(life, (schools[0], begins_year(life, 7), stage.ago(110)), (schools[1], stage.ago(109), None))
    stage.simple(life, 150, "YOUTH_CAUTION")
    return Oddity(
        "changed_school", (life.ref,), {"school": schools, "upn": (life.upn,)}, (), "left and entered"
    )


def unknown_destination(stage: Stage) -> Oddity:
    """Left school for nobody knows where: the transfer file is for XXXXXXX; another went to a school outside the
    sector, MMMMMMM (domain.md 2.5)."""
    children, upns = [], []
    for provision in ("NONE", "ELECTIVELY_HOME_EDUCATED"):
        life = stage.child(13)
        life.attends(stage.ago(600), stage.ago(150), "MAINSTREAM_SCHOOL", "SUITABLE", "25.0", "25.0")
        life.attends(stage.ago(149), None, provision, "UNSUITABLE", "0.0", "0.0")
        _on_roll(life, (mainstream(life.number), begins_year(life, 7), stage.ago(150)))
        life.rolls[-1].what["to"] = "XXXXXXX" if provision == "NONE" else "MMMMMMM"
        stage.simple(life, 100, "YOUTH_CAUTION")
        children.append(life.ref)
        upns.append(life.upn)
    return Oddity("unknown_destination", tuple(children), {"upn": tuple(upns)}, (), "XXXXXXX and MMMMMMM")


def _renumbered(stage: Stage, name: str, earlier: str, life: Life, note: str) -> Oddity:
    life.earlier_upn = earlier, stage.ago(120)
    stage.learns(life)
    stage.simple(life, 200, "REFERRAL_ORDER", order_weeks=20)
    return Oddity(name, (life.ref,), {"upn": (earlier, life.upn)}, (stage.ago(120),), note)


def former_upn(stage: Stage) -> Oddity:
    """The case system and the autumn's return have the number the child had; the spring's has a new one and names the
    former (domain.md 2.5)."""
    life = stage.child(14)
    earlier = identifiers.upn(life.number, life.birth.year + 4, school=3000)
    return _renumbered(stage, "former_upn", earlier, life, "the former number, then both")


def temporary_upn(stage: Stage) -> Oddity:
    """A school gave a temporary number, which ends in a letter, until the permanent one was found (domain.md 2.5)."""
    life = stage.child(14)
    earlier = identifiers.temporary_upn(life.number, life.birth.year + 11)
    return _renumbered(stage, "temporary_upn", earlier, life, "ends in a letter, then permanent")


def suspension_told_twice(stage: Stage) -> Oddity:
    """A suspension just before the autumn's return, which the spring's tells once more: one suspension
    (domain.md 2.5)."""
    life = stage.child(14)
    stage.learns(life)
    stage.simple(life, 100, "YOUTH_CAUTION")
    day = stage.ago(195) - stage.ago(195).weekday() * DAY
    what = {"category": "SUSP", "sessions": 4, "reasons": ["PP", "VA"]}
    life.suspensions = [Spell(day, day + DAY, what)]
    return Oddity("suspension_told_twice", (life.ref,), {"upn": (life.upn,)}, (day,), "told by two returns")


def care_plans(stage: Stage) -> Oddity:
    """Formal plans: one ceased before the order ended though the case system has it still, and one the case system has
    never heard of (domain.md 1.10)."""
    children, orders, plans = [], [], []
    for end in (stage.ago(90), None):
        life = stage.child(14)
        stage.learns(life)
        life.plans = [Spell(stage.ago(800), end, {"need": codes.SEN_TYPES[3]})]
        if end:
            life.needs.append(Spell(stage.ago(800), None, {"is_identified": True, "has_formal_plan": True}))
        orders.append(ended_order(stage, life))
        children.append(life.ref)
        plans.append(f"EHC{life.number:05d}-1")
    records = {"order": tuple(orders), "plan": tuple(plans)}
    return Oddity("care_plans", tuple(children), records, (), "one ceased, one not in the case system")
