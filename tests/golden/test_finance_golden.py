"""The board's budget of 2020/21 to the pound, in both forms, and what a penny does (domain.md 6.1, 6.6 I16, 6.7.1).

The budget is Leicestershire and Rutland's, as its board printed it; the ledger beside it is invented. The service is
the fictional one: no data of a real one is shown anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import fresh_warehouse
from tests.oracle.records import LONDON

YEAR = "2020/21"
DAY = date(2020, 5, 1)  # April is over
LATER, CORRECTED = DAY + timedelta(days=1), DAY + timedelta(days=2)
PENNY = Decimal("0.01")
LAYERS = ("intermediate", "marts", "reports", "restricted")
# code, staffing in kind, other delegated, as printed
CORE = (
    ("police_and_crime_commissioner", 91_847, 77_934, "Police & Crime Commissioner"),
    ("national_probation_service", 73_764, 10_000, "National Probation Service"),
    ("health", 70_945, 47_588, "Health"),
    ("local_authority_chief_executives", 0, 298_303, "Local Authority: Chief Executives"),
    ("local_authority_children_and_family_services", 0, 1_061_079, "Local Authority: C&FS"),
    ("local_authority_reserve_allocated", 0, 144_629, "Local Authority: Reserve (allocated)"),
    ("rutland", 0, 70_000, "Local Authority: Rutland"),
    ("appropriate_adult_leicester_city", 0, 3_572, "Local Authority: Appropriate Adult (Leics City)"),
    ("youth_justice_grant", 0, 459_804, "YJ Grant"),
)
MORE = (("impact", 0, 296_700, "IMPACT"),)
IN_KIND, OTHER, ALL_CORE, ALL = (Decimal(n) for n in (236_556, 2_172_909, 2_409_465, 2_706_165))
TWICE_IN_KIND, TWICE_CORE = Decimal(473_112), Decimal(2_646_021)
STATED = {"STAFFING_IN_KIND": IN_KIND, "OTHER_DELEGATED": OTHER, "CORE": ALL_CORE, "ALL": ALL}
BUDGET_HEADER = (
    (
        "Financial year,Version,Status,Agency,Funding stream,Staffing costs,Payments in kind,Other delegated funds,Total,"
        "Printed as"
    )
    .replace("Financial year,Version,Status", "financial_year,version,status")
    .replace("Funding stream", "funding_stream")
)
LEDGER_HEADER = (
    "Journal,Line,Financial year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,Source,Status,"
    "Amount"
)
CONTROL_HEADER = "Financial year,Period,Status,Lines,Total"
LEDGER = ("1234.50", "(50.00)", "£200", "75.25-")
LEDGER_SUM = Decimal("1309.25")


def budget(version: int, *, twice: bool = False) -> str:
    """The table as the board prints it: the same staffing in two columns. ``twice``: its totals add both."""
    lines = [BUDGET_HEADER]
    for stream, rows in (("core", CORE), ("additional", MORE)):
        for who, in_kind, other, label in rows:
            status = "INDICATIVE" if who == "youth_justice_grant" else "CONFIRMED"
            total = (2 * in_kind if twice else in_kind) + other
            lines.append(
                f'{YEAR},{version},{status},{who},{stream},"{in_kind:,}","£{in_kind:,}","{other:,}","{total:,}","{label}"'
            )
    return "\n".join(lines) + "\n"


def stated(version: int, totals: dict[str, Decimal]) -> str:
    """What is printed under the table."""
    rows = [f'{YEAR},{version},{code},"£{amount:,.2f}"' for code, amount in totals.items()]
    return "\n".join(["financial_year,version,total_code,amount_gbp", *rows]) + "\n"


def ledger() -> str:
    """Four postings of April."""
    rows = [
        f'J{n},1,{YEAR},1,{13 + n:02d}/04/2020,YJ100,A1000,,FICTIONAL,FICTIONAL,JOURNAL,ACTUAL,"{amount}"'
        for n, amount in enumerate(LEDGER, 1)
    ]
    return "\n".join([LEDGER_HEADER, *rows]) + "\n"


def control(total: Decimal) -> str:
    """What the ledger says that April adds up to."""
    return f"{CONTROL_HEADER}\n{YEAR},1,ACTUAL,{len(LEDGER)},{total}\n"


@dataclass
class Nights:
    """A warehouse, and how many units the last publication wrote and held."""

    warehouse: Any
    folder: Path
    outcome: dict[str, int]
    runs: int = 0

    def deliver(self, day: date, files: dict[str, str], at: time = time(8)) -> None:
        """One drop of finance, received in the morning."""
        from yos_warehouse.sources.drop import pack

        self.runs += 1
        place = self.folder / str(self.runs)
        place.mkdir()
        for name, content in files.items():
            (place / name).write_text(content, "utf-8")
        pack(
            "finance", [place], day, datetime.combine(day, at, LONDON), True, self.warehouse.drops, settle_seconds=0
        )  # fmt: skip

    def night(self) -> dict[str, int]:
        """All steps, but of the tests only those of whole tables; what was loaded. A unit held back is no failure here."""
        from yos_warehouse.build.dbt import run_dbt
        from yos_warehouse.errors import YosError
        from yos_warehouse.orchestration import steps

        run_id = steps.open_run("nightly", f"golden {self.runs}")
        assert run_id is not None
        counts = steps.load(run_id, "finance")
        steps.stage(run_id)
        steps.identify(run_id)
        run_dbt(
            run_id,
            "build",
            ["build", "--select", *LAYERS, "--exclude", "test_type:generic", *steps.NO_UNIT_TESTS],
            steps.as_at_of(run_id),
        )
        try:
            self.outcome = steps.publish(run_id)
        except YosError as held:
            assert held.code == "HELD"
            self.outcome = {"units": 1, "held": 1, "finance": "finance" in str(held)}
        steps.close_run(run_id, "succeeded")
        return counts

    def one(self, sql: str, *parameters: Any, role: str = "finance") -> tuple:
        """The one row of a query."""
        (row,) = self.warehouse.query(sql, parameters, role=role)
        return row

    def differing(self) -> list[tuple[str, str, Decimal | None, date | None]]:
        """Sums of the newest build, held or published, that are not as stated: and the delivery that states them."""
        from yos_warehouse.telling.reconcile import newest_build, sums_of

        connection = self.warehouse.connect("publisher", autocommit=True)
        try:
            sums = sums_of(connection, newest_build(connection).schema)
        finally:
            connection.close()
        return [(one.check, one.subject, one.difference, one.delivery_date) for one in sums if one.differs]

    def published_units(self) -> set[str]:
        """Units of the newest publication."""
        return {
            unit
            for (unit,) in self.warehouse.query(
                "select unit from marts.publication where as_at = (select max(as_at) from marts.publication)"
            )
        }


@pytest.fixture(scope="module")
def nights(code_lists_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """The first night: budget, stated totals, a month's ledger and its control total, all right to the penny."""
    folder = tmp_path_factory.mktemp("finance_golden")
    with fresh_warehouse(code_lists_template, folder) as warehouse:
        made = Nights(warehouse, folder, {})
        made.deliver(
            DAY,
            {
                "budget_2020.csv": budget(1), "stated_total_2020.csv": stated(1, STATED), "ledger_2020_04.csv": ledger(),
                "control_total_2020_04.csv": control(LEDGER_SUM),
            },
        )  # fmt: skip
        counts = made.night()
        assert (counts["accepted"], counts["quarantined"]) == (10 + 4 + 4 + 1, 0)
        assert made.outcome["held"] == 0
        yield made


