"""What we ask of a running Airflow through its REST API: is it well, start this DAG, how far is it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from yos_warehouse.errors import YosError

ENDED = ("success", "failed")
TIMEOUT_SECONDS = 30
# The API server may answer late while all cores work; only a silence as long as this is a failure.
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class TaskState:
    """One task of a DAG run as it changed: ``state`` is Airflow's word, ``counts`` what it gave back."""

    task_id: str
    state: str
    seconds: float | None
    attempt: int
    counts: dict[str, int]


@dataclass(frozen=True)
class RunResult:
    """How a DAG run ended: ``state`` success or failed; the tasks that failed, first one first."""

    dag_id: str
    run_id: str
    state: str
    tasks: dict[str, str]
    failed: list[TaskState]
    seconds: float


@dataclass
class AirflowApi:
    """A client of the API server at ``url``, logged in as ``user``."""

    url: str
    user: str
    password: str = field(repr=False)
    _token: str = field(default="", repr=False)

    def health(self) -> dict[str, Any]:
        """State of metadata database, scheduler and DAG processor; empty while nobody answers."""
        try:
            return self._send("GET", "/api/v2/monitor/health", log_in=False)
        except (OSError, ValueError):
            return {}

    def is_healthy(
        self, components: tuple[str, ...] = ("metadatabase", "scheduler", "dag_processor")
    ) -> bool:
        """Whether all of these say *healthy*."""
        health = self.health()
        return all((health.get(name) or {}).get("status") == "healthy" for name in components)

    def warm_up(self) -> None:
        """Have the API server make the part that tasks talk to: its first request takes it seconds."""
        try:
            self._send("GET", "/execution/health", log_in=False)
        except (OSError, ValueError):
            return  # the first task will wait instead

    def is_parsed(self, dag_id: str, since: datetime) -> bool:
        """Whether the DAG was read after that moment and is not paused.

        Raises:
            YosError: DAG_IMPORT when a DAG file does not import.
        """
        broken = self._send("GET", "/api/v2/importErrors")["import_errors"]
        fresh = [item for item in broken if _moment(item["timestamp"]) >= since]
        if fresh:
            reason = fresh[0]["stack_trace"].strip().splitlines()[-1]
            raise YosError(
                "DAG_IMPORT", f"{fresh[0]['filename']}: {reason}", "correct the file and start again"
            )
        try:
            dag = self._send("GET", f"/api/v2/dags/{dag_id}")
        except urllib.error.HTTPError as answer:
            if answer.code == 404:
                return False
            raise
        if dag["is_paused"]:
            self._send("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": False})
        return dag["last_parsed_time"] is not None and _moment(dag["last_parsed_time"]) >= since

    def fail_left_over_runs(self, dag_id: str, before: datetime) -> int:
        """Mark runs of a scheduler that was killed as failed: a new run would queue behind them.

        Args:
            before: runs that were asked for later are alive.

        Returns:
            How many were marked.
        """
        runs = self._send("GET", f"/api/v2/dags/{dag_id}/dagRuns?state=running&state=queued&limit=100")[
            "dag_runs"
        ]
        left_over = [run for run in runs if _moment(run["queued_at"] or run["run_after"]) < before]
        for run in left_over:
            run_id = urllib.parse.quote(run["dag_run_id"], safe="")
            self._send("PATCH", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}", {"state": "failed"})
        return len(left_over)

    def trigger(self, dag_id: str, conf: dict[str, Any] | None = None) -> str:
        """Start a run now; gives its id."""
        answer = self._send(
            "POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf or {}}
        )
        return str(answer["dag_run_id"])

    def watch(
        self,
        dag_id: str,
        run_id: str,
        tell: Callable[[TaskState], None],
        check: Callable[[], None],
        *,
        until: Callable[[dict[str, str]], bool] | None = None,
        every_seconds: float = 0.5,
    ) -> RunResult:
        """Follow a run to its end.

        Args:
            tell: called once for each change of a task's state.
            check: called at each look; raises when a component has died.
            until: stop watching early when this says so of the tasks' states.

        Raises:
            YosError: AIRFLOW_SILENT when the API server does not answer for a minute.
        """
        path = f"/api/v2/dags/{dag_id}/dagRuns/{urllib.parse.quote(run_id, safe='')}"
        began = heard = time.monotonic()
        known: dict[str, tuple[str, int]] = {}
        failed: list[TaskState] = []
        while True:
            check()
            try:
                run = self._send("GET", path)
                instances = self._send("GET", f"{path}/taskInstances?limit=100")["task_instances"]
                heard = time.monotonic()
            except (OSError, ValueError):
                if time.monotonic() - heard > PATIENCE_SECONDS:
                    raise YosError(
                        "AIRFLOW_SILENT", f"Airflow at {self.url} does not answer", "see its api-server.log"
                    ) from None
                time.sleep(every_seconds)
                continue
            for instance in sorted(instances, key=lambda item: item["end_date"] or "9999"):
                now = (instance["state"] or "none", instance["try_number"])
                if known.get(instance["task_id"]) != now:
                    known[instance["task_id"]] = now
                    state = self._task_state(path, instance)
                    tell(state)
                    if state.state == "failed":
                        failed.append(state)
            states = {task_id: state for task_id, (state, _) in known.items()}
            if run["state"] in ENDED or (until and until(states)):
                return RunResult(dag_id, run_id, run["state"], states, failed, time.monotonic() - began)
            time.sleep(every_seconds)

    def _task_state(self, run_path: str, instance: dict[str, Any]) -> TaskState:
        counts: dict[str, int] = {}
        if instance["state"] == "success":
            try:
                answer = self._send(
                    "GET", f"{run_path}/taskInstances/{instance['task_id']}/xcomEntries/return_value"
                )
                value = answer["value"]
                value = json.loads(value) if isinstance(value, str) and value.startswith("{") else value
                if isinstance(value, dict):
                    counts = {str(name): count for name, count in value.items() if isinstance(count, int)}
            except (OSError, ValueError, KeyError):
                pass  # a task without a result
        return TaskState(
            instance["task_id"],
            instance["state"] or "none",
            instance["duration"],
            instance["try_number"],
            counts,
        )

    def _send(self, method: str, path: str, body: object = None, *, log_in: bool = True) -> dict[str, Any]:
        if log_in and not self._token:
            credentials = {"username": self.user, "password": self.password}
            self._token = self._send("POST", "/auth/token", credentials, log_in=False)["access_token"]
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Accept", "application/json")
        if log_in:
            request.add_header("Authorization", f"Bearer {self._token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return dict(json.loads(answer.read()))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
