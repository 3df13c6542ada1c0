"""kill -9 anywhere, then the same command again: the same marts as of a night that nobody disturbed.

`make test` runs one chain of eight kills, chosen by the commit; `make soak` every point, every dbt step, every drop, fifty random
moments, and the server's restart beneath dbt.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import soak
from tests.bare_night import NIGHT, TAKE_OVER, BareNight, FictionalService, make_service
from tests.conftest import _administer, copied_warehouse
from yos_warehouse.settings import PROJECT_DIR, work_dir

PACKAGE = PROJECT_DIR / "plugins" / "yos_warehouse"


def _points(folder: Path) -> list[str]:
    """The fault points named in the code below a folder."""
    texts = [path.read_text("utf-8") for path in folder.rglob("*.py")]
    return sorted({name for text in texts for name in re.findall(r'faults\.point\(\s*"([^"]+)"', text)})


POINTS = _points(PACKAGE)
DOOR = _points(PACKAGE / "door")  # passed once for each drop
# Passed by every night; code lists are loaded by the first one only.
LATER = [name for name in POINTS if name not in DOOR and name not in ("after:code_lists", "after:extract")]
CHANCE = random.Random(soak.commit().partition("+")[0])
DBT_STEPS = {"code_lists": "resource_type:seed", "stage": " staging ", "build": " intermediate "}


@dataclass(frozen=True)
class Undisturbed:
    """What a night leaves that nobody killed, and how long it took."""

    marts: dict
    closed_zones: dict
    loads: list
    seconds: float


@pytest.fixture(scope="module")
def service(server, tmp_path_factory) -> Iterator[FictionalService]:
    """A small service, its feeds made once for all nights of this file."""
    name = f"case_{uuid.uuid4().hex[:8]}"
    yield make_service(tmp_path_factory.mktemp("service") / "drops", name)
    _administer(f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module")
def undisturbed(service, warehouse_template, tmp_path_factory) -> Undisturbed:
    """One night over the service from start to end."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with copied_warehouse(warehouse_template, folder / "drops") as warehouse:
        night = BareNight(warehouse, service, folder / "said")
        began = time.monotonic()
        assert night.run() == 0, night.last_words()
        seconds = time.monotonic() - began
        _must_be_whole(night)
        marts = night.marts()
        assert marts["marts.fct_outcome"][0] > 50
        assert marts["marts.fct_budget_line"][0] > 5
        return Undisturbed(marts, night.closed_zones(), _loads(night), seconds)


@pytest.fixture
def night(undisturbed, service, warehouse_template, tmp_path) -> Iterator[BareNight]:
    """A warehouse of the test's own in which nights can be killed."""
    with copied_warehouse(warehouse_template, tmp_path / "drops") as warehouse:
        yield BareNight(warehouse, service, tmp_path / "said")


def _loads(night: BareNight) -> list[tuple]:
    """What became of each drop: feed, day, state, reason, rows; one line per load."""
    return night.warehouse.query(
        "select feed, business_date, state, reason_code, rows_in_files, rows_accepted, rows_quarantined"
        " from ops.load inner join ops.drop using (drop_id) order by 1, 2, content_hash"
    )


def _must_be_whole(night: BareNight) -> None:
    """Each drop was taken in once, nothing is left half done and nobody is left behind."""
    folders = list(night.warehouse.drops.rglob("manifest.json"))
    assert list(night.warehouse.drops.rglob(".packing-*")) == []
    assert len(_loads(night)) == len(folders)
    assert night.warehouse.query("select count(distinct drop_id)::int from ops.load") == [(len(folders),)]
    assert night.seconds_until_alone() < 10
    assert night.warehouse.query("select state from ops.run order by run_id desc limit 1") == [("succeeded",)]
    assert night.warehouse.query("select count(*) from ops.run where state = 'running'") == [(0,)]
    assert night.warehouse.query(
        "select relname::text from pg_class where relnamespace = 'landing'::regnamespace and relkind = 'r'"
    ) == []  # fmt: skip
    assert [
        path.name for path in work_dir().iterdir()
    ] == []  # children's records do not lie about on the disk


