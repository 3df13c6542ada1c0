"""The example queries of the page for BI users: the same rows whichever way a tool comes."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg2
import pytest

from tests.drivers import odbc
from yos_warehouse.docs_connect import PAGE, QUERIES
from yos_warehouse.settings import PROJECT_DIR

pytestmark = pytest.mark.night

ALL = sorted(QUERIES.glob("*.sql"))


@pytest.mark.parametrize("query", ALL, ids=lambda path: path.stem)
def test_a_query_gives_the_same_rows_through_each_driver(query: Path, url, odbc_client, jdbc_client) -> None:
    sql = query.read_text("utf-8")
    connection = psycopg2.connect(url("analyst"))
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names, rows = [column.name for column in cursor.description], cursor.fetchall()
    connection.close()
    assert rows, "the query finds nothing in the fictional service"
    for client in (odbc_client, jdbc_client):
        began = time.monotonic()
        assert client.ask(url("analyst"), sql) == (names, rows), client.name
        assert time.monotonic() - began < 5


def test_the_page_names_what_was_tried(odbc_client, jdbc_client, url) -> None:
    page = (PROJECT_DIR / "docs" / PAGE).read_text("utf-8")
    assert odbc.OPTIONS in page
    for client, version in ((odbc_client, "13.02"), (jdbc_client, "42.7.4")):
        assert version in client.about(url("analyst"))
        assert f"{client.name} driver ({version}" in page


def test_there_are_enough_of_them() -> None:
    assert len([path for path in ALL if path.name[0].isdigit()]) >= 8
