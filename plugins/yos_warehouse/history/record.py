"""Recording what a drop says as versions: what was known when (design.md 1, raw).

A version is known from ``recorded_from`` (the drop's received_at) until ``recorded_to`` (null: still).
A version with an empty interval was delivered and never held: it was older than what was known.
Everything is set-based SQL over the landed rows of one entity, inside the load's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from psycopg2.extensions import connection as Connection

from yos_warehouse.door.checks import LARGE_FROM_ROWS, Checked
from yos_warehouse.door.landing import ROW_NUMBER
from yos_warehouse.history.tables import literal, quoted
from yos_warehouse.sources.contract import Contract, Delivers
from yos_warehouse.sources.term import Term

GOOD = "not f.is_held_back and not f.is_repeated"


@dataclass(frozen=True)
class Recording:
    """One drop as history sees it, for one entity.

    Attributes:
        load_id: of the load in the ledger.
        is_late: a newer drop (business date, then received_at) with this entity was applied before; of a termly
            entity, a newer drop of the same term.
        is_skewed: something of the feed was received later than this drop says it was.
        superseded: earlier loads of the same business date with this entity, which this drop corrects.
        is_overtaken: a correction of this very drop came before it.
        overtaken: loads of any business date with this entity that were corrected: what only they said does not count.
    """

    service: str
    load_id: int
    business_date: date
    received_at: datetime
    is_late: bool = False
    is_skewed: bool = False
    superseded: list[int] = field(default_factory=list)
    is_overtaken: bool = False
    overtaken: list[int] = field(default_factory=list)

    def of(self, load_id: int) -> Recording:
        """The same for a load that now has its id."""
        return replace(self, load_id=load_id)


@dataclass
class Recorded:
    """What the recording did, in records of one entity.

    Attributes:
        new: keys that had no current version (never seen, or gone and back).
        changed: keys whose current version was replaced.
        unchanged: keys delivered as they were.
        closed: keys that are gone.
        kept: keys delivered by a late drop that supersede nothing.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    kept: int = 0


def record_entity(
    connection: Connection, contract: Contract, checked: Checked, recording: Recording
) -> Recorded:
    """Record one checked entity in raw; part of the caller's transaction.

    Args:
        connection: as loader.
        checked: its landing table and what the pass made of it.
        recording: drop and ledger facts.
    """
    entity = contract.entities[checked.landed.entity]
    step = _Step(connection, contract, checked, recording)
    if recording.is_overtaken or (recording.is_late and entity.delivers is not Delivers.CHANGES):
        # What is missing in a newer snapshot (of the term), or in a correction of the day, is gone.
        kept = step.insert(known_until=True)
        return Recorded(kept=kept)
    done = Recorded()
    is_first = step.is_first()
    if not is_first:
        if recording.is_late:
            step.find_outranked()
        step.find_changes()
        done.changed = step.close_changed()
    inserted = step.insert_first() if is_first else step.insert()
    done.new = inserted - done.changed
    if recording.is_late and not is_first:
        done.kept = step.insert(outranked=True, known_until=True)
    if not is_first:
        step.flag_last_good()
        # A row whose key cannot be read may be any record: then nothing is known to be missing.
        if not checked.keyless:
            if entity.delivers is Delivers.CHANGES:
                withdrawn, reinstated = step.withdraw()
                done.closed, done.changed = withdrawn - reinstated, done.changed + reinstated
            else:
                done.closed = step.close_missing(entity.child, entity.delivers is Delivers.FULL_PER_TERM)
    good = checked.accepted - checked.repeated
    done.unchanged = good - inserted - done.kept
    if done.unchanged and entity.delivers is Delivers.CHANGES:
        step.note_restated()
    return done


def applies(connection: Connection, contract: Contract, checked: Checked, recording: Recording) -> bool:
    """Whether the drop says anything about the entity that is not overtaken; a late one may not."""
    if not recording.is_late:
        return True
    entity = contract.entities[checked.landed.entity]
    if recording.is_overtaken or entity.delivers is not Delivers.CHANGES:
        return False
    if recording.superseded:  # what it no longer says is taken back
        return True
    step = _Step(connection, contract, checked, recording)
    return step.says_something()


