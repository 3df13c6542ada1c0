"""Publication: one transaction writes the difference between the build and the permanent tables.

Readers of permanent tables see yesterday or today, never both: no table is renamed, truncated or made anew
(design.md 3 has the measurements). Nothing is written that did not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import Json

from yos_warehouse.build.audit import UNIT_FEEDS, Reason, Verdict, audit, judge_table, record, units_of
from yos_warehouse.build.permanent import PermanentTable, existing
from yos_warehouse.build.values import freeze
from yos_warehouse.errors import AlreadyRunning, LeaseLost, UsageError, YosError
from yos_warehouse.server.connect import connect, transaction
from yos_warehouse.server.roles import grant_build_schema
from yos_warehouse.telling.fitness import grade_loads
from yos_warehouse.telling.fitness import verdict as good_enough_for

BUILD = "build"
KEPT_BUILDS = 3


# What the database refuses while a unit is written: SQLSTATE -> reason. The message itself may carry a value.
_REFUSALS = {"23505": "KEY_NOT_UNIQUE", "23502": "KEY_EMPTY", "23503": "REFERENCE_BROKEN"}


class _KeyNotUnique(Exception):
    """A key of the build is not unique, and no constraint saw it."""


@dataclass(frozen=True)
class Changes:
    """Rows written to one permanent table."""

    table: PermanentTable
    deleted: int
    updated: int
    inserted: int
    total: int
    is_first_load: bool = False

    @property
    def changed(self) -> int:
        """All rows written."""
        return self.deleted + self.updated + self.inserted


def publish(run_id: int) -> dict[str, int]:
    """Audit the build and publish each unit that may be; yesterday's rows of a held unit stay as they are.

    Run again after a crash it finds its publication done, or does it.

    Args:
        run_id: the live run; the caller holds the warehouse lock.

    Returns:
        ``units`` and ``held`` (counts of units), ``tables``, ``deleted``, ``updated``, ``inserted`` (rows),
        ``publication_id`` (the newest, 0 if none).

    Raises:
        LeaseLost: the run is no longer the live one; nothing was written.
        YosError: HELD when a unit failed the audit, after the other one was published; PUBLISH when the
            database refused, and then nothing was written.
    """
    changes: list[Changes] = []
    publication_id = 0
    connection = connect("publisher", application="yos publish")
    try:
        with _database_words(), connection.cursor() as cursor:
            _prepare(cursor)
            as_at = _fence(cursor, run_id)
            done = _already_published(cursor, run_id)
            if done is not None:
                verdict = audit_again(cursor, run_id)
            else:
                grade_loads(connection, run_id)
                verdict = audit(cursor, run_id)
                changes, publication_id = _publish_units(cursor, run_id, as_at, verdict)
                record(cursor, run_id, verdict)
            connection.commit()
        _tidy(connection, changes)
    finally:
        connection.close()
    outcome = done or _outcome(verdict, changes, publication_id)
    _refuse_held(verdict)
    return outcome


def rollback(to: str | None = None) -> str:
    """Publish a kept build again and hold its units until :func:`release`.

    Args:
        to: the build's schema; default: the newest kept build before the one that is shown.

    Returns:
        The schema that was published.

    Raises:
        UsageError: NO_BUILD (none kept, or not that one), MIGRATED (the permanent tables changed since).
        AlreadyRunning: a night is building or publishing right now.
    """
    from yos_warehouse.orchestration.lease import LOCK_WAREHOUSE

    connection = connect("publisher", application="yos rollback")
    try:
        with _database_words(), connection.cursor() as cursor:
            _prepare(cursor)
            cursor.execute("select pg_try_advisory_xact_lock(%s, 0)", (LOCK_WAREHOUSE,))
            if cursor.fetchone() != (True,):
                raise AlreadyRunning("ALREADY_RUNNING", "a night is at work; roll back when it is over")
            schema = _choose_build(cursor, to)
            cursor.execute(
                "select distinct on (unit) unit, run_id, as_at, data_dates, is_fictional, good_enough_for "
                "from marts.publication where build_schema = %s and kind = 'publish' "
                "order by unit, publication_id desc",
                (schema,),
            )
            published = cursor.fetchall()
            units = [row[0] for row in published]
            tables = _tables_to_roll_back(cursor, schema, units)
            changes, reason = _write_part(cursor, tables, schema)
            if reason:
                raise YosError(
                    "PUBLISH", f"{schema} was refused: {reason.code} {reason.about}", "choose another build"
                )
            for unit, run_id, as_at, data_dates, is_fictional, fitness in published:
                _write_publication(
                    cursor,
                    run_id,
                    unit,
                    units,
                    as_at,
                    "rollback",
                    data_dates,
                    is_fictional,
                    schema,
                    changes,
                    fitness,
                )
                cursor.execute(
                    "insert into ops.publication_hold (unit, reason) values (%s, %s) "
                    "on conflict (unit) do update set reason = excluded.reason, held_at = now()",
                    (unit, f"rolled back to {schema}"),
                )
            connection.commit()
        _tidy(connection, changes)
    finally:
        connection.close()
    return schema


def release() -> list[str]:
    """Let nights publish again after a rollback; the units that were held."""
    with transaction("publisher") as connection, connection.cursor() as cursor:
        cursor.execute("delete from ops.publication_hold returning unit")
        return sorted(row[0] for row in cursor.fetchall())


def audit_again(cursor: Cursor, run_id: int) -> Verdict:
    """The verdict of a publication that was made already: what was recorded as held then."""
    cursor.execute(
        "select unit, rule_code, entity, rows_failed from ops.check_result "
        "where run_id = %s and checked_by = 'warehouse' and rule_code like 'HELD\\_%%' order by 1, 2, 3",
        (run_id,),
    )
    held: dict[str, list[Reason]] = {}
    for unit, code, about, rows in cursor.fetchall():
        held.setdefault(unit, []).append(Reason(code.removeprefix("HELD_"), about, rows))
    return Verdict(held)


def _prepare(cursor: Cursor) -> None:
    cursor.execute("set local work_mem = '256MB'")
    cursor.execute("set local statement_timeout = 0")
    cursor.execute("set local client_min_messages = warning")


@contextmanager
def _database_words() -> Iterator[None]:
    """The database's refusal as a code and a constraint's name: its text may carry a value."""
    try:
        yield
    except psycopg2.Error as problem:
        diagnosis = problem.diag
        where = ".".join(part for part in (diagnosis.schema_name, diagnosis.table_name) if part)
        raise YosError(
            "PUBLISH",
            f"the database refused the publication (SQLSTATE {problem.pgcode or 'none: connection lost'}"
            + (f", {where}" if where else "")
            + (f", {diagnosis.constraint_name}" if diagnosis.constraint_name else "")
            + "); what was published before stays",
            "run the same command again; if it says the same, look at the tests of that table",
        ) from None


def _fence(cursor: Cursor, run_id: int) -> date:
    """Hold the run's row until the transaction ends: whoever takes the lease over waits for that."""
    cursor.execute("select state, as_at from ops.run where run_id = %s for update", (run_id,))
    row = cursor.fetchone()
    if row is None or row[0] != "running":
        raise LeaseLost(
            "LEASE_LOST",
            f"run {run_id} is no longer the live run and publishes nothing",
            "look at the newer run",
        )
    if row[1] is None:
        raise YosError("NO_AS_AT", f"run {run_id} has no as-at date", "run the stage step first")
    return row[1]


