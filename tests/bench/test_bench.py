"""The benchmark works and tells the truth; how fast anything is, no test says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from yos_warehouse.bench import __main__ as bench
from yos_warehouse.bench import readers
from yos_warehouse.bench.marts import Marts
from yos_warehouse.bench.measure import Measure, at_least, at_most, table, write_results
from yos_warehouse.bench.night import _judge
from yos_warehouse.bench.one_step import peak_kilobytes
from yos_warehouse.bench.place import drop_database, own_warehouse
from yos_warehouse.build.publish import publish
from yos_warehouse.fictional.ledger_bulk import ledger_amount, write_ledger_rows
from yos_warehouse.server.connect import connect, transaction
from yos_warehouse.settings import database_name

TINY = bench.Size(
    door_rows=1,
    fact_rows=20_000,
    nights=1,
    children=1,
    years=1,
    days=1,
    memory_rows=1,
    services=1,
    postings=5_000,
    matched=1,
    people=1,
)  # only what is asked for below is measured


def test_the_file_has_the_shape_that_is_promised(tmp_path: Path) -> None:
    measures = [
        at_most("publication: first load", 5.1234, "times", 6),
        at_least("door: landing", 0.5, "of", 0.7),
    ]
    write_results(tmp_path / "bench" / "latest.json", measures)
    assert json.loads((tmp_path / "bench" / "latest.json").read_text("utf-8")) == {
        "measures": [
            {"name": "publication: first load", "value": 5.123, "unit": "times", "budget": 6, "ok": True},
            {"name": "door: landing", "value": 0.5, "unit": "of", "budget": 0.7, "ok": False},
        ]
    }
    shown = table(measures).splitlines()
    assert len(shown) == 3 and "MISSED" in shown[2] and "MISSED" not in shown[1]


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_a_missed_budget_is_an_exit_code(server, monkeypatch, capsys, ok: bool, code: int) -> None:
    monkeypatch.setitem(bench.GROUPS, "door", lambda size: [Measure("door: landing", 1.0, "of", 0.7, ok)])
    assert bench.main(["--size", "small", "--only", "door"]) == code
    assert "door: landing" in capsys.readouterr().out
    assert len(json.loads((bench.bench_dir() / "latest.json").read_text("utf-8"))["measures"]) == 1


def test_a_measure_that_breaks_fails_the_benchmark_and_not_the_others(server, monkeypatch, capsys) -> None:
    def broken(size: bench.Size) -> list[Measure]:
        raise ValueError("out of order")

    monkeypatch.setitem(bench.GROUPS, "door", broken)
    monkeypatch.setitem(bench.GROUPS, "memory", lambda size: [Measure("memory: load", 0.1, "GiB", 1, True)])
    assert bench.main(["--size", "small", "--only", "door", "--only", "memory"]) == 1
    assert "not measured: door" in capsys.readouterr().err
    assert len(json.loads((bench.bench_dir() / "latest.json").read_text("utf-8"))["measures"]) == 1


def test_publication_is_measured_in_databases_that_are_gone_afterwards(server, monkeypatch) -> None:
    monkeypatch.setenv("YOS_DATABASE", "warehouse_of_somebody")
    found, broken = bench.measure(["publication"], TINY)
    assert not broken
    assert [one.name for one in found] == ["publication: first load", "publication: 1 % changed"]
    assert all(one.value > 0 for one in found)
    assert database_name() == "warehouse_of_somebody"
    with transaction("admin", database="postgres") as connection, connection.cursor() as cursor:
        cursor.execute("select datname from pg_database where datname like 'bench%' or datname like 'ware%'")
        assert cursor.fetchall() == []


def test_the_postings_for_the_benchmark_are_what_they_say(tmp_path: Path) -> None:
    """Their sum is known without reading them; one in a hundred changes by a penny."""
    first = write_ledger_rows(tmp_path / "first.csv", 1_050).read_text("utf-8").splitlines()
    second = (
        write_ledger_rows(tmp_path / "second.csv", 1_050, changed_every=100).read_text("utf-8").splitlines()
    )
    assert len(first) == len(second) == 1_051
    assert len({tuple(line.split(",")[:2]) for line in first}) == 1_051
    assert sum(one != other for one, other in zip(first, second, strict=True)) == 11
    amounts = [Decimal(line.rpartition(",")[2].replace("(", "-").replace(")", "")) for line in second[1:]]
    assert amounts == [ledger_amount(n, is_changed=n % 100 == 0) for n in range(1_050)]


@pytest.mark.soak
def test_the_ledger_is_measured_on_what_was_sent(server) -> None:
    """The models against SQL by hand, and the published sum against the file's, at two nights."""
    found, broken = bench.measure(["ledger"], TINY)
    assert not broken
    assert len(found) == 4 and all(one.value > 0 for one in found)


