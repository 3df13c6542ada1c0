"""The board's budget of 2020/21, from the file it published to the mart.

The figures are those of Leicestershire and Rutland's board and appear in tests only, labelled as theirs.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

DAY = date(2020, 4, 1)
IN_KIND, OTHER, CORE, ALL = (Decimal(n) for n in (236_556, 2_172_909, 2_409_465, 2_706_165))


def test_the_board_s_budget_comes_out_as_it_printed_it(arrivals, shared) -> None:
    from yos_warehouse.orchestration import steps
    from yos_warehouse.orchestration.lease import close_run

    close_run(arrivals.run_id, "failed")
    arrivals.pack("finance", [shared / "golden" / "budget_2020_21.csv"], DAY)
    run_id = steps.open_run("nightly", "budget")
    counts = steps.load(run_id, "finance")
    assert (counts["accepted"], counts["quarantined"], counts["rejected_rows"]) == (10, 0, 0)
    for step in (steps.stage, steps.identify, steps.build, steps.publish):
        step(run_id)

    # what an analyst of the finance team sees
    sums = """
        select coalesce(sum(staffing_in_kind_gbp), 0), coalesce(sum(other_delegated_gbp), 0),
            coalesce(sum(total_gbp), 0), count(*)
        from marts.fct_budget_line
        where is_in_force and financial_year = '2020/21' and (funding_stream_code = 'core' or %s)
    """
    seen = {is_all: arrivals.warehouse.query(sums, (is_all,), role="finance")[0] for is_all in (False, True)}
    assert seen[False] == (IN_KIND, OTHER, CORE, 9)  # in kind once: not 473,112
    assert seen[True][2:] == (ALL, 10)
    labels = dict(
        arrivals.warehouse.query(
            "select contributor_name, total_gbp from marts.fct_budget_line"
            " inner join marts.dim_contributor using (contributor_key)",
            role="finance",
        )
    )
    assert labels["YJ Grant"] == 459_804
    assert labels["Police & Crime Commissioner"] == 169_781

    # the same sum in the mart of reports' own making: the finance line knows no other amounts
    ((units,),) = arrivals.query("select array_agg(distinct unit) from marts.publication")
    assert "finance" in units
