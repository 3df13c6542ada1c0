"""``Zoë O’Neill`` as she was delivered, in every client (F17): no letter is lost on the way in or out."""

from __future__ import annotations

import os
import subprocess

import pytest

from yos_warehouse.server.embedded import binaries

pytestmark = pytest.mark.night

NAME = ("Zo\u00eb", "O\u2019Neill")
# no mart has names: a practitioner reads the tracker, with a purpose, which is logged
TRACKER = (
    "select given_name, family_name from restricted.read_tracker('A name with an accent is tried', 'test')"
    " where family_name = "
)


def test_a_name_comes_out_as_it_went_in(client, url) -> None:
    names, rows = client.ask(url("practitioner"), f"{TRACKER}'{NAME[1]}'")
    assert (names, rows) == (["given_name", "family_name"], [NAME])
    assert client.ask(url("practitioner"), f"{TRACKER}?", NAME[1])[1] == [NAME]


def test_psql_shows_the_same_letters(url) -> None:
    said = subprocess.run(
        [binaries() / "psql", url("practitioner"), "--no-psqlrc", "--tuples-only", "--no-align", "--command", f"{TRACKER}'{NAME[1]}'"],
        env={**os.environ, "PGCLIENTENCODING": "UTF8"}, capture_output=True, check=True,
    )  # fmt: skip
    assert said.stdout.decode("utf-8").strip() == "|".join(NAME)
