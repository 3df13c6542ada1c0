"""The finance feed: budgets, both ledgers, what partners owe and pay, reserves, grants and the Ministry's table, by month.

A drop speaks of its month, the first one of all months since April two years before. Some months' ledgers come again.
"""

from __future__ import annotations

from datetime import date

from yos_warehouse.fictional.budget_files import add_budgets
from yos_warehouse.fictional.drop_files import DropFiles
from yos_warehouse.fictional.finance_calendar import (
    first_finance_night,
    month_of,
    month_sent_again,
    months_of_drop,
)
from yos_warehouse.fictional.grant_files import add_grants
from yos_warehouse.fictional.ledger_files import add_ledgers, ledgers_again
from yos_warehouse.fictional.outturn_files import add_outturn
from yos_warehouse.fictional.partner_files import add_partners
from yos_warehouse.fictional.reserve_files import add_reserves
from yos_warehouse.fictional.world import World


def finance_drop(world: World, night: date) -> DropFiles | None:
    """What comes on a night: a month at its end, its ledgers a second time two days later, otherwise nothing."""
    if again := month_sent_again(world, night):
        return ledgers_again(world, again)
    first = first_finance_night(world)
    if night != month_of(night).last or night < first:
        return None
    drop = DropFiles("finance")
    told = months_of_drop(world, night)
    add_budgets(world, told, drop, with_bad_rows=night == first)
    add_ledgers(world, night, drop)
    add_partners(world, told, drop)
    add_reserves(world, told, drop)
    add_grants(world, told, drop)
    add_outturn(world, told, drop)
    return drop
