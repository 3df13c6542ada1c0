"""How a task ends: only what may pass is tried again, and nothing of the cause travels with the error."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import pytest

SECRET = "Canaria Zz99999"


@pytest.fixture
def tasks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    # Airflow writes its configuration on import.
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
    monkeypatch.setenv("YOS_VAR_DIR", str(tmp_path))
    from yos_warehouse.orchestration import tasks

    return tasks


def failing(error: Exception) -> Any:
    def call() -> None:
        raise error

    return call


def test_a_failure_of_the_data_is_final_and_carries_no_value(tasks: Any) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException) as raised:
        tasks.finish(*tasks.attempt("load police", failing(KeyError(SECRET))))
    assert SECRET not in "".join(traceback.format_exception(raised.value))
    assert raised.value.__cause__ is None and raised.value.__context__ is None


def test_a_lost_connection_is_not_final(tasks: Any) -> None:
    from airflow.sdk.exceptions import AirflowException, AirflowFailException

    with pytest.raises(AirflowException) as raised:
        tasks.finish(*tasks.attempt("publish", failing(ConnectionResetError(SECRET))))
    assert not isinstance(raised.value, AirflowFailException) and SECRET not in str(raised.value)


def test_a_result_passes(tasks: Any) -> None:
    assert tasks.finish({"rows": 1}, None) == {"rows": 1}
