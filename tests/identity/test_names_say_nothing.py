"""Order and names of records decide nothing, and what stands for nothing links nobody."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from yos_warehouse.fictional.people_table import write_people
from yos_warehouse.identity.linking import link_people
from yos_warehouse.identity.model import SHIPPED, load_model

# Each is written where nothing is known; a PNC id typed short and a date typed as people do are the same nothing.
SENTINELS = {
    "pnc_id": ("0000/0000000", "0000/0000000Z", "00/0000000Z", "2000/0000000Z"),
    "date_of_birth": ("1900-01-01", "01/01/1900"),
    "upn": ("A000000000000", "0000000000000"),
    "family_name": ("UNKNOWN", "Unknown"),
    "uln": ("9999999999",),
    "nhs_number": ("0000000000",),
    "other_id": ("0000000",),
}
ADDITIONS = [(column, value) for column, values in SENTINELS.items() for value in values]


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    write_people(path, 60, 11)
    return pd.read_parquet(path)


@pytest.fixture(scope="module")
def model():
    return load_model(SHIPPED)


def groups(people, model):
    """Each person as the set of the names its records had at first."""
    links, _ = link_people(people.drop(columns="first_name_of", errors="ignore"), model)
    first = dict(zip(people["record_id"], people.get("first_name_of", people["record_id"]), strict=True))
    return {
        frozenset(first[record] for record in part) for part in links.groupby("person")["record_id"].agg(list)
    }


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=some.integers(0, 2**32 - 1))
def test_order_and_names_of_records_change_nothing(people, model, seed):
    chance = Random(seed)
    order = chance.sample(range(len(people)), len(people))
    told = people.iloc[order].reset_index(drop=True)
    names = [f"{chance.getrandbits(64):016x}-{at}" for at in range(len(told))]
    told = told.assign(first_name_of=told["record_id"], record_id=names)
    assert groups(told, model) == groups(people, model)


@pytest.mark.parametrize("column", sorted(SENTINELS))
def test_what_stands_for_nothing_links_nobody(model, column):
    strangers = {
        "given_name": ["Rowan", "Hattie", "Miles", "Odile", "Bertram", "Zenobia"],
        "family_name": ["Heroncombe", "Larkwhistle", "Thornaby", "Quillfeather", "Ashbarrow", "Wrenfield"],
        "date_of_birth": ["2010-03-04", "2011-08-19", "2009-10-27", "2012-01-16", "2013-05-30", "2010-12-08"],
    }
    told = pd.DataFrame(strangers)
    told["record_id"] = [str(at) for at in range(len(told))]
    for value in SENTINELS[column]:
        links, made = link_people(told.assign(**{column: value}), model)
        assert links["person"].nunique() == len(told), (column, value)
        assert made.review == []


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(addition=some.sampled_from(ADDITIONS), seed=some.integers(0, 2**32 - 1))
def test_writing_it_where_nothing_was_brings_nobody_together(people, model, addition, seed):
    column, value = addition
    told = people.assign(**{column: people.get(column)}).astype(object)
    # some records lose what they said: what stands for nothing must do no more than an empty field
    some_rows = Random(seed).sample(range(len(told)), len(told) // 3)
    at = told.columns.get_loc(column)
    empty, filled = told.copy(), told.copy()
    empty.iloc[some_rows, at], filled.iloc[some_rows, at] = None, value
    assert groups(filled, model) == groups(empty, model)
