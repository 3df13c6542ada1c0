"""``yos backup`` and ``yos restore``: what no night can make again, as files that any PostgreSQL of ours takes.

First the registry (identity and the runs that its rows name): keys are minted at random and cannot be rebuilt. Then history,
the ledgers, and what was published when. Everything else, the marts too, the next night builds anew. One snapshot, one file
per table, and a manifest with counts and checksums; the files name children, so the folder is its owner's alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from pydantic import BaseModel, ConfigDict, ValidationError

from yos_warehouse import settings
from yos_warehouse.errors import UsageError, YosError
from yos_warehouse.server.connect import connect, one_row
from yos_warehouse.server.migrate import head, migrate

MANIFEST = "manifest.json"
# What the next night makes anew, and what a migration has filled already.
_NOT_KEPT = (
    "ops.migration", "ops.first_load", "ops.permanent_table", "ops.built_table", "ops.build", "ops.model_run",
)  # fmt: skip
# Added to and never rebuilt, though they lie beside what is.
_PUBLISHED = (
    "marts.publication", "marts.fct_indicator_value", "restricted.published_case", "restricted.access_log",
)  # fmt: skip
_REGISTRY = "registry"
_REST = "rest"

# All tables to keep, each after those that its rows point to.
_TABLES = """
with recursive kept as (
    select
        c.oid, format('%%I.%%I', n.nspname, c.relname) as name,
        n.nspname = 'identity' or n.nspname = 'ops' and c.relname = 'run' as is_registry
    from pg_class as c
    inner join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind = 'r' and (
        n.nspname in ('identity', 'raw', 'quarantine', 'ops') and format('%%I.%%I', n.nspname, c.relname) <> all (%(not_kept)s)
        or format('%%I.%%I', n.nspname, c.relname) = any (%(published)s)
    )
),

points as (
    select distinct conrelid, confrelid from pg_constraint where contype = 'f' and conrelid <> confrelid
),

depth as (
    select oid, 0 as depth from kept
    union
    select p.conrelid, d.depth + 1 from depth as d inner join points as p on p.confrelid = d.oid where d.depth < 20
)

select k.name, k.is_registry
from kept as k inner join depth using (oid)
group by k.name, k.is_registry
order by not k.is_registry, max(depth.depth), k.name
"""
_COLUMNS = """
select attname::text, pg_get_serial_sequence(%(table)s, attname::text)
from pg_attribute
where attrelid = %(table)s::regclass and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
"""
# What fires on a row that is added would say that it was written today.
_STAMPS = """
select tgname::text from pg_trigger
where tgrelid = %(table)s::regclass and not tgisinternal and tgtype & 4 = 4 and tgenabled = 'O'
"""


class KeptTable(BaseModel):
    """One table of a backup; ``counters`` maps a column to its sequence's last value and whether it was given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    part: str
    file: str
    columns: list[str]
    rows: int
    sha256: str
    counters: dict[str, tuple[int, bool]]


class Manifest(BaseModel):
    """What a backup holds. ``revision``: the migration the tables had."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service_code: str
    revision: str
    made_at: datetime
    is_fictional: bool
    tables: list[KeptTable]


def backup(folder: Path, *, registry_only: bool = False) -> Manifest:
    """Write a backup of this warehouse into a new or empty folder (0700; files 0600).

    Args:
        registry_only: who is who alone; enough for the same keys where all deliveries are kept elsewhere.

    Raises:
        UsageError: FOLDER, it is not empty.
        YosError: BACKUP, the warehouse is not at the newest migration.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("FOLDER", f"{folder} is not an empty folder", "name a new one")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    with _as_owner() as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("set role yos_owner")
            revision = _revision(cursor)
            kept = [
                _write(cursor, folder, name, _REGISTRY if is_registry else _REST)
                for name, is_registry in _tables(cursor)
                if is_registry or not registry_only
            ]
            cursor.execute("select coalesce(bool_or(is_fictional), true) from ops.drop")
            (is_fictional,) = one_row(cursor)
    manifest = Manifest(
        service_code=settings.service_code(), revision=revision, made_at=datetime.now(UTC),
        is_fictional=is_fictional, tables=kept,
    )  # fmt: skip
    with _new_file(folder / MANIFEST) as file:  # last: a folder without it is no backup
        file.write(manifest.model_dump_json(indent=1).encode())
    return manifest


