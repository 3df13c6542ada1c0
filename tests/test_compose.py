"""docker-compose.yml without Docker: complete, pinned, private, and starting what ``make run`` starts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from yos_warehouse.orchestration import airflow_config, component

PROJECT = Path(__file__).resolve().parents[1]
TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
KEYS = {
    "image", "build", "restart", "init", "security_opt", "cap_drop", "volumes", "environment", "command",
    "depends_on", "healthcheck", "ports", "shm_size",
}  # fmt: skip


def test_the_services_are_those_of_the_deployment() -> None:
    assert set(SERVICES) == {"postgres", "init", "mail-catcher", "watch", *airflow_config.COMPONENTS}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_known_keys_only(name: str) -> None:
    assert set(SERVICES[name]) <= KEYS


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_pinned(name: str) -> None:
    assert re.search(r":\d+(\.\d+)+", SERVICES[name]["image"])


def test_the_base_image_is_pinned_and_the_lock_is_hashed() -> None:
    dockerfile = SERVICES["init"]["build"]["dockerfile_inline"]
    assert re.search(r"^FROM python:3\.\d+\.\d+-slim-\w+$", dockerfile, re.MULTILINE)
    assert "--require-hashes" in dockerfile and "--compile" in dockerfile and "USER yos" in dockerfile
    for source in re.findall(r"^COPY (\S+)", dockerfile, re.MULTILINE):
        assert (PROJECT / source).exists(), source


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"init"}))
def test_every_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_is_published_beyond_this_machine(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith("127.0.0.1:")


def test_there_is_no_default_password() -> None:
    for name in re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|KEY|TOKEN)\w*)([^}]*)\}", TEXT):
        assert name[1].startswith(":?"), f"{name[0]} must be asked for"
    assert re.search(r"POSTGRES_PASSWORD: \$\{YOS_POSTGRES_PASSWORD:\?", TEXT)
    assert not re.search(r"(?i)(password|secret|token)\w*:\s*[\"']?\w+[\"']?\s*$", TEXT, re.MULTILINE)


def test_only_the_init_job_knows_the_administrators_password() -> None:
    for name, service in SERVICES.items():
        given = str(service.get("environment", {}).get("YOS_DATABASE_URL", ""))
        assert ("YOS_POSTGRES_PASSWORD" in given) == (name == "init")


@pytest.mark.parametrize("name", sorted(airflow_config.COMPONENTS))
def test_airflows_services_start_what_make_run_starts(
    name: str, server: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    monkeypatch.setattr(component.os, "execvpe", lambda *given: started.append(given))
    monkeypatch.setattr(component, "initialise", lambda: None)
    monkeypatch.setattr(component.os, "umask", lambda mask: None)
    for variable, value in SERVICES[name]["environment"].items():
        if variable.startswith("AIRFLOW__"):
            monkeypatch.setenv(variable, value)
    command = SERVICES[name]["command"]
    assert command[:3] == ["python", "-m", component.__name__]
    component.main(command[3:])
    ((_, argv, environment),) = started
    assert tuple(argv[2:]) == airflow_config.COMPONENTS[name]
    for setting, value in airflow_config.SETTINGS.items():
        assert environment[setting] == value
    assert environment["AIRFLOW__API__HOST"] == "0.0.0.0"


def test_airflows_services_wait_for_the_databases() -> None:
    assert SERVICES["init"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert SERVICES["api-server"]["depends_on"]["init"]["condition"] == "service_completed_successfully"
    for name in ("scheduler", "dag-processor", "triggerer"):
        assert SERVICES[name]["depends_on"]["api-server"]["condition"] == "service_healthy"


def test_every_volume_that_is_used_is_declared() -> None:
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(("$", ".", "/"))
    }
    assert used <= set(COMPOSE["volumes"])


def test_postgresql_keeps_values_out_of_its_log() -> None:
    from yos_warehouse.server.embedded import OPTIONS

    given = dict(option.split("=", 1) for option in SERVICES["postgres"]["command"] if "=" in option)
    for name in OPTIONS:
        if name.startswith("log_") and name in given:
            assert given[name] == OPTIONS[name]
    assert {"log_min_messages", "log_error_verbosity", "log_min_error_statement"} <= set(given)
