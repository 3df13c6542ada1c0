"""``yos status`` and the summary: short, narrow, FICTIONAL, and with an exit code that means something."""

from __future__ import annotations

from tests.telling.conftest import Night
from yos_warehouse.server.connect import connect
from yos_warehouse.telling.status import WIDTH, status_code, status_lines, summary


def look(night: Night) -> tuple[list[str], int]:
    connection = connect("auditor", autocommit=True)
    try:
        return status_lines(connection), status_code(connection)
    finally:
        connection.close()


def publish(night: Night, run_id: int, changed: int) -> None:
    for unit in ("children", "finance"):
        night.warehouse.query(
            "insert into marts.publication (run_id, unit, as_at, kind, data_dates, rows_changed,"
            " is_fictional) values (%s, %s, '2026-03-31', 'publish', '{}', %s, true)",
            (run_id, unit, changed),
        )


def test_before_the_first_night(night: Night) -> None:
    lines, code = look(night)
    assert code == 2 and "No night has run yet." in lines and lines[-1].endswith("make run")


def test_a_good_night(night: Night) -> None:
    run = night.run()
    night.load(run, rows=1234, held=5)
    publish(night, run, 17)
    lines, code = look(night)
    assert code == 0
    assert lines[0].startswith("FICTIONAL: ") and len(lines) <= 10
    assert any("police" in line and "1,234 rows" in line and "5 held back" in line for line in lines)
    assert any("17 rows changed" in line for line in lines)
    assert lines[-1] == "Next: nothing to do"


def test_what_needs_somebody_is_named_and_makes_the_code_1(night: Night) -> None:
    run = night.run("failed")
    night.load(run, refused="CHECKSUM", reason="x")
    night.warehouse.query(
        "insert into ops.publication_hold (unit, reason) values ('finance', 'wrong budget')"
    )
    lines, code = look(night)
    assert code == 1
    assert "REFUSED (CHECKSUM)" in "\n".join(lines)
    for word in ("make run", "refused (CHECKSUM)", "yos release"):
        assert word in lines[-1]


def test_the_summary_says_that_no_row_changed(night: Night) -> None:
    run = night.run()
    publish(night, run, 0)
    auditor, analyst = connect("auditor", autocommit=True), connect("analyst", autocommit=True)
    text = summary(auditor, analyst)
    auditor.close()
    analyst.close()
    assert "No row of any mart changed." in text and "FICTIONAL" in text
    assert all(len(line) <= WIDTH for line in text.splitlines())
