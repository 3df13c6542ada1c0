"""How fast the door is, in units of a bare COPY of the same file (budgets: design.md 5).

Ratios within one run on one machine, never seconds against a clock on the wall. What is imported is
imported before; Great Expectations' judgement counts.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

from psycopg2.extensions import connection as Connection

from yos_warehouse.door.great_expectations_gate import warm_up
from yos_warehouse.door.landing import land_entity
from yos_warehouse.door.load import load_feed
from yos_warehouse.fictional.police_bulk import write_police_rows
from yos_warehouse.server.connect import connect
from yos_warehouse.server.migrate import migrate
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.convert import EntityFile
from yos_warehouse.sources.pack import pack

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Measure:
    """One line of the benchmark.

    Attributes:
        value: in ``unit``.
        budget: the least (for ratios of speed) that is promised.
        ok: whether the promise is kept.
    """

    name: str
    value: float
    unit: str
    budget: float
    ok: bool


def measure_door(work: Path, rows: int = 500_000, database: str = "bench_door") -> list[Measure]:
    """Landing alone, first load, a load with one per cent changed, and a drop seen before.

    Args:
        work: an empty directory for files and drops.
        rows: of the arrests file.
        database: made anew and dropped afterwards.

    Returns:
        Measures in units of the speed of a bare COPY into an unlogged table of text columns.
    """
    first = write_police_rows(work / "arrests_first.csv", rows)
    second = write_police_rows(work / "arrests_second.csv", rows, changed_every=100)
    drops = work / "drops"
    _administer(f"drop database if exists {database} with (force)")
    migrate(database)
    given = os.environ.get("YOS_DATABASE")
    os.environ["YOS_DATABASE"] = database
    try:
        warm_up()
        with connect("loader", database=database) as connection:
            bare = min(_bare_copy(connection, first) for _ in range(3))
            landing = min(_landing(connection, first) for _ in range(3))
            run_id = _run(connection)
            _pack(first, date(2026, 3, 30), drops)
            load = _timed(lambda: load_feed(run_id, "police", drops, connection))
            _pack(second, date(2026, 3, 31), drops)
            changed = _timed(lambda: load_feed(run_id, "police", drops, connection))
            seen = _timed(lambda: load_feed(run_id, "police", drops, connection))
        connection.close()
    finally:
        _administer(f"drop database if exists {database} with (force)")
        os.environ.pop("YOS_DATABASE", None)
        if given is not None:
            os.environ["YOS_DATABASE"] = given
    print(f"# bare COPY {bare:.2f} s, landing {landing:.2f}, first {load:.2f}, 1 % changed {changed:.2f}, seen {seen:.3f}")
    return [
        _ratio("door: landing", bare / landing, 0.7),
        _ratio("door: first load", bare / load, 0.12),
        _ratio("door: 1 % changed", bare / changed, 0.15),
        _ratio("door: seen before", bare / seen, 5.0),
    ]


def _ratio(name: str, value: float, budget: float) -> Measure:
    return Measure(name, round(value, 3), "of bare COPY", budget, value >= budget)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _bare_copy(connection: Connection, path: Path) -> float:
    with path.open("rb") as file:
        columns = ", ".join(f"c{number} text" for number in range(file.readline().count(b",") + 1))
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(f"create unlogged table landing.bench_bare ({columns})")
        spent = _timed(
            lambda: cursor.copy_expert(
                "copy landing.bench_bare from stdin (format csv, header)", file, 1 << 20  # type: ignore[arg-type]
            )
        )
    connection.rollback()
    return spent


def _landing(connection: Connection, path: Path) -> float:
    file = EntityFile("arrest", path, path.name, False, None)
    contract = contracts()["police"]
    spent = _timed(lambda: land_entity(connection, contract, "arrest", [file], {}))
    connection.rollback()
    return spent


def _run(connection: Connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.run (kind, owner, state) values ('ingest', 'bench', 'running') returning run_id"
        )
        run_id = cursor.fetchone()[0]  # type: ignore[index]
    connection.commit()
    return int(run_id)


def _pack(path: Path, day: date, drops: Path) -> None:
    pack(
        "police",
        [path],
        day,
        datetime.combine(day, clock_time(20), LONDON),
        fictional=True,
        out=drops,
        settle_seconds=0,
    )


def _administer(statement: str) -> None:
    admin = connect("admin", database="postgres", autocommit=True)
    try:
        with admin.cursor() as cursor:
            cursor.execute(statement)
    finally:
        admin.close()


def main() -> None:
    """Run by hand: ``python -m yos_warehouse.bench.door [ROWS]``."""
    import sys
    import tempfile

    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    with tempfile.TemporaryDirectory() as work:
        for measure in measure_door(Path(work), rows):
            print(f"{measure.name:22} {measure.value:8.3f}  budget {measure.budget}  {'ok' if measure.ok else 'MISSED'}")


if __name__ == "__main__":
    main()
