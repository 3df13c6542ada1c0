"""Every kind of bad value in every column that can have it: each is found for its own reason, and no good row is.

Over the FICTIONAL service's own deliveries. After the corrected delivery raw is as if nothing had been wrong. The normal
run seeds as many places as the rows of one delivery have room for; the soak goes on until every place was seeded.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import soak
from tests.conftest import fresh_warehouse
from tests.door.conftest import Door
from tests.troubles import ROWS, RowTrouble, entity_of, vouch_again
from yos_warehouse.fictional.feeds import history_nights, write_drops
from yos_warehouse.fictional.world import make_world
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.csv_file import CsvFile, open_csv

# Deliveries that bring each CSV entity of the fictional feeds, the census in both its layouts.
DROPS = (
    "education/2025-10-02", "education/2026-01-15", "education/2026-03-31", "finance/2026-02-28", "police/2026-03-27",
    "published/2026-03-31",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One trouble in one column; ``row`` counts the rows of the entity from 1, ``at`` is the record of the file."""

    file: str
    at: int
    column: int
    entity: str
    row: int
    rule: str
    trouble: RowTrouble


@pytest.fixture(scope="module")
def fictional(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drops of a small fictional service."""
    world = make_world(7, children=60, years=3)
    folder = tmp_path_factory.mktemp("fictional")
    write_drops(world, folder, history_nights(world))
    return folder


@pytest.mark.fault("D3", "D5", "D7", "D10", "F18")
@pytest.mark.parametrize("drop", DROPS[2:])
def test_every_seeded_bad_row_is_found_and_the_corrected_delivery_undoes_it(
    warehouse_template: str, fictional: Path, tmp_path: Path, drop: str
) -> None:
    _seed_and_mend(warehouse_template, fictional / drop, tmp_path, random.Random(7), rounds=1)


@pytest.mark.soak
@pytest.mark.fault("D3", "D5", "D7", "D10", "F18")
@pytest.mark.parametrize("drop", DROPS)
def test_every_bad_value_in_every_column(
    warehouse_template: str, fictional: Path, tmp_path: Path, drop: str, record_property: Any
) -> None:
    chance = random.Random(soak.commit())
    record_property("places", _seed_and_mend(warehouse_template, fictional / drop, tmp_path, chance, None))


def _seed_and_mend(template: str, good: Path, folder: Path, chance: random.Random, rounds: int | None) -> int:
    """Seed, load, look, mend, load, look; each round in a warehouse of its own. Returns the places seeded."""
    feed, done = good.parent.name, 0
    with _door(template, folder / "unspoilt", feed) as door:
        _load(door, good)
        expected, held_anyway = _raw(door, feed), _held(door, feed)
    for number, places in enumerate(_rounds(good, set(held_anyway), chance), start=1):
        if rounds is not None and number > rounds:
            break
        with _door(template, folder / str(number), feed) as door:
            report = _load(door, _spoilt(good, folder / f"spoilt_{number}" / feed / good.name, places))
            held, raw = _held(door, feed), _raw(door, feed)
            for place in places:
                if place.trouble.is_held_back:
                    assert place.rule in held.get((place.entity, place.row), []), place
                else:
                    assert report.reported.get((place.entity, place.rule)), place
            touched = {(place.entity, place.row) for place in places}
            assert {row: rules for row, rules in held.items() if row not in touched} == held_anyway
            assert (expected - raw).total() == len(touched)  # those rows, and nobody else's
            _load(door, good, received_later=True)
            assert _held(door, feed) == held_anyway
            assert _raw(door, feed) == expected
        done += len(places)
    assert done
    return done


def _rounds(good: Path, held_anyway: set[tuple[str, int]], chance: random.Random) -> Iterator[list[Place]]:
    """Each trouble of each column of each entity once; in a round a row has one, and some rows stay good."""
    contract, day = contracts()[good.parent.name], date.fromisoformat(good.name)
    wanted: dict[str, list[tuple[str, RowTrouble]]] = {}
    free: dict[str, list[tuple[str, int, int, CsvFile]]] = {}
    for name, files in _files(good).items():
        entity = contract.entities[name]
        opened = {path: open_csv(path, entity, contract, day) for path in files}
        rows, row = [], 0
        for path in files:
            for at, cells in enumerate(_records(path, opened[path], contract.encoding)[1], start=0):
                row += 1
                key = tuple(opened[path].named(cells).get(column) for column in entity.key)
                rows.append((key, path.name, at, row, opened[path]))
        times = Counter(key for key, *_ in rows)
        free[name] = [
            (file, at, row, told)
            for key, file, at, row, told in rows
            if times[key] == 1 and (name, row) not in held_anyway
        ]
        columns = {column for told in opened.values() for column in told.columns if column}
        wanted[name] = [
            (column, trouble)
            for column in sorted(columns)
            for trouble in ROWS
            if trouble.fits(entity.columns[column])
            and not (trouble.rule == "CONTROL_CHAR" and column in entity.key)
        ]
    while any(wanted.values()):
        places = []
        for name, pairs in wanted.items():
            rows_left = chance.sample(free[name], k=max(len(free[name]) - 2, 0))
            waits = []
            for column, trouble in chance.sample(pairs, k=len(pairs)):
                found = next((row for row in rows_left if column in row[3].columns), None)
                if found is None:
                    waits.append((column, trouble))
                    continue
                rows_left.remove(found)
                file, at, row, told = found
                rule = trouble.rule if trouble.rule == "CONTROL_CHAR" else f"{trouble.rule}:{column}"
                places.append(Place(file, at, told.columns.index(column), name, row, rule, trouble))
            wanted[name] = waits if len(waits) < len(pairs) else []
        if places:
            yield places


def _files(folder: Path) -> dict[str, list[Path]]:
    """The CSV files of each entity, in the order in which their rows are numbered."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.csv")):
        if name := entity_of(contracts()[folder.parent.name], path.name):
            found.setdefault(name, []).append(path)
    return found


