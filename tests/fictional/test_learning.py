"""Education, employment and training: what practitioners, schools and the participation team know agrees, but for what is told."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from yos_warehouse.fictional import identifiers
from yos_warehouse.fictional.census_files import census_files
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.feeds import education_drop
from yos_warehouse.fictional.lives import OPEN_END, Life
from yos_warehouse.fictional.setting import school_age_ends
from yos_warehouse.fictional.world import World, make_world

DAY = timedelta(days=1)
Row = dict[str, str]


def table(drops: Path, pattern: str) -> list[Row]:
    """Rows of all CSV files of the education feed that fit a pattern, oldest delivery first."""
    rows: list[Row] = []
    for path in sorted((drops / "education").glob(f"*/{pattern}")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return rows


def newest_extract(drops: Path) -> ElementTree.Element:
    """The last participation extract."""
    return ElementTree.parse(sorted((drops / "education").glob("*/nccis_*.xml"))[-1]).getroot()


def transfers(drops: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    """Name and content of each transfer file."""
    for path in sorted((drops / "education").glob("*/*_CTF_*.xml")):
        yield path.name, ElementTree.parse(path).getroot()


def only(world: World, name: str) -> Life:
    """The one child of an oddity."""
    (child,) = world.oddity(name).children
    return world.life(child)


# -- what everything says ------------------------------------------------------------------------------------


def test_every_pupil_number_is_impossible_and_fits_its_letter(drops: Path) -> None:
    numbers = {
        row[name] for row in table(drops, "*onroll.csv") for name in ("upn", "formerupn") if name in row
    }
    numbers |= {row["UPN"] for row in table(drops, "attendance*.csv")} | {
        row["upn"] for row in table(drops, "ehc_plan*.csv")
    }
    for _, root in transfers(drops):
        numbers |= {one.text or "" for name in ("UPN", "FormerUPN") for one in root.iter(name)}
    numbers |= {one.text or "" for one in newest_extract(drops).iter("UPN")}
    numbers = {number for number in numbers if number and not number.endswith("-")}  # the canary's bad row
    assert len(numbers) > 200 and any(number[-1].isalpha() for number in numbers)
    for number in numbers:
        assert re.fullmatch(r"[A-HJ-NP-RT-Z]999\d{8}[\dA-HJ-NP-RT-Z]", number)
        last = number[-1]
        worth = int(last) if last.isdigit() else identifiers.UPN_ALPHABET.index(last)
        total = sum(int(digit) * weight for digit, weight in zip(number[1:12], range(2, 13), strict=True))
        assert number[0] == identifiers.UPN_ALPHABET[(total + 13 * worth) % 23]


def test_no_two_children_share_a_pupil_number(world: World) -> None:
    twice = set(world.oddity("duplicate_person").children)
    lives = [life for life in world.lives if life.ref not in twice]
    numbers = [life.upn for life in lives] + [life.earlier_upn[0] for life in lives if life.earlier_upn]
    assert len(set(numbers)) == len(numbers)


def test_everything_says_that_it_is_fictional(drops: Path) -> None:
    for path in (drops / "education").rglob("*.xml"):
        assert "FICTIONAL" in path.read_text("utf-8")
        schools = [one.text or "" for one in ElementTree.parse(path).getroot().iter("LEA")]
        assert all(school in ("999", "XXX", "MMM") for school in schools)


def test_the_same_drop_comes_out_whatever_was_asked_for_before(world: World, drops: Path) -> None:
    drop = education_drop(make_world(7, "small", canary=True), world.setting.night0)
    assert drop
    folder = drops / "education" / world.setting.night0.isoformat()
    assert {name: content for name, (content, _) in drop.files.items()} == {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"
    }


# -- bands ---------------------------------------------------------------------------------------------------


def status_at_end(world: World) -> Counter[str]:
    """How orders ended, by the practitioners' record alone: domain.md 1.6, counted by hand."""
    night, found = world.setting.night0, Counter[str]()
    births = {row["person_ref"]: row["birth_date"] for row in world.book.as_at("person", night)}
    spells: dict[str, list[dict[str, Any]]] = {}
    for row in world.book.as_at("education_placement", night):
        spells.setdefault(row["person_ref"], []).append(row)
    for order in world.book.as_at("intervention", night):
        end, birth = order["end_date"], births.get(order["person_ref"])
        if not end or not birth or order["end_reason"] in ("TRANSFERRED_OUT", "DECEASED"):
            continue
        there = [
            row
            for row in spells.get(order["person_ref"], [])
            if row["start_date"] <= end and (row["end_date"] in (None, OPEN_END) or row["end_date"] >= end)
        ]
        placed = [row for row in there if row["provision_type"] != "NONE"]
        hours = [float(row["hours_attended"]) for row in placed if row["hours_attended"]]
        needed = 25 if end <= school_age_ends(birth) else 16
        judged = {row["suitability"] for row in placed}
        if not placed:
            found["NEET" if there else "UNKNOWN"] += 1
        elif "UNSUITABLE" in judged:
            found["OTHER"] += 1
        elif judged != {"SUITABLE"} or not hours or max(hours) > 60:
            found["UNKNOWN"] += 1
        else:
            found["SUITABLE" if sum(hours) >= needed else "OTHER"] += 1
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "children", "years"), [(1, 600, 5), (42, 600, 5)])
def test_shares_at_the_end_of_orders_are_plausible(seed: int, children: int, years: int) -> None:
    found = status_at_end(make_world(seed, children=children, years=years))
    total = sum(found.values())
    assert total > 200
    assert 0.55 < found["SUITABLE"] / total < 0.80
    assert 0.08 < found["NEET"] / total < 0.20
    assert 0.04 < found["UNKNOWN"] / total < 0.12


