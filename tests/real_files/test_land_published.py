"""The figures the plan and the board report print, from the table they were typed into to the mart.

They are those of Leicestershire and Rutland and appear in tests only, labelled as theirs.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

DAY = date(2026, 3, 31)


def test_printed_figures_come_out_as_printed_and_a_wrong_unit_does_not(arrivals, shared, tmp_path) -> None:
    from yos_warehouse.orchestration import steps
    from yos_warehouse.orchestration.lease import close_run

    close_run(arrivals.run_id, "failed")
    real = shared / "golden" / "published_indicators.csv"
    as_printed = tmp_path / "published_as_printed.csv"  # the plan labels its use of custody per 100,000
    header, *lines = real.read_text("utf-8").splitlines()
    (custody,) = [line for line in lines if ",use_of_custody,PNC,Leicestershire," in line]
    wrong = custody.replace("per 1000 aged", "per 100000 aged").replace("S1 D", "S1 D as printed")
    as_printed.write_text(f"{header}\n{wrong}\n", "utf-8")
    arrivals.pack("published", [real, as_printed], DAY)
    run_id = steps.open_run("nightly", "published")
    counts = steps.load(run_id, "published")
    assert (counts["accepted"], counts["quarantined"]) == (len(lines), 1)
    assert arrivals.query("select rule_codes from quarantine.published__value") == [(["PUB-VAL-01"],)]
    for step in (steps.stage, steps.identify, steps.build, steps.publish):
        step(run_id)

    figures = "select {} from marts.fct_published_value where {} order by 1"

    def found(what: str, where: str) -> list[tuple]:
        return arrivals.warehouse.query(figures.format(what, where), role="analyst")

    assert found("count(*), count(distinct published_value_key)", "true") == [(len(lines),) * 2]
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
