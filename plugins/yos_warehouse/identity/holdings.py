"""The identifiers and names of persons: what their records say now, kept by difference with since and until."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from psycopg2.extensions import cursor as Cursor

from yos_warehouse.identity.days import RECORD

_SAID = f"""
create temp table said on commit drop as
select
    link.person_key, d.given_name, d.family_name, d.pnc_id, d.asn, d.upn, d.former_upn, d.uln, d.nhs_number, d.own_id,
    record.recorded_from, record.load_id
from identity.person_link as link
inner join identity.record as record using ({RECORD})
inner join identity.description as d using (description_id)
where link.until is null and link.person_key = any (%(persons)s)
"""

# own_id is the sender, a bar, and the sender's own number of the child.
_IDENTIFIERS = """
select distinct on (person_key, issuer, value)
    person_key, issuer, value, (recorded_from at time zone 'Europe/London')::date as valid_from, load_id
from said
cross join lateral (
    values ('PNC', pnc_id), ('ASN', asn), ('UPN', upn), ('UPN', former_upn), ('ULN', uln), ('NHS', nhs_number),
    (upper(split_part(own_id, '|', 1)), substr(own_id, strpos(own_id, '|') + 1))
) as held (issuer, value)
where value is not null
order by person_key, issuer, value, recorded_from, load_id
"""

_NAMES = """
select distinct on (person_key, given_name, family_name)
    person_key, coalesce(given_name, '') as given_name, coalesce(family_name, '') as family_name,
    (recorded_from at time zone 'Europe/London')::date as valid_from, load_id
from said
where given_name is not null or family_name is not null
order by person_key, given_name, family_name, recorded_from, load_id
"""


def keep_holdings(cursor: Cursor, moment: datetime, persons: Collection[int]) -> None:
    """Bring identifiers and names of some persons to what their records say at a moment."""
    values = {"moment": moment, "persons": list(persons)}
    cursor.execute(_SAID, values)
    for table, said, columns in (
        ("identity.person_identifier", _IDENTIFIERS, "issuer, value"),
        ("identity.person_name", _NAMES, "given_name, family_name"),
    ):
        key = f"person_key, {columns}"
        cursor.execute(
            f"""
            create temp table held on commit drop as {said};
            delete from {table} as old
            where old.until is null and old.since >= %(moment)s and old.person_key = any (%(persons)s)
                and (old.person_key, {_each("old", columns)}) not in (select {key} from held);
            update {table} as old
            set until = %(moment)s, valid_to = (%(moment)s at time zone 'Europe/London')::date
            where old.until is null and old.person_key = any (%(persons)s)
                and (old.person_key, {_each("old", columns)}) not in (select {key} from held);
            insert into {table} ({key}, valid_from, load_id, since)
            select {_each("new", key)}, new.valid_from, new.load_id, %(moment)s
            from held as new
            left join {table} as old
                on old.until is null and (old.person_key, {_each("old", columns)}) = ({_each("new", key)})
            where old.person_key is null;
            drop table held;
            """,
            values,
        )
    cursor.execute("drop table said")


def _each(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))
