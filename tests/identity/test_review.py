"""Questions about identity at the command line: who sees what, what is kept of a look, and what a decision does. All FICTIONAL."""

from __future__ import annotations

import re
import stat

import psycopg2
import pytest

from tests.identity.conftest import PNC_A, PNC_B
from yos_warehouse.cli import main
from yos_warehouse.settings import var_dir
from yos_warehouse.telling.owners import named_person

WHY = "weekly review of identity"
REASON = "both workers know the family"


@pytest.fixture
def asked(people):
    """One child by name, date of birth and address, with two PNC ids, and a third record that is nearly the same."""
    people.add(
        "case_system",
        "person",
        "1",
        "KAYLEIGH",
        "CANARYBIRD",
        "2010-01-05",
        PNC_A,
        postcode="ZZ99 1AA",
        sex="2",
        is_protected=False,
    )
    people.add(
        "police",
        "arrest",
        "a",
        "KAYLEIGH",
        "CANARYBIRD",
        "2010-01-05",
        PNC_B,
        postcode="ZZ99 1AA",
        sex="2",
        is_protected=None,
    )
    people.night()
    return people


@pytest.fixture
def protected(people):
    """An adopted child under a new name with the UPN of the earlier one."""
    people.add(
        "case_system",
        "person",
        "1",
        "KAYLEIGH",
        "CANARYBIRD",
        "2010-01-05",
        upn="A999000100001",
        is_protected=False,
    )
    people.add(
        "case_system", "person", "2", "MOLLY", "NEWNAME", "2010-01-05", upn="A999000100001", is_protected=True
    )
    people.night()
    return people


def published(people, as_at="2026-03-31"):
    people.warehouse.query(
        "insert into marts.publication (unit, as_at, is_fictional, run_id, build_schema, kind, rows_changed, data_dates)"
        " values ('children', %s, true, %s, 'build_1', 'publish', 0, '{}')",
        (as_at, people.run_id),
    )


def number(people):
    found = people.warehouse.query("select min(review_id) from identity.review where until is null")[0][0]
    return str(found)


def looks(people):
    return people.warehouse.query(
        "select what, review_id::text, purpose, rows_returned from restricted.access_log order by access_id",
        role="auditor",
    )


def test_the_list_names_the_question_and_nobody(asked, capsys):
    assert main(["review", "list"]) == 0
    said = capsys.readouterr().out
    assert (
        "FICTIONAL" in said
        and "case_system and police: one child by everything else, with two PNC ids" in said
    )
    assert "0 days" in said and re.search(rf"\b{number(asked)}\b", said)
    assert "CANARYBIRD" not in said and PNC_A not in said
    assert looks(asked) == []


def test_a_look_shows_both_records_and_is_logged(asked, capsys):
    assert main(["review", "show", number(asked), "--purpose", WHY]) == 0
    said = capsys.readouterr().out
    assert said.count("CANARYBIRD") == 2 and PNC_A in said and PNC_B in said
    assert "final score" in said
    assert looks(asked) == [("review", number(asked), WHY, 2)]


def test_the_page_is_the_owners_alone_and_fetches_nothing(asked, capsys):
    main(["review", "show", number(asked), "--purpose", WHY])
    path = var_dir() / "review" / f"question-{number(asked)}.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    page = path.read_text("utf-8")
    assert "default-src 'none'" in page and "FICTIONAL" in page and page.count("CANARYBIRD") >= 2
    assert (
        "vegaEmbed(" in page and '"actions": false' in page
    )  # Splink's chart, without the menu that sends it elsewhere
    for fetched in (r"<link", r"<script[^>]*\bsrc", r"<iframe", r"@import", r"url\(\s*['\"]?http"):
        assert not re.search(fetched, page), fetched


def test_a_look_needs_a_purpose_and_a_question_that_waits(asked, capsys):
    assert main(["review", "show", number(asked), "--purpose", "short"]) == 2
    assert main(["review", "show", "999", "--purpose", WHY]) == 2
    said = capsys.readouterr().err
    assert "PURPOSE" in said and "REVIEW" in said and "CANARYBIRD" not in said
    assert looks(asked) == []


def test_the_next_best_candidate_is_shown_too(asked, capsys):
    asked.add(
        "case_system",
        "person",
        "2",
        "KAYLEIGH",
        "CANARYBIRD",
        "2010-01-06",
        "2090/0000003Z",
        postcode="ZZ99 1AA",
        on="2026-03-02",
    )
    asked.night()
    assert main(["review", "show", number(asked), "--purpose", WHY]) == 0
    said = capsys.readouterr().out
    assert "next best for the first" in said and "next best for the second" in said and "2010-01-06" in said
    assert "case_system person 2" in said


def test_a_decision_joins_in_the_next_night_and_is_taken_back(asked, capsys):
    published(asked)
    before = asked.keys()
    assert len(set(before.values())) == 2
    question = number(asked)
    assert main(["review", "decide", question, "same", "--by", "A. Person", "--reason", REASON]) == 0
    decision = re.search(r"Decision (\d+)", capsys.readouterr().out)
    assert decision
    assert asked.keys() == before
    assert len(set(asked.night().values())) == 1
    assert asked.warehouse.query("select outcome from identity.review") == [("SAME",)]
    main(["review", "list"])
    assert "None." in capsys.readouterr().out
    main(["review", "list", "--decisions"])
    assert "same" in capsys.readouterr().out
    assert (
        main(["review", "revoke", decision[1], "--by", "A. Person", "--reason", "a wrong number was typed"])
        == 0
    )
    assert asked.night() == before
    assert (
        main(["review", "revoke", decision[1], "--by", "A. Person", "--reason", "a wrong number was typed"])
        == 2
    )
    whats = [
        what
        for (what,) in asked.warehouse.query(
            "select what from ops.identity_decision order by recorded_at", role="auditor"
        )
    ]
    assert whats == ["same", "revoked"]


