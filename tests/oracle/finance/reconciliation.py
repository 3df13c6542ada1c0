"""Stated totals against what adds up, to the penny; the budget and the ledger are never equated (issue 5, 2.4)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from tests.oracle.finance import budget, ledger, reserves, years
from tests.oracle.finance.facts import Movement, World

Checks = dict[tuple[str, str, int, str, str], dict[str, Any]]  # check, year, period, version, subject
NO_PERIOD, NO_VERSION, WHOLE = 0, "", "ALL"


def report(world: World) -> Checks:
    """Every check that is made."""
    return {**_budget(world), **_control(world), **_balances(world)}


def _check(
    expected: Decimal | None, found: Decimal, lines: tuple[int | None, int | None] = (None, None)
) -> dict[str, Any]:
    stated_lines, found_lines = lines
    is_right = expected == found and stated_lines in (None, found_lines)
    return {
        "expected_gbp": expected,
        "found_gbp": found,
        "difference_gbp": None if expected is None else found - expected,
        "outcome_code": "NOTHING_TO_COMPARE" if expected is None else "AGREES" if is_right else "DIFFERS",
    }


def _budget(world: World) -> Checks:
    """(a) a line, the columns of a version, and what the board prints under them."""
    found: Checks = {}
    stated: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(dict)
    for said in world.stated_totals:
        stated[said.year, said.version][said.code] = said.amount
    table = budget.versions(world)
    for year, version in {*table, *stated}:
        these = table.get((year, version), [])
        key = (years.name(year), NO_PERIOD, str(version))
        for line in these:
            found["BUDGET_AGENCY", *key, line.contributor] = _check(line.total, budget.single(line))
        if these:
            columns = sum((line.in_kind for line in these), years.NOTHING) + sum(
                (line.other for line in these), years.NOTHING
            )
            found["BUDGET_COLUMNS", *key, WHOLE] = _check(sum(line.total for line in these), columns)
        sums = budget.totals(these)
        said_here = stated.get((year, version), {})
        for code, amount in said_here.items():
            found["BUDGET_STATED", *key, code] = _check(amount, sums[code])
        if "CORE" not in said_here:
            found["BUDGET_STATED", *key, "CORE"] = _check(None, sums["CORE"])
    return found


def _control(world: World) -> Checks:
    """(b) the postings of a period against what the ledger says it adds up to, each status by itself."""
    sums: dict[tuple[int, int, str], list[Decimal]] = defaultdict(list)
    for line in ledger.lines(world):
        sums[line.posting.year, line.posting.period, line.status].append(line.posting.amount)
    stated = {(c.year, c.period, c.status): c for c in world.control_totals}
    found: Checks = {}
    for year, period, status in {*sums, *stated}:
        amounts = sums.get((year, period, status), [])
        said = stated.get((year, period, status))
        found["LEDGER_CONTROL", years.name(year), period, NO_VERSION, status] = _check(
            said and said.total, sum(amounts, years.NOTHING), (said and said.lines, len(amounts))
        )
    return found


def _balances(world: World) -> Checks:
    """The balance that a reserve states after a movement, against the movements made until then.

    An opening says what there is: it is held against what the reserve came to before, and the sum goes on from it.
    """
    by_reserve: dict[str, list[Movement]] = defaultdict(list)
    for m in world.movements:
        if m.status == "MADE":
            by_reserve[reserves.code(m)].append(m)
    found: Checks = {}
    for reserve, movements in by_reserve.items():
        balance: Decimal | None = None
        for m in sorted(movements, key=lambda m: (m.year, m.period, m.day, m.number)):
            stated, before = m.balance, balance
            if m.kind == "OPENING":
                stated = m.amount if stated is None else stated
                balance = m.amount
            else:
                balance = (balance or years.NOTHING) + m.amount
            if stated is not None:
                key = ("RESERVE_BALANCE", years.name(m.year), m.period, NO_VERSION, reserve)
                is_told_before = m.kind == "OPENING" and before is not None
                found[key] = _check(stated, before if is_told_before and before is not None else balance)
    return found
