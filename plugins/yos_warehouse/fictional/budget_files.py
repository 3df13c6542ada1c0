"""The budget of a year by contributor, the totals printed under it, and the ledger's plan for the same money.

Seconded staff are paid in kind and never in the ledger (domain.md 2.7). A budget is made in April with the grant not yet
confirmed, revised in September when the grant comes at another amount, and once more in March.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.amounts import pennies, share_out
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.finance_calendar import Month, year_name
from yos_warehouse.fictional.world import World

VERSIONS = ("1", "2", "3")
NEW_LAYOUT_SINCE = 2025  # payments in kind printed a second time, and the programme
OLD_HEADER = (
    "financial_year", "version", "status", "contributor", "funding_stream", "staffing_in_kind_gbp",
    "other_delegated_gbp", "total_gbp", "printed_label",
)  # fmt: skip
HEADER = (
    "Financial year", "Version", "Status", "Agency", "Funding stream", "Programme", "Staffing costs", "Payments in kind",
    "Other delegated funds", "Total", "Printed as",
)  # fmt: skip
TOTAL_HEADER = ("financial_year", "version", "total_code", "amount_gbp")
PLAN_HEADER = ("Financial year", "Version", "Cost centre", "Subjective", "Project", "Budget")

# Shares of a year's spending in ten-thousandths. What stands at one cost centre only is named with it.
CENTRE_SHARES = {"YJ100": 42, "YJ200": 22, "YJ300": 24, "YJ400": 12}
SPENDING_SHARES = {
    "A1000": 52, "A1100": 6, "A1200": 10, "A1900": 5, "B3000": 2, "B3100": 3, "C4000": 4, "D5000": 7, "D5100": 1,
    "D5200": 5, "E6000": 2, "E6100": 1, "F7000": 2,
}  # fmt: skip
ONLY_AT = {
    "A1900": ("YJ100",), "B3000": ("YJ100", "YJ200", "YJ400"), "B3100": ("YJ100", "YJ400"), "C4000": ("YJ300",),
    "D5000": ("YJ100", "YJ200", "YJ400"), "D5100": ("YJ100", "YJ200"), "D5200": ("YJ100",), "E6000": ("YJ300",),
    "E6100": ("YJ300",), "F7000": ("YJ300",),
}  # fmt: skip
# Contributor of an additional line -> where its money is spent
ADDITIONAL_SHARES: dict[str, dict[tuple[str, str, str], int]] = {
    "stepping_stones": {
        ("YJ200", "A1000", "SS100"): 40, ("YJ200", "B3000", "SS100"): 3, ("YJ200", "D5000", "SS100"): 35,
        ("YJ200", "D5000", "SS200"): 18, ("YJ300", "E6100", "SS200"): 4,
    },
    "bright_doors": {("YJ200", "D5000", "BD100"): 80, ("YJ100", "B3100", "BD100"): 20},
}  # fmt: skip

Place = tuple[str, str, str]  # cost centre, subjective, project


class Line(NamedTuple):
    """One contributor's line: in kind and other delegated funds in pounds, as the board prints it (2025/26)."""

    contributor: str
    stream: str
    in_kind: Decimal
    cash: Decimal
    label: str
    programme: str = ""

    @property
    def total(self) -> Decimal:
        """What is printed in the last column: payments in kind count once."""
        return self.in_kind + self.cash

    @property
    def is_reserve(self) -> bool:
        """Whether it is the service's own money."""
        return codes.CONTRIBUTORS[self.contributor][1]


LINES = tuple(
    Line(contributor, stream, Decimal(in_kind), Decimal(cash), label, programme)
    for contributor, stream, in_kind, cash, label, programme in (
        ("police_and_crime_commissioner", "core", 96400, 81250, "Police & Crime Commissioner", ""),
        ("probation_service", "core", 71900, 10000, "Probation Service", ""),
        ("health", "core", 68350, 52100, "Health", ""),
        ("local_authority_chief_executives", "core", 0, 281700, "Local Authority: Chief Executives", ""),
        ("local_authority_children_services", "core", 0, 998400, "Local Authority: Children's Services", ""),
        ("local_authority_reserve_allocated", "core", 0, 120000, "Local Authority: Reserve (allocated)", ""),
        ("rushmere", "core", 0, 64000, "Local Authority: Rushmere", ""),
        ("youth_justice_grant", "core", 0, 471350, "YJ Grant", ""),
        ("stepping_stones", "additional", 0, 248000, "STEPPING STONES", "STEPPING_STONES"),
        ("bright_doors", "additional", 0, 36500, "BRIGHT DOORS GRANT", "GRANTS"),
    )
)
GRANT = "youth_justice_grant"
GRANT_CONFIRMED_AT = Decimal("1.01373")  # of what the first version says
REVISED_IN_MARCH = {"local_authority_reserve_allocated": Decimal(15000), "health": Decimal("-1250.50")}


def told_in(first: int, version: str) -> Month:
    """The month in which a version was agreed."""
    return {"1": Month(first, 4), "2": Month(first, 9), "3": Month(first + 1, 3)}[version]


