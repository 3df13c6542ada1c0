"""Taking in drops: landing, checks, judgement, then history, quarantine and ledger in one transaction.

What lands is committed first, as the loader's own scratch work; nobody else reads it. Until the one
transaction at the end commits, nothing has happened: a killed load is done anew from the drop.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from yos_warehouse import faults, settings
from yos_warehouse.door import ledger
from yos_warehouse.door.approvals import is_approved
from yos_warehouse.door.checks import WORK_TABLES, Checked, check_entity, to_judge
from yos_warehouse.door.data_docs import write_page
from yos_warehouse.door.great_expectations_gate import ROW_COUNT, RuleResult, judge
from yos_warehouse.door.landing import land_entity
from yos_warehouse.door.new_codes import enter_new_codes
from yos_warehouse.door.quarantine import HeldBack, hold_back
from yos_warehouse.door.totals import enter_totals
from yos_warehouse.door.usual import Usual, enter_usual, is_far_off, usual
from yos_warehouse.errors import AlreadyRunning, DropRejected, YosError
from yos_warehouse.history.record import Recorded, Recording, applies, record_entity
from yos_warehouse.history.tables import quoted
from yos_warehouse.orchestration.lease import check_lease
from yos_warehouse.server.connect import connect, url
from yos_warehouse.sources.contract import RESTATES, Contract, Delivers, contracts
from yos_warehouse.sources.convert import EntityFile, prepare, unknown_files
from yos_warehouse.sources.drop import find_drops, verify
from yos_warehouse.sources.manifest import Drop
from yos_warehouse.sources.term import Term

LOCK_FEED = 733  # beside the locks of orchestration/lease.py
# A killed loader's session ends within client_connection_check_interval; wait it out.
LOCK_SECONDS = 15
# From more rows than these a share of rows held back says something about the file.
RATE_FROM_ROWS = 20
# Fewer rows say nothing about the file: on a quiet day the one row there is may be the bad one.
ALL_BAD_FROM_ROWS = 5


@dataclass(frozen=True)
class LoadReport:
    """How the load of one drop ended; counts and words without any record's value.

    Attributes:
        drop: feed and business date.
        state: accepted, kept (older than what is known; supersedes nothing) or rejected.
        reason_code, reason, remedy: of a refusal.
        entities: one line per entity delivered; empty for a refusal.
        held_back: (entity, rule code) -> rows in quarantine.
        reported: (entity, rule code) -> rows accepted in spite of a rule that only reports.
        released: rows that left quarantine.
        unknown_files: names that no entity wants.
        seconds: how long it took.
    """

    drop: str
    business_date: date
    state: str
    load_id: int
    rows_in_files: int
    rows_accepted: int
    rows_quarantined: int
    rows_rejected: int
    reason_code: str | None = None
    reason: str | None = None
    remedy: str | None = None
    entities: tuple[ledger.EntityCounts, ...] = ()
    held_back: dict[tuple[str, str], int] = field(default_factory=dict)
    reported: dict[tuple[str, str], int] = field(default_factory=dict)
    released: int = 0
    unknown_files: tuple[str, ...] = ()
    seconds: float = 0.0


def load_feed(
    run_id: int, feed: str, drops_root: Path, connection: Connection | None = None
) -> list[LoadReport]:
    """Take in every drop of a feed that the ledger has not seen, in order of business date and received_at.

    Each drop is taken in whole or not at all. A refused drop is entered as such and not tried again unless its
    content changes, or somebody approved one that was held (door/approvals.py).

    Args:
        run_id: the live run.
        drops_root: the drop store.
        connection: as loader; its transaction must be clean. Default: one of its own.

    Raises:
        LeaseLost: the run is no longer the live one; nothing of the current drop was written.
        AlreadyRunning: another process loads this feed.
        UsageError: NOT_FICTIONAL.
        YosError: CHECK_ERROR (a check broke, which is not the drop's fault), DATABASE.
    """
    contract = contracts()[feed]
    own = connection is None
    connection = connection or connect("loader", application=f"yos load {feed}")
    try:
        lock_feed(connection, feed)
        _clear_work(feed)
        drops = ledger.unseen(connection, find_drops(drops_root, feed))
        connection.commit()
        return [_load_drop(connection, run_id, contract, drop) for drop in drops]
    except psycopg2.Error as problem:
        # the text of a database error carries values
        raise YosError(
            "DATABASE",
            f"loading {feed} stopped at SQLSTATE {problem.pgcode or type(problem).__name__}",
            "run the same command again",
        ) from None
    finally:
        if own:
            connection.close()
        elif not connection.closed:
            connection.rollback()
            unlock_feed(connection, feed)


def lock_feed(connection: Connection, feed: str) -> None:
    """Wait for a feed's lock and take it; it is held until :func:`unlock_feed` or the connection's end.

    Raises:
        AlreadyRunning: another process loads this feed.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, hashtext(%s))", (LOCK_FEED, feed))
            has_lock = cursor.fetchone()[0]  # type: ignore[index]
        connection.commit()
        if has_lock:
            return
        if time.monotonic() > deadline:
            raise AlreadyRunning("ALREADY_RUNNING", f"another process loads {feed}", "wait for it to end")
        time.sleep(0.2)