def _already_published(cursor: Cursor, run_id: int) -> dict[str, int] | None:
    cursor.execute(
        "select count(distinct unit), coalesce(max(publication_id), 0) from marts.publication "
        "where run_id = %s and kind = 'publish'",
        (run_id,),
    )
    units, publication_id = cursor.fetchone() or (0, 0)
    if not units:
        return None
    cursor.execute(
        "select count(*), coalesce(sum(rows_deleted), 0)::int, coalesce(sum(rows_updated), 0)::int, "
        "coalesce(sum(rows_inserted), 0)::int "
        "from ops.change_log inner join marts.publication using (publication_id) "
        "where run_id = %s and kind = 'publish'",
        (run_id,),
    )
    tables, deleted, updated, inserted = cursor.fetchone() or (0, 0, 0, 0)
    return {
        "units": units, "held": len(UNIT_FEEDS) - units, "tables": tables, "deleted": deleted,
        "updated": updated, "inserted": inserted, "publication_id": publication_id,
    }  # fmt: skip


def _publish_units(cursor: Cursor, run_id: int, as_at: date, verdict: Verdict) -> tuple[list[Changes], int]:
    """Write the shared tables, then unit by unit; one the database refuses is held, the other goes on."""
    changes: list[Changes] = []
    for part in ("shared", *UNIT_FEEDS):
        if set(units_of(part)) <= set(verdict.held):
            continue
        written, reason = _write_part(cursor, [t for t in verdict.tables if t.unit == part], BUILD)
        changes += written
        if reason:
            for unit in units_of(part):
                verdict.held.setdefault(unit, []).append(reason)
    units = verdict.publishable
    if not units:
        return [], 0
    # Each unit has its own publication; the kept build is called after the first of them.
    newest = 0
    schema = ""
    for unit in units:
        cursor.execute("select nextval(pg_get_serial_sequence('marts.publication', 'publication_id'))")
        newest = (cursor.fetchone() or (0,))[0]
        schema = schema or f"{BUILD}_{newest}"
        data_dates, is_fictional = _data_dates(cursor, unit, as_at)
        fitness = good_enough_for(cursor.connection, unit, as_at)
        _write_publication(
            cursor,
            run_id,
            unit,
            units,
            as_at,
            "publish",
            data_dates,
            is_fictional,
            schema,
            changes,
            fitness,
            newest,
        )
        if unit == "children":
            freeze(cursor, newest)
    _keep_build(cursor, schema, newest)
    return changes, newest


