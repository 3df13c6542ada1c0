"""Wrong use is refused at once, in one line, with exit code 2."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def refused(home):
    def run(*arguments: str) -> str:
        result = home.yos(*arguments, timeout=60)
        assert result.returncode == 2, result.stdout + result.stderr
        lines = result.stderr.strip().splitlines()
        assert len(lines) <= 3, result.stderr
        return result.stderr

    return run


def test_a_directory_that_is_not_there(refused, tmp_path):
    assert "nowhere" in refused("run", "--feeds", str(tmp_path / "nowhere"))


def test_a_directory_without_drops(refused, tmp_path):
    (tmp_path / "drops").mkdir()
    refused("run", "--feeds", str(tmp_path / "drops"))


def test_a_date_that_is_none(refused):
    assert "31/03/2026" in refused("run", "--as-at", "31/03/2026")


def test_a_drop_that_is_not_marked_fictional(refused, tmp_path):
    folder = tmp_path / "drops" / "finance" / "2026-03-31"
    folder.mkdir(parents=True)
    (folder / "budget.csv").write_text("contributor\n")
    (folder / "manifest.json").write_text(
        json.dumps(
            {"format": 1, "service": "oakshire_rushmere", "feed": "finance", "business_date": "2026-03-31",
             "received_at": "2026-03-31T20:00:00+01:00", "fictional": False,
             "files": [{"name": "budget.csv", "bytes": 12, "rows": 0, "sha256": "0" * 64}]}
        )
    )  # fmt: skip
    assert "FICTIONAL" in refused("run", "--feeds", str(tmp_path / "drops")).upper()


def test_a_manifest_that_cannot_be_read(refused, tmp_path):
    folder = tmp_path / "drops" / "finance" / "2026-03-31"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    assert "manifest" in refused("run", "--feeds", str(tmp_path / "drops")).lower()
