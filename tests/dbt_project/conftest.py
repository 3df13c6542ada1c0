"""The dbt manifest, parsed once per session without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from yos_warehouse.settings import DBT_DIR


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """manifest.json of ``dbt parse``; parsing needs no database and no as-at date."""
    target = tmp_path_factory.mktemp("dbt")
    command = [
        str(Path(sys.executable).with_name("dbt")), "parse", "--project-dir", str(DBT_DIR),
        "--profiles-dir", str(DBT_DIR), "--target-path", str(target), "--log-path", str(target),
        "--no-partial-parse",
    ]  # fmt: skip
    environment = {**os.environ, "DO_NOT_TRACK": "1", "YOS_DBT_HOST": "127.0.0.1"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 0, result.stdout[-2000:]
    return json.loads((target / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Models of the project by name."""
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
