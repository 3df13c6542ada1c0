"""Which file of a drop holds which entity: by the name patterns of the contract."""

from __future__ import annotations

from fnmatch import fnmatchcase

from yos_warehouse.errors import UsageError
from yos_warehouse.sources.contract import Contract
from yos_warehouse.sources.encoding import printable


def patterns(contract: Contract, entity: str) -> tuple[str, ...]:
    """File name patterns of an entity; one read by query lies in ``<entity>.csv``."""
    spec = contract.entities[entity]
    return (f"{entity}.csv",) if spec.format == "query" else spec.files


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
    return matching if formats == {"spi_xml"} else matching[:1]


def is_ignored(contract: Contract, name: str) -> bool:
    """Whether the contract says that files of this name may lie in a drop unread."""
    return any(fnmatchcase(name.lower(), pattern) for pattern in contract.ignored_files)


def unknown_file(contract: Contract, name: str) -> UsageError:
    """The error for a file name that fits no pattern."""
    known = sorted({pattern for entity in contract.entities for pattern in patterns(contract, entity)})
    return UsageError(
        "UNKNOWN_FILE",
        f"{printable(name)} is no file of feed {contract.feed}",
        f"name it like one of {', '.join(known)}",
    )
