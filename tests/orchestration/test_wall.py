"""What of a failure may reach Airflow's logs: code, class, SQLSTATE; the rest stays in a private file."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psycopg2
import psycopg2.errors
import pytest

from yos_warehouse.errors import YosError
from yos_warehouse.orchestration.wall import attempt

SECRET = "Canaria Zz99999"


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YOS_VAR_DIR", str(tmp_path))
    return tmp_path


def kept(var: Path) -> Path:
    """The one file with a traceback."""
    (path,) = (var / "errors").glob("*.txt")
    return path


def test_a_result_passes() -> None:
    assert attempt("load police", lambda: {"drops": 1}) == ({"drops": 1}, None)


def test_a_value_in_an_unexpected_error_stays_behind_the_wall(var: Path) -> None:
    def call() -> None:
        raise KeyError(SECRET)

    result, failure = attempt("load police", call)
    assert result is None and failure is not None
    assert SECRET not in failure.text
    assert "KeyError" in failure.text and kept(var).name in failure.text
    assert not failure.may_pass
    assert SECRET in kept(var).read_text()
    assert kept(var).stat().st_mode & 0o777 == 0o600
    assert kept(var).parent.stat().st_mode & 0o777 == 0o700


def test_our_own_errors_pass_without_their_cause(var: Path) -> None:
    def call() -> None:
        try:
            raise ValueError(SECRET)
        except ValueError as cause:
            raise YosError("NO_DATA", "no delivery has been accepted yet", "see yos status") from cause

    _, failure = attempt("stage", call)
    assert failure is not None
    assert failure.text == "NO_DATA: no delivery has been accepted yet. See yos status."
    assert not failure.may_pass


@pytest.mark.fault("F24")
def test_line_breaks_cannot_forge_a_line_of_the_log(var: Path) -> None:
    def call() -> None:
        raise YosError("X", "first\n2026-01-01 INFO all is well\x1b[31m")

    _, failure = attempt("stage", call)
    assert failure is not None and "\n" not in failure.text and "\x1b" not in failure.text


@pytest.mark.fault("R5")
def test_a_lost_connection_is_tried_again(var: Path) -> None:
    def call() -> None:
        raise psycopg2.OperationalError(f"server closed the connection, {SECRET}")

    _, failure = attempt("publish", call)
    assert failure is not None and failure.may_pass and SECRET not in failure.text


@pytest.mark.fault("R4")
def test_a_server_that_is_away_is_tried_again(var: Path) -> None:
    def call() -> None:
        raise YosError("DATABASE_UNREACHABLE", "no connection")

    _, failure = attempt("publish", call)
    assert failure is not None and failure.may_pass


def test_an_error_of_the_data_is_not_tried_again(server: object) -> None:
    from yos_warehouse.server.connect import connect

    connection = connect("admin", database="postgres")

    def call() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select %s::date", (SECRET,))

    _, failure = attempt("load police", call)
    connection.close()
    assert failure is not None and not failure.may_pass
    assert "22007" in failure.text and SECRET not in failure.text


def test_old_files_are_forgotten(var: Path) -> None:
    (var / "errors").mkdir()
    old = var / "errors" / "old.txt"
    old.write_text("x")
    os.utime(old, (time.time() - 15 * 86400,) * 2)
    attempt("stage", lambda: 1 / 0)
    assert not old.exists() and kept(var)
