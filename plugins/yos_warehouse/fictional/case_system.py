"""The fictional service's case system as a source database: schema casework, as it stood on a night.

Running it again for the same night changes nothing; for the next night it changes only what happened. There
are primary keys and nothing else: the real systems let an outcome lose its offence, too.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from yos_warehouse.errors import UsageError
from yos_warehouse.fictional.world import World

TABLES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {  # table -> columns, primary key
    "person": (
        {
            "person_ref": "text", "pnc": "text", "upn": "text", "uln": "text", "first_name": "text",
            "last_name": "text", "birth_date": "date", "sex_code": "text", "ethnic_code": "text",
            "is_deleted": "boolean", "nhs_number": "text", "is_protected": "boolean",
        },
        ("person_ref",),
    ),
    "person_alias": (
        {"alias_ref": "text", "person_ref": "text", "first_name": "text", "last_name": "text"},
        ("alias_ref",),
    ),
    "offence": (
        {
            "offence_ref": "text", "person_ref": "text", "cjs_code": "text", "offence_start": "date",
            "arrest_date": "date", "asn": "text", "asn_sequence": "integer", "breach_of_order_ref": "text",
            "is_knife_related": "boolean", "is_taken_into_consideration": "boolean", "yjb_category": "text",
            "yjb_score": "integer",
        },
        ("offence_ref",),
    ),
    "legal_outcome": (
        {
            "outcome_ref": "text", "offence_ref": "text", "outcome_date": "date", "legal_outcome": "text",
            "appeal_status": "text", "residence_at_outcome": "text", "hearing_ref": "text",
            "is_substantive_flag": "boolean",
        },
        ("outcome_ref",),
    ),
    "hearing": (
        {
            "hearing_ref": "text", "person_ref": "text", "hearing_date": "date", "court_type": "text",
            "court_code": "text", "remand_decision": "text",
        },
        ("hearing_ref",),
    ),
    "intervention": (
        {
            "order_ref": "text", "person_ref": "text", "start_date": "date", "end_date": "date",
            "disposal_type": "text", "end_reason": "text", "team_code": "text", "released_on": "date",
            "planned_end": "date",
        },
        ("order_ref",),
    ),
    "intervention_offence": ({"order_ref": "text", "offence_ref": "text"}, ("order_ref", "offence_ref")),
    "assessment": (
        {
            "assessment_ref": "text", "person_ref": "text", "assessment_date": "date", "stage": "text",
            "likelihood": "text", "yogrs": "numeric(4,1)",
        },
        ("assessment_ref",),
    ),
    "address": (
        {
            "address_ref": "text", "person_ref": "text", "from_date": "date", "to_date": "date",
            "address_line": "text", "postcode": "text", "district_code": "text", "accommodation_type": "text",
        },
        ("address_ref",),
    ),
    "education_placement": (
        {
            "placement_ref": "text", "person_ref": "text", "start_date": "date", "end_date": "date",
            "provision_type": "text", "suitability": "text", "hours_offered": "numeric(5,1)",
            "hours_attended": "numeric(5,1)",
        },
        ("placement_ref",),
    ),
    "care_spell": (
        {
            "care_ref": "text", "person_ref": "text", "status": "text", "start_date": "date",
            "end_date": "date",
        },
        ("care_ref",),
    ),
    "send_spell": (
        {
            "need_ref": "text", "person_ref": "text", "is_identified": "boolean",
            "has_formal_plan": "boolean", "start_date": "date", "end_date": "date",
        },
        ("need_ref",),
    ),
}  # fmt: skip


class Changed(NamedTuple):
    """Rows a night changed in one table."""

    inserted: int
    updated: int
    deleted: int


def case_rows(world: World, night: date) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of each table as they stood at the end of ``night``: table -> tuples in column order."""
    return {
        table: [tuple(row.get(column) for column in columns) for row in world.book.as_at(table, night)]
        for table, (columns, _) in TABLES.items()
    }


def _copy_text(rows: list[tuple[Any, ...]]) -> io.StringIO:
    """Rows as CSV for COPY; None and empty texts become null."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    text.seek(0)
    return text


def _bring_up_to_date(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> Changed:
    """Make a table hold exactly these rows, touching only those that differ."""
    columns, key = TABLES[table]
    target, names = f"casework.{table}", ", ".join(columns)
    definition = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    cursor.execute(f"create table if not exists {target} ({definition}, primary key ({', '.join(key)}))")
    added = ", ".join(f"add column if not exists {name} {kind}" for name, kind in columns.items())
    cursor.execute(f"alter table {target} {added}")
    cursor.execute(f"create temporary table incoming on commit drop as select {names} from {target} limit 0")
    cursor.copy_expert(f"copy incoming ({names}) from stdin with (format csv)", _copy_text(rows))
    same_key = " and ".join(f"i.{name} = t.{name}" for name in key)
    cursor.execute(f"delete from {target} t where not exists (select from incoming i where {same_key})")
    deleted, updated = cursor.rowcount, 0
    others = [name for name in columns if name not in key]
    if others:
        assigned = ", ".join(f"{name} = i.{name}" for name in others)
        new, old = (", ".join(f"{side}.{name}" for name in others) for side in "it")
        cursor.execute(
            f"update {target} t set {assigned} from incoming i "
            f"where {same_key} and ({new}) is distinct from ({old})"
        )
        updated = cursor.rowcount
    cursor.execute(f"insert into {target} ({names}) select {names} from incoming on conflict do nothing")
    inserted = cursor.rowcount
    cursor.execute("drop table incoming")
    return Changed(inserted, updated, deleted)


def create_case_system(url: str, world: World, night: date) -> dict[str, Changed]:
    """Bring the source database to how the case system stood on ``night``; creates what is missing.

    Args:
        url: SQLAlchemy URL of a PostgreSQL database in which the role may create the schema casework.
        world: whose children.
        night: business date, at most the world's horizon.

    Returns:
        Rows changed, by table. All in one transaction.

    Raises:
        UsageError: the night lies past the world's horizon.
    """
    if night > world.setting.horizon:
        raise UsageError("NIGHT", "the fictional world ends before that night", "ask for an earlier one")
    changed: dict[str, Changed] = {}
    # COPY is psycopg2's; a plain postgresql:// URL would mean another driver in SQLAlchemy 2.1.
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg2"))
    connection: Any = engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute("create schema if not exists casework")
            cursor.execute("comment on schema casework is 'FICTIONAL case management system'")
            for table, rows in case_rows(world, night).items():
                changed[table] = _bring_up_to_date(cursor, table, rows)
        connection.commit()
    finally:
        connection.close()
        engine.dispose()
    return changed