def row(nights: Nights, where: str, *parameters: Any) -> tuple:
    """A printed row of version 1: staffing, payments in kind, in kind once, other, total."""
    return nights.one(
        "select printed_staffing_costs_gbp, printed_payments_in_kind_gbp, staffing_in_kind_gbp, other_delegated_gbp,"
        f" total_gbp from reports.rpt_budget_table where financial_year = '{YEAR}' and budget_version = '1' and {where}",
        *parameters,
    )


@pytest.mark.parametrize(("who", "in_kind", "other", "label"), CORE + MORE)
def test_every_row_as_printed_and_once(
    nights: Nights, who: str, in_kind: int, other: int, label: str
) -> None:
    printed = in_kind or None  # nothing is printed where nothing is given
    assert row(nights, "label = %s", label) == (printed, printed, in_kind, other, in_kind + other)
    assert nights.one(
        "select staffing_in_kind_gbp, other_delegated_gbp, total_gbp from marts.fct_budget_line where contributor_key = %s"
        " and budget_version = '1'",
        who,
    ) == (in_kind, other, in_kind + other)


def test_every_total_as_printed_and_once(nights: Nights) -> None:
    assert row(nights, "row_kind_code = 'CORE_TOTAL'") == (IN_KIND, IN_KIND, IN_KIND, OTHER, ALL_CORE)
    assert row(nights, "row_kind_code = 'GRAND_TOTAL'")[4] == ALL
    in_kind, other, core, everything = nights.one(
        "select sum(staffing_in_kind_gbp) filter (where funding_stream_code = 'core'),"
        " sum(other_delegated_gbp) filter (where funding_stream_code = 'core'),"
        " sum(total_gbp) filter (where funding_stream_code = 'core'), sum(total_gbp)"
        " from marts.fct_budget_line where budget_version = '1'"
    )
    assert (in_kind, other, core, everything) == (IN_KIND, OTHER, ALL_CORE, ALL)
    assert 2 * IN_KIND == TWICE_IN_KIND and TWICE_IN_KIND + OTHER == TWICE_CORE  # what it must not be


def test_the_table_stands_in_the_order_of_the_board(nights: Nights) -> None:
    labels = nights.warehouse.query(
        "select label from reports.rpt_budget_table where budget_version = '1' and row_kind_code in ('CONTRIBUTOR', 'ADDITIONAL')"
        " order by row_number",
        role="finance",
    )
    assert [label for (label,) in labels] == [printed for *_, printed in CORE + MORE]
    kinds = nights.warehouse.query(
        "select row_kind_code from reports.rpt_budget_table where budget_version = '1' order by row_number"
    )
    assert [kind for (kind,) in kinds] == ["CONTRIBUTOR"] * 9 + ["CORE_TOTAL", "ADDITIONAL", "GRAND_TOTAL"]


