"""Alerts: what cannot wait is told at once, once, to who can mend it; reminded of once; and said to be over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.telling.conftest import Night
from yos_warehouse.server.connect import transaction
from yos_warehouse.telling.incidents import check_deadline

POLICE = "police.data@oakshire.example.org"
US = "data.team@oakshire.example.org"
NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REFUSED = "police 2026-03-31, arrests.csv is not what the manifest says"


def held(night: Night, run_id: int, rule: str = "HELD_TEST_FAILED", unit: str = "finance") -> None:
    """A unit that the audit held back."""
    night.warehouse.query(
        "insert into ops.check_result (run_id, checked_by, rule_code, entity, unit, family, severity, owner, outcome)"
        " values (%s, 'warehouse', %s, 'x', %s, 'integrity', 'error', 'warehouse', 'failed')",
        (run_id, rule, unit),
    )


def kinds(mails: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(kind, recipient) for kind, recipient, _ in mails]


@pytest.mark.fault("A1", "A2", "A7")
def test_a_failed_night_is_one_mail_one_reminder_and_one_recovery(night: Night) -> None:
    night.run("failed")
    mails = night.alert(NOW)
    assert mails == [("incident", US, "FICTIONAL: URGENT: the night failed (Data team)")]
    assert night.alert(NOW + 3 * HOUR) == mails
    for hours in (5, 6, 200):
        mails = night.alert(NOW + hours * HOUR)
        assert kinds(mails) == [("incident", US), ("reminder", US)]
    night.run("failed")  # fails again: the same thing, no other mail
    assert len(night.alert(NOW + 201 * HOUR)) == 2
    night.run()
    for hours in (202, 203):
        mails = night.alert(NOW + hours * HOUR)
        assert kinds(mails) == [("incident", US), ("reminder", US), ("recovery", US)]
    assert "In order again: the night failed" in mails[-1][2]


@pytest.mark.fault("A3")
def test_what_one_run_found_for_one_owner_is_one_mail_when_it_is_over(night: Night) -> None:
    run = night.run("running")
    for number in range(40):
        held(night, run, f"HELD_{number:02d}")
    night.tell(run)
    assert night.alert() == []
    night.warehouse.query("update ops.run set state = 'failed'")
    ((kind, recipient, subject),) = night.alert()
    assert (kind, recipient) == ("incident", US)
    assert "finance was not published, and 39 more things" in subject
    assert night.warehouse.query("select count(*), count(told_at) from ops.incident") == [(40, 40)]
    night.alert()
    assert night.warehouse.query("select count(*) from ops.outbox") == [(1,)]


@pytest.mark.fault("A2", "A7", "F2")
def test_a_refused_delivery_is_told_to_its_owner_and_followed_up_by_the_data_team(night: Night) -> None:
    run = night.run()
    night.load(run, refused="CHECKSUM", reason=REFUSED)
    night.tell(run)
    assert kinds(night.alert(NOW)) == [("incident", POLICE)]
    digests = night.compose(NOW)
    assert [recipient for recipient, _, _ in digests] == [POLICE, US]  # the first is the mail of its own
    assert "TOLD TO THEIR OWNERS" in digests[1][2]
    night.run()
    assert len(night.compose(NOW + DAY)) == 2  # said once
    assert kinds(night.alert(NOW + 6 * DAY))[-1] != ("reminder", POLICE)
    assert kinds(night.alert(NOW + 8 * DAY))[-1] == ("reminder", POLICE)
    corrected = night.run()
    night.load(corrected)
    night.tell(corrected)
    mails = night.alert(NOW + 9 * DAY)
    assert mails[-1][:2] == ("recovery", POLICE) and "In order again" in mails[-1][2]
    assert len(night.compose(NOW + 9 * DAY)) == 4  # a recovery that was told is no news of the digest


def test_a_second_refusal_of_the_same_kind_is_in_the_digest(night: Night) -> None:
    first = night.run()
    night.load(first, refused="CHECKSUM", reason=REFUSED)
    night.tell(first)
    night.alert(NOW)
    second = night.run()
    night.load(second, day="2026-04-01", refused="CHECKSUM", reason=REFUSED)
    night.tell(second)
    assert len(night.alert(NOW + DAY)) == 1
    assert [recipient for recipient, _, _ in night.compose(NOW + DAY)] == [POLICE, POLICE, US]


def test_who_acknowledges_is_not_reminded(night: Night) -> None:
    night.run("failed")
    night.alert(NOW)
    night.warehouse.query("update ops.incident set acknowledged_at = now(), acknowledged_by = 'A. Person'")
    assert len(night.alert(NOW + DAY)) == 1


def test_a_p1_is_in_the_digest_each_day_also_when_no_night_comes(night: Night) -> None:
    night.run("failed")
    night.alert(NOW)
    for days in (0, 1, 1, 2):
        night.compose(NOW + days * DAY)
    sent = night.warehouse.query("select dedupe_key from ops.outbox where kind = 'digest' order by mail_id")
    assert len(sent) == 3


def test_rows_held_back_wait_for_the_digest(night: Night) -> None:
    run = night.run()
    night.load(run, held=3)
    night.check(run)
    night.tell(run)
    assert night.alert() == []
    assert night.warehouse.query("select priority from ops.incident") == [("P3",)]


@pytest.mark.fault("R11")
def test_a_check_that_broke_is_urgent_for_us_and_over_when_it_runs_again(night: Night) -> None:
    run = night.run()
    night.warehouse.query(
        "insert into ops.check_result (run_id, checked_by, rule_code, feed, entity, family, severity, owner, outcome)"
        " values (%s, 'great_expectations', 'REQUIRED:asn', 'police', 'arrest', 'value', 'error', 'partner', 'error')",
        (run,),
    )
    night.tell(run)
    ((_, recipient, subject),) = night.alert()
    assert recipient == US and "a check could not be run" in subject
    again = night.run()
    night.check(again, failed=2)
    assert night.tell(again) == {"opened": 1, "kept": 0, "closed": 1}
    assert kinds(night.alert())[-1] == ("recovery", US)


@pytest.mark.fault("A5", "R2")
def test_a_run_that_died_without_an_end_is_a_failed_run(night: Night) -> None:
    run = night.run("running")
    assert night.alert() == []  # it shows signs of life
    night.warehouse.query(
        "update ops.run set heartbeat_at = now() - interval '1 hour' where run_id = %s", (run,)
    )
    ((kind, recipient, _),) = night.alert()
    assert (kind, recipient) == ("incident", US)
    ((words,),) = night.warehouse.query("select words from ops.incident")
    assert "stopped without an end" in words


def deadline(night: Night, now: datetime) -> bool:
    with transaction("publisher") as connection:
        return check_deadline(connection, now)


@pytest.mark.fault("A5")
def test_a_deadline_that_is_missed_is_one_mail_and_over_with_the_publication(night: Night) -> None:
    tomorrow = (NOW + DAY).date()
    before = datetime(tomorrow.year, tomorrow.month, tomorrow.day, 6, tzinfo=UTC)
    run = night.run("running")
    night.warehouse.query("update ops.run set heartbeat_at = now() + interval '2 days'")
    assert not deadline(night, before)
    for minutes in (61, 70):
        assert deadline(night, before + timedelta(minutes=minutes))
        mails = night.alert(before + timedelta(minutes=minutes))
    assert [mail[2] for mail in mails] == ["FICTIONAL: URGENT: the night has not published (Data team)"]
    assert night.warehouse.query("select words from ops.incident") == [
        ("Not published by 07:00: children and finance; the figures of the day before stay",)
    ]
    night.publish(run, "children", "finance")
    night.warehouse.query("update marts.publication set published_at = %s", (before + timedelta(hours=2),))
    assert kinds(night.alert(before + timedelta(hours=3)))[-1] == ("recovery", US)
    assert not deadline(night, before + timedelta(hours=3))


def test_a_night_that_failed_has_told_why_nothing_is_published(night: Night) -> None:
    night.run("failed")
    night.alert(NOW)
    tomorrow = (NOW + DAY).date()
    assert not deadline(night, datetime(tomorrow.year, tomorrow.month, tomorrow.day, 12, tzinfo=UTC))


def test_the_mails_are_text_and_html_of_the_same_content(night: Night) -> None:
    run = night.run()
    night.load(run, refused="CHECKSUM", reason=REFUSED)
    night.tell(run)
    night.alert()
    ((text, html),) = night.warehouse.query("select body, html from ops.outbox")
    for words in (REFUSED, "What to do:", "runbooks/checksum", "feeds/police", "FICTIONAL"):
        assert words in " ".join(text.split()) and words in html
    assert "<script" not in html and "src=" not in html and "@import" not in html
    assert all(len(line) <= 78 for line in text.splitlines())
