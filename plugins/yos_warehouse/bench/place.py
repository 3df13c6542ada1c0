"""A warehouse of the benchmark's own: its database, drops and artefacts, gone when it is over."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg2 import sql

from yos_warehouse.server.connect import connect
from yos_warehouse.server.embedded import ensure_server
from yos_warehouse.server.migrate import migrate
from yos_warehouse.settings import var_dir


def bench_dir() -> Path:
    """Where the benchmark writes; ``latest.json`` stays there."""
    folder = var_dir() / "bench"
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    return folder


@contextmanager
def environment(**values: str | None) -> Iterator[None]:
    """Set (or, with None, unset) environment variables for the length of a block."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


@contextmanager
def own_warehouse(name: str) -> Iterator[Path]:
    """An empty, migrated warehouse ``bench_<name>`` that everything inside the block works on.

    Yields:
        Its drop store.
    """
    database, work = f"bench_{name}", bench_dir() / name
    with own_database(database), environment(YOS_DATABASE=database, YOS_DROPS_DIR=str(work / "drops")):
        shutil.rmtree(work, ignore_errors=True)
        (work / "drops").mkdir(parents=True)
        try:
            migrate(database)
            yield work / "drops"
        finally:
            shutil.rmtree(work, ignore_errors=True)
            shutil.rmtree(var_dir() / "dbt" / database, ignore_errors=True)


@contextmanager
def own_database(database: str, *, create: bool = False) -> Iterator[None]:
    """A database name that is free at the beginning and at the end of the block."""
    drop_database(database)
    if create:
        administer(sql.SQL("create database {} template template0 encoding 'UTF8'").format(_named(database)))
    try:
        yield
    finally:
        drop_database(database)


def drop_database(database: str) -> None:
    """Drop a database of the benchmark, whoever is connected to it."""
    if not database.startswith("bench_"):
        raise ValueError("the benchmark drops its own databases only")
    administer(sql.SQL("drop database if exists {} with (force)").format(_named(database)))


def administer(statement: str | sql.Composable, database: str | None = None) -> None:
    """Run one statement as the server's administrator, outside of a transaction."""
    admin = connect("admin", database=database or ensure_server().admin_database, autocommit=True)
    try:
        with admin.cursor() as cursor:
            cursor.execute(statement)
    finally:
        admin.close()


def settle() -> None:
    """Let what was written before go to disk now, and not within the next measure."""
    administer("checkpoint")


def _named(database: str) -> sql.Identifier:
    return sql.Identifier(database)


def _set(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
