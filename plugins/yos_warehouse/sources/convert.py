"""From delivered files to one kind of file: CSV with a header, one entity each."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from yos_warehouse.sources.contract import XML_FORMATS, Contract
from yos_warehouse.sources.csv_writer import CsvWriter
from yos_warehouse.sources.encoding import is_utf16, utf16_to_utf8
from yos_warehouse.sources.manifest import Drop
from yos_warehouse.sources.naming import entities_of, is_ignored, told
from yos_warehouse.sources.xml_rows import read_xml


@dataclass(frozen=True)
class EntityFile:
    """A CSV file the door can land.

    Attributes:
        entity: the entity of the contract.
        path: where it lies.
        name: the delivered file's name (with ``(UTF-16)`` after it for a copy in UTF-8), or
            ``<n> XML files`` for rows taken from several.
        is_generated: made here from XML: UTF-8, the header has the contract's column names.
        told: the file as it may be named to others, see naming.told.
        rows: data records, as the manifest says for a delivered file (None if it does not), as counted
            for a generated one.
    """

    entity: str
    path: Path
    name: str
    is_generated: bool
    told: str
    rows: int | None = None


def unknown_files(drop: Drop, contract: Contract) -> list[str]:
    """The drop's files that no entity wants and the contract does not ignore, without their names."""
    names = [entry.name for entry in drop.manifest.files]
    return [
        told(name, names)
        for name in names
        if not entities_of(contract, name) and not is_ignored(contract, name)
    ]


def prepare(drop: Drop, contract: Contract, work: Path) -> list[EntityFile]:
    """Make every delivered file a CSV file of one entity, in the contract's order of entities.

    CSV files pass through; one in UTF-16 becomes UTF-8. The XML files of a drop are read by streaming
    into one generated file per entity. Files of unknown names are left out: :func:`unknown_files`.

    Args:
        drop: a verified drop.
        contract: its feed's contract.
        work: a private directory for generated files; they hold personal data and are the caller's to delete.

    Raises:
        DropRejected: XML_UNSAFE, XML_MALFORMED, TRUNCATED, ENCODING, SCHEMA, EMPTY.
    """
    ready: list[EntityFile] = []
    xml: dict[str, list[Path]] = {}
    names = [entry.name for entry in drop.manifest.files]
    for entry in drop.manifest.files:
        if is_ignored(contract, entry.name):
            continue
        entities = entities_of(contract, entry.name)
        kind = contract.entities[entities[0]].format if entities else None
        if kind in XML_FORMATS:
            xml.setdefault(kind, []).append(drop.path(entry))
        elif kind is not None:
            path = drop.path(entry)
            plain = _plain(path, work)
            # Another name: the manifest's hash is not that of the copy.
            name = entry.name if plain == path else f"{entry.name} (UTF-16)"
            ready.append(EntityFile(entities[0], plain, name, False, told(entry.name, names), entry.rows))
    for xml_kind, paths in xml.items():
        entities = [name for name, spec in contract.entities.items() if spec.format == xml_kind]
        ready += _from_xml(xml_kind, entities, contract, sorted(paths), work, names)
    order = list(contract.entities)
    return sorted(ready, key=lambda file: (order.index(file.entity), file.name))


def _from_xml(
    kind: str, entities: list[str], contract: Contract, paths: list[Path], work: Path, names: list[str]
) -> list[EntityFile]:
    several = f"{len(paths)} XML files"
    name = paths[0].name if len(paths) == 1 else several
    shown = told(name, names) if len(paths) == 1 else several
    columns = {entity: list(contract.entities[entity].columns) for entity in entities}
    targets = {entity: work / f"{contract.raw_table(entity)}.generated.csv" for entity in entities}
    with ExitStack() as stack:
        writers = {
            entity: stack.enter_context(CsvWriter(targets[entity], columns[entity])) for entity in entities
        }
        for path in paths:
            for entity, values in read_xml(kind, path):
                if entity in writers:
                    writers[entity].write([values.get(column, "") for column in columns[entity]])
    return [
        EntityFile(entity, targets[entity], name, True, shown, writers[entity].rows) for entity in entities
    ]


def _plain(path: Path, work: Path) -> Path:
    """The file itself, or a UTF-8 copy of one in UTF-16."""
    if not is_utf16(path):
        return path
    target = work / path.name
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    utf16_to_utf8(path, target)
    return target
