"""The generator writes the shapes of the real files, where these lie beside the checkout."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

from yos_warehouse.fictional.census_layout import AUTUMN, SPRING, Layout

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not beside the checkout")


def paths(root: ElementTree.Element) -> set[str]:
    """Paths of all elements of the court message in a document, without namespaces."""
    found: set[str] = set()

    def walk(element: ElementTree.Element, above: str) -> None:
        here = f"{above}/{element.tag.rpartition('}')[2]}"
        found.add(here)
        for child in element:
            walk(child, here)

    walk(root[-1][0], "")
    return found


@needs_real_files
def test_court_messages_have_the_elements_of_the_real_ones_and_no_other(drops: Path) -> None:
    real: set[str] = set()
    for path in (REAL / "court_results_spi").glob("*.xml"):
        real |= paths(ElementTree.parse(path).getroot())
    ours: set[str] = set()
    for path in (drops / "police").rglob("*.xml"):
        ours |= paths(ElementTree.parse(path).getroot())
    assert ours == real
    assert len(ours) > 80


@needs_real_files
@pytest.mark.parametrize(("layout", "term"), [(AUTUMN, "2024_autumn"), (SPRING, "2025_spring")])
def test_census_headers_are_the_real_ones(layout: Layout, term: str) -> None:
    real = {}
    for path in (REAL / "school_census").glob(f"{term}_*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            real[path.stem.removeprefix(f"{term}_")] = tuple(next(csv.reader(file)))
    assert layout.files == real
