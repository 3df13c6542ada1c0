"""The world: same seed same world, all oddities, plausible lives, and nightly only what happened."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest

from yos_warehouse.fictional.case_system import TABLES, case_rows
from yos_warehouse.fictional.oddities import TELLERS
from yos_warehouse.fictional.setting import age_on, school_age_ends
from yos_warehouse.fictional.world import World, make_world

NAMED = (
    "late_result amended_charge duplicate_person alias bad_pnc_form missing_hours overlapping_spells "
    "moved_child day_month_swap leap_day_birthday two_orders_ended_same_day open_spell_1900 "
    "breach_as_offence tic_offence adult_court_result appealed_outcome missing_birth_date unknown_code "
    "twins deleted_child placed_out_of_area open_panel still_inside moved_in_known remands "
    "court_decides court_decides_nothing court_occasion court_amended court_shapes court_breach "
    "hours_offered_only no_eet_record school_age_boundary remand_only_care order_expected_end order_appealed_away "
    "participation_disagrees lapsed_activity merged_young_person part_time_timetable detained "
    "withdrawn_attendance_code changed_school unknown_destination former_upn temporary_upn suspension_told_twice "
    "care_plans father_and_son three_aliases two_pnc_ids adopted_child standing_for_nothing"
)
DAY = timedelta(days=1)


def rows(world: World, table: str, night: date | None = None) -> dict[str, dict[str, Any]]:
    """Records of a case system table by their first column."""
    return {next(iter(row.values())): row for row in world.book.as_at(table, night or world.setting.night0)}


def test_the_same_seed_gives_the_same_world_and_another_seed_another(world: World) -> None:
    again = make_world(7, "small", canary=True)
    other = make_world(8, "small", canary=True)
    for night in (world.setting.night0, world.setting.night0 + 40 * DAY):
        assert case_rows(again, night) == case_rows(world, night)
        assert case_rows(other, night) != case_rows(world, night)


def test_the_canary_changes_nothing_else(world: World) -> None:
    without = make_world(7, "small")
    assert without.canary is None
    night = world.setting.night0
    assert set(rows(without, "offence")) < set(rows(world, "offence"))
    assert all(
        rows(world, "offence", night)[ref] == row for ref, row in rows(without, "offence", night).items()
    )


@pytest.mark.parametrize("arguments", [{"children": 60, "years": 2}, {"size": "small"}])
def test_every_oddity_is_there_in_every_size(arguments: dict[str, Any]) -> None:
    made = make_world(3, **arguments)
    for name in NAMED.split():
        oddity = made.oddity(name)
        assert oddity.children and oddity.note
        known = {row["person_ref"] for row in made.book.as_at("person", made.setting.night0)}
        assert set(oddity.children) <= known
    assert len(made.oddities) == len(TELLERS)
    with pytest.raises(KeyError):
        made.oddity("no_such_thing")


def test_a_small_world_has_about_200_children_and_is_made_in_under_three_seconds() -> None:
    began = time.process_time()
    made = make_world(11, "small")
    assert time.process_time() - began < 3
    assert 190 <= len(rows(made, "person")) <= 215


def test_the_next_night_differs_only_by_what_was_recorded_then(world: World) -> None:
    for n in range(0, 60):
        night, following = world.setting.night0 + n * DAY, world.setting.night0 + (n + 1) * DAY
        for table in TABLES:
            before, after = rows(world, table, night), rows(world, table, following)
            if table == "intervention_offence":
                continue  # keyed by two columns
            for ref in before.keys() | after.keys():
                if before.get(ref) != after.get(ref):
                    assert following in [version.known_at for version in world.book.versions(table, ref)]


def test_records_belong_to_children_the_case_system_knows(world: World) -> None:
    for n in (-700, -30, 0, 30):
        night = world.setting.night0 + n * DAY
        known, offences = set(rows(world, "person", night)), rows(world, "offence", night)
        for table in ("offence", "hearing", "intervention", "assessment", "address", "education_placement"):
            assert {row["person_ref"] for row in rows(world, table, night).values()} <= known
        orphans = {row["offence_ref"] for row in rows(world, "legal_outcome", night).values()} - set(offences)
        assert orphans <= {"F99998-001"}


def test_late_results_are_unknown_until_they_are_told(world: World) -> None:
    odd = world.oddity("late_result")
    for outcome, told in zip(odd.records["outcome"], odd.known_at, strict=True):
        assert outcome not in rows(world, "legal_outcome", told - DAY)
        row = rows(world, "legal_outcome", told)[outcome]
        assert (told - row["outcome_date"]).days > 150
    assert odd.known_at[0] <= world.setting.night0 < odd.known_at[1]


def test_amended_charges_change_on_their_day(world: World) -> None:
    odd = world.oddity("amended_charge")
    for offence, asn, told in zip(odd.records["offence"], odd.records["asn"], odd.known_at, strict=True):
        assert rows(world, "offence", told - DAY)[offence]["cjs_code"] == "OF61131"
        assert rows(world, "offence", told)[offence]["cjs_code"] == "OF61102"
        assert [v.values["code"] for v in world.book.versions("police_charge", (asn, 1)) if v.values] == [
            "OF61131",
            "OF61102",
        ]


def test_oddities_of_people_are_what_they_say(world: World) -> None:
    person = rows(world, "person")
    one, two = (person[ref] for ref in world.oddity("twins").children)
    assert (one["last_name"], one["birth_date"]) == (two["last_name"], two["birth_date"])
    assert one["first_name"] != two["first_name"] and one["pnc"] != two["pnc"]
    first, second, third, fourth = (person[ref] for ref in world.oddity("duplicate_person").children)
    assert first["pnc"].lower() == second["pnc"] and first["birth_date"] == second["birth_date"]
    assert third["birth_date"] == fourth["birth_date"] and fourth["pnc"] is None
    assert third["last_name"] != fourth["last_name"] and sorted(third["last_name"]) == sorted(
        fourth["last_name"]
    )
    (leap,) = world.oddity("leap_day_birthday").children
    birth = person[leap]["birth_date"]
    assert (birth.month, birth.day) == (2, 29)
    assert [person[ref]["birth_date"] for ref in world.oddity("missing_birth_date").children] == [
        None,
        date(1900, 1, 1),
    ]
    (swapped,) = world.oddity("day_month_swap").records["asn"]
    police = world.book.versions("police_arrest", swapped)[0].values
    ours = person[world.oddity("day_month_swap").children[0]]["birth_date"]
    assert police and (police["birth"].day, police["birth"].month) == (ours.month, ours.day) != (
        ours.day,
        ours.month,
    )
    names = {
        (person[ref]["first_name"], person[ref]["last_name"]) for ref in world.oddity("exotic_names").children
    }
    assert {("Declan", "O'Brien"), ("Zoë", "O’Neill"), ("Wei", "Ng")} <= names
    assert {"Null", "None", "NA", "True"} <= {family for _, family in names}


def test_deleted_children_keep_nothing_but_their_mark(world: World) -> None:
    odd = world.oddity("deleted_child")
    for child, told in zip(odd.children, odd.known_at, strict=True):
        assert not rows(world, "person", told - DAY)[child]["is_deleted"]
        assert rows(world, "person", told)[child]["is_deleted"]
        for table in ("offence", "address", "education_placement"):
            assert any(row["person_ref"] == child for row in rows(world, table, told - DAY).values())
            assert not any(row["person_ref"] == child for row in rows(world, table, told).values())


def test_oddities_of_orders_and_spells_are_what_they_say(world: World) -> None:
    orders, spells = rows(world, "intervention"), rows(world, "education_placement")
    ends = {orders[ref]["end_date"] for ref in world.oddity("two_orders_ended_same_day").records["order"]}
    assert len(ends) == 1 and None not in ends
    hours = [spells[ref]["hours_offered"] for ref in world.oddity("missing_hours").records["ete"]]
    assert hours == [None, "999.0"]
    (open_spell,) = world.oddity("open_spell_1900").records["ete"]
    assert spells[open_spell]["end_date"] == date(1900, 1, 1)
    for name in ("missing_hours", "overlapping_spells", "open_spell_1900"):
        for order in world.oddity(name).records["order"]:
            assert orders[order]["end_date"] < world.setting.night0
    outcomes = rows(world, "legal_outcome")
    before, after = (outcomes[ref] for ref in world.oddity("moved_child").records["outcome"])
    assert (before["residence_at_outcome"], after["residence_at_outcome"]) == ("OTHER", "LOCAL")
    assert before["outcome_date"] < after["outcome_date"]
    offences = rows(world, "offence")
    (breach,) = world.oddity("breach_as_offence").records["offence"]
    assert offences[breach]["breach_of_order_ref"] in orders
    (tic,) = world.oddity("tic_offence").records["offence"]
    assert offences[tic]["is_taken_into_consideration"]
    (adult,) = world.oddity("adult_court_result").records["asn"]
    assert not any(row["asn"] == adult for row in offences.values())
    told = world.book.versions("police_arrest", adult)[0].values
    assert told and age_on(told["day"], told["birth"]) == 18


def test_panels_send_the_referral_before_the_decision_and_the_issue(world: World) -> None:
    night = world.setting.night0
    told = {(row["asn"], row["sequence"]): row for row in world.book.as_at("police_oocd", night)}
    first, long, decided = (told[(asn, 1)] for asn in world.oddity("open_panel").records["asn"])
    assert not {"outcome", "decided", "issued"} & (first.keys() | long.keys())
    assert decided["outcome"] == "2" and decided["decided"] and "issued" not in decided
    closed = 0
    for key, row in told.items():
        versions = [version.values or {} for version in world.book.versions("police_oocd", key)]
        assert row["referred"] and (row.get("decided") or not row.get("outcome"))
        if "issued" in row and len(versions) == 3:
            closed += 1
            assert [("decided" in one, "issued" in one) for one in versions] == [
                (False, False), (True, False), (True, True),
            ]  # fmt: skip
    assert closed > 20


def test_custody_has_its_day_of_release_halfway(world: World) -> None:
    orders = rows(world, "intervention")
    (inside,) = world.oddity("still_inside").records["order"]
    assert orders[inside]["released_on"] is None and orders[inside]["end_date"] is None
    ended, running = (orders[ref] for ref in world.oddity("custody").records["order"])
    assert ended["start_date"] < ended["released_on"] < ended["end_date"]
    assert running["start_date"] < running["released_on"] < world.setting.night0
    assert all(row["disposal_type"] == "CUSTODIAL_SENTENCE" for row in orders.values() if row["released_on"])


def test_checks_on_the_police_computer_know_what_lies_before_the_first_local_outcome(world: World) -> None:
    checks = world.book.as_at("police_pnc_check", world.setting.night0)
    odd = world.oddity("moved_in_known")
    local = rows(world, "legal_outcome")[odd.records["outcome"][0]]["outcome_date"]
    held = [row["first"] for row in checks if (row["pnc"],) == odd.records["pnc"]]
    assert held and all(first and first < local for first in held)
    children = {row["pnc"] for row in world.book.as_at("police_arrest", world.setting.night0)}
    assert 0.7 < len({row["pnc"] for row in checks}) / len(children) < 1
    assert sum(row["first"] is None for row in checks) > len(checks) / 2
    assert all(row["first"] is None or row["first"] <= row["day"] for row in checks)


def test_hearings_have_every_remand_decision_and_some_long_remands(world: World) -> None:
    hearings = rows(world, "hearing")
    assert {row["remand_decision"] for row in hearings.values()} == {"UB", "CB", "LA", "PR", "NA", None}
    first, second, sentence = (hearings[ref] for ref in world.oddity("remands").records["hearing"][:3])
    assert first["remand_decision"] == second["remand_decision"] == "PR"
    assert (sentence["hearing_date"] - first["hearing_date"]).days > 28


def test_offences_and_assessments_have_the_boards_codes(world: World) -> None:
    offences = rows(world, "offence").values()
    filled = [row for row in offences if row.get("yjb_category")]
    assert 0.8 < len(filled) / len(offences) < 1
    assert all(1 <= row["yjb_score"] <= 8 for row in filled)
    assessments = rows(world, "assessment").values()
    assert {row["stage"] for row in assessments} == {"ORDER_START", "REVIEW"}
    assert {row["likelihood"] for row in assessments} >= {"LOW", "MEDIUM", "HIGH"}
    assert all(0 <= float(row["yogrs"]) <= 100 for row in assessments if row["yogrs"])


def test_school_age_ends_on_the_last_friday_of_june() -> None:
    assert school_age_ends(date(2009, 8, 31)) == date(2025, 6, 27)
    assert school_age_ends(date(2009, 9, 1)) == date(2026, 6, 26)


@pytest.mark.slow
def test_lives_are_plausible() -> None:
    """Rates near those of domain.md 6.3, over the sizes' long run."""
    made = make_world(5, children=1000, years=6)
    night = made.setting.night0
    offences = rows(made, "offence")
    proven: dict[str, list[tuple[date, date]]] = {}
    sentenced: dict[str, set[str]] = {}
    for outcome in rows(made, "legal_outcome").values():
        offence = offences.get(outcome["offence_ref"])
        if not offence or not outcome["is_substantive_flag"] or offence["breach_of_order_ref"]:
            continue
        proven.setdefault(offence["person_ref"], []).append(
            (outcome["outcome_date"], offence["offence_start"])
        )
        if outcome["hearing_ref"]:
            sentenced.setdefault(offence["person_ref"], set()).add(outcome["legal_outcome"])
    children = reoffences = 0
    for year in range(night.year - 4, night.year):
        for child in proven:
            index = [day for day, _ in proven[child] if date(year, 1, 1) <= day <= date(year, 3, 31)]
            if index:
                children += 1
                reoffences += sum(min(index) < on <= min(index) + 365 * DAY for _, on in proven[child])
    assert 0.6 < reoffences / children < 1.6
    custody = sum(any(o.startswith(("DETENTION", "SECTION")) for o in s) for s in sentenced.values())
    assert 0.01 < custody / len(sentenced) < 0.10
