"""Great Expectations at the door: counts only, and an error is neither a pass nor a fault of the data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.door.conftest import Door, arrest
from yos_warehouse import settings
from yos_warehouse.door import great_expectations_gate as gate
from yos_warehouse.errors import YosError


@pytest.mark.fault("R11")
def test_a_check_that_breaks_keeps_the_drop_out_until_the_next_run(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.arrests([arrest(1)])
    with monkeypatch.context() as patch:
        patch.setattr(gate, "_judge_view", lambda *_: (_ for _ in ()).throw(ValueError("Canary")))
        with pytest.raises(YosError, match="CHECK_ERROR") as told:
            door.load()
    assert "Canary" not in str(told.value)
    assert door.query("select distinct outcome from ops.check_result") == [("error",)]
    assert door.query("select count(*) from ops.load") == [(0,)]
    assert door.current() == []
    assert [report.state for report in door.load()] == ["accepted"]


@pytest.mark.fault("R11")
def test_an_exception_inside_an_expectation_is_an_error(warehouse) -> None:  # type: ignore[no-untyped-def]
    warehouse.query("create table landing.x as select 1 as n, 'Canary'::text as a, 1::smallint as b")
    url = warehouse.url("admin")
    table = gate.Judged("x", 1, "n", (("A", "a", 1.0), ("B", "b", 1.0)))
    verdict = {result.rule_code: result for result in gate.judge(url, "landing", "x", [table])}
    assert verdict["A"].outcome == "error" and not verdict["A"].passed
    missing = gate.Judged("x", 1, "n", (("C", "not_there", 1.0),))
    assert "error" in {result.outcome for result in gate.judge(url, "landing", "x", [missing])}
    nowhere = gate.Judged("x", 1, "n", (("A", "a", 1.0),))
    assert {result.outcome for result in gate.judge(url, "landing", "not_there", [nowhere])} == {"error"}


def test_tolerance_and_row_count_are_judged(warehouse) -> None:  # type: ignore[no-untyped-def]
    warehouse.query("create table landing.x as select 99 as n, 5 as a")

    def verdict(tolerance: float, rows: int = 99) -> dict[str, gate.RuleResult]:
        table = gate.Judged("x", rows, "n", (("A", "a", tolerance),))
        found = gate.judge(warehouse.url("admin"), "landing", "x", [table])
        return {result.rule_code: result for result in found}

    assert verdict(0.06)["A"] == gate.RuleResult("x", "A", 99, 5, True, "failed")
    assert not verdict(0.05)["A"].passed
    assert not verdict(1, rows=98)[gate.ROW_COUNT].passed


def test_counts_that_disagree_refuse_the_drop(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from yos_warehouse.door import load as loading

    def lying(*arguments):  # type: ignore[no-untyped-def]
        return [
            gate.RuleResult(r.entity, r.rule_code, r.rows_checked, 7, True, "failed")
            if r.rule_code == "DATE:arrested_at" else r
            for r in gate.judge(*arguments)
        ]  # fmt: skip

    monkeypatch.setattr(loading, "judge", lying)
    door.arrests([arrest(1), arrest(2, **{"Arrest date": "x"})])
    (report,) = door.load()
    assert report.reason_code == "DISAGREE"
    assert door.query("select count(*) from raw.police__arrest") == [(0,)]
    assert door.held() == []


def test_nothing_of_a_child_reaches_ops_logs_or_the_judge(
    door: Door,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    canary = "Quandary-Wexford"
    seen: list[str] = []
    whole = gate._result
    monkeypatch.setattr(
        gate, "_result", lambda judged, code, item: (seen.append(str(item)), whole(judged, code, item))[1]
    )
    rows = [
        arrest(1, Surname=canary),
        arrest(2, Surname=canary, **{"Date of birth": canary, "Sex": canary, "PNC ID": canary}),
        arrest(3, Surname=canary, Station="x\0"),
        arrest(4, Surname=canary), arrest(4, Surname=canary, Postcode=canary),
    ]  # fmt: skip
    door.arrests(rows)
    door.load()
    door.arrests([canary, canary], "2026-04-01")
    door.arrests([arrest(1, Surname=canary, **{"Arrest date": canary})], "2026-04-02")
    door.load()
    assert door.query("select count(*) from quarantine.police__arrest") == [(5,)]
    tables = door.query(
        "select table_name from information_schema.tables where table_schema in ('ops', 'landing')"
    )
    text = "\n".join(str(door.query(f"select t::text from ops.{name} as t")) for (name,) in tables)
    out, err = capfd.readouterr()
    for place in (text, caplog.text, out, err, *seen):
        assert canary not in place
    assert seen
    log = Path(settings.var_dir()) / "postgres" / "postgres.log"
    assert not log.exists() or canary not in log.read_text(errors="replace")


def test_no_expectation_or_result_format_that_returns_rows_is_used_anywhere() -> None:
    package = Path(gate.__file__).resolve().parents[1]
    banned = re.compile(
        r"UnexpectedRows|\"COMPLETE\"|\"SUMMARY\"|'COMPLETE'|'SUMMARY'|describe_dict|build_data_docs"
    )
    users = []
    for path in package.rglob("*.py"):
        text = path.read_text("utf-8")
        assert not banned.search(text), path.name
        if re.search(r"^\s*(import|from) great_expectations", text, re.M):
            users.append(path.name)
    assert users == ["great_expectations_gate.py"]
