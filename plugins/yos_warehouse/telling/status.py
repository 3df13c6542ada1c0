"""What happened, what is published, what to do next: for a person at a terminal. Counts and dates only."""

from __future__ import annotations

import textwrap
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg2.extensions import connection as Connection

from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling.fitness import in_words
from yos_warehouse.telling.owners import plain, service_name

LONDON = ZoneInfo("Europe/London")
WIDTH = 108

LAST_RUN = """
    select run_id, state, as_at, started_at, finished_at, step from ops.run
    where kind = 'nightly' order by run_id desc limit 1
"""

# Per feed: what the run took in, and the newest drop that is used.
FEEDS = """
    select d.feed,
        count(*) filter (where l.run_id = %(run_id)s and l.state <> 'rejected'),
        coalesce(sum(l.rows_in_files) filter (where l.run_id = %(run_id)s), 0)::bigint,
        coalesce(sum(l.rows_quarantined) filter (where l.run_id = %(run_id)s), 0)::bigint,
        count(*) filter (where l.run_id = %(run_id)s and l.state = 'rejected'),
        max(d.business_date) filter (where l.state = 'accepted'),
        min(l.reason_code) filter (where l.run_id = %(run_id)s and l.state = 'rejected')
    from ops.load as l join ops.drop as d using (drop_id)
    group by d.feed
"""

PUBLISHED = """
    select distinct on (unit) unit, published_at, as_at, run_id, rows_changed, kind, good_enough_for
    from marts.publication
    order by unit, publication_id desc
"""

HELD_BACK = """
    select feed, entity, rule_code, sum(rows_failed)::bigint from ops.check_result
    where run_id = %s and outcome = 'failed' and rows_failed > 0 and checked_by = 'great_expectations'
    group by feed, entity, rule_code order by 4 desc, 1, 2, 3
"""

# Sums of the run's deliveries that are not simply what was let in, the largest difference to the manifest first.
MONEY = """
    select d.feed, t.entity, t.column_name, d.business_date, t.file_gbp, t.accepted_gbp + t.repeated_gbp,
        t.held_back_gbp, t.declared_gbp - t.file_gbp, t.unread_rows
    from ops.control_total as t join ops.load as l using (load_id) join ops.drop as d using (drop_id)
    where l.run_id = %s and (t.held_back_gbp <> 0 or t.unread_rows > 0)
    order by abs(t.declared_gbp - t.file_gbp) desc nulls last, d.feed, d.business_date, t.entity, t.column_name
"""
MOST_SUMS = 5
LONGEST_WAIT_DAYS = 14

INDICATORS = """
    select indicator_name, numerator_shown, denominator_shown, value_shown, last_year_value_shown, target,
        direction_words, as_at
    from reports.rpt_local_indicators
"""


def status() -> int:
    """Print the state of the warehouse; what ``yos status`` is.

    Returns:
        0 all well; 1 somebody has to do something, and the last line says what; 2 no night has run yet.
    """
    from yos_warehouse.server.connect import connect

    connection = connect("auditor", autocommit=True)
    try:
        print("\n".join(status_lines(connection)))
        return status_code(connection)
    finally:
        connection.close()


def status_code(connection: Connection) -> int:
    """The exit code of ``yos status``, see :func:`status`."""
    run = _one(connection, LAST_RUN)
    if run is None:
        return 2
    return 0 if run[1] in ("succeeded", "running") and not _worries(connection, run) else 1


def status_lines(connection: Connection) -> list[str]:
    """About ten lines: last night by feed, what is published as at when, what to do next.

    Args:
        connection: as auditor.
    """
    lines = [_title(connection)]
    run = _one(connection, LAST_RUN)
    if run is None:
        return [*lines, "No night has run yet.", "Next: make run"]
    run_id, state, as_at, started, finished, step = run
    when = f"{_time(started)} to {_time(finished)}" if finished else f"since {_time(started)}, now in {step}"
    lines.append(f"Last night: {state}, {when}, run {run_id}" + (f", as at {_day(as_at)}" if as_at else ""))
    lines += [*_feed_lines(connection, run_id), *_money_lines(connection, run_id)]
    fitness: dict[str, Any] = {}
    for unit, published, unit_as_at, _, changed, kind, good_enough_for in _rows(connection, PUBLISHED):
        fitness |= good_enough_for
        words = "rolled back" if kind == "rollback" else "published"
        lines.append(f"  {unit:<12} {words} {_time(published)} as at {_day(unit_as_at)}, {_changed(changed)}")
    if fitness:
        lines += textwrap.wrap(f"Good enough for: {in_words(fitness)}", WIDTH, subsequent_indent="  ")
    worries = _worries(connection, run)
    notes = _notes(connection)
    if notes:
        lines.append("To know: " + "; ".join(notes))
    lines.append("Next: " + ("; ".join(worries) if worries else "nothing to do"))
    return lines


