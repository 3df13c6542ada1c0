"""The watch outside of Airflow: says once that no night happened, that mails are not sent, and that it is over."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from tests.telling.conftest import MailServer, Night
from yos_warehouse.cli import main
from yos_warehouse.orchestration.airflow_config import smtp_connection
from yos_warehouse.telling import watch
from yos_warehouse.telling.outbox import put

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
MORNING = TODAY + timedelta(days=1, hours=7)  # London's clock is at most an hour ahead
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, mail_server: MailServer, tmp_path: Path) -> Path:
    """A memory and a mail server of the test's own; nobody answers for Airflow."""
    memory = tmp_path / "watch.json"
    monkeypatch.setattr(watch, "_memory", lambda: memory)
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", smtp_connection(mail_server.port))
    monkeypatch.setenv("YOS_AIRFLOW_URL", "http://127.0.0.1:9")
    return memory


def subjects(server: MailServer) -> list[str]:
    return [BytesParser(policy=policy.default).parsebytes(mail)["Subject"] for mail in server.mails()]


@pytest.mark.fault("A6", "A7")
def test_a_night_that_did_not_happen_is_mailed_once_and_its_recovery_once(
    night: Night, mail_server: MailServer, place: Path
) -> None:
    """No scheduler runs here: the watch alone sees and mails, five minutes after the deadline."""
    night.publish(night.run(), "children", "finance")
    yesterday = "update marts.publication set published_at = %s"
    night.warehouse.query(yesterday, (MORNING - 26 * HOUR,))
    assert watch.look(MORNING - 2 * HOUR) == 0
    for minutes in (10, 15, 200):
        assert watch.look(MORNING + timedelta(minutes=minutes)) == 1
    assert subjects(mail_server) == ["URGENT: no night (Data team)"]
    assert place.stat().st_mode & 0o777 == 0o600 and list(json.loads(place.read_text())) == ["NO_NIGHT"]
    night.warehouse.query(yesterday, (MORNING + 3 * HOUR,))
    for _ in range(2):
        assert watch.look(MORNING + 4 * HOUR) == 0
    assert subjects(mail_server)[1:] == ["In order again: the watch sees nothing wrong (Data team)"]
    assert night.warehouse.query("select component from ops.heartbeat") == [("watch",)]


@pytest.mark.fault("A4", "A6")
def test_mails_that_wait_while_their_sender_is_silent(night: Night, mail_server: MailServer) -> None:
    now = TODAY + timedelta(minutes=30)  # before any deadline
    connection = night.warehouse.connect("publisher", autocommit=True)
    put(connection, "k", "a@example.org", "s", "b")
    connection.close()
    beat = "insert into ops.heartbeat values ('sender', %s) on conflict (component) do update set beat_at = excluded.beat_at"
    night.warehouse.query(beat, (now - HOUR / 2,))
    assert watch.look(now) == 0
    assert watch.look(now + HOUR) == 1
    assert subjects(mail_server) == ["URGENT: mails are not sent (Data team)"]


@pytest.mark.fault("A6", "R4")
def test_a_database_that_is_away_is_told_and_not_started(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YOS_VAR_DIR", str(tmp_path / "nothing"))
    assert main(["watch", "--once"]) == 1
    assert subjects(mail_server) == ["URGENT: no night (Data team)"]
    assert not (tmp_path / "nothing" / "postgres").exists()


def test_what_could_not_be_told_is_told_by_the_next_look(
    night: Night, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    night.run()
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://127.0.0.1:9/?disable_ssl=true&disable_tls=true")
    assert watch.look(MORNING + HOUR) == 1
    assert "did not take the mail (ConnectionRefusedError)" in capsys.readouterr().err
    monkeypatch.setenv(
        "AIRFLOW_CONN_SMTP_DEFAULT",
        f"smtp://127.0.0.1:{mail_server.port}/?from_email=w%40example.org&disable_ssl=true&disable_tls=true",
    )
    assert watch.look(MORNING + HOUR) == 1
    assert len(mail_server.mails()) == 1 and b"From: w@example.org" in mail_server.mails()[0]


def test_incidents_are_listed_and_acknowledged(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    night.run("failed")
    night.alert()
    ((number,),) = night.warehouse.query("select incident_id from ops.incident")
    assert main(["incidents", "ack", str(number), "--by", "A. Person\r\nx"]) == 0
    assert main(["incidents"]) == 0
    shown = capsys.readouterr().out
    assert "P1  RUN_FAILED" in shown and "A. Person x is at it" in shown
    assert main(["incidents", "ack", "999", "--by", "A. Person"]) == 2
