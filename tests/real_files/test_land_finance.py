"""Two public tables of money from the file to the mart: the board's budget of 2020/21, and the Ministry's outturn of 2024/25.

The figures are those of Leicestershire and Rutland's board and of the Ministry (RO3, Open Government Licence v3.0); they appear
in tests only, labelled as theirs. The printed form of the budget is tests/golden/test_finance_golden.py.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

DAY = date(2020, 4, 1)
YEAR_END = date(2025, 3, 31)
OUTTURN = "derived_youth_justice_outturn_2024_25_by_la.csv"
IN_KIND, OTHER, CORE, ALL = (Decimal(n) for n in (236_556, 2_172_909, 2_409_465, 2_706_165))
AMOUNTS = {
    "employees_gbp": "Employees (C1)", "running_expenses_gbp": "Running Expenses (C2)",
    "total_expenditure_gbp": "Total Expenditure (C3 = C1 + C2)", "sales_fees_charges_gbp": "Sales, Fees and Charges (C4)",
    "other_income_gbp": "Other Income (C5)", "total_income_gbp": "Total Income (C6 = C4 + C5)",
    "net_current_gbp": "Net Current Expenditure (C7 = C3 - C6)",
}  # fmt: skip


def test_the_budget_and_the_outturn_come_out_as_they_were_printed(arrivals, shared) -> None:
    from yos_warehouse.orchestration import steps
    from yos_warehouse.orchestration.lease import close_run

    close_run(arrivals.run_id, "failed")
    arrivals.pack("finance", [shared / "golden" / "budget_2020_21.csv"], DAY)
    arrivals.pack("finance", [shared / "data" / "finance" / OUTTURN], YEAR_END)
    with (shared / "data" / "finance" / OUTTURN).open(encoding="utf-8-sig", newline="") as file:
        printed = list(csv.DictReader(file))
    run_id = steps.open_run("nightly", "budget and outturn")
    counts = steps.load(run_id, "finance")
    assert (counts["accepted"], counts["quarantined"], counts["rejected_rows"]) == (10 + len(printed), 0, 0)
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

    outturn_is_the_table(arrivals, printed)


def outturn_is_the_table(arrivals, printed: list[dict[str, str]]) -> None:
    """Every row of the file once, in pounds; [x] is not reported and no nought."""
    found = {
        area: (amounts, is_reported)
        for area, is_reported, *amounts in arrivals.warehouse.query(
            f"select area_code, is_reported, {', '.join(AMOUNTS)} from marts.fct_outturn where financial_year = '2024/25'",
            role="finance",
        )
    }
    said = {row["ons_code"]: row for row in printed}
    assert len(printed) == len(said) + 1  # one authority stands there twice, word for word
    assert found.keys() == said.keys()
    for area, row in said.items():
        amounts = [None if row[name] == "[x]" else Decimal(row[name]) * 1000 for name in AMOUNTS.values()]
        assert found[area] == (amounts, None not in amounts), row["la_name"]
    assert sum(not is_reported for _, is_reported in found.values()) == 9
    leicestershire, rutland = found["E10000018"], found["E06000017"]
    assert (leicestershire[0][-1], leicestershire[1]) == (2_318_000, True)
    assert (rutland[0][-1], rutland[1]) == (0, True)
    ((landed, repeated),) = arrivals.query(
        "select rows_in_files, rows_repeated from ops.load_entity where entity = 'outturn'"
    )
    assert (landed, repeated) == (len(printed), 1)
