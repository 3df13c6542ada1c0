"""The committed pages say what the contracts say."""

from __future__ import annotations

from pathlib import Path

from yos_warehouse.docs_connect import PAGE, SOURCE, filled, tableau_source
from yos_warehouse.docs_dictionary import dictionary_page
from yos_warehouse.docs_pages import write_contract_pages
from yos_warehouse.door.suite import rules
from yos_warehouse.settings import PROJECT_DIR
from yos_warehouse.sources.contract import contracts


def test_the_committed_pages_are_the_generated_ones(tmp_path: Path) -> None:
    committed = PROJECT_DIR / "docs" / "feeds"
    written = write_contract_pages(tmp_path)
    assert {path.name for path in written} == {path.name for path in committed.glob("*.md")}
    for path in written:
        assert path.read_text("utf-8") == (committed / path.name).read_text("utf-8"), "run make docs"


def test_the_committed_dictionary_is_the_generated_one() -> None:
    committed = PROJECT_DIR / "docs" / "dictionary.md"
    assert dictionary_page() == committed.read_text("utf-8"), "run make docs"


def test_the_committed_page_for_bi_users_and_its_data_source_are_the_generated_ones() -> None:
    docs = PROJECT_DIR / "docs"
    page = (docs / PAGE).read_text("utf-8")
    assert filled(page) == page, "run make docs"
    assert tableau_source() == (docs / SOURCE).read_text("utf-8"), "run make docs"


def test_a_page_names_every_column_and_check(tmp_path: Path) -> None:
    for path in write_contract_pages(tmp_path):
        text = path.read_text("utf-8")
        for name, entity in contracts()[path.stem].entities.items():
            assert all(f"| `{column}` |" in text for column in entity.columns)
            assert all(f"| `{rule.code}` |" in text for rule in rules(contracts()[path.stem], name))
            assert all(title in text for spec in entity.columns.values() for title in spec.source)
