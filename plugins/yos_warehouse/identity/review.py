"""Questions about identity, for a person to answer: ``yos review`` lists, shows, decides and takes back.

Questions are read as practitioner, through functions that log each look and know nothing of protected identities; these
the named person alone sees, through the role of the identity step. A decision is written by that role too
(identity/decisions.py) and counts from the next night on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from psycopg2.extensions import connection as Connection

from yos_warehouse.errors import UsageError
from yos_warehouse.identity.keys import Record
from yos_warehouse.telling.looks import database_words, demand_purpose, select_one, select_rows, who
from yos_warehouse.telling.owners import cell, named_person, plain, service_name

LONDON = ZoneInfo("Europe/London")
# Why a question is asked: heading, what to look for.
WHY = {
    "MIDDLE_WEIGHT": "alike, but not enough to be sure",
    "SEVERAL_CANDIDATES": "alike to several children",
    "CONFLICTING_PNC": "one child by everything else, with two PNC ids",
    "SHARED_IDENTIFIER": "one number, but names and dates contradict each other",
    "CANNOT_LINK_INSIDE": "alike, but what hangs on one of them must not meet the other",
    "PROTECTED": "a protected identity and what may be an earlier one",
}
# Columns of a description, as they are read and as they are shown.
SHOWN = {
    "given_name": "given name", "family_name": "family name", "date_of_birth": "date of birth", "sex": "sex",
    "postcode": "postcode", "street": "street", "school": "school", "pnc_id": "PNC id", "asn": "ASN", "upn": "UPN",
    "former_upn": "former UPN", "uln": "ULN", "nhs_number": "NHS number", "own_id": "sender's number",
    "is_protected": "protected identity",
}  # fmt: skip
SIDES = {
    "a": "first record", "b": "second record", "other_a": "next best for the first", "other_b": "next best for the second",
}  # fmt: skip
WIDTH = 30
MOST_KEYS = 20

_READ = (
    "select side, why, pair_weight, age_days, person_key, records, "
    + ", ".join(f"(description).{column}::text" for column in SHOWN)
    + " from restricted.read_review(%s, %s, %s, %s)"
)
# The record that makes the child known speaks for a description, else the first by name: a decision is about records.
_RECORDS = """
select r.service_code, r.feed, r.entity, r.source_id
from identity.waiting as w inner join identity.record as r on r.description_id = w.{side}
where w.review_id = %s and w.is_protected = %s
order by array_position(array['case_system', 'police'], r.feed), r.feed, r.entity, r.source_id, r.service_code
limit 1
"""
_PUBLISHED = "select as_at, is_fictional from marts.publication where unit = 'children' order by publication_id desc limit 1"
_CHANGED_FIGURES = """
select indicator_code, variant_code, period_code, numerator_before, denominator_before, value_before,
    numerator_after, denominator_after, value_after
from ops.identity_change where run_id = %s order by indicator_code, variant_code, period_code
"""


@dataclass(frozen=True)
class Side:
    """A record of a question, or its next best candidate."""

    side: str
    why: str
    weight: float | None
    age_days: int | None
    person_key: int | None
    records: Sequence[str]
    values: dict[str, str | None]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Label and text of each row of the comparison."""
        said = [(label, cell(self.values[column] or "")) for column, label in SHOWN.items()]
        key = "" if self.person_key is None else str(self.person_key)
        return [*said, ("records", cell(", ".join(self.records))), ("child's key", key)]


# ---------------------------------------------------------------- looking


def list_reviews(as_named_person: bool = False, decisions: bool = False) -> int:
    """Print what waits, or the decisions that hold; what ``yos review list`` is. Nobody is named.

    Args:
        as_named_person: those of protected identities instead of all others.
        decisions: decisions that hold instead of questions.

    Returns:
        0.

    Raises:
        UsageError: NAMED_PERSON, the service's file names nobody.
    """
    with _looking(as_named_person) as connection:
        if decisions:
            found = select_rows(connection, "select * from restricted.list_decisions(%s)", (as_named_person,))
        else:
            found = select_rows(connection, "select * from restricted.list_reviews(%s)", (as_named_person,))
        _, is_fictional = _published()
    lines = [("FICTIONAL: " if is_fictional else "") + service_name()]
    if decisions:
        lines += ["Decisions about identity that hold", "", *_decision_lines(found)]
    else:
        lines += ["Questions about identity that wait", "", *_question_lines(found)]
    print("\n".join(lines))
    return 0


