"""``make bench``: measure the budgets of design.md 5, print a table, write ``var/bench/latest.json``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yos_warehouse.bench.measure import Measure, note, table, write_results
from yos_warehouse.bench.place import bench_dir


@dataclass(frozen=True)
class Size:
    """How much a benchmark measures on."""

    door_rows: int
    fact_rows: int
    nights: int
    children: int
    years: int
    days: int
    memory_rows: int
    services: int
    postings: int
    matched: int  # children whose records are matched beside Splink
    people: int  # to whom a day's records are added


SIZES = {
    "small": Size(100_000, 200_000, 3, 200, 3, 1, 50_000, 10, 200_000, 2_000, 10_000),
    "full": Size(500_000, 2_000_000, 3, 2_000, 10, 3, 500_000, 157, 5_000_000, 20_000, 200_000),
}


def _door(size: Size) -> list[Measure]:
    from yos_warehouse.bench.door import measure_door

    with tempfile.TemporaryDirectory(dir=bench_dir()) as work:
        found = measure_door(Path(work), size.door_rows)
    return [Measure(one.name, one.value, one.unit, one.budget, one.ok) for one in found]


def _publication(size: Size) -> list[Measure]:
    from yos_warehouse.bench.publication import measure_publication

    return measure_publication(size.fact_rows, size.nights)


def _readers(size: Size) -> list[Measure]:
    from yos_warehouse.bench.readers import measure_readers

    return measure_readers(size.fact_rows, size.nights)


def _history(size: Size) -> list[Measure]:
    from yos_warehouse.bench.history import measure_history

    return measure_history(size.children, size.years, size.days)


def _cohorts(size: Size) -> list[Measure]:
    from yos_warehouse.bench.cohorts import measure_cohorts

    return measure_cohorts(size.services)


def _ledger(size: Size) -> list[Measure]:
    from yos_warehouse.bench.ledger import measure_ledger

    return measure_ledger(size.postings)


def _linkage(size: Size) -> list[Measure]:
    from yos_warehouse.bench.linkage import measure_linkage

    return measure_linkage(size.matched, size.people, write=size == SIZES["full"])


def _memory(size: Size) -> list[Measure]:
    from yos_warehouse.bench.memory import measure_memory

    return measure_memory(size.memory_rows)


def _night(size: Size) -> list[Measure]:
    from yos_warehouse.bench.night import measure_night

    return measure_night()


GROUPS: dict[str, Callable[[Size], list[Measure]]] = {
    "door": _door,
    "publication": _publication,
    "readers": _readers,
    "history": _history,
    "cohorts": _cohorts,
    "ledger": _ledger,
    "linkage": _linkage,
    "memory": _memory,
    "night": _night,
}
# These start an Airflow: in the full size, or when asked for.
ONLY_FULL = ("night",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure.

    Returns:
        0 when every budget is kept, 1 when one is missed or a measure could not be taken.
    """
    parser = argparse.ArgumentParser(prog="python -m yos_warehouse.bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full", help="small: minutes, and rougher")
    parser.add_argument(
        "--only",
        choices=GROUPS,
        action="append",
        metavar="NAME",
        help=f"one of {', '.join(GROUPS)}; repeatable",
    )
    asked = parser.parse_args(arguments)
    names = asked.only or [name for name in GROUPS if asked.size == "full" or name not in ONLY_FULL]
    measures, broken = measure(names, SIZES[asked.size])
    target = bench_dir() / "latest.json"
    write_results(target, measures)
    print(f"\n{table(measures)}\n\n{target}")
    for name in broken:
        print(f"not measured: {name}", file=sys.stderr)
    return 0 if all(one.ok for one in measures) and not broken else 1


def measure(names: Sequence[str], size: Size) -> tuple[list[Measure], list[str]]:
    """Take the groups of measures one after the other, on a server that is stopped again if it was not running.

    Returns:
        What was measured, and the names of the groups that broke.
    """
    from yos_warehouse.server.embedded import ensure_server, is_running, stop_server

    was_running = is_running()
    ensure_server()
    measures: list[Measure] = []
    broken: list[str] = []
    try:
        for name in names:
            began = time.monotonic()
            print(f"# {name}", flush=True)
            try:
                measures += GROUPS[name](size)
            except Exception:  # the other measures are worth having all the same
                traceback.print_exc()
                broken.append(name)
            note(f"{time.monotonic() - began:.0f} s")
    finally:
        if not was_running:
            stop_server()
    return measures, broken


if __name__ == "__main__":
    raise SystemExit(main())
