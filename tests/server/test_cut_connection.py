"""A connection that is cut or falls silent: a clear failure within a minute, and the same command completes."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tests.door.conftest import Door, arrest
from yos_warehouse.errors import YosError
from yos_warehouse.orchestration.wall import attempt
from yos_warehouse.server import connect as connections
from yos_warehouse.server.connect import connect, url
from yos_warehouse.server.embedded import ensure_server


class Line:
    """A wire between client and server that can be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._to))
            self._ends += [client, server]
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while content := source.recv(1 << 16):
                target.sendall(content)
        except OSError:
            pass

    def cut(self) -> None:
        """Reset every connection (RST)."""
        for end in self._ends:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()


@pytest.fixture
def line(server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """The warehouse is reached through a wire."""
    made = Line(server.port)
    address = url("admin", database="postgres").replace(f":{server.port}/", f":{made.port}/")
    monkeypatch.setenv("YOS_DATABASE_URL", address)
    assert ensure_server().port == made.port
    yield made
    made.close()


@pytest.mark.fault("R5")
def test_a_cut_while_a_delivery_is_taken_in_is_a_clear_failure_and_the_next_run_takes_it_in(
    warehouse: Warehouse, line: Line, tmp_path: Path
) -> None:
    run_id = warehouse.query(
        "insert into ops.run (kind, owner, state) values ('nightly', 'test', 'running') returning run_id"
    )[0][0]
    door = Door(warehouse, run_id, tmp_path / "sent")
    door.arrests([arrest(n) for n in range(1, 31)])
    blocker = warehouse.connect()
    blocker.cursor().execute("lock table raw.police__arrest in access exclusive mode")
    told: list[tuple] = []
    worker = threading.Thread(target=lambda: told.append(attempt("load police", door.load)))
    worker.start()
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    while warehouse.query(waiting) == [(0,)]:
        assert worker.is_alive()
        time.sleep(0.02)
    began = time.monotonic()
    line.cut()
    worker.join(60)
    assert time.monotonic() - began < 10
    ((_, failure),) = told
    assert failure is not None and "run the same command again" in failure.text.lower()
    assert "O’Neill" not in failure.text
    while warehouse.query(waiting) != [(0,)]:  # the server sees within seconds that nobody waits any more
        time.sleep(0.1)
    (report,) = door.load()
    assert (report.state, report.rows_accepted) == ("accepted", 30)


@pytest.mark.fault("R5")
def test_a_silent_server_is_given_up_within_a_minute(warehouse: Warehouse) -> None:
    """What the kernel is told of the connection; a wire that swallows packets cannot be had here."""
    with connect("loader") as connection, socket.socket(fileno=socket.dup(connection.fileno())) as wire:
        assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
        idle = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
        interval = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL)
        count = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT)
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert idle + interval * count <= 60


@pytest.mark.fault("R5")
def test_a_server_that_takes_the_call_and_says_nothing(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connections.CONNECT_SECONDS <= 60
    monkeypatch.setattr(connections, "CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv(
            "YOS_DATABASE_URL", f"postgresql://postgres:x@127.0.0.1:{silent.getsockname()[1]}/postgres"
        )
        began = time.monotonic()
        with pytest.raises(YosError, match="DATABASE_UNREACHABLE"):
            connect("loader")
        assert time.monotonic() - began < 10
