"""docs/how-to/map-a-council-s-ledger.md: its file and its mappings are what the contract ships, and work as it says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import yaml

from yos_warehouse.settings import PROJECT_DIR
from yos_warehouse.sources.check import check
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.exports import Export, resolved

TEXT = (PROJECT_DIR / "docs" / "how-to" / "map-a-council-s-ledger.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", TEXT, re.DOTALL | re.MULTILINE)
    return ["".join(line.removeprefix(indent) for line in text.splitlines(True)) for indent, text in found]


def test_the_mappings_of_the_page_are_those_of_the_contract() -> None:
    shown = resolved(Export.model_validate(yaml.safe_load(text)) for text in blocks("yaml"))
    shipped = contracts()["finance"].entities["ledger_posting"].exports
    assert [export.name for export in shown] == [export.name for export in shipped]
    for page, contract in zip(shown, shipped, strict=True):
        assert (page.files, page.since, page.header_within) == (
            contract.files,
            contract.since,
            contract.header_within,
        )
        assert {column: titles[:1] for column, titles in page.headers.items()} == {
            column: titles[:1] for column, titles in contract.headers.items()
        }


def test_its_file_is_read_as_it_says(tmp_path: Path) -> None:
    (text,) = blocks("csv")
    path = tmp_path / "ledger_rushmere_2026_02.csv"
    path.write_text(text, "utf-8")
    (finding,) = check("finance", [path], date(2026, 2, 28))
    assert str(finding) in TEXT
    path.write_text(text.replace("Debit,Credit", "Net").replace(",£500.00", "-500.00"), "utf-8")
    assert "read as export rushmere_2026" in str(check("finance", [path])[-1])


def test_the_keys_it_explains_are_all_there_are() -> None:
    explained = set(re.findall(r"^ *\| `(\w+)` \|", TEXT, re.MULTILINE))
    assert explained == set(Export.model_fields) - {"name", "title"}