def unlock_feed(connection: Connection, feed: str) -> None:
    """Give a feed's lock back."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s, hashtext(%s))", (LOCK_FEED, feed))
    connection.commit()


def _work_prefix(feed: str) -> str:
    return f"{settings.database_name()}.{feed}."


def _clear_work(feed: str) -> None:
    """Remove the converted files of a load of this feed that was killed; the caller holds the feed's lock."""
    for left in settings.work_dir().glob(_work_prefix(feed) + "*"):
        shutil.rmtree(left, ignore_errors=True)


def _load_drop(connection: Connection, run_id: int, contract: Contract, drop: Drop) -> LoadReport:
    started, clock = datetime.now(UTC), time.monotonic()
    rows = sum(entry.rows or 0 for entry in drop.manifest.files)
    checked: list[Checked] = []
    results: list[RuleResult] = []
    try:
        verify(drop, contract)
        with tempfile.TemporaryDirectory(dir=settings.work_dir(), prefix=_work_prefix(contract.feed)) as work:
            files = prepare(drop, contract, Path(work))
            rows = sum(file.rows or 0 for file in files)
            checked = _land_and_check(connection, contract, drop, files)
        view, expected = to_judge(connection, contract, checked)
        connection.commit()
        faults.point("after:land")
        rows = sum(entity.rows for entity in checked)
        may_be_held = not is_approved(connection, ledger.key_of(drop))
        _guard(connection, contract, drop, checked, may_be_held)
        results = judge(_url(connection), "landing", view, expected)
        _refuse_broken(connection, run_id, contract, checked, results)
        _hold_against_tolerance(checked, results)
        if may_be_held:
            _hold_for_its_rate(contract, drop, checked)
        faults.point("after:judge")
        report = _take_in(connection, run_id, contract, drop, checked, results, started, clock)
    except DropRejected as refusal:
        connection.rollback()
        report = _refuse(connection, run_id, contract, drop, rows, refusal, started, clock)
    if results:
        write_page(contract, report, checked, results)
    return report