def test_the_local_authorities_pay_what_the_plan_says(nights: Nights) -> None:
    authorities, two = nights.one(
        "select sum(total_gbp) filter (where contributor_name like 'Local Authority:%%'),"
        " sum(total_gbp) filter (where contributor_name in ('Local Authority: Chief Executives', 'Local Authority: C&FS'))"
        " from marts.fct_budget_line inner join marts.dim_contributor using (contributor_key) where budget_version = '1'"
    )
    assert (authorities, two) == (1_577_583, 1_359_382)


def test_the_shares_of_funders(nights: Nights) -> None:
    shares = {
        who: (share, without)
        for who, share, without in nights.warehouse.query(
            "select contributor_key, share_pct, share_without_reserve_pct from reports.rpt_funder_share"
            f" where financial_year = '{YEAR}'",
            role="finance",
        )
    }
    without_reserve = ALL_CORE - 144_629
    assert without_reserve == 2_264_836
    assert shares["youth_justice_grant"] == (
        Decimal("19.1"),
        (Decimal(45_980_400) / without_reserve).quantize(Decimal("0.1"), ROUND_HALF_UP),
    )
    assert shares["local_authority_reserve_allocated"] == (Decimal("6.0"), None)
    assert "impact" not in shares
    kinds = dict(
        nights.warehouse.query("select contributor_key, contributor_kind_code from reports.rpt_funder_share")
    )
    assert kinds["youth_justice_grant"] == "GRANT"
    assert kinds["health"] == "HEALTH"


def test_everything_agrees_and_nothing_of_it_equates_budget_and_ledger(nights: Nights) -> None:
    outcomes = dict(
        nights.warehouse.query(
            "select check_code, array_agg(distinct outcome_code) from reports.rpt_reconciliation"
            " where budget_version in ('1', '') group by check_code"
        )
    )
    assert outcomes == {
        code: ["AGREES"] for code in ("BUDGET_AGENCY", "BUDGET_COLUMNS", "BUDGET_STATED", "LEDGER_CONTROL")
    }
    assert nights.one("select sum(amount_gbp), count(*) from marts.fct_ledger_posting") == (
        LEDGER_SUM,
        len(LEDGER),
    )


def test_a_file_whose_totals_count_the_doubled_column_is_held_back(nights: Nights) -> None:
    """At the door: the three rows with staff in kind; and, where totals are stated beside, before publication."""
    from yos_warehouse.door.load import load_feed
    from yos_warehouse.orchestration import steps

    nights.deliver(LATER, {"budget_2020_twice.csv": budget(7, twice=True)}, time(6))
    run_id = steps.open_run("nightly", "twice")
    assert run_id is not None
    (load,) = load_feed(run_id, "finance", nights.warehouse.drops)
    steps.close_run(run_id, "succeeded")
    assert load.held_back == {("budget_line", "FIN-BUD-01"): 3}
    assert (load.rows_accepted, load.rows_quarantined) == (7, 3)


def test_a_penny_holds_finance_and_not_the_children_until_it_is_corrected(nights: Nights) -> None:
    from yos_warehouse.telling.reconcile import reconcile

    before = nights.one("select max(as_at) from marts.publication where unit = 'finance'", role="admin")
    wrong = STATED | {"ALL": ALL + PENNY, "STAFFING_IN_KIND": TWICE_IN_KIND, "CORE": TWICE_CORE}
    nights.deliver(
        LATER,
        {
            "budget_2020_v2.csv": budget(8), "stated_total_v2.csv": stated(8, wrong),
            "control_total_2020_04.csv": control(LEDGER_SUM - PENNY),
        },
    )  # fmt: skip
    nights.night()
    assert nights.outcome == {"units": 1, "held": 1, "finance": True}
    assert nights.published_units() == {"children"}
    assert (
        nights.one("select max(as_at) from marts.publication where unit = 'finance'", role="admin") == before
    )
    assert nights.differing() == [
        ("BUDGET_STATED", "ALL", -PENNY, LATER),
        ("BUDGET_STATED", "CORE", ALL_CORE - TWICE_CORE, LATER),
        ("BUDGET_STATED", "STAFFING_IN_KIND", -IN_KIND, LATER),
        ("LEDGER_CONTROL", "ACTUAL", PENNY, LATER),
    ]
    assert reconcile() == 1
    # what is published is what it was
    assert nights.one("select count(*) from reports.rpt_budget_table where budget_version = '8'") == (0,)
    nights.deliver(
        CORRECTED,
        {"stated_total_v2.csv": stated(8, STATED), "control_total_2020_04.csv": control(LEDGER_SUM)},
    )
    nights.night()
    assert nights.outcome["held"] == 0
    assert nights.published_units() == {"children", "finance"}
    assert (nights.differing(), reconcile()) == ([], 0)
    assert nights.one(
        "select total_gbp from reports.rpt_budget_table where budget_version = '8' and row_kind_code = 'GRAND_TOTAL'"
        " and is_in_force"
    ) == (ALL,)
