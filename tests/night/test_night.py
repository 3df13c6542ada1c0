"""The night as a person runs it: real scheduler, real PostgreSQL, real mail, from source to published mart.

The tests of this file follow one another in one place: the first one is the first ``make run`` ever there.
"""

from __future__ import annotations

import re
from email import policy
from email.parser import BytesParser

import pytest

from tests.fictional.test_court_messages import DECIDES, DECIDES_NOTHING
from yos_warehouse.fictional.truth import read_truth

pytestmark = pytest.mark.night


@pytest.fixture(scope="module")
def second(home, first):
    """Two at once: one works, the other leaves politely."""
    before = home.fingerprint()
    one, two = home.start("run"), home.start("run")
    outputs = [process.communicate(timeout=600) for process in (one, two)]
    return before, [(p.returncode, *out) for p, out in zip((one, two), outputs, strict=True)]


def test_the_first_night_ends_well(first):
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]


def test_the_summary_says_what_a_person_wants_to_know(first):
    for words in ("FICTIONAL", "police", "education", "finance", "case_system", "postgresql://yos_analyst"):
        assert words in first.stdout, words
    for indicator in ("reoffending", "First-time entrants", "ustod", "education"):
        assert indicator.lower() in first.stdout.lower(), indicator


def test_every_row_of_every_drop_is_accounted_for(home, first):
    rows = home.query(
        "select sum(rows_in_files), sum(rows_accepted), sum(rows_quarantined), sum(rows_rejected) from ops.load"
    )[0]
    assert rows[0] > 1000
    assert rows[0] == rows[1] + rows[2] + rows[3]


def test_every_record_of_a_person_is_known_to_the_truth(home, first):
    """Or the measure of linkage would not see it. What the door held back has none."""
    truth = read_truth(home.var / "fictional_truth.csv")
    records = set(home.query("select feed, entity, source_id from staging.stg_person_record"))
    assert {(feed, entity) for feed, entity, _ in records} == {(feed, entity) for feed, entity, _ in truth}
    assert records - truth.keys() == set()


def test_the_stars_of_each_domain_are_published(home, first):
    for table in ("fct_outcome", "fct_offence", "fct_cohort_member", "fct_order", "fct_eet_at_order_end",
                  "fct_budget_line", "fct_ledger_posting", "dim_child", "dim_date", "dim_geography"):  # fmt: skip
        (count,) = home.query(f"select count(*) from marts.{table}")[0]
        assert count > 3, table
    indicators = home.query("select indicator_id, value_shown, as_at::text from reports.rpt_local_indicators")
    assert len(indicators) == 5
    assert all(as_at == "2026-03-31" for _, _, as_at in indicators)


def test_what_decides_nothing_in_court_is_no_outcome(home, first):
    outcomes = "select count(*) from intermediate.int_justice__outcome_police where outcome_record_id in ({})"
    results = "select 'police/court_result/' || record_id from staging.stg_police__court_result where result_code in ({})"

    def counted(codes):
        return home.query(outcomes.format(results.format(", ".join(f"'{code}'" for code in sorted(codes)))))[
            0
        ][0]

    assert counted(DECIDES_NOTHING) == 0
    assert counted(DECIDES) >= len(DECIDES)


def test_the_mails_were_received_and_name_no_child(home, first):
    mails = sorted((home.var / "mail").glob("*.eml"))
    assert mails
    names = {
        name for (name,) in home.query("select distinct lower(family_name) from raw.case_system__person")
    }
    names -= {"oakshire", "rushmere"}  # a made-up child is called like the made-up service
    for path in mails:
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        text = mail.get_body().get_content()
        assert "FICTIONAL" in text
        words = set(re.findall(r"[a-zë’'-]{5,}", text.lower()))
        assert not words & {name for name in names if name and len(name) > 4}


@pytest.mark.fault("R7")
def test_one_works_and_one_leaves_politely(second):
    _, results = second
    assert [code for code, *_ in results] == [0, 0], results
    assert sum("already" in out.lower() or "at work" in out.lower() for _, out, _ in results) == 1


@pytest.mark.fault("R14", "F6")
def test_the_second_night_changes_no_row_and_says_so(home, second):
    before, results = second
    assert home.fingerprint() == before
    assert any("no row of any mart changed" in out.lower() for _, out, _ in results)


def test_status_fits_on_a_screen(home, second):
    said = home.yos("status")
    assert said.returncode == 0, said.stdout + said.stderr
    assert len(said.stdout.strip().splitlines()) <= 16
    assert "FICTIONAL" in said.stdout


def test_the_past_is_built_beside_the_marts_and_is_not_published(home, second):
    published = "select publication_id, run_id, unit, as_at from marts.publication order by 1"
    marts, publications = home.fingerprint(), home.query(published)
    said = home.yos("as-at", "2026-02-28")
    assert said.returncode == 0, said.stdout[-3000:] + said.stderr[-3000:]
    assert "build_as_at_20260228" in said.stdout

    known = (
        "select count(*) from raw.finance__ledger_posting where recorded_from < '2026-03-01 Europe/London'"
        " and (recorded_to is null or recorded_to >= '2026-03-01 Europe/London')"
    )
    past, *_ = home.query("select count(*) from build_as_at_20260228.fct_ledger_posting")
    assert [past] == home.query(known)
    assert 0 < past[0] < home.query("select count(*) from marts.fct_ledger_posting")[0][0]
    # what was known then is known still, under the same keys, but for what a delivery took back since
    columns = "ledger_posting_key, financial_year, period, account_key, status_code, amount_gbp"
    lost = (
        f"select count(*) from (select {columns} from build_as_at_20260228.fct_ledger_posting"
        f" except select {columns} from marts.fct_ledger_posting)"
    )
    taken_back = f"{known} and recorded_to is not null"
    assert home.query(lost)[0][0] <= home.query(taken_back)[0][0] < past[0]
    # the case system was read for the first time a month later
    assert home.query("select count(*) from build_as_at_20260228.fct_outcome") == [(0,)]
    assert home.fingerprint() == marts
    assert home.query(published) == publications


def test_a_day_before_the_first_delivery_is_refused(home, second):
    said = home.yos("as-at", "2020-01-01")
    assert said.returncode == 1
    assert "BEFORE_FIRST_LOAD" in said.stderr


@pytest.mark.soak
def test_the_present_built_as_the_past_is_what_is_published(home, second):
    assert home.yos("as-at", "2026-03-31").returncode == 0
    for table in home.fingerprint():
        schema, name = table.split(".")
        if schema == "marts":
            beside = f"build_as_at_20260331.{name}"
            # a migrated table has its newer columns at the end
            ((columns,),) = home.query(
                "select string_agg(quote_ident(attname), ', ' order by attname) from pg_attribute"
                f" where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped"
            )
            left, right = (f"select {columns} from {side}" for side in (table, beside))
            differing = f"({left} except {right}) union all ({right} except {left})"
            assert home.query(differing) == [], name