def budget(first: int, version: str = "1") -> list[Line]:
    """One version of the budget of the year that starts in ``first``: two per cent a year away from that of 2025/26."""
    factor = Decimal(100 + 2 * (first - 2025)) / 100
    lines = []
    for line in LINES:
        in_kind, cash = (Decimal(int(amount * factor)) for amount in (line.in_kind, line.cash))
        if line.contributor == GRANT and version != "1":
            cash = pennies(cash * GRANT_CONFIRMED_AT)
        if version == "3":
            cash += REVISED_IN_MARCH.get(line.contributor, Decimal(0))
        lines.append(line._replace(in_kind=in_kind, cash=cash))
    return lines


def cash_budget(first: int, version: str) -> Decimal:
    """All that is not paid in kind."""
    return sum((line.cash for line in budget(first, version)), Decimal(0))


def fees(first: int) -> Decimal:
    """Fees and charges of a year: income that no contributor brings."""
    return Decimal(12000 + 240 * (first - 2025))


def plan(first: int, version: str = "1") -> dict[Place, Decimal]:
    """The ledger's plan of a year: spending less fees is the cash budget, all of it together is nothing."""
    lines = budget(first, version)
    planned: dict[Place, Decimal] = {}
    for line in lines:
        if line.contributor in ADDITIONAL_SHARES:
            shares = ADDITIONAL_SHARES[line.contributor]
            planned |= dict(zip(shares, share_out(line.cash, list(shares.values())), strict=True))
    core = sum((line.cash for line in lines if line.stream == "core"), fees(first))
    places: dict[Place, int] = {}
    for subjective, share in SPENDING_SHARES.items():
        centres = ONLY_AT.get(subjective, tuple(CENTRE_SHARES))
        whole = sum(CENTRE_SHARES[centre] for centre in centres)
        for centre in centres:
            places[centre, subjective, ""] = share * 10000 * CENTRE_SHARES[centre] // whole
    planned |= dict(zip(places, share_out(core, list(places.values())), strict=True))
    for line in lines:
        income = "G9000" if line.contributor == GRANT else "G9300" if line.is_reserve else "G9100"
        planned["YJ300", income, ""] = planned.get(("YJ300", income, ""), Decimal(0)) - line.cash
    planned["YJ300", "G9200", ""] = -fees(first)
    return planned


def budget_rows(first: int, version: str) -> list[list[Any]]:
    """One version as the year's layout has it; while the grant is not confirmed its line is INDICATIVE."""
    rows: list[list[Any]] = []
    for line in budget(first, version):
        status = "INDICATIVE" if line.contributor == GRANT and version == "1" else "CONFIRMED"
        start = [year_name(first), version, status, line.contributor, line.stream]
        if first < NEW_LAYOUT_SINCE:
            rows.append([*start, line.in_kind, line.cash, line.total, line.label])
        else:
            amounts = [f"{amount:,}" for amount in (line.in_kind, line.in_kind, line.cash, line.total)]
            rows.append([*start, line.programme, *amounts, line.label])
    return rows


def total_rows(first: int, version: str) -> list[list[Any]]:
    """What is printed under the table: the columns of the core budget, the core budget, and all of it."""
    lines = budget(first, version)
    core = [line for line in lines if line.stream == "core"]
    totals = {
        "STAFFING_IN_KIND": sum(line.in_kind for line in core),
        "OTHER_DELEGATED": sum(line.cash for line in core),
        "CORE": sum(line.total for line in core),
        "ALL": sum(line.total for line in lines),
    }
    return [[year_name(first), version, code, f"£{amount:,}"] for code, amount in totals.items()]


def plan_rows(first: int, version: str) -> list[list[Any]]:
    """The ledger's plan under one version."""
    return [[year_name(first), version, *place, amount] for place, amount in plan(first, version).items()]


def add_budgets(world: World, months: Iterable[Month], drop: DropFiles, *, with_bad_rows: bool) -> None:
    """Add the versions that were agreed in the months."""
    told = set(months)
    for first in sorted({month.first for month in told}):
        for version in VERSIONS:
            if told_in(first, version) not in told:
                continue
            name = f"{year_name(first).replace('/', '_')}_v{version}"
            rows = budget_rows(first, version)
            if with_bad_rows and first == max(told).first and version == "1":
                for bad in world.bad_rows.get("budget", []):
                    rows.append(
                        [
                            year_name(first),
                            "1",
                            "CONFIRMED",
                            "gift",
                            "core",
                            "",
                            0,
                            0,
                            "many",
                            "",
                            bad["text"],
                        ]
                    )
            drop.add_csv(f"budget_{name}.csv", OLD_HEADER if first < NEW_LAYOUT_SINCE else HEADER, rows)
            drop.add_csv(f"stated_total_{name}.csv", TOTAL_HEADER, total_rows(first, version))
            drop.add_csv(f"planned_spending_{name}.csv", PLAN_HEADER, plan_rows(first, version))
