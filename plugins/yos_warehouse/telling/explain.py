"""``yos explain``: a figure, who stands behind it and who does not, and why; as case references, never as names.

Reads as practitioner, through functions that log each look with its purpose (migration 0007).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection

from yos_warehouse.errors import UsageError
from yos_warehouse.sources.csv_writer import CsvWriter
from yos_warehouse.telling.looks import database_words, demand_purpose, select_one, select_rows, who
from yos_warehouse.telling.owners import cell, service_name

MOST_SHOWN = 50
MOST_NAMED = 24
NOT_BUILT = "YOS03"
# A cell that begins like this is a formula to a spreadsheet.
_SUFFIX = {
    "pct": " %",
    "per_1000": " per 1,000",
    "per_10000": " per 10,000",
    "per_100000": " per 100,000",
}
_SOURCE = {
    "LATEST": "as the marts show it",
    "VALUE": "as published then",
    "BUILT": "as built again from what was known then; never published",
}


@dataclass(frozen=True)
class Indicator:
    """A variant of an indicator as marts.dim_indicator describes it."""

    indicator_id: str
    variant_code: str
    name: str
    unit: str
    decimals: int
    counts_children: bool
    page: str

    def shown(self, numerator: Any, denominator: Any, value: Any) -> str:
        """``12 of 40 = 30.0 %``."""
        parts = (
            f"{_number(numerator)} of {_number(denominator)}"
            if denominator is not None
            else _number(numerator)
        )
        if value is None:
            return f"{parts}: no value"
        if denominator is None:
            return parts
        return f"{parts} = {round(value, self.decimals)}{_SUFFIX.get(self.unit, '')}"


@dataclass(frozen=True)
class Case:
    """A row of restricted.explain."""

    case_key: str
    person_key: int | None
    case_reference: str | None
    case_date: date | None
    geography_key: str | None
    fact_key: int | None
    fact_date: date | None
    numerator: Decimal | None
    denominator: Decimal | None
    is_in: bool
    reason_code: str | None


def explain(
    indicator_id: str,
    period_code: str,
    purpose: str,
    *,
    variant_code: str | None = None,
    as_at: date | None = None,
    out: Path | None = None,
) -> int:
    """Print a figure of the whole service and its cases; what ``yos explain`` is.

    Args:
        purpose: why the records are looked at; 10 to 500 characters, kept in restricted.access_log.
        variant_code: default: the indicator's default variant.
        as_at: default: the day the marts speak for. Another day is built first if it has to be.
        out: also write the cases to this CSV file.

    Returns:
        0.

    Raises:
        UsageError: an unknown indicator, variant or period (the known ones are listed), a missing purpose.
        AlreadyRunning: the past has to be built and a night is running.
        YosError: BEFORE_FIRST_LOAD, DBT_FAILED; EXPLAIN when the database refuses.
    """
    from yos_warehouse.server.connect import connect

    demand_purpose(purpose)  # before anything is built
    connection = connect("practitioner", autocommit=True, application="yos explain")
    try:
        with database_words("EXPLAIN"):
            indicator = _indicator(connection, indicator_id, variant_code)
            period = _period(connection, indicator, period_code)
            figure = _figure(connection, indicator, period_code, as_at)
            cases = _cases(connection, indicator, period_code, as_at, purpose)
            is_fictional = select_one(connection, "select bool_or(is_fictional) from marts.publication") == (
                True,
            )
            lines = _lines(connection, indicator, period, period_code, figure, cases, is_fictional)
    finally:
        connection.close()
    print("\n".join(lines))
    if out:
        write_cases(out, cases, is_fictional)
        print(f"{len(cases)} cases written to {out}, readable for you alone: delete it when it has served.")
    return 0


def write_cases(out: Path, cases: Sequence[Case], is_fictional: bool) -> None:
    """All cases as CSV, readable for its owner alone; no cell is a formula to a spreadsheet."""
    names = list(Case.__dataclass_fields__)
    with CsvWriter(out, [*names, "note"]) as file:
        for case in cases:
            cells = [_cell(getattr(case, name)) for name in names]
            file.write([*cells, "FICTIONAL" if is_fictional else ""])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return cell(value) if isinstance(value, str) else str(value)


def _indicator(connection: Connection, indicator_id: str, variant_code: str | None) -> Indicator:
    rows = select_rows(
        connection,
        "select indicator_id, variant_code, indicator_name, unit, decimals, contributor_code = 'CHILD', "
        "page, is_default_variant from marts.dim_indicator order by indicator_id, is_default_variant desc, variant_code",
    )
    if not rows:
        raise UsageError("NOT_PUBLISHED", "no figure is published yet", "run a night first")
    own = [row for row in rows if row[0] == indicator_id]
    if not own:
        known = ", ".join(dict.fromkeys(row[0] for row in rows))
        raise UsageError("INDICATOR", f"there is no indicator {indicator_id!r}", f"choose one of: {known}")
    for *described, is_default in own:
        if described[1] == variant_code or (variant_code is None and is_default):
            return Indicator(*described)
    known = ", ".join(row[1] for row in own)
    raise UsageError("VARIANT", f"{indicator_id} has no variant {variant_code!r}", f"choose one of: {known}")


def _period(connection: Connection, indicator: Indicator, period_code: str) -> str:
    """The period's name."""
    rows = select_rows(
        connection,
        "select p.period_code, p.period_name from marts.dim_period as p "
        "inner join marts.fct_indicator_latest as l using (period_code) "
        "where l.indicator_id = %s and l.variant_code = %s and l.geography_level = 'SERVICE' "
        "order by p.first_day desc, p.period_code",
        (indicator.indicator_id, indicator.variant_code),
    )
    known = dict(rows)
    if period_code not in known:
        newest = ", ".join(list(known)[:MOST_NAMED]) or "none yet"
        more = f" and {len(known) - MOST_NAMED} earlier ones" if len(known) > MOST_NAMED else ""
        raise UsageError(
            "PERIOD",
            f"{indicator.indicator_id} has no figure for {period_code!r}",
            f"choose one of: {newest}{more}",
        )
    return known[period_code]


