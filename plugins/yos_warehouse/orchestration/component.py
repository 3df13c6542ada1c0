"""One of Airflow's services in a deployment: ``python -m yos_warehouse.orchestration.component NAME``.

docker-compose.yml starts each service with it, so that a deployment has the configuration of ``make run``.
``init`` sets both databases up first; ``check NAME`` is the services' health check.
"""

from __future__ import annotations

import argparse
import os
import sys

from yos_warehouse.orchestration import airflow_config, fictional_source
from yos_warehouse.orchestration.airflow_api import AirflowApi

PORT = 8080
INSIDE_URL = "YOS_AIRFLOW_URL"  # where the other services find the API server
# What the API server's health page calls each service.
HEALTH_NAMES = {
    "api-server": "metadatabase",
    "scheduler": "scheduler",
    "dag-processor": "dag_processor",
    "triggerer": "triggerer",
}


def environment() -> dict[str, str]:
    """The environment of the services: ours, and above it what the deployment says of Airflow."""
    if is_fictional():
        fictional_source.apply(fictional_source.environment())
    ours = airflow_config.environment(PORT, airflow_config.smtp_connection(None), schedule=True)
    inside = os.environ.get(INSIDE_URL, f"http://127.0.0.1:{PORT}")
    ours["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] = f"{inside}/execution/"
    return ours | {name: value for name, value in os.environ.items() if name.startswith("AIRFLOW__")}


def is_fictional() -> bool:
    """Whether the deployment runs over the fictional service's feeds."""
    return os.environ.get("YOS_FICTIONAL") == "1"


def initialise() -> None:
    """Create and migrate the warehouse and Airflow's database; make the fictional feeds if asked for."""
    from yos_warehouse.server.migrate import migrate

    migrate()
    if is_fictional():
        fictional_source.provide()
    airflow_config.MetadataMigration(environment()).wait()


def is_well(name: str) -> bool:
    """Whether the API server says that the service is well."""
    api = AirflowApi(os.environ.get(INSIDE_URL, f"http://127.0.0.1:{PORT}"), "", "")
    return api.is_healthy((HEALTH_NAMES[name],))


def main(arguments: list[str] | None = None) -> int:
    """Command line of the services."""
    parser = argparse.ArgumentParser(prog="component", description="One of Airflow's services.")
    parser.add_argument("action", choices=[*airflow_config.COMPONENTS, "init", "check"])
    parser.add_argument("name", nargs="?", choices=list(airflow_config.COMPONENTS))
    given = parser.parse_args(arguments)
    if given.action == "check":
        return 0 if given.name and is_well(given.name) else 1
    if given.action in airflow_config.COMPONENTS:
        os.umask(0o077)
        command = [sys.executable, "-m", *airflow_config.COMPONENTS[given.action]]
        os.execvpe(command[0], command, environment())
    initialise()
    return 0


if __name__ == "__main__":
    sys.exit(main())