def _write_part(
    cursor: Cursor, tables: Sequence[PermanentTable], build_schema: str
) -> tuple[list[Changes], Reason | None]:
    """Write tables that stand or fall together, their keys and references checked at the end.

    Returns:
        What was written, or nothing and the reason why the database refused; then it is as it was before.
    """
    cursor.execute("savepoint part")
    name = ""
    try:
        changes = []
        for table in tables:
            name = table.name
            changes.append(_apply(cursor, table, build_schema))
        _finish_first_loads(cursor)
    except psycopg2.IntegrityError as problem:
        code = _REFUSALS.get(problem.pgcode or "", "PUBLISH_REFUSED")
        about = problem.diag.constraint_name or problem.diag.table_name or name
        cursor.execute("rollback to savepoint part")
        return [], Reason(code, about)
    except _KeyNotUnique:
        cursor.execute("rollback to savepoint part")
        return [], Reason("KEY_NOT_UNIQUE", name)
    cursor.execute("release savepoint part")
    return changes, None


def _apply(cursor: Cursor, table: PermanentTable, build_schema: str) -> Changes:
    """Write one table's difference, computed once by a full join on the primary key.

    Rows of shared tables are never deleted: the other unit may still point to them.
    """
    target = sql.Identifier(table.schema, table.name)
    source = sql.Identifier(build_schema, table.name)
    columns = [column.name for column in table.columns]
    others = [name for name in columns if name not in table.primary_key]
    if _is_first_load(cursor, table):
        cursor.execute(
            sql.SQL("insert into {0} ({1}) select {1} from {2}").format(target, _names(columns), source)
        )
        inserted = cursor.rowcount
        cursor.execute(sql.SQL("analyze {}").format(target))
        return Changes(table, 0, 0, inserted, inserted, is_first_load=True)
    difference = sql.Identifier(f"change_{table.schema}_{table.name}"[:63])
    first = sql.Identifier(table.primary_key[0])
    conditions = [sql.SQL("old.{} is null").format(first)]
    if table.unit != "shared":
        conditions.append(sql.SQL("new.{} is null").format(first))
    if others:
        both = sql.SQL("new.{0} is not null and old.{0} is not null and ").format(first)
        conditions.append(
            sql.SQL("({}row({}) is distinct from row({}))").format(
                both, _names(others, "new"), _names(others, "old")
            )
        )
    cursor.execute(
        sql.SQL(
            "create temp table {difference} on commit drop as select "
            "case when old.{first} is null then 'i' when new.{first} is null then 'd' else 'u' end "
            "as yos_change, "
            "{keys}{others} from {source} as new full join {target} as old on {join} where {conditions}"
        ).format(
            difference=difference,
            first=first,
            keys=sql.SQL(", ").join(
                sql.SQL("coalesce(new.{0}, old.{0}) as {0}").format(sql.Identifier(k))
                for k in table.primary_key
            ),
            others=sql.SQL("").join(sql.SQL(", new.{}").format(sql.Identifier(name)) for name in others),
            source=source,
            target=target,
            join=sql.SQL(" and ").join(
                sql.SQL("new.{0} = old.{0}").format(sql.Identifier(k)) for k in table.primary_key
            ),
            conditions=sql.SQL(" or ").join(conditions),
        )
    )
    deleted = updated = inserted = 0
    if cursor.rowcount:
        cursor.execute(sql.SQL("analyze {}").format(difference))
        same = sql.SQL(" and ").join(
            sql.SQL("t.{0} = c.{0}").format(sql.Identifier(k)) for k in table.primary_key
        )
        cursor.execute(
            sql.SQL("delete from {} as t using {} as c where c.yos_change = 'd' and {}").format(
                target, difference, same
            )
        )
        deleted = cursor.rowcount
        if others:
            cursor.execute(
                sql.SQL("update {} as t set {} from {} as c where c.yos_change = 'u' and {}").format(
                    target,
                    sql.SQL(", ").join(
                        sql.SQL("{0} = c.{0}").format(sql.Identifier(name)) for name in others
                    ),
                    difference,
                    same,
                )
            )
            updated = cursor.rowcount
        cursor.execute(
            sql.SQL("insert into {0} ({1}) select {1} from {2} where yos_change = 'i'").format(
                target, _names(columns), difference
            )
        )
        inserted = cursor.rowcount
    total, built, only_here = _counts(cursor, table, build_schema)
    if total != built + only_here:
        raise _KeyNotUnique
    return Changes(table, deleted, updated, inserted, total)