class _Step:
    """The statements of one recording."""

    def __init__(
        self, connection: Connection, contract: Contract, checked: Checked, recording: Recording
    ) -> None:
        self._connection = connection
        self._recording = recording
        entity = contract.entities[checked.landed.entity]
        self._raw = f"raw.{quoted(contract.raw_table(checked.landed.entity))}"
        self._landing, self._delivered = checked.landed.table, checked.all_rows
        self._rows = checked.rows
        self._has_held_back = checked.held_back > 0
        self._columns = [quoted(name) for name in entity.columns]
        self._values: dict[str, Any] = {
            "service": recording.service,
            "load": recording.load_id,
            "day": recording.business_date,
            "received": recording.received_at,
            "superseded": recording.superseded,
            "overtaken": [*recording.overtaken, *recording.superseded],
            "table": contract.raw_table(checked.landed.entity),
        }
        self._outranked = False

    def _run(self, statement: str) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, self._values)
            return cursor.rowcount

    def is_first(self) -> bool:
        """Nothing of this service is recorded yet, so nothing has to be compared."""
        return not self._run(f"select 1 from {self._raw} where service_code = %(service)s limit 1")

    def _stated_later(self, row: str) -> str:
        """Condition on a row of a late drop, or of what it corrects: a drop of a newer day states its record."""
        return f"""(
            exists (
                select from {self._raw} as n
                where n.record_id = {row}.record_id and n.service_code = %(service)s
                    and n.business_date > %(day)s and n.load_id <> all (%(overtaken)s)
            )
            or hashtextextended({row}.record_id, 0) in (
                select unnest(r.key_hashes) from raw.restatement as r
                where r.raw_table = %(table)s and r.service_code = %(service)s
                    and r.business_date > %(day)s and r.load_id <> all (%(overtaken)s)
            )
        )"""

    def says_something(self) -> bool:
        """Whether a late drop has a good row that is not overtaken and not what is known anyway."""
        return bool(
            self._run(
                f"""
                select from {self._delivered} as f
                where {GOOD} and not {self._stated_later("f")} and not exists (
                    select from {self._raw} as c
                    where c.record_id = f.record_id and c.service_code = %(service)s
                        and c.recorded_to is null and c.row_hash = f.row_hash
                )
                limit 1
                """
            )
        )

    def find_outranked(self) -> None:
        """Keys of a late drop of which something newer was stated; held in a temporary table."""
        self._run("drop table if exists door_outranked")
        self._run(
            f"""
            create temp table door_outranked on commit drop as
            select f.record_id from {self._delivered} as f where {GOOD} and {self._stated_later("f")}
            """
        )
        self._outranked = True

    def note_restated(self) -> None:
        """Remember which keys the drop carries, some of them unchanged: an older drop may come after it."""
        self._run(
            f"""
            insert into raw.restatement
                (load_id, raw_table, service_code, business_date, received_at, key_hashes)
            select %(load)s, %(table)s, %(service)s, %(day)s, %(received)s,
                array_agg(hashtextextended(f.record_id, 0))
            from {self._delivered} as f where {GOOD}
            """
        )

    def _not_outranked(self) -> str:
        if not self._outranked:
            return ""
        return "and not exists (select from door_outranked as o where o.record_id = f.record_id)"

    def find_changes(self) -> None:
        """Good rows that differ from the current version of their key, or have none; one comparison for all."""
        self._run("drop table if exists door_change")
        if self._rows >= LARGE_FROM_ROWS:
            # what has just landed has no statistics: the planner would look up each row by itself
            self._run("set local enable_nestloop = off; set local parallel_tuple_cost = 0")
        self._run(
            f"""
            create temp table door_change on commit drop as
            select f.{ROW_NUMBER}, f.record_id, f.row_hash, c.ctid as current_tid
            from {self._delivered} as f
            left join {self._raw} as c
                on c.record_id = f.record_id and c.service_code = %(service)s and c.recorded_to is null
            where {GOOD} and c.row_hash is distinct from f.row_hash {self._not_outranked()}
            """
        )
        self._run("set local enable_nestloop to default; set local parallel_tuple_cost to default")
        self._run("analyze door_change")

    def close_changed(self) -> int:
        """Close the current versions whose content differs; their successors are inserted next."""
        return self._run(
            f"""
            update {self._raw} as c
            set recorded_to = greatest(%(received)s, c.recorded_from), is_last_good = false
            from door_change as f
            where c.ctid = f.current_tid
            """
        )

    def insert_first(self) -> int:
        """Insert all good rows: nothing of this service is there yet, and its indexes can wait."""
        is_large = self._rows >= LARGE_FROM_ROWS
        if is_large:
            self._run(f"select ops.prepare_first_load('{self._raw}')")
        inserted = self.insert(is_first=True)
        if is_large:
            self._run("select ops.finish_first_load()")
        return inserted

    def insert(self, *, is_first: bool = False, outranked: bool = False, known_until: bool = False) -> int:
        """Insert good rows: those that changed, all of them, or those of a late drop that supersede nothing.

        Args:
            is_first: all, without looking for what changed.
            outranked: only the outranked keys.
            known_until: with an empty interval, whatever is current.
        """
        start, end, joins, wheres = "%(received)s", "null", "", f"where {GOOD}"
        source = self._delivered
        if known_until:
            end = "%(received)s"
            if outranked:
                wheres += " and exists (select from door_outranked as o where o.record_id = f.record_id)"
        elif not is_first:
            source, wheres = "door_change", ""
            joins = f"join {self._landing} as l on l.{ROW_NUMBER} = f.{ROW_NUMBER}"
            if self._recording.is_skewed:
                # versions of a key never overlap, even if clocks disagree
                start = "greatest(%(received)s, e.known)"
                joins += (
                    f" left join (select record_id, max(greatest(recorded_from, recorded_to)) as known "
                    f"from {self._raw} where service_code = %(service)s group by record_id) as e "
                    f"on e.record_id = f.record_id"
                )
        values = ", ".join(f"{'l' if source == 'door_change' else 'f'}.{column}" for column in self._columns)
        return self._run(
            f"""
            insert into {self._raw} (service_code, record_id, {", ".join(self._columns)}, row_hash,
                business_date, recorded_from, recorded_to, load_id, row_number)
            select %(service)s, f.record_id, {values}, f.row_hash,
                %(day)s, {start}::timestamptz, {end}::timestamptz, %(load)s, f.{ROW_NUMBER}
            from {source} as f {joins}
            {wheres}
            """
        )

    def flag_last_good(self) -> None:
        """A key delivered but held back keeps its last good version, flagged as such until a good one comes."""
        self._run(
            f"""
            update {self._raw} as c set is_last_good = false
            where c.is_last_good and c.service_code = %(service)s and c.recorded_to is null
                and exists (select from {self._delivered} as f where f.record_id = c.record_id and {GOOD})
            """
        )
        if not self._has_held_back:
            return
        self._run(
            f"""
            update {self._raw} as c set is_last_good = true
            from {self._delivered} as f
            where f.is_held_back and c.record_id = f.record_id and c.service_code = %(service)s
                and c.recorded_to is null and not c.is_last_good
            """
        )

    def close_missing(self, child: str | None, is_termly: bool) -> int:
        """Close what a full restatement does not carry; with a child column, of the children it carries.

        Args:
            is_termly: only records of the drop's term, which their ids begin with, can be missing.
        """
        of_those = ""
        if is_termly:
            term = literal(Term.of(self._recording.business_date).code)
            # as a range, for the index on the ids, which sort by bytes: } follows |
            of_those = f"and c.record_id > {term} || '|' and c.record_id < {term} || '}}'"
        if child:
            of_those = f"and c.{quoted(child)} in (select l.{quoted(child)} from {self._landing} as l)"
        return self._run(
            f"""
            update {self._raw} as c
            set recorded_to = greatest(%(received)s, c.recorded_from), is_last_good = false
            where c.service_code = %(service)s and c.recorded_to is null {of_those}
                and not exists (select from {self._delivered} as f where f.record_id = c.record_id)
            """
        )

    def withdraw(self) -> tuple[int, int]:
        """Take back what an earlier drop of the same business date said and its correction does not.

        What holds again is the newest word of a day that was not itself taken back, were it never current.

        Returns:
            Versions closed, and of these those in whose place an earlier drop's version holds again.
        """
        if not self._recording.superseded:
            return 0, 0
        still_said = f"and not {self._stated_later('c')}" if self._recording.is_late else ""
        self._run("drop table if exists door_withdrawn")
        self._run(
            f"""
            create temp table door_withdrawn on commit drop as
            select c.record_id, c.raw_id, greatest(%(received)s, c.recorded_from) as closed_at
            from {self._raw} as c
            where c.service_code = %(service)s and c.recorded_to is null
                and (c.load_id = any (%(superseded)s) or hashtextextended(c.record_id, 0) in (
                    select unnest(r.key_hashes) from raw.restatement as r
                    where r.raw_table = %(table)s and r.load_id = any (%(superseded)s)
                ))
                and not exists (select from {self._delivered} as f where f.record_id = c.record_id)
                {still_said}
            """
        )
        self._run(
            "delete from raw.restatement where raw_table = %(table)s and load_id = any (%(superseded)s)"
        )
        columns = ", ".join(self._columns)
        # Corrected, but said again as it was by the correction: then no row of the correction says so.
        self._run("drop table if exists door_held_before")
        self._run(
            f"""
            create temp table door_held_before on commit drop as
            select distinct on (p.record_id) w.record_id, w.closed_at, w.raw_id as withdrawn_id, p.raw_id
            from door_withdrawn as w
            join {self._raw} as p on p.record_id = w.record_id and p.service_code = %(service)s
            where p.load_id <> all (%(overtaken)s) or (
                p.load_id <> all (%(superseded)s) and hashtextextended(p.record_id, 0) in (
                    select unnest(r.key_hashes) from raw.restatement as r
                    where r.raw_table = %(table)s and r.service_code = %(service)s
                        and r.business_date = p.business_date and r.load_id <> all (%(overtaken)s)
                )
            )
            order by p.record_id, p.business_date desc, p.recorded_from desc, p.raw_id desc
            """
        )
        withdrawn = self._run(
            f"""
            update {self._raw} as c
            set recorded_to = w.closed_at, is_last_good = false
            from door_withdrawn as w
            where c.record_id = w.record_id and c.raw_id = w.raw_id and not exists (
                select from door_held_before as b where b.withdrawn_id = w.raw_id and b.raw_id = w.raw_id
            )
            """
        )
        reinstated = self._run(
            f"""
            insert into {self._raw} (service_code, record_id, {columns}, row_hash, business_date,
                recorded_from, load_id, row_number)
            select p.service_code, p.record_id, {", ".join(f"p.{column}" for column in self._columns)}, p.row_hash,
                p.business_date, b.closed_at, p.load_id, p.row_number
            from door_held_before as b
            join {self._raw} as p on p.record_id = b.record_id and p.raw_id = b.raw_id
            where b.raw_id <> b.withdrawn_id
            """
        )
        return withdrawn, reinstated
