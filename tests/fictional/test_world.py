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
    "twins deleted_child placed_out_of_area"
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
        for table in ("offence", "hearing", "intervention", "address", "education_placement"):
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


def test_school_age_ends_on_the_last_friday_of_june() -> None:
    assert school_age_ends(date(2009, 8, 31)) == date(2025, 6, 27)
    assert school_age_ends(date(2009, 9, 1)) == date(2026, 6, 26)


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
