"""How fast the door is, in units of a bare COPY of the same file (budgets: design.md 5).

Ratios within one run on one machine, never seconds by the clock on the wall. What is imported is imported
before; Great Expectations' judgement counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from psycopg2.extensions import connection as Connection

from yos_warehouse.bench.measure import Measure, at_least, note, seconds_of
from yos_warehouse.bench.place import administer, environment, own_database, settle
from yos_warehouse.door.great_expectations_gate import warm_up
from yos_warehouse.door.landing import land_entity
from yos_warehouse.door.load import load_feed
from yos_warehouse.fictional.attendance_bulk import write_attendance_rows
from yos_warehouse.fictional.ledger_bulk import write_ledger_rows
from yos_warehouse.fictional.police_bulk import write_police_rows
from yos_warehouse.server.connect import connect
from yos_warehouse.server.migrate import migrate
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.convert import EntityFile
from yos_warehouse.sources.pack import pack

LONDON = ZoneInfo("Europe/London")
DATABASE = "bench_door"
UNIT = "of the speed of bare COPY"


@dataclass(frozen=True)
class Bulk:
    """A large file that the door is measured with.

    Attributes:
        name: how its measures begin.
        stem: how its files' names begin, as the contract wants it.
        write: writes the file with so many rows, every n-th changed.
        rows_each: its rows for one of the benchmark's.
        budgets: what is measured, and its budget.
    """

    name: str
    stem: str
    feed: str
    entity: str
    write: Callable[[Path, int, int], Path]
    rows_each: int
    budgets: dict[str, float]


ARRESTS = Bulk(
    "door",
    "arrests",
    "police",
    "arrest",
    lambda out, rows, changed_every: write_police_rows(out, rows, changed_every=changed_every),
    1,
    {"landing": 0.7, "first load": 0.12, "1 % changed": 0.15, "seen before": 5.0},
)
# A mark's row is a tenth as wide as an arrest's: COPY takes it in a fifth of the time, while its record id, hash and
# version cost the door what those of an arrest cost. The budgets are the door's all the same.
MARKS = Bulk(
    "door: attendance",
    "attendance",
    "education",
    "attendance_mark",
    lambda out, rows, changed_every: write_attendance_rows(out, rows, changed_every=changed_every),
    2,
    {"landing": 0.7, "first load": 0.12, "1 % changed": 0.15},
)
# Thirteen columns, amounts in brackets among them.
POSTINGS = Bulk(
    "door: ledger",
    "ledger",
    "finance",
    "ledger_posting",
    lambda out, rows, changed_every: write_ledger_rows(out, rows, changed_every=changed_every),
    2,
    {"landing": 0.7, "first load": 0.12, "1 % changed": 0.15},
)
ROUNDS = 2  # the better counts, on both sides: other machines on the host come and go


def measure_door(work: Path, rows: int = 500_000) -> list[Measure]:
    """Arrests, whose rows are wide; twice as many attendance marks, whose rows are narrow, and postings of a ledger.

    Args:
        work: an empty directory for files and drops.
        rows: of the arrests file.
    """
    warm_up()
    return [one for bulk in (ARRESTS, MARKS, POSTINGS) for one in measure_bulk(bulk, work, rows)]


def measure_bulk(bulk: Bulk, work: Path, rows: int) -> list[Measure]:
    """Landing alone, first load, a load with one per cent changed, and a drop seen before."""
    rows *= bulk.rows_each
    first = bulk.write(work / f"{bulk.stem}_first.csv", rows, 0)
    second = bulk.write(work / f"{bulk.stem}_second.csv", rows, 100)
    rounds = [_round(bulk, work / f"{bulk.stem}_drops_{number}", first, second) for number in range(ROUNDS)]
    best = {name: min(one[name] for one in rounds) for name in rounds[0]}
    seconds = ", ".join(f"{name} {spent:.3f}" for name, spent in best.items())
    note(f"{rows:,} rows of {bulk.entity}, seconds: {seconds}")
    return [
        at_least(f"{bulk.name}: {name}", best["bare COPY"] / best[name], UNIT, budget)
        for name, budget in bulk.budgets.items()
    ]


def _round(bulk: Bulk, drops: Path, first: Path, second: Path) -> dict[str, float]:
    """Everything once, in a warehouse of its own; seconds."""
    with own_database(DATABASE), environment(YOS_DATABASE=DATABASE):
        migrate(DATABASE)
        connection = connect("loader", database=DATABASE)
        try:
            run_id = _run(connection)
            bare, landing = _side_by_side(connection, bulk, first)
            spent = {"bare COPY": bare, "landing": landing}
            _pack(bulk, first, date(2026, 3, 30), drops)
            settle()
            spent["first load"] = seconds_of(lambda: load_feed(run_id, bulk.feed, drops, connection))
            _pack(bulk, second, date(2026, 3, 31), drops)
            # as autovacuum leaves it by the next day
            administer(f"vacuum (analyze) raw.{bulk.feed}__{bulk.entity}", DATABASE)
            settle()
            spent["1 % changed"] = seconds_of(lambda: load_feed(run_id, bulk.feed, drops, connection))
            spent["seen before"] = seconds_of(lambda: load_feed(run_id, bulk.feed, drops, connection))
            return spent
        finally:
            connection.close()


def _side_by_side(connection: Connection, bulk: Bulk, path: Path) -> tuple[float, float]:
    """Bare COPY and landing in turns, so that both meet the same machine; the best of three each."""
    pairs = [(_bare_copy(connection, path), _landing(connection, bulk, path)) for _ in range(3)]
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


def _landing(connection: Connection, bulk: Bulk, path: Path) -> float:
    file = EntityFile(bulk.entity, path, path.name, False, path.name)
    contract = contracts()[bulk.feed]
    spent = seconds_of(lambda: land_entity(connection, contract, bulk.entity, [file], {}))
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


def _pack(bulk: Bulk, path: Path, day: date, drops: Path) -> None:
    received = datetime.combine(day, time(20), LONDON)
    pack(bulk.feed, [path], day, received, fictional=True, out=drops, settle_seconds=0)
