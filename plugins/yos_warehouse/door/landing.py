"""Landing: what a drop says, as text, at the speed of COPY.

The fast way streams a file's bytes into COPY while a scanner looks at them. Where COPY fails, or the
scanner saw something COPY would have swallowed, the file is taken again record by record: broken records
are put aside in the landing table, the others land as they are. A column never slides.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import psycopg2
from psycopg2.extensions import connection as Connection

from yos_warehouse.errors import DropRejected
from yos_warehouse.history.tables import quoted
from yos_warehouse.sources.contract import Contract
from yos_warehouse.sources.convert import EntityFile
from yos_warehouse.sources.csv_file import CHUNK_BYTES, CsvFile, Row, open_csv, read_rows
from yos_warehouse.sources.csv_writer import csv_line

# Columns of the landing table that no file brings. Rows are numbered from 1 over all files of the entity. A
# row put aside has its reason here, its text in door_line, and door_key_lost where its key could not be read. What
# was read record by record knows the line of its file on which it starts.
ROW_NUMBER, PUT_ASIDE, LINE, KEY_LOST = "door_row_number", "door_put_aside", "door_line", "door_key_lost"
LINE_NUMBER = "door_line_number"


@dataclass(frozen=True)
class LandedFile:
    """Which rows of a landing table a file brought.

    Attributes:
        first_row, rows: the number of its first row, and how many.
        told: the file as it may be named to others.
        csv_file: where its records are; None if it was made here from XML, where lines say nothing.
        knows_lines: its rows have their LINE_NUMBER.
        has_quotes: a record may be of several lines.
    """

    first_row: int
    rows: int
    told: str
    csv_file: CsvFile | None
    knows_lines: bool
    has_quotes: bool


@dataclass
class Landed:
    """One entity of a drop in its landing table.

    Attributes:
        table: with schema, quoted where needed.
        rows: records in the files, those put aside included.
        put_aside: of these, rows that hold a control character or could not be split.
        files: the files, in the order of their rows.
        columns: of the contract, those that any file has.
        extra_columns: headers the contract does not know.
    """

    entity: str
    table: str
    rows: int = 0
    put_aside: int = 0
    files: list[LandedFile] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    extra_columns: list[str] = field(default_factory=list)


def land_entity(
    connection: Connection,
    contract: Contract,
    entity_name: str,
    files: list[EntityFile],
    sha256: dict[str, str],
    day: date | None = None,
) -> Landed:
    """Land all files of one entity in ``landing.<feed>__<entity>``, replacing what was there; not committed.

    Args:
        connection: as loader, inside a transaction.
        files: the entity's files; their rows append.
        sha256: hash by file name as the manifest says; a generated file is not in it.
        day: the drop's business date, which decides the layout of its files.

    Raises:
        DropRejected: EMPTY, ENCODING, TRUNCATED, SCHEMA, DUPLICATE_HEADER, FIELD_COUNT (too many rows),
            CHECKSUM and ROWCOUNT (not what the manifest says).
    """
    entity = contract.entities[entity_name]
    opened = [open_csv(file.path, entity, contract, day) for file in files]
    landed = Landed(entity_name, f"landing.{quoted(contract.raw_table(entity_name))}")
    width = max(sum(column is None for column in csv_file.columns) for csv_file in opened)
    columns = [*entity.columns, *(f"extra_{number}" for number in range(1, width + 1))]
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {landed.table} cascade")
        # Unlogged: it is made anew by the next attempt. autovacuum would only compete with the checks.
        cursor.execute(
            f"create unlogged table {landed.table} ({', '.join(f'{quoted(c)} text' for c in columns)}, "
            f"{PUT_ASIDE} text, {LINE} text, {KEY_LOST} boolean, {LINE_NUMBER} bigint, "
            f"{ROW_NUMBER} bigint generated always as identity (cache 1000)) with (autovacuum_enabled = off)"
        )
    for file, csv_file in zip(files, opened, strict=True):
        rows, aside, how = _land_file(
            connection, contract, entity.key, landed, csv_file, sha256.get(file.name)
        )
        if file.rows is not None and not file.is_generated and rows != file.rows:
            raise DropRejected(
                "ROWCOUNT",
                f"{csv_file.name} holds {rows} records and the manifest says {file.rows}",
                "send the whole drop again",
            )
        delivered = None if file.is_generated else csv_file
        landed.files.append(
            LandedFile(landed.rows + 1, rows, file.told, delivered, how == "careful", how == "quoted")
        )
        landed.columns |= {column for column in csv_file.columns if column is not None}
        landed.rows += rows
        landed.put_aside += aside
        landed.extra_columns += [name for name in csv_file.extra if name not in landed.extra_columns]
    return landed


def _land_file(
    connection: Connection,
    contract: Contract,
    key: tuple[str, ...],
    landed: Landed,
    csv_file: CsvFile,
    sha256: str | None,
) -> tuple[int, int, str]:
    """Rows landed, of these rows put aside, and how they were read: plain, quoted or careful."""
    with connection.cursor() as cursor:
        cursor.execute("savepoint landing")
        stream = csv_file.open_data()
        with stream:
            try:
                cursor.copy_expert(_copy(landed.table, csv_file), stream, CHUNK_BYTES)
                rows, is_whole = cursor.rowcount, True
            except psycopg2.DataError:  # the message quotes the row
                rows, is_whole = 0, False
            while stream.read(CHUNK_BYTES):  # an early end of COPY left bytes that nobody has looked at
                pass
        scanner = stream.scanner
        scanner.reject(csv_file.name)
        if sha256 is not None and scanner.sha256 != sha256 and csv_file.is_delivered:
            raise DropRejected(
                "CHECKSUM", f"{csv_file.name} is not what the manifest says", "send the drop again"
            )
        if is_whole and not scanner.must_be_careful:
            cursor.execute("release savepoint landing")
            return rows, 0, "quoted" if scanner.has_quotes else "plain"
        cursor.execute("rollback to savepoint landing")
        # a sequence does not go back by itself
        cursor.execute(f"alter table {landed.table} alter {ROW_NUMBER} restart with {landed.rows + 1}")
        careful = _CarefulRows(csv_file, key)
        try:
            cursor.copy_expert(_copy(landed.table, csv_file, careful=True), careful, CHUNK_BYTES)
        except psycopg2.Error as problem:
            if careful.refusal is not None:  # psycopg2 turns what a reader raises into an error of its own
                raise careful.refusal from None
            if not isinstance(problem, psycopg2.DataError):
                raise
            raise DropRejected(
                "UNREADABLE",
                f"{csv_file.name} cannot be read (SQLSTATE {problem.pgcode})",
                "export the file again",
            ) from None
        share = 100 * careful.field_count / max(careful.rows, 1)
        if share > contract.max_field_count_pct:
            raise DropRejected(
                "FIELD_COUNT",
                f"{careful.field_count} of {careful.rows} rows of {csv_file.name} have a wrong number of fields",
                "put quotes around values that hold a comma, and send again",
            )
        return careful.rows, careful.aside, "careful"


def _copy(table: str, csv_file: CsvFile, careful: bool = False) -> str:
    names, extra = [], 0
    for column in csv_file.columns:
        extra += column is None
        names.append(quoted(column if column is not None else f"extra_{extra}"))
    if careful:
        names += [PUT_ASIDE, LINE, KEY_LOST, LINE_NUMBER]
    listed = ", ".join(names)
    # An empty value is null, in quotes too.
    encoding = "UTF8" if careful else csv_file.encoding
    return f"copy {table} ({listed}) from stdin (format csv, encoding '{encoding}', force_null ({listed}))"


class _CarefulRows(io.RawIOBase):
    """The records of a damaged file as CSV for COPY, one more time checked, in pieces of about 1 MiB."""

    def __init__(self, csv_file: CsvFile, key: tuple[str, ...]) -> None:
        self.rows = self.aside = self.field_count = 0
        self.refusal: DropRejected | None = None
        self._width = csv_file.width
        self._key = {place for place, column in enumerate(csv_file.columns) if column in key}
        self._lines = self._encoded(read_rows(csv_file))
        self._rest = b""

    def readable(self) -> bool:
        return True

    def _encoded(self, rows: Iterator[Row]) -> Iterator[bytes]:
        for row in rows:
            self.rows += 1
            if row.problem is None and row.fields is not None:
                yield csv_line([*row.fields, "", "", "", str(row.line_number)]).encode()
                continue
            self.aside += 1
            self.field_count += row.problem == "FIELD_COUNT"
            is_lost = row.fields is None or not self._key.isdisjoint(row.damaged)
            fields = row.fields if row.fields is not None else [""] * self._width
            problem, lost, line = row.problem or "", "t" if is_lost else "", str(row.line_number)
            yield csv_line([*fields, problem, row.line or "", lost, line]).encode()

    def read(self, size: int = -1) -> bytes:
        parts, length = [self._rest], len(self._rest)
        try:
            while length < size or size <= 0:
                line = next(self._lines)
                parts.append(line)
                length += len(line)
        except StopIteration:
            pass
        except DropRejected as refusal:
            self.refusal = refusal
            raise
        whole = b"".join(parts)
        # COPY takes no more than it asked for
        self._rest = whole[size:] if size > 0 else b""
        return whole[:size] if size > 0 else whole
