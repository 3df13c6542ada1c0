"""Every seeded trouble is found for its own reason, and nothing else is: no good row is held back, no good delivery refused."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests import soak
from tests.door.conftest import Door
from tests.troubles import DELIVERIES, Seed, Trouble, deliveries, entity_of, spoil_file, vouch_again
from yos_warehouse.sources.contract import contracts

FIRST = date(2026, 4, 1)
CHANCE = random.Random(soak.commit().partition("+")[0])


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


def _spoil(folder: Path, chance: random.Random, rows: int) -> dict[str, list[Seed]]:
    """Spoil rows of every CSV file of a drop; entity -> what was done."""
    contract = contracts()[folder.parent.name]
    done: dict[str, list[Seed]] = {}
    for path in sorted(folder.glob("*.csv")):
        name = entity_of(contract, path.name)
        if name and name not in done:  # rows of two files of one entity are numbered through
            seeds = spoil_file(
                path, contract, contract.entities[name], date.fromisoformat(folder.name), chance, rows
            )
            done |= {name: seeds} if seeds else {}
    vouch_again(folder)
    return done


@pytest.mark.fault("D3", "D5", "D7", "D10", "F18")
@pytest.mark.parametrize("feed", ["education", "finance", "police"])
def test_each_seeded_row_of_the_fictional_feeds_is_found_and_no_good_row(door: Door, feed: str) -> None:
    """The world's own bad rows are those that the undisturbed delivery has; beyond them exactly the seeded ones."""
    from yos_warehouse.fictional.feeds import history_nights, write_drops
    from yos_warehouse.fictional.world import make_world

    world = make_world(CHANCE.randrange(1000), children=60, years=3)
    folder = max(write_drops(world, door.folder / "good", history_nights(world), [feed]), key=_size)
    shutil.copytree(folder, door.warehouse.drops / feed / folder.name)
    door.load(feed)
    before = {table: dict(door.held(table)) for table in _tables(feed)}
    spoilt = door.warehouse.drops / feed / folder.name / "spoilt"
    shutil.copytree(folder, door.folder / feed / folder.name)
    seeds = _spoil(door.folder / feed / folder.name, CHANCE, 3)
    shutil.copytree(door.folder / feed / folder.name, spoilt)
    _receive_later(spoilt)
    (report,) = door.load(feed)
    assert report.state == "accepted", report.reason
    for entity, done in seeds.items():
        table = f"{feed}__{entity}"
        rules = {row: set(codes) for row, codes in door.held(table)}
        for seed in done:
            if seed.trouble.is_held_back:
                assert seed.rule in rules.get(seed.row, set()), (entity, seed)
            else:
                assert report.reported.get((entity, seed.rule)), (entity, seed)
        seeded = {seed.row for seed in done}
        assert set(rules) - seeded <= set(before[table]), entity
    assert sum(map(len, seeds.values())) >= 3


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.csv"))


def _tables(feed: str) -> list[str]:
    return [contracts()[feed].raw_table(entity) for entity in contracts()[feed].entities]


def _receive_later(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    received = datetime.fromisoformat(manifest["received_at"]) + timedelta(hours=1)
    path.write_text(json.dumps(manifest | {"received_at": received.isoformat()}), "utf-8")
