"""Recognising children by exact PNC id, or exact name and date of birth."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from yos_warehouse.identity.crosswalk import identify
from yos_warehouse.orchestration.lease import open_run
from yos_warehouse.server.connect import transaction

PNC_A, PNC_B = "2090/0000001X", "2090/0000002Y"


@pytest.fixture
def people(warehouse):
    """Fill staging.stg_person_record by hand and run the identity step."""
    warehouse.query("drop table if exists staging.stg_person_record, staging.stg_source_record cascade")
    warehouse.query(
        "create table staging.stg_person_record (service_code text, feed text, entity text, source_id text,"
        " pnc_id text, upn text, given_name text, family_name text, date_of_birth date, recorded_from timestamptz)"
    )
    warehouse.query(
        "create table staging.stg_source_record (service_code text, feed text, entity text, source_id text)"
    )
    warehouse.query("grant usage on schema staging to yos_identity")
    warehouse.query("grant select on all tables in schema staging to yos_identity")
    run_id = open_run("nightly", "test")

    def add(feed, entity, source_id, given, family, born, pnc=None):
        warehouse.query(
            "insert into staging.stg_person_record values ('x', %s, %s, %s, %s, null, %s, %s, %s, now())",
            (feed, entity, source_id, pnc, given, family, born),
        )

    def night():
        with transaction("identity") as connection:
            identify(connection, run_id)
        return dict(warehouse.query("select feed || ' ' || source_id, person_key from identity.person_link"))

    return SimpleNamespace(add=add, night=night)


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


def test_a_pupil_nobody_knows_gets_no_key_and_is_linked_when_the_child_becomes_known(people):
    people.add("education", "census_pupil", "p", "ANN", "NG", "2010-01-05")
    assert people.night() == {}
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05")
    keys = people.night()
    assert keys["education p"] == keys["case_system 1"]


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
    assert second["case_system 1"] == first["case_system 1"] == 1
    assert second["case_system 0"] == 2


def test_no_minted_person_without_a_birth_date_swallows_another(people):
    people.add("case_system", "person", "1", "ANN", "NG", None)
    people.add("case_system", "person", "2", "ANN", "NG", None)
    keys = people.night()
    assert keys["case_system 1"] != keys["case_system 2"]
