"""What the models make of the 165 public court messages: every result is mapped or told, none is silently dropped."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest

from yos_warehouse.build.dbt import run_dbt
from yos_warehouse.orchestration import steps
from yos_warehouse.settings import DBT_DIR

DAY = date(2026, 3, 31)
WARNED = ("results_are_mapped", "result_codes_are_known")


def seed(name: str) -> list[dict[str, str]]:
    path = next((DBT_DIR / "seeds").rglob(f"{name}.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def warehouse(warehouse_with_code_lists):
    return warehouse_with_code_lists


@pytest.fixture
def judged(arrivals, shared):
    """The messages landed, staged, identified, and built as far as outcomes; with what the tests of codes found."""
    arrivals.pack("police", sorted((shared / "data" / "court_results_spi").glob("*.xml")), DAY)
    arrivals.load("police")
    steps.stage(arrivals.run_id)
    steps.identify(arrivals.run_id)
    nodes = run_dbt(
        arrivals.run_id,
        "judge",
        ["build", "--select", "+int_justice__outcome,resource_type:model", *WARNED, "--exclude", "path:models/staging"],
        DAY,
    )  # fmt: skip
    return arrivals, {node.node: node.failures for node in nodes if node.node in WARNED}


def every_result_is_mapped_or_reported_by_code(arrivals, told) -> None:
    results = Counter(
        code for (code,) in arrivals.query("select result_code from staging.stg_police__court_result")
    )
    roles = {row["result_code"]: row["result_role"] for row in seed("map_result_outcome")}
    unmapped = Counter({code: count for code, count in results.items() if code not in roles})
    assert sum(results.values()) > 800
    # uncoded text, a code of no list and results without one: nothing but what the report counts
    assert set(unmapped) == {"1000", "9991", None}
    assert told["results_are_mapped"] == sum(unmapped.values())
    assert told["result_codes_are_known"] == results["9991"]

    # and what is mapped to a decision is one, or says why not
    final = {row["code"] for row in seed("code_result") if row["result_type"] == "F"}
    deciding = {row["result_code"] for row in seed("map_result_outcome") if row["legal_outcome"]} & final
    lost = arrivals.query(
        """
        select r.result_code
        from staging.stg_police__court_result as r
        inner join staging.stg_police__court_message as m on r.message_id = m.message_id and m.is_latest
        inner join staging.stg_police__court_offence as o
            on r.message_id = o.message_id and r.offence_number = o.offence_number
        left join intermediate.int_justice__outcome as x
            on x.offence_key in (
                select i.offence_key from intermediate.int_justice__offence_police as i
                where i.police_offence_id = coalesce(
                    m.asn || '/' || nullif(ref.parse_number(o.offence_sequence)::integer, 0),
                    'court_offence/' || o.record_id
                )
            ) and x.outcome_date <= m.hearing_date
        where r.result_code = any(%s) and x.outcome_key is null
        """,
        sorted(deciding),
    )
    assert lost == []


def adults_results_enter_no_measure(arrivals) -> None:
    tiers = Counter(dict(arrivals.query(
        "select tier_code, count(*) from intermediate.int_justice__outcome where is_substantive group by 1"
    )))  # fmt: skip
    # the defendants of the public set are grown up, or nobody says when they were born
    assert tiers["ADULT"] > 0
    assert arrivals.query("select count(*) from intermediate.int_justice__outcome where is_measured") == [
        (0,)
    ]


def the_breach_cases_are_recognised(arrivals) -> None:
    breach_codes = {row["code"] for row in seed("code_offence") if row["category"] == "CB"}
    sent = {
        code for (code,) in arrivals.query("select distinct cjs_code from staging.stg_police__court_offence")
    }
    assert sent & breach_codes
    found = arrivals.query(
        "select cjs_code, bool_and(is_breach) from intermediate.int_justice__offence where cjs_code = any(%s) group by 1",
        sorted(sent & breach_codes),
    )
    assert found and all(is_breach for _, is_breach in found)
    others = arrivals.query(
        "select count(*) from intermediate.int_justice__offence where is_breach and not cjs_code = any(%s)",
        sorted(breach_codes),
    )
    assert others == [(0,)]


def test_court_results_are_judged(judged) -> None:
    """One build, three questions to it."""
    arrivals, told = judged
    every_result_is_mapped_or_reported_by_code(arrivals, told)
    adults_results_enter_no_measure(arrivals)
    the_breach_cases_are_recognised(arrivals)
