"""The one pass over a landing table that computes every rule as a flag.

Result: ``landing.<feed>__<entity>__failing`` with the rows that fail a rule or are sent twice: their number,
one column per rule (1: failed, else 0), ``is_held_back`` and ``is_repeated``. Few rows fail, so a large file
is read and next to nothing written. Two views stand on it: ``…__rows``, every landed row with its record id
and hash, and ``<feed>__judged``, what Great Expectations gets to see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from psycopg2.extensions import connection as Connection

from yos_warehouse.door.great_expectations_gate import Judged
from yos_warehouse.door.landing import KEY_LOST, PUT_ASIDE, ROW_NUMBER, Landed
from yos_warehouse.door.places import find_places
from yos_warehouse.door.rule_sql import fails, is_blank, readings
from yos_warehouse.door.suite import Rule, rules, suite
from yos_warehouse.door.totals import Total, sum_rows
from yos_warehouse.history.tables import literal, quoted
from yos_warehouse.sources.contract import Contract, Delivers, Entity
from yos_warehouse.sources.term import Term

MADE_BY_THE_DOOR = {"unique_key", "field_count", "control_char"}
# The tables that the pass leaves beside the landing table, as endings of its name; views go with them.
WORK_TABLES = ("__failing", "__dates", "__places")
# From here on several workers, statistics of what was just written, an index made after the rows and one
# comparison of all of them are worth what they cost.
LARGE_FROM_ROWS = 20_000


@dataclass(frozen=True)
class Checked:
    """One entity after the pass.

    Attributes:
        failing: the table of failing and repeated rows, with schema.
        places: the table of files and lines of the rows held back, with schema; only there if there are any.
        all_rows: the view of all landed rows, with schema: ``door_row_number``, ``record_id`` (null where the key
            cannot be read), ``row_hash``, ``is_held_back``, ``is_repeated`` and the contract's columns.
        rules: those that were computed, in the order of their columns.
        not_computed: rules whose code list is not there.
        held_back, repeated: rows to quarantine; identical copies of a row that is accepted once.
        keyless: rows held back whose key cannot be read.
        totals: sums of its money.
    """

    landed: Landed
    failing: str
    places: str
    all_rows: str
    rules: tuple[Rule, ...]
    not_computed: tuple[Rule, ...]
    held_back: int
    repeated: int
    keyless: int
    totals: tuple[Total, ...] = ()

    @property
    def rows(self) -> int:
        """Rows as landed."""
        return self.landed.rows

    @property
    def accepted(self) -> int:
        """Rows let in, identical copies counted too."""
        return self.rows - self.held_back


def check_entity(
    connection: Connection,
    contract: Contract,
    landed: Landed,
    business_date: date,
    declared: Mapping[str, Decimal] | None = None,
    without: Collection[str] = (),
) -> Checked:
    """Compute the flags of one landed entity; not committed.

    Args:
        connection: as loader, in the transaction that landed the entity or a later one; the files are still there.
        business_date: of the drop, for ranges that end with it.
        declared: sums by column that the manifest vouches for.
        without: codes of rules that are left out.

    Raises:
        DropRejected: CONTROL_TOTAL.
    """
    entity = contract.entities[landed.entity]
    found = [rule for rule in rules(contract, landed.entity) if rule.code not in without]
    expressions: list[tuple[Rule, str]] = []
    missing: list[Rule] = []
    for rule in found:
        if rule.check in MADE_BY_THE_DOOR:
            expressions.append((rule, _made_by_the_door(rule, landed)))
            continue
        expression = fails(rule, entity, business_date)
        if expression is None:
            missing.append(rule)
        else:
            # A row put aside has one fault, not one per column that could not be read.
            guard = f"{PUT_ASIDE} is null and " if landed.put_aside else ""
            expressions.append((rule, f"{guard}(({expression}) is true)"))
    computed = [rule for rule, _ in expressions]
    failing, dictionary, places, all_rows = (
        f"landing.{quoted(contract.raw_table(landed.entity) + ending)}" for ending in (*WORK_TABLES, "__rows")
    )
    key = record_id(entity, suite(contract.feed, landed.entity).key_if_empty, business_date)
    if landed.put_aside:
        key = f"case when {KEY_LOST} then null else {key} end"
    with connection.cursor() as cursor:
        # The planner thinks a rule costs nothing and a row handed from a worker a lot: with many rows it is the
        # other way round, and with few no worker is worth its start.
        workers = 2 if landed.rows >= LARGE_FROM_ROWS else 0
        cursor.execute(
            "set local work_mem = '64MB'; set local parallel_tuple_cost = 0; "
            f"set local max_parallel_workers_per_gather = {workers}"
        )
        cursor.execute(f"drop table if exists {failing}, {dictionary}, {places} cascade")
        dates, others = readings(entity, [rule for rule in computed if rule.check not in MADE_BY_THE_DOOR])
        _read_dates(cursor, dictionary, landed, dates)
        cursor.execute(_pass(failing, landed, entity, expressions, key, dictionary, dates, others))
        cursor.execute(_all_rows(all_rows, failing, landed, entity, key))
        _find_duplicates(cursor, failing, all_rows)
        if landed.rows >= LARGE_FROM_ROWS:
            cursor.execute(f"analyze {failing}")
        cursor.execute(
            f"select count(*) filter (where is_held_back), count(*) filter (where is_repeated), "
            f"count(*) filter (where is_keyless) from {failing}"
        )
        held_back, repeated, keyless = cursor.fetchone()  # type: ignore[misc]
        cursor.execute(f"set local max_parallel_workers_per_gather = {workers}")
    totals = sum_rows(
        connection, contract, landed, failing, computed, bool(held_back or repeated), declared or {}
    )
    if held_back:
        find_places(connection, landed, failing, places)
    return Checked(
        landed,
        failing,
        places,
        all_rows,
        tuple(computed),
        tuple(missing),
        held_back,
        repeated,
        keyless,
        totals,
    )


def to_judge(connection: Connection, contract: Contract, checked: list[Checked]) -> tuple[str, list[Judged]]:
    """Make the view that Great Expectations gets to see; not committed.

    It has one row: for each entity the number of rows landed and for each rule the number of rows that fail
    it. No value of any record. Integers, because Great Expectations takes a millisecond to turn a decimal
    into a float.

    Returns:
        The view's name in the schema landing, and what is expected of its columns.
    """
    view = f"{contract.feed}__judged"
    parts, expected = [], []
    for number, entity in enumerate(checked):
        landed = f"e{number}_rows_landed"
        columns = {rule.code: f"e{number}_{rule.flag}" for rule in entity.rules}
        sums = ", ".join(
            f"coalesce(sum({quoted(rule.flag)}), 0)::integer as {quoted(columns[rule.code])}"
            for rule in entity.rules
        )
        parts += [
            f"(select count(*)::integer as {landed} from {entity.landed.table}) as l{number}",
            f"(select {sums} from {entity.failing}) as f{number}",
        ]
        expected.append(
            Judged(
                entity=entity.landed.entity,
                rows=entity.rows,
                rows_column=landed,
                rules=tuple((rule.code, columns[rule.code], rule.tolerance) for rule in entity.rules),
            )
        )
    with connection.cursor() as cursor:
        cursor.execute(f"drop view if exists landing.{quoted(view)}")
        cursor.execute(f"create view landing.{quoted(view)} as select * from {', '.join(parts)}")
    return view, expected


def record_id(entity: Entity, key_defaults: dict[str, str], business_date: date) -> str:
    """SQL of the record id: the key columns joined by ``|``; null where a required one is empty.

    In a key of several columns a backslash goes before a ``|`` or backslash of a value, so that two keys
    never become one id. A record of a term begins with it: the same pupil in the next term is another record.

    Args:
        key_defaults: what stands for an optional key column without a value (Suite.key_if_empty).
    """
    parts = []
    for column in entity.key:
        name = quoted(column)
        part = name
        if len(entity.key) > 1 and entity.columns[column].type not in ("integer", "date"):
            part = f"replace(replace({name}, '\\', '\\\\'), '|', '\\|')"
        if not entity.columns[column].required:
            default = key_defaults.get(column, "")
            if default == "financial_year":
                default = financial_year(business_date)
            part = f"coalesce({part}, {literal(default)})"
        parts.append(part)
    if entity.delivers is Delivers.FULL_PER_TERM:
        parts.insert(0, literal(Term.of(business_date).code))
    joined = " || '|' || ".join(parts)
    empty = [is_blank(quoted(column)) for column in entity.key if entity.columns[column].required] or [
        " and ".join(f"{quoted(column)} is null" for column in entity.key)
    ]
    return f"case when {' or '.join(empty)} then null else {joined} end"


def financial_year(day: date) -> str:
    """The financial year (April to March) of a day as finance writes it: 2025/26."""
    start = day.year if day.month >= 4 else day.year - 1
    return f"{start}/{(start + 1) % 100:02d}"


def _made_by_the_door(rule: Rule, landed: Landed) -> str:
    if rule.check == "unique_key" or not landed.put_aside:
        return "false"
    return f"coalesce({PUT_ASIDE} = '{rule.code}', false)"


def _read_dates(cursor, dictionary: str, landed: Landed, dates: list[str]) -> None:  # type: ignore[no-untyped-def]
    """Read each different text of the date columns once: there are few days and many rows."""
    if not dates:
        return
    texts = " union ".join(
        f"select distinct {quoted(column)} as text from {landed.table} where {quoted(column)} is not null"
        for column in dates
    )
    cursor.execute(
        f"create unlogged table {dictionary} with (autovacuum_enabled = off) as "
        f"select text, ref.parse_date(text) as day from ({texts}) as texts"
    )
    if landed.rows >= LARGE_FROM_ROWS:
        cursor.execute(f"analyze {dictionary}")


def _pass(
    failing: str,
    landed: Landed,
    entity: Entity,
    expressions: list[tuple[Rule, str]],
    key: str,
    dictionary: str,
    dates: list[str],
    others: dict[str, str],
) -> str:
    # Two levels, kept apart by an OFFSET, or the planner would compute a reading once for each rule that
    # uses it, and a rule twice. It has to be '0' in quotes: a bare 0 is no constant yet when PostgreSQL asks
    # whether the levels may run on several workers, as CREATE TABLE AS over an unlogged table otherwise does.
    columns = [quoted(column) for column in entity.columns]
    level_1 = ",\n    ".join(
        [
            ROW_NUMBER,
            f"({key}) is null as is_keyless",
            *columns,
            *([PUT_ASIDE] if landed.put_aside else []),
            *(f"{quoted('d_' + column)}.day as {quoted('date__' + column)}" for column in dates),
            *(f"{expression} as {quoted(name)}" for name, expression in others.items()),
        ]
    )
    joins = "".join(
        f"\n  left join {dictionary} as {quoted('d_' + c)} on {quoted('d_' + c)}.text = l.{quoted(c)}"
        for c in dates
    )
    level_2 = ",\n    ".join(f"{expression} as {quoted(rule.flag)}" for rule, expression in expressions)
    # noughts and ones, so that their sum is the number of failing rows
    names = ",\n    ".join(
        f"{quoted(rule.flag)}::integer::smallint as {quoted(rule.flag)}" for rule, _ in expressions
    )
    fails_one = " or ".join(quoted(rule.flag) for rule, _ in expressions)
    holding = " or ".join(quoted(rule.flag) for rule, _ in expressions if rule.effect == "hold_back")
    return f"""
