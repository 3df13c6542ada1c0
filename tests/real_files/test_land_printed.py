"""Public tables of figures and money from the file to the mart, published by one night.

The figures the plan and the board report print, the board's budget of 2020/21, and the Ministry's outturn of 2024/25 (RO3, Open
Government Licence v3.0). They are those of Leicestershire and Rutland and of the Ministry, and appear in tests only, labelled as
theirs. The printed form of the budget is tests/golden/test_finance_golden.py.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import fresh_warehouse
from tests.real_files.conftest import Arrivals

OUTTURN = "derived_youth_justice_outturn_2024_25_by_la.csv"
IN_KIND, OTHER, CORE, ALL = (Decimal(n) for n in (236_556, 2_172_909, 2_409_465, 2_706_165))
AMOUNTS = {
    "employees_gbp": "Employees (C1)", "running_expenses_gbp": "Running Expenses (C2)",
    "total_expenditure_gbp": "Total Expenditure (C3 = C1 + C2)", "sales_fees_charges_gbp": "Sales, Fees and Charges (C4)",
    "other_income_gbp": "Other Income (C5)", "total_income_gbp": "Total Income (C6 = C4 + C5)",
    "net_current_gbp": "Net Current Expenditure (C7 = C3 - C6)",
}  # fmt: skip


@pytest.fixture(scope="module")
def night(
    shared: Path, code_lists_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Arrivals]:
    """One night, published, over the printed figures, the board's budget and the outturn; ``counts`` of each feed's load.

    Beside the figures as typed lies one as the plan labels it: its use of custody per 100,000.
    """
    from yos_warehouse.orchestration import steps

    folder = tmp_path_factory.mktemp("night")
    real = shared / "golden" / "published_indicators.csv"
    as_printed = folder / "published_as_printed.csv"
    header, *lines = real.read_text("utf-8").splitlines()
    (custody,) = [line for line in lines if ",use_of_custody,PNC,Leicestershire," in line]
    wrong = custody.replace("per 1000 aged", "per 100000 aged").replace("S1 D", "S1 D as printed")
    as_printed.write_text(f"{header}\n{wrong}\n", "utf-8")
    with fresh_warehouse(code_lists_template, folder) as warehouse:
        run_id = steps.open_run("nightly", "real files")
        assert run_id is not None
        arrivals = Arrivals(warehouse, run_id)
        arrivals.pack("published", [real, as_printed], date(2026, 3, 31))
        arrivals.pack("finance", [shared / "golden" / "budget_2020_21.csv"], date(2020, 4, 1))
        arrivals.pack("finance", [shared / "data" / "finance" / OUTTURN], date(2025, 3, 31))
        arrivals.counts |= {feed: steps.load(run_id, feed) for feed in ("published", "finance")}
        for step in (steps.stage, steps.identify, steps.build, steps.publish):
            step(run_id)
        steps.close_run(run_id, "succeeded")
        yield arrivals


def test_printed_figures_come_out_as_printed_and_a_wrong_unit_does_not(night, shared) -> None:
    typed = (shared / "golden" / "published_indicators.csv").read_text("utf-8").splitlines()[1:]
    counts = night.counts["published"]
    assert (counts["accepted"], counts["quarantined"]) == (len(typed), 1)
    assert night.query("select rule_codes from quarantine.published__value") == [(["PUB-VAL-01"],)]

    figures = "select {} from marts.fct_published_value where {} order by 1"

    def found(what: str, where: str) -> list[tuple]:
        return night.warehouse.query(figures.format(what, where), role="analyst")

    assert found("count(*), count(distinct published_value_key)", "true") == [(len(typed),) * 2]
    assert found("value, unit, first_day, comparison_value", "indicator_id = 'custody_rate' and unit <> 'x' "
                 "and area_kind_code = 'NOT_KNOWN'") == [
        (Decimal("0.14"), "per_1000", date(2019, 1, 1), Decimal("0.08"))
    ]  # fmt: skip
    assert found("distinct unit", "true") == [("pct",), ("per_1000",), ("per_100000",), ("ratio",)]
    assert found("distinct source_basis", "true") == [("LOCAL_PRINTED",), ("PNC_PUBLISHED",)]
    # Leicestershire is no area of the fictional service; every comparator is known
    kinds = {"ENGLAND", "ENGLAND_AND_WALES", "FAMILY", "NATIONAL", "NOT_KNOWN", "REGION"}
    assert {kind for (kind,) in found("distinct area_kind_code", "true")} == kinds
    assert found("distinct area_name", "area_kind_code = 'REGION'") == [
        ("East Midlands",), ("Midlands",), ("Region",),
    ]  # fmt: skip
    # England & Wales cannot lie so far above England (the plan's use of custody); entrants are near enough
    assert found("distinct indicator_id", "is_suspect") == [("custody_rate",)]
    assert found("value", "is_suspect") == [(Decimal("0.19"),), (Decimal("0.26"),)]
    targets = found(
        "distinct indicator_id, target_value, target_sense, target_confidence", "target_value > 0"
    )
    assert targets == [
        ("custodial_sentences", 5, "below", "STATED"),
        ("local_reoffending_rate", Decimal("1.13"), None, "INFERRED"),
        ("suitable_eet_at_order_end", 80, None, "STATED"),
    ]
    nine_months = found("first_day, last_day, value", "months_followed = 9")
    assert nine_months == [(date(2017, 1, 1), date(2017, 3, 31), Decimal("0.60"))]
    assert found("cohort_code, value", "cohort_code <> '-2' and first_day = '2017-07-01'")[0][0] == "QUARTER"
    assert found("count(*)", "period_name = 'Not stated'") == [(5,)]


def test_the_budget_and_the_outturn_come_out_as_they_were_printed(night, shared) -> None:
    with (shared / "data" / "finance" / OUTTURN).open(encoding="utf-8-sig", newline="") as file:
        printed = list(csv.DictReader(file))
    counts = night.counts["finance"]
    assert (counts["accepted"], counts["quarantined"], counts["rejected_rows"]) == (10 + len(printed), 0, 0)

    # what an analyst of the finance team sees
    sums = """
        select coalesce(sum(staffing_in_kind_gbp), 0), coalesce(sum(other_delegated_gbp), 0),
            coalesce(sum(total_gbp), 0), count(*)
        from marts.fct_budget_line
        where is_in_force and financial_year = '2020/21' and (funding_stream_code = 'core' or %s)
    """
    seen = {is_all: night.warehouse.query(sums, (is_all,), role="finance")[0] for is_all in (False, True)}
    assert seen[False] == (IN_KIND, OTHER, CORE, 9)  # in kind once: not 473,112
    assert seen[True][2:] == (ALL, 10)
    labels = dict(
        night.warehouse.query(
            "select contributor_name, total_gbp from marts.fct_budget_line"
            " inner join marts.dim_contributor using (contributor_key)",
            role="finance",
        )
    )
    assert labels["YJ Grant"] == 459_804
    assert labels["Police & Crime Commissioner"] == 169_781

    # the same sum in the mart of reports' own making: the finance line knows no other amounts
    ((units,),) = night.query("select array_agg(distinct unit) from marts.publication")
    assert "finance" in units

    outturn_is_the_table(night, printed)


def outturn_is_the_table(night, printed: list[dict[str, str]]) -> None:
    """Every row of the file once, in pounds; [x] is not reported and no nought."""
    found = {
        area: (amounts, is_reported)
        for area, is_reported, *amounts in night.warehouse.query(
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
    ((landed, repeated),) = night.query(
        "select rows_in_files, rows_repeated from ops.load_entity where entity = 'outturn'"
    )
    assert (landed, repeated) == (len(printed), 1)
