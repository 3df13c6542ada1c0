"""The wall between a step and Airflow's logs: what may be said of a failure, and where the rest is kept.

Exception texts of databases, dbt and Great Expectations carry values of records; task logs, mails and
the UI are read by more people than the records are (traps.md 4.4). So a failure crosses as code, class
and SQLSTATE, and the traceback goes to a private file.
"""

from __future__ import annotations

import os
import re
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yos_warehouse.errors import YosError
from yos_warehouse.settings import var_dir

KEPT_DAYS = 14

# PostgreSQL error classes that pass by themselves: connection, transaction rollback, resources, operator.
PASSING_SQLSTATE = re.compile(r"^(08|40|53|57P)")
PASSING_CODES = ("DATABASE_UNREACHABLE",)


@dataclass(frozen=True)
class Failure:
    """Why a step stopped, in words that may be shown to anybody.

    Attributes:
        text: code, what happened, what to do next; no value of any record.
        may_pass: another attempt may succeed (connection lost, deadlock, server starting).
    """

    text: str
    may_pass: bool


def attempt(step: str, call: Callable[[], Any]) -> tuple[Any, Failure | None]:
    """Run a step and catch whatever it raises.

    Returns:
        the step's result and None, or None and the failure. The exception itself does not leave this
        function, so that nothing raised later can drag it along as its context.
    """
    try:
        return call(), None
    except YosError as error:
        # Deliberate errors are written for readers; a cause may be there by accident and is dropped.
        return None, Failure(_one_line(str(error)), error.code in PASSING_CODES)
    except Exception as error:  # the wall is the one place that must catch everything
        return None, describe(step, error)


def describe(step: str, error: Exception) -> Failure:
    """Words for an unexpected exception; its traceback goes to ``var/errors`` (0600)."""
    name = _keep(step, error)
    state = sqlstate(error)
    kind = type(error).__name__ + (f", SQLSTATE {state}" if state else "")
    if may_pass := _may_pass(error):
        text = f"CONNECTION: the step {step} lost its connection or a lock ({kind}). It is tried again"
    else:
        text = f"INTERNAL: the step {step} stopped with {kind}"
    return Failure(f"{text}. Details, for engineers with access to the records: var/errors/{name}", may_pass)


def sqlstate(error: BaseException | None) -> str | None:
    """SQLSTATE of a psycopg2 error, also below a SQLAlchemy error."""
    for candidate in (error, getattr(error, "orig", None)):
        if state := getattr(candidate, "pgcode", None):
            return str(state)
    return None


def _may_pass(error: BaseException | None) -> bool:
    if error is None:
        return False
    if state := sqlstate(error):
        return bool(PASSING_SQLSTATE.match(state))
    # Without SQLSTATE: the server never answered. psycopg2 and SQLAlchemy use the same two names.
    return isinstance(error, ConnectionError) or type(error).__name__ in (
        "OperationalError",
        "InterfaceError",
    )


def _keep(step: str, error: Exception) -> str:
    folder = var_dir() / "errors"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(folder)
    stamp = time.strftime("%Y%m%dT%H%M%S")
    name = f"{stamp}-{re.sub(r'[^a-z0-9_]+', '_', step)}-{os.getpid()}.txt"
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return name


def _forget_old(folder: Path) -> None:
    for path in folder.glob("*.txt"):
        if path.stat().st_mtime < time.time() - KEPT_DAYS * 86400:
            path.unlink(missing_ok=True)


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)
