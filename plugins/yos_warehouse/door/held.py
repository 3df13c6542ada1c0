"""Rows held back, for a person at a terminal: ``yos quarantine``, ``yos replay``, ``yos release``. Never a value of a row."""

from __future__ import annotations

import csv
import getpass
import os
from pathlib import Path
from typing import Any

from yos_warehouse.errors import UsageError

# A fictional service stands still at a past day: its rows are as old as they are on that day.
_BY_RULE = """
    select feed, entity, rule_code, count(*), (%(day)s::date - min(held_since at time zone 'Europe/London')::date)
    from ops.held_row, unnest(rule_codes) as rule_code
    where %(feed)s::text is null or feed = %(feed)s
    group by feed, entity, rule_code order by feed, entity, 4 desc, rule_code
"""
_ROWS = """
    select h.quarantine_id, h.entity, d.business_date, h.file, h.file_line,
        (h.held_since at time zone 'Europe/London')::date as since, array_to_string(h.rule_codes, ' ')
    from ops.held_row as h join ops.load as l using (load_id) join ops.drop as d using (drop_id)
    where h.feed = %(feed)s
    order by h.entity, h.held_since, h.file, h.file_line, h.quarantine_id
"""
_HEADINGS = ("row", "entity", "delivery of", "file", "line", "held since", "rules")
MOST_ROWS = 100


def show(feed: str | None, rows: bool = False, out: Path | None = None) -> int:
    """Print what is held back by rule, or where each row stands; what ``yos quarantine`` is.

    Args:
        out: a CSV file for all rows, readable for its owner alone.

    Returns:
        0.

    Raises:
        UsageError: FEED, there is no such feed or rows are asked of none.
    """
    from yos_warehouse.sources.contract import contracts

    if feed is not None and feed not in contracts():
        raise UsageError("FEED", f"there is no feed {feed}", f"one of: {', '.join(contracts())}")
    if (rows or out) and feed is None:
        raise UsageError("FEED", "rows are listed feed by feed", "say which: yos quarantine FEED --rows")
    lines = _row_lines(feed, out) if feed and (rows or out) else _rule_lines(feed)
    print("\n".join(lines))
    return 0


def _read(sql: str, feed: str | None) -> list[tuple[Any, ...]]:
    from yos_warehouse.door.freshness import reference_day
    from yos_warehouse.server.connect import transaction

    with transaction("auditor", application="yos quarantine") as connection, connection.cursor() as cursor:
        cursor.execute(sql, {"feed": feed, "day": reference_day(connection)})
        return cursor.fetchall()


def _rule_lines(feed: str | None) -> list[str]:
    from yos_warehouse.telling.owners import plain
    from yos_warehouse.telling.wording import wording

    found = _read(_BY_RULE, feed)
    if not found:
        return ["No row is held back."]
    lines = [f"{'feed':<12} {'entity':<24} {'rule':<28} {'rows':>8} {'days':>5}  what to do"]
    for of_feed, entity, rule, rows, days in found:
        _, remedy = wording(rule, of_feed, entity, "integrity")
        lines.append(f"{of_feed:<12} {entity:<24} {rule:<28} {rows:>8,} {max(days, 0):>5}  {plain(remedy)}")
    return [*lines, "days: since the oldest of them is held. Where they stand: yos quarantine FEED --rows"]


def _row_lines(feed: str, out: Path | None) -> list[str]:
    found = _read(_ROWS, feed)
    if out is not None:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            os.fchmod(file.fileno(), 0o600)
            csv.writer(file).writerows([_HEADINGS, *found])
        return [f"{len(found):,} rows held back are listed in {out}"]
    lines = [f"{'row':>8}  {'entity':<24} {'delivery of':<11}  {'held since':<10}  file, line: rules"]
    for number, entity, day, name, line, since, rules in found[:MOST_ROWS]:
        place = f"{name or 'a message'}" + (f", line {line}" if line else "")
        lines.append(f"{number:>8}  {entity:<24} {day!s:<11}  {since!s:<10}  {place}: {rules}")
    if len(found) > MOST_ROWS:
        lines.append(f"and {len(found) - MOST_ROWS:,} more: yos quarantine {feed} --out rows.csv")
    return lines if found else ["No row is held back."]


def judge_again(feed: str | None, entity: str | None = None, dry_run: bool = False) -> int:
    """Let in what passes the checks of today; what ``yos replay`` is. Exit code 0.

    Raises:
        as :func:`yos_warehouse.door.replay.replay`.
    """
    from yos_warehouse.door.replay import replay
    from yos_warehouse.identity.review import counts_from
    from yos_warehouse.sources.contract import contracts

    if entity is not None and feed is None:
        raise UsageError("FEED", "an entity is one of a feed", "say which: yos replay FEED --entity ENTITY")
    moment = counts_from()
    found = [
        let_in
        for name in ([feed] if feed else contracts())
        for let_in in replay(name, moment, _user(), entity=entity, dry_run=dry_run)
    ]
    words = "would be let in" if dry_run else "let in"
    for one in found:
        print(
            f"{one.feed} {one.entity} of {one.business_date}: {one.rows:,} rows {words} ({', '.join(one.rule_codes)})"
        )
    if not found:
        print("No row held back passes the checks of today.")
    elif not dry_run:
        print("The next night uses them.")
    return 0


def release(
    feed: str, entity: str, rule_code: str, by: str, reason: str, rows: frozenset[int] = frozenset()
) -> int:
    """Let rows in in spite of a rule; what ``yos release FEED ENTITY RULE`` is. Exit code 0.

    Raises:
        UsageError: REASON, and as :func:`yos_warehouse.door.replay.replay`.
    """
    from yos_warehouse.door.approvals import demand_reason
    from yos_warehouse.door.replay import Release, replay
    from yos_warehouse.identity.review import counts_from
    from yos_warehouse.telling.owners import plain

    demand_reason(reason, by)
    found = replay(feed, counts_from(), plain(by), plain(reason), release=Release(entity, rule_code, rows))
    print(
        f"{sum(one.rows for one in found):,} rows of {feed} {entity} are let in in spite of {rule_code}; the next night uses them."
    )
    return 0


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return f"user {os.getuid()}"
