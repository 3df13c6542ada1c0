"""A feed that does not come in time (fault F10): found, told with the feed's name, in order again when it comes."""

from __future__ import annotations

from datetime import date

import pytest

from tests.door.conftest import Door, arrest
from yos_warehouse.door.freshness import check_freshness, days_old, reference_day
from yos_warehouse.sources.contract import contracts


def late(door: Door) -> list[str]:
    connection = door.warehouse.connect("publisher")
    with connection:
        found = check_freshness(connection, door.run_id)
        assert check_freshness(connection, door.run_id) == found  # a step may be run again
    connection.close()
    assert door.query("select count(*) from ops.check_result where rule_code = 'LATE'") == [(1,)]
    return found


@pytest.mark.fault("F10")
@pytest.mark.parametrize(("day", "is_late"), [("2026-04-01", False), ("2026-04-02", True)])
def test_f10_a_daily_feed_is_late_after_a_working_day(
    door: Door, monkeypatch: pytest.MonkeyPatch, day: str, is_late: bool
) -> None:
    door.arrests([arrest(1)])
    door.load()
    monkeypatch.setenv("YOS_TODAY", day)
    assert late(door) == (["police"] if is_late else [])
    outcome = "failed" if is_late else "passed"
    assert door.query("select feed, outcome, owner from ops.check_result where rule_code = 'LATE'") == [
        ("police", outcome, "partner")
    ]


def test_weekends_and_bank_holidays_do_not_make_a_daily_feed_late() -> None:
    police = contracts()["police"]
    assert days_old(police, date(2026, 4, 2), date(2026, 4, 7)) == 1  # Easter: Thursday to Tuesday
    assert days_old(contracts()["education"], date(2026, 4, 2), date(2026, 4, 7)) == 5


def test_a_fictional_service_stands_at_the_newest_day_delivered(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YOS_TODAY", raising=False)
    monkeypatch.delenv("YOS_SOURCE_DATE", raising=False)
    door.arrests([arrest(1)])
    door.load()
    connection = door.warehouse.connect("publisher")
    assert reference_day(connection) == date(2026, 3, 31)
    connection.close()
