"""What the page shows, asked of the warehouse as its auditor: states, counts, codes and days, never a value of a record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import connection as Connection
from psycopg2.extras import NamedTupleCursor

from yos_warehouse.server.connect import connect

Row = Any  # a named tuple, its fields those of the query
TREND_RUNS = 14
MOST_ROWS = 200

FEEDS = """
    with newest as (
        select distinct on (d.feed) d.feed, d.business_date, l.state, l.reason_code, l.finished_at, l.rows_in_files
        from ops.load as l inner join ops.drop as d using (drop_id)
        where l.state <> 'replayed'
        order by d.feed, l.load_id desc
    ),
    good as (
        select d.feed, max(d.business_date) as up_to
        from ops.load as l inner join ops.drop as d using (drop_id)
        where l.state = 'accepted'
        group by d.feed
    ),
    held as (select feed, count(*) as rows_held, min(held_since) as oldest from ops.held_row group by feed),
    wrong as (
        select feed, count(*) as incidents, count(*) filter (where priority <> 'P3') as urgent
        from ops.incident where closed_at is null and feed is not null
        group by feed
    ),
    late as (
        select distinct on (feed) feed, outcome = 'failed' as is_late
        from ops.check_result where rule_code = 'LATE'
        order by feed, check_result_id desc
    )
    select newest.*, good.up_to, coalesce(held.rows_held, 0) as rows_held, held.oldest,
        coalesce(wrong.incidents, 0) as incidents, coalesce(wrong.urgent, 0) as urgent, coalesce(late.is_late, false) as is_late
    from newest
    left join good using (feed) left join held using (feed) left join wrong using (feed) left join late using (feed)
"""

RUNS = """
    select run_id, kind, state, as_at, started_at, finished_at, step, extract(epoch from finished_at - started_at)::int as seconds,
        (select count(*) from ops.check_result as c where c.run_id = r.run_id and c.outcome <> 'passed') as checks_failed
    from ops.run as r
    where %(run_id)s::bigint is null or run_id = %(run_id)s
    order by run_id desc
    limit %(most)s
"""

RUN_TREND = """
    select run_id, started_at, extract(epoch from finished_at - started_at)::int as seconds from ops.run
    where kind = 'nightly' and finished_at is not null and run_id <= %(run_id)s
    order by run_id desc
    limit %(most)s
"""

PUBLICATIONS = """
    select publication_id, unit, published_at, as_at, kind, run_id, rows_changed, is_fictional, build_schema, data_dates,
        good_enough_for, row_number() over (partition by unit order by publication_id desc) = 1 as is_shown
    from marts.publication
    order by publication_id desc
"""

CHANGES = """
    select table_name, rows_deleted, rows_updated, rows_inserted, rows_total
    from ops.change_log
    where publication_id = %(publication_id)s
    order by rows_deleted + rows_updated + rows_inserted desc, table_name
"""

INCIDENTS = """
    select incident_id, priority, rule_code, feed, entity, unit, owner_name, severity, words, remedy, rows_now, first_run_id,
        last_run_id, opened_at, closed_at, acknowledged_at, acknowledged_by, told_at, reminded_at, recovery_told_at
    from ops.incident
    where (%(incident_id)s::bigint is null or incident_id = %(incident_id)s)
        and (%(feed)s::text is null or feed = %(feed)s)
        and (%(incident_id)s::bigint is not null or closed_at is null)
    order by priority, severity, opened_at, incident_id
"""

MAILS = """
    select kind, created_at, attempts, sent_at from ops.outbox where incident_id = %(incident_id)s order by mail_id
"""

DELIVERIES = """
    select d.business_date, l.state, l.reason_code, l.reason, l.rows_in_files, l.rows_accepted, l.rows_quarantined,
        l.rows_rejected, l.finished_at, l.run_id
    from ops.load as l inner join ops.drop as d using (drop_id)
    where d.feed = %(feed)s
    order by l.load_id desc
    limit 60