def show(number: int, purpose: str, out: Path | None = None, *, as_named_person: bool = False) -> int:
    """Print both records of a question side by side and write its page; what ``yos review show`` is.

    Args:
        purpose: why the records are looked at; 10 to 500 characters, kept in restricted.access_log.
        out: the page; default: ``var/review/question-<number>.html``.

    Returns:
        0.

    Raises:
        UsageError: PURPOSE, REVIEW (no such question waits), NAMED_PERSON.
    """
    from yos_warehouse.identity.model import model_in_use
    from yos_warehouse.identity.waterfall import page, waterfall, write_page
    from yos_warehouse.settings import var_dir

    demand_purpose(purpose)
    sides = _read(number, purpose, as_named_person)
    _, is_fictional = _published()
    first, second = sides[0], sides[1]
    evidence = waterfall(first.values, second.values, model_in_use())
    heading = f"Question {number}: {WHY[first.why]}"
    facts = [f"Waits for {_days(first.age_days)}. {_weight_words(first.weight)}"]
    facts += [
        f"The {SIDES[other.side]} weighs {other.weight:+.1f} with it."
        for other in sides[2:]
        if other.weight is not None
    ]
    rows = [(label, [side.cells[at][1] for side in sides]) for at, (label, _) in enumerate(first.cells)]
    headings = [SIDES[side.side] for side in sides]
    path = out or var_dir() / "review" / f"question-{number}.html"
    write_page(path, page(heading, facts, headings, rows, evidence, is_fictional))
    lines = [("FICTIONAL: " if is_fictional else "") + service_name(), heading, *facts, ""]
    lines += [_columns("", *headings), *(_columns(label, *cells) for label, cells in rows), ""]
    lines += [f"  {weight:+7.2f}  {name}: {found}" for name, found, weight in evidence.steps]
    lines += [
        "",
        f"The same with a chart is in {path}, readable for you alone: delete it when it has served.",
        "This look is in the access log, with its purpose.",
        f'Decide: yos review decide {number} same|different --by "YOUR NAME" --reason "..."',
    ]
    print("\n".join(lines))
    return 0


# ---------------------------------------------------------------- deciding


def decide(number: int, verdict: str, by: str, reason: str, *, as_named_person: bool = False) -> int:
    """Answer a question; what ``yos review decide`` is.

    Args:
        verdict: ``same`` or ``different``.
        by: who decides; of a protected identity the named person.
        reason: 10 to 500 characters; names nobody.

    Returns:
        0.

    Raises:
        UsageError: VERDICT, REASON, REVIEW (no such question waits), NAMED_PERSON.
    """
    from yos_warehouse.identity import decisions
    from yos_warehouse.server.connect import transaction

    _demand_named_person(as_named_person, by)
    at = counts_from()
    with transaction("identity", application="yos review") as connection, database_words("REVIEW"):
        records = [
            select_one(connection, _RECORDS.format(side=side), (number, as_named_person))
            for side in ("a", "b")
        ]
        a, b = (_record(record) for record in records)
        decision = decisions.decide(connection, a, b, verdict, plain(by), plain(reason), at)
    print(f"Decision {decision} is written down and counts from the next night on.")
    print(f'Take it back: yos review revoke {decision} --by "YOUR NAME" --reason "..."')
    return 0


def revoke(decision: int, by: str, reason: str, *, as_named_person: bool = False) -> int:
    """Take a decision back; what ``yos review revoke`` is. From the next night on the evidence speaks again.

    Returns:
        0.

    Raises:
        UsageError: REASON, DECISION (there is none that holds), NAMED_PERSON.
    """
    from yos_warehouse.identity import decisions
    from yos_warehouse.server.connect import transaction

    _demand_named_person(as_named_person, by)
    at = counts_from()
    with transaction("identity", application="yos review") as connection, database_words("REVIEW"):
        of_protected = select_one(
            connection,
            "select is_about_protected from identity.override where override_id = %s",
            (decision,),
        )
        if of_protected != (as_named_person,):
            raise UsageError(
                "DECISION",
                f"there is no decision {decision} that holds",
                "see them with: yos review list --decisions",
            )
        decisions.revoke(connection, decision, plain(by), plain(reason), at)
    print(f"Decision {decision} is taken back: from the next night on keys and figures are as without it.")
    return 0


# ---------------------------------------------------------------- what it did


def changes(run_id: int | None = None) -> int:
    """Print what a night did to persons and to reoffending figures; what ``yos review changes`` is. Nobody is named.

    Args:
        run_id: default: the last run that merged or split persons.

    Returns:
        0.

    Raises:
        UsageError: RUN, it merged and split nobody.
    """
    from yos_warehouse.server.connect import connect

    connection = connect("auditor", autocommit=True, application="yos review")
    try:
        with database_words("REVIEW"):
            found = select_one(
                connection,
                "select run_id, sum(records_linked), sum(persons_merged), sum(persons_split) from ops.combination_log"
                " where (persons_merged > 0 or persons_split > 0) and (run_id = %(run)s or %(run)s is null)"
                " group by run_id order by run_id desc limit 1",
                {"run": run_id},
            )
            if found is None:
                raise UsageError("RUN", "no such night merged or split persons", "see ops.combination_log")
            run, linked, merged, split = found
            figures = select_rows(connection, _CHANGED_FIGURES, (run,))
    finally:
        connection.close()
    with _looking(False) as practitioner:
        keys = select_rows(practitioner, "select * from restricted.list_key_changes(%s)", (run,))
    _, is_fictional = _published()
    lines = [
        ("FICTIONAL: " if is_fictional else "") + service_name(),
        f"Run {run}: {linked:,} records linked, {merged:,} keys merged into others, {split:,} split off or given back",
        "",
        *(
            f"  {kind:<7} {records:,} {'record' if records == 1 else 'records'} from {other} to {key}"
            for kind, key, other, records in keys[:MOST_KEYS]
        ),
        *([f"  and {len(keys) - MOST_KEYS:,} more"] if len(keys) > MOST_KEYS else []),
        "",
        "Reoffending figures with the keys of before, and as they are:"
        if figures
        else "No reoffending figure changed.",
        *(_figure_line(*figure) for figure in figures),
    ]
    print("\n".join(lines))
    return 0


