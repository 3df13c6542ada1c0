"""The finance star at millions of postings: each step's memory, the mart against SQL by hand, its publication.

A file of FICTIONAL postings goes through the whole night; then one per cent of it is sent again with other amounts. The sums of
what is published are held against those of the file, or nothing is measured.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from yos_warehouse.bench.measure import Measure, at_most, note, seconds_of
from yos_warehouse.bench.memory import GIB, peak_of
from yos_warehouse.bench.place import administer, own_warehouse, settle
from yos_warehouse.build import dbt
from yos_warehouse.errors import YosError
from yos_warehouse.fictional.ledger_bulk import ledger_amount, write_ledger_rows
from yos_warehouse.orchestration import steps
from yos_warehouse.server.connect import one_row, transaction
from yos_warehouse.sources.pack import pack

LONDON = ZoneInfo("Europe/London")
DAY = date(2026, 3, 31)
CHANGED_EVERY = 100
BY_HAND = Path(__file__).with_name("ledger_by_hand.sql")
FACT, MODELS = "fct_ledger_posting", ("int_finance__ledger_posting", "fct_ledger_posting")
COPY_UNIT = "times a bare CREATE TABLE AS"


def measure_ledger(rows: int) -> list[Measure]:
    """A first night of ``rows`` postings and one with one per cent changed.

    Raises:
        YosError: NOT_THE_SAME when the mart is not what was sent, or not what the hand-written SQL gives.
    """
    with own_warehouse("ledger") as drops:
        _send(rows, drops, DAY, 0)
        peaks, ratio_first = _night(rows)
        _must_add_up(rows, 0)
        ratio_build = _against_hand()
        _send(rows, drops, DAY + timedelta(days=1), CHANGED_EVERY)
        administer("vacuum (analyze) raw.finance__ledger_posting", "bench_ledger")
        peaks_changed, ratio_changed = _night(rows)
        _must_add_up(rows, CHANGED_EVERY)
    most = max([*peaks.values(), *peaks_changed.values()])
    return [
        at_most("ledger: mart of postings", ratio_build, "times the best hand-written SQL", 1.5),
        at_most("ledger: publication, first load", ratio_first, COPY_UNIT, 6),
        at_most("ledger: publication, 1 % changed", ratio_changed, COPY_UNIT, 4),
        at_most("ledger: memory of any step", most / GIB, f"GiB with {rows:,} postings", 1.0),
    ]


def _send(rows: int, drops: Path, day: date, changed_every: int) -> None:
    path = write_ledger_rows(drops.parent / f"ledger_{day}.csv", rows, changed_every=changed_every)
    received = datetime.combine(day, time(20), LONDON)
    pack("finance", [path], day, received, fictional=True, out=drops, settle_seconds=0)
    path.unlink()


def _night(rows: int) -> tuple[dict[str, int], float]:
    """Kilobytes of each step, and publication in units of a copy of all that was built."""
    run_id = steps.open_run("nightly", "bench ledger")
    assert run_id is not None
    peaks: dict[str, int] = {}

    def take(step: str, *arguments: str) -> float:
        def work() -> None:
            peaks[step] = peak_of(step, run_id, *arguments)

        settle()
        return seconds_of(work)

    spent = {"load": take("load", "finance")}
    spent |= {step: take(step) for step in ("stage", "identify", "build")}
    bare = min(seconds_of(_copy_bare) for _ in range(2))
    settle()
    with redirect_stdout(io.StringIO()):
        spent["publish"] = seconds_of(lambda: steps.publish(run_id))
    steps.close_run(run_id, "succeeded")
    words = ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.items())
    note(f"{rows:,} postings, seconds: {words}, bare copy of all tables {bare:.2f}")
    return peaks, spent["publish"] / bare


def _copy_bare() -> None:
    """What publication is measured against: every table that it publishes, by CREATE TABLE AS, then dropped again."""
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute("set client_min_messages = warning")
        cursor.execute("drop schema if exists bench_bare cascade")
        cursor.execute("create schema bench_bare")
        cursor.execute("select tablename from pg_tables where schemaname = 'build'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'create table bench_bare."{name}" as select * from build."{name}"')
        cursor.execute("drop schema bench_bare cascade")


def _against_hand() -> float:
    """The models from staging to the mart, each a table, against one statement; both must give the same rows."""
    settle()
    with redirect_stdout(io.StringIO()):
        nodes = dbt.run_dbt(None, "ledger", ["run", "--select", *MODELS], DAY)
    if any(node.status != "success" for node in nodes):
        raise YosError("DBT_FAILED", "the models of postings do not run over the benchmark's tables")
    by_models = sum(node.seconds for node in nodes)
    settle()
    by_hand = seconds_of(_by_hand)
    note(
        f"by hand {by_hand:.1f} s, by dbt "
        + ", ".join(f"{node.node.split('__')[-1]} {node.seconds:.1f}" for node in nodes)
    )
    with transaction("transformer") as connection, connection.cursor() as cursor:
        prints = []
        for table in (f"build.{FACT}", f"bench_by_hand.{FACT}"):
            cursor.execute(
                f"select count(*), sum(hashtextextended(to_jsonb(r)::text, 0)::numeric) from {table} as r"
            )
            prints.append(one_row(cursor))
        cursor.execute("drop schema bench_by_hand cascade")
    if prints[0] != prints[1]:
        raise YosError("NOT_THE_SAME", "the models and the hand-written SQL do not give the same postings")
    return by_models / by_hand


def _by_hand() -> None:
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute("create schema bench_by_hand")
        statement = BY_HAND.read_text("utf-8")
        cursor.execute(f"create table bench_by_hand.{FACT} as {statement}")
        cursor.execute(f"analyze bench_by_hand.{FACT}")


def _must_add_up(rows: int, changed_every: int) -> None:
    """To the penny, and no posting lost."""
    sent = sum(
        (ledger_amount(n, is_changed=bool(changed_every and n % changed_every == 0)) for n in range(rows)),
        Decimal(0),
    )
    with transaction("admin") as connection, connection.cursor() as cursor:
        cursor.execute(f"select count(*), sum(amount_gbp) from marts.{FACT}")
        if one_row(cursor) != (rows, sent):
            raise YosError("NOT_THE_SAME", "the published postings do not add up to those that were sent")
