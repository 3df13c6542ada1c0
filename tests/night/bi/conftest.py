"""ODBC and JDBC over the first night's marts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.drivers import Client, debian, jdbc, odbc, opened
from yos_warehouse.build.permanent import PermanentTable
from yos_warehouse.settings import PROJECT_DIR

TOOLS = PROJECT_DIR / "var" / "tools"


@pytest.fixture(scope="session")
def odbc_client() -> Iterator[Client]:
    """PostgreSQL's ODBC driver, fetched if this machine does not have it yet."""
    try:
        libraries = debian.odbc_libraries(TOOLS)
    except debian.NoDriver as problem:
        pytest.fail(str(problem), pytrace=False)
    with opened("ODBC", odbc, odbc.start, str(libraries)) as client:
        yield client


@pytest.fixture(scope="session")
def jdbc_client() -> Iterator[Client]:
    """PostgreSQL's JDBC driver in a Java of its own."""
    with opened("JDBC", jdbc, jdbc.start) as client:
        yield client


@pytest.fixture(params=["odbc", "jdbc"])
def client(request: pytest.FixtureRequest) -> Client:
    """Each driver in turn."""
    return request.getfixturevalue(f"{request.param}_client")


@pytest.fixture(scope="session")
def url(home: Any, first: Any) -> Any:
    """What ``yos url`` prints for a role."""
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    return cache(home.url)


@pytest.fixture(scope="session")
def tables(home: Any, first: Any) -> list[PermanentTable]:
    """The permanent tables as the models of the published night declare them."""
    rows = home.query(
        "select declared from ops.built_table where run_id = (select max(run_id) from ops.built_table)"
        " order by schema_name, table_name"
    )
    return [PermanentTable.from_json(declared) for (declared,) in rows]