def restore(folder: Path) -> Manifest:
    """Fill this warehouse from a backup, all or nothing; the next night builds the rest. Mails that were not sent are left out.

    Raises:
        UsageError: BACKUP (no whole backup, of another service or another migration), FILLED (the warehouse is not empty).
    """
    manifest = _read(folder)
    migrate()
    with _as_owner() as connection, connection.cursor() as cursor:
        cursor.execute("set role yos_owner")
        cursor.execute("lock table ops.run in access exclusive mode")
        if (found := _revision(cursor)) != manifest.revision:
            raise UsageError(
                "BACKUP",
                f"the backup is of migration {manifest.revision}, this release has {found}",
                "restore it with the release that made it, then update",
            )
        cursor.execute(
            "select exists (select from ops.run) or exists (select from ops.drop)"
            " or exists (select from identity.person where person_key > 0)"
        )
        if one_row(cursor)[0]:
            raise UsageError(
                "FILLED",
                f"warehouse {settings.database_name()} is not empty",
                "restore into a new one: YOS_DATABASE=another",
            )
        known = [name for name, _ in _tables(cursor)]
        missing = sorted({table.name for table in manifest.tables} - set(known))
        if missing:
            raise UsageError("BACKUP", f"this release has no table {missing[0]}", "see its contracts")
        by_name = {table.name: table for table in manifest.tables}
        for name in reversed(known):  # what a migration put there is in the backup, too
            if name in by_name:
                _clear(cursor, name)
        for name in known:
            if name in by_name:
                _fill(cursor, folder, by_name[name])
        cursor.execute(
            "update ops.run set state = 'abandoned', finished_at = coalesce(finished_at, now()) where state = 'running'"
        )
        cursor.execute("delete from ops.outbox where sent_at is null")
        connection.commit()
    return manifest


# ---------------------------------------------------------------- parts


@contextmanager
def _as_owner() -> Iterator[Connection]:
    connection = connect("migrator", application="yos backup")
    try:
        yield connection
    finally:
        connection.close()


def _revision(cursor: Cursor) -> str:
    cursor.execute("select version_num from ops.migration")
    (revision,) = one_row(cursor)
    if revision != head():
        raise YosError("BACKUP", "the warehouse is not at the newest migration", "run a night first")
    return revision


def _tables(cursor: Cursor) -> Sequence[tuple[str, bool]]:
    cursor.execute(_TABLES, {"not_kept": list(_NOT_KEPT), "published": list(_PUBLISHED)})
    return cursor.fetchall()


def _columns(cursor: Cursor, table: str) -> Sequence[tuple[str, str | None]]:
    cursor.execute(_COLUMNS, {"table": table})
    return cursor.fetchall()


def _copy(table: str, columns: Sequence[str], way: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL(f"copy {table} ({{}}) {way} (format csv)").format(names)


def _write(cursor: Cursor, folder: Path, table: str, part: str) -> KeptTable:
    columns = _columns(cursor, table)
    counters = {}
    for column, sequence in columns:
        if sequence:
            cursor.execute(f"select last_value, is_called from {sequence}")
            counters[column] = one_row(cursor)
    path = folder / part / f"{table}.csv.gz"
    path.parent.mkdir(exist_ok=True, mode=0o700)
    names = [column for column, _ in columns]
    with _new_file(path) as file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as packed:
        cursor.copy_expert(_copy(table, names, "to stdout").as_string(cursor), packed)
    rows = cursor.rowcount
    return KeptTable(
        name=table, part=part, file=f"{part}/{path.name}", columns=names, rows=rows, sha256=_sha256(path),
        counters=counters,
    )  # fmt: skip


def _clear(cursor: Cursor, table: str) -> None:
    cursor.execute(f"select exists (select from {table})")
    if one_row(cursor)[0]:
        cursor.execute(f"delete from {table}")


def _fill(cursor: Cursor, folder: Path, table: KeptTable) -> None:
    cursor.execute(_STAMPS, {"table": table.name})
    stamps = [name for (name,) in cursor.fetchall()]
    for stamp in stamps:
        cursor.execute(f'alter table {table.name} disable trigger "{stamp}"')
    with gzip.open(folder / table.file, "rb") as rows:
        cursor.copy_expert(_copy(table.name, table.columns, "from stdin").as_string(cursor), rows)
    if cursor.rowcount != table.rows:
        raise YosError(
            "BACKUP", f"{table.name} has {cursor.rowcount} rows, not {table.rows}", "nothing was restored"
        )
    for stamp in stamps:
        cursor.execute(f'alter table {table.name} enable trigger "{stamp}"')
    for column, (last, was_given) in table.counters.items():
        cursor.execute(
            "select setval(pg_get_serial_sequence(%s, %s), %s, %s)", (table.name, column, last, was_given)
        )
    cursor.execute(f"analyze {table.name}")


def _read(folder: Path) -> Manifest:
    """The manifest of a whole backup of this service."""
    try:
        manifest = Manifest.model_validate(json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, ValidationError):
        raise UsageError("BACKUP", f"{folder} holds no whole backup", "it has a manifest.json") from None
    if manifest.service_code != settings.service_code():
        raise UsageError(
            "BACKUP", f"it is a backup of {manifest.service_code}", "set YOS_SERVICE to its service"
        )
    for table in manifest.tables:
        path = folder / table.file
        if not path.is_file() or _sha256(path) != table.sha256:
            raise UsageError("BACKUP", f"{table.file} is not what was written", "take another backup")
    return manifest


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def say(manifest: Manifest, verb: str, folder: Path) -> str:
    """What was done, in a line."""
    parts: dict[str, Any] = {
        part: sum(table.rows for table in manifest.tables if table.part == part)
        for part in (_REGISTRY, _REST)
    }
    label = "FICTIONAL: " if manifest.is_fictional else ""
    rest = f", {parts[_REST]:,} of history and ledgers" if parts[_REST] else ""
    return f"{label}{verb} {folder}: {parts[_REGISTRY]:,} rows of the registry{rest}, in {len(manifest.tables)} tables."