def _must_equal(night: BareNight, undisturbed: Undisturbed) -> None:
    _must_be_whole(night)
    assert _loads(night) == undisturbed.loads
    assert night.marts() == undisturbed.marts
    assert night.closed_zones() == undisturbed.closed_zones


def _kill_at(night: BareNight, point: str, code: str = NIGHT, owner: str = "night") -> None:
    marker = night.scratch / f"spent-{uuid.uuid4().hex}"
    ended = night.run(owner, code, YOS_FAULT=point, YOS_FAULT_ONCE=str(marker))
    assert ended == -signal.SIGKILL, f"{point} was not reached: {ended} {night.last_words()}"
    assert marker.exists()


def _kill_while_files_are_converted(night: BareNight) -> None:
    """kill -9 while children's records lie converted in the private work directory."""
    process = night.start()
    try:
        while True:
            assert process.poll() is None, night.last_words()
            if any(path.is_file() for path in work_dir().rglob("*")):
                process.send_signal(signal.SIGSTOP)  # it may just be tidying up
                if any(path.is_file() for path in work_dir().rglob("*")):
                    break
                process.send_signal(signal.SIGCONT)
            time.sleep(0.002)
    finally:
        process.kill()
        process.wait()


def _kill_dbt(night: BareNight, step: str, owner: str = "night", code: str = NIGHT) -> float:
    """kill -9 of the dbt of a step while it works in the database; seconds until its sessions are gone."""
    watcher = night.warehouse.connect(autocommit=True)
    process = night.start(owner, code)
    try:
        deadline = time.monotonic() + 200
        while not (dbt := _dbt_of(process.pid, DBT_STEPS[step])) or not _is_working(watcher):
            assert process.poll() is None, night.last_words()
            assert time.monotonic() < deadline, f"no dbt in {step}"
            time.sleep(0.005)
        os.kill(dbt, signal.SIGKILL)
        gone = night.seconds_until_alone("yos dbt")
        code = process.wait(60)
        assert code not in (0, -signal.SIGKILL)
        assert "DBT_BROKE" in night.last_words()
        return gone
    finally:
        watcher.close()
        if process.poll() is None:
            process.kill()
            process.wait()


def _is_working(watcher) -> bool:
    """Whether a session of dbt has a transaction open."""
    with watcher.cursor() as cursor:
        cursor.execute(
            "select exists (select from pg_stat_activity where datname = current_database()"
            " and application_name = 'yos dbt' and state <> 'idle')"
        )
        return cursor.fetchone() == (True,)


