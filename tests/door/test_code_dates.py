"""Codes by date: a code used on a day on which its list does not have it is reported, and a new one is a seed row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.door.conftest import Door, csv_text
from yos_warehouse import settings
from yos_warehouse.door import suite
from yos_warehouse.fictional.identifiers import upn

HEADER = "UPN,School,Date,Session,Code"
RULE = ("attendance_mark", "CODE_DATE:attendance_code")
UNKNOWN = ("attendance_mark", "CODE:attendance_code")


def mark(day: str, code: str, session: str = "AM") -> dict[str, str]:
    return {"UPN": upn(1, 2015), "School": "S1", "Date": day, "Session": session, "Code": code}


def marks(door: Door, rows: list[dict[str, str]], day: str = "2026-10-30") -> Any:
    door.deliver({"attendance.csv": csv_text(HEADER, rows)}, day, feed="education")
    (report,) = door.load("education")
    assert report.rows_quarantined == 0 and report.rows_accepted == len(rows)
    return report


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The code lists, copied to where a row may be added."""
    shutil.copytree(settings.DBT_DIR / "seeds", tmp_path / "dbt" / "seeds")
    monkeypatch.setattr(settings, "DBT_DIR", tmp_path / "dbt")
    for cached in (suite.codes, suite.code_periods):
        cached.cache_clear()
    yield tmp_path / "dbt" / "seeds"
    for cached in (suite.codes, suite.code_periods):
        cached.cache_clear()


def test_a_code_outside_its_days_is_kept_and_reported(door: Door) -> None:
    report = marks(
        door,
        [
            mark("18/08/2024", "C2"),  # a day too early
            mark("19/08/2024", "C2"),
            mark("18/08/2024", "H", "PM"),
            mark("19/08/2024", "H", "PM"),  # a day too late
            mark("20/08/2024", "/"),  # holds on every day
        ],
    )
    assert report.reported == {RULE: 2}
    assert len(door.current("education__attendance_mark")) == 5
    assert door.query(
        "select rows_failed, family, owner from ops.check_result where rule_code = 'CODE_DATE:attendance_code'"
    ) == [(2, "integrity", "partner")]


def test_without_a_column_of_its_own_the_day_is_that_of_the_delivery(door: Door) -> None:
    header = "pupilonrolltableid,NativeId,termlysessiondetailsonrolltableid,termlysessiondetailsonrollorderseqcolumn,sessions,attendancereason"
    row = {
        "pupilonrolltableid": "p1", "NativeId": "S1", "termlysessiondetailsonrolltableid": "1",
        "termlysessiondetailsonrollorderseqcolumn": "1", "sessions": "2", "attendancereason": "H",
    }  # fmt: skip
    reported = []
    for day in ("2024-01-18", "2025-01-16"):
        door.deliver({"termlysessiondetailsonroll.csv": csv_text(header, [row])}, day, feed="education")
        (report,) = door.load("education")
        reported.append(report.reported)
    assert reported == [{}, {("census_session", "CODE_DATE:attendance_code"): 1}]


@pytest.mark.fault("D7")
def test_d7_a_new_code_in_september_is_a_seed_row_and_nothing_else(door: Door, seeds: Path) -> None:
    rows = [mark("31/08/2026", "W9"), mark("01/09/2026", "W9"), mark("02/09/2026", "W9")]
    before = marks(door, rows, "2026-09-04")
    # unknown: each row is kept, the code told once, with its count
    assert before.reported == {UNKNOWN: 3}
    assert door.query(
        "select count(*), max(rows_failed) from ops.check_result where rule_code = 'CODE:attendance_code' and outcome = 'failed'"
    ) == [(1, 3)]

    with (seeds / "code" / "code_attendance.csv").open("a") as file:
        file.write("W9,A code of the new school year,PRESENT,t,2026-09-01,\n")
    for cached in (suite.codes, suite.code_periods):
        cached.cache_clear()
    after = marks(door, rows, "2026-09-11")
    assert after.reported == {RULE: 1}  # the one of August


def test_a_code_that_held_twice(door: Door, seeds: Path) -> None:
    with (seeds / "code" / "code_attendance.csv").open("a") as file:
        file.write("W8,Held,PRESENT,t,,2025-07-31\nW8,Held again,PRESENT,t,2026-09-01,\n")
    for cached in (suite.codes, suite.code_periods):
        cached.cache_clear()
    rows = [mark(day, "W8") for day in ("31/07/2025", "01/08/2025", "31/08/2026", "01/09/2026")]
    assert marks(door, rows).reported == {RULE: 2}
