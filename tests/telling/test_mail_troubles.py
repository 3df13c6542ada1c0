"""Mail servers that refuse, hang, want another password, reject one recipient, or are down for two hours: nothing is lost,
nothing is doubled. Real servers on this machine; only the two hours are short: the outbox is given the clock.
"""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.conftest import Warehouse
from tests.telling.conftest import Night
from yos_warehouse.server.connect import connect
from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling.outbox import put, send_due

NOW = datetime.now(UTC)
RECIPIENTS = ("a@example.org", "b@example.org", "c@example.org")


class Taker:
    """Takes mails but for what it is told to refuse."""

    def __init__(self, refused: str = "") -> None:
        self.refused = refused
        self.taken: list[bytes] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address == self.refused:
            return "550 no such user Canaria"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope.content)
        return "250 kept"

    @property
    def ids(self) -> list[str]:
        return [BytesParser(policy=policy.default).parsebytes(mail)["Message-ID"] for mail in self.taken]


@contextmanager
def server(taker: Taker, **settings: Any) -> Iterator[int]:
    """A mail server on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(taker, hostname="127.0.0.1", port=port, **settings)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def over(port: int, login: str | None = None, timeout: float = 10) -> Callable[[EmailMessage], None]:
    def deliver(mail: EmailMessage) -> None:
        mail["From"] = "yos-warehouse@example.org"
        with smtplib.SMTP("127.0.0.1", port, timeout=timeout) as client:
            if login:
                client.login("user", login)
            client.send_message(mail)

    return deliver


@pytest.fixture
def outbox(warehouse: Warehouse) -> Iterator[Any]:
    """Three mails that are due."""
    connection = connect("publisher", autocommit=True)
    for recipient in RECIPIENTS:
        put(connection, f"k:{recipient}", recipient, "s", "text", "<p>html</p>", now=NOW)
    yield connection
    connection.close()


def errors(warehouse: Warehouse) -> set[str]:
    return {error for (error,) in warehouse.query("select last_error from ops.outbox where sent_at is null")}


@pytest.mark.fault("A4")
def test_two_hours_without_a_server_lose_and_double_nothing(outbox: Any, warehouse: Warehouse) -> None:
    """Asked every ten minutes, as the DAG mails asks."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    for minutes in range(0, 120, 10):
        assert send_due(outbox, over(closed), NOW + timedelta(minutes=minutes))["waiting"] == 3
    ((attempts,),) = warehouse.query("select max(attempts) from ops.outbox")
    assert 5 <= attempts < 12  # not given up, and the dead server not asked each time
    taker = Taker()
    with server(taker) as port:
        for minutes in range(120, 300, 10):
            counts = send_due(outbox, over(port), NOW + timedelta(minutes=minutes))
    assert counts["waiting"] == 0
    assert len(taker.ids) == len(set(taker.ids)) == 3


@pytest.mark.fault("A4")
def test_a_server_that_hangs_is_left_in_time_and_its_mails_wait(outbox: Any, warehouse: Warehouse) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        counts = send_due(outbox, over(silent.getsockname()[1], timeout=0.5), NOW, seconds=0.8)
        assert time.monotonic() - began < 3
    assert counts["sent"] == 0 and counts["waiting"] == 3 and counts["failed"] < 3
    taker = Taker()
    with server(taker) as port:
        send_due(outbox, over(port), NOW + timedelta(minutes=1))
    assert len(set(taker.ids)) == len(taker.ids) == 3


@pytest.mark.fault("A4", "R17")
def test_a_wrong_password_is_not_in_the_table_and_the_right_one_sends(
    outbox: Any, warehouse: Warehouse
) -> None:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right-Canaria", handled=False)

    taker = Taker()
    with server(taker, authenticator=check, auth_required=True, auth_require_tls=False) as port:
        assert send_due(outbox, over(port, "wrong-Canaria"), NOW)["failed"] == 3
        assert errors(warehouse) == {"SMTPAuthenticationError 535"}
        assert send_due(outbox, over(port, "right-Canaria"), NOW + timedelta(minutes=1))["sent"] == 3
    assert len(taker.ids) == 3