def test_orders_have_a_planned_end_and_some_are_overdue_and_some_end_soon(world: World) -> None:
    night = world.setting.night0
    running = [row for row in world.book.as_at("intervention", night) if row["end_date"] is None]
    planned = [row["planned_end"] for row in running if row["planned_end"]]
    assert 0 < len(running) - len(planned) < len(running) / 4
    assert sum(day <= night for day in planned) >= 2
    assert sum(night < day <= night + 60 * DAY for day in planned) >= 2


def test_the_participation_extract_has_activities_of_each_kind(drops: Path) -> None:
    root = newest_extract(drops)
    present = [one for one in root if one.findtext("CohortStatus") == "P"]
    coded = Counter((one.findtext("CurrentActivity/Code") or "0")[0] for one in present)
    neet = coded["6"] + coded["5"]
    assert 0.05 < neet / len(present) < 0.30
    assert 0 < coded["8"] / len(present) < 0.15
    assert coded["2"] > len(present) / 3 and coded["3"] and coded["4"]
    lapsed = [
        one for one in present if "0" < (one.findtext("CurrentActivity/DueToLapseDate") or "") < "2026-03-31"
    ]
    assert 0 < len(lapsed) < len(present) / 5
    assert {one.findtext("CohortStatus") for one in root} >= {"P", "G", "M"}
    assert {one.findtext("LevelOfNeed") for one in root} == {"1", "2", "3"}
    circumstances = [one.attrib for one in root.iter("Circumstance")]
    assert {one["Code"] for one in circumstances} >= {"110", "170"}
    assert any(one["EndDate"] for one in circumstances) and any(not one["EndDate"] for one in circumstances)


def test_activities_follow_what_the_young_person_did(world: World) -> None:
    right = wrong = 0
    for life in world.lives:
        for told in life.activities:
            assert told.start <= told.due and told.told >= told.start - 10 * DAY
            spell = life.placement(told.told)
            if spell and told.code < "700":
                is_placed = spell.what["provision_type"] not in ("NONE", "VOLUNTARY_WORK")
                if is_placed == (told.code < "500"):
                    right += 1
                else:
                    wrong += 1
    assert 0.02 < wrong / (right + wrong) < 0.2


