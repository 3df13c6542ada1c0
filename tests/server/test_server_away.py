"""The server goes away while something is at work, or its disk is full: nothing half done is seen, and the same command completes.

A server of this file's own, on a disk of its own (a tmpfs of 600 MB), which other tests do not feel.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.build.conftest import FIRST_NIGHT, TABLES, expected, set_up
from tests.conftest import Warehouse, fresh_warehouse
from tests.door.conftest import Door, arrest
from yos_warehouse.errors import YosError
from yos_warehouse.orchestration import lease
from yos_warehouse.server import embedded

SMALL = {"fsync": "off", "shared_buffers": "32MB", "max_wal_size": "64MB", "min_wal_size": "32MB"}


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of a given size; skips where this account may not mount one."""
    folder.mkdir(exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "none", str(folder)], capture_output=True
    )
    if made.returncode:
        pytest.skip("no disk of its own can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Fill a disk but for so many bytes; remove what is returned to have the room back."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - leave)
    return ballast


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """Where this file's server lies, if possible a disk of its own; the environment points to it."""
    var = Path(tempfile.mkdtemp(prefix="yos-away-"))
    var.chmod(0o711)
    before = os.environ["YOS_VAR_DIR"]
    with small_disk(var / "disk", "600m") as place:
        os.environ["YOS_VAR_DIR"] = str(place)
        try:
            embedded.ensure_server(SMALL)
            yield place
        finally:
            embedded.stop_server("immediate")
            os.environ["YOS_VAR_DIR"] = before
    shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="module")
def own_template(disk: Path) -> str:
    from yos_warehouse.server.migrate import migrate

    migrate("own_template")
    return "own_template"


