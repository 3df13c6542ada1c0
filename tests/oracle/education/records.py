"""A world of education as rows of raw: what the sources would have written. FICTIONAL; no number can exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.oracle.education.facts import FORMER, OF_THE_FIRST_CHILD, Child, World
from tests.oracle.education.terms import returned_on, terms, told_on
from tests.oracle.records import FIRST_NUMBER, Names, Row, optional, text
from yos_warehouse.fictional import identifiers

FORMER_NUMBERS = 50_000
ADULT_BIRTH = "1990-05-05"  # of pupils whom nobody knows: they only show that a return was made
RECORDED = -10  # days from the as-at day


def worlds_rows(worlds: list[World], as_at: date) -> Iterator[Row]:
    """Everything delivered of all worlds, and pupils nobody knows, so that each term has its return."""
    for term in terms(as_at):
        yield _nobody(term, "9990000", 0)
    for w, world in enumerate(worlds):
        for c, child in enumerate(world.children):
            yield from child_rows(Names(w, c), child)


def upn(names: Names, number: int | None) -> str | None:
    """Pupil number of the child, of its past, or of the first child of its world."""
    if number is None:
        return None
    if number == OF_THE_FIRST_CHILD:
        names = Names(names.world, 0)
    own = names.number - FIRST_NUMBER
    return identifiers.upn(own + (FORMER_NUMBERS if number == FORMER else 0), 2014)


def school_id(names: Names, school: int) -> str:
    """Of no real authority."""
    return f"999{names.number - FIRST_NUMBER:05d}{school}"


def pupil_id(names: Names, record: str, school: int) -> str:
    """Number of a pupil (P) or leaver (L) in a return."""
    return f"{record}{names.number}{school}"


def _nobody(term: str, school: str, child: int) -> Row:
    pupil = f"N{child}{school}"
    return "education__census_pupil", f"{term}|{pupil}|{school}", {
        "business_date": returned_on(term), "pupil_id": pupil, "school_id": school, "given_name": "Nobody",
        "family_name": "Fictional", "date_of_birth": ADULT_BIRTH, "entry_date": "2015-09-01", "is_part_time": "false",
        "enrolment_status": "C", "sen_provision": "N",
    }, RECORDED  # fmt: skip


def child_rows(names: Names, child: Child) -> Iterator[Row]:
    """Everything delivered of one child."""
    yield from _case_system(names, child)
    yield from _census(names, child)
    yield from _participation(names, child)
    yield from _transfers(names, child)
    who = _who(names, child)
    for plan in child.plans:
        plan_id = f"E{names.number}-{plan.number}"
        yield "education__ehc_plan", plan_id, {
            **(who if plan.has_birth else who | {"date_of_birth": None}), "plan_id": plan_id, "upn": upn(names, plan.upn),
            "start_date": _day(plan.start_date), "end_date": optional(names, plan.end_date, "plan", plan.number),
        }, RECORDED  # fmt: skip
    for m in child.marks:
        number = upn(names, m.upn)
        yield "education__attendance_mark", f"{number}|{m.day.isoformat()}|{m.session}", {
            "upn": number, "school_id": school_id(names, m.school), "mark_date": m.day.isoformat(), "session": m.session,
            "attendance_code": m.code,
        }, RECORDED  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _who(names: Names, child: Child) -> dict[str, Any]:
    return {
        "given_name": names.given_name,
        "family_name": names.family_name,
        "date_of_birth": _day(child.date_of_birth),
    }


def _case_system(names: Names, child: Child) -> Iterator[Row]:
    person = names.person_id
    if child.is_told:
        yield "case_system__person", person, {
            **_who(names, child), "person_id": person, "pnc_id": names.pnc_id, "sex": "1", "ethnicity": "W1",
            "is_deleted": text(child.is_deleted), "upn": upn(names, child.upn),
        }, RECORDED  # fmt: skip
    for order in child.orders:
        programme_id = names.case_system("I", order.number)
        yield "case_system__intervention_programme", programme_id, {
            "programme_id": programme_id, "person_id": person, "start_date": order.start_date.isoformat(),
            "end_date": optional(names, order.end_date, "order", order.number), "disposal_type": order.kind,
            "end_reason": order.end_reason, "team_code": "NORTH", "released_on": None, "planned_end_date": None,
        }, RECORDED  # fmt: skip
        for number in order.offences:
            offence_id = names.case_system("O", number)
            yield "case_system__programme_offence", f"{programme_id}|{offence_id}", {
                "programme_id": programme_id, "offence_id": offence_id,
            }, RECORDED  # fmt: skip
    for number in sorted(
        {n for order in child.orders for n in order.offences} | {x.offence for x in child.outcomes}
    ):
        offence_id = names.case_system("O", number)
        yield "case_system__offence", offence_id, {
            "offence_id": offence_id, "person_id": person, "cjs_code": "TH68010", "offence_date": f"2019-01-{number:02d}",
        }, RECORDED  # fmt: skip
    for x in child.outcomes:
        outcome_id = names.case_system("X", x.number)
        yield "case_system__offence_outcome", outcome_id, {
            "outcome_id": outcome_id, "offence_id": names.case_system("O", x.offence),
            "outcome_date": x.outcome_date.isoformat(), "legal_outcome": x.legal_outcome,
            "appeal_status": x.appeal_status, "residence_status": x.residence_status,
        }, 2 if x.is_told_later else RECORDED  # fmt: skip
    for r in child.residences:
        residence_id = names.case_system("R", r.number)
        yield "case_system__residence", residence_id, {
            "residence_id": residence_id, "person_id": person, "start_date": r.start_date.isoformat(),
            "end_date": optional(names, r.end_date, "home", r.number), "district_code": r.district_code,
        }, RECORDED  # fmt: skip
    for p in child.placements:
        ete_id = names.case_system("E", p.number)
        yield "case_system__ete_status", ete_id, {
            "ete_id": ete_id, "person_id": person, "start_date": p.start_date.isoformat(),
            "end_date": optional(names, p.end_date, "placement", p.number), "provision_type": p.provision,
            "suitability": p.suitability, "hours_offered": p.hours_offered, "hours_attended": p.hours_attended,
        }, 2 if p.is_told_later else RECORDED  # fmt: skip
    for need in child.needs:
        send_id = names.case_system("N", need.number)
        yield "case_system__send", send_id, {
            "send_id": send_id, "person_id": person, "start_date": need.start_date.isoformat(),
            "end_date": optional(names, need.end_date, "need", need.number),
            "is_identified": text(need.is_identified), "has_formal_plan": text(need.has_formal_plan),
        }, RECORDED  # fmt: skip
    for care in child.care:
        care_id = names.case_system("C", care.number)
        yield "case_system__care_status", care_id, {
            "care_id": care_id, "person_id": person, "status": care.status, "start_date": care.start_date.isoformat(),
            "end_date": optional(names, care.end_date, "care", care.number),
        }, RECORDED  # fmt: skip


def _census(names: Names, child: Child) -> Iterator[Row]:
    who = _who(names, child)
    for term, school in child.returns:
        yield _nobody(term, school_id(names, school), 1)
    for p in child.on_roll:
        pupil, school = pupil_id(names, "P", p.school), school_id(names, p.school)
        yield "education__census_pupil", f"{p.term}|{pupil}|{school}", {
            **(who if p.has_birth else who | {"date_of_birth": None}), "business_date": told_on(p.term, p.is_mended),
            "pupil_id": pupil, "school_id": school, "upn": upn(names, p.upn), "former_upn": upn(names, p.former_upn),
            "entry_date": optional(names, p.entry_date, "entry", p.term, p.school), "is_part_time": text(p.is_part_time),
            "enrolment_status": p.enrolment_status, "sen_provision": p.sen_provision,
        }, RECORDED  # fmt: skip
    for gone in child.leavers:
        pupil, school = pupil_id(names, "L", gone.school), school_id(names, gone.school)
        yield "education__census_leaver", f"{gone.term}|{pupil}|{school}", {
            **(who if gone.has_birth else who | {"date_of_birth": None}), "business_date": returned_on(gone.term),
            "pupil_id": pupil, "school_id": school, "upn": upn(names, gone.upn),
            "entry_date": optional(names, gone.entry_date, "entry", gone.term, gone.school),
            "leaving_date": optional(names, gone.leaving_date, "left", gone.term, gone.school),
            "is_part_time": text(gone.is_part_time),
        }, RECORDED  # fmt: skip
    on_roll = {(p.term, p.school) for p in child.on_roll}
    for e in child.exclusions:
        pupil = pupil_id(names, "P" if (e.term, e.school) in on_roll else "L", e.school)
        school = school_id(names, e.school)
        yield "education__census_exclusion", f"{e.term}|{pupil}|{school}|{e.row}", {
            "business_date": returned_on(e.term), "pupil_id": pupil, "school_id": school, "row_id": str(e.row),
            "start_date": optional(names, e.start_date, "out", e.term, e.row), "category": e.category,
            "reason_1": e.reasons[0], "reason_2": e.reasons[1], "reason_3": e.reasons[2], "sessions": text(e.sessions),
            "sen_provision": e.sen_provision,
        }, RECORDED  # fmt: skip


def _participation(names: Names, child: Child) -> Iterator[Row]:
    told = child.young_person
    if told is None:
        return
    number = f"Y{names.number}"
    who = _who(names, child)
    yield "education__young_person", number, {
        **(who if told.has_birth else who | {"date_of_birth": None}), "young_person_id": number, "upn": upn(names, told.upn),
        "cohort_status": "P",
    }, RECORDED  # fmt: skip
    for a in told.activities:
        start = a.start_date.isoformat() if a.start_date else "1900-01-01"
        yield "education__young_person_activity", f"{number}|{start}|{a.code}", {
            "young_person_id": number, "activity_code": a.code, "activity_start_date": start,
            "activity_valid_until": optional(names, a.valid_until, "activity", start, a.code),
        }, RECORDED  # fmt: skip


def _transfers(names: Names, child: Child) -> Iterator[Row]:
    for t in child.transfers:
        number = upn(names, t.upn)
        yield "education__transfer_pupil", f"{number}|9990001|{t.sent_on.isoformat()}T{t.number:02d}", {
            **_who(names, child), "upn": number, "former_upn": upn(names, t.former_upn), "source_school": "9990001",
            "sent_on": t.sent_on.isoformat(),
        }, RECORDED  # fmt: skip
    for s in child.schools:
        number, school = upn(names, s.upn), school_id(names, s.school)
        entry = s.entry_date.isoformat() if s.entry_date else "1900-01-01"
        yield "education__transfer_school", f"{number}|{school}|{entry}", {
            "upn": number, "school_id": school, "entry_date": entry,
            "leaving_date": optional(names, s.leaving_date, "school", s.school, entry),
        }, RECORDED  # fmt: skip


def owners(names: Names, child: Child) -> Iterator[tuple[str, str, str]]:
    """Records by which the child is known or attached: feed, entity, source id."""
    if child.is_told:
        yield "case_system", "person", names.person_id
    for entity, record in (("census_pupil", "P"), ("census_leaver", "L")):
        for row in child.on_roll if record == "P" else child.leavers:
            pupil = pupil_id(names, record, row.school)
            yield "education", entity, f"{row.term}|{pupil}|{school_id(names, row.school)}"
    yield "education", "young_person", f"Y{names.number}"
    for plan in child.plans:
        yield "education", "ehc_plan", f"E{names.number}-{plan.number}"
    for t in child.transfers:
        yield (
            "education",
            "transfer_pupil",
            f"{upn(names, t.upn)}|9990001|{t.sent_on.isoformat()}T{t.number:02d}",
        )
