"""sqlfluff reads every model with the short config at the top of the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from yos_warehouse.settings import PROJECT_DIR


def test_sql_is_written_alike() -> None:
    command = [str(Path(sys.executable).with_name("sqlfluff")), "lint", "--nocolor", "dbt_project"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT_DIR, check=False)
    assert result.returncode == 0, result.stdout[-3000:]
