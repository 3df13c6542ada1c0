"""dbt as a subprocess: what it found, what it must not keep, and that it ends with its parent."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Warehouse, fresh_warehouse
from yos_warehouse import settings
from yos_warehouse.build import dbt
from yos_warehouse.errors import YosError
from yos_warehouse.settings import DBT_DIR

CANARY = "canary-quokka"
AS_AT = date(2026, 3, 31)


@pytest.fixture
def warehouse(warehouse_template, tmp_path: Path) -> Iterator[Warehouse]:
    """One whose dbt directory is not that of the real project."""
    with fresh_warehouse(warehouse_template, tmp_path, "small") as made:
        yield made


@pytest.fixture
def project(warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two good models, a broken one, and tests that fail, warn and break."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "profiles.yml").write_text((settings.DBT_DIR / "profiles.yml").read_text())
    (folder / "dbt_project.yml").write_text(
        "name: small\nversion: '1.0'\nprofile: yos\nmodels:\n  +materialized: table\n"
        "  +schema: \"{{ var('yos:build_schema') }}\"\n"
    )
    (folder / "macros").mkdir()
    (folder / "macros" / "schema.sql").write_text(
        "{% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}"
    )
    models = {
        "stg_police__arrest": "select 1 as arrest_key",
        "fct_arrest": "select * from {{ ref('stg_police__arrest') }}",
        "dim_broken": f"select '{CANARY}' as word",
        "fct_broken": "select word::date as day from {{ ref('dim_broken') }}",
        "fct_after": "select * from {{ ref('fct_broken') }}",
    }
    for name, text in models.items():
        (folder / "models" / f"{name}.sql").write_text(text)
    (folder / "models" / "models.yml").write_text("""
models:
  - name: stg_police__arrest
    config: {meta: {feed: police}}
    columns:
      - name: arrest_key
        data_tests:
          - accepted_values: {name: arrest_is_two, arguments: {values: [2], quote: false}, config: {meta: {owner: partner, family: integrity}}}
          - accepted_values: {name: arrest_is_three, arguments: {values: [3], quote: false}, config: {severity: warn, meta: {family: value}}}
  - name: fct_arrest
    config: {meta: {unit: finance}}
    columns:
      - name: arrest_key
        data_tests: [{unique: {name: fct_arrest_is_unique}}]
  - {name: fct_broken, config: {meta: {unit: children}}}
  - {name: fct_after, config: {meta: {unit: children}}}
