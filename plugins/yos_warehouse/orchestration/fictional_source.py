"""The fictional service's feeds for ``make run``: drops, and a case system in a database of its own."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from yos_warehouse import __version__
from yos_warehouse.errors import UsageError
from yos_warehouse.server.connect import connect, url
from yos_warehouse.server.embedded import ensure_server
from yos_warehouse.settings import drops_dir, secret, var_dir

DATABASE = "case_system"
READER = "case_system_reader"
SCHEMA = "casework"
NIGHT0 = date(2026, 3, 31)
SEED = 1


def provide(size: str | None = None) -> dict[str, str]:
    """Make the feeds, unless they are there: the same seed gives the same bytes.

    Args:
        size: ``small`` (200 children) or ``service`` (2,000 children, ten years); ``YOS_FICTIONAL_SIZE``
            or ``service`` if not given.

    Returns:
        Environment for the tasks, see :func:`environment`.
    """
    size = size or os.environ.get("YOS_FICTIONAL_SIZE", "service")
    if size not in ("small", "service"):
        raise UsageError("SIZE", f"YOS_FICTIONAL_SIZE is {size!r}", "use small or service")
    stamp = var_dir() / "fictional.json"
    wanted = {
        "size": size,
        "seed": SEED,
        "version": __version__,
        "generator": _newest_source(),
        "drops": str(drops_dir()),
    }
    is_new = _ensure_database()
    if is_new or _read(stamp) != wanted or not drops_dir().is_dir():
        from yos_warehouse.fictional.case_system import create_case_system
        from yos_warehouse.fictional.feeds import history_nights, write_drops
        from yos_warehouse.fictional.truth import write_truth
        from yos_warehouse.fictional.world import make_world

        stamp.unlink(missing_ok=True)
        world = make_world(SEED, "small" if size == "small" else "service")
        write_drops(world, drops_dir(), history_nights(world))
        write_truth(world, truth_path())
        drops_dir().chmod(0o700)  # names stand in it, invented ones here
        create_case_system(url("admin", database=DATABASE, driver="postgresql+psycopg2"), world, NIGHT0)
        _let_read()
        stamp.write_text(json.dumps(wanted))
    return environment()


def truth_path() -> Path:
    """Which child each record of the fictional feeds is (fictional/truth.py), for the measure of linkage quality."""
    return var_dir() / "fictional_truth.csv"


def environment() -> dict[str, str]:
    """Where the case system's database is, for a reader of its own, and the day it stands for."""
    server = ensure_server()
    return {
        "YOS_SOURCE_URL": (
            f"postgresql+psycopg2://{READER}:{secret('pg_case_system_reader')}"
            f"@{server.host}:{server.port}/{DATABASE}"
        ),
        "YOS_SOURCE_DATE": NIGHT0.isoformat(),
    }


def apply(values: dict[str, str]) -> None:
    """Let this process and what it starts see the source."""
    os.environ.update(values)


def _ensure_database() -> bool:
    """Create the stand-in for a supplier's database and the account that may read it; True when created."""
    admin = connect("admin", database=ensure_server().admin_database, autocommit=True)
    try:
        with admin.cursor() as cursor:
            cursor.execute("select from pg_roles where rolname = %s", (READER,))
            verb = "alter" if cursor.rowcount else "create"
            # The verifier is computed here, so that no statement carries the password.
            verifier = encrypt_password(
                secret("pg_case_system_reader"), READER, scope=admin, algorithm="scram-sha-256"
            )
            cursor.execute(f"{verb} role {READER} login password %s", (verifier,))
            cursor.execute("select from pg_database where datname = %s", (DATABASE,))
            if cursor.rowcount:
                return False
            cursor.execute(f"create database {DATABASE} template template0 encoding 'UTF8'")
            cursor.execute(f"revoke all on database {DATABASE} from public")
            cursor.execute(f"grant connect on database {DATABASE} to {READER}")
    finally:
        admin.close()
    return True


def _let_read() -> None:
    admin = connect("admin", database=DATABASE, autocommit=True)
    try:
        with admin.cursor() as cursor:
            for grant in ("usage on schema {}", "select on all tables in schema {}"):
                cursor.execute(sql.SQL(f"grant {grant} to {READER}").format(sql.Identifier(SCHEMA)))
    finally:
        admin.close()


def _newest_source() -> float:
    folder = Path(__file__).resolve().parents[1] / "fictional"
    return max(path.stat().st_mtime for path in folder.glob("*.py"))


def _read(stamp: Path) -> object:
    try:
        return json.loads(stamp.read_text("ascii"))
    except (OSError, ValueError):
        return None
