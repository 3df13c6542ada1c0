"""The public sample files beside the checkout, and a warehouse to let them in through the real door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
LONDON = ZoneInfo("Europe/London")


@dataclass
class Arrivals:
    """A warehouse with a live run, and shortcuts to deliver and to look."""

    warehouse: Any
    run_id: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def pack(self, feed: str, files: Sequence[Path], day: date) -> Any:
        """Pack real files as a drop received at eight in the evening of its business date."""
        from yos_warehouse.sources.drop import pack

        received = datetime.combine(day, time(20), LONDON)
        return pack(feed, files, day, received, True, self.warehouse.drops, settle_seconds=0)

    def load(self, feed: str) -> list[Any]:
        """Load what is new through the real door."""
        from yos_warehouse.door.load import load_feed

        return load_feed(self.run_id, feed, self.warehouse.drops)

    def query(self, sql: str, *parameters: Any) -> list[tuple]:
        """Rows of a query as the administrator."""
        return self.warehouse.query(sql, parameters or None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public files that nobody on this project wrote; without it there is nothing to prove."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the folder of public sample files does not lie beside the checkout")
    return SHARED


@pytest.fixture
def arrivals(shared: Path, warehouse: Any) -> Arrivals:
    """A warehouse with a live run."""
    run_id = warehouse.query(
        "insert into ops.run (kind, owner, state) values ('nightly', 'real files', 'running') returning run_id"
    )[0][0]
    return Arrivals(warehouse, run_id)
