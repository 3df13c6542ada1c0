"""dbt without its start: a process that has imported it once and forks one dbt for each call, which saves four seconds each.

What a dbt gets is what it would get from a shell: arguments, environment, folder, umask, outputs. It ends with its caller.
Nights in processes of their own, and tests of how dbt ends and warns, start it as it is.
"""

from __future__ import annotations

import array
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_BYTES = 150_000


@contextmanager
def warm_dbt(place: str) -> Iterator[Callable[[], list[str]]]:
    """How to start a warm dbt, as ``yos_warehouse.build.dbt.program`` says it; the process is there from the first time on.

    Args:
        place: path of a socket to make.
    """
    import subprocess

    started: list[subprocess.Popen[bytes]] = []

    def program() -> list[str]:
        if not started:
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
                listener.bind(place)
                listener.listen()
                number = listener.fileno()
                started.append(
                    subprocess.Popen([sys.executable, __file__, "serve", str(number)], pass_fds=[number])
                )
        return [sys.executable, "-IS", __file__, place]

    try:
        yield program
    finally:
        for process in started:
            process.kill()
            process.wait()


def call(place: str, arguments: list[str]) -> int:
    """Let one dbt run; its exit code."""
    mask = os.umask(0o077)
    said = json.dumps([arguments, dict(os.environ), str(Path.cwd()), mask]).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.connect(place)
        line.sendmsg([said], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [1, 2]))])
        return int(line.recv(10) or 1)


def serve(listener: socket.socket) -> None:
    """Answer calls, each in a process of its own, until the tests are over."""
    import ctypes
    import gc

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    import dbt.adapters.postgres
    import dbt.cli.main  # noqa: F401

    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        line, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _answer(line)
        line.close()


def _answer(line: socket.socket) -> None:
    said, (passed, *_), *_ = line.recvmsg(MOST_BYTES, socket.CMSG_SPACE(2 * 4))
    outputs = array.array("i", passed[2])
    pid = os.fork()
    if pid == 0:
        line.close()
        _be_dbt(outputs, *json.loads(said))
    for output in outputs:
        os.close(output)
    with os.fdopen(os.pidfd_open(pid), "rb", buffering=0) as dbt:
        ready, _, _ = select.select([dbt, line], [], [])
        if line in ready:  # the caller is gone
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    if line not in ready:
        line.send(str(os.waitstatus_to_exitcode(status) & 0xFF).encode())
    os._exit(0)


def _be_dbt(
    outputs: array.array[int], arguments: list[str], environment: dict[str, str], folder: str, mask: int
) -> None:
    from dbt.cli.main import cli

    for number, output in enumerate(outputs, 1):
        os.dup2(output, number)
        os.close(output)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.umask(mask)
    sys.argv = ["dbt", *arguments]
    code: object = 1
    try:
        code = cli()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1 if code else 0)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(socket.socket(fileno=int(sys.argv[2])))
    sys.exit(call(sys.argv[1], sys.argv[2:]))
