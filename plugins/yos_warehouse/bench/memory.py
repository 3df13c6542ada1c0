"""The largest resident size of each step of a night that brings a large file, each step a process of its own.

A task is its process and what it starts (dbt); what PostgreSQL takes is the server's. The large file is the
police's arrests; the case system's table of addresses is as large when the step extract reads it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from yos_warehouse.bench.measure import Measure, at_most, note
from yos_warehouse.bench.place import administer, environment, own_database, own_warehouse
from yos_warehouse.errors import YosError
from yos_warehouse.fictional.case_system import create_case_system
from yos_warehouse.fictional.feeds import history_nights, write_drops
from yos_warehouse.fictional.police_bulk import write_police_rows
from yos_warehouse.fictional.world import NIGHT0, make_world
from yos_warehouse.orchestration import steps
from yos_warehouse.server.connect import url
from yos_warehouse.sources.case_system import extract
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.pack import pack

LONDON = ZoneInfo("Europe/London")
SOURCE = "bench_source"
GIB = 1 << 20  # in kilobytes
# Addresses of children the case system does not know; they are extracted and not loaded.
MANY_ADDRESSES = """
insert into casework.address (address_ref, person_ref, from_date, address_line, postcode)
select 'BULK' || n, 'YJ' || n, date '2020-01-01', n || ' Fictional Street', 'ZZ99 9ZZ'
from generate_series(1, {rows}) as s (n)
"""


def measure_memory(rows: int) -> list[Measure]:
    """Run a first night with a file of ``rows`` rows, step by step; one measure per step."""
    world = make_world(1, "small")
    with own_warehouse("memory") as drops, own_database(SOURCE, create=True):
        source = url("admin", database=SOURCE, driver="postgresql+psycopg2")
        create_case_system(source, world, NIGHT0)
        write_drops(world, drops, history_nights(world))
        extract(contracts()["case_system"], source, NIGHT0, _evening(NIGHT0), drops)
        _pack_large(rows, drops)
        peaks = _peaks_of_a_night()
        administer(MANY_ADDRESSES.format(rows=rows), SOURCE)
        elsewhere = str(drops.parent / "extracted")
        with environment(YOS_SOURCE_URL=source, YOS_SOURCE_DATE="2026-04-02", YOS_DROPS_DIR=elsewhere):
            peaks["extract"] = peak_of("extract", _open_run())
    return [
        at_most(f"memory: {name}", kilobytes / GIB, f"GiB with a file of {rows:,} rows", 1.0)
        for name, kilobytes in peaks.items()
    ]


def _peaks_of_a_night() -> dict[str, int]:
    run_id = _open_run()
    peaks = {f"load {feed}": peak_of("load", run_id, feed) for feed in contracts()}
    for name in ("stage", "identify", "build", "publish", "tell"):
        peaks[name] = peak_of(name, run_id)
    steps.close_run(run_id, "succeeded")
    return peaks


def _open_run() -> int:
    run_id = steps.open_run("nightly", "bench memory")
    assert run_id is not None
    return run_id


def peak_of(step: str, run_id: int, *arguments: str) -> int:
    """Kilobytes of the step's process and of the largest process it started, added up."""
    command = [sys.executable, "-m", "yos_warehouse.bench.one_step", step, str(run_id), *arguments]
    done = subprocess.run(
        command, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        said = json.loads(done.stdout.strip().splitlines()[-1])
        peak = int(said["own"]) + int(said["child"])
    except (ValueError, LookupError, TypeError):
        raise YosError(
            "BENCH", f"the step {step} ended with code {done.returncode} and told no peak",
            "run the night and see what stops it",
        ) from None  # fmt: skip
    counts = ", ".join(f"{name} {count:,}" for name, count in said["counts"].items() if count)
    note(
        f"{' '.join([step, *arguments]):<18} {said['own'] / 1024:5.0f} MiB, its child {said['child'] / 1024:4.0f}: {counts}"
    )
    return peak


def _pack_large(rows: int, drops: Path) -> None:
    day = NIGHT0 + timedelta(days=1)
    path = write_police_rows(drops.parent / "arrests_large.csv", rows)
    pack("police", [path], day, _evening(day), fictional=True, out=drops, settle_seconds=0)
    path.unlink()


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(20), LONDON)
