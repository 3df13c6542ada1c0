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


@pytest.mark.fault("D3")
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


MONEY = {
    "1,234.50": Decimal("1234.50"),
    "£1,200.50": Decimal("1200.50"),
    "1200.5": Decimal("1200.50"),
    "-12.50": Decimal("-12.50"),
    "(50.00)": Decimal("-50.00"),
    "(£50)": Decimal("-50.00"),
    "(£50.00)": Decimal("-50.00"),
    "£(50.00)": Decimal("-50.00"),
    "50.00-": Decimal("-50.00"),
    "£1,050.00-": Decimal("-1050.00"),
    "-£50": Decimal("-50.00"),
    "£-50": Decimal("-50.00"),
    "£ 1,234.50": Decimal("1234.50"),
    "   12.50 ": Decimal("12.50"),
    ".5": Decimal("0.50"),
    "-.05": Decimal("-0.05"),
    "007.10": Decimal("7.10"),
    "2,172,909": Decimal("2172909"),
    "0": Decimal("0"),
    "-0.00": Decimal("0.00"),
    "999999999.99": Decimal("999999999.99"),
    "-999,999,999.99": Decimal("-999999999.99"),
    # continental, or grouped where nobody groups
    "1.200,50": None,
    "1,23.00": None,
    "12,00.50": None,
    "1,2,3": None,
    ",123": None,
    "1234,567": None,
    # two signs, or none that can be told; CR and DR mean what the books of the sender mean
    "(-50)": None,
    "-50-": None,
    "(50)-": None,
    "-£-50": None,
    "50.00CR": None,
    "50.00 DR": None,
    "+50.00": None,
    "(50.00": None,
    "()": None,
    "-": None,
    "£": None,
    ".": None,
    "5.": None,
    "1.005": None,
    "1e3": None,
    "1_000.50": None,
    "0x10": None,
    "NaN": None,
    "٣.50": None,
    "$5": None,
    "\t5.00": None,
    "5.00\n": None,
    "=1+1": None,
    # a billion is a typing error, and would overflow the first sum
    "1000000000": None,
    "1,000,000,000.00": None,
    "9999999999.99": None,
    "9" * 40: None,
    "(" + "9" * 40 + ")": None,
    "": None,
    None: None,
}  # fmt: skip


@pytest.mark.fault("D10")
def test_money_is_read_as_pounds_and_pence(warehouse_template) -> None:
    # faults.md D10
    _check(warehouse_template, "parse_money", MONEY)


def test_yos_check_reads_money_and_dates_as_the_door_does(warehouse_template) -> None:
    from yos_warehouse.sources.check import _MONEY, _is_date

    wholes = ["", "5", "50", "1234", "1,234", "12,34", "123,456,789", "1,234,567,890", "1234567890", "0,123"]
    pence = ["", ".", ".5", ".50", ".505", ",50"]
    around = ["{}", "-{}", "£{}", "-£{}", "£-{}", "£ {}", "£ -{}", "- {}", "({})", "(£{})", "£({})", "£ ({})",
              "{}-", "{} -", "£{}-", "-{}-", "({}", "{})", " {} ", "  -{}", "\t{}", "{}CR", "+{}", "{}\n"]  # fmt: skip
    values = [form.format(whole + part) for form in around for whole in wholes for part in pence]
    values += [value for value in MONEY if value]
    read = _ask(warehouse_template, "parse_money", values)
    differing = [
        value
        for value, amount in zip(values, read, strict=True)
        if value.strip(" ") and (amount is not None) != (_MONEY.fullmatch(value) is not None)
    ]
    assert differing == []
    assert sum(amount is not None for amount in read) > 300
    dates = [f"{day}{mark}{month}{mark}{year}{time}" for day in ("1", "01", "13", "31", "00", "2026")
             for month in ("2", "02", "13", "Feb", "FEB") for year in ("26", "2026", "0000", "13", "01")
             for mark in "/-." for time in ("", " 00:00:00", " 10:30", "T10:30:00.5Z", "x", "\n")]  # fmt: skip
    days = _ask(warehouse_template, "parse_date", dates)
    assert [d for d, day in zip(dates, days, strict=True) if (day is not None) != _is_date(d)] == []
    assert sum(day is not None for day in days) > 10


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
