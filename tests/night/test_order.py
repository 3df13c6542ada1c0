"""The same drops give the same marts, whether they came night by night or all at once; and the past stays what it was."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import same_marts, soak
from tests.conftest import Warehouse, _administer
from tests.season import Season, as_at, make_season, night

CHANCE = random.Random(soak.commit().partition("+")[0])
PUBLISHED = ("marts", "reports", "restricted")


@pytest.fixture(scope="module")
def with_code_lists(warehouse_template) -> Iterator[str]:
    """A warehouse that has its code lists and nothing else, to copy from."""
    yield warehouse_template


@pytest.fixture
def make(warehouse_template, tmp_path) -> Iterator[Callable[[], Warehouse]]:
    """Makes empty warehouses."""
    made = []

    def one() -> Warehouse:
        database = f"order_{uuid.uuid4().hex[:8]}"
        _administer(
            f"create database {database} owner yos_owner template {warehouse_template} strategy file_copy",
            database,
        )
        made.append(database)
        drops = tmp_path / database
        drops.mkdir()
        return Warehouse(database, drops)

    yield one
    for database in made:
        _administer(f"drop database if exists {database} with (force)")


def _season(folder: Path, seed: int, nights: int) -> Season:
    from yos_warehouse.server.connect import url

    source = f"case_{uuid.uuid4().hex[:8]}"
    _administer(f"create database {source}")
    try:
        return make_season(
            folder / "season", url("admin", database=source, driver="postgresql+psycopg2"), seed, nights
        )
    finally:
        _administer(f"drop database {source} with (force)")


def test_night_by_night_and_all_at_once_are_the_same_and_so_is_the_past(make, tmp_path) -> None:
    season = _season(tmp_path, CHANCE.randrange(1000), 4)
    *before, last = season.nights
    day = CHANCE.choice(before)
    nightly, at_once, until_then = make(), make(), make()
    for each in before:
        night(nightly, season, each, upto="identify")
    night(nightly, season, last)
    night(at_once, season, last)
    _must_be_the_same(nightly, at_once)
    schema = as_at(nightly, day)
    night(until_then, season, day, upto="build")
    past = same_marts.tables(nightly, schema, day=day)
    assert same_marts.differences(past, same_marts.tables(until_then, "build")) == []


def _must_be_the_same(one: Warehouse, other: Warehouse) -> None:
    who = {"identity.person_link": same_marts.links(one)}, {"identity.person_link": same_marts.links(other)}
    found, wanted = (same_marts.tables(warehouse, *PUBLISHED) for warehouse in (one, other))
    assert found["marts.fct_outcome"].rows.total() > 50
    assert same_marts.differences(*who) + same_marts.differences(found, wanted) == []
