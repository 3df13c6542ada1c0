"""One PostgreSQL for the whole test run, and a fresh migrated warehouse for each test that asks for one."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

pytest_plugins = ("tests.soak",)
TEMPLATE = "yos_test_template"


@dataclass(frozen=True)
class Warehouse:
    """A warehouse database of one test."""

    database: str
    drops: Path

    def connect(self, role: str = "admin", *, autocommit: bool = False) -> psycopg2.extensions.connection:
        """A connection as a role; the database is dropped with force afterwards, so leaks do no harm."""
        from yos_warehouse.server.connect import connect

        return connect(role, database=self.database, autocommit=autocommit, application="test")

    def url(self, role: str = "admin", driver: str = "postgresql+psycopg2") -> str:
        """A SQLAlchemy URL as a role."""
        from yos_warehouse.server.connect import url

        return url(role, database=self.database, driver=driver)

    def query(self, sql: str, parameters: Any = None, role: str = "admin") -> list[tuple]:
        """Run one statement, committed; its rows, or an empty list when it has none."""
        connection = self.connect(role, autocommit=True)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[Path]:
    """Tests see no YOS_ variable of the caller and write nothing into the checkout."""
    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("YOS_")}
    # as root PostgreSQL runs as another account, which has to get to its data
    var = Path(tempfile.mkdtemp(prefix="yos-test-", dir="/tmp" if Path("/tmp").is_dir() else None))
    var.chmod(0o711)
    os.environ["YOS_VAR_DIR"] = str(var)
    yield var
    os.environ.pop("YOS_VAR_DIR", None)
    os.environ.update(before)
    shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="session")
def server(_own_environment: Path) -> Iterator[Any]:
    """The embedded PostgreSQL of this test run; without fsync, because nothing here outlives the machine."""
    from yos_warehouse.server.embedded import ensure_server, stop_server

    yield ensure_server({"fsync": "off", "shared_buffers": "256MB", "max_wal_size": "1GB"})
    os.environ["YOS_VAR_DIR"] = str(_own_environment)
    stop_server("immediate")


@pytest.fixture(scope="session")
def warehouse_template(server: Any) -> str:
    """A migrated, empty warehouse database to copy from."""
    from yos_warehouse.server.migrate import migrate

    migrate(TEMPLATE)
    return TEMPLATE


@contextmanager
def fresh_warehouse(template: str, folder: Path) -> Iterator[Warehouse]:
    """A copy of the template, with the environment pointing to it and to a drop store in the folder."""
    database = f"test_{uuid.uuid4().hex[:12]}"
    drops = folder / "drops"
    drops.mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("YOS_DATABASE", database)
        environment.setenv("YOS_DROPS_DIR", str(drops))
        # without fsync copying files is twice as fast as writing them through the log
        _administer(
            f"create database {database} owner yos_owner template {template} strategy file_copy", database
        )
        yield Warehouse(database, drops)
        _administer(f"drop database if exists {database} with (force)")


@pytest.fixture
def warehouse(warehouse_template: str, tmp_path: Path) -> Iterator[Warehouse]:
    """A migrated warehouse of the test's own."""
    with fresh_warehouse(warehouse_template, tmp_path) as made:
        yield made


def _administer(statement: str, grant_on: str | None = None) -> None:
    from yos_warehouse.server.connect import connect
    from yos_warehouse.server.roles import grant_database

    admin = connect("admin", database="postgres", autocommit=True)
    try:
        with admin.cursor() as cursor:
            cursor.execute(statement)
            if grant_on:
                grant_database(cursor, grant_on)  # grants on a database are not copied with it
    finally:
        admin.close()
