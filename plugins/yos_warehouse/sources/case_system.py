"""Reading a case system over SQLAlchemy: one snapshot of all its entities, written as a drop."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import yaml
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from yos_warehouse import settings
from yos_warehouse.errors import DropRejected, UsageError, YosError
from yos_warehouse.sources.contract import Column, Contract, ContractError, Entity
from yos_warehouse.sources.csv_writer import CsvWriter
from yos_warehouse.sources.manifest import Drop
from yos_warehouse.sources.pack import new_folder, write_drop

# Rows fetched at a time; bounds the memory whatever the table's size.
FETCH_ROWS = 5_000


class SourceError(YosError):
    """The source system could not be read; the drop is not written."""


def extract(
    contract: Contract,
    source_url: str,
    business_date: date,
    received_at: datetime,
    out: Path | None = None,
    *,
    fictional: bool | None = None,
) -> Drop:
    """Read every entity that has a query and write them as one drop of CSV files, ``<entity>.csv``.

    All queries see the same moment (repeatable read, or the nearest the database has). Dates are
    written ISO, booleans as true and false, nulls empty, decimals with the database's own scale. The same
    data is the same bytes, so that the same content on the same business date is the same drop (the one
    that is there is returned); on a new date it is a new drop.

    Args:
        contract: a feed with entities of format query.
        source_url: any SQLAlchemy URL; it is never shown.
        business_date: the day the content is about.
        received_at: when it was read, with time zone.
        out: the drop store; YOS_DROPS_DIR if not given.
        fictional: whether all children in it are invented; from the service's file if not given.

    Raises:
        SourceError: SOURCE_UNREACHABLE, SOURCE_QUERY (names the entity, never the database's words).
        DropRejected: SCHEMA, a query does not give the contract's columns.
        ContractError: a query without ``order by`` (the order of rows would change the bytes).
    """
    entities = {name: spec for name, spec in contract.entities.items() if spec.query is not None}
    if not entities:
        raise UsageError("NO_QUERY", f"feed {contract.feed} is not read by query", "pack its files instead")
    for name, spec in entities.items():
        if not re.search(r"\border\s+by\b", spec.query or "", re.IGNORECASE):
            raise ContractError("CONTRACT", f"{contract.feed}.{name}: the query has no order", "add order by")
    is_fictional = service_is_fictional() if fictional is None else fictional
    with new_folder(out or settings.drops_dir(), contract.feed) as staging:
        rows = _read(contract.feed, entities, source_url, staging)
        return write_drop(staging, contract.feed, business_date, received_at, is_fictional, rows)


def service_is_fictional() -> bool:
    """Whether the service this warehouse serves is invented: ``fictional`` in dags/services/<service>.yml."""
    path = settings.SERVICES_DIR / f"{settings.service_code()}.yml"
    if not path.is_file():
        raise UsageError(
            "UNKNOWN_SERVICE", f"there is no file for {settings.service_code()}", "set YOS_SERVICE"
        )
    return yaml.safe_load(path.read_text("utf-8")).get("fictional") is True


def _read(feed: str, entities: dict[str, Entity], url: str, folder: Path) -> dict[str, int | None]:
    """Write all entities from one snapshot; returns file name to rows."""
    counts: dict[str, int | None] = {}
    entity = ""
    try:
        engine = create_engine(url, hide_parameters=True)
    except (SQLAlchemyError, ImportError, ValueError):
        raise SourceError(
            "SOURCE_UNREACHABLE", f"{feed}: the source's address is not usable", "check YOS_SOURCE_URL"
        ) from None
    try:
        with engine.connect() as plain:
            connection = _snapshot(plain)
            for entity, spec in entities.items():
                name = f"{entity}.csv"
                counts[name] = _write(connection, feed, entity, spec, folder / name)
            connection.rollback()
    except SQLAlchemyError as problem:
        # The database's own words can hold values and the address.
        kind = type(problem).__name__
        if entity:
            raise SourceError(
                "SOURCE_QUERY", f"{feed}.{entity}: the query failed ({kind})", "run the query at the source"
            ) from None
        raise SourceError(
            "SOURCE_UNREACHABLE", f"{feed}: no connection to the source ({kind})", "check YOS_SOURCE_URL"
        ) from None
    finally:
        engine.dispose()
    return counts


def _snapshot(connection: Connection) -> Connection:
    """Start a transaction in which all queries see the same moment."""
    dialect = connection.engine.dialect
    if dialect.name == "sqlite":
        # The driver starts no transaction for a SELECT by itself.
        connection.exec_driver_sql("BEGIN")
    else:
        offered = dialect.get_isolation_level_values(connection.connection.dbapi_connection)  # type: ignore[arg-type]
        for level in ("REPEATABLE READ", "SNAPSHOT", "SERIALIZABLE"):
            if level in offered:
                connection = connection.execution_options(isolation_level=level)
                break
        if dialect.name == "postgresql":
            connection = connection.execution_options(postgresql_readonly=True)
    return connection.execution_options(stream_results=True, max_row_buffer=FETCH_ROWS)


def _write(connection: Connection, feed: str, entity: str, spec: Entity, path: Path) -> int:
    result = connection.execute(text((spec.query or "").replace(":", r"\:")))
    given = [str(key).lower() for key in result.keys()]  # noqa: SIM118 - a result is no dict
    wanted = list(spec.columns)
    missing = [name for name in wanted if name not in given and not spec.columns[name].optional]
    if missing:
        raise DropRejected(
            "SCHEMA", f"{feed}.{entity}: the query does not give {', '.join(missing)}", "correct the query"
        )
    present = [name for name in wanted if name in given]
    positions = [given.index(name) for name in present]
    writers = [_writer(spec.columns[name]) for name in present]
    steps = list(zip(positions, writers, strict=True))
    with CsvWriter(path, present) as out:
        for rows in result.partitions(FETCH_ROWS):
            for row in rows:
                out.write(["" if row[at] is None else write(row[at]) for at, write in steps])
        return out.rows


def _writer(column: Column) -> Callable[[object], str]:
    """How a value of a column is written, whatever type the driver gives it."""

    def write(value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if column.type == "boolean" and value in (0, 1):
            return "true" if value == 1 else "false"
        if isinstance(value, datetime):
            if column.type == "date" and value.time() == value.time().min:
                return value.date().isoformat()
            return value.isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, float):
            # 16.0 and 16 are the same hours in two drivers.
            return str(int(value)) if value.is_integer() else repr(value)
        if isinstance(value, bytes | memoryview):
            return bytes(value).hex()
        return str(value)

    return write
