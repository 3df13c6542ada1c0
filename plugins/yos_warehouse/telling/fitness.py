"""What a delivery is good enough for: its failing rows held against each measure that hangs on their columns.

A delivery may be fit for one figure and not for another: an unreadable postcode harms no reoffending rate. The grade of
each delivery is kept (``ops.fitness``); what is published says for each measure the worst grade of the deliveries it
rests on. Counts and codes only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Literal

import yaml
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values
from pydantic import BaseModel, ConfigDict, Field

from yos_warehouse.door.suite import Rule, rules
from yos_warehouse.settings import EXPECTATIONS_DIR
from yos_warehouse.sources.contract import ContractError, contracts

MEASURES = EXPECTATIONS_DIR / "measures.yml"
GRADES = ("good", "with_care", "not_good")  # from best to worst
WORDS = {"with_care": "with care", "not_good": "not good"}


class Measure(BaseModel):
    """A measure and what it hangs on.

    Attributes:
        title: as shown.
        unit: the unit it is published with.
        hangs_on: ``feed.entity.column``, or ``feed.entity`` for all of its columns.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    unit: Literal["children", "finance"]
    hangs_on: tuple[str, ...] = Field(min_length=1)

    @property
    def entities(self) -> dict[tuple[str, str], frozenset[str] | None]:
        """The columns it hangs on by feed and entity; None for all of them."""
        found: dict[tuple[str, str], frozenset[str] | None] = {}
        for name in self.hangs_on:
            feed, entity, *column = name.split(".")
            if not column:
                found[feed, entity] = None
            else:
                found[feed, entity] = frozenset(column) | (found.get((feed, entity)) or frozenset())
        return found


class Measures(BaseModel):
    """The file ``expectations/measures.yml``; the shares are per cent of a delivery's rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    with_care_pct: float = Field(ge=0, le=100)
    not_good_pct: float = Field(ge=0, le=100)
    few_rows: int = Field(ge=0)
    measures: dict[str, Measure]


@cache
def measures() -> Measures:
    """The measures, as their file says.

    Raises:
        ContractError: SUITE, a measure hangs on something that no contract has.
        ValidationError: the file is not as described.
    """
    found = Measures.model_validate(yaml.safe_load(MEASURES.read_text("utf-8")))
    for name, measure in found.measures.items():
        for (feed, entity), columns in measure.entities.items():
            spec = contracts()[feed].entities.get(entity) if feed in contracts() else None
            if spec is None or not (columns or set()) <= spec.columns.keys():
                raise ContractError(
                    "SUITE", f"measure {name} hangs on the unknown {feed}.{entity}", "correct measures.yml"
                )
    return found


def grade_loads(connection: Connection, run_id: int) -> int:
    """Grade every delivery that was accepted or refused up to a run and has no grade yet.

    Args:
        connection: as publisher; not committed.

    Returns:
        How many grades were written.
    """
    known = measures()
    reads, by_rule = [], []
    for name, measure in known.measures.items():
        for (feed, entity), columns in measure.entities.items():
            reads.append((name, feed, entity))
            for rule in rules(contracts()[feed], entity):
                if columns is None or _concerns(rule, columns):
                    by_rule.append((name, feed, entity, rule.code, rule.effect == "report"))
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table measure_reads (measure text, feed text, entity text) on commit drop;"
            "create temp table measure_rule (measure text, feed text, entity text, rule_code text, is_report boolean)"
            " on commit drop"
        )
        execute_values(cursor, "insert into measure_reads values %s", reads)
        execute_values(cursor, "insert into measure_rule values %s", by_rule)
        # every result against every rule: loops over tables without statistics would take minutes
        cursor.execute("analyze measure_reads, measure_rule; set local enable_nestloop = off")
        cursor.execute(_GRADE, {**known.model_dump(exclude={"measures"}), "run_id": run_id})
        written = cursor.rowcount
        cursor.execute("set local enable_nestloop = on; drop table measure_reads, measure_rule")
    return written


def _concerns(rule: Rule, columns: frozenset[str]) -> bool:
    """A row held back is missing whatever its rule was about; a row reported harms what reads the column."""
    return rule.effect == "hold_back" or not columns.isdisjoint(rule.column)


# Rows held back are counted once each; a row that fails two reporting checks counts twice.
_GRADE = """
    insert into ops.fitness (load_id, measure, grade, because, rows_harmed, rows_checked)
    with ungraded as (
        select l.load_id, d.feed, l.state, l.reason_code, l.rows_in_files
        from ops.load as l inner join ops.drop as d using (drop_id)
        where l.state in ('accepted', 'rejected') and l.run_id <= %(run_id)s
            and not exists (select from ops.fitness as f where f.load_id = l.load_id)
    ),
    found as (
        select c.load_id, m.measure, m.entity, coalesce(sum(c.rows_failed) filter (where m.is_report), 0) as reported,
            array_agg(distinct c.rule_code) as codes
        from ops.check_result as c
        inner join ungraded as u using (load_id)
        inner join measure_rule as m on m.feed = u.feed and m.entity = c.entity and m.rule_code = c.rule_code
        where c.rows_failed > 0
        group by c.load_id, m.measure, m.entity
    ),
    harmed as (
        select u.load_id, r.measure, e.rows_in_files as rows, coalesce(f.codes, '{}') as codes,
            least(e.rows_in_files, e.rows_quarantined + coalesce(f.reported, 0)) as harmed
        from ungraded as u
        inner join ops.load_entity as e using (load_id)
        inner join measure_reads as r on r.feed = u.feed and r.entity = e.entity
        left join found as f on f.load_id = u.load_id and f.measure = r.measure and f.entity = r.entity
        where u.state = 'accepted'
    ),
    graded as (
        select load_id, measure, codes, harmed, rows,
            case
                when harmed * 100.0 <= rows * %(with_care_pct)s then 0
                when harmed * 100.0 <= rows * %(not_good_pct)s or rows < %(few_rows)s then 1
                else 2
            end as grade
        from harmed
    ),
    told as (
        select load_id, measure, array_agg(distinct code order by code) as because
        from graded, unnest(codes) as code
        where grade > 0
        group by load_id, measure
    )
    select load_id, measure, (array['good', 'with_care', 'not_good'])[max(grade) + 1], coalesce(told.because, '{}'),
        sum(harmed), sum(rows)
    from graded left join told using (load_id, measure)
    group by load_id, measure, told.because
    union all
    select u.load_id, r.measure, 'not_good', array[u.reason_code], u.rows_in_files, u.rows_in_files
    from ungraded as u
    inner join (select distinct measure, feed from measure_reads) as r using (feed)
    where u.state = 'rejected'
