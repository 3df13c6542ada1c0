"""Publication against a bare CREATE TABLE AS of the same marts: the first load, and a night with one per cent changed."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from yos_warehouse.bench.marts import Marts
from yos_warehouse.bench.measure import Measure, at_most, note, seconds_of
from yos_warehouse.bench.place import own_warehouse, settle
from yos_warehouse.build.publish import publish

UNIT = "times a bare CREATE TABLE AS"


def measure_publication(rows: int, nights: int = 3) -> list[Measure]:
    """Publish a first night and ``nights`` further ones of which each changes one per cent of child and fact.

    Args:
        rows: of the fact; a tenth as many children.
        nights: the median of these counts.
    """
    with own_warehouse("publication"):
        marts = Marts(rows)
        marts.create()
        first = _ratio(marts, 0)
        changed = [_ratio(marts, night) for night in range(1, nights + 1)]
    return [
        at_most("publication: first load", first, UNIT, 6),
        at_most("publication: 1 % changed", median(changed), UNIT, 4),
    ]


def _ratio(marts: Marts, night: int) -> float:
    """One night's publication in units of the bare copy of the same build, made just before."""
    run_id = marts.build(night)
    bare = min(_settled(marts.copy_bare) for _ in range(2))
    spent = _settled(lambda: publish(run_id))
    note(f"{marts.rows:,} rows of fact, night {night}: bare {bare:.2f} s, publication {spent:.2f}")
    return spent / bare


def _settled(work: Callable[[], object]) -> float:
    settle()
    return seconds_of(work)
