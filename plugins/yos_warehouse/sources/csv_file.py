"""Delivered CSV files: the header found and mapped, and two ways through the rows.

The fast way: :meth:`CsvFile.open_data` gives a stream for COPY whose chunks pass a Scanner, which notices
what COPY would swallow silently. The careful way: :func:`read_rows` takes a damaged file apart record by
record (RFC 4180), says which records are broken, and never lets a column slide.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.contract import Contract, Entity
from yos_warehouse.sources.encoding import (
    CONTROLS,
    PG_ENCODINGS,
    PY_ENCODINGS,
    has_controls,
    has_mojibake,
    is_utf16,
    wrong_encoding,
)
from yos_warehouse.sources.naming import told_path
from yos_warehouse.sources.scanner import CHUNK_BYTES, MAX_RECORD_BYTES, ScannedStream, Scanner

_LINE_ENDS = (b"", b"\n", b"\r\n", b"\r")
_IN_QUOTES = re.compile(rb'[^"]*+(?:""[^"]*+)*+')
# Control characters as their Unicode pictures, so that a held-back line can be stored and shown.
_PICTURES = {code: (0x2421 if code == 127 else 0x2400 + code) for code in CONTROLS}


@dataclass(frozen=True)
class CsvFile:
    """A CSV file whose header fits the contract.

    Attributes:
        name: the file as it may be named to others, see naming.told.
        encoding: PostgreSQL's name of the encoding (UTF8 or WIN1252).
        header: the header cells as delivered, without byte order mark, in file order.
        columns: for each position in the file the contract's column, or None (an extra column).
        extra: columns the contract does not know, by their place: a header may be a child's name, where a
            file has none and its first row is taken for it.
        absent: columns of the contract that the file does not have and need not have.
        data_offset: bytes from the start of the file to the first data record.
        size: bytes of the whole file.
        is_delivered: written by a partner (False: by our own conversion or extraction, whose text is
            taken as it is; a U+FFFD inside an XML message is the court's, not a sign of a bad export).
        has_final_newline: whether the last byte ends a line.
    """

    path: Path
    name: str
    encoding: str
    header: tuple[str, ...]
    columns: tuple[str | None, ...]
    extra: tuple[str, ...]
    absent: tuple[str, ...]
    data_offset: int
    size: int
    is_delivered: bool
    has_final_newline: bool

    @property
    def width(self) -> int:
        """Fields in a record of this file."""
        return len(self.header)

    def named(self, fields: list[str]) -> dict[str, str]:
        """The fields of one record by contract column; extra columns left out."""
        return {name: value for name, value in zip(self.columns, fields, strict=True) if name is not None}

    def open_data(self) -> ScannedStream:
        """The data records as a stream for COPY (without the header), scanned on the way."""
        handle = self.path.open("rb")
        scanner = Scanner(self.encoding, self.is_delivered)
        scanner.skip(handle.read(self.data_offset))
        return ScannedStream(handle, scanner)


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file on the careful way.

    Attributes:
        row_number: number of the data record, from 1.
        fields: the values in file order (CsvFile.columns says which is which), or None if the record
            could not be split. With problem CONTROL_CHAR control characters stand as their Unicode pictures.
        problem: None, FIELD_COUNT or CONTROL_CHAR.
        line: the record as it stood in the file, control characters as pictures; only with a problem.
        line_number: the line of the file on which the record starts, from 1, the header included.
        damaged: positions of the fields that held control characters; such a key is not readable.
    """

    row_number: int
    fields: list[str] | None
    problem: str | None = None
    line: str | None = None
    line_number: int = 0
    damaged: tuple[int, ...] = ()


def normalise(header: str) -> str:
    """A header as it is compared: without case, white space, underscores and byte order mark."""
    return re.sub(r"[\s_\ufeff]+", "", header).casefold()


def open_csv(path: Path, entity: Entity, contract: Contract, day: date | None = None) -> CsvFile:
    """Read the header of a CSV file and hold it against the contract, and against its layout of the business date.

    A byte order mark of UTF-8 wins over the contract's encoding. Files of an entity that does not
    arrive as CSV were written by us: they are UTF-8.

    Raises:
        DropRejected: EMPTY, ENCODING, TRUNCATED (no last line end), SCHEMA (columns missing; named),
            DUPLICATE_HEADER.
    """
    name = told_path(path)
    size = path.stat().st_size
    if size == 0:
        raise DropRejected("EMPTY", f"{name} has no bytes", "send the file again")
    if is_utf16(path):
        raise DropRejected("ENCODING", f"{name} is UTF-16", "save the file as CSV UTF-8")
    is_delivered = entity.format == "csv"
    with path.open("rb") as file:
        start = file.read(MAX_RECORD_BYTES)
        file.seek(-1, 2)
        has_final_newline = file.read(1) in b"\r\n"
    bom = len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0
    if bom == size:
        raise DropRejected("EMPTY", f"{name} has no header", "send the file again")
    encoding = "UTF8" if bom or not is_delivered else PG_ENCODINGS[contract.encoding]
    if contract.final_newline == "required" and not has_final_newline:
        raise DropRejected("TRUNCATED", f"{name} ends inside a line", "send the whole file again")
    record = next(_records(_lines(iter((start[bom:],)), name), name), None)
    if record is None or record.fields is None or record.line_number != 1:
        raise DropRejected("SCHEMA", f"{name}: the first line is no header", "put the column names first")
    raw = b"".join(record.lines)
    try:
        header = tuple(cell.decode(PY_ENCODINGS[encoding]).strip() for cell in record.fields)
    except UnicodeDecodeError:
        raise wrong_encoding(name, encoding) from None
    if is_delivered and has_mojibake(raw, encoding):
        raise wrong_encoding(name, encoding)
    columns, absent = _map_header(name, header, entity, day)
    return CsvFile(
        path=path,
        name=name,
        encoding=encoding,
        header=header,
        columns=columns,
        extra=tuple(
            f"column {place} of {name}"
            for place, (cell, column) in enumerate(zip(header, columns, strict=True), start=1)
            if cell and not column
        ),
        absent=absent,
        data_offset=bom + len(raw),
        size=size,
        is_delivered=is_delivered,
        has_final_newline=has_final_newline,
    )


def _map_header(
    name: str, header: tuple[str, ...], entity: Entity, day: date | None
) -> tuple[tuple[str | None, ...], tuple[str, ...]]:
    """Position to contract column, and the columns that are absent and may be."""
    known = {
        normalise(title): column
        for column, spec in entity.columns.items()
        for title in (column, *spec.source)
    }
    # A column's own header wins over another column's contract name.
    known |= {normalise(title): column for column, spec in entity.columns.items() for title in spec.source}
    columns = tuple(known.get(normalise(cell)) for cell in header)
    missing = [
        (column, rule)
        for column in entity.columns
        if column not in columns and (rule := entity.demands(column, day)) is not None
    ]
    if missing:
        # Only the contract's words: a file without a header would show a child's data here.
        wanted = ", ".join(
            f"{column} ({header_of(entity, column)}{'' if rule == 'contract' else '; ' + rule})"
            for column, rule in missing
        )
        remedy = "send the file with these columns"
        if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
            remedy = "use commas between the columns"
        raise DropRejected("SCHEMA", f"{name} lacks {wanted}", remedy)
    keys = [column or normalise(cell) for cell, column in zip(header, columns, strict=True)]
    places: dict[str, list[str]] = {}
    for place, key in enumerate(keys, start=1):
        places.setdefault(key, []).append(str(place))
    twice = [
        f"{key if key in entity.columns else 'the same header'} in columns {' and '.join(at)}"
        for key, at in places.items()
        if key and len(at) > 1
    ]
    if twice:
        raise DropRejected("DUPLICATE_HEADER", f"{name} has {', '.join(twice)}", "send each column once")
    absent = tuple(column for column in entity.columns if column not in columns)
    return columns, absent


def header_of(entity: Entity, column: str) -> str:
    """The header under which a column is expected: its first source name, or its own name."""
    return next(iter(entity.columns[column].source), column)


def read_rows(csv_file: CsvFile) -> Iterator[Row]:
    """The records of a file one by one, the broken ones marked. Streaming; blank lines are no records.

    A quote inside an unquoted field is text. Text after a closing quote, or a record of more than
    1 MiB, breaks the record: each of its lines is then a row with FIELD_COUNT, none is guessed at.

    Raises:
        DropRejected: TRUNCATED (a quote is open at the end), ENCODING, TOO_LARGE (a line of over 1 MiB).
    """
    python = PY_ENCODINGS[csv_file.encoding]
    number = 0

    def text(raw: bytes) -> str:
        try:
            return raw.decode(python)
        except UnicodeDecodeError:
            raise wrong_encoding(csv_file.name, csv_file.encoding) from None

    with csv_file.path.open("rb") as file:
        header = file.read(csv_file.data_offset)
        lines_before = max(len(header.splitlines()), 1)
        for record in _records(_lines(_chunks(file), csv_file.name), csv_file.name):
            raw = record.lines[0] if len(record.lines) == 1 else b"".join(record.lines)
            if csv_file.is_delivered and has_mojibake(raw, csv_file.encoding):
                raise wrong_encoding(csv_file.name, csv_file.encoding)
            at = lines_before + record.line_number
            if record.fields is None:
                for offset, line in enumerate(record.lines):
                    number += 1
                    shown = text(line.rstrip(b"\r\n")).translate(_PICTURES)
                    yield Row(number, None, "FIELD_COUNT", shown, at + offset)
                continue
            number += 1
            is_controlled = has_controls(raw)
            if len(record.fields) != csv_file.width:
                yield Row(number, None, "FIELD_COUNT", text(raw.rstrip(b"\r\n")).translate(_PICTURES), at)
            elif is_controlled:
                damaged = tuple(i for i, value in enumerate(record.fields) if has_controls(value))
                fields = [text(value).translate(_PICTURES) for value in record.fields]
                shown = text(raw.rstrip(b"\r\n")).translate(_PICTURES)
                yield Row(number, fields, "CONTROL_CHAR", shown, at, damaged)
            else:
                yield Row(number, [text(value) for value in record.fields], None, None, at)


def count_records(path: Path) -> int:
    """Data records of a CSV file without its header; broken ones count as read_rows counts them."""
    with path.open("rb") as file:
        name = told_path(path)
        records = _records(_lines(_chunks(file), name), name, whole=False)
        total = sum(1 if record.fields is not None else len(record.lines) for record in records)
    return max(total - 1, 0)


@dataclass(slots=True)
class _Record:
    lines: list[bytes]
    fields: list[bytes] | None
    line_number: int


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _lines(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Physical lines with their ends: line feed, carriage return, or both."""
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        lines = data.splitlines(keepends=True)
        # The last piece may go on, or be a carriage return whose line feed comes next.
        rest = b"" if data.endswith(b"\n") else lines.pop()
        yield from lines
        if len(rest) > MAX_RECORD_BYTES:
            raise DropRejected("TOO_LARGE", f"{name} has a line of over 1 MiB", "check the export")
    if rest:
        yield rest


def _records(lines: Iterator[bytes], name: str, whole: bool = True) -> Iterator[_Record]:
    """Records of physical lines by RFC 4180; ``fields`` is None for a broken one.

    Raises:
        DropRejected: TRUNCATED, a quote is open at the end (unless ``whole`` is False).
    """
    held: list[bytes] = []
    held_bytes = 0
    fields: list[bytes] = []
    parts: list[bytes] = []
    in_quotes = False
    for number, line in enumerate(lines, start=1):
        if not in_quotes and b'"' not in line:
            body = line.rstrip(b"\r\n")
            if body:
                yield _Record([line], body.split(b","), number)
            continue
        held.append(line)
        held_bytes += len(line)
        position = 0
        outcome = ""
        while not outcome:
            if in_quotes:
                match = _IN_QUOTES.match(line, position)
                assert match is not None  # the pattern matches the empty text
                parts.append(match[0])
                position = match.end()
                if position == len(line):
                    outcome = "open"
                    continue
                position += 1
                in_quotes = False
                fields.append(b"".join(parts).replace(b'""', b'"'))
                parts = []
                if line[position:] in _LINE_ENDS:
                    outcome = "whole"
                elif line[position : position + 1] == b",":
                    position += 1
                else:
                    outcome = "broken"
            elif line[position : position + 1] == b'"':
                in_quotes = True
                position += 1
            else:
                comma = line.find(b",", position)
                if comma < 0:
                    fields.append(line[position:].rstrip(b"\r\n"))
                    outcome = "whole"
                else:
                    fields.append(line[position:comma])
                    position = comma + 1
        if outcome == "open" and held_bytes <= MAX_RECORD_BYTES:
            continue
        yield _Record(held, fields if outcome == "whole" else None, number - len(held) + 1)
        held, held_bytes, fields, parts, in_quotes = [], 0, [], [], False
    if held:
        if whole:
            raise DropRejected("TRUNCATED", f"{name} ends inside a quoted field", "send the whole file again")
        yield _Record(held, None, 0)
