"""Rows held back that are let in later: judged again by the checks of today, or released in spite of one.

What is let in goes through the same pass as a delivery and becomes a load of its own, one for each load whose rows they
were, of the same business date. It says these rows and nothing else: no record is gone because it is not among them, and
what was delivered of a record since wins. All of a feed happens in one transaction or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.door import ledger
from yos_warehouse.door.checks import Checked, check_entity
from yos_warehouse.door.landing import KEY_LOST, LINE, LINE_NUMBER, PUT_ASIDE, ROW_NUMBER, Landed
from yos_warehouse.door.load import lock_feed, sweep, unlock_feed
from yos_warehouse.errors import AlreadyRunning, UsageError
from yos_warehouse.history.record import Recorded, Recording, record_entity
from yos_warehouse.history.tables import quoted
from yos_warehouse.orchestration.lease import check_lease, close_run, open_run, step
from yos_warehouse.server.connect import connect, one_row
from yos_warehouse.settings import service_code
from yos_warehouse.sources.contract import Contract, Delivers, contracts
from yos_warehouse.sources.term import Term

BROKEN = ("FIELD_COUNT", "CONTROL_CHAR")
# What no reason can make up for: the row could not be split, or it is not known which of two is right.
NEVER_RELEASED = (*BROKEN, "DUP_CONFLICT")
JUDGED_AGAIN = "judged again by the checks of today"


@dataclass(frozen=True)
class Release:
    """A rule left out for some rows, by a person with a reason.

    Attributes:
        rows: numbers of rows (quarantine_id); empty: all that the rule holds.
    """

    entity: str
    rule_code: str
    rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class LetIn:
    """What was let in of one entity of one earlier load; ``rule_codes`` are those that had held the rows."""

    feed: str
    entity: str
    business_date: date
    rows: int
    rule_codes: tuple[str, ...]
    load_id: int


@dataclass(frozen=True)
class _Origin:
    """The load whose rows they were."""

    load_id: int
    service: str
    business_date: date
    received_at: datetime
    is_fictional: bool
    entities: list[str]


def replay(
    feed: str,
    moment: datetime,
    asked_by: str,
    reason: str = JUDGED_AGAIN,
    *,
    entity: str | None = None,
    release: Release | None = None,
    dry_run: bool = False,
) -> list[LetIn]:
    """Judge the rows held back of a feed again and let in those that pass now.

    Args:
        moment: from when on they are known.
        entity: only its rows.
        release: only these rows, without this rule.
        dry_run: say what would be let in, and do nothing.

    Raises:
        AlreadyRunning: a night or another load is at work.
        UsageError: FEED, ENTITY, RULE (it cannot be left out), NOTHING (no such row would pass).
    """
    contract = _contract(feed)
    entity = release.entity if release else entity
    if entity is not None and entity not in contract.entities:
        raise UsageError("ENTITY", f"{feed} has no {entity}", f"one of: {', '.join(contract.entities)}")
    if release:
        _demand_releasable(contract, release)
    with _run(feed) as (connection, run_id):
        entities = [entity] if entity else list(contract.entities)
        origins = _origins(connection, contract, entities, release is not None)
        let_in = [
            found
            for origin in origins
            for found in _let_in(connection, run_id, contract, origin, moment, asked_by, reason, release)
        ]
        if release and not let_in:
            raise UsageError(
                "NOTHING",
                f"no row of {feed} {release.entity} is held back by {release.rule_code} alone",
                f"see yos quarantine {feed} --rows: another rule may hold it too",
            )
        _flag_last_good(connection, contract, let_in)
        sweep(connection, contract)
        check_lease(connection, run_id)
        if dry_run:
            connection.rollback()
        else:
            connection.commit()
    return let_in


def _contract(feed: str) -> Contract:
    if feed not in contracts():
        raise UsageError("FEED", f"there is no feed {feed}", f"one of: {', '.join(contracts())}")
    return contracts()[feed]


def _demand_releasable(contract: Contract, release: Release) -> None:
    """A row without its key, or one that could not be read, has no place among the others."""
    from yos_warehouse.door.suite import rules

    code, key = release.rule_code, contract.entities[release.entity].key
    holding = {rule.code for rule in rules(contract, release.entity) if rule.effect == "hold_back"}
    if code not in holding:
        raise UsageError("RULE", f"{code} holds back no row of {release.entity}", "see yos quarantine")
    if code in NEVER_RELEASED or code in {f"REQUIRED:{column}" for column in key}:
        raise UsageError(
            "RULE",
            f"a row that {code} holds back cannot be stored",
            "have it corrected at the source and sent again",
        )


@contextmanager
def _run(feed: str) -> Iterator[tuple[Connection, int]]:
    """A run of its own, the feed's lock, and a connection as loader whose transaction the caller ends."""
    run_id = open_run("ingest", f"yos replay {feed} {datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}")
    if run_id is None:
        raise AlreadyRunning("ALREADY_RUNNING", "a night or another load is at work", "wait for it to end")
    state = "failed"
    try:
        with step(run_id, f"replay {feed}", "loader"):
            connection = connect("loader", application=f"yos replay {feed}")
            try:
                lock_feed(connection, feed)
                yield connection, run_id
                unlock_feed(connection, feed)
            finally:
                connection.close()
        state = "succeeded"
    finally:
        close_run(run_id, state)


