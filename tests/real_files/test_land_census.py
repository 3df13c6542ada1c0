"""Two terms of a public school census whose columns differ, through the real door by one contract."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

AUTUMN, SPRING = date(2024, 10, 3), date(2025, 1, 16)


def records(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pupils(path: Path, term: str) -> dict[str, dict[str, str]]:
    """The pupils of a term by the record id they must have."""
    return {f"{term}|{row['pupilonrolltableid']}|{row['NativeId']}": row for row in records(path)}


@pytest.fixture(scope="module")
def terms(shared) -> dict[date, list[Path]]:
    folder = shared / "data" / "school_census"
    return {
        AUTUMN: sorted(folder.glob("2024_autumn_*.csv")),
        SPRING: sorted(folder.glob("2025_spring_*.csv")),
    }


@pytest.fixture
def landed(arrivals, terms) -> list[Any]:
    """Both terms, each as one drop of all its files; the reports of their loads."""
    for day, files in terms.items():
        arrivals.pack("education", files, day)
    return arrivals.load("education")


def test_both_terms_stand_side_by_side(arrivals, shared, terms, landed) -> None:
    assert [(report.business_date, report.state) for report in landed] == [
        (AUTUMN, "accepted"), (SPRING, "accepted"),
    ]  # fmt: skip
    for report in landed:
        every_row_is_accounted_for(arrivals, report, terms[report.business_date])

    folder = shared / "data" / "school_census"
    sent = pupils(folder / "2024_autumn_pupilonroll.csv", "2024_3")
    sent |= pupils(folder / "2025_spring_pupilonroll.csv", "2025_1")
    held = {
        record
        for (record,) in arrivals.query(
            "select record_id from quarantine.education__census_pupil where record_id is not null"
        )
    }
    current = dict(
        arrivals.query(
            "select record_id, business_date from raw.education__census_pupil where recorded_to is null"
        )
    )
    assert current.keys() - held == sent.keys() - held
    assert {day for record, day in current.items() if record.startswith("2024_3|")} == {AUTUMN}
    assert arrivals.query("select sum(records_closed) from ops.load_entity") == [(0,)]

    # the same pupil in both returns
    joined = {record[7:] for record in current if record < "2025"} & {
        record[7:] for record in current if record > "2025"
    }
    assert len(joined) > 8000
    (both,) = arrivals.query(
        """
        select count(distinct autumn.pupil_id)
        from raw.education__census_pupil as autumn
        join raw.education__census_pupil as spring using (service_code, pupil_id, school_id)
        where autumn.record_id like '2024\\_3|%%' and spring.record_id like '2025\\_1|%%'
        """
    )
    assert both == (len({record.rpartition("|")[0] for record in joined}),)


def every_row_is_accounted_for(arrivals, report, files: list[Path]) -> None:
    from yos_warehouse.sources.contract import contracts
    from yos_warehouse.sources.naming import entities_of

    sent: Counter[str] = Counter()
    for path in files:
        (entity,) = entities_of(contracts()["education"], path.name)
        sent[entity] += len(records(path))
    assert {entity.entity: entity.rows_in_files for entity in report.entities} == dict(sent)
    assert report.rows_in_files == sum(sent.values())
    assert report.rows_accepted + report.rows_quarantined == report.rows_in_files
    assert report.rows_rejected == 0
    for entity in report.entities:
        assert entity.rows_accepted + entity.rows_quarantined == entity.rows_in_files
        ((held,),) = arrivals.query(
            f"select count(*) from quarantine.education__{entity.entity} where load_id = %s", report.load_id
        )
        assert held == entity.rows_quarantined, entity.entity
        ((kept,),) = arrivals.query(
            f"select count(*) from raw.education__{entity.entity} where load_id = %s", report.load_id
        )
        assert kept == entity.rows_accepted - entity.rows_repeated, entity.entity


def test_codes_and_dates_of_other_years_stay_as_sent_and_can_be_read(arrivals, terms, landed) -> None:
    raw = arrivals.query("select category, count(*) from raw.education__census_exclusion group by category")
    sent = Counter(
        row["category"]
        for files in terms.values()
        for path in files
        if "termlyexclusions" in path.name
        for row in records(path)
    )
    ((held,),) = arrivals.query("select count(*) from quarantine.education__census_exclusion")
    assert dict(raw).keys() == sent.keys() and "FIXD" in sent and "SUSP" not in sent
    assert 0 <= sent.total() - sum(count for _, count in raw) - held < 10
    categories = seed("code_exclusion_category")
    assert categories["FIXD"]["exclusion_category"] == categories["SUSP"]["exclusion_category"] == "SUSP"

    provisions = seed("code_sen_provision")
    assert {code: (provisions[code]["send_code"], provisions[code]["valid_to"]) for code in "APS"} == {
        "A": ("SEN_SUPPORT", "2015-08-31"), "P": ("SEN_SUPPORT", "2015-08-31"), "S": ("EHC_PLAN", "2018-03-31"),
    }  # fmt: skip
    counts = dict(
        arrivals.query(
            "select sen_provision, count(*) from raw.education__census_pupil where business_date = %s group by 1",
            SPRING,
        )
    )
    assert counts["S"] > 900 and counts["A"] > 400 and counts["P"] > 400

    # 2020-Apr-25 00:00:00
    for table, column in (
        ("census_pupil", "date_of_birth"), ("census_pupil", "entry_date"), ("census_leaver", "leaving_date"),
        ("census_exclusion", "start_date"),
    ):  # fmt: skip
        odd, unread = arrivals.query(
            f"select count(*) filter (where {column} ~ '^\\d{{4}}-[A-Z][a-z]{{2}}-\\d\\d 00:00:00$'), "
            f"count(*) filter (where ref.parse_date({column}) is null) from raw.education__{table}"
        )[0]
        assert odd > 600 and unread == 0, (table, column)
    assert arrivals.query("select ref.parse_date('2020-Apr-25 00:00:00')") == [(date(2020, 4, 25),)]


def seed(name: str) -> dict[str, dict[str, str]]:
    """The rows of a code list by code."""
    from yos_warehouse import settings

    return {row["code"]: row for row in records(settings.DBT_DIR / "seeds" / "code" / f"{name}.csv")}


def test_a_column_that_moved_or_vanished_never_slides(arrivals, shared, terms) -> None:
    """The value of each column in history is that of the header with its name, in both layouts."""
    for day, files in terms.items():
        arrivals.pack("education", [path for path in files if path.name.endswith("_pupilonroll.csv")], day)
    assert [report.state for report in arrivals.load("education")] == ["accepted", "accepted"]
    folder = shared / "data" / "school_census"
    for day, term, name in (
        (AUTUMN, "2024_3", "2024_autumn_pupilonroll.csv"),
        (SPRING, "2025_1", "2025_spring_pupilonroll.csv"),
    ):
        sent = pupils(folder / name, term)
        for column, header in (
            ("upn", "upn"), ("family_name", "surname"), ("date_of_birth", "dob"), ("sex", "sex"),
            ("sessions_possible", "termlysessionspossible"), ("ethnicity", "ethnicity"), ("entry_date", "entrydate"),
        ):  # fmt: skip
            kept = dict(
                arrivals.query(
                    f"select record_id, coalesce({column}, '') from raw.education__census_pupil where business_date = %s",
                    day,
                )
            )
            common = kept.keys() & sent.keys()
            assert len(common) > 8000
            wrong = [record for record in common if kept[record] != (sent[record].get(header) or "")]
            assert not wrong, (day, column, len(wrong))