def _land_and_check(
    connection: Connection, contract: Contract, drop: Drop, files: list[EntityFile]
) -> list[Checked]:
    """Land and check all entities of a drop; not committed."""
    by_entity: dict[str, list[EntityFile]] = {}
    for file in files:
        by_entity.setdefault(file.entity, []).append(file)
    missing = [
        name for name, entity in contract.entities.items() if entity.expected and name not in by_entity
    ]
    if missing or not by_entity:
        raise DropRejected(
            "INCOMPLETE",
            f"{drop.key} lacks {', '.join(missing) or 'any file the contract knows'}",
            "send the whole drop, with the file names agreed",
        )
    # Files read in place: their bytes are hashed once more while they land.
    hashes = {entry.name: entry.sha256 for entry in drop.manifest.files}
    in_place = {file.name: hashes[file.name] for file in files if file.path.parent == drop.folder}
    checked = []
    for name, delivered in by_entity.items():
        landed = land_entity(connection, contract, name, delivered, in_place, drop.manifest.business_date)
        if not landed.rows and not contract.entities[name].may_be_empty:
            raise DropRejected("EMPTY", f"{name} of {drop.key} has no rows", "send the file with its rows")
        declared = drop.manifest.control_totals.get(name, {})
        checked.append(check_entity(connection, contract, landed, drop.manifest.business_date, declared))
    return checked


def _earlier(connection: Connection, contract: Contract, drop: Drop, entity: str) -> ledger.Earlier:
    """What the ledger knows of an entity before the drop; of a termly one only what is about the drop's term."""
    manifest = drop.manifest
    is_termly = contract.entities[entity].delivers is Delivers.FULL_PER_TERM
    return ledger.earlier(
        connection, manifest.service, manifest.feed, entity, manifest.business_date, manifest.received_at,
        Term.of(manifest.business_date) if is_termly else None,
    )  # fmt: skip


def _guard(
    connection: Connection, contract: Contract, drop: Drop, checked: list[Checked], may_be_held: bool
) -> None:
    """Refuse files of which nothing is good, and hold what would read as a mass deletion or as one too many."""
    for entity in checked:
        name = entity.landed.entity
        if entity.rows >= ALL_BAD_FROM_ROWS and entity.held_back == entity.rows:
            raise DropRejected(
                "ALL_BAD", f"all {entity.rows} rows of {name} in {drop.key} break a rule", "check the export"
            )
        if not may_be_held or contract.entities[name].delivers not in RESTATES:
            continue
        if contract.entities[name].may_shrink:
            continue
        before = _earlier(connection, contract, drop, name)
        if not before.is_late and is_far_off(entity.rows, before.rows):
            raise DropRejected(
                "VOLUME",
                f"{name} of {drop.key} has {entity.rows} rows, the one before had {before.rows}",
                "send the right file, or let this one through: yos approve",
            )
    connection.commit()


def _hold_for_its_rate(contract: Contract, drop: Drop, checked: list[Checked]) -> None:
    """So many bad rows at once have one cause, and figures from the rest would be lopsided (D14)."""
    rows, held_back = sum(entity.rows for entity in checked), sum(entity.held_back for entity in checked)
    if held_back > RATE_FROM_ROWS and 100 * held_back > contract.max_quarantine_pct * rows:
        raise DropRejected(
            "QUARANTINE_RATE",
            f"{held_back} of {rows} rows of {drop.key} would be held back, more than {contract.max_quarantine_pct:g} %",
            "correct the rows and send them again, or let the rest in: yos approve",
        )


def _url(connection: Connection) -> str:
    return url("loader", database=connection.info.dbname, driver="postgresql+psycopg2")


def _refuse_broken(
    connection: Connection, run_id: int, contract: Contract, checked: list[Checked], results: list[RuleResult]
) -> None:
    """A check that broke is no verdict: the drop stays outside and is tried again by the next run."""
    broken = [result for result in results if result.outcome == "error"]
    if not broken:
        return
    connection.rollback()
    _enter_results(connection, run_id, None, contract, checked, broken)
    connection.commit()
    raise YosError(
        "CHECK_ERROR",
        f"{len(broken)} check(s) of {contract.feed} broke, first {broken[0].entity} {broken[0].rule_code}",
        "this is not the sender's fault: see the task's log, then run the same command again",
    )


