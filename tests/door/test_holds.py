"""Deliveries that wait for a yes: their size, or their share of bad rows (faults F11, F12, D14)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.door.conftest import Door, arrest, csv_text
from yos_warehouse.door import approvals
from yos_warehouse.errors import UsageError

PUPIL = (
    "pupilonrolltableid,NativeId,dob,surname,forename,upn,formerupn,uniquelearnernumber,sex,entrydate,parttime,"
    "enrolstatus,senprovision,ncyearactual,hoursatsetting,termlysessionspossible,termlysessionsauthorised,"
    "termlysessionsunauthorised"
)


def pupils(door: Door, count: int, day: str) -> tuple[str, str | None]:
    rows = [{"pupilonrolltableid": f"p{n}", "NativeId": "S1"} for n in range(count)]
    door.deliver({"autumn_pupilonroll.csv": csv_text(PUPIL, rows)}, day, feed="education")
    (report,) = door.load("education")
    return report.state, report.reason_code


def bad_arrests(door: Door, bad: int, of: int, day: str) -> tuple[str, str | None]:
    door.arrests([arrest(n, **({"Arrest date": "soon"} if n <= bad else {})) for n in range(1, of + 1)], day)
    (report,) = door.load()
    return report.state, report.reason_code


@pytest.mark.fault("F12")
def test_f12_five_times_a_snapshot_waits_for_a_yes(door: Door) -> None:
    assert pupils(door, 40, "2025-10-01") == ("accepted", None)
    assert pupils(door, 200, "2025-10-02") == ("rejected", "VOLUME")
    assert len(door.current("education__census_pupil")) == 40
    assert pupils(door, 199, "2025-10-03") == ("accepted", None)


@pytest.mark.fault("D14")
def test_d14_too_large_a_share_of_bad_rows_waits_and_a_yes_lets_the_good_ones_in(door: Door) -> None:
    assert bad_arrests(door, 21, 400, "2026-03-30") == ("rejected", "QUARANTINE_RATE")
    assert door.current() == [] and door.held() == []
    assert door.load() == []
    door.approve("2026-03-30")
    (report,) = door.load()
    assert (report.state, report.rows_accepted, report.rows_quarantined) == ("accepted", 379, 21)
    assert door.load() == []


@pytest.mark.fault("D14")
def test_d14_the_share_is_the_contracts_and_few_rows_say_nothing(door: Door) -> None:
    assert bad_arrests(door, 20, 40, "2026-03-30") == ("accepted", None)
    assert bad_arrests(door, 21, 420, "2026-03-31") == ("accepted", None)  # 5 % and not more


def test_what_waits_is_listed_until_it_is_approved_or_answered(door: Door) -> None:
    pupils(door, 40, "2025-10-01")
    pupils(door, 10, "2025-10-02")
    pupils(door, 11, "2025-10-03")
    reader = door.warehouse.connect("auditor")
    waits = approvals.waiting(reader)
    assert [(w.feed, str(w.business_date), w.rows, w.reason_code) for w in waits] == [
        ("education", "2025-10-03", 11, "VOLUME"),
        ("education", "2025-10-02", 10, "VOLUME"),
    ]
    reader.close()
    door.approve("2025-10-03", "education")
    rows = [{"pupilonrolltableid": f"p{n}", "NativeId": "S1"} for n in range(39)]
    door.deliver(
        {"autumn_pupilonroll.csv": csv_text(PUPIL, rows)}, "2025-10-02", "education", "2025-10-04T09:00"
    )
    assert [report.state for report in door.load("education")] == ["accepted", "accepted"]
    reader = door.warehouse.connect("auditor")
    assert approvals.waiting(reader) == []
    reader.close()


def test_a_yes_needs_a_reason_and_something_that_waits(door: Door) -> None:
    connection = door.warehouse.connect("loader")
    with pytest.raises(UsageError, match="APPROVE"):
        approvals.approve(connection, "police", date(2026, 3, 31), "A. Person", "confirmed by the sender")
    with pytest.raises(UsageError, match="REASON"):
        approvals.approve(connection, "police", date(2026, 3, 31), "A. Person", "yes")
    connection.close()


def test_what_could_not_be_read_cannot_be_approved(door: Door) -> None:
    door.deliver({"arrests.csv": ""})
    (report,) = door.load()
    assert report.reason_code == "EMPTY"
    with pytest.raises(UsageError, match="APPROVE"):
        door.approve("2026-03-31")
