"""The police feed: what the force recorded since the previous night, as CSV files and court messages."""

from __future__ import annotations

from datetime import date
from typing import Any

from yos_warehouse.fictional.court_xml import court_message
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.world import World

# entity -> file stem, and header -> key of the book's record
LAYOUT: dict[str, tuple[str, dict[str, str]]] = {
    "police_arrest": (
        "arrests",
        {
            "ASN": "asn", "PNC ID": "pnc", "Forename": "given", "Surname": "family", "Date of birth": "birth",
            "Sex": "sex", "Self-defined ethnicity": "ethnicity", "Officer-observed ethnicity": "observed",
            "Address": "line", "Postcode": "postcode", "Custody number": "custody", "Arrest date": "day",
            "Arrest time": "time", "Reason for arrest": "reason", "Station": "station",
            "Appropriate adult present": "has_adult", "Appropriate adult from": "adult_from",
            "Release type": "release",
        },
    ),
    "police_charge": (
        "charges",
        {
            "ASN": "asn", "Seq": "sequence", "CJS code": "code", "Offence start date": "day",
            "Offence end date": "end", "Charge date": "charge", "TIC": "tic", "Offence location": "location",
        },
    ),
    "police_disposal": (
        "disposals",
        {
            "ASN": "asn", "Seq": "sequence", "Disposal code": "code", "Disposal date": "day",
            "Qualifier": "qualifier", "Duration": "duration", "Duration unit": "unit", "Amount": "amount",
        },
    ),
    "police_oocd": (
        "oocd",
        {
            "ASN": "asn", "Seq": "sequence", "CJS code": "code", "Offence start date": "day",
            "Outcome code": "outcome", "Panel referral date": "referred", "Decision date": "decided",
            "Issue date": "issued",
        },
    ),
    "police_pnc_check": (
        "pnc_checks",
        {
            "PNC ID": "pnc", "Forename": "given", "Surname": "family", "Date of birth": "birth",
            "Checked on": "day", "First disposal date": "first", "First disposal code": "code",
        },
    ),
}  # fmt: skip


def _written(value: Any) -> Any:
    """A value as the force's export writes it: dates day/month/year, booleans Y and N."""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return value


def _due(row: dict[str, Any], after: date | None, night: date) -> bool:
    return row["known_at"] <= night and (after is None or row["known_at"] > after)


def police_drop(world: World, after: date | None, night: date) -> DropFiles:
    """What was recorded after ``after`` (None: ever) and by ``night``.

    Each CSV file is there, if only its header.
    """
    drop = DropFiles("police")
    for table, (stem, columns) in LAYOUT.items():
        rows = world.book.changes(table, after, night)
        rows += [row for row in world.bad_rows.get(table, []) if _due(row, after, night)]
        drop.add_csv(
            f"{stem}_{night.isoformat()}.csv",
            list(columns),
            ([_written(row.get(key)) for key in columns.values()] for row in rows),
        )
    for message in world.book.changes("police_message", after, night):
        drop.add_xml(f"{message['name']}.xml", court_message(message))
    for bad in world.bad_rows.get("police_message", []):
        if _due(bad, after, night):
            message = world.book.versions("police_message", bad["of"])[-1].values or {}
            unreadable = message | {"name": message["name"] + "_bad"}
            drop.add_xml(f"{unreadable['name']}.xml", court_message(unreadable, hearing_date="99th of Never"))
    return drop
