"""Where the rows held back stand: the file as it may be named, and the line of it on which the row starts.

Most files need no look for it: a file without a quote has one row in each line. A clean file is not asked at all.
"""

from __future__ import annotations

import io

import numpy as np
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.door.landing import LINE_NUMBER, ROW_NUMBER, Landed, LandedFile
from yos_warehouse.history.tables import literal
from yos_warehouse.sources.csv_file import CsvFile
from yos_warehouse.sources.record_lines import Numbers, record_lines


def find_places(connection: Connection, landed: Landed, failing: str, places: str) -> None:
    """Make the table ``places`` with ``door_row_number``, ``file`` and ``file_line`` of all rows held back.

    Args:
        connection: as loader, in the transaction that checked the entity; the files are still there.
        failing: the table of failing rows.
        places: the table to make; ``file_line`` is null for rows from XML.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"create unlogged table {places} ({ROW_NUMBER} bigint, file text, file_line bigint) "
            "with (autovacuum_enabled = off)"
        )
        for file in landed.files:
            held = (
                f"f.is_held_back and f.{ROW_NUMBER} "
                f"between {file.first_row} and {file.first_row + file.rows - 1}"
            )
            if file.csv_file is not None and file.has_quotes:
                with connection.cursor("yos_rows_held_back") as rows:
                    rows.itersize = 10_000
                    rows.execute(f"select {ROW_NUMBER} from {failing} as f where {held} order by 1")
                    numbers = np.fromiter((row for (row,) in rows), np.int64)
                _look(cursor, file, file.csv_file, numbers, places)
                continue
            line = "null::bigint"
            if file.knows_lines:
                line = f"l.{LINE_NUMBER} from {landed.table} as l join {failing} as f using ({ROW_NUMBER})"
            elif file.csv_file is not None:
                line = f"f.{ROW_NUMBER} + {file.csv_file.data_line - file.first_row}"
            source = "" if file.knows_lines else f" from {failing} as f"
            cursor.execute(
                f"insert into {places} select f.{ROW_NUMBER}, {literal(file.told)}, {line}{source} where {held}"
            )


def _look(cursor: Cursor, file: LandedFile, csv_file: CsvFile, numbers: Numbers, places: str) -> None:
    """Count the lines of a file whose fields may hold line ends."""
    found = record_lines(
        csv_file.path, csv_file.data_offset, csv_file.data_line, numbers - file.first_row + 1
    )
    for rows, lines in found:
        pairs = zip((rows + file.first_row - 1).tolist(), lines.tolist(), strict=True)
        text = "".join(f"{row}\t{file.told}\t{line}\n" for row, line in pairs)
        cursor.copy_expert(f"copy {places} from stdin", io.StringIO(text))
