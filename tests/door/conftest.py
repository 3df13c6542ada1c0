"""Small drops of invented children for the tests of the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

LONDON = ZoneInfo("Europe/London")
ARREST = (
    "ASN,PNC ID,Forename,Surname,Date of birth,Sex,Self-defined ethnicity,Officer-observed ethnicity,"
    "Postcode,Arrest date,Station,Release type"
)
CHARGE = "ASN,Seq,CJS code,Offence start date,Offence end date,Charge date,TIC,Offence location"


def asn(number: int) -> str:
    """An impossible but well-formed arrest summons number: force 00."""
    from yos_warehouse.fictional.identifiers import asn as make

    return make(2025, number)


def arrest(number: int, **changes: str) -> dict[str, str]:
    """One arrest as the force would send it."""
    row = {
        "ASN": asn(number), "PNC ID": "", "Forename": "Zoë", "Surname": "O’Neill",
        "Date of birth": "03/04/2010", "Sex": "2", "Self-defined ethnicity": "W1",
        "Officer-observed ethnicity": "IC1", "Postcode": "ZZ99 1AA", "Arrest date": "13/04/2025",
        "Station": "OR01", "Release type": "CHARGE",
    }  # fmt: skip
    return row | changes


def csv_text(header: str, rows: Iterable[dict[str, str] | str]) -> str:
    """CSV with the given header; a row given as text stands as it is."""
    names = header.split(",")

    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if any(c in value for c in ',"\n') else value

    lines = [row if isinstance(row, str) else ",".join(cell(row.get(n, "")) for n in names) for row in rows]
    return "\n".join([header, *lines]) + "\n"


@dataclass
class Door:
    """A warehouse with a live run, and shortcuts to deliver and to look."""

    warehouse: Any
    run_id: int
    folder: Path
    count: int = 0

    def deliver(
        self,
        files: dict[str, str | bytes],
        day: str = "2026-03-31",
        feed: str = "police",
        at: str | None = None,
        **options: Any,
    ) -> Any:
        """Pack files as a drop of a business date, received at 20:00 of that day unless said otherwise."""
        from yos_warehouse.sources.drop import pack

        self.count += 1
        place = self.folder / str(self.count)
        place.mkdir(parents=True)
        paths = []
        for name, content in files.items():
            (place / name).write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(place / name)
        received = datetime.fromisoformat(at) if at else datetime.combine(date.fromisoformat(day), time(20))
        return pack(
            feed, paths, date.fromisoformat(day), received.replace(tzinfo=LONDON), fictional=True,
            out=self.warehouse.drops, settle_seconds=0, **options,
        )  # fmt: skip

    def arrests(self, rows: Sequence[dict[str, str] | str], day: str = "2026-03-31", **options: Any) -> Any:
        """Deliver arrests."""
        return self.deliver({f"arrests_{day}.csv": csv_text(ARREST, rows)}, day, **options)

    def load(self, feed: str = "police") -> list[Any]:
        """Load what is new."""
        from yos_warehouse.door.load import load_feed

        return load_feed(self.run_id, feed, self.warehouse.drops)

    def approve(self, day: str, feed: str = "police") -> Any:
        """Let the held drop of a day through."""
        from yos_warehouse.door.approvals import approve

        with self.warehouse.connect("loader") as connection:
            held = approve(connection, feed, date.fromisoformat(day), "A. Person", "confirmed by the sender")
        connection.close()
        return held

    def replay(self, feed: str = "police", at: str = "2026-04-09T12:00", **options: Any) -> Any:
        """Judge what is held back again, between two nights."""
        from yos_warehouse.door.replay import replay

        self.query("update ops.run set state = 'succeeded' where state = 'running'")
        try:
            return replay(feed, datetime.fromisoformat(at).replace(tzinfo=LONDON), "A. Person", **options)
        finally:
            self.run_id = self.query(
                "insert into ops.run (kind, owner, state) values ('nightly', 'test', 'running') returning run_id"
            )[0][0]

    def query(self, sql: str, *parameters: Any) -> list[tuple]:
        """Rows of a query as the administrator."""
        return self.warehouse.query(sql, parameters)

    def current(self, table: str = "police__arrest", columns: str = "record_id") -> list[tuple]:
        """Current versions in raw."""
        return self.query(f"select {columns} from raw.{table} where recorded_to is null order by record_id")

    def held(self, table: str = "police__arrest") -> list[tuple]:
        """Open rows of quarantine: row number and rules."""
        return self.query(
            f"select row_number, rule_codes from quarantine.{table} where released_at is null order by 1"
        )


@pytest.fixture
def door(warehouse: Any, tmp_path: Path) -> Door:
    """A warehouse with a live run."""
    run_id = warehouse.query(
        "insert into ops.run (kind, owner, state) values ('nightly', 'test', 'running') returning run_id"
    )[0][0]
    return Door(warehouse, run_id, tmp_path / "sent")


@pytest.fixture
def deliver(door: Door) -> Callable[..., Any]:
    """Shortcut."""
    return door.deliver