def _figure(
    connection: Connection, indicator: Indicator, period_code: str, as_at: date | None
) -> tuple[Any, ...]:
    """The row of restricted.figure; builds the past when it is not there yet."""
    asked = (indicator.indicator_id, indicator.variant_code, period_code, as_at)
    ask = "select * from restricted.figure(%s, %s, %s, %s)"
    try:
        figure = select_one(connection, ask, asked)
    except psycopg2.Error as problem:
        if problem.pgcode != NOT_BUILT or as_at is None:
            raise
        from yos_warehouse.build.past import build_as_at

        print(
            f"What was known by the end of {_day(as_at)} has to be built first (a minute or more).",
            flush=True,
        )
        build_as_at(as_at)
        figure = select_one(connection, ask, asked)
    if figure is None:
        raise UsageError(
            "PERIOD",
            f"on that day {indicator.indicator_id} had no figure for {period_code}",
            "choose a later day or an earlier period",
        )
    return figure


def _cases(
    connection: Connection, indicator: Indicator, period_code: str, as_at: date | None, purpose: str
) -> list[Case]:
    asked = (indicator.indicator_id, indicator.variant_code, period_code, as_at, purpose, who())
    return [
        Case(*row)
        for row in select_rows(connection, "select * from restricted.explain(%s, %s, %s, %s, %s, %s)", asked)
    ]


