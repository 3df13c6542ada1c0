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


def test_sums_held_back_and_a_manifest_that_cannot_be_compared_are_shown(night: Night) -> None:
    run = night.run()
    for month in range(1, 8):
        load = night.load(run, "finance", f"2026-{month:02d}-28", rows=7, held=1)
        night.warehouse.query(
            "insert into ops.control_total values (%s, 'ledger_posting', 'amount_gbp', %s, 1250.50, 1200, 40, 10.50, %s)",
            (load, 1260 + month if month > 5 else None, month - 5 if month > 5 else 0),
        )
    clean = night.load(run, "finance", "2026-08-28")
    night.warehouse.query(
        "insert into ops.control_total values (%s, 'ledger_posting', 'amount_gbp', 5, 5, 5, 0, 0, 0)",
        (clean,),
    )
    lines, _ = look(night)
    at = lines.index("  finance ledger_posting amount_gbp of 28 July 2026:")
    assert lines[at + 1] == (
        "    file 1,250.50 = let in 1,240.00 + held back 10.50; 2 amounts cannot be read; manifest +16.50"
    )
    text = "\n".join(lines)
    assert "manifest +15.50" in text and "of 28 August 2026:" not in text
    assert "and 2 sums more with rows held back" in text
    assert all(len(line) <= WIDTH for line in lines)