def _dbt_of(parent: int, words: str) -> int | None:
    """The process id of a child whose command line holds the words."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
        for child in children:
            line = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            if words in line and "/dbt" in line:
                return int(child)
    except OSError:
        pass
    return None


def test_every_step_has_a_point_at_which_it_can_be_killed() -> None:
    assert {"after:extract", "after:land", "after:judge", "before:record_commit", "after:record",
            "after:code_lists", "after:stage", "before:identify_commit", "after:identify", "after:build",
            "after:publish", "after:tell"} <= set(POINTS)  # fmt: skip


@pytest.mark.fault("R3")
def test_the_query_of_a_killed_dbt_ends_within_ten_seconds(warehouse) -> None:
    """Without the server's look at its clients a killed dbt's statement would run, and lock, for hours."""
    program = (
        "import sys, psycopg2; connection = psycopg2.connect(sys.argv[1], application_name='yos dbt');"
        " connection.cursor().execute('select pg_sleep(300)')"
    )
    process = subprocess.Popen([sys.executable, "-c", program, warehouse.url("transformer", "postgresql")])
    running = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and application_name = 'yos dbt' and state = 'active'"
    )
    try:
        deadline = time.monotonic() + 30
        while warehouse.query(running) != [(1,)] and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    killed = time.monotonic()
    assert warehouse.query(running) == [(1,)]  # it does go on by itself
    while warehouse.query(running) != [(0,)] and time.monotonic() - killed < 10:
        time.sleep(0.1)
    assert warehouse.query(running) == [(0,)]


@pytest.mark.fault("R1", "R3")
# Those before the first dbt cost little to reach again.
@pytest.mark.parametrize(
    ("early", "late"), [(["after:extract", *CHANCE.sample(DOOR, len(DOOR))], CHANCE.choice(LATER))]
)
def test_killed_eight_times_the_marts_are_the_same(night, undisturbed, early, late) -> None:
    _kill_while_files_are_converted(night)
    for point in early:
        _kill_at(night, point)
    assert night.marts() == dict.fromkeys(undisturbed.marts, (0, 0))  # nothing half done is shown to anybody
    assert _kill_dbt(night, "stage") < 10  # the same command: its dead run is its own
    _kill_at(night, late, code=TAKE_OVER, owner="second")
    assert night.run("third", TAKE_OVER) == 0, night.last_words()  # another command takes a dead run over
    _must_equal(night, undisturbed)


@pytest.mark.fault("R1")
@pytest.mark.soak
@pytest.mark.parametrize("same_owner", [True, False], ids=["same command", "taken over"])
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(night, undisturbed, point, same_owner) -> None:
    _kill_at(night, point)
    assert night.run(*(("night", NIGHT) if same_owner else ("second", TAKE_OVER))) == 0, night.last_words()
    _must_equal(night, undisturbed)


@pytest.mark.fault("R1")
@pytest.mark.soak
def test_killed_after_every_single_drop(night, undisturbed, record_property) -> None:
    kills = 0
    while (ended := night.run(YOS_FAULT="after:record")) == -signal.SIGKILL:
        kills += 1
        assert kills < 100
    assert ended == 0, night.last_words()
    record_property("kills", kills)
    assert kills > 5
    _must_equal(night, undisturbed)


@pytest.mark.fault("R3")
@pytest.mark.soak
@pytest.mark.parametrize("step", DBT_STEPS)
def test_killed_dbt(night, undisturbed, step, record_property) -> None:
    gone = _kill_dbt(night, step)
    record_property("sessions gone after (s)", round(gone, 1))
    assert gone < 10
    assert night.run() == 0, night.last_words()
    _must_equal(night, undisturbed)


@pytest.mark.fault("R1")
@pytest.mark.soak
@pytest.mark.parametrize("number", range(25))
def test_killed_at_random_moments(night, undisturbed, number, record_property) -> None:
    """Two kills of the whole night at any moment, half of the time with all it started, then once to the end."""
    chance = random.Random(number)
    moments = []
    for _ in range(2):
        moment = chance.uniform(1, undisturbed.seconds)
        moments.append(f"{moment:.1f}")
        process = night.start(*(("night", NIGHT) if chance.random() < 0.5 else ("other", TAKE_OVER)))
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
    record_property("killed after (s)", " and ".join(moments))
    assert night.run("last", TAKE_OVER) == 0, night.last_words()
    _must_equal(night, undisturbed)


@pytest.mark.fault("R4")
@pytest.mark.soak
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_the_server_is_restarted_while_dbt_builds(night, undisturbed, mode, record_property) -> None:
    from yos_warehouse.server import embedded

    assert night.run() == 0, night.last_words()
    watcher = night.warehouse.connect(autocommit=True)
    process = night.start("second")
    try:
        while not _dbt_of(process.pid, DBT_STEPS["build"]) or not _is_working(watcher):
            assert process.poll() is None, night.last_words()
            time.sleep(0.02)
        watcher.close()
        began = time.monotonic()
        embedded.stop_server(mode)
        embedded.ensure_server({"fsync": "off", "shared_buffers": "256MB", "max_wal_size": "1GB"})
        assert night.marts() == undisturbed.marts  # those of before, as soon as it is back
        record_property("marts back after (s)", round(time.monotonic() - began, 1))
        assert process.wait(120) != 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert night.run("third", TAKE_OVER) == 0, night.last_words()
    assert night.marts() == undisturbed.marts
