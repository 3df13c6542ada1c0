"""The finance feed of the fictional service through the whole door: all of it is let in but for the rows meant to be held."""

from __future__ import annotations

from datetime import date

from tests.door.conftest import Door

NIGHTS = (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 2), date(2026, 4, 30), date(2026, 5, 31))
# The canary's bad rows, in the first drop
HELD = {
    ("budget_line", "MONEY:other_delegated_gbp"): 1,
    ("budget_line", "REQUIRED:total_gbp"): 1,
    ("grant_condition", "DATE:due_date"): 1,
    ("ledger_posting", "DATE:posting_date"): 2,
    ("ledger_posting", "FIN-LED-06"): 1,
    ("ledger_posting", "MONEY:amount_gbp"): 1,
    ("ledger_posting", "REQUIRED:line_number"): 1,
    ("reserve_movement", "MONEY:amount_gbp"): 1,
}
CONTROL = """
    select count(*) from (
        select financial_year, period, ref.parse_money(total_gbp) as total, lines::int as lines, left(status, 3) as status
        from raw.finance__ledger_control_total where recorded_to is null
    ) as stated
    full join (
        select
            financial_year, period, left(status, 3) as status, count(*) as lines,
            sum(coalesce(
                ref.parse_money(nullif(amount_gbp, '')),
                coalesce(ref.parse_money(nullif(debit_gbp, '')), 0) - coalesce(ref.parse_money(nullif(credit_gbp, '')), 0)
            )) as total
        from raw.finance__ledger_posting
        where recorded_to is null
        group by 1, 2, 3
    ) as found using (financial_year, period, status)
    where stated.total is distinct from found.total or stated.lines is distinct from found.lines
"""


def test_every_drop_is_let_in_and_only_the_canarys_bad_rows_are_held(door: Door) -> None:
    from yos_warehouse.fictional.feeds import write_drops
    from yos_warehouse.fictional.world import make_world

    world = make_world(2, children=60, years=3, canary=True)
    for night in NIGHTS:
        write_drops(world, door.warehouse.drops, [night], ["finance"])
        (report,) = door.load("finance")
        assert (report.state, report.reason_code) == ("accepted", None), report.reason
        assert report.held_back == (HELD if night == NIGHTS[0] else {})
        assert not {key: count for key, count in report.reported.items() if count}, night
        assert door.query(CONTROL) == [(0,)]
