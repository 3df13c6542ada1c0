"""Two terms of a public school census whose columns differ, through the real door by one contract."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

AUTUMN, SPRING = date(2024, 10, 3), date(2025, 1, 16)


def records(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pupils(path: Path) -> dict[str, dict[str, str]]:
    """The pupils of a term by the record id they must have; an empty cell has no value."""
    return {f"{row['pupilonrolltableid']}|{row['NativeId']}": row for row in records(path)}


@pytest.fixture(scope="module")
def terms(shared) -> dict[date, list[Path]]:
    folder = shared / "data" / "school_census"
    return {
        AUTUMN: sorted(folder.glob("2024_autumn_*.csv")),
        SPRING: sorted(folder.glob("2025_spring_*.csv")),
    }


def test_both_terms_land_and_who_left_is_closed(arrivals, shared, terms) -> None:
    from yos_warehouse.sources.contract import contracts
    from yos_warehouse.sources.naming import entities_of

    education = contracts()["education"]
    for day, files in terms.items():
        arrivals.pack("education", files, day)
    reports = arrivals.load("education")
    assert [(report.business_date, report.state) for report in reports] == [
        (AUTUMN, "accepted"), (SPRING, "accepted"),
    ]  # fmt: skip

    for report in reports:
        sent: Counter[str] = Counter()
        for path in terms[report.business_date]:
            (entity,) = entities_of(education, path.name)
            sent[entity] += len(records(path))
        assert {entity.entity: entity.rows_in_files for entity in report.entities} == dict(sent)
        assert report.rows_in_files == sum(sent.values())
        assert report.rows_accepted + report.rows_quarantined == report.rows_in_files
        assert report.rows_rejected == 0
        for entity in report.entities:
            assert entity.rows_accepted + entity.rows_quarantined == entity.rows_in_files
            ((held,),) = arrivals.query(
                f"select count(*) from quarantine.education__{entity.entity} where load_id = %s",
                report.load_id,
            )
            assert held == entity.rows_quarantined, entity.entity

    folder = shared / "data" / "school_census"
    autumn = pupils(folder / "2024_autumn_pupilonroll.csv")
    spring = pupils(folder / "2025_spring_pupilonroll.csv")
    left = autumn.keys() - spring.keys()
    joined = spring.keys() - autumn.keys()
    assert len(left) > 100 and len(joined) > 100
    held = {
        record
        for (record,) in arrivals.query(
            "select record_id from quarantine.education__census_pupil where record_id is not null"
        )
    }
    current = {
        record
        for (record,) in arrivals.query(
            "select record_id from raw.education__census_pupil where recorded_to is null"
        )
    }
    # what is held back keeps its last good version, everything else is as the newest term says
    assert current - held == spring.keys() - held
    closed = {
        record
        for (record,) in arrivals.query(
            "select record_id from raw.education__census_pupil group by record_id having bool_and(recorded_to is not null)"
        )
    }
    assert closed - held == left - held
    (_, second) = ({entity.entity: entity for entity in report.entities} for report in reports)
    assert second["census_pupil"].records_closed == len(closed)
    assert arrivals.query(
        "select distinct recorded_to at time zone 'Europe/London' from raw.education__census_pupil"
        " where recorded_to is not null"
    ) == [(arrivals.query("select timestamp '2025-01-16 20:00'")[0][0],)]


def test_a_column_that_moved_or_vanished_never_slides(arrivals, shared, terms) -> None:
    """The value of each column in history is that of the header with its name, in both layouts."""
    for day, files in terms.items():
        arrivals.pack("education", [path for path in files if path.name.endswith("_pupilonroll.csv")], day)
    assert [report.state for report in arrivals.load("education")] == ["accepted", "accepted"]
    folder = shared / "data" / "school_census"
    for day, name in ((AUTUMN, "2024_autumn_pupilonroll.csv"), (SPRING, "2025_spring_pupilonroll.csv")):
        sent = pupils(folder / name)
        for column, header in (
            ("upn", "upn"), ("family_name", "surname"), ("date_of_birth", "dob"), ("sex", "sex"),
            ("sessions_possible", "termlysessionspossible"), ("ethnicity", "ethnicity"), ("entry_date", "entrydate"),
        ):  # fmt: skip
            kept = dict(
                arrivals.query(
                    f"select record_id, coalesce({column}, '') from raw.education__census_pupil"
                    " where recorded_from <= %s::date + time '21:00'"
                    " and (recorded_to is null or recorded_to > %s::date + time '21:00')",
                    day,
                    day,
                )
            )
            common = kept.keys() & sent.keys()
            assert len(common) > 8000
            wrong = [record for record in common if kept[record] != (sent[record].get(header) or "")]
            assert not wrong, (day, column, len(wrong))