def _hold_against_tolerance(checked: list[Checked], results: list[RuleResult]) -> None:
    says = {(entity.landed.entity, rule.code): rule for entity in checked for rule in entity.rules}
    for result in results:
        if result.passed:
            continue
        if result.rule_code == ROW_COUNT:
            raise DropRejected(
                "DISAGREE", f"{result.entity}: rows landed and rows judged differ", "load it again"
            )
        rule = says[result.entity, result.rule_code]
        raise DropRejected(
            "TOLERANCE",
            f"{result.rows_failed} of {result.rows_checked} rows of {result.entity} are {rule.says} ({rule.code})",
            rule.remedy,
        )


def _take_in(
    connection: Connection,
    run_id: int,
    contract: Contract,
    drop: Drop,
    checked: list[Checked],
    results: list[RuleResult],
    started: datetime,
    clock: float,
) -> LoadReport:
    """History, quarantine and ledger, in the one transaction that makes the drop known."""
    manifest = drop.manifest
    with connection.cursor() as cursor:
        # large drops join and sort in memory; rows are numbered in the order in which they lie
        cursor.execute("set local work_mem = '64MB'; set local synchronize_seqscans = off")
    drop_id = ledger.enter_drop(connection, drop, run_id)
    last = ledger.last_received(connection, manifest.service, manifest.feed)
    plans: list[tuple[Checked, Recording]] = []
    sizes: dict[str, tuple[int, Usual]] = {}
    for entity in checked:
        name = entity.landed.entity
        before = _earlier(connection, contract, drop, name)
        known = usual(before.sizes, manifest.business_date, contract.every)
        if known and not before.is_late and not contract.entities[name].may_shrink:
            sizes[name] = (entity.rows, known)
        plans.append(
            (
                entity,
                Recording(
                    service=manifest.service,
                    load_id=0,
                    business_date=manifest.business_date,
                    received_at=manifest.received_at,
                    is_late=before.is_late,
                    is_skewed=last is not None and last > manifest.received_at,
                    superseded=before.superseded,
                    is_overtaken=before.is_overtaken,
                    overtaken=before.overtaken,
                ),
            )
        )
    state = "kept"
    if any(applies(connection, contract, entity, recording) for entity, recording in plans):
        state = "accepted"
    rows = {
        "accepted": sum(entity.accepted for entity in checked),
        "quarantined": sum(entity.held_back for entity in checked),
    }
    corrected = [load_id for _, recording in plans for load_id in recording.superseded]
    load_id = ledger.enter_load(
        connection, drop_id, run_id, state, rows, started, supersedes=max(corrected, default=None)
    )
    counts, held, released = [], {}, 0
    for entity, plan in plans:
        recording = plan.of(load_id)
        done = record_entity(connection, contract, entity, recording)
        back = hold_back(connection, contract, entity, recording)
        _must_agree(entity, back, results)
        name = entity.landed.entity
        enter_totals(connection, contract, name, load_id, entity.totals)
        enter_new_codes(connection, contract, entity, results, load_id)
        counts.append(_counts(entity, done))
        ledger.enter_entity(connection, load_id, counts[-1])
        held.update({(name, code): number for code, number in back.by_rule.items()})
        released += back.released
    _enter_results(connection, run_id, load_id, contract, checked, results)
    enter_usual(connection, run_id, load_id, contract, sizes)
    sweep(connection, contract)
    check_lease(connection, run_id)
    faults.point("before:record_commit")
    connection.commit()
    faults.point("after:record")
    reported = {
        (result.entity, result.rule_code): result.rows_failed
        for result in results
        if result.rows_failed and (result.entity, result.rule_code) not in held
    }
    return LoadReport(
        drop=drop.key,
        business_date=manifest.business_date,
        state=state,
        load_id=load_id,
        rows_in_files=sum(rows.values()),
        rows_accepted=rows["accepted"],
        rows_quarantined=rows["quarantined"],
        rows_rejected=0,
        entities=tuple(counts),
        held_back=held,
        reported=reported,
        released=released,
        unknown_files=tuple(unknown_files(drop, contract)),
        seconds=time.monotonic() - clock,
    )


