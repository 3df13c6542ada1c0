"""The night without Airflow keeps the order and the mercy of the one with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from yos_warehouse.errors import YosError
from yos_warehouse.orchestration import bare, steps

FEEDS = ["case_system", "education", "finance", "police", "published"]
LATER = ["stage", "identify", "build", "publish", "tell"]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Steps that only note that they ran, and how the run was closed."""
    noted: list[str] = []

    def note(name: str) -> Callable[..., Any]:
        def step(run_id: int, *more: str) -> dict[str, int]:
            noted.append(" ".join([name, *more]))
            return {}

        return step

    monkeypatch.setattr(steps, "open_run", lambda *_: 7)
    for name in ("extract", "load", *LATER, "close_run"):
        monkeypatch.setattr(steps, name, note(name))
    return noted


def break_step(monkeypatch: pytest.MonkeyPatch, done: list[str], name: str) -> None:
    def broken(run_id: int, *more: str) -> dict[str, int]:
        done.append(" ".join([name, *more]))
        raise YosError("SOURCE_UNREACHABLE", "case_system: no connection to the source")

    monkeypatch.setattr(steps, name, broken)


def test_a_good_night_is_all_steps_in_order(done: list[str]) -> None:
    bare.run_bare("test")
    assert done == ["extract", *(f"load {feed}" for feed in FEEDS), *LATER, "close_run succeeded"]


@pytest.mark.fault("F10", "F25")
@pytest.mark.parametrize("name", ["extract", "load"])
def test_a_feed_that_fails_holds_nothing_and_the_night_ends_red(
    done: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    break_step(monkeypatch, done, name)
    with pytest.raises(YosError, match="SOURCE_UNREACHABLE"):
        bare.run_bare("test")
    assert done == ["extract", *(f"load {feed}" for feed in FEEDS), *LATER, "close_run failed"]


def test_a_step_of_the_whole_warehouse_that_fails_ends_the_night(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_step(monkeypatch, done, "stage")
    with pytest.raises(YosError, match="SOURCE_UNREACHABLE"):
        bare.run_bare("test")
    assert done[-2:] == ["tell", "close_run failed"]
