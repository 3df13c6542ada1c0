"""Questions about identity are told of in counts: to the data team, at yos status, and to the named person alone."""

from __future__ import annotations

import pytest

from tests.telling.conftest import Night
from tests.telling.test_digest import US
from tests.telling.test_status import look
from yos_warehouse.server.connect import transaction
from yos_warehouse.telling.owners import named_person
from yos_warehouse.telling.protected import compose_protected

NAMED = "protected.identity@oakshire.example.org"


def ask(night: Night, questions: int = 1, *, days: int = 3, why: str = "MIDDLE_WEIGHT") -> None:
    """Questions that wait, the oldest for some days of knowledge."""
    night.warehouse.query(
        "insert into identity.day (day_end, moment, changes) values ('2026-04-01 00:00+01', '2026-03-31 20:00+01', 1)"
        " on conflict do nothing"
    )
    night.warehouse.query(
        "insert into identity.review (a, b, weight, why, since)"
        " select %s || n, 'z' || n, 5, %s, timestamptz '2026-03-31 20:00+01' - make_interval(days => %s)"
        " from generate_series(1, %s) as n",
        (f"{why}{days}", why, days, questions),
    )


def decide(night: Night, verdict: str) -> None:
    night.warehouse.query(
        "insert into identity.override (service_code, feed_a, entity_a, source_id_a, feed_b, entity_b, source_id_b, verdict,"
        " decided_by, reason, decided_at)"
        " select 'x', 'police', 'arrest', 'a' || count(*), 'police', 'arrest', 'b', %s, 'A. Person', 'both know the family',"
        " '2026-03-31' from identity.override",
        (verdict,),
    )


def mails_to_us(night: Night) -> list[tuple[str, str]]:
    return [
        (subject, " ".join(body.split())) for recipient, subject, body in night.compose() if recipient == US
    ]


def protected_mails(night: Night) -> list[tuple[str, str, str]]:
    with transaction("publisher") as connection:
        compose_protected(connection)
    return night.warehouse.query(
        "select recipient, subject, body from ops.outbox where dedupe_key like 'protected%%' order by mail_id"
    )


def test_the_data_team_is_told_how_many_wait_and_for_how_long(night: Night) -> None:
    night.run()
    ask(night, 3, days=9)
    ask(night, 2, days=1)
    ((subject, body),) = mails_to_us(night)
    assert subject == "FICTIONAL: 5 questions about identity (Data team)"
    assert "5 questions about identity waiting, the oldest for 9 days. " in body and "yos review list" in body


def test_decisions_since_the_last_mail_are_counted_once(night: Night) -> None:
    night.run()
    for verdict in ("same", "same", "different"):
        decide(night, verdict)
    night.warehouse.query(
        "update identity.override set revoked_by = 'B', revoked_reason = 'a wrong number', revoked_at = now() where verdict = 'different'"
    )
    ((_, body),) = mails_to_us(night)
    assert "the same child 2, different children 1, taken back 1." in body and "0 questions" in body
    night.run()
    assert len(mails_to_us(night)) == 1  # no new one
    decide(night, "different")
    night.run()
    assert "the same child 0, different children 1, taken back 0." in mails_to_us(night)[-1][1]


def test_what_waits_is_repeated_weekly_and_not_nightly(night: Night) -> None:
    night.run()
    ask(night)
    assert len(mails_to_us(night)) == 1
    night.run()
    assert len(mails_to_us(night)) == 1
    night.warehouse.query("update ops.outbox set created_at = created_at - interval '8 days'")
    night.run()
    assert len(mails_to_us(night)) == 2


@pytest.mark.parametrize(("days", "code"), [(14, 0), (15, 1)])
def test_status_names_a_question_older_than_fourteen_days(night: Night, days: int, code: int) -> None:
    night.run()
    ask(night, 2, days=days)
    lines, found = look(night)
    assert found == code
    assert ("2 questions about identity wait, the oldest for 15 days: yos review list" in lines[-1]) == bool(
        code
    )


def test_protected_identities_are_counted_for_the_named_person_alone(night: Night) -> None:
    night.run()
    night.warehouse.query("update ops.run set as_at = '2026-03-31'")
    ask(night, 2, days=30, why="PROTECTED")
    assert mails_to_us(night) == [] and look(night)[1] == 0
    ((recipient, subject, body),) = protected_mails(night)
    person = named_person()
    assert person is not None and recipient == person.email == NAMED
    assert (
        subject.startswith("FICTIONAL: ")
        and "2 questions wait for you" in body
        and "--as-named-person" in body
    )
    assert len(protected_mails(night)) == 1  # once in a week
    night.warehouse.query("update ops.run set as_at = '2026-04-06'")
    assert len(protected_mails(night)) == 2


def test_nothing_waits_no_mail_to_the_named_person(night: Night) -> None:
    night.run()
    night.warehouse.query("update ops.run set as_at = '2026-03-31'")
    ask(night)
    assert protected_mails(night) == []
