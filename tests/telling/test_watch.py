"""The watch: from outside, by itself, once per thing, and once when it is over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.telling.conftest import MailServer, Night
from yos_warehouse.cli import main
from yos_warehouse.errors import UsageError
from yos_warehouse.server.connect import connect, transaction
from yos_warehouse.telling.mail_server import mail_server as server_of_environment
from yos_warehouse.telling.outbox import put, send_due
from yos_warehouse.telling.watch import look, look_and_tell

# Summer: seven in London is six in UTC.
DEADLINE = datetime(2026, 6, 2, 6, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Post:
    """What the watch handed over; ``is_down`` while the mail server is."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.is_down = False

    def __call__(self, mail: EmailMessage) -> None:
        if self.is_down:
            raise ConnectionRefusedError
        self.mails.append(mail)

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


@pytest.fixture
def post(night: Night, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Post:
    """The watch's memory in a place of its own; an Airflow that does not answer."""
    from yos_warehouse.telling import watch

    monkeypatch.setattr(watch, "_memory_file", lambda: tmp_path / "watch.json")
    monkeypatch.setenv("YOS_AIRFLOW_URL", "http://127.0.0.1:9")
    return Post()


def publish(night: Night, at: datetime) -> None:
    """A whole night, published at a moment."""
    run = night.run()
    night.publish(run, "children", "finance")
    night.warehouse.query(
        "update ops.run set started_at = %s, finished_at = %s where run_id = %s", (at, at, run)
    )
    night.warehouse.query("update marts.publication set published_at = %s where run_id = %s", (at, run))


def send(deliver: Callable[[EmailMessage], None], now: datetime) -> dict[str, int]:
    connection = connect("publisher", autocommit=True)
    try:
        return send_due(connection, deliver, now)
    finally:
        connection.close()


@pytest.mark.fault("A6", "A7")
def test_a_night_that_never_began_is_mailed_within_five_minutes_and_its_end_too(
    night: Night, post: Post
) -> None:
    publish(night, DEADLINE - 27 * HOUR)  # the night before; then the scheduler stood still
    assert look_and_tell(post, DEADLINE + 4 * MINUTE) == 0 and post.mails == []
    for minutes in (5, 6, 300, 1439):
        assert look_and_tell(post, DEADLINE + minutes * MINUTE) == 1
    assert post.subjects == ["FICTIONAL: URGENT: no night was published (Data team)"]
    body = post.mails[0].get_body(("plain",))
    assert body is not None
    words = " ".join(body.get_content().split())
    assert "children and finance" in words and "Airflow does not answer" in words and "no-night" in words
    publish(night, DEADLINE + 24 * HOUR)
    for minutes in (1441, 1442):
        assert look_and_tell(post, DEADLINE + minutes * MINUTE) == 0
    assert post.subjects[1:] == ["FICTIONAL: In order again: no night was published (Data team)"]


@pytest.mark.fault("A8")
def test_a_good_morning_and_a_warehouse_without_any_night_are_silent(night: Night, post: Post) -> None:
    assert look_and_tell(post, DEADLINE + HOUR) == 0
    publish(night, DEADLINE - 2 * HOUR)
    assert look_and_tell(post, DEADLINE + HOUR) == 0
    assert post.mails == []
    assert night.warehouse.query("select component, beat_at from ops.heartbeat") == [
        ("watch", DEADLINE + HOUR)
    ]


@pytest.mark.fault("A1", "A6")
def test_what_the_usual_way_has_told_is_not_told_twice_while_it_works(night: Night, post: Post) -> None:
    publish(night, DEADLINE - 27 * HOUR)
    failed = night.run("failed")
    night.warehouse.query("update ops.run set started_at = %s where run_id = %s", (DEADLINE - HOUR, failed))
    night.alert(DEADLINE - 30 * MINUTE)
    assert look(DEADLINE + 5 * MINUTE).troubles.keys() == {"night"}  # written, but nobody has it
    send(post, DEADLINE)
    assert look(DEADLINE + 5 * MINUTE).troubles == {}
    assert look(DEADLINE + 2 * HOUR).troubles.keys() == {"night"}  # the sender is not heard any more


@pytest.mark.fault("A4", "A6")
def test_a_sender_without_a_sign_of_life_is_told_when_mails_wait(night: Night, post: Post) -> None:
    publish(night, DEADLINE - 2 * HOUR)
    send(post, DEADLINE - 2 * HOUR)
    assert look(DEADLINE).troubles == {}
    with transaction("publisher") as connection:
        put(connection, "k", "a@example.org", "s", "b", now=DEADLINE - 90 * MINUTE)
    assert look_and_tell(post, DEADLINE) == 1
    assert "mails are not sent" in post.subjects[0]
    send(post, DEADLINE + MINUTE)
    assert look_and_tell(post, DEADLINE + 2 * MINUTE) == 0
    assert "In order again: mails are not sent" in post.subjects[-1]


@pytest.mark.fault("A4", "A6")
def test_a_watch_whose_mail_is_not_taken_tries_again_and_forgets_nothing(
    night: Night, post: Post, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(night, DEADLINE - 27 * HOUR)
    post.is_down = True
    assert look_and_tell(post, DEADLINE + 5 * MINUTE) == 1
    assert "ConnectionRefusedError" in capsys.readouterr().err
    post.is_down = False
    assert look_and_tell(post, DEADLINE + 6 * MINUTE) == 1 and len(post.mails) == 1
    assert (tmp_path / "watch.json").stat().st_mode & 0o777 == 0o600
    publish(night, DEADLINE + HOUR)
    post.is_down = True
    assert look_and_tell(post, DEADLINE + 2 * HOUR) == 1  # over, and not said yet
    post.is_down = False
    assert look_and_tell(post, DEADLINE + 3 * HOUR) == 0 and len(post.mails) == 2


@pytest.mark.fault("A6")
def test_a_database_that_is_away_is_told_and_is_not_started(
    night: Night, post: Post, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publish(night, DEADLINE - 27 * HOUR)
    assert look_and_tell(post, DEADLINE + HOUR) == 1
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("YOS_DATABASE_URL", "postgresql://postgres:x@127.0.0.1:9/postgres")
        for hours in (2, 3):
            assert look_and_tell(post, DEADLINE + hours * HOUR) == 1
        elsewhere.delenv("YOS_DATABASE_URL")
        elsewhere.setenv("YOS_VAR_DIR", str(tmp_path / "empty"))
        assert look(DEADLINE).troubles.keys() == {"database"}
        assert not (tmp_path / "empty").exists()
    assert [subject.split(" (")[0] for subject in post.subjects] == [
        "FICTIONAL: URGENT: no night was published",
        "FICTIONAL: URGENT: the database does not answer",
    ]
    publish(night, DEADLINE + 4 * HOUR)
    assert look_and_tell(post, DEADLINE + 5 * HOUR) == 0
    assert "In order again" in post.subjects[2] and len(post.mails) == 3


def test_a_memory_that_cannot_be_read_is_as_none(night: Night, post: Post, tmp_path: Path) -> None:
    publish(night, DEADLINE - 27 * HOUR)
    for spoilt in ("", "{", "[]", '{"told": {"night": 3}}', '{"told": []}'):
        (tmp_path / "watch.json").write_text(spoilt)
        assert look_and_tell(post, DEADLINE + HOUR) == 1
    assert len(post.mails) == 5


@pytest.mark.fault("A6")
def test_the_command_hands_its_mail_over_by_itself(
    night: Night, post: Post, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOS_MAIL_PORT", str(mail_server.port))
    publish(night, datetime.now(UTC) - timedelta(days=3))
    assert [main(["watch", "--once"]), main(["watch", "--once"])] == [1, 1]
    (mail,) = mail_server.mails()
    assert b"To: data.team@oakshire.example.org" in mail and b"Subject: FICTIONAL: URGENT" in mail


@pytest.mark.parametrize(
    "given",
    [
        "smtp://me:s%40crt@mail.example.org:2525/?from_email=w%40example.org&timeout=4&disable_ssl=true&disable_tls=true",
        json.dumps(
            {
                "conn_type": "smtp", "host": "mail.example.org", "port": 2525, "login": "me", "password": "s@crt",
                "extra": {"from_email": "w@example.org", "timeout": 4, "disable_ssl": True, "disable_tls": True},
            }
        ),
    ],
)  # fmt: skip
def test_airflows_connection_means_the_same_without_airflow(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", given)
    found = server_of_environment()
    assert (found.host, found.port, found.user, found.password) == ("mail.example.org", 2525, "me", "s@crt")
    assert (found.sender, found.has_ssl, found.has_starttls, found.seconds) == (
        "w@example.org",
        False,
        False,
        4,
    )
    assert "s@crt" not in repr(found)


@pytest.mark.parametrize("given", ["{", "smtp://", "smtp://s3cret@host:port", '{"host": "h", "extra": 3}'])
def test_a_connection_that_cannot_be_read_is_said_without_repeating_it(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", given)
    with pytest.raises(UsageError, match="SMTP_CONNECTION") as refused:
        server_of_environment()
    assert "s3cret" not in str(refused.value)


# ---------------------------------------------------------------- who has taken it on


@pytest.mark.fault("A2")
def test_who_takes_an_incident_on_is_listed_and_no_reminder_comes(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["incidents"]) == 0 and "Nothing is open." in capsys.readouterr().out
    night.run("failed")
    now = datetime.now(UTC)
    night.alert(now)
    ((number,),) = night.warehouse.query("select incident_id from ops.incident")
    assert main(["incidents", "ack", str(number), "--by", "A. Person"]) == 0
    capsys.readouterr()
    assert main(["incidents"]) == 0
    told = capsys.readouterr().out
    assert f"{number}  P1" in told and "RUN_FAILED" in told and "A. Person is at it" in told
    assert [kind for kind, _, _ in night.alert(now + 9 * HOUR)] == ["incident"]


def test_only_what_is_open_is_taken_on_and_all_or_none(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    night.run("failed")
    night.alert()
    ((number,),) = night.warehouse.query("select incident_id from ops.incident")
    assert main(["incidents", "ack", str(number), "999", "--by", "A. Person"]) == 2
    assert main(["incidents", "ack", str(number), "--by", "\n"]) == 2
    assert night.warehouse.query("select acknowledged_by from ops.incident") == [(None,)]
    assert main(["incidents", "ack", str(number), "--by", "A\r\n\x1b[2J\u202ePerson"]) == 0
    assert main(["incidents"]) == 0
    assert not {"\x1b", "\r", "\u202e"} & set(capsys.readouterr().out)
