"""The education early warning: counts to the team's manager alone, the list to a practitioner. All children FICTIONAL."""

from __future__ import annotations

from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from tests.build.figures import CASES, Figures, Warned, set_up_figures
from tests.telling.conftest import MailServer
from tests.telling.test_outbox import over, send
from yos_warehouse.cli import main
from yos_warehouse.errors import YosError
from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling import owners

MARCH = date(2026, 3, 31)  # Tuesday of 2026-W14
NORTH, SOUTH = "north.manager@oakshire.example.org", "south.manager@oakshire.example.org"
WHY = "weekly review of education"


@pytest.fixture
def figures(warehouse) -> Figures:
    return set_up_figures(warehouse)


def publish(figures: Figures, *warned: Warned, as_at: date = MARCH) -> None:
    """A night with these rows on the list."""
    figures.warned = warned
    figures.night(CASES, as_at)


def compose(figures: Figures) -> list[tuple[str, str, str, str]]:
    """Write the mails as publisher; key, recipient, subject and body of all in the outbox."""
    from yos_warehouse.server.connect import transaction
    from yos_warehouse.telling.attention import compose_early_warnings

    with transaction("publisher") as connection:
        compose_early_warnings(connection)
    return figures.warehouse.query(
        "select dedupe_key, recipient, subject, body from ops.outbox order by mail_id"
    )


def several(code: str, children: int, team: str = "NORTH", first: int = 1) -> list[Warned]:
    return [Warned(first + n, code, team) for n in range(children)]


# ---------------------------------------------------------------- the mail


def test_one_to_four_are_fewer_than_five_and_nobody_is_none(figures: Figures) -> None:
    publish(
        figures, *several("ORDER_ENDING", 1), *several("NO_RECORD", 4), *several("PART_TIME_TIMETABLE", 5),
        *several("LAPSED_ACTIVITY", 1200),
    )  # fmt: skip
    ((_, _, subject, body),) = compose(figures)
    words = " ".join(body.split())
    assert "fewer than 5: children whose order ends within 60 days" in words
    assert "fewer than 5: children of whom neither school" in words
    assert "- 5: children with a part-time timetable" in words
    assert "1,200: children whose last activity" in words
    assert "none: children of whom two records contradict" in words
    assert not any(character.isdigit() for character in subject.replace("31 March 2026", ""))
    assert all(len(line) <= 78 for line in body.splitlines())


def test_a_child_with_two_rows_of_a_kind_is_one_child(figures: Figures) -> None:
    twice = [Warned(n, "CONFLICT", due=day) for n in range(4) for day in (date(2026, 1, 1), date(2026, 2, 1))]
    publish(figures, *twice)
    assert "fewer than 5: children of whom two" in " ".join(compose(figures)[0][3].split())


def test_each_manager_is_told_of_the_own_team_and_nobody_else_of_any(figures: Figures) -> None:
    publish(
        figures, *several("NO_RECORD", 7), *several("NO_RECORD", 9, "SOUTH", 50), Warned(99, team="NOT_KNOWN")
    )
    mails = {recipient: subject + body for _, recipient, subject, body in compose(figures)}
    assert set(mails) == {NORTH, SOUTH}
    assert "- 7: children" in mails[NORTH] and "South" not in mails[NORTH] and "9" not in mails[NORTH]
    assert "- 9: children" in mails[SOUTH] and "North" not in mails[SOUTH] and "7" not in mails[SOUTH]
    assert "yos attention --team NORTH --purpose" in mails[NORTH]
    partners = {contract.owner.email for contract in contracts().values()}
    assert not partners & set(mails)


def test_a_team_with_nobody_to_look_at_gets_no_mail(figures: Figures) -> None:
    publish(figures, Warned(1))
    assert [recipient for _, recipient, _, _ in compose(figures)] == [NORTH]


def test_before_the_first_publication_there_is_no_mail(figures: Figures) -> None:
    assert compose(figures) == []


def test_once_in_the_week_of_the_published_day(figures: Figures) -> None:
    publish(figures, Warned(1), as_at=date(2026, 3, 30))
    compose(figures)
    for sunday in (MARCH, date(2026, 4, 5)):
        publish(figures, *several("NO_RECORD", 6), as_at=sunday)
        assert len(compose(figures)) == 1
    publish(figures, *several("NO_RECORD", 6), as_at=date(2026, 4, 6))
    assert [key for key, *_ in compose(figures)] == [
        "eet-attention:NORTH:2026-W14",
        "eet-attention:NORTH:2026-W15",
    ]


def test_the_week_belongs_to_its_own_year(figures: Figures) -> None:
    publish(figures, Warned(1), as_at=date(2027, 1, 3))
    assert compose(figures)[0][0] == "eet-attention:NORTH:2026-W53"


def test_it_says_fictional_when_it_is(figures: Figures) -> None:
    publish(figures, Warned(1))
    figures.warehouse.query("update marts.publication set is_fictional = true")
    ((_, _, subject, body),) = compose(figures)
    assert subject == "FICTIONAL: Education early warning for the North team, as at 31 March 2026"
    assert body.startswith("FICTIONAL DATA.")
    figures.warehouse.query("update marts.publication set is_fictional = false")
    figures.warehouse.query("delete from ops.outbox")
    ((_, _, subject, body),) = compose(figures)
    assert "FICTIONAL" not in subject + body


