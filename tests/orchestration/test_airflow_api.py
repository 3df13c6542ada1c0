"""Following a DAG run through the REST API, against a server that answers as Airflow does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from yos_warehouse.errors import YosError
from yos_warehouse.orchestration import airflow_api
from yos_warehouse.orchestration.airflow_api import AirflowApi, TaskState

RUN = "/api/v2/dags/nightly/dagRuns/manual__1"


def instance(task_id: str, state: str | None, attempt: int = 1) -> dict[str, Any]:
    return {
        "task_id": task_id, "state": state, "try_number": attempt, "duration": 1.5, "end_date": None,
    }  # fmt: skip


class Fake:
    """Answers per path; a list is answered one after the other, its last for ever."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {"/auth/token": {"access_token": "t"}}
        self.asked: list[tuple[str, str, Any]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                path = self.path.split("?")[0]
                fake.asked.append((self.command, path, body))
                answer = fake.answers.get(path)
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
                self.send_response(404 if answer is None else 200)
                self.end_headers()
                self.wfile.write(json.dumps(answer or {}).encode())

            do_GET = do_POST = do_PATCH = _answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.api = AirflowApi(f"http://127.0.0.1:{self.server.server_port}", "engineer", "secret")


@pytest.fixture
def fake() -> Iterator[Fake]:
    made = Fake()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_each_change_of_a_task_is_told_once_with_its_counts(fake: Fake) -> None:
    fake.answers[RUN] = [{"state": "running"}, {"state": "running"}, {"state": "failed"}]
    fake.answers[f"{RUN}/taskInstances"] = [
        {"task_instances": [instance("load", "running"), instance("stage", None)]},
        {"task_instances": [instance("load", "success"), instance("stage", "running")]},
        {"task_instances": [instance("load", "success"), instance("stage", "failed")]},
    ]
    fake.answers[f"{RUN}/taskInstances/load/xcomEntries/return_value"] = {"value": '{"drops": 2}'}
    told: list[TaskState] = []
    result = fake.api.watch("nightly", "manual__1", told.append, lambda: None, every_seconds=0.01)
    assert [(task.task_id, task.state) for task in told] == [
        ("load", "running"), ("stage", "none"), ("load", "success"), ("stage", "running"), ("stage", "failed"),
    ]  # fmt: skip
    assert told[2].counts == {"drops": 2}
    assert result.state == "failed" and [task.task_id for task in result.failed] == ["stage"]


def test_an_airflow_that_falls_silent_is_given_up(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_api, "PATIENCE_SECONDS", 0.2)
    with pytest.raises(YosError, match="AIRFLOW_SILENT"):
        fake.api.watch("nightly", "gone", lambda task: None, lambda: None, every_seconds=0.05)


def test_a_component_that_died_ends_the_watch(fake: Fake) -> None:
    def check() -> None:
        raise YosError("COMPONENT_STOPPED", "the scheduler stopped by itself")

    with pytest.raises(YosError, match="COMPONENT_STOPPED"):
        fake.api.watch("nightly", "manual__1", lambda task: None, check)


def test_a_dag_file_that_does_not_import_is_named(fake: Fake) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    fake.answers["/api/v2/importErrors"] = {
        "import_errors": [
            {
                "timestamp": "2026-01-02T00:00:00Z",
                "filename": "nightly.py",
                "stack_trace": "x\nContractError: police.yml",
            }
        ]
    }
    with pytest.raises(YosError, match=r"DAG_IMPORT: nightly\.py: ContractError: police\.yml"):
        fake.api.is_parsed("nightly", since)


def test_only_runs_of_before_are_marked_as_failed(fake: Fake) -> None:
    fake.answers["/api/v2/dags/nightly/dagRuns"] = {
        "dag_runs": [
            {"dag_run_id": "old", "queued_at": "2026-01-01T00:00:00Z", "run_after": None},
            {"dag_run_id": "new", "queued_at": "2026-01-03T00:00:00Z", "run_after": None},
        ]
    }
    fake.answers["/api/v2/dags/nightly/dagRuns/old"] = {"state": "failed"}
    assert fake.api.fail_left_over_runs("nightly", datetime(2026, 1, 2, tzinfo=UTC)) == 1
    assert ("PATCH", "/api/v2/dags/nightly/dagRuns/old", {"state": "failed"}) in fake.asked


def test_the_password_is_in_no_representation(fake: Fake) -> None:
    fake.answers["/api/v2/importErrors"] = {"import_errors": []}
    fake.api.is_parsed("nightly", datetime.now(UTC))
    assert "secret" not in repr(fake.api) and "'t'" not in repr(fake.api)
