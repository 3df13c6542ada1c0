"""What was published stays: values, who stood behind them, and what became of them. All children FICTIONAL."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import psycopg2
import pytest

from tests.build.figures import CASES, Q3, Q4, YEAR, Case, Figures, set_up_figures
from yos_warehouse.build.permanent import KEPT, existing
from yos_warehouse.build.publish import publish, release, rollback
from yos_warehouse.build.values import FIGURE_COLUMNS

OCTOBER, JANUARY, MARCH = date(2025, 10, 31), date(2026, 1, 31), date(2026, 3, 31)
VALUES = "select indicator_id, period_code, numerator, denominator, as_at from marts.fct_indicator_value where geography_level = 'SERVICE' order by 1, 2, version"
EVERYTHING = "select md5(string_agg(t::text, '' order by t::text)) from {} as t"


@pytest.fixture
def figures(warehouse) -> Figures:
    return set_up_figures(warehouse)


def _fingerprint(figures: Figures) -> list:
    return [figures.warehouse.query(EVERYTHING.format(name)) for name in KEPT[1:3]]


def _restatement(figures: Figures, indicator: str, period: str) -> list[tuple]:
    return figures.warehouse.query(
        "select change_code, case_reference, fact_key, fact_date, latest_reason_code, numerator_change, denominator_change"
        " from restricted.read_restatement(%s, 'LOCAL', %s, 'testing the report', 'test')",
        (indicator, period),
        role="practitioner",
    )


def test_a_figure_becomes_a_value_with_the_first_publication_on_or_after_its_due_date(figures) -> None:
    figures.night(CASES, date(2025, 10, 14))
    assert figures.warehouse.query(VALUES) == []
    figures.night(CASES, date(2025, 10, 15))
    assert figures.warehouse.query(VALUES) == [
        ("cautions", Q3, 2, 3, date(2025, 10, 15)),
        ("nights", Q3, 17, 1000, date(2025, 10, 15)),
    ]
    figures.night(CASES, JANUARY)
    assert figures.warehouse.query(VALUES) == [
        ("cautions", Q3, 2, 3, date(2025, 10, 15)), ("cautions", Q4, 1, 2, JANUARY), ("cautions", YEAR, 2, 4, JANUARY),
        ("nights", Q3, 17, 1000, date(2025, 10, 15)), ("nights", Q4, 0, 1000, JANUARY), ("nights", YEAR, 17, 1000, JANUARY),
    ]  # fmt: skip


def test_a_value_carries_its_version_day_and_publication(figures) -> None:
    figures.night(CASES, JANUARY)
    assert figures.warehouse.query(
        "select distinct v.version, v.as_at, p.unit, p.as_at, v.is_due, v.published_at = p.published_at"
        " from marts.fct_indicator_value as v inner join marts.publication as p using (publication_id)"
    ) == [(1, JANUARY, "children", JANUARY, True, True)]
    assert figures.warehouse.query("select count(*) from marts.fct_indicator_value") == [(12,)]


@pytest.mark.fault("D12")
def test_what_becomes_known_later_changes_no_value(figures) -> None:
    figures.night(CASES, JANUARY)
    before = _fingerprint(figures)
    figures.night([*CASES[2:], Case(20, 9, date(2025, 7, 7), 1)], MARCH)
    assert _fingerprint(figures) == before
    assert figures.warehouse.query(
        "select numerator, denominator from marts.fct_indicator_latest where period_code = %s"
        " and indicator_id = 'cautions' and geography_level = 'SERVICE'",
        (Q3,),
    ) == [(2, 3)]


def test_another_version_of_a_definition_gives_values_beside_the_old_ones(figures) -> None:
    figures.night(CASES, JANUARY)
    figures.version = 2
    figures.night(CASES[3:], MARCH)
    assert figures.warehouse.query(
        "select version, numerator, denominator, as_at from marts.fct_indicator_value where period_code = %s"
        " and indicator_id = 'cautions' and geography_level = 'SERVICE' order by 1",
        (Q3,),
    ) == [(1, 2, 3, JANUARY), (2, 1, 1, MARCH)]
    # two definitions are no restatement of each other
    assert figures.warehouse.query("select count(*) from marts.restatement") == [(0,)]


def test_contributors_are_kept_by_child_or_by_case_and_add_up_to_the_value(figures) -> None:
    figures.night(CASES, JANUARY)
    kept = (
        "select contributor_key, case_key, fact_key, numerator, denominator, is_in, reason_code"
        " from restricted.published_case where indicator_id = %s and period_code = %s order by contributor_key"
    )
    assert figures.warehouse.query(kept, ("cautions", Q3)) == [
        ("1", "case 2", 102, 1, 1, True, "IN"),
        ("2", "case 3", 103, 0, 1, True, "IN"),
        ("3", "case 4", 104, 1, 1, True, "IN"),
        ("4", "case 5", 105, 0, 0, False, "LIVING_ELSEWHERE"),
    ]
    assert [row[0] for row in figures.warehouse.query(kept, ("nights", Q3))] == [
        "case 10",
        "case 8",
        "case 9",
    ]
    assert figures.warehouse.query(
        "select count(*) from marts.fct_indicator_value as v inner join lateral (select sum(numerator) as n, sum(denominator) as d"
        " from restricted.published_case as c where (c.indicator_id, c.variant_code, c.version, c.period_code)"
        " = (v.indicator_id, v.variant_code, v.version, v.period_code)) as c on true where v.geography_level = 'SERVICE'"
        " and (coalesce(c.n, 0) <> v.numerator or v.population_10_17 is null and c.d <> v.denominator)"
    ) == [(0,)]


@pytest.mark.fault("R1")
def test_a_publication_killed_and_run_again_freezes_the_same(figures, monkeypatch) -> None:
    figures.night(CASES, OCTOBER)
    run_id = figures.stage.open_run(JANUARY)
    figures.stage.build(run_id, figures.rows(CASES, JANUARY))
    before = _fingerprint(figures)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("yos_warehouse.build.publish._keep_build", killed)
        publish(run_id)
    assert _fingerprint(figures) == before
    first = publish(run_id)
    frozen = _fingerprint(figures)
    assert frozen != before
    assert publish(run_id) == first
    assert _fingerprint(figures) == frozen


def test_a_rollback_publishes_no_value(figures) -> None:
    figures.night(CASES, OCTOBER)
    figures.night(CASES, JANUARY)
    before = _fingerprint(figures)
    rollback()
    figures.due[YEAR] = OCTOBER
    assert _fingerprint(figures) == before
    figures.night(CASES, MARCH)  # held until released
    assert _fingerprint(figures) == before
    release()


def test_a_held_unit_freezes_nothing(figures) -> None:
    run_id = figures.stage.open_run(JANUARY)
    figures.stage.build(run_id, figures.rows(CASES, JANUARY), {"a_rule": ("fail", ["children"])})
    with pytest.raises(Exception, match="HELD"):
        publish(run_id)
    assert figures.warehouse.query(VALUES) == []


def test_an_indicator_that_is_not_described_is_no_value(figures) -> None:
    run_id = figures.stage.open_run(JANUARY)
    rows = figures.rows(CASES, JANUARY)
    rows["dim_indicator"] = rows["dim_indicator"][:1]
    figures.stage.build(run_id, rows)
    with pytest.raises(Exception, match="PUBLISH.*23502.*fct_indicator_value"):
        publish(run_id)
    assert figures.warehouse.query(VALUES) == []


# ---------------------------------------------------------------- only ever added to

CHANGES = (
    "update {} set publication_id = 0", "delete from {}", "truncate {}", "truncate {} cascade", "update {} set publication_id = 0 where false",
    "merge into {} as t using (select 1) as s on true when matched then delete",
)  # fmt: skip


@pytest.mark.parametrize("table", KEPT[1:])
def test_no_role_changes_what_is_kept_not_even_the_owner(figures, table) -> None:
    figures.night(CASES, JANUARY)
    figures.warehouse.query(
        "select * from restricted.read_tracker('testing the log', 'test')", role="practitioner"
    )
    before = figures.warehouse.query(EVERYTHING.format(table))
    assert before != [(None,)]
    column = "rows_returned" if table.endswith("access_log") else "publication_id"
    statements = [statement.format(table).replace("publication_id", column) for statement in CHANGES]
    for role, become in (("migrator", "set role yos_owner"), ("publisher", "select 1"), ("practitioner", "select 1"),
                         ("auditor", "set default_transaction_read_only = off"), ("admin", "select 1"),
                         ("admin", "set session_replication_role = replica")):  # fmt: skip
        connection = figures.warehouse.connect(role, autocommit=True)
        with connection.cursor() as cursor:
            cursor.execute(become)
            for statement in statements:
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(statement)
        connection.close()
    assert figures.warehouse.query(EVERYTHING.format(table)) == before


def test_kept_tables_are_no_business_of_the_models(warehouse) -> None:
    connection = warehouse.connect("publisher")
    with connection.cursor() as cursor:
        assert not set(existing(cursor)) & set(KEPT)
        cursor.execute(
            "select count(*) from unnest(%s) as k (name) where to_regclass(k.name) is null", (list(KEPT),)
        )
        assert cursor.fetchone() == (0,)
    connection.close()


def test_a_value_keeps_every_column_of_a_figure(warehouse) -> None:
    """A column added to fct_indicator_latest is a decision about values too: migrate both, and FIGURE_COLUMNS."""
    columns = "select column_name::text from information_schema.columns where table_schema = 'marts' and table_name = %s"
    latest = {name for (name,) in warehouse.query(columns, ("fct_indicator_latest",))}
    value = {name for (name,) in warehouse.query(columns, ("fct_indicator_value",))}
    own = {"version", "as_at", "publication_id", "published_at"}
    assert value == set(FIGURE_COLUMNS) | own
    assert not latest or latest == set(FIGURE_COLUMNS)


# ---------------------------------------------------------------- restatement

LATER = {
    "a late result": [*CASES[:2], CASES[2].but(numerator=1), *CASES[3:]],
    "a case that is gone": [*CASES[:3], *CASES[4:]],
    "a child found to live elsewhere": [*CASES[:3], CASES[3].but(reason="LIVING_ELSEWHERE"), *CASES[4:]],
    "a child found to live here": [*CASES[:4], CASES[4].but(reason="IN", numerator=1), *CASES[5:]],
    "a new child": [*CASES, Case(20, 9, date(2025, 7, 7), 1)],
    "one of two cases of a child gone": [CASES[0], *CASES[2:]],
    "a case moved to another quarter": [*CASES[:3], CASES[3].but(day=date(2025, 10, 4)), *CASES[4:]],
    "more nights": [*CASES[:7], CASES[7].but(numerator=30), CASES[9].but(reason="IN")],
    "everything": [Case(30, 9, date(2025, 7, 7), 1), Case(31, 9, date(2025, 8, 7), 4, indicator="nights")],
    "nothing": [],
}


@pytest.mark.parametrize("later", LATER)
def test_the_changes_of_contributors_add_up_to_the_change_of_the_figure(figures, later) -> None:
    figures.night(CASES, JANUARY)
    if later == "more nights":
        figures.population = 990
    figures.night(LATER[later], MARCH)
    restated = figures.warehouse.query(
        "select indicator_id, period_code, numerator_change, denominator_change, value_change, published_value,"
        " latest_value, published_as_at, latest_as_at from marts.restatement where geography_level = 'SERVICE'",
        role="analyst",
    )
    assert restated
    for indicator, period, numerator, denominator, value, published, latest, was, now in restated:
        facts = _restatement(figures, indicator, period)
        assert (sum(f[5] for f in facts), sum(f[6] for f in facts)) == (numerator, denominator), (
            later,
            indicator,
            period,
        )
        assert value == (None if latest is None or published is None else latest - published)
        assert (was, now) == (JANUARY, MARCH)
    same = figures.warehouse.query(
        "select indicator_id, period_code from marts.fct_indicator_value where geography_level = 'SERVICE' except"
        " select indicator_id, period_code from marts.restatement"
    )
    for indicator, period in same:
        assert sum(f[5] for f in _restatement(figures, indicator, period)) == 0


@pytest.mark.fault("D12")
def test_each_change_is_named_with_its_case_and_fact(figures) -> None:
    figures.night(CASES, JANUARY)
    later = [
        *CASES[:2],
        CASES[2].but(numerator=1),
        CASES[3].but(reason="BREACH"),
        CASES[4].but(reason="IN"),
        *CASES[5:],
    ]
    figures.night(later, MARCH)
    assert _restatement(figures, "cautions", Q3) == [
        ("CHANGED", "CMS0002", 103, date(2025, 7, 9), "IN", Decimal(1), Decimal(0)),
        ("ENTERED", "CMS0004", 105, date(2025, 7, 1), "IN", Decimal(0), Decimal(1)),
        ("LEFT", "CMS0003", 104, date(2025, 9, 30), "BREACH", Decimal(-1), Decimal(-1)),
    ]
    # the same number of children, others of them: no other figure is reported, and who they are can still be asked
    assert figures.warehouse.query(
        "select count(*) from marts.restatement where period_code = %s", (Q3,)
    ) == [(0,)]


def test_each_change_is_named_with_its_case_and_fact_when_the_figure_differs(figures) -> None:
    figures.night(CASES, JANUARY)
    figures.night(
        [*CASES[:3], *CASES[4:], Case(20, 9, date(2025, 7, 7)), Case(21, 8, date(2025, 7, 8))], MARCH
    )
    assert _restatement(figures, "cautions", Q3) == [
        ("ENTERED", "CMS0009", 120, date(2025, 7, 7), "IN", Decimal(0), Decimal(1)),
        ("ENTERED", "CMS0008", 121, date(2025, 7, 8), "IN", Decimal(0), Decimal(1)),
        ("LEFT", "CMS0003", 104, date(2025, 9, 30), "NOT_KNOWN_NOW", Decimal(-1), Decimal(-1)),
    ]


def test_another_population_is_a_change_of_its_own(figures) -> None:
    figures.night(CASES, JANUARY)
    figures.population = 1020
    figures.night(CASES, MARCH)
    assert _restatement(figures, "nights", Q3) == [("POPULATION", None, None, None, None, 0, 20)]


# ---------------------------------------------------------------- readers


def test_analysts_read_restatements_and_not_who_made_them(figures) -> None:
    figures.night(CASES, JANUARY)
    figures.night(CASES[1:4], MARCH)
    for view in ("marts.restatement", "marts.fct_indicator_value"):
        for role in ("analyst", "practitioner"):
            assert figures.warehouse.query(f"select count(*) > 0 from {view}", role=role) == [(True,)]
        for role in ("finance", "auditor"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                figures.warehouse.query(f"select 1 from {view}", role=role)


def test_two_publications_at_once_freeze_once(figures) -> None:
    run_id = figures.stage.open_run(JANUARY)
    figures.stage.build(run_id, figures.rows(CASES, JANUARY))
    outcomes = []
    threads = [threading.Thread(target=lambda: outcomes.append(publish(run_id))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2 and outcomes[0] == outcomes[1]
    assert figures.warehouse.query("select count(*) from marts.fct_indicator_value") == [(12,)]