def test_it_arrives_in_the_right_mailboxes_with_nobody_in_it(
    figures: Figures, mail_server: MailServer
) -> None:
    publish(figures, *several("CONFLICT", 3), *several("NO_RECORD", 6, "SOUTH", 4000))
    compose(figures)
    assert send(over(mail_server.port)) == {"sent": 2, "failed": 0, "waiting": 0}
    assert send(over(mail_server.port))["sent"] == 0
    mails = [BytesParser(policy=policy.default).parsebytes(content) for content in mail_server.mails()]
    assert sorted(str(mail["To"]) for mail in mails) == [NORTH, SOUTH]
    for mail in mails:
        assert isinstance(mail, EmailMessage) and mail["Cc"] is None and mail["Bcc"] is None
        assert mail.get_content_type() == "text/plain"
        text = mail.as_string()
        for word in ("Canarybird", "Child1", "CMS", "4000", "Alderbrook"):
            assert word not in text


# ---------------------------------------------------------------- managers


def wrong(tmp_path, monkeypatch, team: str) -> str:
    (tmp_path / "oakshire_rushmere.yml").write_text(f"teams:\n  - {team}\n", "utf-8")
    monkeypatch.setattr(owners, "SERVICES_DIR", tmp_path)
    with pytest.raises(YosError) as refused:
        owners.teams()
    assert refused.value.code == "SERVICE"
    return str(refused.value)


def test_a_team_that_is_not_as_described_is_refused(tmp_path, monkeypatch) -> None:
    for manager in ("", ", manager: {name: A}", ", manager: {name: A, email: no-address}",
                    ", manager: {name: A, email: a@example.org, mail: b@example.org}",
                    ", manger: {name: A, email: a@example.org}",
                    ", manager: {name: A, email: 'a@example.org, b@example.org'}"):  # fmt: skip
        assert "man" in wrong(tmp_path, monkeypatch, f"{{code: NORTH, name: North team{manager}}}")


def test_a_partner_is_no_manager(tmp_path, monkeypatch) -> None:
    partner = contracts()["education"].owner.email.upper()
    team = f"{{code: NORTH, name: North team, manager: {{name: A, email: {partner}}}}}"
    assert "the manager's address is a partner's" in wrong(tmp_path, monkeypatch, team)


def test_a_service_without_a_file_has_no_teams(monkeypatch) -> None:
    monkeypatch.setenv("YOS_SERVICE", "S001")
    assert owners.teams() == []


# ---------------------------------------------------------------- the list


@pytest.fixture
def said(figures, capsys):
    def run(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["attention", *arguments]) == code
        out, err = capsys.readouterr()
        assert bool(err) == bool(code)
        return out + err

    return run


def test_it_shows_who_and_why(said, figures: Figures) -> None:
    publish(
        figures,
        Warned(1, "ORDER_ENDING", due=date(2026, 4, 12), detail="TOO_FEW_HOURS", says=("CASE_SYSTEM", "COLLEGE", None, None)),
        Warned(2, "ORDER_ENDING", due=date(2026, 3, 12), detail="NEET", says=("PARTICIPATION", "NONE", None, None)),
        Warned(3, "PART_TIME_TIMETABLE", detail="C2", count=1),
        Warned(4, "LAPSED_ACTIVITY", says=("PARTICIPATION", "TRAINING_PROVIDER", None, None)),
        Warned(5, "NO_RECORD", detail="NEVER_RECORDED"),
        Warned(6, "CONFLICT", detail="PROVISION", count=40, says=("CASE_SYSTEM", "COLLEGE", "SCHOOL", "MAINSTREAM_SCHOOL")),
        Warned(7, "CONFLICT", "SOUTH"),
    )  # fmt: skip
    text = said("--team", "north", "--purpose", WHY)
    assert "Education early warning, North team, as at 31 March 2026" in text
    assert "EDUCATION IS NOT SUITABLE: 2 children" in text and "IN THE LAST 28 DAYS: 1 child\n" in text
    assert "2026-04-12  CMS0001       Child1 Canarybird         too few hours (case system: college)" in text
    assert "overdue: neet (participation: none)" in text
    assert "1 session marked C2" in text and "was: training provider" in text and "never recorded" in text
    assert "provision for 40 days (case system: college; school: mainstream school)" in text
    assert "CMS0007" not in text
    assert "SOUTH       " in said("--purpose", WHY)
    assert figures.warehouse.query(
        "select what, team_code, purpose, rows_returned, asked_by <> '' from restricted.access_log order by access_id"
    ) == [("eet_attention", "NORTH", WHY, 6, True), ("eet_attention", None, WHY, 7, True)]


def test_nobody_is_on_the_list(said, figures: Figures) -> None:
    publish(figures)
    text = said("--purpose", WHY)
    assert "Nobody is on the list." in text and "all teams" in text
    assert "not known, as at" in said("--team", "NOT_KNOWN", "--purpose", WHY)


def test_wrong_use_is_refused(said, figures: Figures) -> None:
    assert "run a night first" in said("--purpose", WHY, code=2).lower()
    publish(figures, Warned(1))
    text = said("--team", "WEST", "--purpose", WHY, code=2)
    assert "TEAM: there is no such team" in text and "NORTH, SOUTH" in text
    assert "PURPOSE" in said("--purpose", "short", code=2)
    assert figures.warehouse.query("select count(*) from restricted.access_log") == [(0,)]


def test_a_name_cannot_steer_the_terminal(said, figures: Figures) -> None:
    publish(figures, Warned(1))
    figures.warehouse.query("update restricted.eet_attention set given_name = e'\\x1b[2JZo\\n'")
    text = said("--purpose", WHY)
    assert "\x1b" not in text and "[2JZo  Canarybird" in text


def test_the_database_s_own_words_are_not_repeated(said, figures: Figures) -> None:
    publish(figures, Warned(1))
    figures.warehouse.query(
        "alter table restricted.eet_attention rename column detail_code to canarybird_code"
    )
    text = said("--purpose", WHY, code=1)
    assert "SQLSTATE 42703" in text and "canarybird" not in text.lower()
