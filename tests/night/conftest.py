"""A place of its own for whole nights: ``yos run`` as a person starts it, in a var directory of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.build.conftest import stage  # noqa: F401
from tests.telling.conftest import mail_server  # noqa: F401


@dataclass(frozen=True)
class Home:
    """The directory in which nights run, and how to run them."""

    var: Path

    def environment(self, **more: str) -> dict[str, str]:
        """What a person's shell would have, and nothing of the test run's own YOS_ variables."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("YOS_")}
        return {**kept, "YOS_VAR_DIR": str(self.var), "YOS_FICTIONAL_SIZE": "small", **more}

    def yos(self, *arguments: str, timeout: int = 600, **more: str) -> subprocess.CompletedProcess[str]:
        """Run one ``yos`` command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "yos_warehouse", *arguments],
            env=self.environment(**more), capture_output=True, text=True, timeout=timeout,
        )  # fmt: skip

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start one ``yos`` command and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "yos_warehouse", *arguments],
            env=self.environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def python(self, code: str, timeout: int = 600, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a piece of Python in the same environment."""
        return subprocess.run(
            [sys.executable, "-c", code],
            env=self.environment(**more), capture_output=True, text=True, timeout=timeout,
        )  # fmt: skip

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This process's own calls go to the warehouse here."""
        before = os.environ.get("YOS_VAR_DIR")
        os.environ["YOS_VAR_DIR"] = str(self.var)
        try:
            yield
        finally:
            if before is not None:
                os.environ["YOS_VAR_DIR"] = before

    def url(self, role: str) -> str:
        """The connection URL of a role, as ``yos url`` prints it."""
        from yos_warehouse.server.connect import url

        with self.entered():
            return url(role)

    def query(self, sql: str, database: str = "warehouse") -> list[tuple]:
        """Ask the warehouse as its administrator."""
        from yos_warehouse.server.connect import transaction

        with (
            self.entered(),
            transaction("admin", database=database) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def fingerprint(self, database: str = "warehouse") -> dict[str, tuple[int, int]]:
        """Rows and content hash of every published table."""
        from yos_warehouse.orchestration.bare import fingerprint
        from yos_warehouse.server.connect import transaction

        with self.entered(), transaction("admin", database=database) as connection:
            return fingerprint(connection)


@pytest.fixture(scope="session")
def home() -> Iterator[Home]:
    """An empty var directory; everything that was started in it is stopped at the end."""
    var = Path(tempfile.mkdtemp(prefix="yos-night-", dir="/tmp" if Path("/tmp").is_dir() else None))
    var.chmod(0o711)
    place = Home(var)
    yield place
    place.yos("down")
    if os.environ.get("YOS_KEEP_NIGHT"):
        print(f"kept: {var}")
    else:
        shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="session")
def first(home: Home) -> subprocess.CompletedProcess[str]:
    """The first ``make run`` ever there; all that need a published night share it."""
    return home.yos("run")
