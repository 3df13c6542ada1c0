"""A drop through the whole door, on a real PostgreSQL."""

from __future__ import annotations

from tests.door.conftest import Door, arrest, asn


def test_a_good_drop_lands_whole(door: Door) -> None:
    door.arrests([arrest(1), arrest(2, Surname="Null")])
    (report,) = door.load()
    assert (report.state, report.rows_in_files, report.rows_accepted) == ("accepted", 2, 2)
    assert door.current(columns="record_id, given_name, family_name, pnc_id") == [
        (asn(1), "Zoë", "O’Neill", None),
        (asn(2), "Zoë", "Null", None),
    ]
