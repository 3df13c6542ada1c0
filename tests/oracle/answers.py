"""All answers about a child as rows of the marts, keyed by what the sources call things.

A row is ``Answers[table][key][column]``. An offence is called by its number in the case system, else by
arrest and sequence; an outcome by offence and its number or what was decided when; a child by its world and place in it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle import (
    checkpoints,
    cohorts,
    custody,
    figures,
    index_events,
    offences,
    out_of_court,
    outcomes,
    remand,
    reoffences,
)
from tests.oracle import first_time_entrants as entrants
from tests.oracle.codes import legal_outcomes
from tests.oracle.days import age_on
from tests.oracle.facts import Child

Answers = dict[str, dict[tuple, dict[str, Any]]]
VARIANT, JUDGED = "int_justice__cohort_member", "int_justice__cohort_offence"
FIGURES = "int_justice__figure_case"
TABLES = (
    "fct_offence", "fct_outcome", "fct_index_event", "fct_cohort_member", "fct_cohort_checkpoint", VARIANT,
    JUDGED, "fct_sentencing_occasion", "fct_remand_episode", "fct_remand_night", "fct_out_of_court_disposal",
    FIGURES,
)  # fmt: skip


def outcome_type_key(code: str | None) -> str:
    """As dim_outcome knows it."""
    return code if code in legal_outcomes() else "-1"


def offence_name(offence: offences.Offence) -> Any:
    """Number in the case system, else arrest and sequence."""
    return offence.recorded if offence.recorded is not None else offence.police


def outcome_name(outcome: outcomes.Outcome) -> tuple:
    """Number in the case system, else what was decided when, which police and courts may both tell."""
    feed, _, key = outcome.records[0]
    if feed == "case_system":
        return offence_name(outcome.offence), key[0]
    return offence_name(outcome.offence), outcome.legal_outcome, outcome.outcome_date


def answers(child: Child, who: tuple[int, int], as_at: date) -> Answers:
    """Every row about one child, of whom nothing is known where it was withdrawn at the source."""
    found: Answers = {table: {} for table in TABLES}
    if child.is_deleted:
        return found
    _facts(child, who, as_at, found)
    _follow_up(child, who, as_at, found)
    for key, (numerator, denominator) in figures.contributions(child, as_at).items():
        found[FIGURES][*who, *key] = {"numerator": numerator, "denominator": denominator}
    return found


def _facts(child: Child, who: tuple[int, int], as_at: date, found: Answers) -> None:
    born = child.date_of_birth
    for offence in offences.offences(child):
        found["fct_offence"][*who, offence_name(offence)] = {
            "offence_date": offence.offence_date,
            "arrest_date": offence.arrest_date,
            "first_hearing_date": offence.first_hearing_date,
            "age_at_offence": age_on(offence.offence_date, born),
            "age_at_arrest_or_offence": age_on(offence.arrest_or_offence_date, born),
            "age_at_first_hearing": age_on(offence.first_hearing_date, born),
            "is_breach": offence.is_breach,
            "is_tic": offence.is_tic,
            "is_bail_offence": offence.is_bail_offence,
            "is_serious_violence": offence.is_serious_violence,
            "is_knife_related": offence.is_knife_related,
            "is_disagreement": offence.is_disagreement,
        }
    entry = entrants.first_time_entry(child)
    for outcome in outcomes.outcomes(child):
        is_entry = entry is not None and outcome.records == entry.records
        found["fct_outcome"][*who, *outcome_name(outcome)] = {
            "outcome_type_key": outcome_type_key(outcome.legal_outcome),
            "outcome_date": outcome.outcome_date,
            "age_at_outcome": age_on(outcome.outcome_date, born),
            "residence_code": outcome.residence_code,
            "tier_code": outcome.tier_code,
            "is_substantive": outcome.is_substantive,
            "is_custody": outcome.kind.is_custody,
            "is_court_disposal": outcome.kind.is_court_disposal,
            "is_breach": outcome.offence.is_breach,
            "is_appealed_away": outcome.is_appealed_away,
            "is_first_time_entrant": is_entry,
            "fte_confidence_code": entrants.confidence_code(child) if is_entry else "NOT_APPLICABLE",
        }
    for occasion in custody.occasions(child):
        found["fct_sentencing_occasion"][*who, occasion.occasion_date] = {
            "outcome_type_key": outcome_type_key(occasion.legal_outcome),
            "offences": occasion.offences,
            "is_custody": occasion.is_custody,
            "is_counted": occasion.is_counted,
            "custody_days": occasion.custody_days,
        }
    for episode in remand.episodes(child, as_at):
        found["fct_remand_episode"][*who, episode.start_date] = {
            "remand_class_code": episode.remand_class,
            "end_date": episode.end_date,
            "nights": episode.nights,
            "outcome_type_key": outcome_type_key(episode.ended_by) if episode.ended_by else "-2",
            "is_counted": episode.is_counted,
            "is_long_without_custody": episode.is_long_without_custody,
        }
        for quarter, nights in episode.nights_by_quarter.items():
            found["fct_remand_night"][*who, episode.start_date, quarter] = {"nights": nights}
    for delivery in out_of_court.deliveries(child, as_at):
        found["fct_out_of_court_disposal"][*who, delivery.record] = {
            "is_caution": delivery.is_caution,
            "is_open": delivery.is_open,
            "days_to_decision": delivery.days_to_decision,
            "days_to_delivery": delivery.days_to_delivery,
            "working_days_to_delivery": delivery.working_days_to_delivery,
            "days_open": delivery.days_open,
        }


def _follow_up(child: Child, who: tuple[int, int], as_at: date, found: Answers) -> None:
    for event in index_events.index_events(child):
        kind = (
            event.index_date,
            event.event_type_code,
            event.is_breach,
            event.is_living_here,
            event.is_appealed_away,
        )
        found["fct_index_event"][*who, *kind] = {
            "outcome_type_key": outcome_type_key(event.legal_outcome),
            "outcome_rank": event.rank,
            "tier_code": event.tier_code,
            "age_at_index": event.age_at_index,
        }
    proven = reoffences.proven_offences(child)
    for member in cohorts.members(child, as_at):
        is_variant = member.rule in cohorts.VARIANTS
        table = VARIANT if is_variant else "fct_cohort_member"
        row = _member(member, proven)
        if is_variant:  # counts to add up are made in the mart
            row = {
                name: value
                for name, value in row.items()
                if name not in ("children_in_cohort", "reoffenders")
            }
        found[table][*who, member.window.cohort_code] = row
        if not member.is_in_cohort:
            continue
        for one in proven:
            if one.offence.offence_date < member.event.index_date:
                continue  # never a reoffence, however late it was sentenced
            judged = reoffences.judge(member, one)
            found[JUDGED][*who, member.window.cohort_code, offence_name(one.offence)] = {
                "is_after_index": judged.is_after_index,
                "is_within_follow_up": judged.is_within_follow_up,
                "is_proven_in_time": judged.is_proven_in_time,
                "is_not_breach": judged.is_not_breach,
                "is_not_tic": judged.is_not_tic,
                "is_counted_bail": judged.is_counted_bail,
                "is_counted_recordable": judged.is_counted_recordable,
                "is_reoffence": judged.is_reoffence,
                "is_calendar_reoffence": judged.is_calendar_reoffence,
            }
        if is_variant:
            continue
        for point in checkpoints.checkpoints(member, proven, as_at):
            found["fct_cohort_checkpoint"][
                *who, member.window.cohort_code, point.basis_code, point.months
            ] = {
                "checkpoint_date": point.checkpoint_date,
                "reoffences": point.reoffences,
                "reoffences_proven_by_checkpoint": point.reoffences_proven_by_checkpoint,
                "is_reoffender": point.is_reoffender,
                "is_reached": point.is_reached,
            }


def _member(member: cohorts.Member, proven: list[reoffences.ProvenOffence]) -> dict[str, Any]:
    event, became = member.event, reoffences.followed(member, proven)
    row: dict[str, Any] = {
        "rule_code": member.rule.code,
        "event_type_code": event.event_type_code,
        "outcome_type_key": outcome_type_key(event.legal_outcome),
        "index_date": event.index_date,
        "tier_code": event.tier_code,
        "age_at_index": event.age_at_index,
        "is_in_cohort": member.is_in_cohort,
        "reason_code": member.reason_code,
        "is_aged_10_to_17": member.is_aged_10_to_17,
        "is_living_here": member.is_living_here,
        "is_not_appealed": member.is_not_appealed,
        "is_not_breach": member.is_not_breach,
        "children_in_cohort": int(member.is_in_cohort),
    }
    if not member.is_in_cohort:
        return row | dict.fromkeys(("reoffences", "is_reoffender", "reoffenders", "first_reoffence_date"))
    return row | {
        "reoffences": became.reoffences,
        "is_reoffender": became.is_reoffender,
        "reoffenders": int(became.is_reoffender),
        "first_reoffence_date": became.first_reoffence_date,
        "days_to_first_reoffence": became.days_to_first_reoffence,
        "follow_up_end": member.follow_up_end,
        "proven_by": member.proven_by,
        "is_follow_up_complete": member.is_follow_up_complete,
        "is_final": member.is_final,
        "is_exposure_incomplete": member.is_exposure_incomplete,
    }
