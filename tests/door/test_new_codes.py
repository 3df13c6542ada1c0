"""Codes that no list has: told once, by their number; which they are stays in a closed zone."""

from __future__ import annotations

import pytest

from tests.door.conftest import ARREST, Door, arrest, csv_text
from yos_warehouse.door.new_codes import list_codes


def _given(door: Door, day: str, *codes: str) -> list[tuple]:
    """Deliver arrests with these release types; what the day's load told of new codes."""
    rows = [arrest(number, **{"Release type": code}) for number, code in enumerate(codes)]
    door.deliver({"arrests.csv": csv_text(ARREST, rows)}, day=day)
    (report,) = door.load()
    return door.query(
        "select entity, column_name, codes, rows_with_them::int from ops.new_codes where load_id = %s",
        report.load_id,
    )


@pytest.mark.fault("D7")
def test_each_new_code_is_told_once_with_its_rows(door: Door) -> None:
    assert _given(door, "2026-03-28", "CHARGE", "MOON", "MOON", "STARS") == [("arrest", "release_type", 2, 3)]
    assert _given(door, "2026-03-29", "CHARGE", "MOON", "STARS") == []
    assert _given(door, "2026-03-30", "SUN", "MOON") == [("arrest", "release_type", 1, 1)]


def test_a_row_held_back_brings_no_code(door: Door) -> None:
    rows = [arrest(1), arrest(2), arrest(3, **{"Release type": "MOON", "Arrest date": "31/02/2025"})]
    door.deliver({"arrests.csv": csv_text(ARREST, rows)})
    door.load()
    assert door.query("select count(*) from quarantine.unknown_code") == [(0,)]


def test_the_list_says_which_until_a_code_list_has_them(door: Door, capsys, monkeypatch) -> None:
    _given(door, "2026-03-28", "MOON", "=STARS")
    monkeypatch.setenv("YOS_DATABASE", door.warehouse.database)
    door.warehouse.query(
        "insert into quarantine.unknown_code select feed, entity, column_name, 'CHARGE', first_load_id, 1"
        " from quarantine.unknown_code limit 1"
    )
    assert list_codes() == 0
    said = capsys.readouterr().out
    assert "police arrest release_type: 'MOON', first in the delivery of 2026-03-28, on 1 rows" in said
    assert '"\'=STARS"' in said and "'CHARGE'" not in said
