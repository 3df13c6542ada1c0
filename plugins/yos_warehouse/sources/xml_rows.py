"""Which reader takes which kind of XML file; each gives rows of several entities in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from yos_warehouse.sources.ctf_xml import read_transfers
from yos_warehouse.sources.nccis_xml import read_participation
from yos_warehouse.sources.spi_xml import read_rows

# format of the contract -> reader of (entity, values) in document order
XML_READERS: dict[str, Callable[[Path], Iterator[tuple[str, dict[str, str]]]]] = {
    "spi_xml": read_rows,
    "nccis_xml": read_participation,
    "ctf_xml": read_transfers,
}
