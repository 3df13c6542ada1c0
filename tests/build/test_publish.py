"""Publication: the difference in one transaction, unit by unit, and back again."""

from __future__ import annotations

import threading
from copy import deepcopy
from datetime import date

import psycopg2
import pytest

from tests.build.conftest import FIRST_NIGHT, Stage, expected
from yos_warehouse.build.publish import publish, release, rollback
from yos_warehouse.errors import LeaseLost, UsageError, YosError


def _night(stage: Stage, rows: dict, statuses: dict | None = None, as_at: date = date(2026, 3, 31)) -> dict:
    run_id = stage.open_run(as_at)
    stage.build(run_id, rows, statuses)
    return publish(run_id)


def _second_night() -> dict:
    rows = deepcopy(FIRST_NIGHT)
    rows["dim_child"] = [(-1, None), (1, "Female"), (3, "Male")]  # child 2 gone, child 3 new
    rows["fct_outcome"] = [(1, 1, 2, date(2026, 3, 1)), (4, 3, 2, None)]
    rows["fct_ledger_posting"] = [(1, 1, 1, "10.00"), (1, 2, 2, None)]
    return rows


def test_the_first_night_fills_the_tables_and_leaves_keys_and_indexes_as_they_were(stage) -> None:
    keys = "select conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'f' "
    keys += "and conrelid in (select oid from pg_class where relnamespace = 'marts'::regnamespace) order by 1"
    indexes = "select indexdef from pg_indexes where schemaname = 'marts' order by 1"
    before = stage.warehouse.query(keys), stage.warehouse.query(indexes)
    outcome = _night(stage, FIRST_NIGHT)
    assert (outcome["units"], outcome["held"], outcome["inserted"], outcome["deleted"]) == (2, 0, 11, 0)
    assert stage.as_published() == expected(FIRST_NIGHT)
    assert (stage.warehouse.query(keys), stage.warehouse.query(indexes)) == before
    assert len(before[0]) == 3 and "DEFERRABLE INITIALLY DEFERRED" in before[0][0][1]
    assert stage.warehouse.query("select count(*) from ops.first_load") == [(0,)]
    statistics = "select count(*) from pg_stats where schemaname = 'marts' and tablename = 'fct_outcome'"
    assert stage.warehouse.query(statistics) == [(4,)]


def test_a_night_without_news_changes_no_row(stage) -> None:
    _night(stage, FIRST_NIGHT)
    versions = stage.warehouse.query("select xmin::text, outcome_key from marts.fct_outcome order by 2")
    outcome = _night(stage, FIRST_NIGHT)
    assert (outcome["deleted"], outcome["updated"], outcome["inserted"]) == (0, 0, 0)
    assert (
        stage.warehouse.query("select xmin::text, outcome_key from marts.fct_outcome order by 2") == versions
    )
    assert stage.warehouse.query(
        "select sum(rows_changed) from marts.publication where publication_id > 2"
    ) == [(0,)]


def test_only_the_difference_is_written(stage) -> None:
    _night(stage, FIRST_NIGHT)
    kept = stage.warehouse.query("select xmin::text from marts.dim_child where person_key = 1")
    _night(stage, _second_night())
    assert stage.as_published() == expected(_second_night())
    assert stage.changes() == {
        "dim_district": [0, 0, 0], "dim_child": [1, 0, 1], "fct_outcome": [2, 1, 1], "fct_ledger_posting": [0, 1, 0],
    }  # fmt: skip
    assert stage.warehouse.query("select xmin::text from marts.dim_child where person_key = 1") == kept


def test_rows_of_shared_tables_are_never_deleted(stage) -> None:
    _night(stage, FIRST_NIGHT)
    rows = deepcopy(FIRST_NIGHT)
    rows["dim_district"] = [(-1, "Not known"), (1, "Alderbrook and Vale"), (3, "Cresswold")]
    rows["fct_outcome"] = [(1, 1, 1, None)]
    rows["fct_ledger_posting"] = [(1, 1, 3, "1.00")]
    _night(stage, rows)
    assert stage.rows("marts.dim_district") == [
        (-1, "Not known"),
        (1, "Alderbrook and Vale"),
        (2, "Dunmarsh"),
        (3, "Cresswold"),
    ]


@pytest.mark.fault("R9")
def test_a_failing_test_holds_its_unit_and_not_the_other(stage) -> None:
    _night(stage, FIRST_NIGHT)
    with pytest.raises(YosError, match="HELD.*children: TEST_FAILED a_rule") as held:
        _night(stage, _second_night(), {"a_rule": ("fail", ["children"]), "a_hint": ("warn", ["finance"])})
    assert "finance" not in str(held.value)
    shown = stage.as_published()
    wanted = expected({**FIRST_NIGHT, "fct_ledger_posting": _second_night()["fct_ledger_posting"]})
    assert shown == wanted
    assert stage.warehouse.query(
        "select unit, count(*) from marts.publication group by unit order by unit"
    ) == [("children", 1), ("finance", 2)]
    assert stage.warehouse.query("select rule_code, entity, unit from ops.check_result") == [
        ("HELD_TEST_FAILED", "a_rule", "children")
    ]