def test_attendance_codes_are_those_of_their_day_and_absences_fit_engagement(
    world: World, drops: Path
) -> None:
    marks = [row for row in table(drops, "attendance*.csv") if re.fullmatch(r"\d\d/\d\d/20\d\d", row["Date"])]
    marks = [row for row in marks if len(row["Code"]) < 3]
    odd = world.oddity("withdrawn_attendance_code")
    old = [row for row in marks if row["Date"].endswith("2024")]
    new = [row for row in marks if not row["Date"].endswith("2024")]
    assert {"H", "J", "Y"} <= {row["Code"] for row in old}
    assert not {"C2", "Y5", "K", "J1"} & {row["Code"] for row in old}
    late = [row for row in new if row["Code"] in ("H", "J", "Y")]
    assert [(row["UPN"], row["Code"]) for row in late] == [(odd.records["upn"][0], code) for code in "HJ"]
    assert {"C2", "Y5", "#", "L", "E", "B"} <= {row["Code"] for row in new}
    by_child: dict[str, list[Row]] = {}
    for row in new:
        by_child.setdefault(row["UPN"], []).append(row)
    night = world.setting.night0
    absent: dict[bool, Counter[bool]] = {True: Counter(), False: Counter()}
    for life in world.lives:
        spell = life.placement(night)
        if spell is None or spell.start > night - 90 * DAY or life.upn not in by_child:
            continue
        engaged = spell.what["suitability"] == "SUITABLE" and spell.what["provision_type"] != "NONE"
        for row in by_child[life.upn]:
            if row["Code"] not in ("#", "Y5", "E"):
                absent[engaged][row["Code"] not in ("/", "\\", "L", "B", "V", "P", "W", "K")] += 1
    share = {engaged: counts[True] / counts.total() for engaged, counts in absent.items()}
    assert share[True] < 0.25 < share[False]


def test_a_half_day_of_a_pupil_is_marked_once(drops: Path) -> None:
    for path in (drops / "education").rglob("attendance*.csv"):
        rows = table(drops, path.name)
        assert len({(row["UPN"], row["Date"], row["Session"]) for row in rows}) == len(rows), path.name


def test_returns_have_part_timers_former_numbers_and_every_registration(drops: Path) -> None:
    rows = [row for row in table(drops, "*pupilonroll.csv") if row["dob"] != "2010-Xyz-17 00:00:00"]
    assert {row["enrolstatus"] for row in rows} >= {"C", "M", "S", "F", "O", "P"}
    assert 0 < sum(row["parttime"] == "True" for row in rows) < len(rows) / 5
    assert sum(bool(row["formerupn"]) for row in rows) >= 4
    assert any(row["uniquelearnernumber"] == "9999999999" for row in rows)


@pytest.mark.slow
def test_no_return_says_two_things_of_a_pupil_at_a_school() -> None:
    made = make_world(11, children=900, years=3)
    for day in (date(2025, 10, 2), date(2026, 1, 15)):
        drop = DropFiles("education")
        census_files(made, day, drop)
        for name, (content, _) in drop.files.items():
            if "pupil" in name:
                keys = [tuple(row[:2]) for row in csv.reader(content.decode().splitlines())]
                assert len(set(keys)) == len(keys), name


# -- the oddities --------------------------------------------------------------------------------------------


def test_the_school_age_boundary_is_a_friday_and_a_saturday(world: World) -> None:
    odd = world.oddity("school_age_boundary")
    orders = {row["order_ref"]: row for row in world.book.as_at("intervention", world.setting.night0)}
    ends = [orders[ref]["end_date"] for ref in odd.records["order"]]
    births = [world.life(child).birth for child in odd.children]
    assert [end - school_age_ends(birth) for end, birth in zip(ends, births, strict=True)] == [0 * DAY, DAY]
    assert [end.weekday() for end in ends] == [4, 5]
    for child, end in zip(odd.children, ends, strict=True):
        spell = world.life(child).placement(end)
        assert spell and spell.what["hours_attended"] == "18.0"


