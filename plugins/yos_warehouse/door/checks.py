"""The one pass over a landing table that computes every rule as a flag.

Result: ``landing.<feed>__<entity>__flags`` with, for each landed row, its place in the landing table
(``tid``), record id, hash, one column per rule (1: failed, else 0), ``is_held_back`` and ``is_repeated``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from psycopg2.extensions import connection as Connection

from yos_warehouse.door.landing import KEY_LOST, PUT_ASIDE, Landed
from yos_warehouse.door.rule_sql import fails, readings
from yos_warehouse.door.suite import Rule, rules, suite
from yos_warehouse.history.tables import literal, quoted
from yos_warehouse.sources.contract import Contract, Entity

MADE_BY_THE_DOOR = {"unique_key", "field_count", "control_char"}


@dataclass(frozen=True)
class Checked:
    """One entity after the pass.

    Attributes:
        flags: the flag table, with schema.
        rules: those that were computed, in the order of their columns.
        not_computed: rules whose code list is not there.
        rows: rows of the flag table, as landed.
        held_back, repeated: rows to quarantine; identical copies of a row that is accepted once.
        keyless: rows held back whose key cannot be read.
    """

    landed: Landed
    flags: str
    rules: tuple[Rule, ...]
    not_computed: tuple[Rule, ...]
    rows: int
    held_back: int
    repeated: int
    keyless: int

    @property
    def accepted(self) -> int:
        """Rows let in, identical copies counted too."""
        return self.rows - self.held_back


def check_entity(connection: Connection, contract: Contract, landed: Landed, business_date: date) -> Checked:
    """Compute the flags of one landed entity; not committed.

    Args:
        connection: as loader, in the transaction that landed the entity or a later one.
        business_date: of the drop, for ranges that end with it.
    """
    entity = contract.entities[landed.entity]
    found = rules(contract, landed.entity)
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
    flags = f"landing.{quoted(contract.raw_table(landed.entity) + '__flags')}"
    key_defaults = suite(contract.feed, landed.entity).key_if_empty
    with connection.cursor() as cursor:
        # The planner thinks a rule costs nothing and a row handed from a worker a lot: it is the other way round.
        cursor.execute("set local work_mem = '64MB'; set local parallel_tuple_cost = 0")
        cursor.execute(f"drop table if exists {flags} cascade")
        dates, others = readings(entity, [rule for rule in computed if rule.check not in MADE_BY_THE_DOOR])
        dictionary = _read_dates(cursor, contract, landed, dates)
        key = record_id(entity, key_defaults, business_date)
        cursor.execute(_pass(flags, landed, entity, expressions, key, dictionary, dates, others))
        # The planner knows nothing of a new table and would sort where it should hash.
        cursor.execute(f"analyze {flags} (tid, record_id, row_hash, is_held_back, is_repeated)")
        # What Great Expectations gets to see: the flags and nothing else.
        listed = ", ".join(quoted(rule.flag) for rule in computed)
        cursor.execute(
            f"create view landing.{quoted(contract.raw_table(landed.entity) + '__judged')} as "
            f"select {listed} from {flags}"
        )
        _find_duplicates(cursor, flags)
        cursor.execute(
            f"select count(*), count(*) filter (where is_held_back), count(*) filter (where is_repeated), "
            f"count(*) filter (where record_id is null) from {flags}"
        )
        rows, held_back, repeated, keyless = cursor.fetchone()  # type: ignore[misc]
    return Checked(landed, flags, tuple(computed), tuple(missing), rows, held_back, repeated, keyless)


def record_id(entity: Entity, key_defaults: dict[str, str], business_date: date) -> str:
    """SQL of the record id: the key columns joined by ``|``; null where a required one is empty.

    In a key of several columns a backslash goes before a ``|`` or backslash of a value, so that two keys
    never become one id.

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
    joined = " || '|' || ".join(parts)
    empty = [f"btrim({quoted(column)}) = ''" for column in entity.key if entity.columns[column].required] or [
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


def _read_dates(cursor, contract: Contract, landed: Landed, dates: list[str]) -> str:  # type: ignore[no-untyped-def]
    """Read each different text of the date columns once: there are few days and many rows."""
    dictionary = f"landing.{quoted(contract.raw_table(landed.entity) + '__dates')}"
    cursor.execute(f"drop table if exists {dictionary}")
    if dates:
        texts = " union ".join(
            f"select distinct {quoted(column)} as text from {landed.table} where {quoted(column)} is not null"
            for column in dates
        )
        cursor.execute(
            f"create unlogged table {dictionary} with (autovacuum_enabled = off) as "
            f"select text, ref.parse_date(text) as day from ({texts}) as texts"
        )
        cursor.execute(f"analyze {dictionary}")
    return dictionary


def _pass(
    flags: str,
    landed: Landed,
    entity: Entity,
    expressions: list[tuple[Rule, str]],
    key: str,
    dictionary: str,
    dates: list[str],
    others: dict[str, str],
) -> str:
    # Three levels, kept apart by an OFFSET, or the planner would compute a reading once for each rule that
    # uses it. It has to be '0' in quotes: a bare 0 is no constant yet when PostgreSQL asks whether the
    # levels may run on several workers, as CREATE TABLE AS over an unlogged table otherwise does.
    columns = [quoted(column) for column in entity.columns]
    if landed.put_aside:
        key = f"case when {KEY_LOST} then null else {key} end"
    level_1 = ",\n    ".join(
        [
            "l.ctid as tid",
            f'({key}) collate "C" as record_id',
            f"hash_record_extended(row({', '.join(columns)}), 0) as row_hash",
            ", ".join(columns + ([PUT_ASIDE] if landed.put_aside else [])),
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
        f"case when {quoted(rule.flag)} then 1::smallint else 0::smallint end as {quoted(rule.flag)}"
        for rule, _ in expressions
    )
    holding = " or ".join(quoted(rule.flag) for rule, _ in expressions if rule.effect == "hold_back")
    return f"""
create unlogged table {flags} with (autovacuum_enabled = off) as
select tid, record_id, row_hash,
    {names},
    ({holding}) as is_held_back, false as is_repeated
from (
  select tid, record_id, row_hash,
    {level_2}
  from (
  select {level_1}
  from {landed.table} as l{joins}
  offset '0') as read
  offset '0') as judged"""


def _find_duplicates(cursor, flags: str) -> None:  # type: ignore[no-untyped-def]
    """Identical copies collapse to the first; copies that differ are all held back (D5)."""
    # First by hash and in one process: it is quick, and nearly always finds nothing.
    cursor.execute("set local max_parallel_workers_per_gather = 0; set local parallel_tuple_cost to default")
    cursor.execute(
        f"""
        select exists (
            select from (
                select hashtextextended(record_id, 0) as hash from {flags} where record_id is not null
            ) as hashed
            group by hash having count(*) > 1
        )
        """
    )
    is_suspect = cursor.fetchone()[0]
    cursor.execute("set local max_parallel_workers_per_gather to default")
    if not is_suspect:
        return
    cursor.execute(
        f"""
        create temp table door_duplicate on commit drop as
        select record_id, min(tid) as first_tid, min(row_hash) <> max(row_hash) as is_conflict
        from {flags} where record_id is not null group by record_id having count(*) > 1
        """
    )
    cursor.execute(
        f"""
        update {flags} as f
        set fails_dup_conflict = case when d.is_conflict then 1 else 0 end,
            is_held_back = f.is_held_back or d.is_conflict,
            is_repeated = not d.is_conflict and not f.is_held_back and f.tid <> d.first_tid
        from door_duplicate as d where d.record_id = f.record_id
        """
    )
    cursor.execute("drop table door_duplicate")