@pytest.mark.fault("A4")
def test_one_rejected_recipient_keeps_nobody_waiting(outbox: Any, warehouse: Warehouse) -> None:
    taker = Taker("b@example.org")
    with server(taker) as port:
        assert send_due(outbox, over(port), NOW) == {"sent": 2, "failed": 1, "waiting": 1}
    assert errors(warehouse) == {"SMTPRecipientsRefused 550"}
    with server(taker) as port:
        assert send_due(outbox, over(port), NOW)["sent"] == 0  # those that were sent are not sent again


def test_a_mail_that_is_sent_again_after_a_crash_has_the_same_message_id(
    outbox: Any, warehouse: Warehouse
) -> None:
    """Between the server's yes and our commit nobody can know: the copy is to be known as one."""
    taker = Taker()
    with server(taker) as port:
        send_due(outbox, over(port), NOW)
        warehouse.query("update ops.outbox set sent_at = null where recipient = 'a@example.org'")
        send_due(outbox, over(port), NOW)
    assert len(taker.ids) == 4 and len(set(taker.ids)) == 3


@pytest.mark.fault("A4")
def test_a_line_cut_before_the_servers_yes_costs_a_copy_that_can_be_known_as_one(outbox: Any) -> None:
    class Cutter(Taker):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            if len(self.taken) == 0:
                server.transport.abort()
            return await super().handle_DATA(server, session, envelope)

    taker = Cutter()
    with server(taker) as port:
        assert send_due(outbox, over(port), NOW) == {"sent": 2, "failed": 1, "waiting": 1}
        assert send_due(outbox, over(port), NOW + timedelta(minutes=1))["sent"] == 1
    assert len(taker.ids) == 4 and len(set(taker.ids)) == 3


@pytest.mark.fault("A4")
def test_the_tasks_own_way_leaves_a_server_that_hangs(
    outbox: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "airflow"))
    from yos_warehouse.orchestration.mail_tasks import deliver

    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel takes the call, nobody says a word
        address = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        settings = "timeout=1&retry_limit=0&disable_ssl=true&disable_tls=true"
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", f"{address}/?{settings}")
        began = time.monotonic()
        assert send_due(outbox, deliver, NOW, seconds=0.5) == {"sent": 0, "failed": 1, "waiting": 3}
        assert time.monotonic() - began < 10


# ---------------------------------------------------------------- what a name may do to a mail

TRICKS = "<script>alert(1)</script>\r\nBcc: evil@example.com\u2028\u202etxt.exe\u200f {{ 7 * 7 }} \"'><img src=//evil>"


@pytest.mark.fault("A9")
def test_names_stay_names_in_header_text_and_html(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst name wherever one comes in: the owner's, the feed's title, a file's, a check's words."""
    from yos_warehouse.telling import alerts, digest, letter, owners

    police = contracts()["police"]
    owner = police.owner.model_copy(update={"name": TRICKS})
    tricked = contracts() | {"police": police.model_copy(update={"title": TRICKS, "owner": owner})}
    for module in (alerts, digest, owners):
        monkeypatch.setattr(module, "contracts", lambda: tricked)
    monkeypatch.setattr(letter, "service_name", lambda: TRICKS)
    run = night.run()
    night.load(run, held=1)
    night.load(run, day="2026-04-01", refused="FILE_NAME", reason=TRICKS)
    night.check(run, TRICKS)
    night.tell(run)
    night.alert(NOW)
    night.compose(NOW)
    rows = night.warehouse.query("select recipient, subject, body, html from ops.outbox")
    assert len(rows) >= 3
    taker = Taker()
    connection = connect("publisher", autocommit=True)
    with server(taker) as port:
        assert send_due(connection, over(port), NOW + timedelta(minutes=1))["waiting"] == 0
    connection.close()
    for content in taker.taken:
        mail = BytesParser(policy=policy.default).parsebytes(content)
        assert mail["Bcc"] is None and len(mail.get_all("Subject")) == 1
        text, html = (part.get_content() for part in mail.iter_parts())
        for words in (mail["Subject"], text, html):
            assert not {"\u202e", "\u200f", "\u2028", "\x1b"} & set(words) and "49" not in words.split()
        assert not any(line.startswith("Bcc:") for line in text.splitlines())
        assert "<script" not in html and "<img" not in html
