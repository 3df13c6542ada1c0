"""``yos quarantine``, ``replay``, ``release`` and ``approve`` at the terminal: places and counts, never a value of a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.door.conftest import Door, arrest
from yos_warehouse.cli import main


@pytest.fixture
def held(door: Door) -> Door:
    """Two rows held back since the last day of March, and no run at work."""
    door.arrests([arrest(1, **{"Arrest date": "soon"}), arrest(2, Surname=""), arrest(3)])
    door.load()
    door.query("update ops.run set state = 'succeeded'")
    return door


def test_rules_and_ages_are_listed_and_no_value(
    held: Door, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOS_TODAY", "2026-04-10")
    assert main(["quarantine"]) == 0
    said = capsys.readouterr().out
    (line,) = [line for line in said.splitlines() if "DATE:arrested_at" in line]
    assert line.split()[:5] == ["police", "arrest", "DATE:arrested_at", "1", "10"]
    assert main(["quarantine", "police", "--rows"]) == 0
    said += capsys.readouterr().out
    assert "arrests*.csv, line 2: DATE:arrested_at" in said and "line 3: REQUIRED:family_name" in said
    for value in ("soon", "O’Neill", "Zoë", "ZZ99", "YJ01"):
        assert value not in said


def test_all_rows_go_to_a_file_for_its_owner_alone(held: Door, tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    assert main(["quarantine", "police", "--out", str(out)]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(out.read_text().splitlines()) == 3 and "soon" not in out.read_text()


def test_a_release_and_a_replay_say_what_they_did(held: Door, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "police"]) == 0
    assert "No row held back passes" in capsys.readouterr().out
    asked = ["release", "police", "arrest", "DATE:arrested_at", "--by", "A. Person", "--reason"]
    assert main([*asked, "short"]) == 2
    assert main([*asked, "the force confirmed it"]) == 0
    assert "1 rows of police arrest are let in in spite of DATE:arrested_at" in capsys.readouterr().out
    assert len(held.held()) == 1


def test_wrong_usage_is_exit_code_2(held: Door) -> None:
    assert main(["quarantine", "nobody"]) == 2
    assert main(["quarantine", "--rows"]) == 2
    assert main(["release", "police", "arrest", "DATE:arrested_at"]) == 2
    assert main(["replay", "--entity", "arrest"]) == 2
    assert main(["approve", "police"]) == 2
    assert main(["approve"]) == 0