def _counts(entity: Checked, done: Recorded) -> ledger.EntityCounts:
    return ledger.EntityCounts(
        entity=entity.landed.entity,
        rows_in_files=entity.rows,
        rows_accepted=entity.accepted,
        rows_quarantined=entity.held_back,
        rows_repeated=entity.repeated,
        records_new=done.new,
        records_changed=done.changed,
        records_unchanged=done.unchanged,
        records_closed=done.closed,
        extra_columns=tuple(entity.landed.extra_columns),
    )


def _must_agree(entity: Checked, back: HeldBack, results: list[RuleResult]) -> None:
    """The judge's counts and the quarantine's must be the same, or one of the two is wrong."""
    holding = {rule.code for rule in entity.rules if rule.effect == "hold_back"}
    judged = {
        result.rule_code: result.rows_failed
        for result in results
        if result.entity == entity.landed.entity and result.rule_code in holding and result.rows_failed
    }
    if judged != back.by_rule or back.rows != entity.held_back:
        raise DropRejected(
            "DISAGREE",
            f"{entity.landed.entity}: great_expectations and quarantine count different rows",
            "report it: this is a fault of the warehouse",
        )


def _enter_results(
    connection: Connection,
    run_id: int,
    load_id: int | None,
    contract: Contract,
    checked: list[Checked],
    results: list[RuleResult],
) -> None:
    rules = {(entity.landed.entity, rule.code): rule for entity in checked for rule in entity.rules}
    unit = contract.unit
    lines = []
    for result in results:
        rule = rules.get((result.entity, result.rule_code))
        if rule is None and result.outcome == "passed":
            continue  # the count of rows, which is the door's own
        family, severity, owner = (
            (rule.family, rule.severity, rule.owner) if rule else ("integrity", "warn", "us")
        )
        lines.append(
            (
                run_id,
                load_id,
                "great_expectations",
                result.rule_code,
                contract.feed,
                result.entity,
                unit,
                family,
                severity,
                owner,
                result.outcome,
                result.rows_checked,
                result.rows_failed,
            )  # fmt: skip
        )
    for entity in checked:
        for rule in entity.not_computed:
            lines.append(
                (
                    run_id,
                    load_id,
                    "warehouse",
                    rule.code,
                    contract.feed,
                    entity.landed.entity,
                    unit,
                    rule.family,
                    "warn",
                    "us",
                    "error",
                    None,
                    None,
                )  # fmt: skip
            )
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            "insert into ops.check_result (run_id, load_id, checked_by, rule_code, feed, entity, unit, family, "
            "severity, owner, outcome, rows_checked, rows_failed) values %s",
            lines,
            page_size=500,
        )


def _refuse(
    connection: Connection,
    run_id: int,
    contract: Contract,
    drop: Drop,
    rows: int,
    refusal: DropRejected,
    started: datetime,
    clock: float,
) -> LoadReport:
    """Enter a refusal: the rows are counted, nothing of them is kept."""
    drop_id = ledger.enter_drop(connection, drop, run_id)
    load_id = ledger.enter_load(
        connection, drop_id, run_id, "rejected", {"rejected": rows}, started, (refusal.code, refusal.what)
    )
    sweep(connection, contract)
    check_lease(connection, run_id)
    connection.commit()
    return LoadReport(
        drop=drop.key,
        business_date=drop.manifest.business_date,
        state="rejected",
        load_id=load_id,
        rows_in_files=rows,
        rows_accepted=0,
        rows_quarantined=0,
        rows_rejected=rows,
        reason_code=refusal.code,
        reason=refusal.what,
        remedy=refusal.remedy,
        seconds=time.monotonic() - clock,
    )


def sweep(connection: Connection, contract: Contract) -> None:
    """Children's data does not lie about in the workspace once the load has ended."""
    tables = [
        f"landing.{quoted(contract.raw_table(name) + suffix)}"
        for name in contract.entities
        for suffix in ("", *WORK_TABLES)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {', '.join(tables)} cascade")