def test_children_without_any_record_are_in_no_source(world: World, drops: Path) -> None:
    odd = world.oddity("no_eet_record")
    lives = [world.life(child) for child in odd.children]
    placed = {row["person_ref"] for row in world.book.as_at("education_placement", world.setting.night0)}
    assert not placed & set(odd.children)
    upns = {row.get("upn") or row.get("UPN") for row in table(drops, "*.csv")}
    assert not upns & {life.upn for life in lives}
    ended, running = (
        next(row for row in world.book.as_at("intervention", world.setting.night0) if row["order_ref"] == ref)
        for ref in odd.records["order"]
    )
    assert ended["end_date"] and not running["end_date"]


def test_care_for_a_remand_only_is_told_apart(world: World) -> None:
    odd = world.oddity("remand_only_care")
    care = world.book.as_at("care_spell", world.setting.night0)
    statuses = [{row["status"] for row in care if row["person_ref"] == child} for child in odd.children]
    assert statuses == [{"J1"}, {"J1", "C2"}]


def test_orders_with_an_expected_end_still_run(world: World) -> None:
    night = world.setting.night0
    orders = {row["order_ref"]: row for row in world.book.as_at("intervention", night)}
    overdue, soon, untold = (orders[ref] for ref in world.oddity("order_expected_end").records["order"])
    assert overdue["planned_end"] < night < soon["planned_end"] <= night + 60 * DAY
    assert untold["planned_end"] is None
    assert not any(row["end_date"] for row in (overdue, soon, untold))


def test_an_order_loses_its_outcome_on_appeal(world: World) -> None:
    odd = world.oddity("order_appealed_away")
    outcomes = {row["outcome_ref"]: row for row in world.book.as_at("legal_outcome", world.setting.night0)}
    assert [outcomes[ref]["appeal_status"] for ref in odd.records["outcome"]] == ["APPEAL_SUCCESSFUL"]


def test_the_participation_team_is_wrong_late_and_twice(world: World, drops: Path) -> None:
    people = {one.findtext("YoungPersonID"): one for one in newest_extract(drops)}
    told = [
        people[f"NC{world.life(child).number:06d}"].findtext("CurrentActivity/Code")
        for child in world.oddity("participation_disagrees").children
    ]
    assert told == ["230", "619", "230"]
    (number,) = world.oddity("lapsed_activity").records["young_person"]
    due = people[number].findtext("CurrentActivity/DueToLapseDate")
    assert due and date.fromisoformat(due) < world.setting.night0
    one, other = (people[number] for number in world.oddity("merged_young_person").records["young_person"])
    assert [person.findtext("CohortStatus") for person in (one, other)] == ["P", "M"]
    assert one.findtext("UPN") == other.findtext("UPN")


def test_marks_show_the_timetable_and_the_detention(world: World, drops: Path) -> None:
    marks = table(drops, "attendance_2026-03-31.csv")
    upn = only(world, "part_time_timetable").upn
    mine = Counter(row["Code"] == "C2" for row in marks if row["UPN"] == upn)
    assert mine[True] == mine[False] > 10
    assert {row["Code"] for row in marks if row["UPN"] == only(world, "detained").upn} >= {"Y5"}


def test_a_change_of_school_is_in_both_returns_and_a_transfer_file(world: World, drops: Path) -> None:
    odd, life = world.oddity("changed_school"), only(world, "changed_school")
    first, second = odd.records["school"]
    on_roll = [row["NativeId"] for row in table(drops, "*pupilonroll.csv") if row["upn"] == life.upn]
    assert on_roll == [first, second]
    assert [row["NativeId"] for row in table(drops, "2026*nolongeronroll.csv") if row["upn"] == life.upn] == [
        first
    ]
    (found,) = (
        (name, pupil) for name, root in transfers(drops) for pupil in root.iter("Pupil")
        if pupil.findtext("UPN") == life.upn
    )  # fmt: skip
    assert re.fullmatch(rf"{first}_CTF_{second}_\d{{3}}\.xml", found[0])
    history = [f"{one.findtext('LEA')}{one.findtext('Estab')}" for one in found[1].iter("School")]
    assert history[-1] == first and len(history) == 2


