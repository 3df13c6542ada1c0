"""Files that nobody on this project wrote. They lie beside the checkout, or these tests are skipped."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from yos_warehouse.sources.check import check
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.convert import prepare
from yos_warehouse.sources.csv_file import open_csv, read_rows
from yos_warehouse.sources.drop import pack, verify
from yos_warehouse.sources.naming import entities_of
from yos_warehouse.sources.spi_xml import read_messages

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(
    not (SHARED / "data").is_dir(),
    reason="the folder of public sample files does not lie beside the checkout",
)
SPI = SHARED / "data" / "court_results_spi"
CENSUS = SHARED / "data" / "school_census"


def count(text: str, element: str) -> int:
    return len(re.findall(rf"<(?:\w+:)?{element}[\s>/]", text))


def test_every_court_message_is_read_whole() -> None:
    files = sorted(SPI.glob("*.xml"))
    assert len(files) == 165
    parsed: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    values: Counter[str] = Counter()
    for path in files:
        text = path.read_text("utf-8")
        counted["messages"] += count(text, "ResultedCaseMessage")
        counted["offences"] += count(text, "Offence")
        counted["results"] += count(text, "Result")
        for element, column in (
            ("OffenceCode", "cjs_code"),
            ("ResultCode", "result_code"),
            ("ResultText", "result_text"),
            ("ResultAmountSterling", "amount_gbp"),
            ("DurationValue", "duration_value"),
            ("PNCidentifier", "pnc_id"),
            ("ConvictionDate", "conviction_date"),
            ("OffenceEndDate", "offence_end_date"),
            ("Finding", "finding"),
            ("Birthdate", "date_of_birth"),
            ("BailStatusOffence", "bail_status"),
            ("BailStatus", "bail_status"),
        ):
            values[column] -= (
                count(text, element)
                - count(text, f"{element}/")
                - len(re.findall(rf"<(?:\w+:)?{element}></", text))
            )
        for message in read_messages(path):
            parsed["messages"] += 1
            parsed["offences"] += len(message.offences)
            parsed["results"] += len(message.results)
            assert message.message["offence_count"] == str(len(message.offences))
            for _, row in message.rows():
                values.update(column for column, value in row.items() if value and column in values)
    assert parsed == counted == {"messages": 165, "offences": 544, "results": 854}
    # No value of these elements was lost on the way: what was counted out came in again.
    assert {column: left for column, left in values.items() if left} == {}


def test_the_messages_pack_check_and_convert(tmp_path: Path) -> None:
    police = contracts()["police"]
    assert [
        finding for finding in check("police", [SPI]) if finding.refuses and finding.rule != "UNKNOWN_FILE"
    ] == []
    files = sorted(SPI.glob("*.xml"))
    when = datetime(2026, 3, 31, 19, tzinfo=UTC)
    drop = pack("police", files, date(2026, 3, 31), when, True, tmp_path / "drops", settle_seconds=0)
    verify(drop, police)
    work = tmp_path / "work"
    work.mkdir()
    ready = prepare(drop, police, work)
    assert {file.entity: file.rows for file in ready} == {
        "court_message": 165,
        "court_offence": 544,
        "court_result": 854,
    }
    for file in ready:
        opened = open_csv(file.path, police.entities[file.entity], police)
        with opened.open_data() as stream:
            while stream.read():
                pass
        stream.scanner.reject(file.name)
        assert not stream.scanner.must_be_careful
        assert sum(row.problem is None for row in read_rows(opened)) == file.rows


def test_both_terms_of_the_census_fit_one_contract() -> None:
    education = contracts()["education"]
    headers: dict[str, set[tuple[str, ...]]] = {}
    for path in sorted(CENSUS.glob("*.csv")):
        (entity,) = entities_of(education, path.name)
        day = date(2024, 10, 3) if "autumn" in path.name else date(2025, 1, 16)
        opened = open_csv(path, education.entities[entity], education, day)
        mapped = tuple(sorted(column for column in opened.columns if column))
        assert set(mapped) | set(opened.absent) == set(education.entities[entity].columns)
        headers.setdefault(path.name.partition("_")[2].partition("_")[2], set()).add(opened.header)
        with path.open(newline="", encoding="utf-8") as file:
            expected = sum(1 for _ in csv.reader(file)) - 1
        rows = [row.problem for row in read_rows(opened)]
        assert rows == [None] * expected
    assert len(headers["pupilonroll.csv"]) == 2  # the layout really drifts


def test_the_board_s_budget_fits_the_contract(tmp_path: Path) -> None:
    finance = contracts()["finance"]
    path = SHARED / "golden" / "budget_2020_21.csv"
    (entity,) = entities_of(finance, path.name)
    opened = open_csv(path, finance.entities[entity], finance)
    assert opened.absent == ("financial_year", "version", "status", "programme", "payments_in_kind_gbp")
    rows = [opened.named(row.fields or []) for row in read_rows(opened)]
    core = [row for row in rows if row["funding_stream"] == "core"]
    assert sum(int(row["total_gbp"]) for row in core) == 2_409_465
    assert sum(int(row["total_gbp"]) for row in rows) == 2_706_165
