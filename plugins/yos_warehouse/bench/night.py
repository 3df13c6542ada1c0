"""The night under Airflow against the same steps bare, in a var directory of its own beside the benchmark's.

Own, because preparing an Airflow stops whatever an earlier one left in its directory, and that may be
somebody's ``make up``.

What is compared is the time from trigger to end of the DAG run with the time of the same steps in one
process (dbt is a process of its own in both). What our steps import is not in it: bare it is imported before,
and under Airflow the scheduler has it when it forks its workers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from yos_warehouse.bench.measure import Measure, at_most, note
from yos_warehouse.bench.place import bench_dir, environment
from yos_warehouse.errors import YosError

# open_run, extract, load case_system, stage, identify, build, publish, tell, close
LONGEST_PATH = 9
LONG_NIGHT_SECONDS = 180


def measure_night() -> list[Measure]:
    """One first night of the small fictional service, bare (the better of two) and under a real Airflow."""
    home = bench_dir() / "night"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o711)
    others = [name for name in os.environ if name.startswith("YOS_") and name != "YOS_PROJECT_DIR"]
    try:
        with environment(**{**dict.fromkeys(others), "YOS_VAR_DIR": str(home)}):
            done = subprocess.run(
                [sys.executable, "-m", "yos_warehouse.bench.night"], stdout=subprocess.PIPE, text=True
            )
    finally:
        shutil.rmtree(home, ignore_errors=True)
    try:
        said = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, LookupError):
        raise YosError(
            "BENCH", "the night of the benchmark did not end well", "see what it printed"
        ) from None
    return _judge(said)


def _judge(said: dict) -> list[Measure]:
    bare, airflow = said["bare"], said["airflow"]
    note(f"bare {bare:.1f} s, under Airflow {airflow:.1f} s from trigger to end")
    note("tasks: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in said["tasks"].items()))
    if bare >= LONG_NIGHT_SECONDS:
        return [at_most("night: under Airflow", airflow / bare, "times the bare night", 1.3)]
    unit = f"s more than bare for each of {LONGEST_PATH} tasks on the longest path"
    return [at_most("night: under Airflow", (airflow - bare) / LONGEST_PATH, unit, 2.0)]


def _run_here() -> dict[str, object]:
    """Both nights; only within a directory made for it (see :func:`measure_night`)."""
    from yos_warehouse.orchestration import airflow_runtime, fictional_source
    from yos_warehouse.server.embedded import stop_server
    from yos_warehouse.server.migrate import migrate
    from yos_warehouse.settings import drops_dir

    try:
        source = fictional_source.provide("small")
        delivered = drops_dir()
        bare = min(_bare(f"bench_bare_{number}", source, delivered) for number in (1, 2))
        _choose("bench_night", source, delivered)
        migrate()
        prepared = airflow_runtime.Prepared(schedule=False)
        prepared.environment.update(
            {name: value for name, value in os.environ.items() if name.startswith("YOS_")}
        )
        tasks: dict[str, float] = {}
        with airflow_runtime.running(prepared) as airflow:
            result = airflow.run_dag(
                "nightly", {}, lambda task: tasks.update({task.task_id: task.seconds or 0.0})
            )
        if result.state != "success":
            raise YosError("BENCH", f"the night failed in {', '.join(t.task_id for t in result.failed)}")
        return {"bare": bare, "airflow": result.seconds, "tasks": tasks}
    finally:
        stop_server()


def _choose(database: str, source: dict[str, str], delivered: Path) -> None:
    """Point this process and what it starts to a warehouse and a copy of the drops of its own."""
    drops = delivered.parent / f"drops_{database}"
    shutil.copytree(delivered, drops)
    os.environ.update(source, YOS_DATABASE=database, YOS_DROPS_DIR=str(drops))


def _bare(database: str, source: dict[str, str], delivered: Path) -> float:
    from yos_warehouse.orchestration.bare import run_bare
    from yos_warehouse.orchestration.scheduler import preload
    from yos_warehouse.server.migrate import migrate

    _choose(database, source, delivered)
    migrate()
    preload()
    began = time.perf_counter()
    run_bare("bench")
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(_run_here()), flush=True)
