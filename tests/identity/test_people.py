"""A people table of anybody's: how it is read, what stands for nothing, what is compared."""

from __future__ import annotations

import pandas as pd
import pytest

from yos_warehouse.errors import UsageError
from yos_warehouse.identity import numbers
from yos_warehouse.identity.people import describe, for_matching, read_date, read_name, read_people


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("81/34U", "1981/0000034U"), ("02/73319Z", "2002/0073319Z"), ("00/223R", "2000/0000223R"),
        ("033Y", "2003/0000003Y"), ("67/9893091D", "1967/9893091D"), ("20030011985Z", None), ("2001/0171310S", None),
        ("0000/0000000Z", None), ("2000/0000000Z", None), ("UNKNOWN", None),
    ],
)  # fmt: skip
def test_pnc_ids_are_read_as_the_published_vectors_say(typed, read):
    assert numbers.read_pnc(typed) == read


def test_numbers_of_noughts_and_placeholders_are_none():
    assert numbers.read_upn("A950000178301") == "A950000178301"
    assert numbers.read_upn("R247962919251") is None
    assert numbers.read_upn("A000000000000") is None
    assert numbers.read_uln("1000000027") == "1000000027"
    assert numbers.read_uln("9999999999") is None
    assert numbers.read_nhs("943 476 5919") == "9434765919"
    assert numbers.read_nhs("0000000000") is None
    assert numbers.read_other("0000000") is None


def test_names_and_dates_that_stand_for_nothing_are_nothing():
    assert [read_name(text) for text in ("UNKNOWN", "Not known", "N/K", "nfa", "-")] == [None] * 5
    assert [read_name(text) for text in ("O’Neill", "Zoë", "Smith-Jones", "Łukasz", "Null")] == [
        "ONEILL", "ZOE", "SMITH JONES", "LUKASZ", "NULL",
    ]  # fmt: skip
    assert [read_date(text) for text in ("1900-01-01", "01/01/1900", "28/02/2010", "20100228", "Feb 10")] == [
        None, None, "2010-02-28", "2010-02-28", None,
    ]  # fmt: skip


def test_records_of_one_content_are_one_description_whatever_their_ids():
    people = pd.DataFrame(
        {
            "record_id": ["1", "2", "3"],
            "given_name": ["Zoë", "ZOE", "Zoe"],
            "family_name": ["O'Neill", "ONEILL", "O Neill"],
            "date_of_birth": ["28/02/2010", "2010-02-28", "2010-02-28"],
        }
    )
    made, of_record = describe(people)
    assert len(made) == 2 and of_record["1"] == of_record["2"] != of_record["3"]
    renamed, of_renamed = describe(people.assign(record_id=["x", "y", "z"]).iloc[::-1])
    assert set(renamed["description_id"]) == set(made["description_id"])
    assert of_renamed["x"] == of_record["1"]


def test_records_of_a_bare_name_stand_each_for_itself():
    people = pd.DataFrame(
        {
            "record_id": list("abcd"),
            "given_name": ["Ann", "Ann", None, None],
            "family_name": ["Ng", "Ng", None, None],
        }
    )
    assert describe(people)[1].nunique() == 4


def test_what_is_compared_knows_nicknames_sounds_houses_and_swapped_days():
    made, _ = describe(
        pd.DataFrame(
            {
                "record_id": ["1", "2"],
                "given_name": ["Kate", "Catherine"],
                "date_of_birth": ["2010-02-11", "2010-11-02"],
                "street": ["12b Bobbin Lane", None],
            }
        )
    )
    frame = for_matching(made).set_index("given_name")
    roots = [set(frame.loc[name, "given_roots"].split("|")) for name in ("KATE", "CATHERINE")]
    assert roots[0] & roots[1]
    assert frame["birth_day_month"].nunique() == 1
    assert (frame.loc["KATE", "house"], frame.loc["KATE", "street"]) == ("12B", "BOBBIN LANE")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"name": ["x"]}, "record_id"), ({"record_id": ["1", "1"]}, "only once"),
        ({"record_id": ["1"], "shoe_size": ["9"]}, "shoe_size"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused_with_the_reason(tmp_path, table, words):
    path = tmp_path / "people.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    with pytest.raises(UsageError, match=words):
        read_people(path)


def test_dates_of_which_many_cannot_be_read_are_refused():
    people = pd.DataFrame(
        {"record_id": list("abc"), "date_of_birth": ["Feb 2010", "March 2011", "2010-01-01"]}
    )
    with pytest.raises(UsageError, match="67% of the dates"):
        describe(people)
