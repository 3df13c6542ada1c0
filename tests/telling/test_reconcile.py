"""``yos reconcile``: the newest build's sums that differ, also where it was held back, and an exit code."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.telling.conftest import Night
from yos_warehouse.cli import main
from yos_warehouse.errors import UsageError
from yos_warehouse.server.roles import grant_build_schema
from yos_warehouse.settings import DBT_DIR
from yos_warehouse.telling.reconcile import WHAT_TO_DO, reconcile

AGREES = ("BUDGET_COLUMNS", "2025/26", 0, "2", "ALL", "2409465.00", "2409465.00", "0.00", None, 9, "AGREES", date(2025, 4, 1), 3)  # fmt: skip
UNSTATED = ("LEDGER_CONTROL", "2025/26", 13, "", "ACCRUAL", None, "1.50", None, None, 1, "NOTHING_TO_COMPARE", None, None)  # fmt: skip
PENNY = ("LEDGER_CONTROL", "2025/26", 12, "", "ACTUAL", "12345.67", "12345.66", "-0.01", 40, 39, "DIFFERS", date(2026, 3, 31), 7)  # fmt: skip


def build(night: Night, rows: list[tuple[Any, ...]], schema: str = "build") -> None:
    """The report as dbt would have built it."""
    connection = night.warehouse.connect("transformer")
    with connection.cursor() as cursor:
        cursor.execute(
            f"create table {schema}.rpt_reconciliation (check_code text, financial_year text, period integer,"
            " budget_version text, subject_code text, expected_gbp numeric(18,2), found_gbp numeric(18,2),"
            " difference_gbp numeric(18,2), expected_lines bigint, found_lines bigint, outcome_code text,"
            " delivery_date date, load_id bigint)"
        )
        for row in rows:
            cursor.execute(f"insert into {schema}.rpt_reconciliation values ({', '.join(['%s'] * 13)})", row)
    connection.commit()
    connection.close()


def keep(night: Night, run_id: int, units: tuple[str, ...]) -> None:
    """Publish the build: it is kept under the publication's name, and an empty one takes its place."""
    connection = night.warehouse.connect("transformer")
    with connection.cursor() as cursor:
        cursor.execute("alter schema build rename to build_1")
        cursor.execute("create schema build")
        grant_build_schema(cursor)
    connection.commit()
    connection.close()
    night.warehouse.query("insert into ops.build values ('build_1', 1, '0014')")
    for unit in units:
        night.warehouse.query(
            "insert into marts.publication (run_id, unit, as_at, kind, data_dates, rows_changed, is_fictional,"
            " build_schema) values (%s, %s, '2026-03-30', 'publish', '{}', 0, true, 'build_1')",
            (run_id, unit),
        )


def test_without_a_build_it_says_what_to_do(night: Night) -> None:
    with pytest.raises(UsageError, match="NOT_BUILT"):
        reconcile()
    assert main(["reconcile"]) == 2


def test_when_all_agrees_nothing_is_listed(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    run = night.run()
    build(night, [AGREES, UNSTATED])
    keep(night, run, ("children", "finance"))
    assert main(["reconcile"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and lines[0].startswith("FICTIONAL: ")
    assert lines[1] == "Newest build (build_1), as at 30 March 2026: published."
    assert lines[2].startswith("0 of 1 sums differ") and lines[2].endswith("of 1 nothing is stated.")


@pytest.mark.fault("R9")
def test_a_penny_is_named_with_its_delivery_and_what_to_do(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    night.run()
    build(night, [AGREES, UNSTATED, PENNY])
    assert main(["reconcile"]) == 1
    out = capsys.readouterr().out
    assert "as at 31 March 2026: finance of this build is not published." in out
    assert "BUDGET_COLUMNS" not in out
    for words in ("LEDGER_CONTROL", "12,345.67", "12,345.66", "-0.01", "40 lines are stated and 39 are there",
                  "delivery of 31 March 2026 (load 7)", WHAT_TO_DO["LEDGER_CONTROL"]):  # fmt: skip
        assert words in out, words


def test_all_shows_every_sum(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    build(night, [AGREES, UNSTATED, PENNY])
    assert main(["reconcile", "--all"]) == 1
    out = capsys.readouterr().out
    assert (
        "agrees" in out
        and "nothing stated" in out
        and sum("LEDGER_CONTROL" in line for line in out.splitlines()) == 2
    )


def test_a_build_of_which_only_children_were_published_is_the_newest(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    run = night.run()
    build(night, [PENNY])
    keep(night, run, ("children",))
    assert reconcile() == 1
    assert (
        "(build_1), as at 30 March 2026: finance of this build is not published." in capsys.readouterr().out
    )
    build(night, [AGREES])  # the next night, held back whole
    assert reconcile() == 0
    assert "(build)" in capsys.readouterr().out


def test_every_check_of_the_report_has_words() -> None:
    model = (DBT_DIR / "models" / "intermediate" / "finance" / "int_finance__reconciliation.sql").read_text(
        "utf-8"
    )
    for check in WHAT_TO_DO:
        assert f"'{check}' as check_code" in model
    assert model.count("as check_code") == len(WHAT_TO_DO)
