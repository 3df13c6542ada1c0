"""Incidents: opened once, kept while they last, closed by evidence and by nothing else."""

from __future__ import annotations

import pytest

from tests.telling.conftest import Night


def incidents(night: Night) -> list[tuple]:
    """Rule, owner, rows, closed."""
    return night.warehouse.query(
        "select rule_code, owner_email, rows_now, closed_at is not null from ops.incident"
        " order by incident_id"
    )


def test_a_failing_check_opens_one_incident_with_the_words_of_its_suite(night: Night) -> None:
    run = night.run()
    night.check(run, failed=3)
    night.check(run, failed=2)  # the same rule in another drop of the same night
    assert night.tell(run) == {"opened": 1, "kept": 0, "closed": 0}
    assert incidents(night) == [("REQUIRED:asn", "police.data@oakshire.example.org", 5, False)]
    ((words, remedy),) = night.warehouse.query("select words, remedy from ops.incident")
    assert "rows without asn" in words and remedy


@pytest.mark.fault("A2")
def test_the_same_failure_seven_nights_is_one_incident(night: Night) -> None:
    for number in range(7):
        run = night.run()
        night.check(run, failed=number + 1)
        night.tell(run)
    assert [(row[2], row[3]) for row in incidents(night)] == [(7, False)]


def test_telling_the_same_run_again_changes_nothing(night: Night) -> None:
    run = night.run()
    night.check(run)
    night.tell(run)
    before = incidents(night)
    night.tell(run)
    assert incidents(night) == before


def test_silence_closes_nothing_and_a_passed_check_closes(night: Night) -> None:
    first = night.run()
    night.check(first)
    night.tell(first)
    silent = night.run()
    assert night.tell(silent)["closed"] == 0
    passed = night.run()
    night.check(passed, failed=0)
    assert night.tell(passed) == {"opened": 0, "kept": 0, "closed": 1}


def test_a_passed_check_closes_nothing_while_rows_of_earlier_loads_are_held_back(night: Night) -> None:
    """A feed that delivers changes sends a bad row once; the next day's good rows say nothing of it."""
    first = night.run()
    night.hold(night.load(first, held=3))
    night.check(first, failed=3)
    night.tell(first)
    passed = night.run()
    night.check(passed, failed=0)
    assert night.tell(passed) == {"opened": 0, "kept": 0, "closed": 0}
    partly = night.run()
    night.release(night.load(partly), rows=2)
    night.check(partly, failed=0)
    assert night.tell(partly)["closed"] == 0
    assert incidents(night) == [("REQUIRED:asn", "police.data@oakshire.example.org", 1, False)]
    corrected = night.run()
    night.release(night.load(corrected))
    night.check(corrected, failed=0)
    assert night.tell(corrected)["closed"] == 1


def test_rows_held_back_by_another_rule_keep_nothing_open(night: Night) -> None:
    first = night.run()
    night.hold(night.load(first, held=3), "DATE:arrested_at")
    night.check(first)
    night.tell(first)
    passed = night.run()
    night.check(passed, failed=0)
    assert night.tell(passed)["closed"] == 1


@pytest.mark.fault("F1")
def test_what_is_no_delivery_is_an_incident_until_it_is_gone(night: Night) -> None:
    loose = night.warehouse.drops / "police" / "secretname.csv"
    loose.parent.mkdir()
    loose.touch()
    assert night.tell(night.run()) == {"opened": 1, "kept": 0, "closed": 0}
    assert night.tell(night.run()) == {"opened": 0, "kept": 1, "closed": 0}
    assert incidents(night) == [("STRAY", "police.data@oakshire.example.org", None, False)]
    loose.unlink()
    assert night.tell(night.run())["closed"] == 1


@pytest.mark.fault("A7")
def test_a_refused_drop_is_closed_by_an_accepted_one(night: Night) -> None:
    first = night.run()
    night.load(
        first, refused="CHECKSUM", reason="police 2026-03-31, arrests.csv is not what the manifest says"
    )
    assert night.tell(first)["opened"] == 1
    other = night.run()
    night.load(other, feed="finance")
    assert night.tell(other)["closed"] == 0
    corrected = night.run()
    night.load(corrected)
    assert night.tell(corrected)["closed"] == 1


def test_a_held_unit_is_closed_by_its_publication(night: Night) -> None:
    first = night.run("failed")
    night.warehouse.query(
        "insert into ops.check_result (run_id, checked_by, rule_code, entity, unit, family, severity, owner,"
        " outcome) values (%s, 'warehouse', 'HELD_TEST_FAILED', 'x', 'finance', 'integrity', 'error',"
        " 'warehouse', 'failed')",
        (first,),
    )
    night.tell(first)
    second = night.run()
    publish = (
        "insert into marts.publication (run_id, unit, as_at, kind, data_dates, rows_changed, is_fictional)"
        " values (%s, %s, '2026-03-31', 'publish', '{}', 0, true)"
    )
    night.warehouse.query(publish, (second, "children"))
    assert night.tell(second)["closed"] == 0
    third = night.run()
    night.warehouse.query(publish, (third, "finance"))
    assert night.tell(third)["closed"] == 1


@pytest.mark.fault("R11")
def test_a_check_that_broke_is_ours_not_the_partners(night: Night) -> None:
    run = night.run()
    night.check(run, outcome="error")
    night.tell(run)
    assert incidents(night)[0][1] == "data.team@oakshire.example.org"


def test_what_a_run_found_that_ended_before_it_could_tell_is_told_by_the_next(night: Night) -> None:
    broken = night.run("failed")
    night.check(broken)
    quiet = night.run()
    assert night.tell(quiet)["opened"] == 1
    assert night.tell(night.run())["opened"] == 0
