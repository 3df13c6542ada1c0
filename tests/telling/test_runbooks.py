"""A page for every alert: what happened, who is hurt, what to do, how to know it is over."""

from __future__ import annotations

import re

import pytest

from yos_warehouse.cli import parser
from yos_warehouse.settings import PROJECT_DIR
from yos_warehouse.telling.runbooks import KINDS, RUNBOOKS_DIR, runbook_of

PAGES = sorted(RUNBOOKS_DIR.glob("*.md"))
HEADINGS = ["## What happened", "## Who is hurt", "## What to do", "## How to know it is over"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_has_the_four_headings_with_words_below(page) -> None:  # type: ignore[no-untyped-def]
    title, *parts = re.split(r"^(?=## )", page.read_text("utf-8"), flags=re.M)
    assert [part.splitlines()[0] for part in parts] == HEADINGS
    assert all(len(part.split()) > 8 for part in parts), "a heading without an answer"
    if page.stem not in KINDS:
        assert title.startswith(f"# {page.stem.upper().replace('-', '_')}: ")


def test_pages_name_only_commands_that_exist() -> None:
    commands = set(parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type]
    named = {
        (page.stem, name) for page in PAGES for name in re.findall(r"`yos ([a-z-]+)", page.read_text("utf-8"))
    }
    assert not {(page, name) for page, name in named if name not in commands}


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("VOLUME", "volume"),
        ("HELD_TEST_FAILED", "held-test-failed"),
        ("FIELD_COUNT", "field-count"),
        ("REQUIRED:family_name", "rows-held-back"),
        ("DUP_CONFLICT", "rows-held-back"),
        ("CMS-OUT-01", "rows-reported"),
        ("CODE:sex", "codes"),
        ("CODE_DATE:disposal", "codes"),
        ("CODE_FORM:anything", "codes"),
        ("the_money_adds_up", "house-check"),
        ("codes", "house-check"),
    ],
)
def test_each_kind_of_check_leads_to_its_page(code: str, page: str) -> None:
    assert runbook_of(code) == f"runbooks/{page}.md"
    assert (PROJECT_DIR / "docs" / runbook_of(code)).is_file()