def _counts(cursor: Cursor, table: PermanentTable, build_schema: str) -> tuple[int, int, int]:
    """Rows of the permanent table, of the build, and of a shared table those the build has no more.

    After the difference is applied each key of the build is one row here. A key that is twice in the build,
    once as it was and once changed, shows nowhere but in these numbers.
    """
    target = sql.Identifier(table.schema, table.name)
    source = sql.Identifier(build_schema, table.name)
    counts = "select (select count(*) from {0}), (select count(*) from {1}), "
    statement = sql.SQL(counts + "0").format(target, source)
    if table.unit == "shared":
        same = sql.SQL(" and ").join(
            sql.SQL("new.{0} = old.{0}").format(sql.Identifier(k)) for k in table.primary_key
        )
        statement = sql.SQL(
            counts + "(select count(*) from {0} as old where not exists (select from {1} as new where {2}))"
        ).format(target, source, same)
    cursor.execute(statement)
    return cursor.fetchone() or (0, 0, 0)


def _is_first_load(cursor: Cursor, table: PermanentTable) -> bool:
    """Put indexes and foreign keys of an empty table aside; False when it has rows or somebody is reading it.

    Only before a unit's first publication: later on the locks this takes would keep readers waiting.
    """
    cursor.execute(
        "select exists (select from marts.publication where unit = %s or %s = 'shared')",
        (table.unit, table.unit),
    )
    if cursor.fetchone() != (False,):
        return False
    cursor.execute("savepoint first_load")
    cursor.execute("set local lock_timeout = '2s'")
    try:
        cursor.execute("select ops.prepare_first_load(%s::regclass)", (table.full_name,))
        is_prepared = cursor.fetchone() == (True,)
    except psycopg2.errors.LockNotAvailable:
        cursor.execute("rollback to savepoint first_load")
        return False
    cursor.execute("set local lock_timeout = 0")
    cursor.execute("release savepoint first_load")
    return is_prepared


