"""Every seeded trouble is found for its own reason, and nothing else is: no good row is held back, no good delivery refused."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from tests.door.conftest import Door
from tests.troubles import DELIVERIES, Trouble, deliveries

FIRST = date(2026, 4, 1)


def _send(door: Door, number: int, trouble: Trouble | None = None) -> list:
    """Deliver a day of every feed, one of them spoilt; the reports of the spoilt feed, or of all."""
    for sent in deliveries(FIRST + timedelta(days=number), number):
        if trouble and sent.feed == trouble.feed:
            trouble.spoil(sent, random.Random(number))
        if trouble is None or sent.feed == trouble.feed:
            sent.write(door.warehouse.drops)
    feeds = [trouble.feed] if trouble else ["education", "finance", "police"]
    return [report for feed in feeds for report in door.load(feed)]


def _found(reports: list) -> set[tuple[str, str]]:
    """Refusals, rules that held rows back and rules that reported rows."""
    found = {("refused", report.reason_code) for report in reports if report.state == "rejected"}
    for report in reports:
        found |= {("held back", rule) for (_, rule), rows in report.held_back.items() if rows}
        found |= {("reported", rule) for (_, rule), rows in report.reported.items() if rows}
    return found


@pytest.mark.fault(
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F11",
    "F12",
    "F13",
    "F15",
    "F16",
    "F17",
    "F18",
    "F21",
    "D3",
    "D4",
    "D10",
    "D13",
    "D14",
)
def test_each_trouble_of_a_delivery_is_found_and_nothing_else(door: Door) -> None:
    """One warehouse; before each trouble a good day, so that there is something usual to hold it against."""
    number = 0
    assert _found(_send(door, number)) == set()
    wrong = []
    for trouble in DELIVERIES:
        number += 1
        found = _found(_send(door, number, trouble))
        outcome = "refused" if trouble.outcome == "held" else trouble.outcome
        expected = {(outcome, trouble.code)} if trouble.outcome not in ("nothing", "stray") else set()
        if found != expected:
            wrong.append((trouble.kind, trouble.feed, expected, found))
    assert wrong == []
