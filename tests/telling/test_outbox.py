"""The outbox: nothing is lost, nothing is sent twice, a bad mail server holds nothing up."""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from tests.conftest import Warehouse
from tests.telling.conftest import MailServer, Night
from yos_warehouse.server.connect import connect, transaction
from yos_warehouse.telling.outbox import put, send_due


def write(*recipients: str) -> None:
    """Lay mails into the outbox."""
    with transaction("publisher") as connection:
        for recipient in recipients:
            put(
                connection,
                f"test:{recipient}",
                recipient,
                "FICTIONAL: 3 rows held back",
                "Zoë O’Neill’s desk\n.\nx\n",
            )


def send(deliver) -> dict[str, int]:  # type: ignore[no-untyped-def]
    connection = connect("publisher", autocommit=True)
    try:
        return send_due(connection, deliver)
    finally:
        connection.close()


def over(port: int):  # type: ignore[no-untyped-def]
    """Deliver over SMTP as the task does, without Airflow's hook."""

    def deliver(message: EmailMessage) -> None:
        message["From"] = "yos-warehouse@oakshire.example.org"
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.send_message(message)

    return deliver


def make_due(warehouse: Warehouse) -> None:
    warehouse.query("update ops.outbox set next_attempt_at = now()")


def test_a_mail_arrives_at_a_real_server_once(warehouse: Warehouse, mail_server: MailServer) -> None:
    write("a@example.org")
    assert send(over(mail_server.port)) == {"sent": 1, "failed": 0, "waiting": 0}
    assert send(over(mail_server.port)) == {"sent": 0, "failed": 0, "waiting": 0}
    (content,) = mail_server.mails()
    mail = BytesParser(policy=policy.default).parsebytes(content)
    assert mail["To"] == "a@example.org" and mail["Subject"] == "FICTIONAL: 3 rows held back"
    body = mail.get_body()
    assert body is not None and body.get_content().replace("\r\n", "\n") == "Zoë O’Neill’s desk\n.\nx\n"
    (path,) = mail_server.folder.glob("*.eml")
    assert path.stat().st_mode & 0o777 == 0o600 and mail_server.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.fault("A4")
def test_a_server_that_is_down_loses_nothing(warehouse: Warehouse, mail_server: MailServer) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    write("a@example.org", "b@example.org")
    assert send(over(closed)) == {"sent": 0, "failed": 2, "waiting": 2}
    # Not due yet: the pause keeps a dead server from being asked all the time.
    assert send(over(mail_server.port))["sent"] == 0
    make_due(warehouse)
    assert send(over(mail_server.port)) == {"sent": 2, "failed": 0, "waiting": 0}
    assert len(mail_server.mails()) == 2


def test_the_pauses_grow(warehouse: Warehouse) -> None:
    def refuse(message: EmailMessage) -> None:
        raise ConnectionRefusedError

    write("a@example.org")
    pauses = []
    for _ in range(3):
        make_due(warehouse)
        send(refuse)
        ((pause, error),) = warehouse.query(
            "select extract(epoch from next_attempt_at - now()), last_error from ops.outbox"
        )
        pauses.append(round(float(pause), -1))
        assert error == "ConnectionRefusedError"
    assert pauses == [30, 60, 120]


@pytest.mark.fault("A4")
def test_one_refused_recipient_does_not_keep_the_others_waiting(warehouse: Warehouse) -> None:
    taken = []

    def deliver(message: EmailMessage) -> None:
        if message["To"] == "a@example.org":
            raise smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such user Canaria")})
        taken.append(message["To"])

    write("a@example.org", "b@example.org")
    assert send(deliver) == {"sent": 1, "failed": 1, "waiting": 1}
    assert taken == ["b@example.org"]
    ((error,),) = warehouse.query("select last_error from ops.outbox where sent_at is null")
    assert error == "SMTPRecipientsRefused 550"


@pytest.mark.fault("A4")
def test_two_senders_at_once_send_each_mail_once(warehouse: Warehouse) -> None:
    taken: list[str] = []

    def slow(message: EmailMessage) -> None:
        taken.append(message["To"])
        time.sleep(0.05)

    write(*(f"{number}@example.org" for number in range(8)))
    threads = [threading.Thread(target=send, args=(slow,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 8


def test_airflows_connection_carries_the_mail(
    warehouse: Warehouse, mail_server: MailServer, night: Night, monkeypatch, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    """The task's own way: the hook of the SMTP provider, with the connection from the environment."""
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    monkeypatch.delenv("YOS_SMTP_HOST", raising=False)
    from yos_warehouse.orchestration.airflow_config import smtp_connection

    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", smtp_connection(mail_server.port))
    from yos_warehouse.orchestration.mail_tasks import deliver

    write("a@example.org")
    assert send(deliver) == {"sent": 1, "failed": 0, "waiting": 0}
    assert b"From: yos-warehouse@oakshire.example.org" in mail_server.mails()[0]
