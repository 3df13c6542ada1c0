"""Rows held back: kept with the rules they break until a good version of them comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg2.extensions import connection as Connection

from yos_warehouse.door.checks import Checked
from yos_warehouse.door.landing import LINE, ROW_NUMBER
from yos_warehouse.history.record import Recording
from yos_warehouse.history.tables import literal, quoted
from yos_warehouse.sources.contract import RESTATES, Contract, Delivers
from yos_warehouse.sources.term import Term

# Loads of this service that say nothing newer than this drop does.
_OLDER = """
    q.load_id in (
        select l.load_id from ops.load as l join ops.drop as d using (drop_id)
        where d.service_code = %(service)s and (d.business_date, d.received_at) <= (%(day)s, %(received)s)
    )"""

_OF_THE_TERM = """
    q.load_id in (
        select l.load_id from ops.load as l join ops.drop as d using (drop_id)
        where d.business_date between %(term_begins)s and %(term_ends)s
    )"""


@dataclass(frozen=True)
class HeldBack:
    """What was held back of one entity.

    Attributes:
        rows: rows now in quarantine from this load.
        by_rule: rule code -> rows that break it.
        released: earlier rows that are no longer held.
    """

    rows: int
    by_rule: dict[str, int]
    released: int


def hold_back(connection: Connection, contract: Contract, checked: Checked, recording: Recording) -> HeldBack:
    """Put the flagged rows into quarantine and release those that this drop replaces; in the load's transaction.

    A row still bad keeps the day since which its record is held. A full restatement replaces all that was held
    of the entity (of its term), a correction what was held of its business date, any drop what was held of the keys it carries.
    """
    entity = contract.entities[checked.landed.entity]
    table = f"quarantine.{quoted(contract.raw_table(checked.landed.entity))}"
    is_snapshot = entity.delivers in RESTATES
    term = Term.of(recording.business_date)
    values: dict[str, Any] = {
        "load": recording.load_id,
        "service": recording.service,
        "day": recording.business_date,
        "received": recording.received_at,
        "superseded": recording.superseded,
        "term_begins": term.first_day,
        "term_ends": term.last_day,
    }
    with connection.cursor() as cursor:
        rows = 0
        if checked.held_back:
            # An old snapshot's faults are history: they are counted, nobody has to mend them.
            is_over = recording.is_late and is_snapshot
            cursor.execute(_insert(table, checked, list(entity.columns), is_over), values)
            rows = cursor.rowcount
        released = 0
        if not (recording.is_late and is_snapshot):
            which = f"q.record_id in (select f.record_id from {checked.all_rows} as f)"
            if entity.delivers is Delivers.FULL_PER_TERM:
                which = _OF_THE_TERM
            elif is_snapshot:
                which = "true"
            elif recording.superseded:
                which = f"({which} or q.load_id = any (%(superseded)s))"
            cursor.execute(
                f"update {table} as q set released_at = %(received)s, released_by_load_id = %(load)s "
                f"where q.released_at is null and q.load_id <> %(load)s and {which} and {_OLDER}",
                values,
            )
            released = cursor.rowcount
        if recording.superseded:
            # The bad row that made a version the last good one may be what is taken back.
            cursor.execute(
                f"update raw.{quoted(contract.raw_table(checked.landed.entity))} as c set is_last_good = false "
                f"where c.is_last_good and c.service_code = %(service)s and not exists "
                f"(select from {table} as q where q.record_id = c.record_id and q.released_at is null)",
                values,
            )
        cursor.execute(
            f"select code, count(*) from {table}, unnest(rule_codes) as code where load_id = %(load)s group by code",
            values,
        )
        return HeldBack(rows, dict(cursor.fetchall()), released)


def _insert(table: str, checked: Checked, columns: list[str], is_over: bool) -> str:
    names = ", ".join(quoted(column) for column in columns)
    listed = ", ".join(f"l.{quoted(column)}" for column in columns)
    codes = ", ".join(
        f"case when f.{quoted(rule.flag)} = 1 then {literal(rule.code)} end"
        for rule in checked.rules
        if rule.effect == "hold_back"
    )
    over = "%(received)s, %(load)s" if is_over else "null, null"
    return f"""
        insert into {table} (load_id, row_number, rule_codes, record_id, {names}, line, file,
            file_line, held_since, released_at, released_by_load_id)
        select %(load)s, f.{ROW_NUMBER}, array_remove(array[{codes}], null), r.record_id, {listed}, l.{LINE}, p.file,
            p.file_line, coalesce(h.held_since, %(received)s), {over}
        from {checked.failing} as f
        join {checked.all_rows} as r on r.{ROW_NUMBER} = f.{ROW_NUMBER}
        join {checked.landed.table} as l on l.{ROW_NUMBER} = f.{ROW_NUMBER}
        left join {checked.places} as p on p.{ROW_NUMBER} = f.{ROW_NUMBER}
        left join lateral (
            select min(q.held_since) as held_since from {table} as q
            where q.record_id = r.record_id and q.released_at is null and {_OLDER}
        ) as h on true
        where f.is_held_back
        order by f.{ROW_NUMBER}"""
