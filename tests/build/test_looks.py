"""Every look at children's records behind a figure or on the tracker: who may, why, and that it is logged. FICTIONAL."""

from __future__ import annotations

from datetime import date

import psycopg2
import pytest

from tests.build.figures import CASES, Q3, Q4, Figures, Warned, set_up_figures
from yos_warehouse.server.embedded import folder
from yos_warehouse.server.roles import LOGINS

JANUARY, MARCH, PAST = date(2026, 1, 31), date(2026, 3, 31), date(2025, 11, 30)
WHY = "the board asked why it rose"
LOOKS = {
    "explain": "select * from restricted.explain('cautions', 'LOCAL', '2025Q3', null, %s, %s)",
    "tracker": "select * from restricted.read_tracker(%s, %s)",
    "tracker_reoffence": "select * from restricted.read_tracker_reoffences(%s, %s)",
    "eet_attention": "select * from restricted.read_eet_attention('NORTH', %s, %s)",
    "restatement": "select * from restricted.read_restatement('cautions', 'LOCAL', '2025Q3', %s, %s)",
}
LOG = "select what, role_name, asked_by, indicator_id, variant_code, period_code, team_code, as_at, purpose, rows_returned from restricted.access_log order by access_id"


@pytest.fixture
def figures(warehouse) -> Figures:
    made = set_up_figures(warehouse)
    made.warned = [Warned(1), Warned(1, "CONFLICT"), Warned(2), Warned(3, team="SOUTH")]
    made.night(CASES, JANUARY)
    made.night(CASES[1:], MARCH)
    return made


def _explain(
    figures: Figures, period: str = Q3, day: date | None = None, indicator: str = "cautions"
) -> list[tuple]:
    return figures.warehouse.query(
        "select case_reference, numerator, denominator, is_in, reason_code"
        " from restricted.explain(%s, 'LOCAL', %s, %s, %s, 'ann')",
        (indicator, period, day, WHY),
        role="practitioner",
    )


# ---------------------------------------------------------------- logged


def test_a_look_is_logged_with_its_purpose(figures) -> None:
    expected = []
    for what, look in LOOKS.items():
        rows = figures.warehouse.query(look, (WHY, "ann"), role="practitioner")
        about: tuple = ("cautions", "LOCAL", Q3, None)
        if what.startswith(("tracker", "eet")):
            about = (None, None, None, "NORTH" if what == "eet_attention" else None)
        expected.append((what, "yos_practitioner", "ann", *about, MARCH, WHY, len(rows)))
    assert figures.warehouse.query(LOG, role="auditor") == expected


def test_without_a_purpose_and_a_name_nothing_is_shown(figures) -> None:
    purposes = ["", None, "short", "         x        ", "x" * 501]
    for look in LOOKS.values():
        for why, who in [*((why, "ann") for why in purposes), *((WHY, who) for who in ("", None, " "))]:
            with pytest.raises(psycopg2.Error, match="PURPOSE|ASKED_BY") as refused:
                figures.warehouse.query(look, (why, who), role="practitioner")
            assert refused.value.pgcode == "YOS01"
    assert figures.warehouse.query(LOG, role="auditor") == []


def test_a_look_that_is_rolled_back_leaves_its_number_and_a_line_in_the_server_s_log(figures) -> None:
    connection = figures.warehouse.connect("practitioner")
    with connection.cursor() as cursor:
        cursor.execute(LOOKS["tracker"], (WHY, "ann"))
        assert len(cursor.fetchall()) == 2
    connection.rollback()
    connection.close()
    figures.warehouse.query(LOOKS["tracker"], (WHY, "ann"), role="practitioner")
    assert figures.warehouse.query("select array_agg(access_id) from restricted.access_log") == [([2],)]
    lines = [line for line in (folder() / "postgres.log").read_text().splitlines() if "yos access" in line]
    assert lines[-2].endswith("yos access 1: yos_practitioner saw 2 rows of tracker")
    assert not any("Canarybird" in line or WHY in line for line in lines)


