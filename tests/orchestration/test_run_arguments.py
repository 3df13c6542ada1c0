"""``yos run`` looks at what it was asked before it starts anything slow."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from yos_warehouse import cli
from yos_warehouse.errors import UsageError
from yos_warehouse.orchestration import run


@pytest.fixture
def nothing_may_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object) -> None:
        raise AssertionError("something slow was started")

    monkeypatch.setattr(run, "ensure_server", started)


@pytest.mark.parametrize("what", ["missing", "empty", "no_date", "no_manifest", "not_fictional"])
def test_a_wrong_directory_gets_one_clear_line_and_exit_code_2(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], nothing_may_start: None
) -> None:
    feeds = tmp_path / "feeds"
    if what != "missing":
        feeds.mkdir()
    if what == "no_date":
        (feeds / "police" / "31-03-2026").mkdir(parents=True)
    if what == "no_manifest":
        (feeds / "police" / "2026-03-31").mkdir(parents=True)
    if what == "not_fictional":
        folder = feeds / "police" / "2026-03-31"
        folder.mkdir(parents=True)
        manifest = {
            "format": 1, "service": "oakshire_rushmere", "feed": "police", "business_date": "2026-03-31",
            "received_at": "2026-03-31T20:00:00+01:00", "fictional": False, "files": [],
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest))
    assert cli.main(["run", "--feeds", str(feeds)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("yos: ") and len(said.err.splitlines()) == 1


def test_a_wrong_date_gets_exit_code_2(nothing_may_start: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["run", "--as-at", "31/03/2026"])
    assert stopped.value.code == 2
    assert "2026-03-31" in capsys.readouterr().err


def test_the_same_directory_finds_its_own_warehouse_again(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    first = run.database_of(tmp_path / "a")
    assert first == run.database_of(tmp_path / "a" / ".." / "a") != run.database_of(tmp_path)
    assert first.startswith("warehouse_") and len(first) == len("warehouse_") + 8


def test_an_as_at_before_the_last_publication_is_refused(warehouse) -> None:  # type: ignore[no-untyped-def]
    run._refuse_past(date(2026, 3, 1))  # nothing published yet
    warehouse.query(
        "insert into marts.publication (run_id, unit, as_at, kind, data_dates, rows_changed, is_fictional)"
        " values (1, 'children', '2026-03-31', 'publish', '{}', 0, true)"
    )
    run._refuse_past(date(2026, 3, 31))
    with pytest.raises(UsageError, match="AS_AT_PAST"):
        run._refuse_past(date(2026, 3, 30))


def test_a_second_run_leaves_politely(warehouse, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    with run._only_one():
        assert cli.main(["up"]) == 0
    assert "another yos run is at work" in capsys.readouterr().out
