"""Postings and plans with what their codes mean, and their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from tests.oracle.finance import codes, years
from tests.oracle.finance.facts import Planned, Posting, World

SPENT = ("ACTUAL", "ACCRUAL")


@dataclass(frozen=True)
class Line:
    """A posting as the star knows it. Nothing free is in it: an unknown word is UNMAPPED or NOT_KNOWN."""

    posting: Posting

    @cached_property
    def account(self) -> codes.Account:
        """Dated by the last day of its period, not by its own day."""
        return codes.account(self.posting.subjective, years.last_day(self.posting.year, self.posting.period))

    @property
    def account_key(self) -> str:
        return codes.UNMAPPED if self.account is codes.NO_ACCOUNT else self.account.key

    @property
    def programme(self) -> str:
        return codes.programme(self.posting.project)

    @property
    def cost_centre(self) -> str:
        return codes.known(self.posting.cost_centre, "ref_cost_centre", "cost_centre_code")

    @property
    def status(self) -> str:
        return codes.mapped("map_ledger_status", "status_code")[self.posting.status.upper()]

    @property
    def source(self) -> str:
        word = self.posting.source
        if word is None:
            return "NOT_STATED"
        return codes.mapped("map_ledger_source", "source_code").get(word.upper(), codes.NOT_KNOWN)

    @property
    def supplier_category(self) -> str:
        """What the ledger says, else staff of the payroll, else what the account usually is; never a name."""
        stated = (self.posting.supplier_type or "").upper()
        if stated in codes.members("code_supplier_category", "code", service=False):
            return stated
        if self.source == "PAYROLL":
            return "EMPLOYEES"
        return self.account.supplier_category or codes.NOT_KNOWN

    @property
    def is_spent(self) -> bool:
        """A commitment is not spent yet."""
        return self.status in SPENT


@dataclass(frozen=True)
class Plan:
    """A line of the ledger's own budget; of a year the newest version counts. Its account is that of the year's end."""

    planned: Planned
    is_in_force: bool

    @cached_property
    def account(self) -> codes.Account:
        return codes.account(self.planned.subjective, years.last_day(self.planned.year, years.LAST_PERIOD))

    @property
    def account_key(self) -> str:
        return codes.UNMAPPED if self.account is codes.NO_ACCOUNT else self.account.key

    @property
    def programme(self) -> str:
        return codes.programme(self.planned.project)

    @property
    def cost_centre(self) -> str:
        return codes.known(self.planned.cost_centre, "ref_cost_centre", "cost_centre_code")


def lines(world: World) -> list[Line]:
    """All postings; none is dropped."""
    return [Line(posting) for posting in world.postings]


def plans(world: World) -> list[Plan]:
    """All plan lines of all versions."""
    newest: dict[int, int] = {}
    for planned in world.planned:
        newest[planned.year] = max(planned.version, newest.get(planned.year, 0))
    return [Plan(planned, planned.version == newest[planned.year]) for planned in world.planned]


def total(
    these: Iterable[Line], year: int, periods: Iterable[int], belongs: Callable[[Line], bool]
) -> Decimal:
    """Sum of the lines of some periods of a year."""
    wanted = set(periods)
    return sum(
        (
            line.posting.amount
            for line in these
            if line.posting.year == year and line.posting.period in wanted and belongs(line)
        ),
        years.NOTHING,
    )