def _figure_line(indicator: str, variant: str, period: str, *parts: Any) -> str:
    was, now = _figure(*parts[:3]), _figure(*parts[3:])
    return f"  {indicator} {variant} {period}: {was} -> {now}"


def _figure(numerator: Any, denominator: Any, value: Any) -> str:
    of = "" if denominator is None else f" of {denominator:f}"
    return (
        f"{'-' if value is None else f'{value:.4f}'} ({'-' if numerator is None else f'{numerator:f}'}{of})"
    )


# ---------------------------------------------------------------- parts


@contextmanager
def _looking(as_named_person: bool) -> Iterator[Connection]:
    """A connection that may see the questions asked for."""
    from yos_warehouse.server.connect import connect

    _demand_named_person(as_named_person)
    role = "identity" if as_named_person else "practitioner"
    connection = connect(role, autocommit=True, application="yos review")
    try:
        with database_words("REVIEW"):
            yield connection
    finally:
        connection.close()


def _demand_named_person(as_named_person: bool, by: str | None = None) -> None:
    """The service names who looks at protected identities; who decides of them says so by that name."""
    if not as_named_person:
        return
    named = named_person()
    if named is None:
        raise UsageError(
            "NAMED_PERSON",
            "the service's file names nobody for protected identities",
            "write protected_identity: {name, email} into it",
        )
    if by is not None and plain(by).casefold() != plain(named.name).casefold():
        raise UsageError(
            "NAMED_PERSON",
            "of a protected identity the named person alone decides",
            f'that is --by "{plain(named.name)}"',
        )


def _read(number: int, purpose: str, as_named_person: bool) -> list[Side]:
    asked_by = who()
    with _looking(as_named_person) as connection:
        rows = select_rows(connection, _READ, (number, purpose, asked_by, as_named_person))
    return [
        Side(
            side,
            why,
            None if weight is None else float(weight),
            age,
            key,
            records or [],
            dict(zip(SHOWN, values, strict=True)),
        )
        for side, why, weight, age, key, records, *values in rows
    ]


def _record(found: tuple[Any, ...] | None) -> Record:
    if found is None:
        raise UsageError("REVIEW", "there is no such question that waits", "choose one of: yos review list")
    service_code, feed, entity, source_id = found
    return service_code, feed, entity, source_id


def _published() -> tuple[Any, bool]:
    """The day the marts speak for and whether they are fictional; before the first publication nothing is sure: fictional."""
    from yos_warehouse.server.connect import connect

    connection = connect("practitioner", autocommit=True, application="yos review")
    try:
        with database_words("REVIEW"):
            return select_one(connection, _PUBLISHED) or (None, True)
    finally:
        connection.close()


def counts_from() -> datetime:
    """Now; a fictional service stands still at a past day, and what is decided of it counts from the end of that day."""
    as_at, is_fictional = _published()
    now = datetime.now(UTC)
    if not is_fictional or as_at is None:
        return now
    end = datetime.combine(as_at + timedelta(days=1), time(), LONDON) - timedelta(seconds=1)
    return min(now, end)


def _question_lines(found: Sequence[tuple[Any, ...]]) -> list[str]:
    if not found:
        return ["None."]
    lines = [f"  {'number':>6}  {'weight':>6}  {'waits':>8}  between, and why"]
    for number, why, weight, age, feeds_a, feeds_b in found:
        shown = "-" if weight is None else f"{weight:.1f}"
        lines.append(
            f"  {number:>6}  {shown:>6}  {_days(age):>8}  {feeds_a or 'gone'} and {feeds_b or 'gone'}: {WHY[why]}"
        )
    return [
        *lines,
        "",
        'Look at one: yos review show NUMBER --purpose "..." (docs/how-to/review-who-is-who.md)',
    ]


def _decision_lines(found: Sequence[tuple[Any, ...]]) -> list[str]:
    if not found:
        return ["None."]
    return [
        f"  {number:>6}  {verdict:<9}  {at.astimezone(LONDON):%Y-%m-%d}  {feed_a} and {feed_b}, by {plain(by)}"
        for number, verdict, by, at, feed_a, feed_b in found
    ]


def _columns(label: str, *cells: str) -> str:
    return f"  {label:<20}" + "".join(f"{_cut(text):<{WIDTH + 2}}" for text in cells).rstrip()


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - 3] + "..."


def _weight_words(weight: float | None) -> str:
    if weight is None:
        return "The two were never compared by weight: a number brought them together."
    return f"Weight {weight:+.1f}: 10 and more links by itself, 4 to 10 is for a person to judge."


def _days(age: int | None) -> str:
    return "1 day" if age == 1 else f"{age or 0} days"
