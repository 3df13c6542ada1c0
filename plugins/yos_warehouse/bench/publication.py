"""Publication against a bare CREATE TABLE AS of the same marts: the first load, and a night with one per cent changed."""

from __future__ import annotations

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
        run_id = marts.build(0)
        bare = min(_settled(marts.copy_bare) for _ in range(3))
        first = _settled(lambda: publish(run_id))
        changed = []
        for night in range(1, nights + 1):
            run_id = marts.build(night)
            changed.append(_settled(lambda run=run_id: publish(run)))  # type: ignore[misc]
    note(
        f"{rows:,} rows of fact: bare {bare:.2f} s, first load {first:.2f}, "
        f"1 % changed {', '.join(f'{one:.2f}' for one in changed)}"
    )
    return [
        at_most("publication: first load", first / bare, UNIT, 6),
        at_most("publication: 1 % changed", median(changed) / bare, UNIT, 4),
    ]


def _settled(work) -> float:  # type: ignore[no-untyped-def]
    settle()
    return seconds_of(work)
