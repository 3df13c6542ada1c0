"""What Tableau, Power BI and Excel reach the warehouse through, for the tests: PostgreSQL's ODBC and JDBC drivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Client:
    """One driver in a process of its own: neither a JVM nor a second libpq has a place beside the tests.

    Every method takes the URL that ``yos url`` prints.
    """

    name: str
    pool: ProcessPoolExecutor
    driver: ModuleType

    def about(self, url: str) -> str:
        """Name and version of the driver."""
        return self._call("about", url)

    def ask(self, url: str, sql: str, *parameters: str) -> tuple[list[str], list[tuple]]:
        """Column names and rows of a query; values as psycopg2 gives them."""
        return self._call("ask", url, sql, *parameters)

    def columns(self, url: str, schema: str, table: str) -> list[tuple[str, int, str, bool, str]]:
        """Name, code of the SQL type, type as PostgreSQL spells it, whether required, comment; in order."""
        return self._call("columns", url, schema, table)

    def primary_key(self, url: str, schema: str, table: str) -> tuple[str, ...]:
        """Columns of the primary key, in its order."""
        return self._call("primary_key", url, schema, table)

    def foreign_keys(self, url: str, schema: str, table: str) -> dict[str, tuple[str, str, str]]:
        """Column to (schema, table, column) that it points to."""
        return self._call("foreign_keys", url, schema, table)

    def _call(self, function: str, *arguments: Any) -> Any:
        return self.pool.submit(_called, getattr(self.driver, function), *arguments).result(timeout=60)


def _called(function: Callable[..., Any], *arguments: Any) -> Any:
    """In the client's process: what a driver raises is Java's or C's and does not travel."""
    try:
        return function(*arguments)
    except Exception as problem:
        raise DriverError(str(problem)) from None


class DriverError(Exception):
    """What the driver said."""


@contextmanager
def opened(name: str, driver: ModuleType, start: Any, *arguments: Any) -> Iterator[Client]:
    """A client of a driver module; ``start`` prepares its process."""
    pool = ProcessPoolExecutor(1, get_context("spawn"), start, arguments)
    try:
        yield Client(name, pool, driver)
    finally:
        pool.shutdown()


SPELT = {"int2": "smallint", "int4": "integer", "int8": "bigint", "bool": "boolean",
         "timestamptz": "timestamp with time zone", "float8": "double precision"}  # fmt: skip


def spelt(name: str, size: int | None, digits: int | None) -> str:
    """A type as PostgreSQL spells it, from what drivers say of a column."""
    return f"numeric({size},{digits})" if name == "numeric" else SPELT.get(name, name)
