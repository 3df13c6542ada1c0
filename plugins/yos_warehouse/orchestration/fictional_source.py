"""The fictional service's feeds for ``make run``: drops, and a case system in a database of its own."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Literal

from yos_warehouse import __version__
from yos_warehouse.settings import drops_dir, var_dir

DATABASE = "case_system"
NIGHT0 = date(2026, 3, 31)
SEED = 1


def provide(size: Literal["small", "service"] = "small") -> dict[str, str]:
    """Make the feeds, unless they are there: the same seed gives the same bytes.

    Args:
        size: ``small`` (200 children) or ``service`` (2,000 children, ten years).

    Returns:
        Environment for the tasks: where the case system's database is and the day it stands for.
    """
    from yos_warehouse.server.connect import connect, url

    stamp = var_dir() / "fictional.json"
    wanted = {"size": size, "version": __version__, "generator": _newest_source(), "drops": str(drops_dir())}
    environment = {
        # The stand-in for a supplier's database; a real one has a reading account of its own.
        "YOS_SOURCE_URL": url("admin", database=DATABASE, driver="postgresql+psycopg2"),
        "YOS_SOURCE_DATE": NIGHT0.isoformat(),
    }
    if _read(stamp) == wanted and drops_dir().is_dir() and _exists(DATABASE):
        return environment
    from yos_warehouse.fictional.case_system import create_case_system
    from yos_warehouse.fictional.feeds import history_nights, write_drops
    from yos_warehouse.fictional.world import make_world

    stamp.unlink(missing_ok=True)
    world = make_world(SEED, size)
    write_drops(world, drops_dir(), history_nights(world))
    if not _exists(DATABASE):
        admin = connect("admin", database="postgres", autocommit=True)
        with admin.cursor() as cursor:
            cursor.execute(f"create database {DATABASE} template template0 encoding 'UTF8'")
            cursor.execute(f"revoke all on database {DATABASE} from public")
        admin.close()
    create_case_system(environment["YOS_SOURCE_URL"], world, NIGHT0)
    stamp.write_text(json.dumps(wanted))
    return environment


def apply(environment: dict[str, str]) -> None:
    """Let this process and what it starts see the source."""
    os.environ.update(environment)


def _newest_source() -> float:
    folder = Path(__file__).resolve().parents[1] / "fictional"
    return max(path.stat().st_mtime for path in folder.glob("*.py"))


def _read(stamp: Path) -> object:
    try:
        return json.loads(stamp.read_text("ascii"))
    except (OSError, ValueError):
        return None


def _exists(database: str) -> bool:
    from yos_warehouse.server.connect import connect

    admin = connect("admin", database="postgres", autocommit=True)
    try:
        with admin.cursor() as cursor:
            cursor.execute("select from pg_database where datname = %s", (database,))
            return cursor.rowcount == 1
    finally:
        admin.close()
