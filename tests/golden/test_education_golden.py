"""The printed figures of education at the end of orders, from children to the digit (domain.md 1.6, 6.3, 6.7).

Fictional children are made for counts that give the printed percentages, built once by the real models. The printed
series is Leicestershire's; the counts are inferred (57.1 % is four sevenths of something), the children are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from psycopg2.extras import execute_values

from tests.conftest import fresh_warehouse
from tests.oracle.facts import Child, World
from tests.oracle.records import LONDON, SERVICE, Names, load, worlds_rows

AS_AT = date(2026, 3, 31)
PRINTED = {
    "2014/15": "73.7", "2015/16": "74.2", "2016/17": "64.5", "2017/18": "78.6", "2018/19": "64.2",
    "2019/20 Q3 cumulative": "57.1",
}  # fmt: skip
# Order ends of a financial year, by the day they ended: suitable, all. 52 of 81 are the fewest that print as 64.2 and
# fall by 7.1 points to four sevenths.
COUNTS = {
    date(2018, 10, 19): (52, 81),
    date(2019, 10, 20): (12, 21),
    date(2020, 10, 20): (16, 28),
    date(2021, 10, 20): (20, 35),
    date(2022, 10, 20): (24, 42),
    date(2023, 10, 20): (28, 49),
    date(2024, 10, 20): (32, 56),
}
FIRST_END, SECOND_END = date(2025, 5, 9), date(2025, 6, 20)  # of the one child of the newest year
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ends:
    """A child above school age whose orders end; suitable is sixteen hours a week of judged training."""

    ends: tuple[tuple[date, str], ...]  # day and kind of order
    is_suitable: bool


def everybody() -> list[Ends]:
    """All fixture children."""
    made = [
        Ends(((day, "REFERRAL_ORDER"),), number < suitable)
        for day, (suitable, order_ends) in COUNTS.items()
        for number in range(order_ends)
    ]
    made.append(Ends(((FIRST_END, "REFERRAL_ORDER"), (SECOND_END, "YOUTH_REHABILITATION_ORDER")), True))
    return made


def load_orders(connection: Any, children: list[Ends]) -> None:
    """Children, their orders and what the service recorded of their training; and the printed series."""
    load(
        connection,
        worlds_rows(
            [
                World((Child(date_of_birth=child.ends[0][0] - 17 * 365 * DAY - 90 * DAY),))
                for child in children
            ]
        ),
        AS_AT,
    )
    orders, spells = [], []
    for number, child in enumerate(children):
        names = Names(number, 0)
        for order, (day, kind) in enumerate(child.ends, 1):
            programme_id = names.case_system("I", order)
            started = day - 180 * DAY
            orders.append(
                (programme_id, names.person_id, started.isoformat(), day.isoformat(), kind, "COMPLETED")
            )
        spell = names.case_system("E", 1)
        began = (child.ends[0][0] - 200 * DAY).isoformat()
        judged = "SUITABLE" if child.is_suitable else ("UNSUITABLE", "UNKNOWN", "SUITABLE")[number % 3]
        hours = "16" if child.is_suitable or number % 3 < 2 else "15.5"
        spells.append(
            (spell, names.person_id, began, "1900-01-01", "TRAINING_COURSE_APPRENTICESHIP", judged, hours)
        )
    printed = [
        ("FICTIONAL plan", "suitable_eet_at_order_end", "LOCAL_PRINTED", "SERVICE", period, value, "pct")
        for period, value in PRINTED.items()
    ]
    recorded = datetime.combine(AS_AT - 10 * DAY, time(9), LONDON)
    with connection.cursor() as cursor:
        for table, columns, rows in (
            ("case_system__intervention_programme", "programme_id, person_id, start_date, end_date, disposal_type, end_reason", orders),
            ("case_system__ete_status", "ete_id, person_id, start_date, end_date, provision_type, suitability, hours_attended", spells),
            ("published__value", "document, indicator_id, basis, area_kind, period_name, printed_value, unit", printed),
        ):  # fmt: skip
            execute_values(
                cursor,
                f"insert into raw.{table} (service_code, row_hash, business_date, recorded_from, load_id, record_id,"
                f" {columns}) values %s",
                [
                    (SERVICE, 0, AS_AT, recorded, 1, row[4] if table == "published__value" else row[0], *row)
                    for row in rows
                ],
            )


@pytest.fixture(scope="module")
def golden(code_lists_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A warehouse with all fixture children and their figures as at the end of March 2026."""
    from yos_warehouse.build.dbt import run_dbt
    from yos_warehouse.orchestration import steps

    with fresh_warehouse(code_lists_template, tmp_path_factory.mktemp("golden")) as warehouse:
        connection = warehouse.connect()
        load_orders(connection, everybody())
        connection.commit()
        connection.close()
        run_id = steps.open_run("nightly", "golden", AS_AT)
        assert run_id is not None
        steps.stage(run_id)
        steps.identify(run_id)
        nodes = run_dbt(
            run_id, "build",
            ["run", "--select", "+rpt_indicator", "+rpt_local_indicator_children", "--exclude", "staging"], AS_AT,
        )  # fmt: skip
        assert {node.status for node in nodes} == {"success"}
        steps.close_run(run_id, "succeeded")
        yield warehouse


