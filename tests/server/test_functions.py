"""The functions that read what partners write: one reading for the door and for staging."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest


def _ask(warehouse_template, function: str, values: list[str | None]) -> list:
    from yos_warehouse.server.connect import transaction

    with transaction("loader", database=warehouse_template) as connection, connection.cursor() as cursor:
        cursor.execute(
            f"select ref.{function}(v) from unnest(%s::text[]) with ordinality as t (v, n) order by n",
            (values,),
        )
        return [row[0] for row in cursor.fetchall()]


def _check(warehouse_template, function: str, cases: dict) -> None:
    found = dict(zip(cases, _ask(warehouse_template, function, list(cases)), strict=True))
    assert found == cases


def test_dates_are_read_day_first_or_not_at_all(warehouse_template) -> None:
    # faults.md D3
    _check(warehouse_template, "parse_date", {
        "03/04/2010": date(2010, 4, 3),
        "13/04/2010": date(2010, 4, 13),
        "2010-04-03": date(2010, 4, 3),
        "2010-04-03T00:00:00": date(2010, 4, 3),
        "2010-04-03T23:59:59.5+01:00": date(2010, 4, 3),
        "2020-Apr-25 00:00:00": date(2020, 4, 25),
        "29/02/2012": date(2012, 2, 29),
        "31/02/2012": None,
        "29/02/2011": None,
        "04/13/2010": None,  # month first
        "40271": None,  # a spreadsheet's serial number
        "03/04/10": None,
        "3/4/2010": None,
        "2010-4-3": None,
        "2010-13-01": None,
        "0000-01-01": None,
        "00/00/2010": None,
        "": None,
        None: None,
        "03/04/2010\n": None,
        "today": None,
        "infinity": None,
    })  # fmt: skip


def test_money_is_read_as_pounds_and_pence(warehouse_template) -> None:
    # faults.md D10
    _check(warehouse_template, "parse_money", {
        "£1,200.50": Decimal("1200.50"),
        "1200.5": Decimal("1200.50"),
        "(50.00)": Decimal("-50.00"),
        "(£50)": Decimal("-50.00"),
        "50.00-": Decimal("-50.00"),
        "-£50": Decimal("-50.00"),
        "£-50": Decimal("-50.00"),
        "2,172,909": Decimal("2172909"),
        "0": Decimal("0"),
        "1.200,50": None,
        "12,00.50": None,
        "1,2,3": None,
        "(-50)": None,
        "1e3": None,
        "NaN": None,
        "1.005": None,
        "": None,
        None: None,
    })  # fmt: skip


def test_a_sum_of_money_that_is_too_large_is_not_read_instead_of_failing(warehouse_template) -> None:
    assert _ask(warehouse_template, "parse_money", ["9" * 13, "9" * 40, "(" + "9" * 40 + ")", "9" * 12]) == [
        None, None, None, Decimal("9" * 12),
    ]  # fmt: skip


def test_pnc_ids_become_canonical_or_are_not_read(warehouse_template) -> None:
    # domain.md 2.3: vectors of hmpps-person-record
    _check(warehouse_template, "canonical_pnc", {
        "81/34U": "1981/0000034U",
        "02/73319Z": "2002/0073319Z",
        "0273319Z": "2002/0073319Z",
        "2002/0073319Z": "2002/0073319Z",
        "2002/0073319z": "2002/0073319Z",
        " 2002/0073319Z ": "2002/0073319Z",
        "00/223R": "2000/0000223R",
        "79/163001B": "1979/0163001B",
        "033Y": "2003/0000003Y",
        "67/9893091D": "1967/9893091D",
        "20030011985Z": None,
        "20120052494O": None,
        "20230583843N": None,
        "2001/0171310S": None,
        "2001/01713101S": None,
        "": None,
        None: None,
        "/": None,
        "1/1A": None,
    })  # fmt: skip


def test_upns_are_checked_by_their_letter(warehouse_template) -> None:
    # domain.md 2.5
    _check(warehouse_template, "is_valid_upn", {
        "A950000178301": True,
        "H243278544154": True,
        "G855400112001": True,
        "N855432108123": True,
        "R247962919251": False,
        "X428558133462": False,
        "a950000178301": False,
        "A95000017830": False,
        "": False,
        None: None,
    })  # fmt: skip


def test_numbers_and_yes_or_no(warehouse_template) -> None:
    _check(
        warehouse_template,
        "parse_number",
        {"12.50": Decimal("12.50"), "-3": Decimal(-3), "1,000": None, "1e9": None, "٣": None, "": None},
    )
    _check(
        warehouse_template,
        "parse_boolean",
        {"Y": True, "no": False, "1": True, "TRUE": True, "maybe": None, "": None, None: None},
    )


@pytest.mark.parametrize(
    "function", ["parse_date", "parse_money", "parse_number", "canonical_pnc", "is_valid_upn"]
)
def test_nothing_a_partner_can_write_makes_a_function_fail(warehouse_template, function) -> None:
    nasty = [
        "٣٣/٠٤/٢٠١٠",
        "9" * 5000,
        "99/99/9999",
        "9999-99-99",
        "\u00a050",
        "£",
        "()",
        "-",
        "--5",
        "00/0000000Z",
        "9/9Z",
        "2010-02-30T25:61:61Z",
        "A" * 13,
        "A" + "٣" * 12,
    ]
    _ask(warehouse_template, function, nasty)
