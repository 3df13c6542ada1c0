"""Writing drops: files in, a folder with a manifest out, whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from yos_warehouse import settings
from yos_warehouse.errors import UsageError
from yos_warehouse.sources.contract import Contract, contracts
from yos_warehouse.sources.csv_file import count_records
from yos_warehouse.sources.encoding import is_utf16, utf16_to_utf8
from yos_warehouse.sources.manifest import (
    MANIFEST,
    Drop,
    FileEntry,
    Manifest,
    is_plain_name,
    max_file_bytes,
    read_manifest,
    sha256_of,
)
from yos_warehouse.sources.naming import entities_of, is_ignored, printable, unknown_file

LONDON = ZoneInfo("Europe/London")
# How long a file must have kept still before it is taken for complete (F1).
SETTLE_SECONDS = 1.0
# Hidden: what begins so is never taken for a drop.
_PACKING = ".packing-"
_UNFINISHED = (".tmp", ".part", ".filepart", ".partial", ".crdownload")


def pack(
    feed: str,
    files: Sequence[Path],
    business_date: date,
    received_at: datetime | None = None,
    fictional: bool = False,
    out: Path | None = None,
    *,
    control_totals: Mapping[str, Mapping[str, str | Decimal]] | None = None,
    settle_seconds: float = SETTLE_SECONDS,
) -> Drop:
    """Copy files into the drop store with a manifest: ``<out>/<feed>/<business date>[/n]/``.

    The same content for the same date is the same drop: the one that is there is returned. Other
    content for a date that has a drop is a corrected drop in a further folder.

    Args:
        feed: name of a contract.
        files: the partner's files, or one directory of them.
        business_date: the day the content is about.
        received_at: when the partner delivered it (with time zone); now if not given.
        fictional: whether all children in it are invented.
        out: the drop store; YOS_DROPS_DIR if not given.
        control_totals: entity to column to the partner's own sum.
        settle_seconds: how long the files must not change.

    Raises:
        UsageError: UNKNOWN_FEED, NO_FILES, UNKNOWN_FILE, FILE_NAME, STILL_CHANGING, TOO_LARGE, TIME_ZONE.
    """
    if feed not in contracts():
        raise UsageError(
            "UNKNOWN_FEED", f"there is no feed {printable(feed)}", f"use {', '.join(contracts())}"
        )
    contract = contracts()[feed]
    taken = _look(contract, _expand(files))
    before = _stamps(taken)
    time.sleep(settle_seconds)
    with new_folder(out or settings.drops_dir(), feed) as staging:
        for path in taken:
            shutil.copyfile(path, staging / path.name)
        after = _stamps(taken)
        moving = [path.name for path in taken if before[path] != after[path]]
        if moving:
            raise UsageError(
                "STILL_CHANGING",
                f"{', '.join(printable(name) for name in moving)} changed while being read",
                "wait until the export has finished and pack again",
            )
        rows = {path.name: _count(staging / path.name, contract, business_date) for path in taken}
        return write_drop(
            staging, feed, business_date, received_at, fictional, rows, control_totals=control_totals
        )


@contextmanager
def new_folder(out: Path, feed: str) -> Iterator[Path]:
    """A hidden folder beside a feed's drops, on the same disk, in which to write one; gone at the end.

    Such folders that a killed process left behind are removed first. One in use is locked, and the kernel ends
    the lock with its process, however that ends.
    """
    base = out / feed
    base.mkdir(parents=True, exist_ok=True)
    for left in base.glob(f"{_PACKING}*"):
        _remove_unless_in_use(left)
    folder, handle = _locked_folder(base)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _locked_folder(base: Path) -> tuple[Path, int]:
    """A new folder and the open handle that holds its lock."""
    while True:
        folder = base / f"{_PACKING}{uuid4().hex[:12]}"
        folder.mkdir(mode=0o750)
        try:
            handle = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:  # removed by another process before it was locked
            continue
        with suppress(OSError):  # a disk without locks; then nobody can lock, nor remove, it
            fcntl.flock(handle, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, handle
        os.close(handle)


def _remove_unless_in_use(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # just finished
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # in use
        return
    finally:
        os.close(handle)


def write_drop(
    staging: Path,
    feed: str,
    business_date: date,
    received_at: datetime | None,
    fictional: bool,
    rows: Mapping[str, int | None],
    *,
    control_totals: Mapping[str, Mapping[str, str | Decimal]] | None = None,
) -> Drop:
    """Turn a folder made by :func:`new_folder` into a drop: manifest, then one rename.

    Args:
        rows: file name in the folder to its number of data records (None for XML).

    Raises:
        UsageError: TIME_ZONE, received_at has none.
    """
    if received_at is not None and received_at.utcoffset() is None:
        raise UsageError(
            "TIME_ZONE", "the time of receipt has no time zone", "write it like 2026-03-31T20:00+01:00"
        )
    when = received_at or datetime.now(LONDON).replace(microsecond=0)
    entries = []
    for name in sorted(rows):
        digest, size = sha256_of(staging / name)
        entries.append(FileEntry(name=name, bytes=size, rows=rows[name], sha256=digest))
    manifest = Manifest(
        format=1,
        service=settings.service_code(),
        feed=feed,
        business_date=business_date,
        received_at=when,
        fictional=fictional,
        files=tuple(entries),
        control_totals={
            entity: {column: Decimal(str(total)) for column, total in totals.items()}
            for entity, totals in (control_totals or {}).items()
        },
    )
    day = staging.parent / business_date.isoformat()
    wanted = Drop(staging, manifest)
    for folder in (day, *sorted(path for path in day.glob("*") if path.is_dir())):
        there = _drop_in(folder)
        if there is not None and there.content_hash == wanted.content_hash:
            return there
    (staging / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", "utf-8")
    _sync(staging)
    return Drop(_move(staging, day), manifest)


def _move(staging: Path, day: Path) -> Path:
    """Rename the finished folder to its place: the date, or the next number under it."""
    target = day
    number = 2
    while True:
        try:
            if target != day:
                day.mkdir(exist_ok=True)
            elif day.exists():
                raise FileExistsError
            staging.rename(target)
            return target
        except OSError:
            if not target.exists():
                raise
            target = day / str(number)
            number += 1


def _drop_in(folder: Path) -> Drop | None:
    path = folder / MANIFEST
    try:
        return Drop(folder, read_manifest(path)) if path.is_file() else None
    except Exception:  # an unreadable manifest is not this drop
        return None


def _expand(files: Sequence[Path]) -> list[Path]:
    """The files named; a directory stands for the files in it."""
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            found += sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        else:
            found.append(path)
    return [path for path in found if path.name != MANIFEST]


def _look(contract: Contract, files: list[Path]) -> list[Path]:
    """The files to take, after refusing what cannot be packed."""
    taken = [path for path in files if not is_ignored(contract, path.name)]
    if not taken:
        raise UsageError("NO_FILES", "no file to pack", "name the files, or a directory with files in it")
    names = [path.name.lower() for path in taken]
    for path in taken:
        shown = printable(path.name)
        if not path.is_file():
            raise UsageError("NO_FILES", f"{shown} is not there", "check the path")
        if not is_plain_name(path.name):
            raise UsageError(
                "FILE_NAME", f"{shown} is not a plain name", "use letters, digits, dots and dashes"
            )
        if path.name.lower().endswith(_UNFINISHED):
            raise UsageError("STILL_CHANGING", f"{shown} is still being sent", "wait for its final name")
        if names.count(path.name.lower()) > 1:
            raise UsageError("FILE_NAME", f"{shown} is named twice", "name each file once")
        if not entities_of(contract, path.name):
            raise unknown_file(contract, path.name)
        if path.stat().st_size > max_file_bytes():
            raise UsageError("TOO_LARGE", f"{shown} has over {max_file_bytes()} bytes", "send it in parts")
    return taken


def _stamps(files: list[Path]) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def _count(path: Path, contract: Contract, day: date) -> int | None:
    """Data records of a CSV file; None for XML."""
    if path.suffix.lower() == ".xml":
        return None
    if not is_utf16(path):
        return count_records(path, contract, day)
    # Under its own name, which decides how it is read.
    with tempfile.TemporaryDirectory(prefix=".utf8-", dir=path.parent) as folder:
        plain = Path(folder) / path.name
        utf16_to_utf8(path, plain)
        return count_records(plain, contract, day)


def _sync(folder: Path) -> None:
    """Put the files on the disk before the name that vouches for them."""
    for path in [*folder.iterdir(), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