def _finish_first_loads(cursor: Cursor) -> None:
    cursor.execute("select ops.finish_first_load()")
    cursor.execute("set constraints all immediate")  # refused here, and not at commit
    cursor.execute("set constraints all deferred")


def _write_publication(
    cursor: Cursor,
    run_id: int,
    unit: str,
    units: Sequence[str],
    as_at: date,
    kind: str,
    data_dates: dict[str, str],
    is_fictional: bool,
    schema: str,
    changes: list[Changes],
    fitness: Mapping[str, Any],
    publication_id: int | None = None,
) -> None:
    """One row per unit; the shared tables count with the first unit of the publication."""
    own = [c for c in changes if c.table.unit == unit or (c.table.unit == "shared" and unit == units[0])]
    if publication_id is None:
        cursor.execute("select nextval(pg_get_serial_sequence('marts.publication', 'publication_id'))")
        publication_id = (cursor.fetchone() or (0,))[0]
    cursor.execute(
        "insert into marts.publication (publication_id, run_id, unit, as_at, kind, data_dates, rows_changed, "
        "is_fictional, build_schema, good_enough_for) overriding system value "
        "values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            publication_id, run_id, unit, as_at, kind, Json(data_dates), sum(c.changed for c in own),
            is_fictional, schema, Json(fitness),
        ),
    )  # fmt: skip
    for c in own:
        cursor.execute(
            "insert into ops.change_log values (%s, %s, %s, %s, %s, %s)",
            (publication_id, c.table.full_name, c.deleted, c.updated, c.inserted, c.total),
        )


def _data_dates(cursor: Cursor, unit: str, as_at: date) -> tuple[dict[str, str], bool]:
    """The latest business date per feed as known at the as-at date; whether all of it is fictional."""
    cursor.execute(
        "select d.feed, max(d.business_date)::text, bool_and(d.is_fictional) "
        "from ops.load as l inner join ops.drop as d using (drop_id) "
        "where l.state = 'accepted' and d.feed = any(%s) "
        "and (d.received_at at time zone 'Europe/London')::date <= %s group by d.feed order by d.feed",
        (list(UNIT_FEEDS[unit]), as_at),
    )
    rows = cursor.fetchall()
    return {feed: day for feed, day, _ in rows}, all(fictional for _, _, fictional in rows)


def _keep_build(cursor: Cursor, schema: str, publication_id: int) -> None:
    """Rename the build and put an empty one in its place; both belong to the transformer."""
    cursor.execute("set local role yos_transformer")
    cursor.execute(
        sql.SQL("alter schema {} rename to {}").format(sql.Identifier(BUILD), sql.Identifier(schema))
    )
    cursor.execute(sql.SQL("create schema {}").format(sql.Identifier(BUILD)))
    grant_build_schema(cursor, BUILD)
    cursor.execute("reset role")
    cursor.execute(
        "insert into ops.build (schema_name, publication_id, migration) "
        "select %s, %s, coalesce(max(migration), '') from ops.permanent_table",
        (schema, publication_id),
    )


