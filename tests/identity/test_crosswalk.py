"""Recognising children by exact PNC id, or exact name and date of birth."""

from __future__ import annotations

import pytest

from tests.identity.conftest import PNC_A, PNC_B


def test_the_same_pnc_id_is_the_same_child(people):
    people.add("case_system", "person", "1", "ZOE", "O'NEILL", "2010-02-28", PNC_A)
    people.add("police", "arrest", "a", "ZOË", "ONEILL", "2010-02-28", PNC_A)
    keys = people.night()
    assert keys["case_system 1"] == keys["police a"]


def test_the_same_name_and_birth_is_the_same_child_where_no_pnc_id_contradicts(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05")
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("police", "arrest", "b", "ANN", "NG", "2010-01-05", PNC_A)
    keys = people.night()
    assert len(set(keys.values())) == 1


def test_two_different_pnc_ids_never_meet_by_name(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", PNC_B)
    keys = people.night()
    assert keys["case_system 1"] != keys["police a"]


def test_a_shared_pnc_id_with_other_name_and_birth_splits(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("police", "arrest", "a", "BOB", "HILL", "2011-07-09", PNC_A)
    keys = people.night()
    assert "police a" not in keys or keys["case_system 1"] != keys["police a"]


def test_twins_are_two_children(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05")
    people.add("case_system", "person", "2", "BEN", "NG", "2010-01-05")
    keys = people.night()
    assert keys["case_system 1"] != keys["case_system 2"]


@pytest.mark.fault("D6")
def test_a_pupil_nobody_knows_gets_no_key_and_is_linked_when_the_child_becomes_known(people):
    people.add("education", "census_pupil", "p", "ANN", "NG", "2010-01-05")
    assert people.night() == {}
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05")
    keys = people.night()
    assert keys["education p"] == keys["case_system 1"]


@pytest.mark.parametrize("entity", ["census_leaver", "transfer_pupil", "ehc_plan", "young_person"])
def test_what_education_sends_attaches_and_makes_nobody_known(people, entity):
    people.add("education", entity, "2025_3|p", "ANN", "NG", "2010-01-05")
    assert people.night() == {}
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05")
    people.add("education", entity, "2026_1|p", "ANN", "NG", "2010-01-05")
    keys = people.night()
    assert keys["education 2025_3|p"] == keys["education 2026_1|p"] == keys["case_system 1"]


def test_a_check_on_the_police_computer_makes_no_child_known(people):
    people.add("police", "pnc_check", "c", "ANN", "NG", "2010-01-05", PNC_A)
    assert people.night() == {}
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", PNC_A)
    keys = people.night()
    assert keys["police c"] == keys["police a"]


def test_keys_stay_and_are_numbered_without_gaps(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05")
    first = people.night()
    people.add("case_system", "person", "0", "BEN", "NG", "2010-01-05")
    second = people.night()
    assert second["case_system 1"] == first["case_system 1"]
    assert people.warehouse.query(
        "select number from identity.person where person_key = any (%s) order by number",
        ([*second.values()],),
    ) == [(1,), (2,)]


def test_no_minted_person_without_a_birth_date_swallows_another(people):
    people.add("case_system", "person", "1", "ANN", "NG", None)
    people.add("case_system", "person", "2", "ANN", "NG", None)
    keys = people.night()
    assert keys["case_system 1"] != keys["case_system 2"]


def test_days_that_waited_together_are_linked_as_one_by_one(people):
    """Each night one by one: the arrest was there first and keeps the key, the records it no longer fits go under another."""
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", gone_on="2026-03-03")
    people.add("police", "arrest", "a", "RUBY", "NG", "2011-09-23", on="2026-03-03")
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", on="2026-03-02")
    people.add("case_system", "person", "2", "ANN", "NG", "2010-01-05", on="2026-03-04")
    keys = people.night()
    assert keys["case_system 1"] == keys["case_system 2"] != keys["police a"]
    assert people.since() == {
        "police a": "2026-03-01", "case_system 1": "2026-03-03", "case_system 2": "2026-03-04",
    }  # fmt: skip


def test_what_is_gone_again_has_its_person_too(people):
    """Or the child would not be there when the past is asked for."""
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", gone_on="2026-03-03")
    people.add("police", "arrest", "b", "BEN", "NG", "2010-01-05", on="2026-03-09")
    assert people.night().keys() == {"police a", "police b"}


def test_what_came_and_went_within_a_day_was_never_known(people):
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", gone_on="2026-03-01")
    assert people.night() == {}


def test_a_link_is_known_since_the_day_on_which_it_could_be_seen(people):
    """Not since the child is known: as at a day between, nobody could tell whose record it is."""
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", on="2026-03-01", gone_on="2026-03-05")
    people.add("education", "census_pupil", "p", "RUTH", "NG", "2010-01-05", on="2026-03-02")
    people.add("case_system", "person", "1", "RUTH", "NG", "2010-01-05", on="2026-03-05")
    people.night()
    assert people.since() == {"case_system 1": "2026-03-01", "education p": "2026-03-05"}


def test_a_name_of_two_children_is_one_child_s_when_the_other_is_gone(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("case_system", "person", "2", "ANN", "NG", "2010-01-05", PNC_B, gone_on="2026-03-04")
    people.add("education", "census_pupil", "p", "ANN", "NG", "2010-01-05", on="2026-03-02")
    keys = people.night()
    assert keys["education p"] == keys["case_system 1"]
    assert people.since()["education p"] == "2026-03-04"


def test_a_delivery_that_comes_late_is_linked_on_its_own_day(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", on="2026-03-09")
    people.night()
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", on="2026-03-10")
    people.add("police", "arrest", "b", "BEN", "NG", "2010-01-05", on="2026-03-04")
    keys = people.night()
    assert keys["police a"] == keys["case_system 1"] != keys["police b"]
    assert people.since()["police b"] == "2026-03-04"


def test_asked_again_on_the_same_day_nothing_changes(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("education", "young_person", "y", "ANNA", "NG", "2010-01-05")
    people.add("education", "census_pupil", "p", "ANN", "NG", "2010-01-05")
    first = people.night()
    assert people.night() == first


def test_a_registry_of_before_keeps_its_keys_and_no_day_is_taken_twice(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("case_system", "person", "2", "BEN", "HILL", "2011-07-09", on="2026-03-03")
    people.warehouse.query("insert into identity.person (person_key, number) values (1, 1), (2, 2)")
    people.warehouse.query("update identity.key_secret set keys_above = 2")
    people.warehouse.query(
        "insert into identity.person_link (service_code, feed, entity, source_id, person_key, method, since) values"
        " ('x', 'case_system', 'person', '1', 1, 'new', '2026-03-01 20:00'),"
        " ('x', 'case_system', 'person', '2', 2, 'new', '2026-03-03 20:00')"
    )
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", PNC_A, on="2026-03-04")
    people.add("police", "arrest", "b", "RUTH", "OWEN", "2012-02-02", on="2026-03-04")
    keys = people.night()
    assert keys["case_system 1"] == keys["police a"] == 1
    assert keys["case_system 2"] == 2 < keys["police b"]
    assert people.since() == {
        "case_system 1": "2026-03-01", "case_system 2": "2026-03-03", "police a": "2026-03-04", "police b": "2026-03-04",
    }  # fmt: skip


def test_what_is_recorded_or_decided_after_the_as_at_day_is_of_a_later_run(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", gone_on="2026-03-04")
    people.add("case_system", "person", "1", "RUTH", "OWEN", "2012-02-02", on="2026-03-04")
    people.warehouse.query("update ops.run set as_at = '2026-03-02'")
    people.night()
    assert people.warehouse.query("select given_name from identity.description") == [("ANN",)]
    assert people.warehouse.query("select day_end::date::text from identity.day") == [("2026-03-02",)]
    people.warehouse.query("update ops.run set as_at = '2026-03-04'")
    people.night()
    assert people.warehouse.query("select given_name from identity.description") == [("RUTH",)]


def test_a_pupil_whose_child_is_gone_has_no_person_any_more_and_has_it_again_when_the_child_is_back(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", gone_on="2026-03-03")
    people.add("education", "census_pupil", "p", "ANN", "NG", "2010-01-05")
    before = people.night()
    assert before.keys() == {"case_system 1"}
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", on="2026-03-05")
    after = people.night()
    assert after["education p"] == after["case_system 1"] == before["case_system 1"]
    assert people.since()["education p"] == "2026-03-05"