def summary(connection: Connection, reader: Connection) -> str:
    """The end of ``make run``: deliveries, rows held back, the local indicators, what was published.

    Args:
        connection: as auditor.
        reader: as analyst.
    """
    run = _one(connection, LAST_RUN)
    lines = ["", "=" * WIDTH, _title(connection), "=" * WIDTH]
    if run is None:
        return "\n".join([*lines, "No night has run yet."])
    run_id, state, as_at, started, finished, _ = run
    took = f" in {(finished - started).total_seconds():.0f} seconds" if finished else ""
    lines += [
        f"The night of run {run_id} {state}{took}" + (f", as at {_day(as_at)}" if as_at else "") + ".",
        "",
    ]
    lines += ["DELIVERIES", *_feed_lines(connection, run_id), *_money_lines(connection, run_id), ""]
    held = _rows(connection, HELD_BACK, (run_id,))
    if held:
        lines.append(
            "WHAT THE CHECKS FOUND (a row may fail several checks; held back or reported as the check says)"
        )
        for feed, entity, rule, rows in held[:12]:
            lines.append(
                f"  {feed + ' ' + (entity or ''):<34} {_words_of(feed, entity, rule):<58} {rows:>9,}"
            )
        if len(held) > 12:
            lines.append(f"  and {len(held) - 12} more checks with fewer rows; all are in ops.check_result")
        lines.append("")
    lines += [*_indicator_lines(reader), *_published_lines(connection, run_id)]
    worries = _worries(connection, run)
    if worries:
        lines += ["", "NEXT", *(f"  - {worry}" for worry in worries)]
    return "\n".join(lines)


def _title(connection: Connection) -> str:
    row = _one(connection, "select coalesce(bool_or(is_fictional), true) from ops.drop")
    return ("FICTIONAL: " if row is None or row[0] else "") + service_name()


def _feed_lines(connection: Connection, run_id: int) -> list[str]:
    found = {row[0]: row[1:] for row in _rows(connection, FEEDS, {"run_id": run_id})}
    lines = []
    for feed in contracts():
        drops, rows, held, refused, newest, reason = found.get(feed, (0, 0, 0, 0, None, None))
        parts = []
        if drops:
            parts.append(
                f"{_count(drops, 'delivery', 'deliveries'):>13} {rows:>10,} rows {held:>7,} held back"
            )
        if refused:
            parts.append(f"{_count(refused, 'delivery', 'deliveries')} REFUSED ({reason})")
        if not parts:
            parts.append("nothing new")
        up_to = f"up to {_day(newest)}" if newest else "no delivery yet"
        lines.append(f"  {feed:<12} {up_to:<24} " + ", ".join(parts))
    return lines


def _money_lines(connection: Connection, run_id: int) -> list[str]:
    """Sums of which a part was held back or cannot be read; all sums are in ops.control_total."""
    rows = _rows(connection, MONEY, (run_id,))
    lines = []
    for feed, entity, column, day, file, accepted, held, short, unread in rows[:MOST_SUMS]:
        lines.append(f"  {feed} {entity} {column} of {_day(day)}:")
        words = f"    file {file:,.2f} = let in {accepted:,.2f} + held back {held:,.2f}"
        if unread:
            words += f"; {_count(unread, 'amount', 'amounts')} cannot be read"
        if short:
            words += f"; manifest {short:+,.2f}"
        lines.append(_cut(words, WIDTH))
    if len(rows) > MOST_SUMS:
        more = _count(len(rows) - MOST_SUMS, "sum", "sums")
        lines.append(f"  and {more} more with rows held back; all are in ops.control_total")
    return lines


