"""The command line beside its commands."""

from __future__ import annotations

import subprocess
import sys

SAY_MUCH = """
from yos_warehouse import cli
cli._status = lambda args: print("a line\\n" * 100_000) or 0
raise SystemExit(cli.main(["status"]))
"""


def test_a_reader_who_has_seen_enough_gets_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SAY_MUCH], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == "a line\n"
    process.stdout.close()
    assert process.wait(30) == 141
    assert process.stderr.read() == ""
