"""One PostgreSQL for the whole test run, and a fresh migrated warehouse for each test that asks for one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.warm_dbt import warm_dbt

pytest_plugins = ("tests.soak", "tests.faults")
TEMPLATE = "yos_test_template"
WITH_CODE_LISTS = "yos_test_code_lists"
_IN_USE: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server; ``make unit`` runs the rest."""
    for item in items:
        if {"server", "home"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("server")


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


def _place() -> str | None:
    """Memory where there is enough: ext4 is slow to make the thousands of files of a database when it lost as many."""
    for folder in ("/dev/shm", "/tmp"):
        if Path(folder).is_dir() and shutil.disk_usage(folder).free > 4 * 2**30:
            return folder
    return None


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[Path]:
    """Tests see no YOS_ variable of the caller and write nothing into the checkout."""
    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("YOS_")}
    # as root PostgreSQL runs as another account, which has to get to its data
    var = Path(tempfile.mkdtemp(prefix="yos-test-", dir=_place()))
    var.chmod(0o711)
    os.environ["YOS_VAR_DIR"] = str(var)
    yield var
    os.environ.pop("YOS_VAR_DIR", None)
    os.environ.update(before)
    shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def cold_dbt(_own_environment: Path) -> Iterator[Callable[[], list[str]]]:
    """How dbt is started outside of tests; in this process it is one that is imported already (tests/warm_dbt.py)."""
    from yos_warehouse.build import dbt

    as_it_is = dbt.program
    with warm_dbt(str(_own_environment / "dbt.socket")) as dbt.program:
        yield as_it_is
    dbt.program = as_it_is


@pytest.fixture(scope="session")
def server(_own_environment: Path) -> Iterator[Any]:
    """The embedded PostgreSQL of this test run; without fsync, because nothing here outlives the machine.

    A copy of a database is left to the kernel: an eighth of the time.
    """
    from yos_warehouse.server.embedded import ensure_server, stop_server

    yield ensure_server(
        {"fsync": "off", "shared_buffers": "256MB", "max_wal_size": "1GB", "file_copy_method": "clone"}
    )
    os.environ["YOS_VAR_DIR"] = str(_own_environment)
    stop_server("immediate")


@pytest.fixture(scope="session")
def warehouse_template(server: Any) -> str:
    """A migrated, empty warehouse database to copy from."""
    from yos_warehouse.server.migrate import migrate

    migrate(TEMPLATE)
    return TEMPLATE


@pytest.fixture(scope="session")
def code_lists_template(warehouse_template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The template with the code lists, as every night but the first one finds them."""
    from yos_warehouse.orchestration import steps

    with fresh_warehouse(warehouse_template, tmp_path_factory.mktemp("code_lists")) as made:
        connection = made.connect("transformer")
        steps.load_code_lists(None, connection, date(2026, 3, 31))
        connection.commit()
        connection.close()
        _administer(f"alter database {made.database} rename to {WITH_CODE_LISTS}")
        # a place to copy from and nothing else: no role is to find anything in it
        _administer(f"alter database {WITH_CODE_LISTS} allow_connections false")
    return WITH_CODE_LISTS


@contextmanager
def copied_warehouse(template: str, drops: Path, kind: str = "test") -> Iterator[Warehouse]:
    """A copy of a template with an empty drop store.

    Names are used again: dbt then finds what it parsed before for a database of this name. A ``kind`` of its own
    is for warehouses in which another dbt project works.
    """
    from yos_warehouse.settings import var_dir

    database = next(name for n in count(1) if (name := f"{kind}_{n}") not in _IN_USE)
    (var_dir() / "dbt" / database / "manifest.json").unlink(missing_ok=True)
    _IN_USE.add(database)
    drops.mkdir()
    try:
        # without fsync copying files is faster than writing them through the log
        _administer(
            f"create database {database} owner yos_owner template {template} strategy file_copy", database
        )
        yield Warehouse(database, drops)
    finally:
        _administer(f"drop database if exists {database} with (force)")
        _IN_USE.discard(database)


@contextmanager
def fresh_warehouse(template: str, folder: Path, kind: str = "test") -> Iterator[Warehouse]:
    """A copy of a template, with the environment pointing to it and to a drop store in the folder."""
    with (
        copied_warehouse(template, folder / "drops", kind) as made,
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("YOS_DATABASE", made.database)
        environment.setenv("YOS_DROPS_DIR", str(made.drops))
        yield made


@pytest.fixture
def warehouse(warehouse_template: str, tmp_path: Path) -> Iterator[Warehouse]:
    """A migrated warehouse of the test's own."""
    with fresh_warehouse(warehouse_template, tmp_path) as made:
        yield made


@pytest.fixture
def warehouse_with_code_lists(code_lists_template: str, tmp_path: Path) -> Iterator[Warehouse]:
    """The same, after a first night's code lists: for tests that build."""
    with fresh_warehouse(code_lists_template, tmp_path) as made:
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