def _indicator_lines(reader: Connection) -> list[str]:
    try:
        rows = _rows(reader, INDICATORS)
    except Exception as problem:  # the report is not there before the first publication
        if getattr(problem, "pgcode", None) not in ("42P01", "42501"):
            raise
        reader.rollback()
        rows = []
    if not rows:
        return ["LOCAL INDICATORS", "  not published yet", ""]
    lines = [f"LOCAL INDICATORS, as at {_day(rows[0][7])}"]
    for name, numerator, denominator, value, last_year, target, direction, _ in rows:
        lines.append("  " + _cut(plain(str(name)), WIDTH - 2))
        figures = f"{_number(value):>10}  ({_number(numerator)} of {_number(denominator)})"
        compared = f"last year {_number(last_year)}, target {_number(target)}"
        words = f"{compared}; {plain(str(direction))}" if direction else compared
        first, *rest = textwrap.wrap(words, WIDTH - 45)
        lines += [f"  {figures:<42} {first}", *(f"  {'':<42} {line}" for line in rest)]
    lines += ["  c: fewer than five, hidden. Local figures, computed here; not the published ones.", ""]
    return lines


def _published_lines(connection: Connection, run_id: int) -> list[str]:
    lines = ["PUBLISHED"]
    rows = _rows(connection, PUBLISHED)
    for unit, published, as_at, of_run, changed, *_ in rows:
        what = _changed(changed) if of_run == run_id else f"unchanged by this night (run {of_run})"
        lines.append(f"  {unit:<12} {_time(published)}, as at {_day(as_at)}: {what}")
    this = [row for row in rows if row[3] == run_id]
    if this and not any(row[4] for row in this):
        lines.append("  No row of any mart changed.")
    return lines if rows else [*lines, "  nothing yet"]


def _worries(connection: Connection, run: tuple[Any, ...]) -> list[str]:
    """What somebody has to do something about, most urgent first."""
    run_id, state, *_ = run
    worries = []
    if state in ("failed", "abandoned"):
        worries.append(
            f"the night {state}: read the log of the task that failed, then run it again (make run)"
        )
    for (unit,) in _rows(
        connection,
        "select distinct unit from ops.check_result"
        " where run_id = %s and rule_code like 'HELD\\_%%' order by 1",
        (run_id,),
    ):
        worries.append(f"{unit} was not published, yesterday's figures stay: see the mail to the data team")
    for feed, code in _rows(
        connection,
        "select distinct d.feed, l.reason_code from ops.load as l join ops.drop as d using (drop_id)"
        " where l.run_id = %s and l.state = 'rejected' order by 1, 2",
        (run_id,),
    ):
        worries.append(f"a delivery of {feed} was refused ({code}): its owner was told to send it again")
    for unit, reason in _rows(connection, "select unit, reason from ops.publication_hold order by 1"):
        worries.append(f"{unit} is held after a rollback ({plain(reason)}): yos release lets it go on")
    questions, days = _one(connection, "select questions, oldest_days from ops.review_queue") or (0, 0)
    if days > LONGEST_WAIT_DAYS:
        worries.append(
            f"{_count(questions, 'question', 'questions')} about identity wait, the oldest for {days} days: yos review list"
        )
    (late,) = _one(
        connection,
        "select count(*) from ops.outbox where sent_at is null and attempts > 0",
    ) or (0,)
    if late:
        worries.append(f"{_count(late, 'mail', 'mails')} could not be sent: is the mail server up?")
    return worries


def _notes(connection: Connection) -> list[str]:
    checks, rows = _one(
        connection,
        "select count(*), coalesce(sum(rows_now), 0)::bigint from ops.incident where closed_at is null",
    ) or (0, 0)
    return (
        [f"{_count(checks, 'check', 'checks')} open on {rows:,} rows, each with its owner"] if checks else []
    )


def _words_of(feed: str | None, entity: str | None, rule: str) -> str:
    from yos_warehouse.telling.wording import wording

    words, _ = wording(rule, feed, entity, "integrity")
    return _cut(plain(words), 58)


def _number(value: object) -> str:
    if value is None:
        return "-"
    text = str(value)
    return (
        text.rstrip("0").rstrip(".")
        if "." in text and text.replace(".", "").replace("-", "").isdigit()
        else text
    )


def _changed(rows: int) -> str:
    return "no row changed" if rows == 0 else f"{_count(rows, 'row', 'rows')} changed"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _time(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%b %Y %H:%M}"


def _rows(connection: Connection, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _one(connection: Connection, sql: str, parameters: Any = None) -> tuple[Any, ...] | None:
    rows = _rows(connection, sql, parameters)
    return rows[0] if rows else None
