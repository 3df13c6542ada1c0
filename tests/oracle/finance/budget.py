"""The budget: which version is in force, the same money once, and the table as the board prints it (domain.md 6.1)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from tests.oracle.finance import codes, years
from tests.oracle.finance.facts import BudgetLine, World


def versions(world: World) -> dict[tuple[int, int], list[BudgetLine]]:
    """Lines by year and version, in the order of the file."""
    found: dict[tuple[int, int], list[BudgetLine]] = defaultdict(list)
    for line in world.budget_lines:
        found[line.year, line.version].append(line)
    return found


def in_force(world: World, year: int) -> list[BudgetLine]:
    """The newest version by its number."""
    newest = max((line.version for line in world.budget_lines if line.year == year), default=0)
    return versions(world).get((year, newest), [])


def single(line: BudgetLine) -> Decimal:
    """Staffing in kind once, and the money."""
    return line.in_kind + line.other


def programme(line: BudgetLine) -> str:
    """Core money, or the programme that is named, or the one the contributor stands for."""
    if line.stream == "core":
        return codes.CORE
    return codes.programme(line.programme or line.contributor)


def totals(these: list[BudgetLine]) -> dict[str, Decimal]:
    """The totals that a board prints: under its columns of core money, beside them, and of everything."""
    core = [line for line in these if line.stream == "core"]
    return {
        "STAFFING_IN_KIND": sum((line.in_kind for line in core), years.NOTHING),
        "OTHER_DELEGATED": sum((line.other for line in core), years.NOTHING),
        "CORE": sum(map(single, core), years.NOTHING),
        "ALL": sum(map(single, these), years.NOTHING),
    }


def cash(world: World, year: int) -> Decimal | None:
    """The year's budget in cash: seconded staff are in no ledger."""
    these = in_force(world, year)
    return sum((line.other for line in these), years.NOTHING) if these else None


def funder_shares(world: World) -> dict[tuple[str, str], dict[str, Any]]:
    """What each contributor is of the core budget in force, with the reserve and without it."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for year in {line.year for line in world.budget_lines}:
        core = [line for line in in_force(world, year) if line.stream == "core"]
        whole = sum(map(single, core), years.NOTHING)
        own = codes.reserves_among_contributors()
        without = sum((single(line) for line in core if line.contributor not in own), years.NOTHING)
        for line in core:
            found[years.name(year), line.contributor] = {
                "core_gbp": single(line),
                "core_total_gbp": whole,
                "share_pct": years.per_cent(single(line), whole),
                "share_without_reserve_pct": None
                if line.contributor in own
                else years.per_cent(single(line), without),
            }
    return found


def printed_rows(world: World) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """The board's table by year, version, kind of row and contributor; totals are of nobody ('')."""
    found: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for (year, version), these in versions(world).items():
        core = [line for line in these if line.stream == "core"]
        more = [line for line in these if line.stream != "core"]
        key = (years.name(year), str(version))
        is_in_force = these == in_force(world, year)
        for kind, rows in (("CONTRIBUTOR", core), ("ADDITIONAL", more)):
            for line in rows:
                found[*key, kind, line.contributor] = _row(
                    [line], is_in_force, has_columns=kind == "CONTRIBUTOR"
                )
        found[*key, "CORE_TOTAL", ""] = _row(core, is_in_force, has_columns=True)
        found[*key, "GRAND_TOTAL", ""] = _row(these, is_in_force, has_columns=False)
    return found


def _row(these: list[BudgetLine], is_in_force: bool, *, has_columns: bool) -> dict[str, Any]:
    """Nothing is printed where nothing is given, and below the core table nothing but the total."""
    in_kind = sum((line.in_kind for line in these), years.NOTHING)
    other = sum((line.other for line in these), years.NOTHING)
    printed = in_kind or None if has_columns else None
    return {
        "is_in_force": is_in_force,
        "printed_staffing_costs_gbp": printed,
        "printed_payments_in_kind_gbp": printed,
        "staffing_in_kind_gbp": in_kind,
        "other_delegated_gbp": other,
        "total_gbp": in_kind + other,
    }
