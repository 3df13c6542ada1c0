"""The education early warning: a list behind a login (``yos attention``), and its counts to each team's manager.

The mail goes to the manager of the team alone and says how many, never who: 1 to 4 reads "fewer than 5".
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from psycopg2.extensions import connection as Connection

from yos_warehouse.telling.looks import database_words, demand_purpose, select_one, select_rows, who
from yos_warehouse.telling.outbox import put
from yos_warehouse.telling.owners import Team, cell, plain, service_name, teams

WIDTH = 76
SMALL_NUMBER = 5
# Why a child is on the list, most urgent first: heading of the list, words of the mail.
KINDS = {
    "ORDER_ENDING": (
        "ORDER ENDS WITHIN 60 DAYS, OR SHOULD HAVE ENDED, AND EDUCATION IS NOT SUITABLE",
        "whose order ends within 60 days, or should have ended, and who are not known to be in suitable "
        "education, employment or training",
    ),
    "NO_RECORD": (
        "NO RECORD OF EDUCATION, EMPLOYMENT OR TRAINING TODAY",
        "of whom neither school, participation team nor our own records say where they are",
    ),
    "PART_TIME_TIMETABLE": (
        "PART-TIME TIMETABLE (MARK C2) IN THE LAST 28 DAYS",
        "with a part-time timetable at school in the last 28 days (mark C2)",
    ),
    "LAPSED_ACTIVITY": (
        "THE LAST ACTIVITY KNOWN TO THE PARTICIPATION TEAM HAS LAPSED",
        "whose last activity known to the participation team has lapsed",
    ),
    "CONFLICT": (
        "TWO RECORDS CONTRADICT EACH OTHER",
        "of whom two records contradict each other",
    ),
}
PUBLISHED = "select as_at, is_fictional from marts.publication where unit = 'children' order by publication_id desc limit 1"


@dataclass(frozen=True)
class Attention:
    """A row of restricted.read_eet_attention: a child and why education needs a look."""

    person_key: int
    attention_code: str
    due_date: date
    case_reference: str | None
    given_name: str | None
    family_name: str | None
    team_code: str
    detail_code: str | None
    detail_count: int | None
    source_code: str | None
    provision_type_code: str | None
    other_source_code: str | None
    other_provision_type_code: str | None
    order_end_expected: date | None


# ---------------------------------------------------------------- the mail


def compose_early_warnings(connection: Connection) -> int:
    """Lay a mail for each team's manager into the outbox, once in the ISO week of the published day.

    A team with nobody on the list gets none.

    Args:
        connection: as publisher, who sees counts here and nothing else.

    Returns:
        How many mails were written.

    Raises:
        YosError: SERVICE, a team of the service's file is not as described.
    """
    published = select_one(connection, PUBLISHED)
    if published is None:
        return 0
    as_at, is_fictional = published
    children: dict[str, dict[str, int]] = defaultdict(dict)
    for team_code, attention_code, count in select_rows(
        connection, "select team_code, attention_code, children from restricted.eet_attention_count"
    ):
        children[team_code][attention_code] = count
    year, week, _ = as_at.isocalendar()
    written = 0
    for team in teams():
        if any(children[team.code].values()):
            subject, body = render(team, children[team.code], as_at, is_fictional)
            key = f"eet-attention:{team.code}:{year}-W{week:02d}"
            written += put(connection, key, team.manager.email, subject, body, kind="early_warning")
    return written


def render(team: Team, children: Mapping[str, int], as_at: date, is_fictional: bool) -> tuple[str, str]:
    """Subject and body of the mail to a team's manager.

    Args:
        children: children by attention code; a missing one is 0.
    """
    name = plain(team.name)
    label = "FICTIONAL: " if is_fictional else ""
    lines = ["FICTIONAL DATA. No child in these figures exists.", ""] if is_fictional else []
    lines += [
        f"To: {plain(team.manager.name)}",
        f"From: {service_name()}, data team",
        "",
        f"EDUCATION, {name.upper()}, AS AT {_day(as_at).upper()}",
        "",
        "Of the team's children whose order has not ended, so many need a look:",
        "",
    ]
    for code, (_, words) in KINDS.items():
        lines += textwrap.wrap(
            f"{_few(children.get(code, 0))}: children {words}",
            WIDTH, initial_indent="  - ", subsequent_indent="    ",
        )  # fmt: skip
    lines += [
        "",
        *textwrap.wrap(
            "A child can be in several lines. Who they are does not travel by e-mail. To open the list, log in "
            "where the warehouse runs and say why you look, which is kept:",
            WIDTH,
        ),
        "",
        f'  yos attention --team {team.code} --purpose "weekly review of education"',
        "",
        *textwrap.wrap(
            "This mail goes to the team's manager alone, once a week while there is somebody to look at.",
            WIDTH,
        ),
    ]
    subject = f"{label}Education early warning for the {name}, as at {_day(as_at)}"
    return subject, "\n".join(lines) + "\n"


def _few(children: int) -> str:
    if children == 0:
        return "none"
    return f"fewer than {SMALL_NUMBER}" if children < SMALL_NUMBER else f"{children:,}"


# ---------------------------------------------------------------- the list


def attention(purpose: str, team_code: str | None = None) -> int:
    """Print the list of a team, or of all teams; what ``yos attention`` is.

    Args:
        purpose: why the records are looked at; 10 to 500 characters, kept in restricted.access_log.
        team_code: default: all teams. NOT_KNOWN: children whose team nobody knows.

    Returns:
        0.

    Raises:
        UsageError: an unknown team (the known ones are listed), a missing purpose, nothing published yet.
        YosError: ATTENTION when the database refuses.
    """
    from yos_warehouse.server.connect import connect

    demand_purpose(purpose)
    team_code = team_code.strip().upper() if team_code else None
    columns = ", ".join(Attention.__dataclass_fields__)
    connection = connect("practitioner", autocommit=True, application="yos attention")
    try:
        with database_words("ATTENTION"):
            found = select_rows(
                connection,
                f"select {columns} from restricted.read_eet_attention(%s, %s, %s)",
                (team_code, purpose, who()),
            )
            published = select_one(connection, PUBLISHED)
    finally:
        connection.close()
    assert published is not None  # or the function had refused
    as_at, is_fictional = published
    print("\n".join(_lines([Attention(*row) for row in found], team_code, as_at, is_fictional)))
    return 0


def _lines(found: Sequence[Attention], team_code: str | None, as_at: date, is_fictional: bool) -> list[str]:
    names = {team.code: team.name for team in teams()}
    whose = "all teams" if team_code is None else plain(names.get(team_code, _words(team_code)))
    lines = [
        ("FICTIONAL: " if is_fictional else "") + service_name(),
        f"Education early warning, {whose}, as at {_day(as_at)}",
        "",
    ]
    for code, (heading, _) in KINDS.items():
        rows = [row for row in found if row.attention_code == code]
        if not rows:
            continue
        children = len({row.person_key for row in rows})
        lines.append(f"{heading}: {children:,} {'child' if children == 1 else 'children'}")
        lines.append(_columns("due", "reference", "name", None if team_code else "team", "why"))
        lines += [_line(row, as_at, None if team_code else row.team_code) for row in rows]
        lines.append("")
    if not found:
        lines += ["Nobody is on the list.", ""]
    return [
        *lines,
        "What each part means and what to do: docs/how-to/education-early-warning.md",
        "This look is in the access log, with its purpose.",
    ]


def _line(row: Attention, as_at: date, team_code: str | None) -> str:
    name = cell(f"{row.given_name or ''} {row.family_name or ''}") or "name not known"
    reference = cell(row.case_reference or "") or "-"
    return _columns(str(row.due_date), reference, name, team_code, _why(row, as_at))


def _columns(due: str, reference: str, name: str, team: str | None, why: str) -> str:
    whose = "" if team is None else f"{plain(team):<12}"
    return f"  {due:<12}{reference:<14}{name:<26}{whose}{why}"


def _why(row: Attention, as_at: date) -> str:
    """The reason in words, from codes alone."""
    match row.attention_code:
        case "ORDER_ENDING":
            overdue = "overdue: " if row.due_date < as_at else ""
            return f"{overdue}{_words(row.detail_code)} ({_words(row.source_code)}: {_words(row.provision_type_code)})"
        case "PART_TIME_TIMETABLE":
            count = row.detail_count or 0
            return f"{count} {'session' if count == 1 else 'sessions'} marked C2"
        case "LAPSED_ACTIVITY":
            return f"was: {_words(row.provision_type_code)}"
        case "CONFLICT":
            first = f"{_words(row.source_code)}: {_words(row.provision_type_code)}"
            other = f"{_words(row.other_source_code)}: {_words(row.other_provision_type_code)}"
            kind = "EET or not" if row.detail_code == "EET_OR_NOT" else _words(row.detail_code)
            return f"{kind} for {row.detail_count or 0} days ({first}; {other})"
        case _:
            return _words(row.detail_code)


def _words(code: str | None) -> str:
    return plain((code or "not known").replace("_", " ").lower())


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