""")
    monkeypatch.setattr(settings, "DBT_DIR", folder)
    return folder


def _run_id(warehouse) -> int:
    return warehouse.query(
        "insert into ops.run (kind, owner, state) values ('nightly', gen_random_uuid()::text, 'running') returning run_id"
    )[0][0]


def test_results_become_rows_and_no_value_is_kept(project, warehouse) -> None:
    run_id = _run_id(warehouse)
    shown: list[str] = []
    found = {r.node: r for r in dbt.run_dbt(run_id, "try", ["build"], AS_AT, show=shown.append)}
    assert {name: (r.status, r.units, r.message_code) for name, r in found.items()} == {
        "stg_police__arrest": ("success", ("finance",), None),
        "arrest_is_two": ("fail", ("finance",), None),
        "arrest_is_three": ("warn", ("finance",), None),
        "fct_arrest": ("skipped", ("finance",), None),
        "fct_arrest_is_unique": ("skipped", ("finance",), None),
        "dim_broken": ("success", ("children",), None),
        "fct_broken": ("error", ("children",), "UNREADABLE_VALUE"),
        "fct_after": ("skipped", ("children",), None),
    }
    assert set(warehouse.query("select rule_code, feed, entity, unit, family, severity, owner, outcome, rows_failed::int from ops.check_result")) == {
        ("arrest_is_two", "police", "arrest", "finance", "integrity", "error", "partner", "failed", 1),
        ("arrest_is_three", "police", "arrest", "finance", "value", "warn", "warehouse", "failed", 1),
    }  # fmt: skip
    assert len(warehouse.query("select * from ops.model_run where run_id = %s", (run_id,))) == 8
    rows = dict(warehouse.query("select node, rows_affected from ops.model_run"))
    assert rows["stg_police__arrest"] == 1 and rows["fct_broken"] is None and rows["arrest_is_two"] is None
    # the model's own text may stand in compiled SQL; the database's answer with the value may stand nowhere
    assert CANARY not in "\n".join(shown)
    assert any("ERROR" in line for line in shown)
    for path in dbt.target_dir().rglob("*"):
        if path.is_file() and path.suffix in (".log", ".txt") or path.name == "run_results.json":
            assert "invalid input syntax" not in path.read_text(errors="replace"), path.name

    # the same step again in the same run replaces what it said
    dbt.run_dbt(run_id, "try", ["build"], AS_AT, show=shown.append)
    assert warehouse.query("select count(*) from ops.check_result") == [(2,)]
    assert warehouse.query("select count(*) from ops.model_run") == [(8,)]


def test_the_as_at_date_is_data_and_the_project_is_not_parsed_again_for_it(project, warehouse) -> None:
    shutil.copy(DBT_DIR / "macros" / "as_at.sql", project / "macros")
    for path in (project / "models").iterdir():
        path.unlink()
    (project / "models" / "day.sql").write_text(
        "{{ config(materialized='view') }} select {{ as_at_date() }} as day"
    )
    text = (project / "dbt_project.yml").read_text()
    (project / "dbt_project.yml").write_text(f"{text}vars: {{'yos:as_at': null}}\n")
    parsed = []
    for day in (AS_AT, AS_AT + timedelta(days=1)):
        assert [node.status for node in dbt.run_dbt(None, "try", ["run"], day)] == ["success"]
        assert warehouse.query("select day from build.day") == [(day,)]
        parsed.append((dbt.target_dir() / "partial_parse.msgpack").stat().st_mtime_ns)
    assert parsed[0] == parsed[1]

    _, complaint = dbt._invoke(["compile"], lambda _: None)
    assert "give the as-at date: PGOPTIONS=" in complaint


def test_a_project_that_does_not_compile_is_an_error_of_its_own(project) -> None:
    (project / "models" / "fct_nowhere.sql").write_text("select * from {{ ref('missing_model') }}")
    with pytest.raises(YosError, match="DBT_BROKE.*missing_model"):
        dbt.run_dbt(None, "try", ["build"], AS_AT)


def test_a_complaint_is_dbts_own_and_names_no_place_of_the_machine(
    project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cold_dbt: Callable[[], list[str]]
) -> None:
    """Warnings of Python name the interpreter's files, and they come last."""
    monkeypatch.setattr(dbt, "program", cold_dbt)  # one with warnings of its own
    nowhere = project / "models" / "fct_nowhere.sql"
    nowhere.write_text("select * from {{ ref('missing_model') }}")
    warner = tmp_path / "warner"
    warner.mkdir()
    (warner / "sitecustomize.py").write_text(
        "import atexit, warnings\nfor _ in range(3): atexit.register(lambda: warnings.warn('grown old'))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(warner), prepend=os.pathsep)
    with pytest.raises(YosError, match="Compilation Error .*missing_model") as caught:
        dbt.run_dbt(None, "try", ["build"], AS_AT)
    assert "grown old" not in caught.value.what and "warner" not in caught.value.what
    assert "partial parsing" not in caught.value.what

    nowhere.write_text("{{ exceptions.raise_compiler_error('see /somewhere/of/mine/x.sql') }}")
    code, complaint = dbt._invoke(["compile"], lambda _: None)
    assert code and "see" in complaint and "x.sql" in complaint and "/somewhere" not in complaint


@pytest.mark.fault("R3")
def test_it_ends_with_its_parent_and_the_next_one_ends_its_query(project, warehouse) -> None:
    for path in (project / "models").iterdir():
        path.unlink()
    (project / "models" / "slow.sql").write_text("select 1 as one from pg_sleep(120)")
    program = (
        "import sys; from pathlib import Path; from datetime import date; from yos_warehouse import settings\n"
        "settings.DBT_DIR = Path(sys.argv[1]); from yos_warehouse.build import dbt\n"
        "dbt.run_dbt(None, 'try', ['run'], date(2026, 3, 31))"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(project)], env={**os.environ}, stdout=subprocess.DEVNULL
    )
    waiting = "select count(*) from pg_stat_activity where query like '%pg_sleep(120)%' and state = 'active' and pid <> pg_backend_pid()"
    try:
        deadline = time.monotonic() + 60
        while warehouse.query(waiting) != [(1,)] and time.monotonic() < deadline:
            time.sleep(0.2)
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        assert len(children) == 1
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{children[0]}/cmdline").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (
        not Path(f"/proc/{children[0]}/cmdline").exists()
        or not Path(f"/proc/{children[0]}/cmdline").read_text()
    )
    dbt._end_orphans()
    assert warehouse.query(waiting) == [(0,)]


def test_the_build_schema_starts_empty_and_the_publisher_may_read_it(warehouse) -> None:
    warehouse.query("create table build.left_over as select 1 as one", role="transformer")
    dbt._empty_schema("build")
    assert warehouse.query("select to_regclass('build.left_over')") == [(None,)]
    warehouse.query("create table build.new as select 1 as one", role="transformer")
    assert warehouse.query("select one from build.new", role="publisher") == [(1,)]


def test_units_follow_the_graph_and_shared_belongs_to_both() -> None:
    def node(unit: str | None) -> dict:
        return {"config": {"meta": {"unit": unit} if unit else {}}}

    manifest = {
        "nodes": {
            "a": node(None),
            "b": node(None),
            "dim": node("shared"),
            "c": node("children"),
            "f": node("finance"),
        },
        "child_map": {"a": ["c"], "b": ["c", "f"], "dim": ["c"], "c": [], "f": [], "source": ["a"]},
    }
    both = ("children", "finance")
    assert dbt.units_by_node(manifest) == {
        "a": ("children",), "b": both, "dim": both, "c": ("children",), "f": ("finance",), "source": ("children",),
    }  # fmt: skip
