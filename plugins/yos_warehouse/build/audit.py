"""May this build be published? Decided for each unit alone, from what dbt found and from the catalogue.

Units are held or published whole: children and finance share only tables whose rows are never
deleted, so one can stay as it was yesterday while the other moves on (design.md 1, *held units*).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from psycopg2.extensions import cursor as Cursor

from yos_warehouse.build.permanent import PermanentTable, compare

UNITS = ("children", "finance")
# The feeds whose dates are shown with a unit.
UNIT_FEEDS = {"children": ("case_system", "police", "education", "published"), "finance": ("finance",)}
# Reasons that lie in the data; the others lie with us.
DATA_REASONS = ("TEST_FAILED", "KEY_NOT_UNIQUE", "KEY_EMPTY", "REFERENCE_BROKEN")


@dataclass(frozen=True)
class Reason:
    """Why a unit is held: a code, the node or table it is about, and how many rows if that is known."""

    code: str
    about: str
    rows: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What the audit says of a build: per held unit its reasons, and the tables that may be published."""

    held: dict[str, list[Reason]] = field(default_factory=dict)
    tables: tuple[PermanentTable, ...] = ()

    @property
    def publishable(self) -> tuple[str, ...]:
        """Units that may be published."""
        return tuple(unit for unit in UNITS if unit not in self.held)

    def tables_of(self, units: Iterable[str]) -> list[PermanentTable]:
        """The tables that are written when these units are published."""
        wanted = {*units, "shared"}
        return [table for table in self.tables if table.unit in wanted]


def audit(cursor: Cursor, run_id: int, build_schema: str = "build") -> Verdict:
    """Judge the build of a run.

    A unit is held when a node it hangs on failed at error level or was skipped, when models and
    permanent tables disagree, or when a table is missing in the build. A rollback that has not been
    released holds too. Keys that are empty, not unique or point nowhere are found by the database
    while it writes (publish.py), which costs nothing extra.

    Args:
        cursor: as role publisher, inside the publication's transaction.
        run_id: the run whose results count.
        build_schema: where the build lies.
    """
    held: dict[str, list[Reason]] = {}

    def hold(units: Iterable[str], reason: Reason) -> None:
        for unit in units:
            if unit in UNITS and reason not in held.setdefault(unit, []):
                held[unit].append(reason)

    cursor.execute("select unit, reason from ops.publication_hold")
    for unit, _ in cursor.fetchall():
        hold([unit], Reason("ROLLED_BACK", unit))
    cursor.execute(
        "select node, status, units, failures from ops.model_run "
        "where run_id = %s and status in ('error', 'fail', 'skipped') and units <> '{}' "
        "order by status, node",
        (run_id,),
    )
    codes = {"error": "NODE_BROKE", "fail": "TEST_FAILED", "skipped": "NOT_BUILT"}
    for node, status, units, failures in cursor.fetchall():
        hold(units, Reason(codes[status], node, failures))
    cursor.execute(
        "select declared from ops.built_table where run_id = %s order by schema_name, table_name",
        (run_id,),
    )
    tables = tuple(PermanentTable.from_json(row[0]) for row in cursor.fetchall())
    if not tables:
        hold(UNITS, Reason("NOT_BUILT", build_schema))
    unit_of = {table.full_name: units_of(table.unit) for table in tables}
    for difference in compare(tables, cursor) if tables else ():
        if difference.kind != "comment":
            hold(unit_of.get(difference.table, UNITS), Reason("TABLES_DIFFER", difference.words))
    for table in tables:
        reason = judge_table(cursor, table, build_schema)
        if reason:
            hold(units_of(table.unit), reason)
    return Verdict(held, tables)


def judge_table(cursor: Cursor, table: PermanentTable, build_schema: str) -> Reason | None:
    """Whether one built table is there and has the columns of its permanent table; None when it does."""
    cursor.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute "
        "where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped",
        (f"{build_schema}.{table.name}",),
    )
    built = dict(cursor.fetchall())
    if not built:
        return Reason("NOT_BUILT", table.name)
    if built != {column.name: column.type for column in table.columns}:
        return Reason("TABLES_DIFFER", f"{table.name}: columns or types of the build")
    return None


def record(cursor: Cursor, run_id: int, verdict: Verdict) -> None:
    """Write what holds the units back to ops.check_result, once per run."""
    for unit, reasons in verdict.held.items():
        for reason in reasons:
            cursor.execute(
                """
                insert into ops.check_result (
                    run_id, checked_by, rule_code, entity, unit, family, severity, owner, outcome, rows_failed
                )
                select
                    %(run)s, 'warehouse', %(code)s, %(about)s, %(unit)s, %(family)s, 'error', 'warehouse',
                    'failed', %(rows)s
                where not exists (
                    select from ops.check_result
                    where run_id = %(run)s and checked_by = 'warehouse' and rule_code = %(code)s
                        and entity = %(about)s and unit = %(unit)s
                )
                """,
                {
                    "run": run_id,
                    "code": f"HELD_{reason.code}",
                    "about": reason.about,
                    "unit": unit,
                    "rows": reason.rows,
                    "family": "integrity" if reason.code in DATA_REASONS else "configuration",
                },
            )


def units_of(unit: str) -> tuple[str, ...]:
    """The units a table belongs to: shared ones to both."""
    return UNITS if unit == "shared" else (unit,)
