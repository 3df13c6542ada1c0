"""Received figures of the fictional service and its comparators, all invented.

What the Ministry is said to have published by the end of a quarter: first-time entrants and custody over twelve months,
reoffending of three-month cohorts and of four of them together. Later than the local figures, and never quite the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import yaml

from yos_warehouse.fictional import people
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.world import World
from yos_warehouse.settings import SERVICES_DIR

HEADER = (
    "document", "indicator_id", "basis", "area_kind", "area_name", "period_name", "first_day", "last_day",
    "printed_value", "unit", "numerator", "denominator", "comparison_printed", "target", "note", "is_suspect",
)  # fmt: skip
DOCUMENT = "Fictional quarterly summary"
QUARTERS_BACK = 12  # in the first drop; later ones bring one quarter


class Published(NamedTuple):
    """An indicator as the Ministry publishes it.

    Attributes:
        months: length of a period.
        lag: months from a period's end to its publication, whole quarters.
        scale: of the rate; 100 is per cent of the cohort, otherwise of the children aged 10 to 17.
        level: what the service's figure lies around.
        others: factor of each comparator, in the order of ``COMPARATORS``.
    """

    indicator: str
    basis: str
    months: int
    lag: int
    unit: str
    scale: int
    decimals: int
    level: float
    others: tuple[float, ...]


COMPARATORS = (
    ("REGION", ""), ("FAMILY", "YOT family"), ("ENGLAND", "England"), ("ENGLAND_AND_WALES", "England and Wales"),
)  # fmt: skip
PUBLISHED = (
    Published("first_time_entrants_rate", "PNC_PUBLISHED", 12, 6, "per_100000", 100_000, 0, 165, (1.2, 1.0, 1.3, 1.29)),
    Published("custody_rate", "PNC_PUBLISHED", 12, 6, "per_1000", 1000, 2, 0.13, (1.4, 1.1, 1.3, 1.28)),
    Published("reoffending_binary_rate", "PNC 3-month cohort", 3, 21, "pct", 100, 1, 34, (1.05, 0.98, 1.0, 1.0)),
    Published("reoffending_binary_rate", "PNC aggregated quarterly", 12, 21, "pct", 100, 1, 34, (1.05, 0.98, 1.0, 1.0)),
)  # fmt: skip


def quarter_end(day: date) -> bool:
    """Whether the day is the last of a calendar quarter."""
    return day.month % 3 == 0 and (day + timedelta(days=1)).day == 1


def published_drop(world: World, night: date) -> DropFiles:
    """The received figures of a quarter's end: three years of them at first, afterwards what is new."""
    drop = DropFiles("published")
    first = night < _months_on(world.setting.night0, 3)
    rows = [
        row
        for back in range(QUARTERS_BACK if first else 1)
        for published in PUBLISHED
        for row in _rows(world, published, _months_on(night, -3 * back))
    ]
    if first and world.canary:
        rows[0][HEADER.index("note")] = f"asked for by {world.canary.given} {world.canary.family}"
    drop.add_csv(f"published_{night:%Y_%m}.csv", HEADER, rows)
    return drop


def _rows(world: World, published: Published, out: date) -> Iterator[list[Any]]:
    """One period in all areas, published by the end of the quarter ``out``."""
    last = _months_on(out, -published.lag)
    first = _months_on(last, -published.months) + timedelta(days=1)
    source = people.rng(
        world.setting.seed, "published", published.indicator, published.basis, last.isoformat()
    )
    config = yaml.safe_load((SERVICES_DIR / f"{world.setting.service}.yml").read_text("utf-8"))
    of = source.randint(18, 45) * published.months // 3 if published.scale == 100 else _children(config, last)
    count = max(1, round(published.level * source.uniform(0.85, 1.15) / published.scale * of))
    level = Decimal(count) / of * published.scale
    whole = " and ".join(sorted(area["name"] for area in config["areas"]))
    period = f"{first:%b %Y}-{last:%b %Y}" if published.months == 12 else f"{first:%b}-{last:%b %Y}"

    def row(kind: str, name: str, value: Decimal, counted: int | None, base: int | None) -> list[Any]:
        shown = value.quantize(Decimal(1).scaleb(-published.decimals), ROUND_HALF_UP)
        return [
            DOCUMENT, published.indicator, published.basis, kind, name, period, first.isoformat(),
            last.isoformat(), shown, published.unit, counted, base, "", "", "FICTIONAL", "",
        ]  # fmt: skip

    yield row("SERVICE", whole, level, count, of)
    steady = Decimal(str(published.level))
    for (kind, name), factor in zip(COMPARATORS, published.others, strict=True):
        value = steady * Decimal(str(round(factor * source.uniform(0.98, 1.02), 4)))
        yield row(kind, name or config["region"], value, None, None)


def _children(config: dict[str, Any], last: date) -> int:
    """Children aged 10 to 17 of the service: the newest mid-year before the period's last year, as last revised."""
    estimates = [one for one in config["population_10_17"] if one["mid_year"] < last.year]
    newest = max(estimates, key=lambda one: (one["mid_year"], one["released_on"]))
    return sum(newest["districts"].values())


def _months_on(day: date, months: int) -> date:
    """The last day of the month so many months later."""
    year, month = divmod(day.year * 12 + day.month + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)
