"""The comparison of two warehouses sees what differs, forgives renamed keys, and repeats no value."""

from __future__ import annotations

import pytest

from tests.conftest import Warehouse
from tests.same_marts import Names, Table, differences, links, tables


@pytest.fixture
def marts(warehouse):
    """A table in which a child and an outcome are named by the keys given; ``case_key`` holds both."""

    def make(
        person: int, outcome: int, decided: str = "REFERRAL_ORDER", feed: str = "police"
    ) -> dict[str, Table]:
        warehouse.query("drop table if exists build.fct_thing")
        warehouse.query("delete from identity.person_link; delete from identity.person where person_key > 0")
        warehouse.query("delete from identity.record_key where record_key > 0")
        warehouse.query("insert into identity.person (person_key, number) values (%s, 1)", (person,))
        warehouse.query(
            "insert into identity.person_link values ('x', %s, 'arrest', 'a', %s, 'new', '2026-03-01')",
            (feed, person),
        )
        warehouse.query(
            "insert into identity.record_key overriding system value values (%s, 'x', 'police', 'disposal', 'd')",
            (outcome,),
        )
        warehouse.query(
            "create table build.fct_thing as select %(o)s::bigint as outcome_key, %(p)s::bigint as person_key,"
            " -1::bigint as order_key, 'NI19_2025/' || %(p)s as case_key, 'OUTCOME/' || %(o)s || '/2026-01-01' as night_key,"
            " %(d)s as outcome_code",
            {"p": person, "o": outcome, "d": decided},
        )
        return {"links": links(warehouse), **tables(warehouse, "build")}

    return make


def test_keys_may_differ_and_nothing_else(marts) -> None:
    one = marts(1, 2)
    assert differences(one, marts(7, 9)) == []
    assert differences(one, marts(1, 2, "SECRET")) == [
        "build.fct_thing: of 1 and 1 rows 1 and 1 differ, in outcome_code"
    ]
    told = differences(one, marts(1, 2, feed="education"))
    assert sorted(line.partition(":")[0] for line in told) == ["build.fct_thing", "links"]


def test_a_missing_row_and_a_missing_table_are_told(marts, warehouse: Warehouse) -> None:
    one = marts(1, 2)
    warehouse.query("delete from build.fct_thing")
    assert differences(one, {"links": one["links"], **tables(warehouse, "build")}) == [
        "build.fct_thing: of 1 and 0 rows 1 and 0 differ, in no single column"
    ]
    assert differences(one, {"links": one["links"]}) == ["build.fct_thing: only in one of them"]


def test_a_key_that_nobody_minted_is_seen() -> None:
    assert Names({1: "a"}, {}).of("person_key", 1) == "a"
    assert Names({1: "a"}, {}).of("person_key", 2) == Names({}, {}).of("outcome_key", 3) == "nobody's"
