"""Delivered CSV files: the header found and mapped, and two ways through the rows.

The fast way: :meth:`CsvFile.open_data` gives a stream for COPY whose chunks pass a Scanner, which notices
what COPY would swallow silently. The careful way: :func:`read_rows` takes a damaged file apart record by
record (RFC 4180), says which records are broken, and never lets a column slide.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.contract import Contract, Entity
from yos_warehouse.sources.drift import looks_alike
from yos_warehouse.sources.encoding import (
    CONTROLS,
    PG_ENCODINGS,
    PY_ENCODINGS,
    has_controls,
    has_mojibake,
    is_utf16,
    wrong_encoding,
)
from yos_warehouse.sources.exports import Export, chosen, normalise
from yos_warehouse.sources.naming import entities_of, told_path
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
        header_line, data_line: the lines of the file on which the header and the first record start, from 1; text
            may stand above the header.
        export: the name of the mapping it is read by, None for the contract's own headers.
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
    header_line: int = 1
    data_line: int = 2
    export: str | None = None

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
    export = chosen(entity.exports, path.name, day)
    header = _find_header(name, start[bom:], encoding, entity, day, export)
    if is_delivered and has_mojibake(start[bom : bom + header.ends_at], encoding):
        raise wrong_encoding(name, encoding)
    _refuse_twice(name, header)
    return CsvFile(
        path=path,
        name=name,
        encoding=encoding,
        header=header.cells,
        columns=header.columns,
        extra=tuple(
            f"column {place} of {name}"
            for place, (cell, column) in enumerate(zip(header.cells, header.columns, strict=True), start=1)
            if cell and not column
        ),
        absent=tuple(column for column in entity.columns if column not in header.columns),
        data_offset=bom + header.ends_at,
        size=size,
        is_delivered=is_delivered,
        has_final_newline=has_final_newline,
        header_line=header.line,
        data_line=header.line + header.lines,
        export=export.name if export else None,
    )


@dataclass(frozen=True, slots=True)
class _Header:
    """A line held against the contract; ``missing`` are demanded columns with what demands them."""

    line: int
    lines: int
    ends_at: int
    cells: tuple[str, ...]
    columns: tuple[str | None, ...]
    missing: tuple[tuple[str, str], ...]


def _find_header(
    name: str, start: bytes, encoding: str, entity: Entity, day: date | None, export: Export | None
) -> _Header:
    """The header: the first line, or the first of ``header_within`` lines that has each demanded column."""
    within = export.header_within if export else 1
    lines = list(_lines(iter((start,)), name))
    nearest: _Header | None = None
    for above in range(min(within, len(lines))):
        # A quote left open in a title is no sign of a cut file.
        record = next(_records(islice(lines, above, None), name, whole=within == 1), None)
        if record is None or record.fields is None or record.line_number != 1:
            continue
        try:
            cells = tuple(cell.decode(PY_ENCODINGS[encoding]).strip() for cell in record.fields)
        except UnicodeDecodeError:
            raise wrong_encoding(name, encoding) from None
        columns = _columns(cells, entity, export)
        missing = tuple(
            (column, rule)
            for column in entity.columns
            if column not in columns and (rule := entity.demands(column, day, export)) is not None
        )
        ends_at = sum(map(len, lines[: above + len(record.lines)]))
        header = _Header(above + 1, len(record.lines), ends_at, cells, columns, missing)
        if not missing:
            return header
        if nearest is None or len(missing) < len(nearest.missing):
            nearest = header
    where = "the first line" if within == 1 else f"each of the first {within} lines"
    if nearest is None:
        raise DropRejected("SCHEMA", f"{name}: {where} is no header", "put the column names first")
    # Only the contract's words: a file without a header would show a child's data here.
    renamed = {column: _renamed_to(column, entity, export, nearest) for column, _ in nearest.missing}
    wanted = ", ".join(
        f"{column} ({header_of(entity, column, export)}{'' if rule == 'contract' else '; ' + rule}"
        f"{f'; renamed? column {place} looks like it' if (place := renamed[column]) else ''})"
        for column, rule in nearest.missing
    )
    remedy = "send the file with these columns"
    if any(renamed.values()):
        remedy += ", or tell us which were renamed"
    if len(nearest.cells) == 1 and any(mark in nearest.cells[0] for mark in ";\t|"):
        remedy = "use commas between the columns"
    among = "" if within == 1 else f" in {where}"
    raise DropRejected("SCHEMA", f"{name} lacks {wanted}{among}", remedy)


def _renamed_to(column: str, entity: Entity, export: Export | None, header: _Header) -> int | None:
    """The place of the header that looks like a missing column."""
    titles = (export.headers.get(column) if export else None) or entity.columns[column].source
    unknown = [None if known else cell for cell, known in zip(header.cells, header.columns, strict=True)]
    return looks_alike((column, *titles), unknown)


def _columns(cells: tuple[str, ...], entity: Entity, export: Export | None) -> tuple[str | None, ...]:
    """For each header the contract's column, or None."""
    mapped = export.headers if export else {}
    own = {column: spec for column, spec in entity.columns.items() if column not in mapped}
    known = {normalise(column): column for column in own}
    # A column's own header wins over another column's contract name, and the export's over both.
    known |= {normalise(title): column for column, spec in own.items() for title in spec.source}
    known |= {normalise(title): column for column, titles in mapped.items() for title in titles}
    return tuple(known.get(normalise(cell)) for cell in cells)


def _refuse_twice(name: str, header: _Header) -> None:
    # A header that is not read may be called as a column is: an export may have its own word for that.
    keys = [(column, normalise(cell)) for cell, column in zip(header.cells, header.columns, strict=True)]
    places: dict[tuple[str | None, str], list[str]] = {}
    for place, (column, cell) in enumerate(keys, start=1):
        if cell:
            places.setdefault((column, "" if column else cell), []).append(str(place))
    twice = [
        f"{column or 'the same header'} in columns {' and '.join(at)}"
        for (column, _), at in places.items()
        if len(at) > 1
    ]
    if twice:
        raise DropRejected("DUPLICATE_HEADER", f"{name} has {', '.join(twice)}", "send each column once")


def header_of(entity: Entity, column: str, export: Export | None = None) -> str:
    """The header under which a column is expected: the export's, else its first source name, or its own name."""
    titles = export.headers.get(column, ()) if export else ()
    return next(iter(titles or entity.columns[column].source), column)


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
        file.seek(csv_file.data_offset)
        for record in _records(_lines(_chunks(file), csv_file.name), csv_file.name):
            raw = record.lines[0] if len(record.lines) == 1 else b"".join(record.lines)
            if csv_file.is_delivered and has_mojibake(raw, csv_file.encoding):
                raise wrong_encoding(csv_file.name, csv_file.encoding)
            at = csv_file.data_line - 1 + record.line_number
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


def count_records(path: Path, contract: Contract, day: date | None = None) -> int:
    """Data records of a CSV file below its header; broken ones count as read_rows counts them.

    Where no header is found (the door will refuse the file) the first record is taken for it.
    """
    offset = 0
    entities = entities_of(contract, path.name)
    with suppress(DropRejected):
        offset = open_csv(path, contract.entities[entities[0]], contract, day).data_offset if entities else 0
    with path.open("rb") as file:
        file.seek(offset)
        name = told_path(path)
        records = _records(_lines(_chunks(file), name), name, whole=False)
        total = sum(1 if record.fields is not None else len(record.lines) for record in records)
    return total if offset else max(total - 1, 0)


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