def test_transfer_files_have_gender_before_september_2024_and_sex_after(world: World, drops: Path) -> None:
    seen = Counter[str]()
    for name, root in transfers(drops):
        sent = (root.findtext("Header/DateTime") or "")[:10]
        for pupil in root.iter("Pupil"):
            assert (pupil.find("Sex") is not None) == (sent >= "2024-09-01") == (pupil.find("Gender") is None)
            seen["Sex" if sent >= "2024-09-01" else "Gender"] += 1
            seen["former"] += bool(pupil.findtext("BasicDetails/FormerUPN"))
        seen[name[12:19]] += 1
    assert seen["Sex"] and seen["Gender"] and seen["former"] and seen["XXXXXXX"] and seen["MMMMMMM"]
    to = {
        pupil.findtext("UPN"): name[12:19] for name, root in transfers(drops) for pupil in root.iter("Pupil")
    }
    assert [to[upn] for upn in world.oddity("unknown_destination").records["upn"]] == ["XXXXXXX", "MMMMMMM"]


def test_hours_that_nobody_recorded_can_be_estimated(world: World, drops: Path) -> None:
    life = only(world, "hours_offered_only")
    (order,) = world.oddity("hours_offered_only").records["order"]
    orders = {row["order_ref"]: row for row in world.book.as_at("intervention", world.setting.night0)}
    month = f"{orders[order]['end_date']:%m/%Y}"
    marks = [
        row for row in table(drops, "attendance*.csv") if row["UPN"] == life.upn and month in row["Date"]
    ]
    assert len(marks) > 30 and {row["Code"] for row in marks} == {"/", "\\"}
    spell = life.placement(orders[order]["end_date"])
    assert spell and spell.what["hours_offered"] == "25.0" and spell.what["hours_attended"] is None


@pytest.mark.parametrize("name", ["former_upn", "temporary_upn"])
def test_a_new_pupil_number_names_the_former(world: World, drops: Path, name: str) -> None:
    earlier, now = world.oddity(name).records["upn"]
    rows = [row for row in table(drops, "*pupilonroll.csv") if row["upn"] in (earlier, now)]
    assert [(row["upn"], row["formerupn"]) for row in rows] == [(earlier, ""), (now, earlier)]
    assert earlier[-1].isalpha() == (name == "temporary_upn")


def test_a_suspension_is_told_by_two_returns(world: World, drops: Path) -> None:
    life = only(world, "suspension_told_twice")
    pupils = {row["pupilonrolltableid"]: row["upn"] for row in table(drops, "*pupilonroll.csv")}
    told = [
        row for row in table(drops, "*termlyexclusionsonroll.csv")
        if pupils.get(row["pupilonrolltableid"]) == life.upn
    ]  # fmt: skip
    assert len(told) == 2 and len({(row["startdate"], row["sessions"]) for row in told}) == 1
    assert {row["category"] for row in told} <= {"SUSP", "FIXD"}


def test_care_plans_fit_needs_but_for_a_few(world: World, drops: Path) -> None:
    plans = {row["plan_id"]: row for row in table(drops, "ehc_plan_2026_03.csv") if row["plan_id"]}
    formal = {
        f"EHC{one.number:05d}-1" for one in world.lives if any(n.what["has_formal_plan"] for n in one.needs)
    }
    assert len(plans) > 15 and sum(number in formal for number in plans) > 0.75 * len(plans)
    assert 0 < sum(bool(row["end_date"]) for row in plans.values()) < len(plans) / 2
    ceased, unheard = (plans[number] for number in world.oddity("care_plans").records["plan"])
    assert ceased["end_date"] and not unheard["end_date"]
    assert ceased["plan_id"] in formal and unheard["plan_id"] not in formal
