"""The same drops give the same marts, whether they came night by night or all at once; and the past stays what it was.

`make test` takes three nights of one small service; `make soak` thirty nights of several, and every day between.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests import same_marts, soak
from tests.conftest import Warehouse, _administer, copied_warehouse
from tests.same_marts import Table
from tests.season import Season, as_at, at_work_in, make_season, night

CHANCE = random.Random(soak.commit().partition("+")[0])
PUBLISHED = ("marts", "reports", "restricted")
SEEDS = [3, 5, 8]


@pytest.fixture
def make(code_lists_template, tmp_path) -> Iterator[Callable[[], Warehouse]]:
    """Makes empty warehouses of the test's own."""
    with ExitStack() as made:
        yield lambda: made.enter_context(
            copied_warehouse(code_lists_template, tmp_path / f"drops-{uuid.uuid4().hex}")
        )


def _season(folder: Path, seed: int, nights: int) -> Season:
    from yos_warehouse.server.connect import url

    source = f"case_{uuid.uuid4().hex[:8]}"
    _administer(f"create database {source}")
    try:
        source_url = url("admin", database=source, driver="postgresql+psycopg2")
        return make_season(folder / "season", source_url, seed, nights)
    finally:
        _administer(f"drop database {source} with (force)")


def _of(warehouse: Warehouse, *schemas: str, past: bool = False, **day) -> dict[str, Table]:
    """Who is who and the tables of some schemas; of the past only the tables."""
    who = {} if past else {"identity.person_link": same_marts.links(warehouse)}
    return who | same_marts.tables(warehouse, *schemas, **day)


def _must_hold_something(tables: dict[str, Table]) -> None:
    sizes = {name.partition(".")[2]: table.rows.total() for name, table in tables.items()}
    assert sizes["fct_outcome"] > 50
    assert sizes["fct_budget_line"] > 5


@pytest.mark.fault("F9", "R14")
def test_in_any_order_the_same_marts_and_the_same_past(make, tmp_path) -> None:
    """Three nights one by one, against all at once; and as at the second, against the build of the second night itself."""
    season = _season(tmp_path, CHANCE.randrange(1000), 3)
    first, second, last = season.nights
    nightly, at_once = make(), make()
    night(nightly, season, first, upto="identify")
    day = night(nightly, season, second, upto="models")
    assert day == second  # nothing of a later day has come
    then = _of(nightly, "build", past=True)
    night(nightly, season, last, upto="build")
    now = _of(nightly, "build")
    _must_hold_something(now)
    assert same_marts.differences(then, now) != []
    night(at_once, season, last, upto="models")
    assert same_marts.differences(now, _of(at_once, "build")) == []
    past = CHANCE.choice([nightly, at_once])
    assert same_marts.differences(then, _of(past, as_at(past, day), past=True, day=day)) == []
    _merge_and_undo(at_once, season, last)


def _merge_and_undo(warehouse: Warehouse, season: Season, last: date) -> None:
    """Two children said to be one, and not after all: keys and figures are exactly, without renaming, what they were."""
    from yos_warehouse.identity.decisions import decide, revoke
    from yos_warehouse.server.connect import transaction

    before = _exactly(warehouse)
    two = warehouse.query(
        "select distinct on (person_key) l.service_code, feed, entity, source_id from identity.person_link as l"
        " inner join build.fct_cohort_member using (person_key)"
        " where until is null and feed = 'case_system' and entity = 'person' order by person_key limit 2"
    )
    moment = datetime.combine(last, time(22), ZoneInfo("Europe/London"))
    with at_work_in(warehouse), transaction("identity") as connection:
        number = decide(connection, *two, "same", "A. Reviewer", "said to be one child", at=moment)
    night(warehouse, season, last, upto="models")
    assert _exactly(warehouse) != before
    with at_work_in(warehouse), transaction("identity") as connection:
        revoke(connection, number, "A. Reviewer", "and yet they are two", at=moment + timedelta(minutes=1))
    night(warehouse, season, last, upto="models")
    assert _exactly(warehouse) == before


def _exactly(warehouse: Warehouse) -> dict[str, str]:
    """Each table of the build and who is who, as they stand."""
    tables = [
        f'build."{name}"'
        for (name,) in warehouse.query(
            "select table_name from information_schema.tables where table_schema = 'build' and table_type = 'BASE TABLE'"
        )
    ]
    found = {}
    for table in (
        *tables,
        "(select service_code, feed, entity, source_id, person_key from identity.person_link where until is null)",
    ):
        (row,) = warehouse.query(f"select md5(string_agg(t::text, '|' order by t::text)) from {table} as t")
        found[table] = row[0]
    return found


@pytest.mark.fault("F9", "R14")
@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_thirty_nights_and_one_rebuild_and_every_past_day(make, tmp_path, seed, record_property) -> None:
    """Each night whole, published; then the rebuild of all, and for days between as-at against a rebuild of what was there."""
    season = _season(tmp_path, seed, 30)
    nightly, at_once = make(), make()
    for each in season.nights:
        night(nightly, season, each)
    now = _of(nightly, *PUBLISHED)
    _must_hold_something(now)
    night(at_once, season, season.nights[-1])
    assert same_marts.differences(now, _of(at_once, *PUBLISHED)) == []
    days = sorted(random.Random(seed).sample(season.nights[:-1], 6))
    record_property("as at", " ".join(day.isoformat() for day in days))
    for each in days:
        received_by_then = make()
        day = night(received_by_then, season, each, upto="build")
        then = _of(received_by_then, "build", past=True)
        for warehouse in (nightly, at_once):
            assert (
                same_marts.differences(then, _of(warehouse, as_at(warehouse, day), past=True, day=day)) == []
            )