def _records(path: Path, told: CsvFile, encoding: str) -> tuple[list[list[str]], list[list[str]]]:
    """What stands up to the header, and the records below it."""
    with path.open(encoding=encoding, newline="") as file:
        lines = list(csv.reader(file))
    above = next(n for n, cells in enumerate(lines) if tuple(cells) == told.header) + 1
    return lines[:above], [cells for cells in lines[above:] if cells]


def _spoilt(good: Path, folder: Path, places: list[Place]) -> Path:
    contract, day = contracts()[good.parent.name], date.fromisoformat(good.name)
    shutil.copytree(good, folder)
    for name in {place.file for place in places}:
        mine = [place for place in places if place.file == name]
        path = folder / name
        told = open_csv(path, contract.entities[mine[0].entity], contract, day)
        head, body = _records(path, told, contract.encoding)
        for place in mine:
            body[place.at][place.column] = place.trouble.value
        with path.open("w", encoding=contract.encoding, newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([*head, *body])
    vouch_again(folder)
    return folder


@contextmanager
def _door(template: str, folder: Path, feed: str) -> Iterator[Door]:
    folder.mkdir()
    with fresh_warehouse(template, folder) as made:
        ((run_id,),) = made.query(
            "insert into ops.run (kind, owner, state) values ('nightly', 'test', 'running') returning run_id"
        )
        yield Door(made, run_id, folder / "sent")


def _load(door: Door, drop: Path, received_later: bool = False) -> Any:
    """Put a drop into the store and load it; held for its share of bad rows it is let in, as a person would."""
    feed, day = drop.parent.name, drop.name
    laid = door.warehouse.drops / feed / day / ("again" if received_later else "")
    shutil.copytree(drop, laid, dirs_exist_ok=True)
    if received_later:
        path = laid / "manifest.json"
        manifest = json.loads(path.read_text("utf-8"))
        received = datetime.fromisoformat(manifest["received_at"]) + timedelta(hours=1)
        path.write_text(json.dumps(manifest | {"received_at": received.isoformat()}), "utf-8")
    (report,) = door.load(feed)
    if report.reason_code == "QUARANTINE_RATE":
        door.approve(day, feed)
        (report,) = door.load(feed)
    assert report.state == "accepted", report.reason
    return report


def _held(door: Door, feed: str) -> dict[tuple[str, int], list[str]]:
    """Entity and row -> the rules that hold it back."""
    contract = contracts()[feed]
    return {
        (name, row): sorted(rules)
        for name in contract.entities
        for row, rules in door.held(contract.raw_table(name))
    }


def _raw(door: Door, feed: str) -> Counter[tuple]:
    """The current records: entity, id and values."""
    contract = contracts()[feed]
    return Counter(
        (name, *values)
        for name, entity in contract.entities.items()
        for values in door.current(contract.raw_table(name), f"record_id, {', '.join(entity.columns)}")
    )
