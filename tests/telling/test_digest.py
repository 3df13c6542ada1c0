"""The digest: one mail per owner with news, in the partner's words, without a value and without tricks."""

from __future__ import annotations

import pytest

from tests.telling.conftest import Night
from yos_warehouse.sources.contract import contracts

POLICE = "police.data@oakshire.example.org"
FINANCE = contracts()["finance"].owner.email
US = "data.team@oakshire.example.org"


@pytest.mark.fault("A8")
def test_nothing_wrong_means_no_mail(night: Night) -> None:
    run = night.run()
    night.load(run)
    night.check(run, failed=0)
    night.tell(run)
    assert night.compose() == []


@pytest.mark.fault("A8")
def test_an_all_green_mail_can_be_switched_on(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOS_DIGEST_ALL_GREEN", "1")
    night.load(night.run())
    ((recipient, subject, body),) = night.compose()
    assert recipient == POLICE and "all well" in subject and "all taken in" in body


@pytest.mark.fault("A3")
def test_forty_checks_failing_from_one_file_are_one_mail(night: Night) -> None:
    run = night.run()
    night.load(run, held=9)
    for number in range(40):
        night.check(run, f"POL-ARR-{number:02d}")
    night.tell(run)
    ((recipient, subject, body),) = night.compose()
    assert recipient == POLICE
    assert subject == "FICTIONAL: 9 rows held back (Police data desk)"
    assert body.startswith("FICTIONAL DATA.")
    assert "9 held back" in body and "What to do:" in body
    assert all(len(line) <= 78 for line in body.splitlines())


def test_each_owner_gets_what_is_theirs(night: Night) -> None:
    run = night.run("failed")
    night.load(run, held=1)
    night.load(run, feed="finance", refused="CHECKSUM", reason="finance 2026-03-31 is not what it says")
    night.check(run)
    night.check(run, "CODE:cjs_code", entity="charge", owner="us", family="configuration", failed=2)
    night.tell(run)
    mails = {recipient: body for recipient, _, body in night.compose()}
    assert set(mails) == {POLICE, FINANCE, US}
    assert "REFUSED whole" in mails[FINANCE]
    assert "The night of run" in mails[US] and "cjs_code" in mails[US]
    assert "cjs_code" not in mails[POLICE]


def test_composing_again_for_the_same_run_writes_nothing(night: Night) -> None:
    run = night.run()
    night.load(run, held=1)
    night.check(run)
    night.tell(run)
    assert len(night.compose()) == 1
    assert len(night.compose()) == 1


@pytest.mark.fault("A2")
def test_known_trouble_is_repeated_after_a_week_and_not_before(night: Night) -> None:
    run = night.run()
    night.check(run)
    night.tell(run)
    night.compose()
    again = night.run()
    night.check(again)
    night.tell(again)
    assert len(night.compose()) == 1
    night.warehouse.query("update ops.outbox set created_at = now() - interval '8 days'")
    mails = night.compose()
    assert len(mails) == 2
    assert "STILL OPEN" in mails[1][2] and "Known since" in mails[1][2]


@pytest.mark.fault("A7")
def test_what_is_in_order_again_is_said_once(night: Night) -> None:
    run = night.run()
    night.check(run)
    night.tell(run)
    night.compose()
    mended = night.run()
    night.check(mended, failed=0)
    night.tell(mended)
    mails = night.compose()
    assert len(mails) == 2 and "IN ORDER AGAIN" in mails[1][2]
    night.run()
    assert len(night.compose()) == 2


@pytest.mark.fault("F1")
def test_what_is_no_delivery_is_named_once_and_not_by_its_name(night: Night) -> None:
    base = night.warehouse.drops / "police"
    (base / "2026-04-01").mkdir(parents=True)
    (base / "2026-04-01" / "arrests.csv").touch()
    (base / "Secretname.csv").touch()
    for _ in range(2):
        night.tell(night.run())
        mails = night.compose()
    ((recipient, _, body),) = mails
    assert recipient == POLICE
    words = " ".join(body.split())
    assert "1 loose file(s), 2026-04-01 without a manifest" in words and "yos pack" in words
    assert "secretname" not in body.lower()


@pytest.mark.fault("F14")
def test_f14_a_new_column_is_named_once_by_its_place(night: Night) -> None:
    def columns(load_id: int, *places: str) -> None:
        night.warehouse.query(
            "insert into ops.load_entity values (%s, 'arrest', 1, 1, 0, 0, 1, 0, 0, 0, %s)",
            (load_id, list(places)),
        )

    columns(night.load(night.run()), "column 13 of arrests*.csv")
    ((recipient, subject, body),) = night.compose()
    assert recipient == POLICE and "new columns, not read" in subject
    assert "column 13 of arrests*.csv" in " ".join(body.split())
    columns(night.load(night.run(), day="2026-04-01"), "column 13 of arrests*.csv (file 2 of 3 by name)")
    assert len(night.compose()) == 1
    columns(
        night.load(night.run(), day="2026-04-02"), *(f"column {n} of arrests*.csv" for n in range(13, 20))
    )
    body = night.compose()[1][2]
    assert "column 14 of" in body and "column 13 of" not in body and "and 1 more" in body


@pytest.mark.fault("A9")
def test_a_file_name_cannot_add_a_header_or_a_line(night: Night) -> None:
    run = night.run()
    night.load(run, refused="FILE_NAME", reason="x\r\nBcc: evil@example.com\r\n\r\nhello\x1b[2J")
    night.tell(run)
    subject, body = next(mail[1:] for mail in night.compose() if mail[0] == POLICE)
    assert "\n" not in subject and "\r" not in subject
    assert not any(line.startswith("Bcc:") for line in body.splitlines())
    assert "\x1b" not in body and "\r" not in body


def test_only_accepted_addresses_reach_the_outbox(night: Night) -> None:
    from yos_warehouse.errors import YosError
    from yos_warehouse.server.connect import transaction
    from yos_warehouse.telling.outbox import put

    with transaction("publisher") as connection, pytest.raises(YosError, match="BAD_ADDRESS"):
        put(connection, "k", "a@example.org\nBcc: b@example.org", "s", "b")
