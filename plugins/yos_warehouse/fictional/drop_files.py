"""Writing a drop: CSV bytes and the manifest that goes with the files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


@dataclass
class DropFiles:
    """The files of one feed for one business date, before they are written.

    Attributes:
        files: name -> bytes and number of records (None for XML).
        control_totals: entity -> column -> sum as text.
        business_date: the day it speaks of; without one the day it comes.
        is_again: it has a drop of that date before it.
    """

    feed: str
    files: dict[str, tuple[bytes, int | None]] = field(default_factory=dict)
    control_totals: dict[str, dict[str, str]] = field(default_factory=dict)
    business_date: date | None = None
    is_again: bool = False

    def add_csv(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[Sequence[Any]],
        above: Iterable[Sequence[Any]] = (),
    ) -> None:
        """Add a CSV file: UTF-8, comma, line feed; None becomes an empty field. Text may stand above the header."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows(above)
        writer.writerow(header)
        count = 0
        for row in rows:
            writer.writerow(row)
            count += 1
        self.files[name] = (text.getvalue().encode(), count)

    def add_xml(self, name: str, content: bytes) -> None:
        """Add an XML file."""
        self.files[name] = (content, None)


def received_at(night: date) -> str:
    """Eight in the evening in London on a day, with its offset."""
    return datetime.combine(night, time(20), LONDON).isoformat()


def write_drop(drop: DropFiles, service: str, night: date, out: Path) -> Path:
    """Write ``<out>/<feed>/<business date>/``: the files, then the manifest. Returns the folder.

    Args:
        night: the day it comes, which is its business date if it has no other.
    """
    business_date = drop.business_date or night
    folder = out / drop.feed / business_date.isoformat()
    if drop.is_again:
        folder /= "again"
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for name in sorted(drop.files):
        content, rows = drop.files[name]
        (folder / name).write_bytes(content)
        listed.append(
            {"name": name, "bytes": len(content), "rows": rows, "sha256": hashlib.sha256(content).hexdigest()}
        )
    manifest: dict[str, Any] = {
        "format": 1,
        "service": service,
        "feed": drop.feed,
        "business_date": business_date.isoformat(),
        "received_at": received_at(night),
        "fictional": True,
        "files": listed,
    }
    if drop.control_totals:
        manifest["control_totals"] = drop.control_totals
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return folder
