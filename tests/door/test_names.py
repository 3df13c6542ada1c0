"""A partner's file names, headers and folders may hold a child's name: they stay out of ops and of mails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.canary import find_in_database
from tests.door.conftest import ARREST, Door, arrest, csv_text
from yos_warehouse.server.connect import transaction
from yos_warehouse.telling.digest import compose_digests
from yos_warehouse.telling.incidents import update_incidents

CANARY = "Quandary"
GOOD = csv_text(ARREST, [arrest(1)])
# What a partner may send: a file, and the reason code it leads to (None: taken in).
SENT: list[tuple[dict[str, str | bytes], str | None]] = [
    ({f"arrests_{CANARY}.csv": csv_text(f"{ARREST},{CANARY}", [arrest(1)])}, None),
    ({f"arrests_{CANARY}_2.csv": csv_text(f"{CANARY},{CANARY},{ARREST}", [arrest(1)])}, "DUPLICATE_HEADER"),
    ({f"arrests_{CANARY}.csv": csv_text(CANARY, [arrest(1)])}, "SCHEMA"),
    ({f"arrests_{CANARY}.csv": GOOD.rstrip()}, "TRUNCATED"),
    ({f"arrests_{CANARY}.csv": GOOD.encode("latin-1", "replace") + b"\xeb\n"}, "ENCODING"),
    ({f"arrests_{CANARY}.csv": GOOD + f"{CANARY}\n"}, "FIELD_COUNT"),
    ({f"arrests_{CANARY}.csv": GOOD, f"charges_{CANARY}.csv": b""}, "EMPTY"),
    ({f"{CANARY}.xml": f"<{CANARY}>"}, "TRUNCATED"),
    ({f"{CANARY}.xml": f"<{CANARY}/>"}, "SCHEMA"),
    ({f"{CANARY}.xml": f"<!DOCTYPE {CANARY}><x/>"}, "XML_UNSAFE"),
]


def _edit_manifest(drop: Any, **changes: Any) -> None:
    path = drop.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.fault("F24", "A9")
def test_names_that_partners_choose_are_in_no_ledger_and_in_no_mail(door: Door) -> None:
    for day, (files, _) in enumerate(SENT, start=1):
        door.deliver(files, f"2026-03-{day:02d}")
    totals = door.deliver({"arrests.csv": csv_text(ARREST, [arrest(2)])}, "2026-03-20")
    _edit_manifest(totals, control_totals={"arrest": {CANARY.lower(): "1"}})
    unknown = door.deliver({"arrests.csv": csv_text(ARREST, [arrest(3)])}, "2026-03-21")
    (unknown.folder / "arrests.csv").rename(unknown.folder / f"{CANARY}.pdf")
    (entry,) = json.loads((unknown.folder / "manifest.json").read_text())["files"]
    _edit_manifest(unknown, files=[entry | {"name": f"{CANARY}.pdf"}])
    _lay_strays(door.warehouse.drops / "police")

    reports = door.load()
    assert [report.reason_code for report in reports] == [
        *(code for _, code in SENT),
        "CONTROL_TOTAL",
        "INCOMPLETE",
    ]
    with transaction("publisher") as connection:
        update_incidents(connection, door.run_id, door.warehouse.drops)
    door.query("update ops.run set state = 'succeeded'")
    with transaction("publisher") as connection:
        assert compose_digests(connection) > 0
    assert find_in_database(door.warehouse.query, {"name": CANARY.lower()}) == []
    assert CANARY.lower() not in str(reports).lower()
    assert reports[0].entities[0].extra_columns == ("column 13 of arrests*.csv",)
    assert "the same header in columns 1 and 2" in (reports[1].reason or "")


def _lay_strays(base: Path) -> None:
    (base / CANARY).mkdir()
    (base / f"{CANARY}.csv").touch()
