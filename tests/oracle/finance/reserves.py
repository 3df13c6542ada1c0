"""The path of each reserve, and whether the balances it states are what it adds up to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from tests.oracle.finance import codes, years
from tests.oracle.finance.facts import Movement, World

Path = dict[tuple[str, int], dict[str, Any]]


def code(movement: Movement) -> str:
    """Known from the list of reserves, or UNMAPPED."""
    return codes.known(movement.reserve, "ref_reserve", "reserve_code")


def path(world: World, as_at: date) -> Path:
    """By reserve and period, from its first movement to its last or the end of the year: what it began and ended with.

    What was planned up to the day and not made did not happen. Adjustments have a row where there is a movement.
    """
    by_reserve: dict[str, dict[int, list[Movement]]] = defaultdict(lambda: defaultdict(list))
    for m in world.movements:
        if m.status == "PLANNED" and (m.day <= as_at or m.kind == "OPENING"):
            continue
        by_reserve[code(m)][years.period_key(m.year, m.period)].append(m)
    found: Path = {}
    for reserve, periods in by_reserve.items():
        balance, is_planned = years.NOTHING, False
        until = max(*periods, years.period_key(years.year_of(as_at), years.LAST_MONTH))
        every = range(min(periods), until + 1)
        for period in (p for p in every if 1 <= p % 100 <= years.LAST_MONTH or p in periods):
            moved = periods.get(period, [])
            is_planned = is_planned or any(m.status == "PLANNED" for m in moved)
            sums = {
                kind: sum((m.amount for m in moved if m.kind == kind), years.NOTHING)
                for kind in ("OPENING", "ADDED", "USED")
            }
            is_opened = any(m.kind == "OPENING" for m in moved)
            opening = sums["OPENING"] if is_opened else balance
            balance = opening + sums["ADDED"] + sums["USED"]
            found[reserve, period] = {
                "opening_gbp": opening,
                "added_gbp": sums["ADDED"],
                "used_gbp": sums["USED"],
                "closing_gbp": balance,
                "is_planned": is_planned,
            }
    return found
