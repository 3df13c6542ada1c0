"""Child processes: started with a log of their own, ended together with everything they started."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yos_warehouse.errors import YosError
from yos_warehouse.settings import var_dir

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


@dataclass
class Child:
    """One running component.

    Attributes:
        pid: also its session id: it and all it starts are one session.
        started: start time in clock ticks since boot, with the pid an identity that is never reused.
    """

    name: str
    pid: int
    started: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process itself runs (not what it started)."""
        if self.process is not None and self.process.poll() is not None:
            return False
        return _start_time(self.pid) == self.started


def start(
    name: str, command: Sequence[str], environment: Mapping[str, str], log: Path, *, background: bool
) -> Child:
    """Start a component in a session of its own.

    Args:
        background: keep running after this process ends. Otherwise the kernel ends it with us.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" and not background else None

    def die_with_parent() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            preexec_fn=die_with_parent,
        )
    child = Child(name, process.pid, _start_time(process.pid) or 0, log, process)
    _remember(child)
    return child


def stop(children: Sequence[Child], grace_seconds: float = 3) -> None:
    """End children and everything they started: ask first, then kill; returns when nothing is left.

    A number that belongs to a stranger by now is left alone.
    """
    # Found out now: who bears witness may end when asked.
    ours = [child for child in children if _members(child)]
    for child in children:
        if child.is_alive:
            os.kill(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while any(child.is_alive for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in children:
        if child in ours and _start_time(child.pid) in (None, child.started):
            deadline = time.monotonic() + 10
            while (members := _session(child.pid)) and time.monotonic() < deadline:
                for member in members:
                    _kill(member)
                time.sleep(0.02)
        if child.process is not None:
            child.process.wait()
        _pid_file(child.name).unlink(missing_ok=True)


def remembered() -> list[Child]:
    """Components whose pid files say that they still run: of ``up``, or left by a run that was killed."""
    children = []
    for path in sorted((var_dir() / "run").glob("*.pid")):
        try:
            facts = json.loads(path.read_text("ascii"))
            child = Child(path.stem, facts["pid"], facts["started"], Path(facts["log"]))
        except (OSError, ValueError, KeyError):
            continue
        if _members(child):
            children.append(child)
        else:
            path.unlink(missing_ok=True)
    return children


def wait_until(ready: Callable[[], bool], children: Sequence[Child], what: str, seconds: float = 120) -> None:
    """Wait for something that the children bring about.

    Raises:
        YosError: COMPONENT_STOPPED when one of them ends meanwhile, NOT_READY after the time; names the log.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        check(children)
        if time.monotonic() > deadline:
            logs = ", ".join(str(child.log) for child in children)
            raise YosError("NOT_READY", f"{what} was not ready after {seconds:.0f} seconds", f"see {logs}")
        time.sleep(0.2)


def check(children: Sequence[Child]) -> None:
    """Raise YosError COMPONENT_STOPPED if a component has ended."""
    for child in children:
        if not child.is_alive:
            raise YosError(
                "COMPONENT_STOPPED",
                f"the {child.name} stopped by itself",
                f"see the end of {child.log}, then run the same command again",
            )


def free_port(preferred: int) -> int:
    """The preferred port of 127.0.0.1 if it is free, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise YosError("PORT_IN_USE", "no free port was found", "close a program that listens on many ports")


def _remember(child: Child) -> None:
    path = _pid_file(child.name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps({"pid": child.pid, "started": child.started, "log": str(child.log)}))


def _pid_file(name: str) -> Path:
    return var_dir() / "run" / f"{name}.pid"


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return None
    # The name in brackets may hold spaces; fields are counted after it (proc(5)).
    return text[text.rindex(")") + 2 :].split()


def _start_time(pid: int) -> int | None:
    fields = _stat(pid)
    return None if fields is None or fields[0] == "Z" else int(fields[19])


def _session(session: int) -> list[int]:
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields and fields[0] != "Z" and int(fields[3]) == session:
                members.append(int(entry.name))
    return members


def _members(child: Child) -> list[int]:
    """Everybody in the child's session; nobody if its number was given to a stranger.

    The kernel gives a number away only when nobody is left in its session, so one witness speaks for all: the
    child itself, by its start time, or somebody who still writes to its log.
    """
    members = _session(child.pid)
    leader = _stat(child.pid)
    if leader is not None:
        is_ours = int(leader[19]) == child.started
    else:
        is_ours = any(_has_open(member, child.log) for member in members)
    return members if is_ours else []


def _has_open(pid: int, path: Path) -> bool:
    with suppress(OSError):  # it ended, or is another user's
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                if handle.samefile(path):
                    return True
    return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
