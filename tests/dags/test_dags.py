"""The DAGs: exactly these, exactly so, light to parse, the same at each parse."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FEEDS = ("case_system", "education", "finance", "police", "published")
GROUPS = {feed: [f"{feed}.load"] for feed in FEEDS}
GROUPS["case_system"] = ["case_system.extract", "case_system.load"]
TASKS = {
    "nightly": sorted(
        ["open_run", "stage", "identify", "build", "publish", "tell", "close", "notify"]
        + [task for tasks in GROUPS.values() for task in tasks]
    ),
    **{f"ingest_{feed}": sorted(["open_run", *GROUPS[feed], "tell", "close", "notify"]) for feed in FEEDS},
    "data_quality_digest": ["compose", "send"],
    "mails": ["post"],
}


@dataclass
class Parse:
    """One parse in a process of its own."""

    process: subprocess.Popen[bytes]
    out: Path

    def result(self) -> dict[str, Any]:
        """What it found."""
        assert self.process.wait(timeout=120) == 0
        return dict(json.loads(self.out.read_text()))


def start_parse(project: Path, work: Path, hash_seed: str) -> Parse:
    """Parse the DAGs of a project with another hash seed, so that no order hangs on it."""
    work.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "YOS_PROJECT_DIR": str(project),
        "AIRFLOW_HOME": str(work / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(project / "dags"),
        "PYTHONHASHSEED": hash_seed,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, str(Path(__file__).with_name("parse_dags.py")), str(project / "dags")]
    out = work / f"parse_{hash_seed}.json"
    process = subprocess.Popen(
        [*command, str(out)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return Parse(process, out)


@pytest.fixture(scope="module")
def parses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Two parses of the DAGs, and one with a misspelt privacy setting, side by side."""
    work = tmp_path_factory.mktemp("parse")
    broken = work / "broken"
    shutil.copytree(PROJECT / "dags", broken / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    contract = broken / "dags" / "feeds" / "police.yml"
    contract.write_text(contract.read_text().replace("personal: identifier", "persnal: identifier", 1))
    running = {
        "first": start_parse(PROJECT, work / "a", "1"),
        "second": start_parse(PROJECT, work / "b", "2"),
        "broken": start_parse(broken, work / "c", "3"),
    }
    return {name: parse.result() for name, parse in running.items()}


def tasks_of(dag: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The serialised tasks of a DAG by id."""
    return {task["__var"]["task_id"]: task["__var"] for task in dag["dag"]["tasks"]}


def test_exactly_these_dags_and_tasks(parses: dict[str, dict[str, Any]]) -> None:
    dags = parses["first"]["dags"]
    assert {name: sorted(tasks_of(dag)) for name, dag in dags.items()} == TASKS


def test_no_import_error(parses: dict[str, dict[str, Any]]) -> None:
    assert parses["first"]["errors"] == {}


def test_two_parses_give_the_same_json(parses: dict[str, dict[str, Any]]) -> None:
    first, second = parses["first"]["dags"], parses["second"]["dags"]
    assert json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def test_a_misspelt_privacy_setting_stops_the_parse(parses: dict[str, dict[str, Any]]) -> None:
    broken = parses["broken"]
    assert {"nightly.py", "ingest.py"} <= set(broken["errors"])
    assert "police.yml" in broken["errors"]["nightly.py"]
    assert "nightly" not in broken["dags"]


def test_parsing_is_light(parses: dict[str, dict[str, Any]]) -> None:
    heavy = {"great_expectations", "pandas", "dbt", "splink", "psycopg2", "aiosmtpd"}
    assert heavy.isdisjoint(parses["first"]["modules"])
    assert "yos_warehouse.orchestration.steps" not in parses["first"]["ours"]


def test_airflow_imports_one_small_file_of_ours_as_a_plugin(parses: dict[str, dict[str, Any]]) -> None:
    assert [Path(name).name for name in parses["first"]["plugins"]] == ["warehouse_page.py"]


@pytest.mark.parametrize("dag_id", sorted(TASKS))
def test_the_page_says_what_it_does_who_is_told_and_how_to_rerun(
    parses: dict[str, dict[str, Any]], dag_id: str
) -> None:
    doc = parses["first"]["docs"][dag_id]
    assert doc.lstrip().startswith("## ")
    assert "**Who is told.**" in doc
    assert "**How to re-run.**" in doc


@pytest.mark.parametrize("dag_id", sorted(TASKS))
def test_one_run_at_a_time_and_no_catch_up(parses: dict[str, dict[str, Any]], dag_id: str) -> None:
    dag = parses["first"]["dags"][dag_id]["dag"]
    assert dag["max_active_runs"] == 1
    assert dag["catchup"] is False


def test_schedules_keep_clear_of_the_hour_that_summer_time_moves(parses: dict[str, dict[str, Any]]) -> None:
    for name, dag in parses["first"]["dags"].items():
        timetable = dag["dag"]["timetable"]["__var"]
        if name.startswith("ingest_"):
            assert "expression" not in timetable
            continue
        assert timetable["timezone"] == "Europe/London"
        minute, hour, *_ = timetable["expression"].split()
        if name == "mails":  # asks what is due: an hour twice or not at all is the same to it
            continue
        assert not 1 <= int(hour) <= 2, name
        assert minute.isdigit()


def test_the_order_of_the_night(parses: dict[str, dict[str, Any]]) -> None:
    tasks = tasks_of(parses["first"]["dags"]["nightly"])
    after = {name: set(task.get("downstream_task_ids", ())) for name, task in tasks.items()}
    chain = ["stage", "identify", "build", "publish", "tell", "close", "notify"]
    for task, following in zip(chain, chain[1:], strict=False):
        assert following in after[task]
    for feed in FEEDS:
        assert GROUPS[feed][0] in after["open_run"]
        assert after[f"{feed}.load"] == {"stage"}
    assert after["case_system.extract"] == {"case_system.load"}


def test_a_broken_feed_holds_nothing_and_a_failed_night_is_told_and_closed(
    parses: dict[str, dict[str, Any]],
) -> None:
    for name in ("nightly", "ingest_case_system"):  # a source that cannot be read does not keep drops waiting
        assert tasks_of(parses["first"]["dags"][name])["case_system.load"]["trigger_rule"] == "none_skipped"
    tasks = tasks_of(parses["first"]["dags"]["nightly"])
    assert tasks["stage"]["trigger_rule"] == "none_skipped"
    assert tasks["tell"]["trigger_rule"] == "none_skipped"
    assert tasks["close"]["is_teardown"] is True
    assert tasks["close"]["on_failure_fail_dagrun"] is True
    assert tasks["open_run"]["is_setup"] is True
    # a teardown that does not count: the run ends as close ends
    assert tasks["notify"]["is_teardown"] is True
    assert not tasks["notify"].get("on_failure_fail_dagrun")


def test_the_night_has_a_deadline(parses: dict[str, dict[str, Any]]) -> None:
    ((alert,),) = [
        dag["dag"]["deadline"] for name, dag in parses["first"]["dags"].items() if name == "nightly"
    ]
    data = alert.get("__var", alert)
    assert data["interval"]["__data__"] == (7 - 3.5) * 3600
    assert "DagRunLogicalDate" in str(data["reference"])
    assert "mail_tasks.deadline_missed" in str(data["callback"])


def test_no_dag_file_is_taken_for_a_dbt_plugin() -> None:
    names = [path.name for path in (PROJECT / "dags").glob("*.py")]
    assert not [name for name in names if name.startswith("dbt_")]


def test_dag_files_fit_on_a_screen_and_look_at_no_clock() -> None:
    for path in (PROJECT / "dags").glob("*.py"):
        text = path.read_text()
        assert len(text.splitlines()) <= 60, path.name
        assert not re.search(r"\bnow\(|\btoday\(|Variable|Connection|environ", text), path.name
