"""Airflow's configuration: nothing listens abroad, nothing has a default password, nothing phones home."""

from __future__ import annotations

import base64
import importlib.util
import json
from pathlib import Path

import pytest
import yaml

from yos_warehouse.orchestration import airflow_config


@pytest.fixture
def environment(server: object, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT", raising=False)
    return airflow_config.environment(18080, airflow_config.smtp_connection(18025), schedule=False)


def test_the_server_listens_on_this_machine_only(environment: dict[str, str]) -> None:
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert "127.0.0.1" in environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]


def test_passwords_and_keys_are_generated(environment: dict[str, str]) -> None:
    passwords = Path(environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    assert passwords.stat().st_mode & 0o777 == 0o600
    (password,) = json.loads(passwords.read_text()).values()
    keys = [
        environment[f"AIRFLOW__{name}"]
        for name in ("API__SECRET_KEY", "API_AUTH__JWT_SECRET", "CORE__FERNET_KEY")
    ]
    assert len({password, *keys}) == 4 and min(map(len, (password, *keys))) >= 43
    assert len(base64.urlsafe_b64decode(environment["AIRFLOW__CORE__FERNET_KEY"])) == 32


def test_logs_are_private(environment: dict[str, str]) -> None:
    assert Path(environment["AIRFLOW__LOGGING__BASE_LOG_FOLDER"]).stat().st_mode & 0o777 == 0o700
    assert environment["AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS"] == "0o600"


def test_every_setting_exists_in_this_airflow() -> None:
    """A misspelt setting would be ignored without a word."""
    spec = importlib.util.find_spec("airflow")  # finds it without importing it
    assert spec is not None and spec.origin is not None
    template = Path(spec.origin).parent / "config_templates" / "config.yml"
    known = {
        f"AIRFLOW__{section.upper()}__{option.upper()}"
        for section, content in yaml.safe_load(template.read_text()).items()
        for option in content["options"]
    }
    # May be set per component; the reference lists it under [core].
    assert {name for name in airflow_config.SETTINGS if name.startswith("AIRFLOW__")} <= known


def test_nothing_phones_home() -> None:
    assert airflow_config.SETTINGS["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "False"
    assert airflow_config.SETTINGS["GX_ANALYTICS_ENABLED"] == "False"
    assert airflow_config.SETTINGS["AIRFLOW__SENTRY__SENTRY_ON"] == "false"


def test_mails_go_to_the_catcher_unless_another_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT", raising=False)
    ours = json.loads(airflow_config.smtp_connection(8025))
    assert (ours["host"], ours["port"], ours["extra"]["timeout"]) == ("127.0.0.1", 8025, 10)
    monkeypatch.setenv("YOS_SMTP_HOST", "mail.example.org")
    theirs = json.loads(airflow_config.smtp_connection(None))
    assert (theirs["host"], theirs["port"], theirs["extra"]["disable_tls"]) == (
        "mail.example.org",
        587,
        False,
    )
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://given.example.org:25")
    assert airflow_config.smtp_connection(None) == "smtp://given.example.org:25"


def test_airflow_and_the_warehouse_cannot_connect_to_each_others_database(
    environment: dict[str, str],
    warehouse_template: str,
) -> None:
    from yos_warehouse.server.connect import connect

    airflow_config.create_metadata_database()
    airflow_config.create_metadata_database()  # once more changes nothing
    connection = connect("admin", database="postgres", autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "select has_database_privilege('yos_analyst', 'airflow', 'connect'),"
            " rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = 'airflow'"
        )
        assert cursor.fetchone() == (False, False)
    connection.close()
