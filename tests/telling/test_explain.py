"""``yos explain``: a figure with who stands behind it, as case references. All children FICTIONAL."""

from __future__ import annotations

import csv
import stat
from datetime import date

import pytest

from tests.build.figures import CASES, Q3, Case, Figures, set_up_figures
from yos_warehouse.cli import main

JANUARY, MARCH, PAST = date(2026, 1, 31), date(2026, 3, 31), date(2025, 11, 30)
WHY = "the board asked why it rose"


@pytest.fixture
def figures(warehouse) -> Figures:
    made = set_up_figures(warehouse)
    made.night(CASES, JANUARY)
    made.night([*CASES[:3], CASES[3].but(reason="BREACH"), *CASES[4:]], MARCH)
    return made


@pytest.fixture
def said(figures, capsys):
    def run(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["explain", *arguments]) == code
        out, err = capsys.readouterr()
        assert bool(err) == bool(code)
        assert "Canarybird" not in out + err
        return out + err

    return run


def test_it_shows_the_figure_and_who_is_in_and_who_is_out_and_why(said, figures) -> None:
    text = said("cautions", "--period", Q3, "--purpose", WHY)
    assert "1 of 2 = 50.0 %" in text and "July to September 2025" in text
    assert "as at 31 March 2026, as the marts show it; cautions LOCAL, definition 1" in text
    assert "Published as at 31 January 2026: 2 of 3 = 66.7 %" in text
    assert "docs/indicators/cautions.md" in text
    assert "IN: 3 cases of 2 children" in text and "OUT: 2 cases of 2 children" in text
    assert "1 breach" in text and "1 living elsewhere" in text
    assert all(f"CMS000{child}" in text for child in (1, 2, 3, 4))
    assert "do not add up" not in text
    assert figures.warehouse.query(
        "select what, purpose, rows_returned, asked_by <> '' from restricted.access_log"
    ) == [("explain", WHY, 5, True)]


def test_a_rate_of_the_population(said) -> None:
    text = said("nights", "--period", Q3, "--purpose", WHY)
    assert "17 of 1,000 = 17.00 per 1,000" in text and "do not add up" not in text


def test_what_a_value_said_then(said) -> None:
    text = said("cautions", "--period", Q3, "--purpose", WHY, "--as-at", "2026-01-31")
    assert "2 of 3 = 66.7 %" in text and "as published then" in text and "OUT: 1 case of" in text


def test_a_past_day_is_built_first(said, figures, monkeypatch) -> None:
    asked = []

    def build(day: date) -> str:
        asked.append(day)
        return figures.build_past(CASES[:1], day)

    monkeypatch.setattr("yos_warehouse.build.past.build_as_at", build)
    text = said("cautions", "--period", Q3, "--purpose", WHY, "--as-at", "2025-11-30")
    assert asked == [PAST]
    assert "has to be built first" in text and "0 of 1 = 0.0 %" in text and "never published" in text
    said("cautions", "--period", Q3, "--purpose", WHY, "--as-at", "2025-11-30")
    assert asked == [PAST]


def test_cases_that_do_not_add_up_are_told(said, figures) -> None:
    figures.warehouse.query("update marts.fct_indicator_latest set numerator = 2")
    assert "do not add up" in said("cautions", "--period", Q3, "--purpose", WHY)


def test_wrong_use_is_refused_and_says_what_there_is(said, figures, monkeypatch) -> None:
    monkeypatch.setattr("yos_warehouse.build.past.build_as_at", lambda day: pytest.fail("built for nothing"))
    assert "cautions, nights" in said("nothing", "--period", Q3, "--purpose", WHY, code=2)
    assert "2025Q4, 2025Q3, 2025YEAR" in said("cautions", "--period", "1999Q1", "--purpose", WHY, code=2)
    assert "LOCAL" in said("cautions", "--period", Q3, "--variant", "x", "--purpose", WHY, code=2)
    assert "PURPOSE" in said(
        "cautions", "--period", Q3, "--purpose", "short", "--as-at", "2025-11-30", code=2
    )
    assert figures.warehouse.query("select count(*) from restricted.access_log") == [(0,)]


def test_before_the_first_night_it_says_so(warehouse, capsys) -> None:
    set_up_figures(warehouse)
    assert main(["explain", "cautions", "--period", Q3, "--purpose", WHY]) == 2
    assert "run a night first" in capsys.readouterr().err.lower()


def test_the_database_s_own_words_are_not_repeated(said, figures) -> None:
    figures.warehouse.query("alter table restricted.figure_case rename column person_key to canarybird_key")
    text = said("cautions", "--period", Q3, "--purpose", WHY, code=1)
    assert "SQLSTATE 42703" in text and "canarybird" not in text.lower()


def test_the_file_holds_all_cases_and_no_formula(said, figures, tmp_path) -> None:
    odd = [Case(50 + n, 50 + n, date(2025, 7, 8)) for n in range(4)]
    rows = figures.rows([*CASES, *odd], MARCH)
    references = ["=1+1", " @sum(a1)", "-2", "a\x1b[31m\nb"]
    rows["figure_case"] = [
        (*row[:5], references[row[4] - 50], *row[6:]) if row[4] >= 50 else row for row in rows["figure_case"]
    ]
    run_id = figures.stage.open_run(MARCH)
    figures.stage.build(run_id, rows)
    from yos_warehouse.build.publish import publish

    publish(run_id)
    out = tmp_path / "cases.csv"
    text = said("cautions", "--period", Q3, "--purpose", WHY, "--out", str(out))
    assert "\x1b" not in text and f"9 cases written to {out}" in text
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 9
    by_key = {row["case_key"]: row["case_reference"] for row in found}
    assert [by_key[f"case {50 + n}"] for n in range(4)] == ["'=1+1", "'@sum(a1)", "'-2", "a [31m b"]
    assert {row["is_in"] for row in found} == {"true", "false"}


def test_many_cases_are_cut_on_the_screen(said, figures) -> None:
    figures.night([Case(n, n, date(2025, 7, 8)) for n in range(1, 61)], MARCH)
    text = said("cautions", "--period", Q3, "--purpose", WHY)
    assert "IN: 60 cases" in text and "and 10 more: --out FILE.csv" in text


def test_what_is_fictional_says_so(said, figures) -> None:
    text = said("cautions", "--period", Q3, "--purpose", WHY)
    fictional = figures.warehouse.query("select bool_or(is_fictional) from marts.publication")
    assert text.startswith("FICTIONAL") == fictional[0][0]
