"""How fast the door is, in units of a bare COPY of the same file (budgets: design.md 5).

Ratios within one run on one machine, never seconds by the clock on the wall. What is imported is imported
before; Great Expectations' judgement counts.
"""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from psycopg2.extensions import connection as Connection

from yos_warehouse.bench.measure import Measure, at_least, note, seconds_of
from yos_warehouse.bench.place import administer, environment, own_database, settle
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
DATABASE = "bench_door"
UNIT = "of the speed of bare COPY"
BUDGETS = {"landing": 0.7, "first load": 0.12, "1 % changed": 0.15, "seen before": 5.0}
ROUNDS = 2  # the better counts, on both sides: other machines on the host come and go


def measure_door(work: Path, rows: int = 500_000) -> list[Measure]:
    """Landing alone, first load, a load with one per cent changed, and a drop seen before.

    Args:
        work: an empty directory for files and drops.
        rows: of the arrests file.
    """
    first = write_police_rows(work / "arrests_first.csv", rows)
    second = write_police_rows(work / "arrests_second.csv", rows, changed_every=100)
    warm_up()
    rounds = [_round(work / f"drops_{number}", first, second) for number in range(ROUNDS)]
    best = {name: min(one[name] for one in rounds) for name in rounds[0]}
    note(f"{rows:,} rows, seconds: " + ", ".join(f"{name} {seconds:.3f}" for name, seconds in best.items()))
    return [
        at_least(f"door: {name}", best["bare COPY"] / best[name], UNIT, budget)
        for name, budget in BUDGETS.items()
    ]


def _round(drops: Path, first: Path, second: Path) -> dict[str, float]:
    """Everything once, in a warehouse of its own; seconds."""
    with own_database(DATABASE), environment(YOS_DATABASE=DATABASE):
        migrate(DATABASE)
        connection = connect("loader", database=DATABASE)
        try:
            run_id = _run(connection)
            bare, landing = _side_by_side(connection, first)
            spent = {"bare COPY": bare, "landing": landing}
            _pack(first, date(2026, 3, 30), drops)
            settle()
            spent["first load"] = seconds_of(lambda: load_feed(run_id, "police", drops, connection))
            _pack(second, date(2026, 3, 31), drops)
            # as autovacuum leaves it by the next day
            administer("vacuum (analyze) raw.police__arrest", DATABASE)
            settle()
            spent["1 % changed"] = seconds_of(lambda: load_feed(run_id, "police", drops, connection))
            spent["seen before"] = seconds_of(lambda: load_feed(run_id, "police", drops, connection))
            return spent
        finally:
            connection.close()


def _side_by_side(connection: Connection, path: Path) -> tuple[float, float]:
    """Bare COPY and landing in turns, so that both meet the same machine; the best of three each."""
    pairs = [(_bare_copy(connection, path), _landing(connection, path)) for _ in range(3)]
    return min(bare for bare, _ in pairs), min(landing for _, landing in pairs)


def _bare_copy(connection: Connection, path: Path) -> float:
    with path.open("rb") as file:
        columns = ", ".join(f"c{number} text" for number in range(file.readline().count(b",") + 1))
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(f"create unlogged table landing.bench_bare ({columns})")
        statement = "copy landing.bench_bare from stdin (format csv, header)"
        spent = seconds_of(lambda: cursor.copy_expert(statement, file, 1 << 20))  # type: ignore[arg-type]
    connection.rollback()
    return spent


def _landing(connection: Connection, path: Path) -> float:
    file = EntityFile("arrest", path, path.name, False, None)
    spent = seconds_of(lambda: land_entity(connection, contracts()["police"], "arrest", [file], {}))
    connection.rollback()
    return spent


def _run(connection: Connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ops.run (kind, owner, state) values ('ingest', 'bench', 'running') returning run_id"
        )
        (run_id,) = cursor.fetchone()  # type: ignore[misc]
    connection.commit()
    return int(run_id)


def _pack(path: Path, day: date, drops: Path) -> None:
    received = datetime.combine(day, time(20), LONDON)
    pack("police", [path], day, received, fictional=True, out=drops, settle_seconds=0)
