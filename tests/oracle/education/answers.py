"""All answers about the education of the children of a world as rows of the marts, keyed by what the sources call things."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle.answers import Answers
from tests.oracle.education import attendance, codes, conflicts, exclusions, figures, kpi, needs
from tests.oracle.education.facts import World
from tests.oracle.education.order_ends import OrderEnd, order_ends
from tests.oracle.education.school_age import is_school_age
from tests.oracle.education.spells import Spell, hours_band, hours_estimated, spells
from tests.oracle.education.status import change

ORDER_END, SPELL, CONFLICT = "fct_eet_at_order_end", "fct_eet_spell", "fct_eet_conflict"
MONTH, EXCLUSION, FIGURES = "fct_attendance_month", "fct_exclusion", "int_justice__figure_case"
TABLES = (ORDER_END, SPELL, CONFLICT, MONTH, EXCLUSION, FIGURES)


def answers(world: World, who: int, w: int, as_at: date) -> Answers:
    """Every row about one child of a world; withdrawn ones have none."""
    found: Answers = {table: {} for table in TABLES}
    me = w, who
    child = world.children[who]
    ends = order_ends(world, who, as_at)
    reasons = kpi.reasons(child, ends)
    for ended in ends:
        found[ORDER_END][*me, ended.order.number] = _order_end(
            world, who, ended, reasons[ended.order.number], as_at
        )
    told = spells(world, who, as_at)
    for spell in told:
        found[SPELL][*me, spell.source, spell.start_date, spell.number] = _spell(
            world, who, spell, told, as_at
        )
    for conflict in conflicts.conflicts(told, as_at):
        found[CONFLICT][*me, conflict.code, conflict.source, conflict.other_source, conflict.first_day] = {
            "last_day": conflict.last_day,
            "is_open": conflict.is_open(as_at),
            "days": max(pair.days for pair in conflict.pairs),
            "provision_type_code": conflict.first_pair.one.provision,
            "other_provision_type_code": conflict.first_pair.other.provision,
        }
    for month, half_days in attendance.months(world, who).items():
        found[MONTH][*me, month] = _month(month, half_days)
    for (start, kind, sessions), rows in exclusions.exclusions(world, who).items():
        found[EXCLUSION][*me, start, kind, sessions] = {
            **{
                f"reason_{n}_code": codes.valid_code("code_exclusion_reason", "code", reason, start)
                for n, reason in enumerate(rows[0].reasons, 1)
            },
            "sen_provision_code": codes.valid_code(
                "code_sen_provision", "send_code", rows[0].sen_provision, start
            )
            or codes.NOT_KNOWN,
            "return_term": rows[0].term,
        }
    for key, (numerator, denominator) in figures.contributions(world, who, as_at).items():
        found[FIGURES][*me, *key] = {"numerator": numerator, "denominator": denominator}
    return found


def _order_end(world: World, who: int, ended: OrderEnd, kpi_reason: str, as_at: date) -> dict[str, Any]:
    order, start, end = ended.order, ended.start, ended.end
    return {
        "geography_key": ended.geography_key,
        "order_start_date": order.start_date,
        "order_end_date": ended.end_date,
        "order_type_code": order.kind if order.kind in codes.KINDS else codes.UNMAPPED,
        "team_code": "NORTH",
        "age_at_start": ended.age_at_start,
        "age_at_end": ended.age_at_end,
        "is_counted": ended.is_counted,
        "exclusion_code": ended.exclusion_code,
        "is_of_a_counted_kind": ended.is_of_a_counted_kind,
        "is_in_order": ended.is_in_order,
        "is_ended_by_rule": ended.is_ended_by_rule,
        "is_living_here": ended.is_living_here,
        "is_school_age": end.is_school_age,
        "hours_needed": end.hours_needed,
        "source_code": end.source,
        "placements": len(end.placements),
        "provision_type_code": end.provision,
        "hours_offered": end.hours_offered,
        "hours_attended": end.hours_attended,
        "hours_estimated": end.hours_estimated,
        "hours_band_code": hours_band(end.hours_attended),
        "has_record": end.has_record,
        "is_in_eet": end.is_in_eet,
        "is_every_placement_suitable": end.is_every_placement_suitable,
        "is_suitability_known": end.is_suitability_known,
        "has_known_hours": end.hours_attended is not None,
        "has_enough_hours": end.has_enough_hours,
        "has_25_hours": end.has_25_hours,
        "is_suitable_eet": end.is_suitable_eet,
        "is_suitable_eet_25": end.is_suitable_eet_25,
        "is_suitable_eet_estimated": end.is_suitable_eet_estimated,
        "is_neet": end.is_neet,
        "status_code": end.status_code,
        "reason_code": end.reason_code,
        "witnesses_disagree": end.witnesses_disagree,
        "is_series_break": end.is_series_break,
        "start_source_code": start.source,
        "start_status_code": start.status_code,
        "start_reason_code": start.reason_code,
        "start_is_suitable_eet": start.is_suitable_eet,
        "start_is_every_placement_suitable": start.is_every_placement_suitable,
        "start_is_school_age": start.is_school_age,
        "start_provision_type_code": start.provision,
        "start_hours_offered": start.hours_offered,
        "start_hours_attended": start.hours_attended,
        "start_hours_band_code": hours_band(start.hours_attended),
        "change_code": change(start, end),
        "send_code": needs.send_on(world, who, ended.end_date, as_at),
        "looked_after_code": needs.looked_after_on(world, who, ended.end_date),
        "is_kpi_cohort": kpi_reason == "IN",
        "kpi_reason_code": kpi_reason,
    }


def _spell(world: World, who: int, spell: Spell, told: list[Spell], as_at: date) -> dict[str, Any]:
    born = world.children[who].date_of_birth
    beside = [s for s in told if s is not spell and s.meets(spell)]
    return {
        "end_date": spell.end_date,
        "is_end_estimated": spell.is_end_estimated,
        "is_lapsed": spell.is_lapsed,
        "is_eet": spell.is_eet,
        "provision_type_code": spell.provision,
        "hours_offered": spell.hours_offered,
        "hours_attended": spell.hours_attended,
        "hours_estimated": hours_estimated(world, who, spell),
        "hours_band_code": hours_band(spell.hours_attended),
        "suitability_code": spell.suitability,
        "is_school_age_at_start": is_school_age(spell.start_date, born),
        "is_school_age_at_end": is_school_age(spell.end_date or as_at, born),
        "precedence": codes.precedence(spell.source, spell.start_date),
        "concurrent_spells": sum(s.source == spell.source for s in beside),
        "other_witness_spells": sum(s.source != spell.source for s in beside),
    }


def _month(month: date, half_days: list[attendance.HalfDay]) -> dict[str, Any]:
    def of(*groups: str) -> int:
        return sum(m.group in groups for m in half_days)

    def valid(code: str) -> int:
        return sum(m.group is not None and m.code == code for m in half_days)

    return {
        "sessions_possible": sum(m.is_possible for m in half_days),
        "sessions_attended": of(*attendance.ATTENDED),
        "sessions_late": valid("L"),
        "sessions_authorised": of("AUTHORISED"),
        "sessions_unauthorised": of("UNAUTHORISED"),
        "sessions_unable": of("UNABLE"),
        "sessions_not_counted": of("NOT_COUNTED"),
        "sessions_part_time": valid("C2"),
        "sessions_detained": valid("Y5"),
        "sessions_unmapped": sum(m.group is None for m in half_days),
        "hours_estimated": attendance.hours_estimated(half_days),
        "is_series_break": attendance.is_month_of_closure(month),
    }