def test_nothing_is_shown_where_nothing_can_be_logged(figures) -> None:
    connection = figures.warehouse.connect("practitioner", autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("set default_transaction_read_only = on")
        for look in LOOKS.values():
            with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
                cursor.execute(look, (WHY, "ann"))
    connection.close()


def test_reading_one_row_logs_all(figures) -> None:
    for look in ("select 1 from restricted.read_tracker(%s, %s) limit 1", "select restricted.read_tracker(%s, %s) limit 1",
                 "select count(*) from restricted.read_tracker(%s, %s)", "explain (analyze) select * from restricted.read_tracker(%s, %s)"):  # fmt: skip
        figures.warehouse.query(look, (WHY, "ann"), role="practitioner")
    assert figures.warehouse.query("select rows_returned from restricted.access_log") == [(2,)] * 4


# ---------------------------------------------------------------- who may


def test_nobody_but_a_practitioner_may_look(figures) -> None:
    figure = "select restricted.figure('cautions', 'LOCAL', '2025Q3', null), %s, %s"
    for role in set(LOGINS) - {"practitioner"}:
        for look in (*LOOKS.values(), figure):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                figures.warehouse.query(look, (WHY, "ann"), role=role)


def test_no_reader_selects_the_restricted_tables(figures) -> None:
    names = [
        name
        for (name,) in figures.warehouse.query(
            "select format('%I.%I', n.nspname, relname) from pg_class as c inner join pg_namespace as n"
            " on n.oid = relnamespace where n.nspname = 'restricted' and relkind in ('r', 'v')"
        )
    ]
    assert len(names) >= 7
    for role in ("analyst", "practitioner", "finance", "auditor"):
        for name in names:
            if (role, name) == ("auditor", "restricted.access_log"):
                continue
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                figures.warehouse.query(f"select 1 from {name}", role=role)


def test_a_practitioner_writes_no_log_entry_of_their_own(figures) -> None:
    for statement in (
        "insert into restricted.access_log (asked_by, what, purpose, rows_returned) values ('x', 'explain', 'xxxxxxxxxxxx', 0)",
        "select restricted.log_access('explain', null, null, null, null, 'xxxxxxxxxxxx', 'x', 0)",
        "select restricted.demand_purpose('xxxxxxxxxxxx', 'x')",
        "select restricted.place_of('cautions', 'LOCAL', '2025Q3', current_date)", "select restricted.shown_day()",
        "select setval('restricted.access_log_access_id_seq', 1)",
    ):  # fmt: skip
        for role in ("practitioner", "publisher", "auditor"):
            with pytest.raises(
                (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)
            ):
                figures.warehouse.query(statement, role=role)


def test_the_functions_run_with_the_owner_s_rights_on_a_fixed_path(figures) -> None:
    rows = figures.warehouse.query(
        "select proname::text, pg_get_userbyid(proowner)::text, proconfig from pg_proc"
        " where pronamespace = 'restricted'::regnamespace and prosecdef order by 1"
    )
    assert rows == [
        (name, "yos_owner", ["search_path=pg_catalog, pg_temp"])
        for name in (
            "explain",
            "figure",
            "list_decisions",
            "list_key_changes",
            "list_reviews",
            "read_eet_attention",
            "read_restatement",
            "read_review",
            "read_tracker",
            "read_tracker_reoffences",
        )
    ]


# ---------------------------------------------------------------- what is shown


def test_the_education_list_of_a_team_is_of_that_team(figures) -> None:
    def read(team: str | None) -> list[tuple]:
        return figures.warehouse.query(
            "select person_key, attention_code from restricted.read_eet_attention(%s, %s, 'ann')",
            (team, WHY),
            role="practitioner",
        )

    assert read("NORTH") == [(1, "CONFLICT"), (1, "NO_RECORD"), (2, "NO_RECORD")]
    assert read("SOUTH") == [(3, "NO_RECORD")]
    assert len(read(None)) == 4
    assert read("NOT_KNOWN") == []
    for unknown in ("WEST", "-1", ""):
        with pytest.raises(psycopg2.Error, match="TEAM: there is no such team") as refused:
            read(unknown)
        assert (refused.value.pgcode, refused.value.diag.message_hint) == (
            "YOS02",
            "choose one of: NORTH, SOUTH",
        )
    assert figures.warehouse.query("select team_code, rows_returned from restricted.access_log order by 2") == [
        ("NOT_KNOWN", 0), ("SOUTH", 1), ("NORTH", 3), (None, 4),
    ]  # fmt: skip


def test_the_publisher_counts_children_and_not_rows(figures) -> None:
    count = "select * from restricted.eet_attention_count order by 1, 2"
    assert figures.warehouse.query(count, role="publisher") == [
        ("NORTH", "CONFLICT", 1), ("NORTH", "NO_RECORD", 2), ("SOUTH", "NO_RECORD", 1),
    ]  # fmt: skip
    assert "Canarybird" not in str(figures.warehouse.query(count))


def test_a_figure_as_the_marts_show_it(figures) -> None:
    assert _explain(figures) == _explain(figures, day=MARCH)
    assert _explain(figures) == [
        ("CMS0002", 0, 1, True, "IN"), ("CMS0001", 1, 1, True, "IN"), ("CMS0003", 1, 1, True, "IN"),
        ("CMS0004", 0, 0, False, "LIVING_ELSEWHERE"),
    ]  # fmt: skip


def test_a_value_is_explained_by_who_stood_behind_it_then(figures) -> None:
    figures.night([CASES[3]], date(2026, 4, 30))
    assert len(_explain(figures)) == 1
    then = _explain(figures, day=JANUARY)
    assert [row[0] for row in then] == ["CMS0002", "CMS0001", "CMS0003", "CMS0004"]
    assert sum(row[1] for row in then) == 2
    assert figures.warehouse.query(
        "select source_code, as_at, numerator, denominator, is_due from restricted.figure('cautions', 'LOCAL', %s, %s)",
        (Q3, JANUARY), role="practitioner",
    ) == [("VALUE", JANUARY, 2, 3, True)]  # fmt: skip


def test_another_day_of_the_past_has_to_be_built(figures) -> None:
    with pytest.raises(psycopg2.Error, match="NOT_BUILT") as refused:
        _explain(figures, day=PAST)
    assert (refused.value.pgcode, refused.value.diag.message_hint) == (
        "YOS03",
        "build it with: yos as-at 2025-11-30",
    )
    assert figures.warehouse.query(LOG) == []
    schema = figures.build_past(CASES[:2], PAST)
    assert _explain(figures, day=PAST) == [("CMS0001", 0, 1, True, "IN"), ("CMS0001", 1, 1, True, "IN")]
    assert figures.warehouse.query(
        "select source_code, as_at, numerator, denominator, is_due from restricted.figure('cautions', 'LOCAL', %s, %s)",
        (Q3, PAST), role="practitioner",
    ) == [("BUILT", PAST, 1, 1, True)]  # fmt: skip
    assert figures.warehouse.query("select as_at from restricted.access_log") == [(PAST,)]
    for role in set(LOGINS) - {"transformer"}:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            figures.warehouse.query(f"select 1 from {schema}.figure_case", role=role)
    assert figures.warehouse.query(
        f"select has_table_privilege('yos_owner', '{schema}.figure_case', 'select')"
    ) == [(True,)]
    assert figures.warehouse.query(
        f"select has_table_privilege('yos_owner', '{schema}.figure_case', 'insert, update, delete')"
    ) == [(False,)]


def test_a_past_that_is_no_plain_table_is_not_read(figures) -> None:
    """What the transformer builds there could be a view, and its functions would run with the owner's rights."""
    schema = figures.build_past(CASES, PAST)
    for trick in (
        f"alter table {schema}.figure_case rename to real; create view {schema}.figure_case as select * from {schema}.real",
        f"drop view {schema}.figure_case; alter table {schema}.real rename to figure_case; alter table {schema}.figure_case enable row level security",
        f"alter table {schema}.figure_case disable row level security; create type {schema}.odd as (a text); alter table {schema}.figure_case add column b {schema}.odd",
    ):
        figures.warehouse.query(trick, role="transformer")
        with pytest.raises(psycopg2.Error, match="NOT_BUILT"):
            _explain(figures, day=PAST)
    figures.warehouse.query(f"alter table {schema}.figure_case drop column b", role="transformer")
    assert _explain(figures, day=PAST)


def test_an_unknown_figure_is_refused_and_not_logged(figures) -> None:
    for indicator, period, words in (("nothing", Q3, "INDICATOR"), ("cautions", "1999Q1", "PERIOD")):
        with pytest.raises(psycopg2.Error, match=words) as refused:
            _explain(figures, period, indicator=indicator)
        assert refused.value.pgcode == "YOS02"
    assert figures.warehouse.query(LOG) == []


def test_before_the_first_publication_there_is_nothing_to_explain(warehouse) -> None:
    with pytest.raises(psycopg2.Error, match="NOT_PUBLISHED"):
        _explain(set_up_figures(warehouse))


def test_after_a_rollback_the_figure_shown_is_explained(figures) -> None:
    from yos_warehouse.build.publish import rollback

    rollback()
    assert len(_explain(figures)) == len(_explain(figures, day=JANUARY)) == 5
    assert len(_explain(figures, Q4)) == 2
