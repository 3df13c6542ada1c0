"""The queue of pairs that a person has to judge, kept by difference: what a day asks anew, and what it settles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import execute_values

from yos_warehouse.identity.clusters import Review

_NOT_ASKED = """(
    not exists (select from asked as n where n.a = r.a and n.b = r.b and n.why = r.why)
    and (
        exists (select from touched as t where t.description_id in (r.a, r.b))
        or not exists (select from identity.description as d where d.description_id = r.a)
        or not exists (select from identity.description as d where d.description_id = r.b)
    )
)"""

# What was asked this very day is forgotten, what was asked earlier is closed.
_DIFFERENCE = f"""
delete from identity.review as r
where r.until is null and r.since >= %(moment)s
    and {_NOT_ASKED};
update identity.review as r
set until = %(moment)s, outcome = coalesce(
    (
        select max(upper(d.verdict)) from decided as d
        where d.holds and least(d.a, d.b) = r.a and greatest(d.a, d.b) = r.b
    ), 'SETTLED'
)
where r.until is null
    and {_NOT_ASKED};
insert into identity.review (a, b, weight, evidence, why, since)
select n.a, n.b, n.weight, n.evidence::jsonb, n.why, %(moment)s
from asked as n
where not exists (
    select from identity.review as r where r.until is null and r.a = n.a and r.b = n.b and r.why = n.why
)
order by n.a, n.b;
drop table asked;
"""


def keep_queue(cursor: Cursor, moment: datetime, asked: Sequence[Review]) -> None:
    """Open what is asked of the touched descriptions and close what is not any more."""
    cursor.execute(
        "create temp table asked (a text, b text, weight numeric, evidence text, why text) on commit drop"
    )
    execute_values(cursor, "insert into asked values %s", [tuple(review) for review in asked], page_size=5000)
    cursor.execute("analyze asked")
    cursor.execute(_DIFFERENCE, {"moment": moment})
