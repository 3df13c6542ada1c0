"""Late and corrected money: what each night published is what `yos as-at` of its day builds later.

`make test` builds the tables of money alone; `make soak` the whole nights, published.

Three months' ends. The second sends the first month again, with a line less, a line more and one changed, and revises the
budget; the third adjusts the old year in periods 13 and 14, takes a journal back and revises the budget once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import same_marts
from tests.conftest import Warehouse, fresh_warehouse
from tests.oracle.finance.answers import KEYS
from tests.oracle.records import LONDON
from tests.same_marts import OF_THE_NIGHTS, Table
from tests.season import as_at, at_work_in

MARCH, APRIL, MAY = date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)
LEDGER = (
    "Journal,Line,Financial year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,Source,Status,"
    "Reverses,Amount"
)
BUDGET = "financial_year,version,status,contributor,funding_stream,staffing_in_kind_gbp,other_delegated_gbp,total_gbp,printed_label"
MONEY = tuple(KEYS)
OLD, NEW = "2025/26", "2026/27"


def ledger(*lines: tuple[str, str, int, str, str]) -> str:
    """Journal, year, period, subjective, amount; ``R`` in a journal's name takes back the journal before it."""
    rows = []
    for journal, year, period, subjective, amount in lines:
        month = (min(period, 12) + 2) % 12 + 1
        day = f"28/{month:02d}/{int(year[:4]) + (month < 4)}"
        taken_back = journal.partition("R")[0] if "R" in journal else ""
        rows.append(
            f"{journal},1,{year},{period},{day},YJ100,{subjective},,FICTIONAL,,JOURNAL,ACTUAL,{taken_back},{amount}"
        )
    return "\n".join([LEDGER, *rows]) + "\n"


def budget(version: int, grant: int) -> str:
    """Two contributors; only the grant is revised."""
    status = "CONFIRMED" if version > 1 else "INDICATIVE"
    return (
        f"{BUDGET}\n{NEW},{version},{status},youth_justice_grant,core,0,{grant},{grant},YJ Grant\n"
        f"{NEW},{version},CONFIRMED,health,core,5000,9001,14001,Health\n"
    )


NIGHTS: dict[date, list[tuple[date, dict[str, str]]]] = {
    MARCH: [
        (MARCH, {
            "ledger_03.csv": ledger(("A", OLD, 12, "A1000", "100.00"), ("B", OLD, 12, "D5000", "(20.00)"), ("C", OLD, 12, "D5000", "7.25")),
            "budget_1.csv": budget(1, 40_000),
        }),
    ],
    APRIL: [
        (MARCH, {
            "ledger_03_again.csv": ledger(("A", OLD, 12, "A1000", "100.10"), ("C", OLD, 12, "D5000", "7.25"), ("D", OLD, 12, "D5000", "3.00")),
        }),
        (APRIL, {"ledger_04.csv": ledger(("E", NEW, 1, "A1000", "55.00")), "budget_2.csv": budget(2, 41_000)}),
    ],
    MAY: [
        (MAY, {
            "ledger_05.csv": ledger(
                ("F", OLD, 13, "D5000", "11.00"), ("G", OLD, 14, "A1000", "-2.00"), ("ER1", NEW, 2, "A1000", "-55.00"),
                ("H", NEW, 2, "A1000", "54.99"),
            ),
            "budget_3.csv": budget(3, 39_999),
        }),
    ],
}  # fmt: skip
# Postings by year and period, and the grant in force, as each night knows them
KNOWN: dict[date, tuple[dict[tuple[str, int], str], int]] = {
    MARCH: ({(OLD, 12): "87.25"}, 40_000),
    APRIL: ({(OLD, 12): "110.35", (NEW, 1): "55.00"}, 41_000),
    MAY: ({(OLD, 12): "110.35", (OLD, 13): "11.00", (OLD, 14): "-2.00", (NEW, 1): "55.00", (NEW, 2): "-0.01"}, 39_999),
}  # fmt: skip


def deliver(warehouse: Warehouse, folder: Path, night: date) -> None:
    """What is received on the day of a night."""
    from yos_warehouse.sources.drop import pack

    for number, (day, files) in enumerate(NIGHTS[night]):
        place = folder / f"{night}_{number}"
        place.mkdir()
        for name, content in files.items():
            (place / name).write_text(content, "utf-8")
        received = datetime.combine(night, time(18 + number), LONDON)
        pack("finance", [place], day, received, True, warehouse.drops, settle_seconds=0)


