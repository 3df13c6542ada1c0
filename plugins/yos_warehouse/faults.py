"""Points at which a test may kill the process, to prove that a plain re-run recovers.

Without the environment variable ``YOS_FAULT`` every point is a no-op.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path


def point(name: str) -> None:
    """Die here with SIGKILL when ``YOS_FAULT`` names this point; once, if ``YOS_FAULT_ONCE`` is a path.

    Args:
        name: where the code is, e.g. ``after:land``. The file at ``YOS_FAULT_ONCE`` marks it spent.
    """
    if os.environ.get("YOS_FAULT") != name:
        return
    once = os.environ.get("YOS_FAULT_ONCE")
    if once:
        try:
            Path(once).touch(exist_ok=False)
        except FileExistsError:
            return
    os.kill(os.getpid(), signal.SIGKILL)
