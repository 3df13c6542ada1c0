"""Which reader takes which kind of XML file; each gives rows of several entities in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from yos_warehouse.sources.ctf_xml import read_transfers
from yos_warehouse.sources.encoding import has_mojibake, wrong_encoding
from yos_warehouse.sources.naming import told_path
from yos_warehouse.sources.nccis_xml import read_participation
from yos_warehouse.sources.spi_xml import read_rows

Rows = Iterator[tuple[str, dict[str, str]]]

# format of the contract -> reader of (entity, values) in document order
_READERS: dict[str, Callable[[Path], Rows]] = {
    "spi_xml": read_rows,
    "nccis_xml": read_participation,
    "ctf_xml": read_transfers,
}
# What looks misread in a court's message came so from the court, and is kept; a school can send again.
_AS_IT_IS = ("spi_xml",)


def read_xml(kind: str, path: Path) -> Rows:
    """(entity, values) of a file, in document order, streaming.

    Args:
        kind: the format of the contract.

    Raises:
        DropRejected: as safe_xml.read_records; SCHEMA (another kind of document); ENCODING (the text was saved
            in another encoding than the file declares).
    """
    rows = _READERS[kind](path)
    return rows if kind in _AS_IT_IS else _well_read(rows, path)


def _well_read(rows: Rows, path: Path) -> Rows:
    for entity, values in rows:
        text = "\n".join(values.values())
        if not text.isascii() and has_mojibake(text.encode(), "UTF8"):
            raise wrong_encoding(told_path(path), "UTF8")
        yield entity, values
