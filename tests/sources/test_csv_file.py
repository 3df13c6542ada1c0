"""Damaged CSV files: each fault of faults.md has its stated outcome, and no column ever slides."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from source_samples import ARREST_HEADER, arrest, arrests

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.contract import Contract, contracts
from yos_warehouse.sources.csv_file import (
    CHUNK_BYTES,
    CsvFile,
    Row,
    Scanner,
    count_records,
    open_csv,
    read_rows,
)
from yos_warehouse.sources.csv_writer import csv_line


@pytest.fixture
def police() -> Contract:
    return contracts()["police"]


def opened(path: Path, contract: Contract) -> CsvFile:
    return open_csv(path, contract.entities["arrest"], contract)


def rows_of(path: Path, contract: Contract) -> list[Row]:
    return list(read_rows(opened(path, contract)))


def refusal(path: Path, contract: Contract) -> DropRejected:
    with pytest.raises(DropRejected) as caught:
        rows_of(path, contract)
    return caught.value


def scanned(data: bytes, encoding: str = "UTF8", piece: int = CHUNK_BYTES) -> Scanner:
    scanner = Scanner(encoding)
    for at in range(0, len(data), piece):
        scanner.feed(data[at : at + piece])
    scanner.finish()
    return scanner


# F13, F14, F15: headers


@pytest.mark.fault("F13")
def test_a_missing_column_is_named_and_no_value_is(tmp_path: Path, police: Contract) -> None:
    header = ARREST_HEADER.replace("Surname", "Nachname")
    problem = refusal(arrests(tmp_path / "arrests.csv", arrest(), header=header), police)
    assert problem.code == "SCHEMA"
    assert "family_name (Surname)" in problem.what
    no_header = tmp_path / "arrests_2.csv"
    no_header.write_text(arrest(surname="Secretname") + "\n")
    assert "Secretname" not in str(refusal(no_header, police))


@pytest.mark.fault("F14")
def test_columns_are_found_by_header_in_any_order(tmp_path: Path, police: Contract) -> None:
    names = ARREST_HEADER.split(",")
    values = arrest(surname="Ng").split(",")
    order = random.Random(1).sample(range(len(names)), len(names))
    path = arrests(
        tmp_path / "arrests.csv",
        ",".join([*(values[i] for i in order), "x"]),
        header=",".join([*(names[i] for i in order), "Shoe size"]),
    )
    file = opened(path, police)
    assert file.extra == ("column 12 of arrests*.csv",)
    optional = {name for name, column in police.entities["arrest"].columns.items() if column.optional}
    assert set(file.absent) == optional
    (row,) = read_rows(file)
    assert row.fields is not None
    assert file.named(row.fields)["family_name"] == "Ng"
    assert file.named(row.fields)["asn"] == values[0]


@pytest.mark.fault("F15")
def test_case_spaces_underscores_and_byte_order_mark_do_not_matter(tmp_path: Path, police: Contract) -> None:
    header = "\ufeff" + ARREST_HEADER.replace("Date of birth", " DATE_OF_BIRTH ").replace("ASN", "asn", 1)
    file = opened(arrests(tmp_path / "arrests.csv", arrest(), header=header), police)
    assert "date_of_birth" in file.columns
    assert file.columns[0] == "asn"
    assert [row.problem for row in read_rows(file)] == [None]


@pytest.mark.fault("F15")
def test_a_header_twice_is_refused(tmp_path: Path, police: Contract) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest() + ",x", header=ARREST_HEADER + ",sur_name")
    problem = refusal(path, police)
    assert problem.code == "DUPLICATE_HEADER"
    assert "family_name in columns 4 and 12" in problem.what
    unknown = arrests(tmp_path / "arrests_3.csv", arrest() + ",x,y", header=ARREST_HEADER + ",Secret,secret")
    assert "the same header in columns 12 and 13" in refusal(unknown, police).what
    assert "secret" not in str(refusal(unknown, police)).lower()
    two_names = arrests(tmp_path / "arrests_2.csv", arrest() + ",x", header=ARREST_HEADER + ",DOB")
    assert refusal(two_names, police).code == "DUPLICATE_HEADER"


def test_utf16_is_refused_with_a_remedy(tmp_path: Path, police: Contract) -> None:
    problem = refusal(arrests(tmp_path / "arrests.csv", arrest(), encoding="utf-16"), police)
    assert problem.code == "ENCODING"
    assert "CSV UTF-8" in problem.remedy


@pytest.mark.fault("F5")
def test_an_empty_file_is_refused_and_a_header_alone_is_not(tmp_path: Path, police: Contract) -> None:
    empty = tmp_path / "arrests.csv"
    empty.write_bytes(b"")
    assert refusal(empty, police).code == "EMPTY"
    assert rows_of(arrests(tmp_path / "arrests_2.csv"), police) == []


# F4: truncated


@pytest.mark.fault("F4")
@pytest.mark.parametrize("cut", [1, 2, 30, len(arrest())])
def test_a_file_cut_inside_a_row_is_truncated(tmp_path: Path, police: Contract, cut: int) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest(1), arrest(2))
    path.write_bytes(path.read_bytes()[:-cut])
    assert refusal(path, police).code == "TRUNCATED"


def test_a_feed_may_leave_out_the_last_line_end(tmp_path: Path, police: Contract) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest(1), arrest(2))
    path.write_bytes(path.read_bytes()[:-1])
    feed = police.model_copy(update={"final_newline": "optional"})
    assert [row.problem for row in rows_of(path, feed)] == [None, None]


@pytest.mark.fault("F4")
def test_an_open_quote_at_the_end_is_truncated(tmp_path: Path, police: Contract) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest(1), arrest(2).replace("ST1", '"ST1, the long'))
    assert refusal(path, police).code == "TRUNCATED"
    file = opened(path, police)
    assert scanned(path.read_bytes()[file.data_offset :]).has_open_quote


# F16: field counts


@pytest.mark.fault("F16")
def test_one_field_too_many_marks_its_row_only(tmp_path: Path, police: Contract) -> None:
    lines = [arrest(1), arrest(2).replace("Invented", "Inven,ted"), arrest(3)]
    rows = rows_of(arrests(tmp_path / "arrests.csv", *lines), police)
    assert [row.problem for row in rows] == [None, "FIELD_COUNT", None]
    assert rows[1].fields is None
    assert rows[1].line == lines[1]
    assert [row.row_number for row in rows] == [1, 2, 3]
    assert [row.line_number for row in rows] == [2, 3, 4]


def test_quotes_inside_a_field_are_text(tmp_path: Path, police: Contract) -> None:
    # PostgreSQL joins rows 1 to 3 into one with the right number of fields, without a word.
    lines = [arrest(1).replace("ST1", '5" knife'), arrest(2), arrest(3).replace("ST1", '6" knife')]
    path = arrests(tmp_path / "arrests.csv", *lines)
    file = opened(path, police)
    assert scanned(path.read_bytes()[file.data_offset :]).must_be_careful
    rows = list(read_rows(file))
    assert [row.problem for row in rows] == [None, None, None]
    assert rows[0].fields is not None
    assert file.named(rows[0].fields)["station_code"] == '5" knife'


def test_text_after_a_closing_quote_breaks_its_rows_and_no_other(tmp_path: Path, police: Contract) -> None:
    lines = [
        arrest(1),
        arrest(2).replace("ST1", '"ST1'),
        arrest(3).replace("ST1", '"Station, 1"'),
        arrest(4),
    ]
    rows = rows_of(arrests(tmp_path / "arrests.csv", *lines), police)
    assert [row.problem for row in rows] == [None, "FIELD_COUNT", "FIELD_COUNT", None]
    assert [row.line for row in rows[1:3]] == lines[1:3]


@pytest.mark.fault("F23")
def test_a_record_of_over_a_mebibyte_is_broken_and_memory_stays_small(
    tmp_path: Path, police: Contract
) -> None:
    lines = [arrest(n) for n in range(1, 30_000)]
    lines[3] = lines[3].replace("ST1", '"ST1')
    lines[-2] = lines[-2].replace("ST1", 'ST1"')
    path = arrests(tmp_path / "arrests.csv", *lines)
    rows = rows_of(path, police)
    assert len(rows) == len(lines) == count_records(path, police)
    assert all(row.problem == "FIELD_COUNT" for row in rows[3:5000])
    assert rows[-1].problem is None
    long_line = arrests(tmp_path / "arrests_2.csv", arrest(1) + "x" * 4_000_000)
    assert refusal(long_line, police).code == "TOO_LARGE"
    assert scanned(long_line.read_bytes()).must_be_careful


# F17: encodings


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    ("surname", "encoding"),
    [
        ("O’Neill", "cp1252"),
        ("Zoë", "latin-1"),
        ("Zoë".encode().decode("cp1252"), "utf-8"),
        ("O’Neill".encode().decode("cp1252"), "utf-8"),
        ("O’Neill".encode("cp1252").decode("latin-1"), "utf-8"),
        ("Zo\ufffd", "utf-8"),
        ("Łukasz ž".encode().decode("latin-1"), "utf-8"),
    ],
)
def test_a_wrong_encoding_is_refused_both_ways(
    tmp_path: Path, police: Contract, surname: str, encoding: str
) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest(1), arrest(2, surname=surname), encoding=encoding)
    problem = refusal(path, police)
    assert problem.code == "ENCODING"
    assert surname not in str(problem)
    data = path.read_bytes()[opened(path, police).data_offset :]
    for piece in (1, 3, 7, CHUNK_BYTES):
        with pytest.raises(DropRejected, match="ENCODING"):
            scanned(data, piece=piece).reject("arrests.csv")


@pytest.mark.fault("F17", "D2")
@pytest.mark.parametrize(
    "name", ["Zoë O’Neill", "JOÃO", "ÅSA Ångström", "Łukasz Žižek", "Anaïs", "子 😀", "Zoé\u00a0X"]
)
def test_names_of_the_world_are_kept_exactly(tmp_path: Path, police: Contract, name: str) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest(1, forename=name))
    file = opened(path, police)
    (row,) = read_rows(file)
    assert row.fields is not None
    assert file.named(row.fields)["given_name"] == name
    for piece in (1, 2, 5, CHUNK_BYTES):
        scanner = scanned(path.read_bytes()[file.data_offset :], piece=piece)
        scanner.reject("arrests.csv")
        assert not scanner.must_be_careful


@pytest.mark.fault("F17")
def test_utf8_in_a_cp1252_feed_is_refused_and_cp1252_is_read(tmp_path: Path, police: Contract) -> None:
    feed = police.model_copy(update={"encoding": "cp1252"})
    good = arrests(tmp_path / "arrests.csv", arrest(1, forename="Zoë O’Neill"), encoding="cp1252")
    file = opened(good, feed)
    assert file.encoding == "WIN1252"
    (row,) = read_rows(file)
    assert row.fields is not None and "Zoë O’Neill" in row.fields
    scanned(good.read_bytes(), "WIN1252").reject("arrests.csv")
    bad = arrests(tmp_path / "arrests_2.csv", arrest(1, forename="Zoë O’Neill"))
    assert refusal(bad, feed).code == "ENCODING"
    mixed = arrests(tmp_path / "arrests_3.csv", arrest(1, forename="Zoë"), encoding="cp1252")
    mixed.write_bytes(mixed.read_bytes() + (arrest(2, forename="Zoë") + "\n").encode())
    assert refusal(mixed, feed).code == "ENCODING"
    for path in (bad, mixed):
        with pytest.raises(DropRejected, match="ENCODING"):
            scanned(path.read_bytes(), "WIN1252").reject("arrests.csv")


# F18: control characters


@pytest.mark.fault("F18")
@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1a", "\x7f"])
def test_a_control_character_marks_its_row(tmp_path: Path, police: Contract, control: str) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest(1), arrest(2, surname=f"In{control}vented"), arrest(3))
    file = opened(path, police)
    rows = list(read_rows(file))
    assert [row.problem for row in rows] == [None, "CONTROL_CHAR", None]
    damaged = rows[1]
    assert damaged.fields is not None and damaged.line is not None
    assert damaged.damaged == (3,)
    assert control not in damaged.line + "".join(damaged.fields)
    assert scanned(path.read_bytes()[file.data_offset :]).has_controls
    assert not scanned(arrests(path, arrest(1, surname="a\tb")).read_bytes()).has_controls


# F19: RFC 4180


@pytest.mark.fault("F19")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_embedded_lines(tmp_path: Path, police: Contract, end: str) -> None:
    lines = [arrest(1), arrest(2).replace("ST1", '"Station, ""1""\nyard"'), arrest(3), arrest(4) + ",x"]
    file = opened(arrests(tmp_path / "arrests.csv", *lines, end=end), police)
    rows = list(read_rows(file))
    assert [row.problem for row in rows] == [None, None, None, "FIELD_COUNT"]
    assert [row.line_number for row in rows] == [2, 3, 5, 6]
    assert rows[1].fields is not None
    assert file.named(rows[1].fields)["station_code"] == 'Station, "1"\nyard'


def test_blank_lines_are_no_records(tmp_path: Path, police: Contract) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest(1), "", arrest(2), "")
    assert [row.row_number for row in rows_of(path, police)] == [1, 2]
    assert count_records(path, police) == 2


def test_the_data_starts_after_the_header(tmp_path: Path, police: Contract) -> None:
    header = "\ufeff" + ARREST_HEADER.replace("Station", '"Station\n"')
    path = arrests(tmp_path / "arrests.csv", arrest(1), header=header, end="\r\n")
    file = opened(path, police)
    assert path.read_bytes()[file.data_offset :].decode() == arrest(1) + "\r\n"
    with file.open_data() as stream:
        data = b"".join(iter(stream.read, b""))
    assert data == path.read_bytes()[file.data_offset :]
    assert stream.scanner.size == path.stat().st_size


def test_the_scanner_passes_every_well_formed_file_and_agrees_with_the_careful_way() -> None:
    chance = random.Random(7)
    alphabet = ["a", ",", '"', "\n", "ë", '""', ""]
    for _ in range(300):
        records = [
            ["".join(chance.choices(alphabet, k=chance.randint(0, 4))) for _ in range(3)]
            for _ in range(chance.randint(1, 6))
        ]
        data = "".join(csv_line(record) for record in records).encode()
        for piece in (1, 2, 3, 1000):
            scanner = scanned(data, piece=piece)
            assert not scanner.must_be_careful, data
            assert not scanner.is_undecodable


@pytest.mark.parametrize(
    "damage", ['a,5" b,c\n', 'a,b",c\n', 'a,"b"c,d\n', '"a"b\n', 'a,"b""c\n', 'x,a""b,c\n']
)
def test_the_scanner_sees_loose_quotes_wherever_chunks_end(damage: str) -> None:
    data = ('1,"ok",2\n' + damage + "3,4,5\n").encode()
    for piece in range(1, len(data) + 1):
        assert scanned(data, piece=piece).must_be_careful, piece
