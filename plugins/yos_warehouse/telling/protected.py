"""The mail to the person named for protected identities: how many questions wait for her or him, and nothing else.

It goes to nobody else, and nobody else's mail counts these questions (docs/how-to/review-who-is-who.md).
"""

from __future__ import annotations

import textwrap

from psycopg2.extensions import connection as Connection

from yos_warehouse.telling.looks import select_one
from yos_warehouse.telling.outbox import put
from yos_warehouse.telling.owners import NamedPerson, named_person, plain, service_name

WIDTH = 76


def compose_protected(connection: Connection) -> int:
    """Lay the mail into the outbox, once in the ISO week of the last day of knowledge, while a question waits.

    Args:
        connection: as publisher, who sees counts here and nothing else.

    Returns:
        How many mails were written: 0 or 1.

    Raises:
        YosError: SERVICE, the entry of the service's file is not as described.
    """
    person = named_person()
    found = select_one(
        connection,
        "select q.questions, max(r.as_at), (select coalesce(bool_or(d.is_fictional), true) from ops.drop as d)"
        " from restricted.protected_queue as q, ops.run as r group by q.questions",
    )
    if person is None or found is None or not found[0] or found[1] is None:
        return 0
    questions, as_at, is_fictional = found
    year, week, _ = as_at.isocalendar()
    subject, body = render(person, questions, is_fictional)
    return int(
        put(
            connection,
            f"protected-identity:{year}-W{week:02d}",
            person.email,
            subject,
            body,
            kind="protected",
        )
    )


def render(person: NamedPerson, questions: int, is_fictional: bool) -> tuple[str, str]:
    """Subject and body."""
    label = "FICTIONAL: " if is_fictional else ""
    lines = ["FICTIONAL DATA. No child in these figures exists.", ""] if is_fictional else []
    words = "1 question waits" if questions == 1 else f"{questions:,} questions wait"
    lines += [
        f"To: {plain(person.name)}",
        f"From: {service_name()}, data team",
        "",
        *textwrap.wrap(
            f"{words} for you. Nobody else is told of them. To look, log in where the warehouse runs:", WIDTH
        ),
        "",
        "  yos review list --as-named-person",
        "",
        *textwrap.wrap("This mail goes to you alone, once a week while something waits.", WIDTH),
    ]
    return f"{label}Something waits for you in the warehouse", "\n".join(lines) + "\n"