def _origins(
    connection: Connection, contract: Contract, entities: list[str], is_release: bool
) -> list[_Origin]:
    """The loads with rows to judge again (temporary table door_candidate), in the order in which they count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table door_candidate (entity text, load_id bigint, row_number bigint) on commit drop"
        )
        for name in entities:
            _find_candidates(cursor, contract, name, is_release)
        cursor.execute(
            """
            select c.load_id, d.service_code, d.business_date, d.received_at, d.is_fictional, array_agg(distinct c.entity)
            from door_candidate as c join ops.load as l using (load_id) join ops.drop as d using (drop_id)
            group by c.load_id, d.drop_id order by d.business_date, d.received_at, c.load_id
            """
        )
        return [_Origin(*row) for row in cursor.fetchall()]


def _find_candidates(cursor: Cursor, contract: Contract, name: str, is_release: bool) -> None:
    """What is held back; where changes are sent also what a newer row of its record pushed out that is no good either.

    Had such a row been let in on its day, it would be the last good one of its record.
    """
    table = contract.raw_table(name)
    which, values = "q.released_at is null", {"entity": name, "table": table}
    if contract.entities[name].delivers is Delivers.CHANGES and not is_release:
        service = service_code()
        before = ledger.earlier(
            cursor.connection, service, contract.feed, name, date.max, datetime.max.replace(tzinfo=UTC)
        )
        values |= {"service": service, "overtaken": before.overtaken}  # type: ignore[dict-item]
        which += f"""
            or not exists (
                select from ops.load as r where r.load_id = q.released_by_load_id and r.state = 'replayed'
            )
            and q.record_id is not null and q.load_id <> all (%(overtaken)s)
            and not exists (
                select from raw.{quoted(table)} as n
                where n.record_id = q.record_id and n.service_code = %(service)s
                    and n.business_date > d.business_date and n.load_id <> all (%(overtaken)s)
            )
            and not exists (
                select from raw.restatement as n
                where n.raw_table = %(table)s and n.service_code = %(service)s
                    and n.business_date > d.business_date and n.load_id <> all (%(overtaken)s)
                    and hashtextextended(q.record_id, 0) = any (n.key_hashes)
            )"""
    cursor.execute(
        f"insert into door_candidate select %(entity)s, q.load_id, q.row_number from quarantine.{quoted(table)} as q "
        f"join ops.load as l on l.load_id = q.load_id join ops.drop as d using (drop_id) where {which}",
        values,
    )


def _let_in(
    connection: Connection,
    run_id: int,
    contract: Contract,
    origin: _Origin,
    moment: datetime,
    asked_by: str,
    reason: str,
    release: Release | None,
) -> list[LetIn]:
    """Judge the rows of one load again and record those that pass; not committed."""
    started = datetime.now(UTC)
    passed = []
    for name in (entity for entity in contract.entities if entity in origin.entities):
        checked = _judge(connection, contract, name, origin, release)
        if checked is not None:
            passed.append(checked)
    if not passed:
        return []
    received = max(moment, origin.received_at)
    rows = sum(checked.rows for checked in passed)
    with connection.cursor() as cursor:
        drop_id = _enter_drop(cursor, contract, origin, received, passed, run_id)
        load_id = ledger.enter_load(
            connection, drop_id, run_id, "replayed", {"accepted": rows}, started, supersedes=origin.load_id
        )
        return [
            _record(cursor, contract, origin, checked, load_id, received, asked_by, reason, release)
            for checked in passed
        ]


def _judge(
    connection: Connection, contract: Contract, name: str, origin: _Origin, release: Release | None
) -> Checked | None:
    """The rows of an entity that pass, in its landing table and through the pass once more; None if none does."""
    left_out: Collection[str] = (release.rule_code,) if release else ()
    landed = _land(connection, contract, name, origin.load_id)
    checked = check_entity(connection, contract, landed, origin.business_date, without=left_out)
    asked, values = "true", {"load": origin.load_id}
    if release:
        asked = (
            f"l.{ROW_NUMBER} in (select q.row_number from quarantine.{quoted(contract.raw_table(name))} as q "
            "where q.load_id = %(load)s and q.released_at is null and %(rule)s = any (q.rule_codes)"
            + (" and q.quarantine_id = any (%(rows)s))" if release.rows else ")")
        )
        values |= {"rule": release.rule_code, "rows": sorted(release.rows)}  # type: ignore[dict-item]
    with connection.cursor() as cursor:
        cursor.execute(
            f"delete from {landed.table} as l where not ({asked}) or exists "
            f"(select from {checked.failing} as f where f.{ROW_NUMBER} = l.{ROW_NUMBER} and f.is_held_back)",
            values,
        )
        landed.rows, landed.put_aside = landed.rows - cursor.rowcount, 0
    if not landed.rows:
        return None
    return check_entity(connection, contract, landed, origin.business_date, without=left_out)


def _land(connection: Connection, contract: Contract, name: str, load_id: int) -> Landed:
    """The rows of a load that are held back still, as they landed; those that were put aside are so again."""
    landed = Landed(name, f"landing.{quoted(contract.raw_table(name))}")
    columns = ", ".join(quoted(column) for column in contract.entities[name].columns)
    broken = " ".join(f"when '{code}' = any (rule_codes) then '{code}'" for code in BROKEN)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {landed.table} cascade")
        cursor.execute(
            f"create unlogged table {landed.table} with (autovacuum_enabled = off) as "
            f"select {columns}, case {broken} end as {PUT_ASIDE}, line as {LINE}, record_id is null as {KEY_LOST}, "
            f"file_line as {LINE_NUMBER}, row_number as {ROW_NUMBER} "
            f"from quarantine.{quoted(contract.raw_table(name))} where load_id = %(load)s and row_number in "
            "(select c.row_number from door_candidate as c where c.load_id = %(load)s and c.entity = %(entity)s)",
            {"load": load_id, "entity": name},
        )
        cursor.execute(f"select count(*), count({PUT_ASIDE}) from {landed.table}")
        landed.rows, landed.put_aside = one_row(cursor)
    return landed


def _enter_drop(
    cursor: Cursor,
    contract: Contract,
    origin: _Origin,
    received: datetime,
    passed: list[Checked],
    run_id: int,
) -> int:
    """What is let in, as a delivery of its own: known by the rows that it consists of."""
    digest = hashlib.sha256(f"{contract.feed} {origin.load_id}".encode())
    for checked in passed:
        cursor.execute(f"select array_agg({ROW_NUMBER} order by {ROW_NUMBER}) from {checked.landed.table}")
        digest.update(f"{checked.landed.entity} {one_row(cursor)[0]}".encode())
    cursor.execute(
        """
        insert into ops.drop (service_code, feed, business_date, content_hash, received_at, files, is_fictional,
            first_seen_run_id)
        values (%s, %s, %s, %s, %s, 0, %s, %s)
        returning drop_id
        """,
        (
            origin.service, contract.feed, origin.business_date, f"replay:{digest.hexdigest()}", received,
            origin.is_fictional, run_id,
        ),
    )  # fmt: skip
    return one_row(cursor)[0]


def _record(
    cursor: Cursor,
    contract: Contract,
    origin: _Origin,
    checked: Checked,
    load_id: int,
    received: datetime,
    asked_by: str,
    reason: str,
    release: Release | None,
) -> LetIn:
    """History, ledger and quarantine of one entity."""
    connection, name = cursor.connection, checked.landed.entity
    entity = contract.entities[name]
    before = ledger.earlier(
        connection, origin.service, contract.feed, name, origin.business_date, origin.received_at,
        Term.of(origin.business_date) if entity.delivers is Delivers.FULL_PER_TERM else None,
    )  # fmt: skip
    recording = Recording(
        service=origin.service,
        load_id=load_id,
        business_date=origin.business_date,
        received_at=received,
        is_late=before.is_late,
        is_skewed=True,
        is_overtaken=before.is_overtaken,
        overtaken=before.overtaken,
    )
    done = record_entity(
        connection, contract if before.is_late else _as_changes(contract, name), checked, recording
    )
    ledger.enter_entity(connection, load_id, _counts(checked, done))
    table = f"quarantine.{quoted(contract.raw_table(name))}"
    which: dict[str, Any] = {"origin": origin.load_id, "load": load_id, "received": received}
    rows = f"load_id = %(origin)s and row_number in (select {ROW_NUMBER} from {checked.landed.table})"
    cursor.execute(
        f"select array_agg(distinct code order by code) from {table}, unnest(rule_codes) as code where {rows}",
        which,
    )
    codes = tuple(one_row(cursor)[0])
    cursor.execute(
        f"update {table} set released_at = greatest(%(received)s, held_since), released_by_load_id = %(load)s where {rows}",
        which,
    )
    cursor.execute(
        "insert into ops.replay (load_id, entity, how, rule_codes, rows_released, reason, asked_by) "
        "values (%s, %s, %s, %s, %s, %s, %s)",
        (
            load_id, name, "release" if release else "replay", [release.rule_code] if release else list(codes),
            checked.rows, reason, asked_by,
        ),
    )  # fmt: skip
    return LetIn(contract.feed, name, origin.business_date, checked.rows, codes, load_id)


def _flag_last_good(connection: Connection, contract: Contract, let_in: list[LetIn]) -> None:
    """A newer row of a record may be held back still: then what was let in is its last good one."""
    with connection.cursor() as cursor:
        for one in let_in:
            table = quoted(contract.raw_table(one.entity))
            cursor.execute(
                f"""
                update raw.{table} as c set is_last_good = true
                where c.load_id = %s and c.recorded_to is null and not c.is_last_good and exists (
                    select from quarantine.{table} as q
                    join ops.load as l on l.load_id = q.load_id join ops.drop as d using (drop_id)
                    where q.record_id = c.record_id and q.released_at is null and d.business_date >= c.business_date
                )
                """,
                (one.load_id,),
            )


def _as_changes(contract: Contract, name: str) -> Contract:
    """The contract as if the entity brought changes: what is not among the rows is not gone."""
    entity = contract.entities[name].model_copy(update={"delivers": Delivers.CHANGES})
    return contract.model_copy(update={"entities": {**contract.entities, name: entity}})


def _counts(checked: Checked, done: Recorded) -> ledger.EntityCounts:
    return ledger.EntityCounts(
        entity=checked.landed.entity,
        rows_in_files=checked.rows,
        rows_accepted=checked.rows,
        rows_quarantined=0,
        rows_repeated=checked.repeated,
        records_new=done.new,
        records_changed=done.changed,
        records_unchanged=done.unchanged,
        records_closed=0,
        extra_columns=(),
    )