@pytest.mark.soak
def test_dbt_s_cohorts_are_those_written_by_hand(server) -> None:
    """Rows and flags of every rule, over a service made of nothing but chance."""
    found, broken = bench.measure(["cohorts"], TINY)
    assert not broken
    assert [one.name for one in found] == ["cohorts: all, ten years, all rules", "cohorts: of one service"]
    assert all(one.value > 0 for one in found)


@pytest.fixture(scope="module")
def marts(server) -> Iterator[Marts]:
    """The benchmark's marts as published after nights 0 and 1."""
    with own_warehouse("test"):
        made = Marts(4_000)
        made.create()
        for night in (0, 1):
            publish(made.build(night))
        yield made


def _sees(seen: readers.Seen, first: int = 0, *, twice: bool = False) -> bool:
    connection = connect("analyst")
    try:
        with connection.cursor() as cursor:
            look = readers._look_twice if twice else readers._look
            return look(connection, cursor, first, seen)
    finally:
        connection.close()


def test_a_reader_takes_a_published_night_for_whole(marts: Marts) -> None:
    seen = readers.Seen()
    assert _sees(seen) and _sees(seen, 200, twice=True)
    assert seen.nights == {1} and len(seen.answers) == 4


@pytest.mark.parametrize(
    "harm",
    [
        "update marts.dim_child set night = 2 where person_key % 100 = 2",  # the fact is a night behind
        "update marts.fct_event set night = 0 where person_key = 101",  # half of what a night changed
        "delete from marts.fct_event where person_key = 7",
        "delete from marts.fct_event",
        "alter table marts.fct_event disable trigger all; delete from marts.dim_place",
    ],
)
def test_a_reader_notices_a_mixture_and_emptiness(marts: Marts, harm: str) -> None:
    admin = connect("admin")
    try:
        with admin.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            cursor.execute(harm)
            assert readers._look(admin, cursor, 0, readers.Seen()) is False
    finally:
        admin.close()  # rolled back


@pytest.mark.fault("R8")
def test_twenty_readers_see_nothing_wrong(server) -> None:
    found, broken = bench.measure(["readers"], TINY)
    assert not broken
    errors, wrong, wait = found
    assert (errors.value, wrong.value) == (0, 0) and errors.ok and wrong.ok
    assert wait.value > 0


def test_the_night_is_judged_by_its_length() -> None:
    short = {"bare": 30.0, "airflow": 57.0, "tasks": {}}
    (measure,) = _judge(short)
    assert (measure.value, measure.budget, measure.ok) == (3.0, 2.0, False)
    (measure,) = _judge({**short, "bare": 200.0, "airflow": 240.0})
    assert (measure.value, measure.budget, measure.ok) == (1.2, 1.3, True)


def test_a_step_tells_its_peak() -> None:
    peak = peak_kilobytes()
    assert peak["own"] > 10_000 and peak["child"] >= 0


def test_only_databases_of_the_benchmark_are_dropped() -> None:
    with pytest.raises(ValueError, match="its own"):
        drop_database("warehouse")
