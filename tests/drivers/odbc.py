"""ODBC as Excel and Power BI use it: PostgreSQL's driver psqlodbcw under unixODBC, driven by pyodbc."""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.drivers import spelt
from yos_warehouse.server.embedded import binaries

# The page names these for people; with them a yes/no is a yes/no and a text column is no memo field.
OPTIONS = "BoolsAsChar=0;TextAsLongVarchar=0"
_driver: Path


def start(libraries: str) -> None:
    """Load the driver's libraries, which lie where no loader looks; runs first in the client's process.

    Args:
        libraries: the directory of libodbc, with the driver in ``odbc/``.
    """
    global _driver
    libpq = binaries().parent / "lib" / "libpq.so.5"
    for library in ("libltdl.so.7", "libodbc.so.2", "libodbcinst.so.2", libpq):
        ctypes.CDLL(str(Path(libraries, library)))
    _driver = Path(libraries, "odbc", "psqlodbcw.so")


@cache
def _connection(url: str) -> Any:
    import pyodbc

    at = urlsplit(url)
    return pyodbc.connect(
        f"Driver={_driver};Server={at.hostname};Port={at.port};Database={at.path[1:]};"
        f"Uid={at.username};Pwd={unquote(at.password or '')};{OPTIONS}",
        autocommit=True,
    )


def about(url: str) -> str:
    import pyodbc

    connection = _connection(url)
    return f"{connection.getinfo(pyodbc.SQL_DRIVER_NAME)} {connection.getinfo(pyodbc.SQL_DRIVER_VER)}"


def ask(url: str, sql: str, *parameters: str) -> tuple[list[str], list[tuple]]:
    cursor = _connection(url).execute(sql, *parameters)
    return [column[0] for column in cursor.description], [tuple(row) for row in cursor.fetchall()]


def columns(url: str, schema: str, table: str) -> list[tuple[str, int, str, bool, str]]:
    """SQLColumns; the comment is always empty with this driver."""
    return [
        (row.column_name, row.data_type, spelt(row.type_name, row.column_size, row.decimal_digits),
         not row.nullable, row.remarks or "")
        for row in _connection(url).cursor().columns(schema=schema, table=table)
    ]  # fmt: skip


def primary_key(url: str, schema: str, table: str) -> tuple[str, ...]:
    """SQLPrimaryKeys."""
    rows = _connection(url).cursor().primaryKeys(schema=schema, table=table).fetchall()
    return tuple(row.column_name for row in sorted(rows, key=lambda row: row.key_seq))


def foreign_keys(url: str, schema: str, table: str) -> dict[str, tuple[str, str, str]]:
    """SQLForeignKeys."""
    return {
        row.fkcolumn_name: (row.pktable_schem, row.pktable_name, row.pkcolumn_name)
        for row in _connection(url).cursor().foreignKeys(foreignSchema=schema, foreignTable=table)
    }
