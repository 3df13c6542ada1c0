"""Sums of money: what a file says is what was let in, what was repeated and what was held back, to the penny.

The sums of the rows that land are taken once, when they are checked; what was held back is summed where it lies in
quarantine, and the two are compared in the load's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import psycopg2
from psycopg2.extensions import connection as Connection

from yos_warehouse.door.landing import PUT_ASIDE, ROW_NUMBER, Landed
from yos_warehouse.door.rule_sql import is_blank, read_number
from yos_warehouse.door.suite import Rule
from yos_warehouse.errors import DropRejected
from yos_warehouse.history.tables import quoted
from yos_warehouse.sources.contract import Contract


@dataclass(frozen=True)
class Total:
    """Sums of one column over the rows of one entity that landed, pounds.

    Attributes:
        declared: what the manifest vouches for, None for nothing.
        file: of all rows whose amount can be read.
        accepted, repeated: of the rows let in, each record once; of their further identical copies.
        unread: rows whose amount cannot be read.
    """

    column: str
    declared: Decimal | None
    file: Decimal
    accepted: Decimal
    repeated: Decimal
    unread: int


def sum_rows(
    connection: Connection,
    contract: Contract,
    landed: Landed,
    failing: str,
    rules: Sequence[Rule],
    has_failing: bool,
    declared: Mapping[str, Decimal],
) -> tuple[Total, ...]:
    """Sum the rows of one entity in one look at them: all money of finance, and what the manifest vouches for.

    Columns without a value are left out.

    Args:
        failing: the table of failing and repeated rows; ``has_failing``: whether any is held back or repeated.
        rules: those that were computed.

    Raises:
        DropRejected: CONTROL_TOTAL, the file does not add up to the manifest's total. Not while an amount cannot
            be read: then the difference is entered with the load.
    """
    entity = contract.entities[landed.entity]
    is_finance = contract.feed == "finance"
    columns = [
        name
        for name, spec in entity.columns.items()
        if name in declared or (is_finance and spec.type == "money" and name in landed.columns)
    ]
    if not columns:
        return ()
    unread = {} if landed.put_aside else _unread(connection, failing, rules, columns)
    good, again, table = "true", "false", f"{landed.table} as l"
    if has_failing:
        good = "not (f.is_held_back is true or f.is_repeated is true)"
        again = "f.is_repeated is true and not f.is_held_back"
        table += f" left join {failing} as f using ({ROW_NUMBER})"
    # Of a row that could not be split no amount can be read.
    lost = f"l.{PUT_ASIDE} = 'FIELD_COUNT'" if landed.put_aside else "false"
    parts, readings = [], []
    for number, column in enumerate(columns):
        name, read = quoted(column), f"n{number}"
        reading = read_number(column, entity)
        if unread.get(column) == 0:
            # Every amount is one: most are plain numbers, for which the type's own reading is enough.
            reading = (
                f"case when pg_input_is_valid({name}, 'numeric') then {name}::numeric else {reading} end"
            )
        readings.append(f"{reading} as {read}")
        sums = [f"sum({read})", "null", "null", str(unread.get(column, "null"))]
        if has_failing:
            sums[1:3] = [f"sum({read}) filter (where is_good)", f"sum({read}) filter (where is_again)"]
        if column not in unread:
            readings.append(f"{name} is not null and not {is_blank(name)} as s{number}")
            sums[3] = f"count(*) filter (where s{number} and {read} is null or is_lost)"
        parts += sums
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {', '.join(parts)} from (select {', '.join(readings)}, {good} as is_good, {again} as is_again, "
            f"{lost} as is_lost from {table} offset '0') as read"
        )
        values = list(cursor.fetchone() or ())
    totals = []
    for number, column in enumerate(columns):
        file, accepted, repeated, lacking = values[4 * number : 4 * number + 4]
        total = declared.get(column)
        if file is None and not lacking and total is None:
            continue
        file, repeated = file or Decimal(0), repeated or Decimal(0)
        accepted = (accepted or Decimal(0)) if has_failing else file
        if total is not None and not lacking and file != total:
            raise DropRejected(
                "CONTROL_TOTAL",
                f"{column} of {landed.entity} does not add up to the manifest's total",
                "send the whole drop again",
            )
        totals.append(Total(column, total, file, accepted, repeated, lacking))
    return tuple(totals)


def _unread(
    connection: Connection, failing: str, rules: Sequence[Rule], columns: Sequence[str]
) -> dict[str, int]:
    """Rows whose amount cannot be read, of the columns that a rule has asked."""
    flags = {
        rule.column[0]: rule.flag for rule in rules if rule.check == "money" and rule.column[0] in columns
    }
    if not flags:
        return {}
    with connection.cursor() as cursor:
        sums = ", ".join(f"coalesce(sum({quoted(flag)}), 0)" for flag in flags.values())
        cursor.execute(f"select {sums} from {failing}")
        return dict(zip(flags, cursor.fetchone() or (), strict=True))


def enter_totals(
    connection: Connection, contract: Contract, entity: str, load_id: int, totals: tuple[Total, ...]
) -> None:
    """Enter the sums of an entity in ops.control_total, with those of its rows in quarantine.

    Raises:
        DropRejected: DISAGREE, a penny of the file is neither let in nor held back.
    """
    table = f"quarantine.{quoted(contract.raw_table(entity))}"
    with connection.cursor() as cursor:
        for total in totals:
            held = f"select coalesce(sum({read_number(total.column, contract.entities[entity])}), 0) from {table}"
            try:
                cursor.execute(
                    "insert into ops.control_total (load_id, entity, column_name, declared_gbp, file_gbp, accepted_gbp, "
                    f"repeated_gbp, held_back_gbp, unread_rows) values (%s, %s, %s, %s, %s, %s, %s, ({held} "
                    "where load_id = %s), %s)",
                    (load_id, entity, total.column, total.declared, total.file, total.accepted, total.repeated,
                     load_id, total.unread),
                )  # fmt: skip
            except psycopg2.errors.CheckViolation:
                raise DropRejected(
                    "DISAGREE",
                    f"{entity}.{total.column}: what was let in and what was held back is not what the file adds up to",
                    "report it: this is a fault of the warehouse",
                ) from None