def test_a_failing_shared_table_holds_both(stage) -> None:
    with pytest.raises(YosError, match="children: NODE_BROKE dim_district.*finance: NODE_BROKE dim_district"):
        _night(stage, FIRST_NIGHT, {"dim_district": ("error", ["children", "finance"])})
    assert stage.rows("marts.dim_district") == []
    assert stage.warehouse.query("select count(*) from marts.publication") == [(0,)]


WRONG_KEYS = {
    "two new rows": ([(7, 1, 1, None), (7, 2, 2, None)], "KEY_NOT_UNIQUE"),
    "one as it was, one changed": ([*FIRST_NIGHT["fct_outcome"], (1, 2, 2, None)], "KEY_NOT_UNIQUE"),
    "both changed": ([(1, 2, 2, None), (1, 1, 2, None)], "KEY_NOT_UNIQUE"),
    "empty": ([(None, 1, 1, None)], "KEY_EMPTY"),
    "reference to nowhere": ([(1, 777, 1, None)], "REFERENCE_BROKEN fct_outcome_person_key_fkey"),
}


@pytest.mark.parametrize("is_first_night", [True, False])
@pytest.mark.parametrize("wrong", WRONG_KEYS)
def test_wrong_keys_hold_the_unit_and_show_no_value(stage, wrong, is_first_night) -> None:
    rows, reason = WRONG_KEYS[wrong]
    if not is_first_night:
        _night(stage, FIRST_NIGHT)
    with pytest.raises(YosError, match=f"HELD.*children: {reason}") as refused:
        _night(stage, {**_second_night(), "dim_child": FIRST_NIGHT["dim_child"], "fct_outcome": rows})
    assert "777" not in str(refused.value)
    children = {"dim_child": [], "fct_outcome": []} if is_first_night else FIRST_NIGHT
    wanted = {**_second_night(), "dim_child": children["dim_child"], "fct_outcome": children["fct_outcome"]}
    assert stage.as_published() == expected(wanted)
    keys = "select count(*) from pg_constraint where connamespace = 'marts'::regnamespace and contype = %s"
    assert (stage.warehouse.query(keys, ("f",)), stage.warehouse.query(keys, ("p",))) == ([(3,)], [(6,)])


@pytest.mark.fault("R12")
def test_a_model_that_changed_without_its_migration_is_refused(stage) -> None:
    run_id = stage.open_run()
    stage.build(run_id, FIRST_NIGHT)
    stage.warehouse.query("alter table marts.fct_ledger_posting alter column amount_gbp type numeric(10, 2)")
    with pytest.raises(YosError, match="finance: TABLES_DIFFER.*amount_gbp"):
        publish(run_id)
    assert len(stage.rows("marts.fct_outcome")) == 3


@pytest.mark.fault("R7")
@pytest.mark.parametrize("state", ["abandoned", "failed", "succeeded"])
def test_a_run_that_lost_its_lease_publishes_nothing(stage, state) -> None:
    run_id = stage.open_run()
    stage.build(run_id, FIRST_NIGHT)
    stage.warehouse.query("update ops.run set state = %s where run_id = %s", (state, run_id))
    with pytest.raises(LeaseLost):
        publish(run_id)
    assert stage.rows("marts.dim_child") == []


def test_publishing_twice_in_one_run_publishes_once(stage) -> None:
    run_id = stage.open_run()
    stage.build(run_id, FIRST_NIGHT)
    first = publish(run_id)
    assert publish(run_id) == first
    assert stage.warehouse.query("select count(*) from marts.publication") == [(2,)]


def test_the_publication_says_how_fresh_each_feed_is(stage) -> None:
    run_id = stage.open_run()
    for feed, day, received in (
        ("police", "2026-03-30", "2026-03-31T20:00+01"),
        ("police", "2026-03-31", "2026-04-01T00:30+01"),
        ("finance", "2026-02-28", "2026-03-02T09:00+00"),
    ):
        stage.warehouse.query(
            "with d as (insert into ops.drop (service_code, feed, business_date, received_at, content_hash, files, is_fictional)"
            " values ('s', %s, %s, %s, %s, 1, true) returning drop_id)"
            " insert into ops.load (drop_id, run_id, state, started_at) select drop_id, %s, 'accepted', now() from d",
            (feed, day, received, day, run_id),
        )
    stage.build(run_id, FIRST_NIGHT)
    publish(run_id)
    # the second police delivery came after the end of the as-at day in London, although before it in UTC
    assert stage.warehouse.query(
        "select unit, data_dates, is_fictional, as_at from marts.publication order by 1"
    ) == [
        ("children", {"police": "2026-03-30"}, True, date(2026, 3, 31)),
        ("finance", {"finance": "2026-02-28"}, True, date(2026, 3, 31)),
    ]