@pytest.fixture
def warehouse(own_template: str, tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse on this file's server; the server is there before and after."""
    with fresh_warehouse(own_template, tmp_path, "away") as made:
        yield made
        embedded.ensure_server(SMALL)


def _door(warehouse: Warehouse, folder: Path) -> Door:
    run_id = lease.open_run("nightly", f"night {time.monotonic_ns()}")
    assert run_id is not None
    return Door(warehouse, run_id, folder)


def _while_it_waits(
    warehouse: Warehouse, table: str, call: Callable[[], Any], then: Callable[[], Any]
) -> list[BaseException]:
    """Run something that wants a table, do something once it waits for it, and give what it raised."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            call()
        except BaseException as problem:
            raised.append(problem)

    blocker = warehouse.connect()
    blocker.cursor().execute(f"lock table {table} in access exclusive mode")
    worker = threading.Thread(target=work)
    worker.start()
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    deadline = time.monotonic() + 30
    while warehouse.query(waiting) == [(0,)]:
        assert worker.is_alive() and time.monotonic() < deadline, raised
        time.sleep(0.02)
    then()
    worker.join(60)
    assert not worker.is_alive()
    return raised


@pytest.mark.fault("R4")
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_restarted_while_a_delivery_is_taken_in(warehouse: Warehouse, tmp_path: Path, mode: str) -> None:
    door = _door(warehouse, tmp_path / "sent")
    door.arrests([arrest(n) for n in range(1, 31)])

    def restart() -> None:
        embedded.stop_server(mode)
        began = time.monotonic()
        embedded.ensure_server(SMALL)
        assert time.monotonic() - began < 30

    (problem,) = _while_it_waits(warehouse, "raw.police__arrest", door.load, restart)
    assert isinstance(problem, YosError) and problem.code == "DATABASE"
    assert door.query("select count(*) from ops.load") == [(0,)]
    assert door.query("select count(*) from raw.police__arrest") == [(0,)]
    (report,) = door.load()
    assert (report.state, report.rows_accepted) == ("accepted", 30)
    assert door.query("select count(*), count(distinct drop_id) from ops.load") == [(1, 1)]


def _next_night(rows: int = 3) -> dict[str, list[tuple]]:
    made = deepcopy(FIRST_NIGHT)
    made["fct_outcome"] = [(n, 1, 2, date(2026, 3, 1)) for n in range(100, 100 + rows)]
    return made


@pytest.mark.fault("R4")
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_restarted_while_a_night_is_published(warehouse: Warehouse, mode: str) -> None:
    from yos_warehouse.build.publish import publish

    stage = set_up(warehouse, TABLES)
    first = stage.open_run()
    stage.build(first, FIRST_NIGHT)
    publish(first)
    run_id = stage.open_run()
    stage.build(run_id, _next_night())

    def restart() -> None:
        embedded.stop_server(mode)
        embedded.ensure_server(SMALL)

    (problem,) = _while_it_waits(warehouse, "marts.fct_outcome", lambda: publish(run_id), restart)
    assert isinstance(problem, YosError)
    assert stage.as_published() == expected(FIRST_NIGHT)  # all of the night before, nothing of this one
    publish(run_id)
    assert stage.as_published() == expected(_next_night())


@pytest.mark.fault("R6")
def test_a_full_disk_of_the_database_harms_nothing_and_needs_no_sql(
    disk: Path, warehouse: Warehouse, tmp_path: Path
) -> None:
    from yos_warehouse.build.publish import publish

    stage = set_up(warehouse, TABLES)
    first = stage.open_run()
    stage.build(first, FIRST_NIGHT)
    publish(first)
    run_id = stage.open_run()
    stage.build(run_id, _next_night(60_000))
    door = Door(warehouse, run_id, tmp_path / "sent")
    door.arrests([arrest(n) for n in range(1, 20_001)])
    warehouse.query("checkpoint")
    ballast = fill(disk, 3 << 20)
    for call in (door.load, lambda: publish(run_id)):
        with pytest.raises(YosError) as problem:
            call()
        assert "Example" not in str(problem.value) and "O’Neill" not in str(problem.value)
    ballast.unlink()
    embedded.ensure_server(SMALL)  # as the next command does, if it went down
    assert stage.as_published() == expected(FIRST_NIGHT)
    assert door.query("select count(*) from ops.load") == [(0,)]
    (report,) = door.load()
    assert (report.state, report.rows_accepted) == ("accepted", 20_000)
    publish(run_id)
    assert stage.as_published() == expected(_next_night(60_000))


@pytest.mark.fault("R6")
def test_a_full_drop_store_holds_no_half_delivery(tmp_path: Path) -> None:
    from yos_warehouse.sources.drop import find_drops, pack

    file = tmp_path / "arrests_1.csv"
    file.write_text(
        "ASN,PNC ID,Forename,Surname,Date of birth,Sex,Self-defined ethnicity,Postcode,Arrest date,Station,Release type\n"
        + "x,,,,,,,,,,\n" * 100_000
    )
    with small_disk(tmp_path / "store", "1m") as store:
        ballast = fill(store, 200_000)
        with pytest.raises(OSError, match="space") as problem:
            pack("police", [file], date(2026, 3, 31), fictional=True, out=store, settle_seconds=0)
        assert problem.value.errno == errno.ENOSPC
        assert find_drops(store, "police") == []
        assert [path for path in store.rglob("*") if path != ballast and path.is_file()] == []
    with small_disk(tmp_path / "store", "8m") as store:
        pack("police", [file], date(2026, 3, 31), fictional=True, out=store, settle_seconds=0)
        assert len(find_drops(store, "police")) == 1


LOAD_IN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[1]) << 20,) * 2)
from yos_warehouse.bench.one_step import main
main("load", sys.argv[2], "police")
"""


@pytest.mark.soak
@pytest.mark.fault("R15")
def test_with_little_memory_it_completes_or_fails_clearly_and_the_server_lives(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    """A gigabyte of data for the task's process is enough; with much less it ends, and nothing of it is seen."""
    door = _door(warehouse, tmp_path / "sent")
    door.arrests([arrest(n) for n in range(1, 20_001)])
    server = (embedded.data_dir() / "postmaster.pid").read_text().split()[0]

    def load(megabytes: int) -> int:
        done = subprocess.run(
            [sys.executable, "-c", LOAD_IN, str(megabytes), str(door.run_id)],
            capture_output=True,
            timeout=300,
        )
        return done.returncode

    assert load(60) != 0
    assert door.query("select count(*) from ops.load") == [(0,)]
    assert load(1024) == 0
    assert door.query("select state, rows_accepted from ops.load") == [("accepted", 20_000)]
    assert (embedded.data_dir() / "postmaster.pid").read_text().split()[0] == server


@pytest.mark.fault("R17")
def test_a_wrong_password_is_a_clear_error_and_is_not_repeated(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOS_SECRET_PG_LOADER", "canary-secret")
    with pytest.raises(YosError, match="DATABASE_UNREACHABLE") as problem:
        lease.open_run("nightly", "night")
    assert "canary-secret" not in str(problem.value)
    assert problem.value.remedy