def figure(
    golden: Any, period: str, indicator: str = "suitable_eet_at_order_end", variant: str = "HOURS_16"
) -> tuple[int, int, Decimal]:
    """Numerator, denominator and unrounded value of the service."""
    row = golden.query(
        "select numerator, denominator, value from build.fct_indicator_latest where geography_level = 'SERVICE'"
        " and (indicator_id, variant_code, period_code) = (%s, %s, %s)",
        (indicator, variant, period),
    )[0]
    return int(row[0]), int(row[1]), row[2]


def printed(value: Decimal) -> str:
    """Rounded half up, once."""
    return str(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


@pytest.mark.parametrize("year", range(2019, 2025))
def test_multiples_of_four_sevenths_print_as_57_1(golden: Any, year: int) -> None:
    """Cumulative from April: told at the end of December, and the same at the end of March."""
    counts = COUNTS[date(year, 10, 20)]
    for quarter in ("Q3", "Q4"):
        suitable, order_ends, value = figure(golden, f"FY{year}{quarter}")
        assert (suitable, order_ends) == counts
        assert printed(value) == "57.1"
    assert figure(golden, f"FY{year}Q2")[:2] == (0, 0)


def test_the_fall_is_7_1_points_from_unrounded(golden: Any) -> None:
    before, now = figure(golden, "FY2018Q4")[2], figure(golden, "FY2019Q3")[2]
    assert (printed(before), printed(now), printed(now - before)) == ("64.2", "57.1", "-7.1")
    words = "select direction_words from build.rpt_indicator where indicator_id = 'suitable_eet_at_order_end' and period_code = 'FY2019Q3'"
    assert golden.query(words) == [("worsened by 7.1 percentage points",)]


def test_the_rest_is_not_neet(golden: Any) -> None:
    """Everybody has a training place; some unsuitable, some of too few hours, some never judged."""
    assert figure(golden, "FY2018Q4", "neet_at_order_end", "DEFAULT")[:2] == (0, 81)
    suitable = figure(golden, "FY2018Q4")[0]
    not_known = figure(golden, "FY2018Q4", "eet_not_known_at_order_end", "DEFAULT")[0]
    assert 0 < not_known < 81 - suitable


def test_two_order_ends_count_twice_in_the_indicator_and_once_in_kpi_2(golden: Any) -> None:
    assert figure(golden, "FY2025Q1")[:2] == (2, 2)
    assert figure(golden, "2025Q2", "kpi2_suitable_ete", "DEFAULT")[:2] == (1, 1)
    cases = golden.query(
        "select is_in, reason_code from intermediate.int_justice__figure_case where indicator_id = 'kpi2_suitable_ete'"
        " and variant_code = 'DEFAULT' and case_date between '2025-04-01' and '2025-06-30' order by case_date"
    )
    assert cases == [(False, "OTHER_ORDER"), (True, "IN")]


def test_sixteen_hours_are_no_twenty_five(golden: Any) -> None:
    assert figure(golden, "FY2018Q4", variant="HOURS_25")[:2] == (0, 81)


def test_the_board_sees_the_figure_of_the_year_to_date(golden: Any) -> None:
    """The as-at day is the end of a quarter: one number in both reports, hidden in both alike."""
    shown = [
        golden.query(
            f"select numerator_shown, denominator_shown, value_shown from build.{report}"
            " where indicator_id = 'suitable_eet_at_order_end'" + only
        )
        for report, only in (
            ("rpt_local_indicator_children", ""),
            ("rpt_indicator", " and period_code = 'FY2025Q4'"),
        )
    ]
    assert shown[0] == shown[1] == [("c", "c", "c")]
    last_year = golden.query(
        "select last_year_numerator, last_year_denominator from build.rpt_local_indicator_children"
        " where indicator_id = 'suitable_eet_at_order_end'"
    )
    assert [tuple(map(int, last_year[0]))] == [figure(golden, "FY2024Q4")[:2]]


def test_the_printed_series_stands_beside(golden: Any) -> None:
    """As received, to the digit; lowest of all is the newest, and no year meets the target of 80."""
    rows = golden.query(
        "select value from build.fct_published_value where indicator_id = 'suitable_eet_at_order_end' order by first_day"
    )
    assert [printed(value) for (value,) in rows] == list(PRINTED.values())
    assert min(rows) == rows[-1] and max(value for (value,) in rows) < 80
    beside = golden.query(
        "select period_code, value_shown, published_service, against_target from build.rpt_indicator"
        " where indicator_id = 'suitable_eet_at_order_end' and published_service is not null and value_shown is not null"
        " order by 1"
    )
    assert beside == [
        ("FY2018Q4", "64.2", "64.2", "misses the target"),
        ("FY2019Q3", "57.1", "57.1", "misses the target"),
    ]
