"""Where things are and how they are configured: environment variables with working defaults.

The table in docs/configuration.md lists every variable.
"""

from __future__ import annotations

import os
import secrets as _secrets
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from yos_warehouse.errors import UsageError

PROJECT_DIR = Path(os.environ.get("YOS_PROJECT_DIR", Path(__file__).resolve().parents[2]))
FEEDS_DIR = PROJECT_DIR / "dags" / "feeds"
SERVICES_DIR = PROJECT_DIR / "dags" / "services"
EXPECTATIONS_DIR = PROJECT_DIR / "expectations"
DBT_DIR = PROJECT_DIR / "dbt_project"


def var_dir() -> Path:
    """Everything a run writes; readable for its owner alone but for the way to PostgreSQL's data."""
    return Path(os.environ.get("YOS_VAR_DIR", PROJECT_DIR / "var"))


def service_code() -> str:
    """The service this warehouse serves; names the file in dags/services."""
    return os.environ.get("YOS_SERVICE", "oakshire_rushmere")


def database_name() -> str:
    """Name of the warehouse database on the server."""
    return os.environ.get("YOS_DATABASE", "warehouse")


def drops_dir() -> Path:
    """The drop store: ``<drops>/<feed>/<business date>/``."""
    return Path(os.environ.get("YOS_DROPS_DIR", var_dir() / "drops"))


def today(stands_at: date | None = None) -> date:
    """The day it is for the service: ``YOS_TODAY``, else the day of its source, else London's.

    Args:
        stands_at: where neither is set, the past day at which a fictional service stands still.
    """
    given = os.environ.get("YOS_TODAY") or os.environ.get("YOS_SOURCE_DATE")
    return date.fromisoformat(given) if given else stands_at or datetime.now(ZoneInfo("Europe/London")).date()


def matching_model() -> Path | None:
    """The folder of the matching model a service trained for itself; None for the one that comes with the project."""
    given = os.environ.get("YOS_MATCHING_MODEL")
    return Path(given) if given else None


def publish_by() -> time:
    """The time of day in London by which a night is to be published.

    Raises:
        UsageError: PUBLISH_BY, the setting is no time of day.
    """
    given = os.environ.get("YOS_PUBLISH_BY", "07:00")
    try:
        return time.fromisoformat(given)
    except ValueError:
        raise UsageError("PUBLISH_BY", f"YOS_PUBLISH_BY is {given!r}", "write it like 07:00") from None


def work_dir() -> Path:
    """Private scratch space (0700) for converted files; holds personal data while a load runs."""
    path = var_dir() / "work"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def secret(name: str) -> str:
    """A password or key: from ``YOS_SECRET_<NAME>``, else generated once into var/secrets (0600)."""
    given = os.environ.get(f"YOS_SECRET_{name.upper()}")
    if given:
        return given
    folder = var_dir() / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    value = _secrets.token_urlsafe(32)
    with os.fdopen(handle, "w") as file:
        file.write(value)
    return value
