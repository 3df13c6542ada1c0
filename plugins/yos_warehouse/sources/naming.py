"""Names of files: which file of a drop holds which entity, and how a file may be named to others.

A partner may call a file after a child. So outside the partner's own terminal a file is named by the contract's
pattern and its place among the files of the drop, never by its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from yos_warehouse.errors import UsageError
from yos_warehouse.sources.contract import XML_FORMATS, Contract, contracts
from yos_warehouse.sources.manifest import MANIFEST


def patterns(contract: Contract, entity: str) -> tuple[str, ...]:
    """File name patterns of an entity; one read by query lies in ``<entity>.csv``."""
    spec = contract.entities[entity]
    if spec.format == "query":
        return (f"{entity}.csv",)
    return tuple(dict.fromkeys([*spec.files, *(file for export in spec.exports for file in export.files)]))


def entities_of(contract: Contract, name: str) -> list[str]:
    """The entities a file holds, by its name; several for an XML message, none for an unknown name."""
    lowered = name.lower()
    matching = [
        entity
        for entity in contract.entities
        if any(fnmatchcase(lowered, pattern) for pattern in patterns(contract, entity))
    ]
    # A CSV file is one entity's: the first in the contract.
    formats = {contract.entities[entity].format for entity in matching}
    return matching if formats & set(XML_FORMATS) else matching[:1]


def is_ignored(contract: Contract, name: str) -> bool:
    """Whether the contract says that files of this name may lie in a drop unread."""
    return any(fnmatchcase(name.lower(), pattern) for pattern in contract.ignored_files)


def unknown_file(contract: Contract, name: str) -> UsageError:
    """The error for a file name that fits no pattern; for the terminal of who gave the name."""
    known = sorted({pattern for entity in contract.entities for pattern in patterns(contract, entity)})
    return UsageError(
        "UNKNOWN_FILE",
        f"{printable(name)} is no file of feed {contract.feed}",
        f"name it like one of {', '.join(known)}",
    )


def printable(name: str) -> str:
    """A file or column name fit for a terminal: printable ASCII, at most 80 characters (F24)."""
    shown = "".join(c if c.isascii() and c.isprintable() else "?" for c in name)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def told(name: str, names: Iterable[str] = ()) -> str:
    """A file without its name: ``arrests*.csv``, or ``arrests*.csv (file 2 of 7 by name)`` if others are alike.

    Args:
        names: of all files of the drop.
    """
    pattern = _pattern_of(name)
    all_names = sorted(names, key=lambda other: (other.lower(), other))
    alike = [other for other in all_names if _pattern_of(other) == pattern]
    shown = pattern or "a file of unknown name"
    if name in alike and (len(alike) > 1 or pattern is None):
        return f"{shown} (file {all_names.index(name) + 1} of {len(all_names)} by name)"
    return shown


def told_path(path: Path) -> str:
    """A file as :func:`told`; its place is told if it lies in a drop."""
    if not (path.parent / MANIFEST).is_file():
        return told(path.name)
    return told(path.name, [other.name for other in path.parent.iterdir() if other.name != MANIFEST])


@lru_cache(maxsize=10_000)
def _pattern_of(name: str) -> str | None:
    known = (
        pattern
        for contract in contracts().values()
        for entity in contract.entities
        for pattern in patterns(contract, entity)
    )
    return next((pattern for pattern in known if fnmatchcase(name.lower(), pattern)), None)
