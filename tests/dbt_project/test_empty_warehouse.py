"""A warehouse without data builds: every rule's unit test, empty facts, the members -1 and -2, five empty indicators."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from yos_warehouse.settings import DBT_DIR


def dbt_build(warehouse: Any, folder: Path) -> str:
    """``dbt build`` of everything, unit tests included; returns what it printed."""
    address = urlsplit(warehouse.url("transformer", driver="postgresql"))
    environment = {
        **os.environ,
        "YOS_DBT_HOST": str(address.hostname),
        "YOS_DBT_PORT": str(address.port),
        "YOS_DBT_USER": str(address.username),
        "YOS_DBT_PASSWORD": unquote(str(address.password)),
        "YOS_DBT_DATABASE": warehouse.database,
        "PGOPTIONS": "-c yos.as_at=2026-03-31",
    }
    command = [
        str(Path(sys.executable).with_name("dbt")), "build", "--project-dir", str(DBT_DIR),
        "--profiles-dir", str(DBT_DIR), "--target-path", str(folder), "--log-path", str(folder),
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 0, result.stdout[-3000:]
    return result.stdout


def test_an_empty_warehouse_builds(warehouse: Any, tmp_path: Path) -> None:
    said = dbt_build(warehouse, tmp_path)
    assert "ERROR=0" in said and "WARN=0" in said
    for fact in ("fct_offence", "fct_outcome", "fct_cohort_member", "fct_order", "fct_hearing", "fct_remand_episode",
                 "fct_remand_night", "fct_sentencing_occasion", "fct_out_of_court_disposal", "fct_eet_at_order_end",
                 "fct_eet_spell", "fct_eet_conflict", "fct_attendance_month", "fct_exclusion",
                 "fct_budget_line", "fct_ledger_posting", "fct_published_value"):  # fmt: skip
        assert warehouse.query(f"select count(*) from build.{fact}") == [(0,)], fact
    assert warehouse.query("select person_key from build.dim_child order by 1") == [(-2,), (-1,)]
    days = warehouse.query("select count(*), max(date_key) - min(date_key) + 1 from build.dim_date")
    assert days[0][0] == days[0][1]
    for report, rows in (("children", 4), ("finance", 1)):
        found = warehouse.query(f"select value, value_shown from build.rpt_local_indicator_{report}")
        assert found == [(None, None)] * rows