def test_different_closes_the_question(asked, capsys):
    published(asked)
    assert (
        main(["review", "decide", number(asked), "different", "--by", "A. Person", "--reason", REASON]) == 0
    )
    asked.night()
    assert asked.warehouse.query("select outcome from identity.review") == [("DIFFERENT",)]


def test_a_question_that_does_not_wait_cannot_be_decided(asked, capsys):
    assert main(["review", "decide", "999", "same", "--by", "A. Person", "--reason", REASON]) == 2
    assert main(["review", "decide", number(asked), "same", "--by", "A. Person", "--reason", "short"]) == 2
    assert asked.warehouse.query("select count(*) from identity.override") == [(0,)]


# ---------------------------------------------------------------- protected identities


def test_nobody_but_the_named_person_sees_the_tie(protected, capsys):
    question = number(protected)
    assert protected.warehouse.query("select why from identity.review") == [("PROTECTED",)]
    assert main(["review", "list"]) == 0
    assert "None." in capsys.readouterr().out
    assert main(["review", "show", question, "--purpose", WHY]) == 2
    assert main(["review", "decide", question, "same", "--by", "A. Person", "--reason", REASON]) == 2
    said = capsys.readouterr()
    assert "CANARYBIRD" not in said.out + said.err and "NEWNAME" not in said.out + said.err
    for role in ("auditor", "publisher"):
        assert protected.warehouse.query(
            "select questions, oldest_days from ops.review_queue", role=role
        ) == [(0, 0)]


def test_no_role_of_a_report_tool_is_the_named_person(protected):
    for call in (
        "list_reviews(true)",
        "list_decisions(true)",
        f"read_review({number(protected)}, '{WHY}', 'me', true)",
    ):
        with pytest.raises(psycopg2.Error, match="PROTECTED"):
            protected.warehouse.query(f"select * from restricted.{call}", role="practitioner")
        for role in ("analyst", "finance", "auditor", "publisher"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                protected.warehouse.query(f"select * from restricted.{call}", role=role)
    assert looks(protected) == []


def test_the_named_person_sees_and_decides_and_nobody_else_hears_of_it(protected, capsys):
    published(protected)
    question, before = number(protected), protected.keys()
    name = named_person().name
    assert main(["review", "list", "--as-named-person"]) == 0
    assert "a protected identity" in capsys.readouterr().out
    assert main(["review", "show", question, "--purpose", WHY, "--as-named-person"]) == 0
    said = capsys.readouterr().out
    assert "CANARYBIRD" in said and "NEWNAME" in said
    assert looks(protected) == [("protected_review", question, WHY, 2)]
    decide = ["review", "decide", question, "same", "--reason", REASON, "--as-named-person", "--by"]
    assert main([*decide, "A. Person"]) == 2
    assert main([*decide, name]) == 0
    assert len(set(protected.night().values())) == 1
    capsys.readouterr()
    main(["review", "list", "--decisions"])
    assert "None." in capsys.readouterr().out
    assert protected.warehouse.query("select count(*) from ops.identity_decision", role="publisher") == [(0,)]
    ((decision,),) = protected.warehouse.query("select override_id from identity.override")
    revoke = ["review", "revoke", str(decision), "--reason", "a wrong number was typed", "--by", name]
    assert main(revoke) == 2
    assert main([*revoke, "--as-named-person"]) == 0
    assert protected.night() == before


# ---------------------------------------------------------------- what it did


def test_the_keys_of_before_a_run_can_be_asked_for(asked, capsys):
    """The change report builds figures with them; nobody else sees them."""
    published(asked)
    before = asked.keys()
    main(["review", "decide", number(asked), "same", "--by", "A. Person", "--reason", REASON])
    after = asked.night()
    connection = asked.warehouse.connect("transformer")
    mapped = "select feed || ' ' || source_id, person_key from identity.person_key_map where until is null"
    with connection.cursor() as cursor:
        cursor.execute(mapped)
        assert dict(cursor.fetchall()) == after != before
        cursor.execute(f"set yos.keys_before_run = '{asked.run_id}'")
        cursor.execute(mapped)
        assert dict(cursor.fetchall()) == before
        cursor.execute("select records from identity.keys_moved")
        assert cursor.fetchall() == [(1,)]
    connection.close()
    capsys.readouterr()
    assert main(["review", "changes"]) == 0
    said = capsys.readouterr().out
    assert "1 keys merged" in said and "merge   1 record from" in said and "CANARYBIRD" not in said
    assert "No reoffending figure changed." in said


def test_a_night_without_a_merge_has_no_change_report(asked, capsys):
    assert main(["review", "changes"]) == 2
    assert "RUN" in capsys.readouterr().err


def test_keys_of_a_protected_identity_are_in_no_change_report(protected, capsys):
    published(protected)
    main(
        [
            "review",
            "decide",
            number(protected),
            "same",
            "--reason",
            REASON,
            "--as-named-person",
            "--by",
            named_person().name,
        ]
    )
    keys = set(protected.keys().values())
    assert len(set(protected.night().values())) == 1
    capsys.readouterr()
    main(["review", "changes"])
    said = capsys.readouterr().out
    assert not [key for key in keys if str(key) in said]
