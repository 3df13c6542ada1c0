"""What leaves for a terminal, a file or a mail holds nothing that a spreadsheet would run (faults.md F20)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.door.conftest import Door, door  # noqa: F401 - a fixture
from tests.telling.conftest import Night
from tests.telling.test_reconcile import PENNY, build
from yos_warehouse.server.connect import transaction
from yos_warehouse.telling.attention import Attention, _line
from yos_warehouse.telling.digest import compose_digests
from yos_warehouse.telling.explain import _cell
from yos_warehouse.telling.incidents import update_incidents
from yos_warehouse.telling.owners import cell
from yos_warehouse.telling.reconcile import reconcile

FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1+1", "\r@x", " =1", "\x00-2"]


@pytest.mark.fault("F20")
@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_would_run_has_an_apostrophe(text: str) -> None:
    assert re.fullmatch(r"'[=+\-@][^\x00-\x1f]*", cell(text))
    assert _cell(text) == cell(text)


@pytest.mark.parametrize("text", ["", "O'Brien", "1-2", "a=b", "'=1", "£-5"])
def test_other_text_stays(text: str) -> None:
    assert cell(text) == text


@pytest.mark.fault("F20")
def test_numbers_are_no_text(night: Night, capsys: pytest.CaptureFixture[str]) -> None:
    assert (_cell(Decimal("-1.50")), _cell(-2)) == ("-1.50", "-2")
    row: list[Any] = list(PENNY)
    row[4] = "=HYPERLINK"
    build(night, [tuple(row)])
    assert reconcile() == 1
    text = capsys.readouterr().out
    assert "'=HYPERLINK" in text and " -0.01" in text and "'-0.01" not in text


@pytest.mark.fault("F20")
def test_names_and_references_on_the_list(night: Night) -> None:
    row = Attention(
        1,
        "NO_RECORD",
        date(2026, 3, 31),
        "=1",
        "@A",
        "Invented",
        "NORTH",
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    )
    line = _line(row, date(2026, 3, 31), None)
    assert "'=1" in line and "'@A Invented" in line


@pytest.mark.fault("F20")
def test_a_mail_about_a_ledger_of_formulas_holds_none(door: Door) -> None:  # noqa: F811 - the fixture
    """File, header, values and a broken row begin as a formula; what is told is counts and words of ours."""
    header = "Journal,Line,Year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,Source,Status"
    row = '=cmd{},{},2025/26,11,13/02/2026,YJ10,=A1000,+CORE,"=cmd|x",@SUM,=AP,-ACTUAL,{},=z'
    rows = [
        row.format(n, n, amount) for n, amount in enumerate(["-1.00", "=1+1", "+1", "\t-1", "1.00", "2.00"])
    ]
    door.deliver({"ledger=cmd.csv": "\n".join([header + ",Amount,=cmd|y", *rows]) + "\n"}, feed="finance")
    (report,) = door.load("finance")
    assert (report.state, report.rows_quarantined) == ("accepted", 3)
    with transaction("publisher") as connection:
        update_incidents(connection, door.run_id, door.warehouse.drops)
    door.query("update ops.run set state = 'succeeded'")
    with transaction("publisher") as connection:
        assert compose_digests(connection) > 0
    mails = door.query("select subject, body from ops.outbox")
    words = [word for mail in mails for text in mail for word in text.split()]
    assert any("held" in word for word in words)
    assert [word for word in words if word.startswith(("=", "@", "+")) or "cmd" in word] == []