def _choose_build(cursor: Cursor, to: str | None) -> str:
    cursor.execute("select schema_name, migration from ops.build order by publication_id desc")
    kept = dict(cursor.fetchall())
    if to is None:
        cursor.execute("select build_schema from marts.publication order by publication_id desc limit 1")
        shown = (cursor.fetchone() or ("",))[0]
        older = list(kept)[list(kept).index(shown) + 1 :] if shown in kept else []
        if not older:
            raise UsageError(
                "NO_BUILD",
                "no earlier build is kept",
                f"{KEPT_BUILDS} builds are kept, from the third night on",
            )
        to = older[0]
    if to not in kept:
        raise UsageError("NO_BUILD", f"build {to} is not kept", f"kept are: {', '.join(kept) or 'none'}")
    cursor.execute("select coalesce(max(migration), '') from ops.permanent_table")
    newest = (cursor.fetchone() or ("",))[0]
    if kept[to] < newest:
        raise UsageError(
            "MIGRATED",
            f"{to} was built before migration {newest} changed the permanent tables",
            "correct the model or the data and run the night again",
        )
    return to


def _tables_to_roll_back(cursor: Cursor, schema: str, units: Sequence[str]) -> list[PermanentTable]:
    tables = [table for table in existing(cursor).values() if table.unit in (*units, "shared")]
    for table in tables:
        reason = judge_table(cursor, table, schema)
        if reason:
            raise UsageError(
                "MIGRATED",
                f"{schema} does not fit the permanent tables: {reason.about}",
                "choose a later build",
            )
    return tables


def _tidy(connection: Connection, changes: list[Changes]) -> None:
    """After the commit: fresh statistics, and builds beyond the third of each unit dropped.

    A table's first load has its statistics already: its foreign keys were checked with them.
    """
    connection.autocommit = True
    with connection.cursor() as cursor:
        for change in changes:
            if change.changed and not change.is_first_load:
                cursor.execute(
                    sql.SQL("analyze {}").format(sql.Identifier(change.table.schema, change.table.name))
                )
    connection.autocommit = False
    with connection.cursor() as cursor:
        cursor.execute(
            """
            delete from ops.build where schema_name not in (
                select build_schema from (
                    select
                        build_schema,
                        row_number() over (partition by unit order by publication_id desc) as age
                    from marts.publication where kind = 'publish'
                ) as newest where age <= %s
                union all
                (
                    select distinct on (unit) build_schema from marts.publication
                    order by unit, publication_id desc
                )
            ) returning schema_name
            """,
            (KEPT_BUILDS,),
        )
        gone = [row[0] for row in cursor.fetchall()]
        cursor.execute("set local role yos_transformer")
        cursor.execute("set local client_min_messages = warning")
        for schema in gone:
            cursor.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))
    connection.commit()


def _outcome(verdict: Verdict, changes: list[Changes], publication_id: int) -> dict[str, int]:
    return {
        "units": len(verdict.publishable),
        "held": len(verdict.held),
        "tables": len(changes),
        "deleted": sum(change.deleted for change in changes),
        "updated": sum(change.updated for change in changes),
        "inserted": sum(change.inserted for change in changes),
        "publication_id": publication_id,
    }


def _refuse_held(verdict: Verdict) -> None:
    """A unit held by the audit is a failure to look at; one held by a rollback is what somebody asked for."""
    words = []
    for unit, reasons in verdict.held.items():
        failed = [reason for reason in reasons if reason.code != "ROLLED_BACK"]
        if failed:
            more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
            words.append(f"{unit}: " + ", ".join(f"{r.code} {r.about}" for r in failed[:3]) + more)
    if words:
        raise YosError(
            "HELD",
            f"not published, yesterday's figures stay: {'; '.join(words)}",
            "see ops.check_result for the run; mend the cause and run the night again",
        )


def _names(names: Sequence[str], alias: str | None = None) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(alias, n) if alias else sql.Identifier(n) for n in names)
