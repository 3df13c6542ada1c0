"""What a delivery is good enough for: rows held back and reported count against the measures that hang on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.telling.conftest import Night
from yos_warehouse.server.connect import transaction
from yos_warehouse.settings import PROJECT_DIR
from yos_warehouse.sources.contract import ContractError
from yos_warehouse.telling import fitness
from yos_warehouse.telling.fitness import Measures, grade_loads, in_words, measures, verdict


def entity(night: Night, load_id: int, name: str, rows: int, held: int = 0) -> None:
    night.warehouse.query(
        "insert into ops.load_entity (load_id, entity, rows_in_files, rows_accepted, rows_quarantined, rows_repeated,"
        " records_new, records_changed, records_unchanged, records_closed) values (%s, %s, %s, %s, %s, 0, 0, 0, 0, 0)",
        (load_id, name, rows, rows - held, held),
    )


def failed(
    night: Night, run_id: int, load_id: int, name: str, rule: str, rows: int, feed: str = "case_system"
) -> None:
    night.check(run_id, rule, feed=feed, entity=name, failed=rows)
    night.warehouse.query(
        "update ops.check_result set load_id = %s"
        " where check_result_id = (select max(check_result_id) from ops.check_result)",
        (load_id,),
    )


def grade(run_id: int) -> dict[str, tuple[Any, ...]]:
    """Grade, codes and counts by measure, of all deliveries graded."""
    with transaction("publisher") as connection:
        grade_loads(connection, run_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "select measure, grade, because, rows_harmed, rows_checked from ops.fitness order by load_id"
            )
            return {row[0]: row[1:] for row in cursor.fetchall()}


def say(unit: str = "children", as_at: date | None = None) -> dict[str, Any]:
    with transaction("publisher") as connection:
        return verdict(connection, unit, as_at)


@pytest.mark.parametrize(
    ("rows", "wrong", "expected"),
    [(1000, 0, "good"), (1000, 10, "good"), (1000, 11, "with_care"), (1000, 50, "with_care"), (1000, 51, "not_good"),
     (10, 9, "with_care")],
)  # fmt: skip
def test_the_share_of_rows_that_fail_decides(night: Night, rows: int, wrong: int, expected: str) -> None:
    run_id = night.run()
    load_id = night.load(run_id, "case_system", rows=rows)
    entity(night, load_id, "person", rows)
    failed(night, run_id, load_id, "person", "CMS-PER-03", wrong)
    codes = [] if expected == "good" else ["CMS-PER-03"]
    assert grade(run_id)["custody"] == (expected, codes, wrong, rows)


def test_a_column_that_a_measure_does_not_read_does_it_no_harm(night: Night) -> None:
    run_id = night.run()
    load_id = night.load(run_id, "case_system", rows=100)
    entity(night, load_id, "ete_status", 100)
    failed(night, run_id, load_id, "ete_status", "CMS-ETE-02", 40)
    grades = grade(run_id)
    assert grades["suitable_eet_at_order_end"][:2] == ("not_good", ["CMS-ETE-02"])
    assert grades["kpi_2_and_3"][0] == "good", "it asks for no hours"
    assert "custody" not in grades, "it reads nothing of this delivery"


def test_a_row_held_back_is_missing_for_every_measure_whatever_its_rule(night: Night) -> None:
    run_id = night.run()
    load_id = night.load(run_id, "case_system", rows=100, held=30)
    entity(night, load_id, "person", 100, held=30)
    failed(night, run_id, load_id, "person", "REQUIRED:family_name", 30)
    assert grade(run_id)["remand"] == ("not_good", ["REQUIRED:family_name"], 30, 100)


def test_a_refused_delivery_is_good_for_nothing_and_leaves_the_figures_behind(night: Night) -> None:
    run_id = night.run()
    good = night.load(run_id, "finance", rows=100)
    entity(night, good, "ledger_posting", 100)
    assert grade(run_id)["spend_against_budget"][0] == "good"
    later = night.run()
    night.load(later, "finance", "2026-04-30", rows=90, refused="VOLUME")
    assert grade(later)["spend_against_budget"] == ("not_good", ["VOLUME"], 90, 90)
    assert say("finance")["spend_against_budget"] == {
        "title": "Spending against the budget",
        "grade": "with_care",
        "because": [{"feed": "finance", "business_date": "2026-04-30", "codes": ["VOLUME"]}],
    }
    again = night.run()
    entity(night, night.load(again, "finance", "2026-04-30", rows=100), "ledger_posting", 100)
    grade(again)
    assert say("finance")["spend_against_budget"]["grade"] == "good"


def test_what_is_published_bears_the_worst_grade_of_the_deliveries_in_use(night: Night) -> None:
    run_id = night.run()
    for feed, name in (("case_system", "offence"), ("police", "charge")):
        load_id = night.load(run_id, feed, rows=100)
        entity(night, load_id, name, 100)
    failed(night, run_id, load_id, "charge", "CODE:cjs_code", 30, "police")
    grade(run_id)
    found = say()
    assert found["reoffending"] == {
        "title": "Reoffending",
        "grade": "not_good",
        "because": [{"feed": "police", "business_date": "2026-03-31", "codes": ["CODE:cjs_code"]}],
    }
    assert found["attendance_and_exclusions"]["because"] == [
        {"feed": "education", "business_date": None, "codes": ["NO_DELIVERY"]}
    ]
    assert "spend_against_budget" not in found and "spend_against_budget" in say("finance")
    later = night.run()
    entity(night, night.load(later, "police", "2026-04-01", rows=100), "charge", 100)
    grade(later)
    assert say()["reoffending"]["grade"] == "good", "the newest delivery counts"
    assert say(as_at=date(2026, 3, 31))["reoffending"]["grade"] == "not_good", "as known on that day"


def test_a_feed_that_was_late_last_night_makes_its_figures_lag_until_it_delivers(night: Night) -> None:
    run_id = night.run()
    entity(night, night.load(run_id, "finance", rows=100), "ledger_posting", 100)
    grade(run_id)
    night.check(night.run(), "LATE", feed="finance", entity=None, failed=1)
    late = say("finance")["spend_against_budget"]
    assert (late["grade"], late["because"][0]["codes"]) == ("with_care", ["LATE"])
    later = night.run()
    entity(night, night.load(later, "finance", "2026-04-30", rows=100), "ledger_posting", 100)
    grade(later)
    assert say("finance")["spend_against_budget"]["grade"] == "good"


def test_what_is_graded_once_is_not_graded_again(night: Night) -> None:
    run_id = night.run()
    load_id = night.load(run_id, "case_system", rows=100)
    entity(night, load_id, "person", 100)
    first = grade(run_id)
    failed(night, run_id, load_id, "person", "CMS-PER-03", 50)
    assert grade(night.run()) == first


def test_it_is_said_in_one_line() -> None:
    good = {"grade": "good", "title": "Remand"}
    assert in_words({"remand": good}) == "all figures"
    assert in_words({"remand": good, "custody": {"grade": "with_care", "title": "Custody"}}) == (
        "all but custody (with care)"
    )


def test_every_measure_is_called_as_its_page() -> None:
    pages = {
        path.stem
        for folder in ("indicators", "finance")
        for path in (PROJECT_DIR / "docs" / folder).glob("*.md")
    }
    assert len(measures().measures) > 10 and measures().measures.keys() <= pages


def test_a_measure_that_hangs_on_nothing_known_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    path = tmp_path / "measures.yml"
    head = "with_care_pct: 1\nnot_good_pct: 5\nfew_rows: 20\nmeasures:\n  custody:\n    title: Custody\n    unit: children\n"
    path.write_text(head + "    hangs_on: [case_system.person.shoe_size]\n", "utf-8")
    monkeypatch.setattr(fitness, "MEASURES", path)
    measures.cache_clear()
    try:
        with pytest.raises(ContractError, match="custody hangs on the unknown case_system.person"):
            measures()
    finally:
        measures.cache_clear()
    with pytest.raises(ValidationError):
        Measures.model_validate(
            {"with_care_pct": 1, "not_good_pct": 5, "few_rows": 20, "measures": {"a": {}}}
        )
