"""What was known when: versions in raw over several drops, on a real PostgreSQL."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.door.conftest import ARREST, Door, arrest, asn, csv_text

PLANS = "education__ehc_plan"
PLAN = "plan_id,upn,given_name,family_name,date_of_birth,start_date,end_date,primary_need"


def plan(number: int, start: str = "2025-09-01", **changes: str) -> dict[str, str]:
    """A row of an entity delivered as a full snapshot."""
    return {"plan_id": f"p{number}", "start_date": start} | changes


def snapshot(door: Door, rows: list[dict[str, str]], day: str, **options: Any) -> Any:
    """Deliver and load a snapshot; its report."""
    door.deliver({f"ehc_plan_{day}.csv": csv_text(PLAN, rows)}, day, feed="education", **options)
    (report,) = door.load("education")
    return report


def intervals(door: Door, record: str, table: str = PLANS) -> list[tuple[str, str | None]]:
    """The non-empty intervals of a record as days."""
    return [
        (start[5:10], end and end[5:10])
        for start, end in door.query(
            f"select recorded_from::text, recorded_to::text from raw.{table} "
            "where record_id = %s and recorded_to is distinct from recorded_from order by recorded_from",
            record,
        )
    ]


def content(door: Door, table: str = "police__arrest") -> list[tuple]:
    return door.current(table, "record_id, station_code, business_date::text")


@pytest.mark.fault("D8")
def test_d8_deleted_back_and_deleted_again_makes_three_contiguous_intervals(door: Door) -> None:
    both, one = [plan(1), plan(2)], [plan(1)]
    for day, rows in (("2025-10-01", both), ("2025-10-02", one), ("2025-10-03", both), ("2025-10-04", one)):
        snapshot(door, rows, day)
    assert intervals(door, "p2") == [("10-01", "10-02"), ("10-03", "10-04")]
    assert intervals(door, "p1") == [("10-01", None)]
    snapshot(door, [plan(1), plan(2, "2025-09-02")], "2025-10-05")
    assert intervals(door, "p2") == [("10-01", "10-02"), ("10-03", "10-04"), ("10-05", None)]
    assert door.query("select records_new, records_changed, records_unchanged, records_closed from ops.load_entity order by load_id") == [
        (2, 0, 0, 0), (0, 0, 1, 1), (1, 0, 1, 0), (0, 0, 1, 1), (1, 0, 1, 0),
    ]  # fmt: skip


def test_a_change_closes_one_version_where_the_next_begins(door: Door) -> None:
    snapshot(door, [plan(1)], "2025-10-01")
    snapshot(door, [plan(1, end_date="2025-10-01")], "2025-10-02")
    assert intervals(door, "p1") == [("10-01", "10-02"), ("10-02", None)]


def test_a_held_back_key_counts_as_delivered(door: Door) -> None:
    snapshot(door, [plan(1), plan(2)], "2025-10-01")
    snapshot(door, [plan(1), plan(2, "never")], "2025-10-02")
    assert door.current(PLANS, "record_id, is_last_good") == [("p1", False), ("p2", True)]
    assert door.held(PLANS) == [(2, ["DATE:start_date"])]
    report = snapshot(door, [plan(1), plan(2)], "2025-10-03")
    assert report.released == 1
    assert door.current(PLANS, "record_id, is_last_good") == [("p1", False), ("p2", False)]
    assert intervals(door, "p2") == [("10-01", None)]
    assert door.held(PLANS) == []


def test_a_record_still_bad_is_held_once_and_since_the_first_day(door: Door) -> None:
    for day in ("2025-10-01", "2025-10-02", "2025-10-03"):
        snapshot(door, [plan(1), plan(2, "never")], day)
    assert door.query(f"select held_since::date::text from quarantine.{PLANS} where released_at is null") == [
        ("2025-10-01",)
    ]


def test_a_load_with_a_row_whose_key_cannot_be_read_closes_nothing(door: Door) -> None:
    snapshot(door, [plan(1), plan(2)], "2025-10-01")
    report = snapshot(door, [plan(1), plan(2, plan_id="")], "2025-10-02")
    assert report.rows_quarantined == 1
    assert intervals(door, "p2") == [("10-01", None)]


@pytest.mark.fault("F11")
def test_f11_half_a_snapshot_is_no_mass_deletion(door: Door) -> None:
    header = (
        "pupilonrolltableid,NativeId,dob,surname,forename,upn,formerupn,uniquelearnernumber,sex,entrydate,parttime,"
        "enrolstatus,senprovision,ncyearactual,hoursatsetting,termlysessionspossible,termlysessionsauthorised,"
        "termlysessionsunauthorised"
    )

    def deliver(count: int, day: str) -> Any:
        rows = [{"pupilonrolltableid": f"p{n}", "NativeId": "S1"} for n in range(count)]
        door.deliver({"autumn_pupilonroll.csv": csv_text(header, rows)}, day, feed="education")
        (report,) = door.load("education")
        return report

    assert deliver(40, "2025-10-01").state == "accepted"
    report = deliver(19, "2025-10-02")
    assert (report.state, report.reason_code) == ("rejected", "VOLUME")
    assert len(door.current("education__census_pupil")) == 40
    assert door.load("education") == []
    door.approve("2025-10-02", "education")
    assert [again.state for again in door.load("education")] == ["accepted"]
    assert len(door.current("education__census_pupil")) == 19


@pytest.mark.fault("F8")
def test_f8_an_older_snapshot_is_kept_and_supersedes_nothing(door: Door) -> None:
    snapshot(door, [plan(1)], "2025-10-02")
    report = snapshot(door, [plan(1, "2025-09-09"), plan(3)], "2025-10-01", at="2025-10-03T09:00")
    assert report.state == "kept"
    assert door.current(PLANS) == [("p1",)]
    assert intervals(door, "p1") == [("10-02", None)]
    assert door.query(f"select count(*) from raw.{PLANS} where recorded_to = recorded_from") == [(2,)]
    from yos_warehouse.history.as_at import latest_as_at

    assert str(latest_as_at(door.warehouse.connect())) == "2025-10-02"


def test_a_late_day_does_not_overtake_what_a_newer_day_stated_unchanged(door: Door) -> None:
    """A on Monday, A again on Wednesday, then Tuesday's file arrives late with B: Wednesday's word holds."""
    door.arrests([arrest(1, Surname="A"), arrest(2, Surname="A")], "2026-03-02")
    door.arrests([arrest(1, Surname="A")], "2026-03-04")
    door.load()
    door.arrests([arrest(1, Surname="B"), arrest(2, Surname="B")], "2026-03-03", at="2026-03-05T20:00")
    (late,) = door.load()
    assert late.state == "accepted"
    assert door.current(columns="record_id, family_name") == [(asn(1), "A"), (asn(2), "B")]


def test_a_restatement_that_was_withdrawn_no_longer_counts(door: Door) -> None:
    """Wednesday's correction leaves the record out: Tuesday's late word is then the newest."""
    door.arrests([arrest(1, Surname="A"), arrest(2)], "2026-03-02")
    door.arrests([arrest(1, Surname="A"), arrest(3)], "2026-03-04")
    door.load()
    door.arrests([arrest(3)], "2026-03-04", at="2026-03-05T09:00")
    door.load()
    door.arrests([arrest(1, Surname="B")], "2026-03-03", at="2026-03-05T20:00")
    door.load()
    assert (asn(1), "B") in door.current(columns="record_id, family_name")


def test_a_late_day_of_changes_applies_where_nothing_newer_was_said(door: Door) -> None:
    door.arrests([arrest(1, Station="A"), arrest(2, Station="A")], "2026-03-29")
    door.arrests([arrest(1, Station="C")], "2026-03-31")
    door.load()
    door.arrests(
        [arrest(1, Station="B"), arrest(2, Station="B"), arrest(3, Station="B")],
        "2026-03-30",
        at="2026-04-01T08:00",
    )
    (report,) = door.load()
    assert report.state == "accepted"
    assert content(door) == [
        (asn(1), "C", "2026-03-31"), (asn(2), "B", "2026-03-30"), (asn(3), "B", "2026-03-30"),
    ]  # fmt: skip


@pytest.mark.fault("F9")
def test_f9_days_that_wait_together_apply_in_order(door: Door) -> None:
    for day, station in (("2026-03-31", "C"), ("2026-03-29", "A"), ("2026-03-30", "B")):
        door.arrests([arrest(1, Station=station)], day)
    assert [report.drop[-2:] for report in door.load()] == ["29", "30", "31"]
    assert intervals(door, asn(1), "police__arrest") == [
        ("03-29", "03-30"),
        ("03-30", "03-31"),
        ("03-31", None),
    ]


@pytest.mark.fault("F9")
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_f9_changes_end_alike_in_whatever_order_they_come(door: Door, order: tuple[int, ...]) -> None:
    days = [
        ("2026-03-29", [arrest(1, Station="A"), arrest(2, Station="A")]),
        ("2026-03-30", [arrest(1, Station="B"), arrest(3, Station="B")]),
        ("2026-03-31", [arrest(2, Station="C"), arrest(3, Station="C")]),
    ]
    for number, which in enumerate(order):
        day, rows = days[which]
        door.arrests(rows, day, at=f"2026-04-0{number + 1}T20:00")
        door.load()
    assert content(door) == [
        (asn(1), "B", "2026-03-30"), (asn(2), "C", "2026-03-31"), (asn(3), "C", "2026-03-31"),
    ]  # fmt: skip


@pytest.mark.fault("F7")
def test_f7_a_correction_of_a_day_takes_back_what_it_does_not_carry(door: Door) -> None:
    door.arrests([arrest(1, Station="A"), arrest(2, Station="A")], "2026-03-30")
    door.arrests([arrest(2, Station="B"), arrest(3, Station="B")], "2026-03-31")
    door.load()
    door.arrests([arrest(4, Station="C")], "2026-03-31", at="2026-04-01T09:00")
    (report,) = door.load()
    assert content(door) == [
        (asn(1), "A", "2026-03-30"), (asn(2), "A", "2026-03-30"), (asn(4), "C", "2026-03-31"),
    ]  # fmt: skip
    assert intervals(door, asn(2), "police__arrest") == [
        ("03-30", "03-31"),
        ("03-31", "04-01"),
        ("04-01", None),
    ]
    counts = report.entities[0]
    assert (counts.records_new, counts.records_changed, counts.records_closed) == (1, 1, 1)
    assert door.query("select supersedes_load_id is not null from ops.load order by load_id") == [
        (False,), (False,), (True,),
    ]  # fmt: skip


def test_what_a_correction_took_back_does_not_come_back_by_another(door: Door) -> None:
    door.arrests([arrest(1, Station="A"), arrest(9)], "2026-03-30")
    door.load()
    door.arrests([arrest(9)], "2026-03-30", at="2026-03-30T21:00")
    door.load()
    door.arrests([arrest(1, Station="B")], "2026-03-31")
    door.load()
    door.arrests([arrest(8)], "2026-03-31", at="2026-04-01T09:00")
    door.load()
    assert door.current() == [(asn(8),), (asn(9),)]


def test_what_holds_again_has_the_place_that_it_had_in_its_file(door: Door) -> None:
    door.arrests([arrest(1), arrest(2, Station="A")], "2026-03-30")
    door.arrests([arrest(2, Station="B")], "2026-03-31")
    door.load()
    door.arrests([arrest(3)], "2026-03-31", at="2026-04-01T09:00")
    door.load()
    assert door.current(columns="record_id, station_code, row_number")[1] == (asn(2), "A", 2)


def test_a_correction_that_comes_after_a_newer_one_of_its_day_says_nothing(door: Door) -> None:
    door.arrests([arrest(1), arrest(2)], "2026-03-30")
    door.load()
    door.arrests([arrest(1, Station="C")], "2026-03-30", at="2026-03-30T23:00")
    door.load()
    door.arrests([arrest(1, Station="B"), arrest(3)], "2026-03-30", at="2026-03-30T22:00")
    (report,) = door.load()
    assert report.state == "kept"
    assert content(door) == [(asn(1), "C", "2026-03-30")]


def test_a_late_correction_takes_back_what_no_newer_day_has_said_again(door: Door) -> None:
    door.arrests([arrest(1), arrest(2), arrest(3)], "2026-03-30")
    door.arrests([arrest(2), arrest(4)], "2026-03-31")
    door.load()
    door.arrests([arrest(3)], "2026-03-30", at="2026-04-01T09:00")
    (report,) = door.load()
    assert (report.state, report.entities[0].records_closed) == ("accepted", 1)
    assert door.current() == [(asn(2),), (asn(3),), (asn(4),)]


def test_what_a_correction_took_back_does_not_stand_in_the_way_of_a_late_day(door: Door) -> None:
    door.arrests([arrest(1, Station="C"), arrest(2)], "2026-03-31")
    door.load()
    door.arrests([arrest(2)], "2026-03-31", at="2026-03-31T22:00")
    door.load()
    door.arrests([arrest(1, Station="A")], "2026-03-30", at="2026-04-01T20:00")
    door.load()
    assert (asn(1), "A", "2026-03-30") in content(door)


def test_what_a_late_day_said_holds_when_the_newer_word_is_taken_back(door: Door) -> None:
    door.arrests([arrest(1, Station="C"), arrest(2)], "2026-03-31")
    door.load()
    door.arrests([arrest(1, Station="A")], "2026-03-30", at="2026-04-01T20:00")
    door.load()
    door.arrests([arrest(2)], "2026-03-31", at="2026-04-02T09:00")
    door.load()
    assert (asn(1), "A", "2026-03-30") in content(door)


def test_a_correction_releases_what_was_held_of_its_day(door: Door) -> None:
    door.arrests([arrest(1), arrest(2, ASN="")], "2026-03-31")
    door.load()
    assert len(door.held()) == 1
    door.arrests([arrest(1), arrest(2)], "2026-03-31", at="2026-04-01T09:00")
    (report,) = door.load()
    assert (report.released, door.held()) == (1, [])


@pytest.mark.fault("R13")
def test_recorded_from_is_when_it_was_received_even_if_loaded_later(door: Door) -> None:
    door.arrests([arrest(1)], "2026-03-31")
    door.load()
    assert door.query("select recorded_from::text from raw.police__arrest") == [("2026-03-31 19:00:00+00",)]


@pytest.mark.fault("R13")
def test_versions_never_overlap_even_if_clocks_disagree(door: Door) -> None:
    door.arrests([arrest(1, Station="A")], "2026-03-30", at="2026-04-02T20:00")
    door.load()
    door.arrests([arrest(1, Station="B")], "2026-03-31", at="2026-04-01T20:00")
    door.load()
    assert intervals(door, asn(1), "police__arrest") == [("04-02", None)]
    assert content(door) == [(asn(1), "B", "2026-03-31")]


def test_a_budget_without_year_and_version_is_keyed_by_the_year_of_its_date(door: Door) -> None:
    header = "contributor,funding_stream,staffing_in_kind_gbp,other_delegated_gbp,total_gbp,printed_label"
    line = {
        "contributor": "health", "funding_stream": "core", "staffing_in_kind_gbp": "10",
        "other_delegated_gbp": "5", "total_gbp": "15", "printed_label": "Health",
    }  # fmt: skip
    for day in ("2025-03-31", "2026-03-31"):
        door.deliver({"budget.csv": csv_text(header, [line | {"printed_label": day}])}, day, feed="finance")
    wrong = csv_text(header, [line, line | {"contributor": "x", "total_gbp": "16"}])
    door.deliver({"budget.csv": wrong}, "2026-05-31", feed="finance")
    door.load("finance")
    assert door.current("finance__budget_line") == [
        ("2024/25|1|health|core",), ("2025/26|1|health|core",), ("2026/27|1|health|core",),
    ]  # fmt: skip
    assert door.held("finance__budget_line") == [(2, ["FIN-BUD-01"])]


def test_a_large_first_load_is_indexed_afterwards_with_the_same_result(
    door: Door,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from yos_warehouse.history import record

    indexes = "select indexname, indexdef from pg_indexes where schemaname = 'raw' order by 1"
    before = door.query(indexes)
    monkeypatch.setattr(record, "LARGE_FROM_ROWS", 1)
    door.arrests([arrest(n) for n in range(1, 60)] + [arrest(60, **{"Arrest date": "x"})])
    (report,) = door.load()
    assert report.entities[0].records_new == 59
    assert door.query(
        "select min(row_number), max(row_number), count(distinct raw_id) from raw.police__arrest"
    ) == [(1, 59, 59)]
    assert door.query(indexes) == before and door.query("select count(*) from ops.first_load") == [(0,)]
    assert ARREST.startswith("ASN")
