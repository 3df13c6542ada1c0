"""Child processes: nothing is left behind, and a component that died is named with its log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from yos_warehouse.errors import YosError
from yos_warehouse.orchestration import processes

# A component that starts a helper which ignores SIGTERM, as a task in the middle of its work may.
STUBBORN = """
import signal, subprocess, sys, time
helper = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True);"
    " time.sleep(60)"
)
child = subprocess.Popen([sys.executable, "-c", helper], stdout=subprocess.PIPE)
child.stdout.readline()
print("helper", child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YOS_VAR_DIR", str(tmp_path))
    return tmp_path


def exists(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def helper_of(log: Path) -> int:
    """The helper's pid from the component's log."""
    for _ in range(100):
        if log.exists() and log.read_text().startswith("helper"):
            return int(log.read_text().split()[1])
        time.sleep(0.05)
    raise AssertionError("the helper did not start")


def start(var: Path, code: str, *, background: bool = False) -> processes.Child:
    command = [sys.executable, "-c", code]
    return processes.start("scheduler", command, os.environ, var / "scheduler.log", background=background)


def test_stop_ends_what_a_component_started(var: Path) -> None:
    child = start(var, STUBBORN)
    helper = helper_of(child.log)
    assert child.is_alive and exists(helper)
    processes.stop([child], grace_seconds=0.5)
    assert not child.is_alive and not exists(helper)
    assert processes.remembered() == []


def test_logs_are_private(var: Path) -> None:
    child = start(var, "print('x')")
    assert child.process is not None
    child.process.wait()
    assert child.log.stat().st_mode & 0o777 == 0o600


def test_a_component_that_stopped_is_named_with_its_log(var: Path) -> None:
    child = start(var, "raise SystemExit(1)")
    with pytest.raises(YosError, match=r"COMPONENT_STOPPED: the scheduler.*scheduler\.log"):
        processes.wait_until(lambda: False, [child], "Airflow", seconds=10)


def test_waiting_has_an_end(var: Path) -> None:
    child = start(var, "import time; time.sleep(60)")
    with pytest.raises(YosError, match="NOT_READY"):
        processes.wait_until(lambda: False, [child], "Airflow", seconds=0.3)
    processes.stop([child])


@pytest.mark.fault("R2")
def test_components_end_with_a_run_that_is_killed(var: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from yos_warehouse.orchestration import processes\n"
        f"child = processes.start('x', [sys.executable, '-c', 'import time; time.sleep(60)'], os.environ,"
        f" Path({str(var / 'x.log')!r}), background=False)\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        assert exists(pid)
        run.send_signal(signal.SIGKILL)
        run.wait()
    for _ in range(100):
        if not exists(pid):
            break
        time.sleep(0.05)
    assert not exists(pid)


def test_a_later_command_finds_what_runs_in_the_background_and_stops_it(var: Path) -> None:
    child = start(var, STUBBORN, background=True)
    helper = helper_of(child.log)
    (found,) = processes.remembered()
    assert (found.name, found.pid) == ("scheduler", child.pid)
    # As a later command sees it: without the Popen object.
    os.kill(child.pid, signal.SIGKILL)
    assert child.process is not None
    child.process.wait()
    assert exists(helper)
    processes.stop(processes.remembered())
    assert not exists(helper)


def test_a_pid_that_was_given_to_another_process_is_left_alone(var: Path) -> None:
    (var / "run").mkdir()
    (var / "run" / "scheduler.pid").write_text('{"pid": 1, "started": 123456789, "log": "x"}')
    assert processes.remembered() == [] or all(child.pid != 1 for child in processes.remembered())
    processes.stop(processes.remembered())
    assert exists(1)


# A session whose first process has ended and left somebody behind, as a daemon does.
DAEMON = """
import os, time
os.setsid()
if (member := os.fork()):
    print(os.getpid(), member, flush=True)
else:
    os.close(1)
    time.sleep(60)
"""


def test_a_session_of_strangers_under_the_same_number_is_left_alone(var: Path) -> None:
    said = subprocess.run([sys.executable, "-c", DAEMON], stdout=subprocess.PIPE, text=True, check=True)
    number, member = (int(word) for word in said.stdout.split())
    try:
        (var / "scheduler.log").touch()
        (var / "run").mkdir()
        facts = {"pid": number, "started": 1, "log": str(var / "scheduler.log")}
        (var / "run" / "scheduler.pid").write_text(json.dumps(facts))
        assert not exists(number) and exists(member)
        processes.stop([processes.Child("scheduler", number, 1, var / "scheduler.log")], grace_seconds=0)
        assert exists(member)
        (var / "run" / "scheduler.pid").write_text(json.dumps(facts))
        assert processes.remembered() == []
    finally:
        os.kill(member, signal.SIGKILL)
