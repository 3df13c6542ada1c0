"""Children who are easily taken for one another, and one who is easily taken for several."""

from __future__ import annotations

from tests.identity.conftest import PNC_A, PNC_B
from yos_warehouse.identity.measures import measure_quality
from yos_warehouse.server.connect import transaction

HOME = {"street": "4 CANAL SIDE", "postcode": "ZZ99 3CZ"}
UPN_A, UPN_B = "A999000120001", "B999000120002"


def _queue(people):
    return people.warehouse.query("select why from identity.review where until is null order by why")


def test_twins_at_one_address_are_two(people):
    for number, given, sex in (("1", "ANN", "2"), ("2", "BEN", "1")):
        people.add(
            "case_system",
            "person",
            number,
            given,
            "NG",
            "2010-01-05",
            own_id=f"case_system|P{number}",
            sex=sex,
            **HOME,
        )
        people.add("police", "arrest", f"a{number}", given, "NG", "2010-01-05", sex=sex, **HOME)
    people.night()
    assert people.groups() == [["case_system 1", "police a1"], ["case_system 2", "police a2"]]


def test_twins_of_one_sex_with_names_alike_are_two(people):
    for number, given in (("1", "MIA"), ("2", "MYA")):
        people.add(
            "case_system",
            "person",
            number,
            given,
            "NG",
            "2010-01-05",
            own_id=f"case_system|P{number}",
            sex="2",
            **HOME,
        )
    people.warehouse.query(
        "update staging.stg_person_record set upn = case source_id when '1' then %s else %s end",
        (UPN_A, UPN_B),
    )
    people.night()
    assert len(people.groups()) == 2


def test_father_and_son_with_one_name_are_two(people):
    people.add(
        "case_system", "person", "son", "OMAR", "HILL", "2010-01-05", own_id="case_system|P1", sex="1", **HOME
    )
    people.add("police", "arrest", "father", "OMAR", "HILL", "1981-06-17", sex="1", **HOME)
    people.night()
    assert people.groups() == [["case_system son"], ["police father"]]


def test_a_child_with_three_aliases_and_one_pnc_id_is_one(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A, own_id="case_system|P1")
    for number, given, family in (("n1", "ANNA", "OKORO"), ("n2", "NAN", "STOTT"), ("n3", "RUTH", "NG")):
        people.add("case_system", "person_name", number, given, family, "2010-01-05", own_id="case_system|P1")
    people.add("police", "arrest", "a", "NAN", "STOTT", "2010-01-05", PNC_A)
    people.add("police", "court_message", "m", "ANNA", "OKORO", "2010-01-05", PNC_A)
    people.night()
    assert len(people.groups()) == 1
    assert people.warehouse.query("select family_name, given_name from identity.person_name order by 1, 2") == [
        ("NG", "ANN"), ("NG", "RUTH"), ("OKORO", "ANNA"), ("STOTT", "NAN"),
    ]  # fmt: skip
    assert people.warehouse.query("select issuer, value from identity.person_identifier order by 1") == [
        ("CASE_SYSTEM", "P1"), ("PNC", PNC_A),
    ]  # fmt: skip


def test_a_child_with_two_valid_pnc_ids_is_two_and_in_the_queue(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A, sex="2", **HOME)
    people.add("police", "arrest", "a", "ANN", "NG", "2010-01-05", PNC_B, sex="2", **HOME)
    people.night()
    assert len(people.groups()) == 2
    assert _queue(people) == [("CONFLICTING_PNC",)]


def test_an_adopted_child_with_a_new_upn_is_two_and_only_the_protected_queue_shows_it(people):
    people.add(
        "case_system",
        "person",
        "1",
        "ANN",
        "NG",
        "2010-01-05",
        PNC_A,
        upn=UPN_A,
        own_id="case_system|P1",
        sex="2",
    )
    people.add(
        "case_system", "person", "2", "ANN", "HILL", "2010-01-05", PNC_A, upn=UPN_B, own_id="case_system|P2", sex="2",
        is_protected=True,
    )  # fmt: skip
    people.add(
        "education", "census_pupil", "p", "ANN", "HILL", "2010-01-05", upn=UPN_B, former_upn=UPN_A, sex="2"
    )
    people.night()
    assert people.groups() == [["case_system 1"], ["case_system 2", "education p"]]
    assert set(_queue(people)) == {("PROTECTED",)}


def test_what_stands_for_nothing_links_nobody(people):
    for number in range(4):
        people.add("police", "arrest", str(number), None, None, None)
        people.add("police", "court_message", f"m{number}", "ANN", None, None)
    people.night()
    assert len(people.groups()) == 8


def test_a_number_borne_by_more_than_fifty_is_nobody_s(people):
    for number in range(51):
        born = f"{1990 + number % 20}-{1 + number % 12:02}-{1 + number % 28:02}"
        people.add(
            "police",
            "arrest",
            str(number),
            f"GIVEN{chr(65 + number % 26)}",
            f"FAMILY{chr(65 + number // 2)}",
            born,
            PNC_A,
        )
    people.night()
    assert len(people.groups()) == 51


def test_of_what_hangs_together_only_what_is_touched_is_written_anew(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("case_system", "person", "2", "OMAR", "HILL", "2011-07-09", PNC_B)
    people.night()
    before = people.warehouse.query("select xmin::text, * from identity.person_link where source_id = '1'")
    people.add("police", "arrest", "a", "OMAR", "HILL", "2011-07-09", PNC_B, on="2026-03-02")
    people.night()
    assert (
        people.warehouse.query("select xmin::text, * from identity.person_link where source_id = '1'")
        == before
    )


def test_the_combination_is_logged_and_measured(people):
    people.add("case_system", "person", "1", "ANN", "NG", "2010-01-05", PNC_A)
    people.add("education", "census_pupil", "p", "RUTH", "OWEN", "2012-02-02")
    people.night()
    assert people.warehouse.query(
        "select run_id, records_linked, persons_merged from ops.combination_log"
    ) == [(people.run_id, 1, 0)]
    measured = {
        (measure, feed): float(value)
        for measure, feed, value in people.warehouse.query(
            "select measure, feed, value from ops.identity_measure"
        )
    }
    assert measured["match_rate", "case_system"] == 1
    assert measured["match_rate", "education"] == 0
    assert measured["persons", ""] == measured["persons_with_1_record", ""] == 1
    assert measured["queue", ""] == 0


def test_quality_is_held_against_a_truth(people):
    for number, given in enumerate(("ANN", "ANN", "RUTH", "OMAR")):
        people.add(
            "police", "arrest", str(number), given, "NG", "2010-01-05", PNC_A if given != "OMAR" else PNC_B
        )
    people.add("education", "census_pupil", "p", "ZOE", "OWEN", "2012-02-02")
    people.night()
    assert people.groups() == [["police 0", "police 1", "police 2"], ["police 3"]]
    truth = {("police", "arrest", str(number)): child for number, child in enumerate("aabb")}
    with transaction("identity") as connection, connection.cursor() as cursor:
        measure_quality(cursor, people.run_id, truth | {("education", "census_pupil", "p"): "c"})
    assert people.warehouse.query(
        "select measure, round(value, 3)::text from ops.identity_measure where measure in ('precision', 'recall', 'over_merged_share')"
        " order by 1"
    ) == [("over_merged_share", "0.500"), ("precision", "0.333"), ("recall", "0.500")]
