"""The Ministry's outturn table of youth justice, 2024/25, through the door: the comparator of rpt_outturn."""

from __future__ import annotations

from datetime import date


def test_every_authority_of_the_outturn_table_is_let_in(arrivals, shared) -> None:
    table = shared / "data" / "finance" / "derived_youth_justice_outturn_2024_25_by_la.csv"
    arrivals.pack("finance", [table], date(2025, 3, 31))
    (report,) = arrivals.load("finance")
    # one authority is in the file twice, with the same figures
    assert (report.state, report.rows_accepted, report.rows_quarantined) == ("accepted", 411, 0)
    found = arrivals.query(
        "select count(*), count(*) filter (where employees_thousand = '[x]'), count(distinct record_id) "
        "from raw.finance__outturn where record_id like '2024/25|%'"
    )
    assert found == [(410, 9, 410)]
