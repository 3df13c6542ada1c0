"""A real Airflow as processes on this machine: API server, scheduler, DAG processor, and a mail catcher."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from yos_warehouse.orchestration import airflow_config, processes
from yos_warehouse.orchestration.airflow_api import AirflowApi, RunResult, TaskState
from yos_warehouse.settings import secret, var_dir

API_PORT = 8793
MAIL_PORT = 8025
DAGS = ("nightly", "data_quality_digest")
# Enough for a night; the triggerer only matters to people who add deferrable tasks.
NIGHT = ("api-server", "scheduler", "dag-processor")
EVERYTHING = (*NIGHT, "triggerer")


def mail_dir() -> Path:
    """Where the mail catcher writes what it is sent (0700)."""
    return var_dir() / "mail"


@dataclass
class Airflow:
    """A running Airflow.

    Attributes:
        api: client of its REST API.
        children: its processes, the mail catcher among them.
        environment: what components and tasks see.
        ready_seconds: from the start of the processes until the DAGs could be triggered.
    """

    api: AirflowApi
    children: list[processes.Child]
    environment: dict[str, str] = field(repr=False)
    ready_seconds: float = 0.0

    def check(self) -> None:
        """Raise YosError if a component has ended."""
        processes.check(self.children)

    def run_dag(
        self,
        dag_id: str,
        conf: dict[str, object] | None = None,
        tell: Callable[[TaskState], None] = lambda state: None,
        until: Callable[[dict[str, str]], bool] | None = None,
    ) -> RunResult:
        """Trigger a DAG and follow it to its end; ``tell`` hears of each change of a task."""
        run_id = self.api.trigger(dag_id, conf)
        return self.api.watch(dag_id, run_id, tell, self.check, until=until)

    def stop(self) -> None:
        """End all processes and what they started."""
        processes.stop(self.children)

    def log_of(self, result: RunResult, task: TaskState) -> Path:
        """The log of a task's last attempt (Airflow's log_filename_template)."""
        folder = airflow_config.log_dir() / f"dag_id={result.dag_id}" / f"run_id={result.run_id}"
        return folder / f"task_id={task.task_id}" / f"attempt={task.attempt}.log"


class Prepared:
    """Ports, environment and the metadata database, which is set up while the caller does something else."""

    def __init__(self, *, schedule: bool) -> None:
        # A run that was killed may have left components behind; they would work on the same database.
        processes.stop(processes.remembered())
        self.port = processes.free_port(int(os.environ.get("YOS_AIRFLOW_PORT", API_PORT)))
        own = airflow_config.has_own_mail_server()
        self.mail_port = None if own else processes.free_port(int(os.environ.get("YOS_MAIL_PORT", MAIL_PORT)))
        smtp = airflow_config.smtp_connection(self.mail_port)
        self.environment = airflow_config.environment(self.port, smtp, schedule=schedule)
        self.migration = airflow_config.MetadataMigration(self.environment)


def start(prepared: Prepared, components: tuple[str, ...] = NIGHT, *, background: bool = False) -> Airflow:
    """Start Airflow and wait until its DAGs can be triggered.

    Args:
        prepared: from ``Prepared(schedule=...)``.
        background: the processes go on after this one has ended (``yos up``).

    Raises:
        YosError: AIRFLOW_MIGRATION, COMPONENT_STOPPED, NOT_READY, DAG_IMPORT; each names the log to read.
    """
    began = time.monotonic()
    prepared.migration.wait()
    since = datetime.now(UTC) - timedelta(seconds=1)
    logs, environment = airflow_config.log_dir(), prepared.environment
    children: list[processes.Child] = []
    api = AirflowApi(f"http://127.0.0.1:{prepared.port}", airflow_config.USER, secret("airflow_engineer"))
    airflow = Airflow(api, children, environment)
    try:
        if prepared.mail_port is not None:
            catcher = ("yos_warehouse.telling.mail_catcher", "--port", str(prepared.mail_port))
            command = [sys.executable, "-m", *catcher, "--dir", str(mail_dir())]
            children.append(
                processes.start(
                    "mail-catcher", command, environment, logs / "mail-catcher.log", background=background
                )
            )
        for name in components:
            command = [sys.executable, "-m", *airflow_config.COMPONENTS[name]]
            children.append(
                processes.start(name, command, environment, logs / f"{name}.log", background=background)
            )
        processes.wait_until(api.is_healthy, children, "Airflow")
        api.warm_up()
        processes.wait_until(
            lambda: all(api.is_parsed(dag_id, since) for dag_id in DAGS), children, "the reading of the DAGs"
        )
        for dag_id in DAGS:
            api.fail_left_over_runs(dag_id, since)
    except BaseException:
        processes.stop(children)
        raise
    airflow.ready_seconds = time.monotonic() - began
    return airflow


@contextmanager
def running(prepared: Prepared | None = None, components: tuple[str, ...] = NIGHT) -> Iterator[Airflow]:
    """Airflow for the length of a block, for ``make run`` and the tests; without a clock of its own."""
    airflow = start(prepared or Prepared(schedule=False), components)
    try:
        yield airflow
    finally:
        airflow.stop()