@pytest.mark.fault("R18")
def test_three_builds_are_kept_and_an_older_one_comes_back_until_released(stage) -> None:
    for night in range(4):
        _night(stage, _second_night() if night % 2 else FIRST_NIGHT, as_at=date(2026, 3, 28 + night))
    kept = [
        row[0] for row in stage.warehouse.query("select schema_name from ops.build order by publication_id")
    ]
    assert len(kept) == 3
    assert {
        row[0]
        for row in stage.warehouse.query("select nspname from pg_namespace where nspname like 'build%'")
    } == {"build", *kept}
    assert stage.as_published() == expected(_second_night())
    assert rollback() == kept[1]
    assert stage.as_published() == expected(FIRST_NIGHT)
    assert stage.warehouse.query("select unit, kind, as_at from marts.publication order by publication_id desc limit 2") == [
        ("finance", "rollback", date(2026, 3, 30)), ("children", "rollback", date(2026, 3, 30)),
    ]  # fmt: skip
    outcome = _night(stage, _second_night())
    assert (outcome["units"], outcome["held"]) == (0, 2)
    assert stage.as_published() == expected(FIRST_NIGHT)
    assert release() == ["children", "finance"]
    _night(stage, _second_night())
    assert stage.as_published() == expected(_second_night())


def test_rolling_back_twice_goes_one_further(stage) -> None:
    third = deepcopy(_second_night())
    third["dim_child"].append((9, "Male"))
    for rows in (FIRST_NIGHT, _second_night(), third):
        _night(stage, rows)
    rollback()
    assert stage.as_published() == expected(_second_night())
    rollback()
    assert stage.as_published() == expected(FIRST_NIGHT)
    with pytest.raises(UsageError, match="NO_BUILD"):
        rollback()


def test_a_build_of_one_unit_rolls_back_that_unit_alone(stage) -> None:
    _night(stage, FIRST_NIGHT)
    with pytest.raises(YosError, match="HELD"):
        _night(stage, _second_night(), {"a_rule": ("fail", ["children"])})
    _night(stage, _second_night())
    rollback()
    assert stage.warehouse.query("select unit from ops.publication_hold") == [("finance",)]
    assert stage.as_published() == expected(_second_night())


def test_a_build_older_than_the_last_migration_is_refused(stage) -> None:
    _night(stage, FIRST_NIGHT)
    _night(stage, _second_night())
    stage.warehouse.query("update ops.permanent_table set migration = '0003' where table_name = 'dim_child'")
    with pytest.raises(UsageError, match="MIGRATED.*0003"):
        rollback()
    assert stage.as_published() == expected(_second_night())


def test_a_shared_table_with_a_wrong_key_holds_both(stage) -> None:
    _night(stage, FIRST_NIGHT)
    rows = {**_second_night(), "dim_district": [*FIRST_NIGHT["dim_district"], (1, "Alderbrook twice")]}
    with pytest.raises(
        YosError, match="children: KEY_NOT_UNIQUE dim_district; finance: KEY_NOT_UNIQUE dim_district"
    ):
        _night(stage, rows)
    assert stage.as_published() == expected(FIRST_NIGHT)


def test_an_unknown_build_is_refused(stage) -> None:
    with pytest.raises(UsageError, match="NO_BUILD"):
        rollback("build_99")
    with pytest.raises(UsageError, match="NO_BUILD"):
        rollback()


def test_readers_see_one_night_or_the_other(stage) -> None:
    """Two readers count matching rows while nights are published; a mixed read would not match."""
    pairs = {night: deepcopy(FIRST_NIGHT) for night in range(2)}
    pairs[1]["dim_child"] = [(-1, None), (5, "Male"), (6, "Male")]
    pairs[1]["fct_outcome"] = [(10, 5, 1, None), (11, 6, 1, None), (12, 6, 1, None)]
    _night(stage, pairs[0])
    stop, seen, trouble = threading.Event(), set(), []

    def read() -> None:
        connection = stage.warehouse.connect("analyst", autocommit=True)
        with connection.cursor() as cursor:
            while not stop.is_set():
                try:
                    cursor.execute(
                        "select count(*), count(c.person_key), min(f.outcome_key) from marts.fct_outcome f "
                        "left join marts.dim_child c using (person_key)"
                    )
                    seen.add(cursor.fetchone())
                except psycopg2.Error as problem:
                    trouble.append(type(problem))
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for night in range(1, 7):
            _night(stage, pairs[night % 2])
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not trouble
    assert seen == {(3, 3, 1), (3, 3, 10)}


def test_the_publisher_cannot_lose_foreign_keys(stage) -> None:
    connection = stage.warehouse.connect("publisher")
    with connection.cursor() as cursor:
        cursor.execute("select ops.prepare_first_load('marts.fct_outcome')")
        with pytest.raises(psycopg2.errors.RaiseException):
            connection.commit()
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.RaiseException):
        cursor.execute("select ops.prepare_first_load('ops.load')")
    connection.close()