"""

FAILING = """
    select rule_code, entity, checked_by, family, severity, owner, first_seen, rows_failed, rows_checked, trend
    from ops.rule_state
    where feed = %(feed)s and state = 'open'
    order by severity, rows_failed desc, entity, rule_code
"""

HELD = """
    select entity, rule_code, count(*) as rows_held, min(held_since) as oldest
    from ops.held_row, unnest(rule_codes) as rule_code
    where feed = %(feed)s
    group by entity, rule_code
    order by rows_held desc, entity, rule_code
"""

VOLUME = """
    select d.business_date, sum(l.rows_accepted)::bigint as accepted, sum(l.rows_in_files - l.rows_accepted)::bigint as other
    from ops.load as l inner join ops.drop as d using (drop_id)
    where d.feed = %(feed)s and l.state <> 'replayed'
        and d.business_date > (select max(n.business_date) - 60 from ops.drop as n where n.feed = %(feed)s)
    group by d.business_date
    order by d.business_date
"""

HELD_ROWS = """
    select h.entity, h.file, h.file_line, h.held_since, h.rule_codes, d.business_date, count(*) over () as rows_found
    from ops.held_row as h inner join ops.load as l using (load_id) inner join ops.drop as d using (drop_id)
    where h.feed = %(feed)s and (%(entity)s::text is null or h.entity = %(entity)s)
        and (%(rule_code)s::text is null or %(rule_code)s = any (h.rule_codes))
    order by h.held_since, h.entity, h.file, h.file_line
    limit %(most)s offset %(skip)s
"""

TAKEN_IN = """
    select d.feed, d.business_date, l.state, l.reason_code, l.rows_in_files, l.rows_quarantined,
        extract(epoch from l.finished_at - l.started_at)::numeric(10, 1) as seconds
    from ops.load as l inner join ops.drop as d using (drop_id)
    where l.run_id = %(run_id)s
    order by l.load_id
"""

DBT_STEPS = """
    select step, count(*) as nodes, sum(seconds) as seconds, count(*) filter (where status in ('error', 'fail', 'warn')) as failed
    from ops.model_run
    where run_id = %(run_id)s
    group by step
    order by array_position(array['stage', 'identify', 'build'], step), step
"""

DBT_FAILURES = """
    select step, node, status, failures, message_code from ops.model_run
    where run_id = %(run_id)s and status in ('error', 'fail', 'warn')
    order by status, step, node
"""

SLOWEST = """
    select m.step, m.node, m.status, m.seconds, m.rows_affected, array(
        select t.seconds from ops.model_run as t
        where t.step = m.step and t.node = m.node and t.run_id <= m.run_id
        order by t.run_id desc
        limit %(most)s
    ) as trend
    from ops.model_run as m
    where m.run_id = %(run_id)s and m.status <> 'skipped'
    order by m.seconds desc, m.node
    limit 15
"""

FAILED_CHECKS = """
    select rule_code, feed, entity, unit, severity, owner, outcome, sum(rows_failed)::bigint as rows_failed
    from ops.check_result
    where run_id = %(run_id)s and outcome <> 'passed'
    group by rule_code, feed, entity, unit, severity, owner, outcome
    order by severity, outcome, rule_code, feed, entity
"""


@contextmanager
def looking() -> Iterator[Connection]:
    """A connection that can read and nothing else; ends when the page is made.

    Raises:
        YosError: DATABASE_UNREACHABLE.
    """
    connection = connect("auditor", autocommit=True, application="yos page")
    try:
        connection.set_session(readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("set statement_timeout = '20s'")  # nobody waits longer for a page
        yield connection
    finally:
        connection.close()


def ask(connection: Connection, query: str, **values: object) -> list[Row]:
    """The rows of one of the queries above, each with its columns as attributes."""
    with connection.cursor(cursor_factory=NamedTupleCursor) as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def is_fictional(connection: Connection) -> bool:
    """Whether everything that was ever delivered is made up; also before the first delivery."""
    return bool(ask(connection, "select coalesce(bool_or(is_fictional), true) as yes from ops.drop")[0].yes)
