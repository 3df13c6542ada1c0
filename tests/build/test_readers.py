"""Readers and publication do not wait for one another, and a bad publication is taken back at once."""

from __future__ import annotations

import time
from copy import deepcopy

import psycopg2
import pytest

from tests.build.conftest import FIRST_NIGHT, Stage, expected
from yos_warehouse.build.publish import publish, release, rollback
from yos_warehouse.errors import YosError

MANY = 20_000


def _night(rows: int = 3, sex: str = "Male") -> dict[str, list[tuple]]:
    made = deepcopy(FIRST_NIGHT)
    made["dim_child"] = [(-1, None), *((n, sex) for n in range(1, rows + 1))]
    made["fct_outcome"] = [(n, n, 1, None) for n in range(1, rows + 1)]
    return made


@pytest.mark.fault("R8")
def test_an_open_report_and_a_publication_do_not_wait_for_one_another(stage: Stage) -> None:
    first, second = stage.open_run(), None
    stage.build(first, _night())
    publish(first)
    reader = stage.warehouse.connect("analyst")
    reader.set_session(isolation_level="REPEATABLE READ")
    cursor = reader.cursor(
        "report"
    )  # a cursor on the server, of which one row was fetched: a report half read
    cursor.itersize = 1
    cursor.execute("select sex_name from marts.dim_child where person_key > 0")
    assert cursor.fetchone() == ("Male",)
    second = stage.open_run()
    stage.build(second, _night(sex="Female"))
    began = time.monotonic()
    publish(second)
    assert time.monotonic() - began < 15
    began = time.monotonic()
    assert {row[0] for row in cursor.fetchall()} == {"Male"}  # the night it began with
    assert time.monotonic() - began < 0.5
    reader.rollback()
    assert stage.warehouse.query("select distinct sex_name from marts.dim_child where person_key > 0") == [
        ("Female",)
    ]


@pytest.mark.fault("R8")
def test_an_idle_transaction_of_a_reader_is_ended(stage: Stage) -> None:
    """Ten minutes by the role's own setting; shortened here to see it happen."""
    reader = stage.warehouse.connect("analyst")
    cursor = reader.cursor()
    cursor.execute("show idle_in_transaction_session_timeout")
    assert cursor.fetchone() == ("10min",)
    cursor.execute("set idle_in_transaction_session_timeout = '200ms'")
    reader.commit()
    cursor.execute("select count(*) from marts.dim_child")
    time.sleep(1)
    with pytest.raises(psycopg2.Error):
        cursor.execute("select 1")


@pytest.mark.fault("R10")
def test_a_warning_of_dbt_holds_nothing_and_is_told(stage: Stage) -> None:
    from yos_warehouse.server.connect import transaction
    from yos_warehouse.telling.incidents import update_incidents

    run_id = stage.open_run()
    stage.build(run_id, FIRST_NIGHT, {"offences_are_not_entered_twice": ("warn", ["children"])})
    stage.warehouse.query(
        "insert into ops.check_result (run_id, checked_by, rule_code, unit, family, severity, owner, outcome, rows_failed)"
        " values (%s, 'dbt', 'offences_are_not_entered_twice', 'children', 'integrity', 'warn', 'us', 'failed', 2)",
        (run_id,),
    )
    assert publish(run_id)["units"] == 2
    assert stage.as_published() == expected(FIRST_NIGHT)
    with transaction("publisher") as connection:
        update_incidents(connection, run_id, stage.warehouse.drops)
    assert stage.warehouse.query("select rule_code, severity, rows_now::int from ops.incident") == [
        ("offences_are_not_entered_twice", "warn", 2)
    ]


@pytest.mark.fault("R9")
def test_a_failed_test_mended_the_same_command_publishes(stage: Stage) -> None:
    first = stage.open_run()
    stage.build(first, FIRST_NIGHT)
    publish(first)
    broken = stage.open_run()
    stage.build(broken, _night(), {"the_money_adds_up": ("fail", ["children", "finance"])})
    with pytest.raises(YosError, match="HELD"):
        publish(broken)
    assert stage.as_published() == expected(FIRST_NIGHT)
    mended = stage.open_run()
    stage.build(mended, _night(), {"the_money_adds_up": ("pass", ["children", "finance"])})
    publish(mended)
    assert stage.as_published() == expected(_night())


@pytest.mark.fault("R18")
def test_a_bad_publication_of_many_rows_is_taken_back_within_a_minute(stage: Stage) -> None:
    for sex in ("Male", "Female"):
        run_id = stage.open_run()
        stage.build(run_id, _night(MANY, sex))
        publish(run_id)
    began = time.monotonic()
    rollback()
    assert time.monotonic() - began < 60
    assert stage.warehouse.query(
        "select sex_name, count(*)::int from marts.dim_child where person_key > 0 group by 1"
    ) == [("Male", MANY)]
    assert sorted(release()) == ["children", "finance"]