"""

# Of each entity the newest delivery in use; and what is missing, so that figures lag behind: a delivery refused since, or one
# that was late when the last night ended and has not come since.
_NEWEST = """
    with known as (
        select l.load_id, l.run_id, l.state, l.reason_code, d.feed, d.business_date
        from ops.load as l inner join ops.drop as d using (drop_id)
        where l.state in ('accepted', 'rejected')
            and (%(as_at)s::date is null or (d.received_at at time zone 'Europe/London')::date <= %(as_at)s::date)
    ),
    newest as (
        select distinct on (k.feed, e.entity) k.feed, e.entity, k.load_id, k.business_date
        from known as k inner join ops.load_entity as e using (load_id)
        where k.state = 'accepted'
        order by k.feed, e.entity, k.business_date desc, k.load_id desc
    ),
    refused as (
        select distinct on (k.feed) k.feed, k.business_date, k.reason_code
        from known as k
        where k.state = 'rejected' and not exists (
            select from known as later
            where later.feed = k.feed and later.state = 'accepted' and later.load_id > k.load_id
        )
        order by k.feed, k.load_id desc
    ),
    asked as (
        select distinct on (c.feed) c.feed, c.outcome, c.run_id
        from ops.check_result as c where c.rule_code = 'LATE'
        order by c.feed, c.check_result_id desc
    ),
    late as (
        select a.feed, max(k.business_date) as business_date
        from asked as a inner join known as k on k.feed = a.feed and k.state = 'accepted'
        where a.outcome = 'failed'
        group by a.feed, a.run_id
        having max(k.run_id) <= a.run_id
    )
    select n.feed, n.entity, n.business_date, f.measure, f.grade, f.because
    from newest as n inner join ops.fitness as f using (load_id)
    union all
    select r.feed, null, r.business_date, null, 'with_care', array[r.reason_code] from refused as r
    union all
    select late.feed, null, late.business_date, null, 'with_care', array['LATE'] from late
"""


def verdict(connection: Connection, unit: str, as_at: date | None = None) -> dict[str, Any]:
    """What the deliveries in use are good enough for.

    A delivery that is late, or was refused and not yet sent again, makes its figures lag behind: with care. A feed that a measure
    reads and that has delivered nothing: not good.

    Args:
        connection: as publisher or auditor.
        unit: ``children`` or ``finance``.
        as_at: deliveries received later are left out.

    Returns:
        By measure ``title``, ``grade`` and, where it is not good, ``because``: ``feed``, ``business_date`` (None: nothing
        delivered) and ``codes`` of the checks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, {"as_at": as_at})
        rows = cursor.fetchall()
    delivered = {feed for feed, entity, *_ in rows if entity is not None}
    found = {}
    for name, measure in measures().measures.items():
        if measure.unit != unit:
            continue
        reads = measure.entities
        feeds = {feed for feed, _ in reads}
        said = [
            (grade, feed, day, codes)
            for feed, entity, day, graded, grade, codes in rows
            if (graded == name and (feed, entity) in reads) or (graded is None and feed in feeds)
        ]
        said += [("not_good", feed, None, ["NO_DELIVERY"]) for feed in sorted(feeds - delivered)]
        grade = max((grade for grade, *_ in said), key=GRADES.index, default="good")
        found[name] = {"title": measure.title, "grade": grade} | (
            {} if grade == "good" else {"because": _because(said)}
        )
    return found


def _because(said: list[tuple[str, str, date | None, list[str]]]) -> list[dict[str, Any]]:
    """The deliveries that are not good, each once with all its codes."""
    codes: dict[tuple[str, date | None], set[str]] = {}
    for grade, feed, day, because in said:
        if grade != "good":
            codes.setdefault((feed, day), set()).update(because)
    return [
        {"feed": feed, "business_date": str(day) if day else None, "codes": sorted(found)}
        for (feed, day), found in sorted(codes.items(), key=lambda item: (item[0][0], str(item[0][1])))
    ]


def in_words(good_enough_for: Mapping[str, Any]) -> str:
    """``all figures``, or ``all but reoffending (with care)``; what ``yos status`` says of publications."""
    worse = [
        f"{measure['title'].lower()} ({WORDS[measure['grade']]})"
        for measure in good_enough_for.values()
        if measure["grade"] != "good"
    ]
    return "all but " + ", ".join(worse) if worse else "all figures"