create unlogged table {failing} with (autovacuum_enabled = off) as
select {ROW_NUMBER}, is_keyless,
    {names},
    ({holding}) as is_held_back, false as is_repeated
from (
  select {ROW_NUMBER}, is_keyless,
    {level_2}
  from (
  select {level_1}
  from {landed.table} as l{joins}
  offset '0') as read
  offset '0') as judged
where {fails_one}"""


def _all_rows(view: str, failing: str, landed: Landed, entity: Entity, key: str) -> str:
    columns = ", ".join(f"l.{quoted(column)}" for column in entity.columns)
    return f"""
create view {view} as
select l.{ROW_NUMBER}, ({key}) collate "C" as record_id, hash_record_extended(row({columns}), 0) as row_hash,
    coalesce(f.is_held_back, false) as is_held_back, coalesce(f.is_repeated, false) as is_repeated, {columns}
from {landed.table} as l left join {failing} as f on f.{ROW_NUMBER} = l.{ROW_NUMBER}"""


def _find_duplicates(cursor, failing: str, all_rows: str) -> None:  # type: ignore[no-untyped-def]
    """Identical copies collapse to the first; copies that differ are all held back (D5)."""
    # First by hash and in one process: it is quick, and nearly always finds nothing.
    cursor.execute("set local max_parallel_workers_per_gather = 0")
    cursor.execute(
        f"""
        select exists (
            select from (
                select hashtextextended(record_id, 0) as hash from {all_rows}
            ) as hashed
            group by hash having count(hash) > 1
        )
        """
    )
    is_suspect = cursor.fetchone()[0]
    if not is_suspect:
        return
    cursor.execute(
        f"""
        merge into {failing} as f
        using (
            select {ROW_NUMBER}, is_conflict, not is_conflict and not is_held_back and copy > 1 as is_repeated
            from (
                select {ROW_NUMBER}, is_held_back,
                    row_number() over (partition by record_id order by {ROW_NUMBER}) as copy,
                    count(*) over (partition by record_id) as copies,
                    min(row_hash) over (partition by record_id)
                        <> max(row_hash) over (partition by record_id) as is_conflict
                from {all_rows} where record_id is not null
            ) as counted
            where copies > 1
        ) as d on d.{ROW_NUMBER} = f.{ROW_NUMBER}
        when matched then update
            set fails_dup_conflict = d.is_conflict::integer,
                is_held_back = f.is_held_back or d.is_conflict, is_repeated = d.is_repeated
        when not matched and (d.is_conflict or d.is_repeated) then
            insert ({ROW_NUMBER}, fails_dup_conflict, is_keyless, is_held_back, is_repeated)
            values (d.{ROW_NUMBER}, d.is_conflict::integer, false, d.is_conflict, d.is_repeated)
        """
    )
