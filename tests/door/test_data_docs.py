"""The pages of what was judged: words and counts, private, few, and never in a load's way."""

from __future__ import annotations

import os
import re
import shutil
import stat
import time
from pathlib import Path

import pytest

from tests.door.conftest import Door, arrest
from yos_warehouse.door import data_docs
from yos_warehouse.door.data_docs import MOST_PAGES, folder

BAD = {"Date of birth": "31/02/2010", "Surname": "Canarybird-Qzx", "Release type": "NEW"}


@pytest.fixture(autouse=True)
def no_pages_of_other_tests(warehouse: object) -> None:
    """Databases of tests have the same few names."""
    shutil.rmtree(folder())


def pages() -> list[Path]:
    return sorted(folder().glob("[0-9]*.html"))


def test_a_delivery_has_a_page_in_the_words_of_its_rules_without_a_value(door: Door) -> None:
    door.arrests([arrest(1, **BAD), *(arrest(n) for n in range(2, 6))])
    (report,) = door.load()
    (page,) = pages()
    text = page.read_text("utf-8")
    assert page.name == f"{report.load_id:08d}_police_2026-03-31_accepted.html"
    for words in ("FICTIONAL", "DATE:date_of_birth", "a date that cannot be read in date_of_birth", "1 of 5", "held back",
                  "CODE:release_type", "taken in", "Checks that found nothing"):  # fmt: skip
        assert words in text, words
    assert not re.search(r"canarybird|31/02/2010|O’Neill|ZZ99|00\d{10}", text, re.I)
    index = (folder() / "index.html").read_text("utf-8")
    assert page.name in index and "police" in index and "2026-03-31" in index


def test_a_delivery_refused_after_it_was_judged_has_a_page_and_one_not_judged_has_none(door: Door) -> None:
    door.arrests(["no,such,row"] * 3)
    assert door.load()[0].reason_code == "FIELD_COUNT" and pages() == []
    door.arrests([arrest(n, **BAD) if n < 40 else arrest(n) for n in range(1, 101)], "2026-04-01")
    (report,) = door.load()
    assert report.reason_code == "QUARANTINE_RATE"
    (page,) = pages()
    assert "QUARANTINE_RATE" in page.read_text("utf-8") and page.name.endswith("_rejected.html")


def test_pages_are_the_owners_alone_and_fetch_nothing(door: Door) -> None:
    door.arrests([arrest(1)])
    door.load()
    for path in (folder(), folder().parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in folder().iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        text = path.read_text("utf-8")
        assert "default-src 'none'" in text and not re.search(r"https?://|<script|<img|<link", text)


def test_thirty_pages_are_kept(door: Door) -> None:
    for number in range(1, MOST_PAGES + 5):
        old = folder() / f"{1000 + number:08d}_police_2020-01-01_accepted.html"
        old.write_text("of a warehouse of before")
        os.utime(old, (number, number))
    door.arrests([arrest(1)])
    door.load()
    names = [path.name for path in pages()]
    assert len(names) == MOST_PAGES and names[0].startswith("00000001_") and names[1].startswith("00001006_")
    assert (folder() / "index.html").read_text("utf-8").count("<tr>") == MOST_PAGES + 1


def test_a_page_that_cannot_be_written_harms_no_load(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(data_docs, "folder", full)
    door.arrests([arrest(1)])
    assert [report.state for report in door.load()] == ["accepted"]


def test_a_page_takes_no_time_to_speak_of(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[float] = []
    write = data_docs.write_page

    def timed(*given):  # type: ignore[no-untyped-def]
        started = time.perf_counter()
        write(*given)
        spent.append(time.perf_counter() - started)

    monkeypatch.setattr("yos_warehouse.door.load.write_page", timed)
    for day in ("2026-03-30", "2026-03-31"):
        door.arrests([arrest(1), arrest(2)], day)
    door.load()
    assert len(spent) == 2 and spent[1] < 0.5, spent
