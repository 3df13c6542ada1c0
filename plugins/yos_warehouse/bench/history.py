"""A day's changes against the first load, and the same with twice the history (design.md 5).

The fictional service at its real size: its case system as a database of the benchmark's own, its partners'
files. What is timed is what the night does with them, step by step in this process; reading the source and
writing the files is the source's affair.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from yos_warehouse.bench.measure import Measure, at_most, note, seconds_of
from yos_warehouse.bench.place import own_database, own_warehouse, settle
from yos_warehouse.door.great_expectations_gate import warm_up
from yos_warehouse.fictional.case_system import create_case_system
from yos_warehouse.fictional.feeds import history_nights, write_drops
from yos_warehouse.fictional.world import World, make_world
from yos_warehouse.identity import crosswalk
from yos_warehouse.orchestration import steps
from yos_warehouse.server.connect import url
from yos_warehouse.sources.case_system import extract
from yos_warehouse.sources.contract import contracts

LONDON = ZoneInfo("Europe/London")
SOURCE = "bench_source"
# What the budget counts: landing with its checks, history, identity.
COUNTED = ("load case_system", "load police", "load education", "load finance", "load published", "identify")
__all__ = ["crosswalk", "measure_history"]  # imported here, so that no measure counts its import


@dataclass
class Nights:
    """Seconds per step: the first night, and the nights after it."""

    first: dict[str, float] = field(default_factory=dict)
    days: list[dict[str, float]] = field(default_factory=list)

    def day(self, *names: str) -> float:
        """Seconds in these steps: the median of the nights that took them all."""
        return median(sum(day[name] for name in names) for day in self.days if day.keys() >= {*names})

    def first_of(self, *names: str) -> float:
        """The first night's seconds in these steps."""
        return sum(self.first[name] for name in names)


def measure_history(children: int, years: int, days: int) -> list[Measure]:
    """Nights over this many children and years, and over twice as many of both (the same children a year).

    Args:
        days: how many nights after the first; the median counts, and the last one builds and publishes.
    """
    warm_up()
    once = _nights(children, years, days)
    twice = _nights(2 * children, 2 * years, days)
    share = once.day(*COUNTED) / once.first_of(*COUNTED)
    grown = twice.day(*COUNTED) / once.day(*COUNTED)
    house = twice.day("build", "publish") / once.day("build", "publish")
    return [
        at_most("history: a day's changes", share, "of the first load (landing, history, identity)", 0.2),
        at_most("history: twice of it, the same day", grown, "times (landing, history, identity)", 1.1),
        at_most("history: twice of it, the house", house, "times (build and publication)", 2.2),
    ]


def _nights(children: int, years: int, days: int) -> Nights:
    world = make_world(1, children=children, years=years, days_after=days + 30)
    night0 = world.setting.night0
    nights = Nights()
    with own_warehouse("history") as drops, own_database(SOURCE, create=True):
        write_drops(world, drops, history_nights(world))
        _extract(world, night0, drops)
        nights.first = _night()
        for number in range(1, days + 1):
            day = night0 + timedelta(days=number)
            write_drops(world, drops, [day])
            _extract(world, day, drops)
            nights.days.append(_night(is_published=number == days))
    note(f"{children:,} children, {years} years, seconds of the first night and of the {days} after it:")
    for name in nights.first:
        later = " ".join(f"{one[name]:6.2f}" if name in one else "     -" for one in nights.days)
        note(f"  {name:<17} {nights.first[name]:7.2f}   {later}")
    return nights


def _extract(world: World, day: date, drops: Path) -> None:
    create_case_system(url("admin", database=SOURCE, driver="postgresql+psycopg2"), world, day)
    extract(
        contracts()["case_system"],
        url("admin", database=SOURCE, driver="postgresql+psycopg2"),
        day,
        datetime.combine(day, time(20), LONDON),
        drops,
    )


def _night(*, is_published: bool = True) -> dict[str, float]:
    settle()
    run_id = steps.open_run("nightly", "bench")
    assert run_id is not None
    spent = {}
    house = ("build", "publish") if is_published else ()
    with redirect_stdout(io.StringIO()):  # dbt tells every model
        for feed in contracts():
            spent[f"load {feed}"] = seconds_of(lambda feed=feed: steps.load(run_id, feed))  # type: ignore[misc]
        for name in ("stage", "identify", *house):
            spent[name] = seconds_of(lambda name=name: getattr(steps, name)(run_id))  # type: ignore[misc]
    steps.close_run(run_id, "succeeded")
    return spent