def run_night(warehouse: Warehouse, night: date, *, is_whole: bool) -> None:
    """All steps; the tables of money alone are built, or all of them and published."""
    from yos_warehouse.orchestration import steps

    with at_work_in(warehouse):
        run_id = steps.open_run("nightly", f"night of {night}")
        assert run_id is not None
        assert steps.load(run_id, "finance")["quarantined"] == 0
        steps.stage(run_id)
        steps.identify(run_id)
        if is_whole:
            steps.build(run_id)
            assert steps.publish(run_id)["held"] == 0
        else:
            build_money(run_id, night, "--exclude", "staging")
        steps.close_run(run_id, "succeeded")


def build_money(run_id: int, day: date, *more: str) -> None:
    """Models of the tables of money and what they rest on, without their tests."""
    from yos_warehouse.build.dbt import run_dbt

    models = ["run", "--select", *(f"+{table}" for table in MONEY), *more]
    assert {node.status for node in run_dbt(run_id, "build", models, day)} == {"success"}


def past(warehouse: Warehouse, night: date, *, is_whole: bool) -> str:
    """What `yos as-at` builds, or the tables of money of it where a night builds them; the schema."""
    from yos_warehouse.orchestration import steps

    if is_whole:
        return as_at(warehouse, night)
    with at_work_in(warehouse):
        run_id = steps.open_run("as_at", f"money as at {night}", night)
        assert run_id is not None
        build_money(run_id, night)
        steps.close_run(run_id, "succeeded")
    return "build"


def by_name(tables: dict[str, Table]) -> dict[str, Table]:
    """Tables without their schema: published ones lie in two, of the past in one."""
    return {
        name.partition(".")[2]: table
        for name, table in tables.items()
        if name.partition(".")[2] not in OF_THE_NIGHTS
    }


@dataclass
class Known:
    """A warehouse after the nights, and what each had published.

    Attributes:
        newest: facts of the last night, and its reversals.
    """

    warehouse: Warehouse
    nights: dict[date, dict[str, Table]]
    is_whole: bool
    newest: tuple[Any, list[tuple]] | None = None


@pytest.fixture(scope="module", params=[False, pytest.param(True, marks=pytest.mark.soak)])
def known(request: Any, code_lists_template: str, tmp_path_factory: Any) -> Iterator[Known]:
    """Three nights: of the money alone as it was built, or whole as it was published."""
    folder = tmp_path_factory.mktemp("finance_as_at")
    with fresh_warehouse(code_lists_template, folder) as warehouse:
        made = Known(warehouse, {}, request.param)
        for night in NIGHTS:
            deliver(warehouse, folder, night)
            run_night(warehouse, night, is_whole=made.is_whole)
            schemas = ("marts", "reports") if made.is_whole else ("build",)
            made.nights[night] = by_name(same_marts.tables(warehouse, *schemas))
        reversals = warehouse.query(
            f"select financial_year, period, amount_gbp from {schemas[0]}.fct_ledger_posting where is_reversal"
        )
        made.newest = facts(warehouse, schemas[0]), reversals
        yield made


def facts(warehouse: Warehouse, schema: str) -> tuple[dict[tuple[str, int], Decimal], int]:
    """Postings by year and period, and the grant in force."""
    sums = warehouse.query(
        f"select financial_year, period, sum(amount_gbp) from {schema}.fct_ledger_posting group by 1, 2"
    )
    ((grant,),) = warehouse.query(
        f"select other_delegated_gbp from {schema}.fct_budget_line where is_in_force"
        " and contributor_key = 'youth_justice_grant'"
    )
    return {(year, period): amount for year, period, amount in sums}, int(grant)


@pytest.mark.parametrize("night", [MARCH, APRIL])
def test_as_at_a_past_night_everything_is_what_that_night_said(known: Known, night: date) -> None:
    schema = past(known.warehouse, night, is_whole=known.is_whole)
    sums, grant = KNOWN[night]
    assert facts(known.warehouse, schema) == ({key: Decimal(amount) for key, amount in sums.items()}, grant)
    again = by_name(same_marts.tables(known.warehouse, schema, day=night))
    then = {name: table for name, table in known.nights[night].items() if name in again}
    assert then.keys() >= set(MONEY)
    assert same_marts.differences(then, {name: again[name] for name in then}) == []


def test_the_newest_night_knows_all_of_it(known: Known) -> None:
    sums, grant = KNOWN[MAY]
    assert known.newest == (
        ({key: Decimal(amount) for key, amount in sums.items()}, grant),
        [(NEW, 2, Decimal("-55.00"))],
    )
    assert same_marts.differences(known.nights[MARCH], known.nights[MAY]) != []
