"""The path of each reserve, and whether the balances it states are what it adds up to."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.oracle.finance import codes, years
from tests.oracle.finance.facts import Movement, World

Path = dict[tuple[str, int], dict[str, Any]]


def code(movement: Movement) -> str:
    """Known from the list of reserves, or UNMAPPED."""
    return codes.known(movement.reserve, "ref_reserve", "reserve_code")


def path(world: World) -> Path:
    """By reserve and period in which anything moves or is planned to: what it began and ended with."""
    by_reserve: dict[str, dict[int, list[Movement]]] = defaultdict(lambda: defaultdict(list))
    for m in world.movements:
        by_reserve[code(m)][years.period_key(m.year, m.period)].append(m)
    found: Path = {}
    for reserve, periods in by_reserve.items():
        balance = years.NOTHING
        for period in sorted(periods):
            sums = {
                kind: sum((m.amount for m in periods[period] if m.kind == kind), years.NOTHING)
                for kind in ("OPENING", "ADDED", "USED")
            }
            opening = balance + sums["OPENING"]
            balance = opening + sums["ADDED"] + sums["USED"]
            found[reserve, period] = {
                "opening_gbp": opening,
                "added_gbp": sums["ADDED"],
                "used_gbp": sums["USED"],
                "closing_gbp": balance,
                "is_planned": any(m.status == "PLANNED" for m in periods[period]),
            }
    return found
