"""``yos reconcile``: which sums of money differ from what was stated of them, by how much, and what to do.

Reads reports.rpt_reconciliation as the newest build has it: a build that was held back because of it, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from yos_warehouse.build.dbt import BUILD
from yos_warehouse.errors import UsageError
from yos_warehouse.telling.looks import select_one, select_rows
from yos_warehouse.telling.owners import cell, service_name

REPORT = "rpt_reconciliation"
# What the sender of the rows can do about a check, in the order in which the checks are shown.
WHAT_TO_DO = {
    "BUDGET_AGENCY": "correct the line or the total that it prints, and send the version of the budget again",
    "BUDGET_COLUMNS": "correct the line or the total that it prints, and send the version of the budget again",
    "BUDGET_STATED": "hold the lines against the board's table; send the lines again, or the total corrected",
    "LEDGER_CONTROL": "look for postings held back at the door; send the month again for the date it had, or the control "
    "total corrected",
    "RESERVE_BALANCE": "send the movement that is missing, or the balance corrected",
}
_WORDS = {"AGREES": "agrees", "NOTHING_TO_COMPARE": "nothing stated"}
_COLUMNS = (
    f"{'check':<16} {'year':<8} {'period':>6} {'version':<8} {'of':<44} {'stated':>17} {'found':>17} "
    f"{'difference':>15}"
)


@dataclass(frozen=True)
class Sum:
    """A row of the report: pounds as stated and as found, and the delivery that states them."""

    check: str
    financial_year: str
    period: int
    budget_version: str
    subject: str
    expected: Decimal | None
    found: Decimal | None
    difference: Decimal | None
    expected_lines: int | None
    found_lines: int | None
    outcome: str
    delivery_date: date | None
    load_id: int | None

    @property
    def differs(self) -> bool:
        """Stated and found are not the same."""
        return self.outcome == "DIFFERS"


@dataclass(frozen=True)
class Build:
    """The newest build that has the report: its schema, its day, and whether finance was published from it."""

    schema: str
    as_at: date | None
    is_published: bool


def reconcile(every: bool = False) -> int:
    """Print the sums that differ; what ``yos reconcile`` is.

    Args:
        every: also those that agree, and those with which nothing can be compared.

    Returns:
        0 when none differs, 1 when one does.

    Raises:
        UsageError: NOT_BUILT, no build has the report yet.
    """
    from yos_warehouse.server.connect import connect

    connection = connect("publisher", autocommit=True, application="yos reconcile")
    try:
        build = newest_build(connection)
        sums = sums_of(connection, build.schema)
        print("\n".join(_lines(connection, build, sums, every)))
    finally:
        connection.close()
    return 1 if any(sum_.differs for sum_ in sums) else 0


def newest_build(connection: Connection) -> Build:
    """The newest build that has the report: one that was held back lies where it was built, the others are kept.

    Args:
        connection: as publisher.

    Raises:
        UsageError: NOT_BUILT.
    """
    kept = [
        schema
        for (schema,) in select_rows(
            connection, "select schema_name from ops.build order by publication_id desc"
        )
    ]
    for schema in (BUILD, *kept):
        if select_one(connection, "select to_regclass(%s) is not null", (f"{schema}.{REPORT}",)) == (True,):
            units = select_rows(
                connection,
                "select unit, as_at from marts.publication where build_schema = %s and kind = 'publish'",
                (schema,),
            )
            as_at = max((day for _, day in units), default=None) or _as_at_of_last_night(connection)
            return Build(schema, as_at, "finance" in {unit for unit, _ in units})
    raise UsageError("NOT_BUILT", "no build has added up the money yet", "run a night first")


def sums_of(connection: Connection, schema: str) -> list[Sum]:
    """The report of a build, in the order of the checks, those of the newest year first."""
    columns = (
        "check_code, financial_year, period, budget_version, subject_code, expected_gbp, found_gbp, difference_gbp, "
        "expected_lines, found_lines, outcome_code, delivery_date, load_id"
    )
    statement = sql.SQL(
        "select {} from {} order by check_code, financial_year desc, period, budget_version, subject_code"
    ).format(sql.SQL(columns), sql.Identifier(schema, REPORT))
    return [Sum(*row) for row in select_rows(connection, statement.as_string(connection))]


def _as_at_of_last_night(connection: Connection) -> date | None:
    row = select_one(
        connection, "select as_at from ops.run where kind = 'nightly' order by run_id desc limit 1"
    )
    return row[0] if row else None


def _lines(connection: Connection, build: Build, sums: list[Sum], every: bool) -> list[str]:
    row = select_one(connection, "select coalesce(bool_or(is_fictional), true) from ops.drop")
    wrong = [sum_ for sum_ in sums if sum_.differs]
    compared = sum(sum_.outcome != "NOTHING_TO_COMPARE" for sum_ in sums)
    state = "published" if build.is_published else "finance of this build is not published"
    day = f", as at {_day(build.as_at)}" if build.as_at else ""
    lines = [
        ("FICTIONAL: " if row is None or row[0] else "") + service_name(),
        f"Newest build ({build.schema}){day}: {state}.",
        f"{len(wrong)} of {compared} sums differ from what was stated; of {len(sums) - compared} nothing is stated.",
    ]
    shown = sums if every else wrong
    if shown:
        lines += ["", _COLUMNS]
    for sum_ in shown:
        lines.append(_row(sum_))
        if sum_.differs:
            lines += _explained(sum_)
    return lines


def _row(sum_: Sum) -> str:
    period = str(sum_.period) if sum_.period else ""
    subject = cell(sum_.subject)[:44]
    words = f"{sum_.difference:+,.2f}" if sum_.differs else _WORDS[sum_.outcome]
    return (
        f"{sum_.check:<16} {sum_.financial_year:<8} {period:>6} {sum_.budget_version:<8} {subject:<44} "
        f"{_pounds(sum_.expected):>17} {_pounds(sum_.found):>17} {words:>15}"
    )


def _explained(sum_: Sum) -> list[str]:
    lines = []
    if sum_.expected_lines is not None and sum_.expected_lines != sum_.found_lines:
        lines.append(f"    {sum_.expected_lines:,} lines are stated and {sum_.found_lines:,} are there")
    if sum_.delivery_date:
        lines.append(
            f"    stated by the finance delivery of {_day(sum_.delivery_date)} (load {sum_.load_id})"
        )
    return [*lines, f"    to do: {WHAT_TO_DO[sum_.check]}"]


def _pounds(amount: Decimal | None) -> str:
    return "-" if amount is None else f"{amount:,.2f}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
