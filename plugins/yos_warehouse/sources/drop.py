"""The drop store: finding drops, and refusing those that are not what their manifest says.

Layout: ``<root>/<feed>/<business date>/manifest.json``, corrected drops of the same date in
``<root>/<feed>/<business date>/<any folder>/manifest.json``.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from yos_warehouse import settings
from yos_warehouse.errors import DropRejected, UsageError, YosError
from yos_warehouse.sources.check import Finding, check
from yos_warehouse.sources.contract import Contract, contracts
from yos_warehouse.sources.manifest import (
    MANIFEST,
    Drop,
    FileEntry,
    Manifest,
    max_file_bytes,
    read_manifest,
    sha256_of,
)
from yos_warehouse.sources.naming import printable, told
from yos_warehouse.sources.pack import pack

__all__ = [
    "Drop",
    "FileEntry",
    "Finding",
    "Manifest",
    "check",
    "check_store",
    "find_drops",
    "pack",
    "strays",
    "verify",
]

_UNFINISHED = (".tmp", ".part", ".filepart", ".partial", ".crdownload")


def find_drops(root: Path, feed: str) -> list[Drop]:
    """All drops of a feed, in the order in which they apply: business date, then received_at.

    Folders that are no date, hidden ones and those still being written are passed over (see
    :func:`strays`). A drop whose manifest cannot be read is listed with its problem, at the date of its
    folder and the end of what else that date has, so that the ledger can hold the refusal.
    """
    found = []
    for day, folder in _folders(root, feed):
        path = folder / MANIFEST
        if not path.is_file():
            continue
        try:
            found.append(Drop(folder, read_manifest(path)))
        except YosError as problem:
            found.append(Drop(folder, _stand_in(feed, day, path), problem))
    return sorted(
        found, key=lambda drop: (drop.manifest.business_date, drop.manifest.received_at, drop.content_hash)
    )


def strays(root: Path, feed: str) -> list[str]:
    """What lies in a feed's folder and is no drop, in words for the sender (F1): counts and dates, no names.

    Loose files, folders that are no date, dates without a manifest.
    """
    base = root / feed
    if not base.is_dir():
        return []
    seen = [path for path in sorted(base.iterdir()) if not path.name.startswith(".")]
    loose = sum(not path.is_dir() for path in seen)
    undated = sum(path.is_dir() and _as_date(path.name) is None for path in seen)
    words = [f"{loose} loose file(s)"] if loose else []
    words += [f"{undated} folder(s) that are no date"] if undated else []
    dated = [folder for _, folder in _folders(root, feed)]
    for folder in dated:
        children = [other for other in dated if other.parent == folder]
        if folder.parent == base and not any((one / MANIFEST).is_file() for one in (folder, *children)):
            words.append(f"{folder.name} without a manifest")
    return words


def check_store(root: Path) -> list[str]:
    """Look over a drop store before a run over it, ``make run FEEDS=dir``.

    Returns:
        The feeds that have drops.

    Raises:
        UsageError: NO_DROPS (no such directory, or nothing in it), WRONG_DATE (a feed's folder is
            not a date), MANIFEST, WRONG_FEED, WRONG_DATE, WRONG_SERVICE, CONTROL_TOTAL, NOT_FICTIONAL.
    """
    if not root.is_dir():
        raise UsageError("NO_DROPS", f"{printable(str(root))} is no directory", "name the drops' directory")
    feeds = []
    for feed, contract in contracts().items():
        base = root / feed
        for path in sorted(base.iterdir()) if base.is_dir() else []:
            if path.is_dir() and not path.name.startswith(".") and _as_date(path.name) is None:
                raise UsageError(
                    "WRONG_DATE", f"{feed}/{printable(path.name)} is no date", "name it like 2026-03-31"
                )
        drops = find_drops(root, feed)
        for drop in drops:
            try:
                _check_manifest(drop, contract)
            except DropRejected as refused:
                where = printable(str(drop.folder.relative_to(root)))
                raise UsageError(refused.code, f"{where}: {refused.what}", refused.remedy) from None
        if drops:
            feeds.append(feed)
    if not feeds:
        raise UsageError(
            "NO_DROPS",
            f"{printable(str(root))} holds no drop of {', '.join(contracts())}",
            "lay drops out as <feed>/<business date>/manifest.json, or write them with yos pack",
        )
    return feeds


def verify(drop: Drop, contract: Contract) -> None:
    """Hold a drop against its manifest and its folder: every file's size and SHA-256, streamed.

    Raises:
        UsageError: NOT_FICTIONAL.
        DropRejected: MANIFEST, FILE_NAME, WRONG_SERVICE, WRONG_FEED, WRONG_DATE, MISSING_FILE,
            CONTROL_TOTAL (of an unknown column), TOO_LARGE, CHECKSUM (size or hash).
    """
    _check_manifest(drop, contract)
    largest = max_file_bytes()
    for entry in drop.manifest.files:
        path = drop.path(entry)
        # A link would let a drop name any file of the machine.
        if path.is_symlink() or not path.is_file():
            raise _refusal_of(drop, entry, "MISSING_FILE", "is not there", "send the whole drop again")
        size = path.stat().st_size
        if max(size, entry.bytes) > largest:
            raise _refusal_of(drop, entry, "TOO_LARGE", f"has over {largest} bytes", "send it in parts")
        if size != entry.bytes or sha256_of(path) != (entry.sha256, entry.bytes):
            raise _refusal_of(drop, entry, "CHECKSUM", "is not what the manifest says", "send the drop again")


def _refusal_of(drop: Drop, entry: FileEntry, code: str, what: str, remedy: str) -> DropRejected:
    name = told(entry.name, [other.name for other in drop.manifest.files])
    return DropRejected(code, f"{drop.key}, {name} {what}", remedy)


def _check_manifest(drop: Drop, contract: Contract) -> None:
    if drop.problem is not None:
        raise drop.problem
    manifest = drop.manifest
    if not manifest.fictional:
        raise UsageError(
            "NOT_FICTIONAL",
            f"{drop.key} is not marked fictional, and the protections of real data are not built yet",
            'load drops of invented children only, with "fictional": true in the manifest',
        )
    if manifest.service != settings.service_code():
        raise DropRejected(
            "WRONG_SERVICE",
            f"{drop.key} is for service {manifest.service}, this is {settings.service_code()}",
            "send it to the other service, or set YOS_SERVICE",
        )
    if manifest.feed != contract.feed:
        raise DropRejected(
            "WRONG_FEED", f"the manifest of {drop.key} lies in feed {contract.feed}", "move the drop"
        )
    for entity, totals in manifest.control_totals.items():
        if entity not in contract.entities or not totals.keys() <= contract.entities[entity].columns.keys():
            # Not named: these keys are the sender's text.
            raise DropRejected(
                "CONTROL_TOTAL",
                f"the manifest of {drop.key} has a total of no column",
                "correct the manifest",
            )
    days = [_as_date(drop.folder.name), _as_date(drop.folder.parent.name)]
    day = next((found for found in days if found is not None), None)
    if day != manifest.business_date:
        raise DropRejected(
            "WRONG_DATE", f"{drop.key} lies in the folder of another date", "move the drop, or pack it again"
        )


def _folders(root: Path, feed: str) -> list[tuple[date, Path]]:
    """(business date of the folder, folder) wherever a manifest of a feed may lie."""
    base = root / feed
    found: list[tuple[date, Path]] = []
    if not base.is_dir():
        return found
    for path in sorted(base.iterdir()):
        day = _as_date(path.name)
        if day is None or not path.is_dir():
            continue
        found.append((day, path))
        found += [
            (day, child) for child in sorted(path.iterdir()) if child.is_dir() and not _is_hidden(child)
        ]
    return found


def _is_hidden(path: Path) -> bool:
    return path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED)


def _as_date(name: str) -> date | None:
    """The date a folder is named for, in the one form there is (2026-03-31)."""
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    return day if day.isoformat() == name else None


def _stand_in(feed: str, day: date, path: Path) -> Manifest:
    """A manifest in place of an unreadable one: says nothing but where it lies.

    Its service and fictional mark are taken from the file if they can be read at all.
    """
    try:
        raw = json.loads(path.read_bytes())
        is_fictional = isinstance(raw, dict) and raw.get("fictional") is True
    except ValueError:
        is_fictional = False
    last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
    return Manifest.model_construct(
        format=1,
        service=settings.service_code(),
        feed=feed,
        business_date=day,
        received_at=last,
        fictional=is_fictional,
        files=(),
        control_totals={},
    )
