"""``Zoë O’Neill`` as she was delivered, in every client (F17): no letter is lost on the way in or out."""

from __future__ import annotations

import os
import subprocess

import pytest

from yos_warehouse.server.embedded import binaries

pytestmark = pytest.mark.night

NAME = ("Zo\u00eb", "O\u2019Neill")
# names are in closed zones only: asked as the administrator
SQL = "select distinct given_name, family_name from raw.case_system__person where family_name = '{}'"


def test_a_name_comes_out_as_it_went_in(client, home, first) -> None:
    address = home.url("admin")
    assert client.ask(address, SQL.format(NAME[1])) == (["given_name", "family_name"], [NAME])
    asked = SQL.replace("'{}'", "?")
    assert client.ask(address, asked, NAME[1])[1] == [NAME]  # and in as a parameter


def test_psql_shows_the_same_letters(home, first) -> None:
    said = subprocess.run(
        [binaries() / "psql", home.url("admin"), "--no-psqlrc", "--tuples-only", "--no-align", "--command", SQL.format(NAME[1])],
        env={**os.environ, "PGCLIENTENCODING": "UTF8"}, capture_output=True, check=True,
    )  # fmt: skip
    assert said.stdout.decode("utf-8").strip() == "|".join(NAME)
