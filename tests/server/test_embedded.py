"""The embedded server: private, idempotent, and back after it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from yos_warehouse.errors import UsageError, YosError
from yos_warehouse.server import embedded
from yos_warehouse.server.connect import transaction, url


def _pid() -> int:
    return int((embedded.data_dir() / "postmaster.pid").read_text().splitlines()[0])


def test_a_second_call_finds_the_running_server(server) -> None:
    before = _pid()
    assert embedded.ensure_server() == server
    assert _pid() == before


def test_it_listens_on_the_loopback_address_alone_and_asks_for_passwords(server) -> None:
    with transaction("admin", database="postgres") as connection, connection.cursor() as cursor:
        cursor.execute(
            "select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories')"
        )
        assert dict(cursor.fetchall()) == {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        cursor.execute("select distinct auth_method from pg_hba_file_rules")
        assert cursor.fetchall() == [("scram-sha-256",)]
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(
            host=server.host, port=server.port, user="postgres", dbname="postgres", password="wrong"
        )


def test_the_data_directory_is_private_whatever_the_umask(server) -> None:
    assert embedded.data_dir().stat().st_mode & 0o777 == 0o700


def test_an_sql_error_leaves_no_value_in_the_log(warehouse) -> None:
    with pytest.raises(psycopg2.DataError):
        warehouse.query("select %s::date", ("canary-7f3a",))
    assert "canary-7f3a" not in (embedded.folder() / "postgres.log").read_text()


@pytest.mark.fault("R4")
def test_it_comes_back_after_kill_minus_9_with_what_was_committed(warehouse) -> None:
    warehouse.query("create table survivor as select 1 as one")
    port = embedded.ensure_server().port
    busy = subprocess.Popen(
        [sys.executable, "-c", "import psycopg2, sys; psycopg2.connect(sys.argv[1]).cursor().execute('select pg_sleep(30)')",
         url("admin", database=warehouse.database)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        killed = _pid()
        os.kill(killed, signal.SIGKILL)
        while embedded._works_here(killed):
            time.sleep(0.01)
        assert embedded.ensure_server().port == port
        assert _pid() != killed
        assert warehouse.query("select one from survivor") == [(1,)]
    finally:
        busy.kill()
        busy.wait()


def test_a_pid_file_that_names_another_program_is_not_believed(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("YOS_VAR_DIR", str(tmp_path))
    embedded.data_dir().mkdir(parents=True)
    (embedded.data_dir() / "postmaster.pid").write_text(
        f"{os.getpid()}\nx\n1\n5432\n\n127.0.0.1\n1 2\nready   \n"
    )
    assert not embedded.is_running()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_as_root_a_closed_directory_is_named_with_its_remedy(tmp_path, monkeypatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o700)
    monkeypatch.setenv("YOS_VAR_DIR", str(closed / "var"))
    with pytest.raises(YosError, match="NOT_TRAVERSABLE.*chmod"):
        embedded.ensure_server()


def test_a_port_that_is_taken_is_named(server, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("YOS_PG_PORT", str(server.port))
    with pytest.raises(YosError, match="PORT_IN_USE"):
        embedded._choose_port()


@pytest.mark.parametrize("given", ["nonsense", "mysql://u:p@h/d", "postgresql:///only"])
def test_an_external_url_that_cannot_serve_is_refused_without_repeating_it(given, monkeypatch) -> None:
    monkeypatch.setenv("YOS_DATABASE_URL", given)
    with pytest.raises(UsageError, match="DATABASE_URL") as refusal:
        embedded.ensure_server()
    assert given not in str(refusal.value)


def test_an_external_server_is_used_as_it_is(warehouse, monkeypatch) -> None:
    monkeypatch.setenv("YOS_DATABASE_URL", url("admin", database="postgres"))
    assert not embedded.ensure_server().is_embedded
    assert warehouse.query("select current_user", role="loader") == [("yos_loader",)]


def test_an_older_server_is_refused(warehouse, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("yos_warehouse.server.connect.OLDEST_VERSION", 99)
        with pytest.raises(YosError, match="DATABASE_VERSION"):
            warehouse.connect("loader")


def test_no_password_file_is_left_behind(server) -> None:
    assert not (embedded.folder() / "initdb.tmp").exists()
    secrets = Path(os.environ["YOS_VAR_DIR"]) / "secrets"
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o600}


def test_a_password_is_in_no_words_about_the_server(server) -> None:
    assert server.admin_password and server.admin_password not in repr(server)
