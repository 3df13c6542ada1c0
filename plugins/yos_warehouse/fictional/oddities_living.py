"""Oddities of education and of where a child lives.

Each function tells one oddity of domain.md 2.8 and returns its handle; its docstring says what is odd.
"""

from __future__ import annotations

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.lives import OPEN_END, Life, Spell
from yos_warehouse.fictional.stage import Oddity, Stage


def ended_order(stage: Stage, life: Life, days_ago: int = 60, weeks: int = 26) -> str:
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
        orders.append(ended_order(stage, life))
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
        orders.append(ended_order(stage, life))
        spells += [f"E{life.number:05d}-001", f"E{life.number:05d}-002"]
        children.append(life.ref)
    records = {"order": tuple(orders), "ete": tuple(spells)}
    return Oddity(
        "overlapping_spells",
        tuple(children),
        records,
        (),
        "13 and 12 hours; the second child's not all suitable",
    )


def open_spell_1900(stage: Stage) -> Oddity:
    """An education spell that still runs, its end written as 1900-01-01."""
    life = stage.child(15)
    life.attends(stage.ago(500), None, "MAINSTREAM_SCHOOL", "SUITABLE", "25.0", "25.0", OPEN_END)
    order = ended_order(stage, life)
    records = {"order": (order,), "ete": (f"E{life.number:05d}-001",)}
    return Oddity("open_spell_1900", (life.ref,), records, (), "1900-01-01 means no end")


def moved_child(stage: Stage) -> Oddity:
    """First outcome while living elsewhere (OTHER), the next after moving in: no first-time entrant here."""
    life = stage.child(16, at_home=False)
    stage.learns(life)
    district = stage.setting.districts[0].code
    outside = codes.OUT_OF_AREA_DISTRICT
    life.lives_at(
        stage.ago(900), stage.ago(200), "3 Quarry Hill", "ZZ99 9AA", outside, "LIVING_WITH_PARENT_S"
    )
    life.lives_at(stage.ago(199), None, "8 Weir Street", "ZZ99 1BB", district, "LIVING_WITH_PARENT_S")
    _, before, _ = stage.simple(life, 400, "YOUTH_CAUTION")
    _, after, _ = stage.simple(life, 100, "REFERRAL_ORDER", order_weeks=26)
    for ref, status in ((before[0], "OTHER"), (after[0], "LOCAL")):
        stage.book.change(
            "legal_outcome",
            ref,
            stage.book.versions("legal_outcome", ref)[0].known_at,
            residence_at_outcome=status,
        )
    return Oddity("moved_child", (life.ref,), {"outcome": (before[0], after[0])}, (), "OTHER, then LOCAL")


def placed_out_of_area(stage: Stage) -> Oddity:
    """Our looked-after child, placed outside the area during an order: stays LOCAL."""
    life = stage.child(15, at_home=False)
    stage.learns(life)
    district = stage.setting.districts[1].code
    life.lives_at(
        stage.ago(900), stage.ago(120), "11 Kiln Street", "ZZ99 2DD", district, "LIVING_WITH_PARENT_S"
    )
    life.lives_at(
        stage.ago(119),
        None,
        "Placement",
        "ZZ99 9ZZ",
        codes.OUT_OF_AREA_DISTRICT,
        "RESIDENTIAL_UNIT_PRIVATE",
        placed=True,
    )
    life.care.append(Spell(stage.ago(119), None, {"status": "C2"}))
    _, refs, order = stage.simple(life, 90, "REFERRAL_ORDER", order_weeks=39)
    assert order
    told = stage.book.versions("legal_outcome", refs[0])[0].known_at
    stage.book.change("legal_outcome", refs[0], told, residence_at_outcome="LOCAL")
    return Oddity(
        "placed_out_of_area", (life.ref,), {"order": (order,), "outcome": tuple(refs)}, (), "still LOCAL"
    )