def _lines(
    connection: Connection, indicator: Indicator, period: str, period_code: str, figure: tuple[Any, ...],
    cases: Sequence[Case], is_fictional: bool,
) -> list[str]:  # fmt: skip
    source, as_at, version, numerator, denominator, value, low, high, is_sum, due_date, is_due = figure
    interval = (
        f" (interval {round(low, indicator.decimals)} to {round(high, indicator.decimals)})"
        if low is not None
        else ""
    )
    lines = [
        ("FICTIONAL: " if is_fictional else "") + service_name(),
        f"{indicator.name}, {period}",
        f"  {indicator.shown(numerator, denominator, value)}{interval}",
        f"  as at {_day(as_at)}, {_SOURCE[source]}; {indicator.indicator_id} {indicator.variant_code}, definition {version}",
    ]
    if not is_due and due_date:
        lines.append(f"  not final: due on {_day(due_date)}")
    lines += [
        f"  What it means: docs/indicators/{indicator.page}.md",
        *_published(connection, indicator, period_code, figure),
    ]
    counted = [case for case in cases if case.is_in]
    left_out = [case for case in cases if not case.is_in]
    if _sums(counted, indicator.counts_children, is_sum) != (numerator, denominator if is_sum else None):
        lines.append("  The cases below do not add up to this figure: tell the data team.")
    lines += ["", f"IN: {_count(counted, indicator)}"]
    lines += _listed(counted, lambda case: f"{_number(case.numerator)} of {_number(case.denominator)}")
    lines += ["", f"OUT: {_count(left_out, indicator)}"]
    reasons = Counter(_words(case.reason_code) for case in left_out)
    lines += [
        f"  {count:>6,} {reason}" for reason, count in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))
    ]
    lines += _listed(left_out, lambda case: _words(case.reason_code))
    return [*lines, "", "This look is in the access log, with its purpose."]


def _published(
    connection: Connection, indicator: Indicator, period_code: str, figure: tuple[Any, ...]
) -> list[str]:
    """The value that was published, where it is another figure."""
    value = select_one(
        connection,
        "select as_at, numerator, denominator, value from marts.fct_indicator_value where indicator_id = %s "
        "and variant_code = %s and period_code = %s and version = %s and geography_level = 'SERVICE'",
        (indicator.indicator_id, indicator.variant_code, period_code, figure[2]),
    )
    if value is None or value[1:] == figure[3:6]:
        return []
    return [
        f"  Published as at {_day(value[0])}: {indicator.shown(*value[1:])}; see docs/how-to/what-was-published.md"
    ]


def _sums(counted: Sequence[Case], counts_children: bool, is_sum: bool) -> tuple[Decimal, Decimal | None]:
    """What the cases add up to, each child once where children are counted; ``is_sum``: the denominator too."""
    parts: dict[object, tuple[Decimal, Decimal]] = {}
    for case in counted:
        key = case.person_key if counts_children else case.case_key
        n, d = parts.get(key, (Decimal(0), Decimal(0)))
        parts[key] = max(n, case.numerator or Decimal(0)), max(d, case.denominator or Decimal(0))
    numerator = sum((n for n, _ in parts.values()), Decimal(0))
    return numerator, sum((d for _, d in parts.values()), Decimal(0)) if is_sum else None


def _count(cases: Sequence[Case], indicator: Indicator) -> str:
    number = f"{len(cases):,} case" + ("" if len(cases) == 1 else "s")
    if not indicator.counts_children:
        return number
    return f"{number} of {len({case.person_key for case in cases}):,} children, each counted once"


def _listed(cases: Sequence[Case], last: Any) -> list[str]:
    if not cases:
        return []
    lines = [f"  {'case reference':<20} {'day':<12} {'of fact':<12}"]
    for case in cases[:MOST_SHOWN]:
        reference = cell(case.case_reference or "not in case system")
        lines.append(f"  {reference:<20} {case.case_date!s:<12} {case.fact_date or '-'!s:<12} {last(case)}")
    if len(cases) > MOST_SHOWN:
        lines.append(f"  and {len(cases) - MOST_SHOWN:,} more: --out FILE.csv has them all")
    return lines


def _words(reason: str | None) -> str:
    return (reason or "no reason given").replace("_", " ").lower()


def _number(value: Any) -> str:
    """A count without needless decimals."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
