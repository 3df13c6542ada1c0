"""Mails at the end of a run, at a missed deadline and every ten minutes: sent at once, and no run hangs on it."""

from __future__ import annotations

import asyncio
import socket
import time
from email import policy
from email.parser import BytesParser
from typing import Any

import pytest

from tests.telling.conftest import MailServer, Night, mail_server, night  # noqa: F401
from yos_warehouse.orchestration.airflow_config import smtp_connection

# ruff: noqa: F811 - the fixtures are imported


@pytest.fixture
def mail_tasks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
    monkeypatch.delenv("YOS_SMTP_HOST", raising=False)
    monkeypatch.delenv("AIRFLOW_CONN_SMTP_DEFAULT", raising=False)
    from yos_warehouse.orchestration import mail_tasks

    return mail_tasks


def at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", smtp_connection(port))


@pytest.mark.fault("A1")
def test_a_failed_night_is_mailed_once_by_whoever_comes_first(
    mail_tasks: Any, night: Night, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, mail_server.port)
    night.run("failed")
    assert mail_tasks.notify.function()["sent"] == 1
    assert mail_tasks.notify.function()["sent"] == 0
    assert mail_tasks.post.function()["sent"] == 0
    (content,) = mail_server.mails()
    mail = BytesParser(policy=policy.default).parsebytes(content)
    assert mail["Subject"] == "FICTIONAL: URGENT: the night failed (Data team)"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.fault("A5")
def test_a_missed_deadline_is_mailed_by_the_callback_once(
    mail_tasks: Any, night: Night, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The callback as the triggerer awaits it; at any time of day, because the deadline is midnight."""
    at(monkeypatch, mail_server.port)
    monkeypatch.setenv("YOS_PUBLISH_BY", "00:00")
    night.run("running")
    for _ in range(2):
        asyncio.run(mail_tasks.deadline_missed())
    (content,) = mail_server.mails()
    mail = BytesParser(policy=policy.default).parsebytes(content)
    assert mail["Subject"] == "FICTIONAL: URGENT: the night has not published (Data team)"


@pytest.mark.fault("A4")
def test_a_server_that_hangs_neither_fails_nor_holds_the_run(
    mail_tasks: Any, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_tasks, "NOTIFY_SECONDS", 1.0)
    night.run("failed")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        at(monkeypatch, silent.getsockname()[1])
        connection = smtp_connection(silent.getsockname()[1]).replace('"timeout": 10', '"timeout": 1')
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", connection)
        began = time.monotonic()
        assert mail_tasks.notify.function() | {"reminders": 0} == {
            "incidents": 1, "reminders": 0, "recoveries": 0, "sent": 0, "failed": 1, "waiting": 1,
        }  # fmt: skip
        assert time.monotonic() - began < 5
    assert night.warehouse.query("select attempts, sent_at from ops.outbox") == [(1, None)]


def test_a_database_that_is_away_does_not_fail_the_run(
    mail_tasks: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("YOS_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    assert mail_tasks.notify.function() == {}
