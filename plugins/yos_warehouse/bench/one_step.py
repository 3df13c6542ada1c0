"""One step of a night in a process of its own, which tells at its end how much memory it took.

python -m yos_warehouse.bench.one_step load 12 police
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path


def peak_kilobytes() -> dict[str, int]:
    """``own``: this process's largest resident size; ``child``: that of its largest child that has ended.

    Own memory is VmHWM and not ru_maxrss, which a process inherits from the one that started it.
    """
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return {"own": own, "child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}


def main(step: str, run_id: str, *arguments: str) -> None:
    """Run the step and print its counts and peaks as one line of JSON, the last one."""
    import airflow.sdk  # noqa: F401 - every task carries it, so it counts

    from yos_warehouse.orchestration import steps

    counts = getattr(steps, step)(int(run_id), *arguments)
    print(json.dumps({"counts": counts, **peak_kilobytes()}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
