"""Every delivered file becomes CSV that PostgreSQL and the careful way read alike."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from source_samples import MESSAGE, NCCIS, PUPIL, arrest, arrests, ctf, spi

from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.convert import prepare, unknown_files
from yos_warehouse.sources.csv_file import open_csv, read_rows
from yos_warehouse.sources.csv_writer import CsvWriter, csv_line
from yos_warehouse.sources.drop import Drop, pack

DAY = date(2026, 3, 31)


def packed(feed: str, source: Path, out: Path) -> Drop:
    return pack(feed, [source], DAY, datetime(2026, 3, 31, 19, tzinfo=UTC), True, out, settle_seconds=0)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


@pytest.fixture
def work(tmp_path: Path) -> Path:
    path = tmp_path / "work"
    path.mkdir()
    return path


def test_csv_passes_through_and_messages_append(tmp_path: Path, source: Path, work: Path) -> None:
    contract = contracts()["police"]
    arrests(source / "arrests_1.csv", arrest(1))
    arrests(source / "ARRESTS_2.csv", arrest(2), encoding="utf-16")
    (source / "b.xml").write_text(spi(MESSAGE.replace("O’Invented", "Broken \ufffd"), MESSAGE), "utf-8")
    (source / "a.xml").write_text(spi(MESSAGE.replace("4</zz:DurationValue", "6</zz:DurationValue")), "utf-8")
    drop = packed("police", source, tmp_path / "drops")
    files = prepare(drop, contract, work)
    assert [(file.entity, file.name, file.is_generated, file.rows) for file in files] == [
        ("arrest", "ARRESTS_2.csv (UTF-16)", False, 1),
        ("arrest", "arrests_1.csv", False, 1),
        ("court_message", "2 XML files", True, 3),
        ("court_offence", "2 XML files", True, 3),
        ("court_result", "2 XML files", True, 6),
    ]
    assert files[1].path == drop.folder / "arrests_1.csv"
    assert unknown_files(drop, contract) == []
    rows = {}
    for file in files:
        opened = open_csv(file.path, contract.entities[file.entity], contract)
        found = list(read_rows(opened))
        assert [row.problem for row in found] == [None] * (file.rows or 0)
        rows[file.name, file.entity] = [opened.named(row.fields or []) for row in found]
        assert (file.path.stat().st_mode & 0o077) == 0 or not file.is_generated
    names = {row["family_name"] for row in rows["2 XML files", "court_message"]}
    assert names == {"O’Invented", "Broken \ufffd"}  # the court's own text, not a sign of a bad export
    assert rows["2 XML files", "court_offence"][0]["offence_wording"] == 'Stole, "allegedly", a bicycle'
    again = {file.path: file.path.read_bytes() for file in files if file.is_generated}
    for file in prepare(drop, contract, work):
        assert again.get(file.path, file.path.read_bytes()) == file.path.read_bytes()


def test_one_file_of_young_people_makes_three_files(tmp_path: Path, source: Path, work: Path) -> None:
    contract = contracts()["education"]
    (source / "NCCIS_2026-03.xml").write_text(NCCIS, "utf-8")
    files = prepare(packed("education", source, tmp_path / "drops"), contract, work)
    assert [(file.entity, file.name, file.rows) for file in files] == [
        ("young_person", "NCCIS_2026-03.xml", 2),
        ("young_person_activity", "NCCIS_2026-03.xml", 1),
        ("young_person_circumstance", "NCCIS_2026-03.xml", 4),
    ]
    with files[0].path.open(newline="") as text:
        assert [row["is_supervised_by_yot"] for row in csv.DictReader(text)] == ["true", "false"]


def test_transfer_files_of_several_schools_append(tmp_path: Path, source: Path, work: Path) -> None:
    contract = contracts()["education"]
    (source / "9994001_CTF_9994002_001.xml").write_text(ctf(PUPIL), "utf-8")
    (source / "9994003_ctf_XXXXXXX_001.xml").write_text(ctf(PUPIL, schools=("4003", "XXXX")), "utf-8")
    files = prepare(packed("education", source, tmp_path / "drops"), contract, work)
    assert [(file.entity, file.name, file.rows) for file in files] == [
        ("transfer_pupil", "2 XML files", 2),
        ("transfer_school", "2 XML files", 4),
    ]


def test_written_csv_reads_back(tmp_path: Path) -> None:
    values = ["", "a", "a,b", 'say "x"', "two\nlines", "carriage\rreturn", "\\.", " space ", "ë’"]
    for record in ([""], ["\\."], values, ["", ""], values[::-1]):
        (read,) = csv.reader([csv_line(record)]) if "\n" not in csv_line(record)[:-1] else [record]
        assert read == record
    assert csv_line([""]) == '""\n'
    assert csv_line(["\\."]) == '"\\."\n'
    with CsvWriter(tmp_path / "x.csv", [f"c{n}" for n in range(len(values))]) as out:
        out.write(values)
    assert out.rows == 1
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file))[1] == values
