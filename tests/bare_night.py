"""Bare nights as processes of their own over a small fictional service: to kill them, and to search what they leave."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Warehouse

NIGHT = "import sys; from yos_warehouse.orchestration.bare import run_bare; print(run_bare(sys.argv[1]))"
# As `yos run` does when it knows that nothing else is running, then as another run than before.
TAKE_OVER = "from yos_warehouse.orchestration.lease import abandon_all; abandon_all(); " + NIGHT


@dataclass(frozen=True)
class FictionalService:
    """The feeds of a small service, made once: drops of files, and the case system's database."""

    drops: Path
    source_url: str
    source_date: str
    world: Any

    def environment(self) -> dict[str, str]:
        """What a night needs to find the case system."""
        return {"YOS_SOURCE_URL": self.source_url, "YOS_SOURCE_DATE": self.source_date}


def make_service(
    folder: Path, database: str, *, canary: bool = False, children: int = 60
) -> FictionalService:
    """Make a service of a few children over three years.

    Args:
        folder: where its drops go.
        database: name of a database to create for its case system.
    """
    from yos_warehouse.fictional.case_system import create_case_system
    from yos_warehouse.fictional.feeds import history_nights, write_drops
    from yos_warehouse.fictional.world import make_world
    from yos_warehouse.server.connect import connect, url

    world = make_world(2, children=children, years=3, canary=canary)
    write_drops(world, folder, history_nights(world))
    admin = connect("admin", database="postgres", autocommit=True)
    with admin.cursor() as cursor:
        cursor.execute(f"drop database if exists {database} with (force)")
        cursor.execute(f"create database {database}")
        cursor.execute(f"revoke all on database {database} from public")
    admin.close()
    source = url("admin", database=database, driver="postgresql+psycopg2")
    create_case_system(source, world, world.setting.night0)
    return FictionalService(folder, source, world.setting.night0.isoformat(), world)


@dataclass
class BareNight:
    """One warehouse in which nights over the service are started, killed and started again."""

    warehouse: Warehouse
    service: FictionalService
    scratch: Path

    def __post_init__(self) -> None:
        shutil.copytree(self.service.drops, self.warehouse.drops, dirs_exist_ok=True)

    def start(self, owner: str = "night", code: str = NIGHT, **more: str) -> subprocess.Popen[str]:
        """Start a night and leave it running; what it says goes to ``scratch``."""
        environment = {
            **os.environ, **self.service.environment(), "YOS_DATABASE": self.warehouse.database,
            "YOS_DROPS_DIR": str(self.warehouse.drops), **more,
        }  # fmt: skip
        self.scratch.mkdir(parents=True, exist_ok=True)
        said = (self.scratch / f"{time.monotonic_ns()}.txt").open("w")
        return subprocess.Popen(
            [sys.executable, "-c", code, owner],
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, owner: str = "night", code: str = NIGHT, timeout: int = 400, **more: str) -> int:
        """Run a night to its end, whichever; its exit code (-9: killed)."""
        process = self.start(owner, code, **more)
        try:
            return process.wait(timeout)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def last_words(self) -> str:
        """The end of what the last night said."""
        newest = max(self.scratch.glob("*.txt"), key=lambda path: path.stat().st_mtime_ns)
        return newest.read_text("utf-8", "replace")[-3000:]

    def marts(self) -> dict[str, tuple[int, int]]:
        """Rows and content hash of every published table."""
        from yos_warehouse.orchestration.bare import fingerprint

        connection = self.warehouse.connect()
        try:
            return fingerprint(connection)
        finally:
            connection.close()

    def closed_zones(self) -> dict[str, tuple[int, str]]:
        """Rows and content hash of history, quarantine and keys, but for the numbers of runs, loads and rows."""
        prints = {}
        for (table, columns) in self.warehouse.query(
            """
            select format('%I.%I', table_schema, table_name), string_agg(format('t.%I', column_name), ', ' order by ordinal_position)
            from information_schema.columns
            inner join information_schema.tables using (table_schema, table_name)
            where table_schema in ('raw', 'quarantine', 'identity') and table_type = 'BASE TABLE' and table_name <> 'model_in_use'
                and column_name not in ('raw_id', 'quarantine_id', 'load_id', 'released_by_load_id', 'minted_run_id', 'minted_at',
                    'held_since', 'run_id', 'event_id', 'review_id', 'first_load_id')
            group by 1
            """
        ):  # fmt: skip
            prints[table] = self.warehouse.query(
                f"select count(*), coalesce(sum(hashtextextended(row({columns})::text, 0)::numeric), 0)::text from {table} as t"
            )[0]
        return prints

    def sessions(self, application: str = "yos%") -> int:
        """Sessions that nights have open in this warehouse."""
        return self.warehouse.query(
            "select count(*) from pg_stat_activity where datname = %s and application_name like %s",
            (self.warehouse.database, application),
        )[0][0]

    def seconds_until_alone(self, application: str = "yos%", most: float = 15) -> float:
        """How long it takes until no session of a killed night is left; ``most`` if that does not come."""
        began = time.monotonic()
        while self.sessions(application) and time.monotonic() - began < most:
            time.sleep(0.1)
        return time.monotonic() - began
