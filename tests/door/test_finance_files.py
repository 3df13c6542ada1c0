"""Ledgers and budgets as councils send them: money, lines of files, control totals, and each rule of the suites."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.door.conftest import Door

LEDGER = (
    "Journal,Line,Year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,Source,Status,"
)
RUSHMERE = "Trans No,Line No,Fin Year,Prd,Trans Date,CC,Acct,Activity,Narrative,Vendor,Type,Debit,Credit,Stat"


def posting(line: int, amount: str, text: str = "Rent", day: str = "13/02/2026", journal: str = "J1") -> str:
    """One posting as the main ledger writes it."""
    return f"{journal},{line},2025/26,11,{day},YJ10,A1000,CORE,{text},Supplier,AP,ACTUAL,{amount}"


def ledger(*postings: str, header: str = LEDGER + "Amount", end: str = "\n") -> str:
    return end.join([header, *postings]) + end


def held(door: Door, columns: str = "file_line, rule_codes", entity: str = "ledger_posting") -> list[tuple]:
    return door.query(
        f"select {columns} from quarantine.finance__{entity} where released_at is null order by row_number"
    )


def totals(door: Door) -> dict[str, tuple]:
    """Column to declared, file, accepted, repeated, held back, unread rows; of the newest load."""
    rows = door.query(
        "select column_name, declared_gbp, file_gbp, accepted_gbp, repeated_gbp, held_back_gbp, unread_rows "
        "from ops.control_total where load_id = (select max(load_id) from ops.load) order by 1"
    )
    return {name: tuple(None if n is None else float(n) for n in sums) for name, *sums in rows}


# D10: money


@pytest.mark.fault("D10")
def test_british_money_is_read_and_the_rest_is_held_back_with_its_line(door: Door) -> None:
    good = ['"1,234.50"', '"£1,200.50"', "(50.00)", "(£50.00)", "£(50.00)", "50.00-", "  12.5 ", "-1"]
    bad = ['"1.200,50"', '"1,23.00"', "50.00CR", "1e3", "--5", "1000000000.00"]
    lines = [posting(number, amount) for number, amount in enumerate(good + bad, start=1)]
    door.deliver(
        {"ledger_1.csv": ledger(*lines)}, feed="finance",
        control_totals={"ledger_posting": {"amount_gbp": "99.99"}},
    )  # fmt: skip
    (report,) = door.load("finance")
    assert (report.state, report.rows_accepted, report.rows_quarantined) == ("accepted", 8, 6)
    assert held(door) == [(line, ["MONEY:amount_gbp"]) for line in range(10, 16)]
    read = 1234.5 + 1200.5 - 50 - 50 - 50 - 50 + 12.5 - 1
    # the manifest's total cannot be compared, and is shown with what could be read
    assert totals(door) == {"amount_gbp": (99.99, read, read, 0, 0, 6)}


def test_accepted_repeated_and_held_back_add_up_to_the_file(door: Door) -> None:
    lines = [
        posting(1, "10.01"), posting(1, "10.01"), posting(1, "10.01"),  # repeated: counted once
        posting(2, "20.02"), posting(2, "20.03"),  # differ: both held back
        posting(3, "30.03", day="31/02/2026"),  # held back for its date, with its amount
        posting(4, '"1,000.10"'),
    ]  # fmt: skip
    file_total = (
        Decimal("10.01") * 3 + Decimal("20.02") + Decimal("20.03") + Decimal("30.03") + Decimal("1000.10")
    )
    door.deliver(
        {"ledger_1.csv": ledger(*lines[:4]), "ledger_2.csv": ledger(*lines[4:])}, feed="finance",
        control_totals={"ledger_posting": {"amount_gbp": file_total}},
    )  # fmt: skip
    (report,) = door.load("finance")
    assert (report.state, report.rows_accepted, report.rows_quarantined) == ("accepted", 4, 3)
    total = float(file_total)
    assert totals(door) == {"amount_gbp": (total, total, 1010.11, 20.02, 70.08, 0)}
    assert held(door, "file, file_line") == [
        ("ledger*.csv (file 1 of 2 by name)", 5),
        ("ledger*.csv (file 2 of 2 by name)", 2),
        ("ledger*.csv (file 2 of 2 by name)", 3),
    ]


@pytest.mark.fault("D10")
def test_a_penny_out_is_refused(door: Door) -> None:
    door.deliver(
        {"ledger_1.csv": ledger(posting(1, "10.00"), posting(2, "5.01"))}, feed="finance",
        control_totals={"ledger_posting": {"amount_gbp": "15.00"}},
    )  # fmt: skip
    (report,) = door.load("finance")
    assert (report.state, report.reason_code) == ("rejected", "CONTROL_TOTAL")
    assert door.query("select count(*) from ops.control_total") == [(0,)]


def test_an_amount_lost_in_a_broken_row_counts_as_unread(door: Door) -> None:
    lines = [posting(number, "1.00") for number in range(1, 200)] + [posting(200, "7.00") + ",x"]
    door.deliver(
        {"ledger_1.csv": ledger(*lines)}, feed="finance",
        control_totals={"ledger_posting": {"amount_gbp": "206.00"}},
    )  # fmt: skip
    (report,) = door.load("finance")
    assert (report.state, report.rows_quarantined) == ("accepted", 1)
    assert totals(door) == {"amount_gbp": (206, 199, 199, 0, 0, 1)}
    assert held(door, "file_line, rule_codes, line") == [(201, ["FIELD_COUNT"], lines[-1])]


def test_two_columns_of_money_are_summed_each(door: Door) -> None:
    rows = ["T1,1,2025/26,11,13/02/2026,YJ10,A1000,CORE,x,V,PAY,10.00,,ACT",
            "T1,2,2025/26,11,13/02/2026,YJ10,A1000,CORE,x,V,PAY,  ,(3.50),ACT",
            "T1,3,2025/26,11,13/02/2026,YJ10,A1000,CORE,x,V,PAY,,,ACT"]  # fmt: skip
    text = "FICTIONAL Borough of Rushmere\n\n" + ledger(*rows, header=RUSHMERE)
    door.deliver({"ledger_rushmere.csv": text}, feed="finance")
    (report,) = door.load("finance")
    assert report.rows_accepted == 2
    assert held(door) == [(6, ["FIN-LED-06"])]
    assert totals(door) == {"debit_gbp": (None, 10, 10, 0, 0, 0), "credit_gbp": (None, -3.5, -3.5, 0, 0, 0)}


def test_sums_that_do_not_account_for_every_penny_are_not_entered(door: Door) -> None:
    import psycopg2

    door.deliver({"ledger_1.csv": ledger(posting(1, "10.00"))}, feed="finance")
    door.load("finance")
    for sums in ("null, 10.00, 9.99, 0, 0, 0", "10.01, 10.00, 10.00, 0, 0, 0"):
        with pytest.raises(psycopg2.errors.CheckViolation):
            door.query(f"insert into ops.control_total select max(load_id), 'x', 'x', {sums} from ops.load")


def test_only_finance_and_what_is_vouched_for_is_summed(door: Door) -> None:
    header = "ASN,Seq,Disposal code,Disposal date,Qualifier,Duration,Duration unit,Amount\n"
    row = "2500ZZ0100000000001A,1,1015,01/03/2026,,3,M,50\n"
    from tests.door.conftest import ARREST, arrest, csv_text

    arrests = csv_text(ARREST, [arrest(1)])
    door.deliver({"disposals_1.csv": header + row, "arrests_1.csv": arrests}, "2026-03-30")
    door.deliver(
        {"disposals_1.csv": header + row, "arrests_1.csv": arrests}, "2026-03-31",
        control_totals={"disposal": {"duration_value": 3}},
    )  # fmt: skip
    assert [(report.state, report.reason) for report in door.load()] == [("accepted", None)] * 2
    assert door.query("select entity, column_name, file_gbp from ops.control_total") == [
        ("disposal", "duration_value", 3)
    ]


# F19: lines of files


@pytest.mark.fault("F19")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", ["plain", '"Rent, March"', '"Rent\nfor ""March"""', '"Rent\r\nof\r\rMarch"'])
def test_the_line_of_a_row_held_back_is_that_of_the_file(door: Door, end: str, text: str) -> None:
    bad = [posting(5, "10.00", day="31/02/2026"), posting(9, "x", text='"two\nlines"')]
    lines = [*(posting(n, "1.00", text) for n in range(1, 5)), bad[0],
             *(posting(n, "1.00", text) for n in range(6, 9)), bad[1], posting(10, "1.00", text)]  # fmt: skip
    content = ledger(*lines, end=end)
    door.deliver({"ledger_1.csv": content.encode()}, feed="finance")
    (report,) = door.load("finance")
    assert (report.state, report.rows_quarantined) == ("accepted", 2)
    wanted = [len(content[: content.index(row)].splitlines()) + 1 for row in bad]
    assert held(door) == [(wanted[0], ["DATE:posting_date"]), (wanted[1], ["MONEY:amount_gbp"])]


@pytest.mark.parametrize(
    "spoiled",
    [
        "\x01",  # control character: read record by record
        '5" nail',  # a quote inside a field
    ],
)
def test_lines_are_right_where_a_file_is_read_record_by_record(door: Door, spoiled: str) -> None:
    lines = [posting(1, "1.00", '"a\nb"'), posting(2, "1.00", spoiled), posting(3, "x"), posting(4, "1.00"),
             posting(5, "1.00"), posting(6, "1.00")]  # fmt: skip
    door.deliver({"ledger_1.csv": ledger(*lines)}, feed="finance")
    door.load("finance")
    found = held(door)
    assert (5, ["MONEY:amount_gbp"]) in found
    assert len(found) == (2 if spoiled == "\x01" else 1)


@pytest.mark.fault("F19")
def test_mixed_line_ends_and_a_lone_carriage_return(door: Door) -> None:
    good = [posting(number, "1.00") for number in range(1, 300)]
    text = "\r\n".join(good[:150]) + "\r\n" + "\n".join(good[150:]) + "\n"
    text += posting(300, "1.00", "Rent\rMarch") + "\n" + posting(301, "x") + "\n"
    door.deliver({"ledger_1.csv": (LEDGER + "Amount\n" + text).encode()}, feed="finance")
    (report,) = door.load("finance")
    assert (report.state, report.rows_accepted) == ("accepted", 299)
    # RFC 4180: a carriage return outside quotes ends the line, and each half has too few fields
    assert held(door) == [(301, ["FIELD_COUNT"]), (302, ["FIELD_COUNT"]), (303, ["MONEY:amount_gbp"])]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_lines_count_text_above_the_table_and_other_encodings(door: Door, encoding: str) -> None:
    row = 'T1,{},2025/26,11,{},YJ10,A1000,CORE,"x\ny",V,PAY,10.00,,ACT'
    text = 'FICTIONAL "Rushmere"\n"Printed\nby",x\n' + ledger(
        row.format(1, "13/02/2026"), row.format(2, "32/02/2026"), header=RUSHMERE
    )
    door.deliver({"ledger_rushmere.csv": text.encode(encoding), "ledger_a.csv": ledger()}, feed="finance")
    (report,) = door.load("finance")
    assert (report.state, report.rows_quarantined) == ("accepted", 1)
    assert held(door, "file, file_line") == [("ledger*.csv (file 2 of 2 by name)", 7)]


def test_rows_from_xml_have_a_file_and_no_line(door: Door) -> None:
    from tests.sources.source_samples import MESSAGE, spi

    door.deliver({"a.xml": spi(MESSAGE).replace("2026-03-30", "2026-13-30")})
    door.load()
    assert door.query("select distinct file, file_line from quarantine.police__court_message") == [
        ("*.xml", None)
    ]


# F15: headers


@pytest.mark.fault("F15")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_case_spaces_and_byte_order_marks_of_headers(door: Door, encoding: str) -> None:
    header = " JOURNAL ,line,FINANCIAL_YEAR,period,Posting Date,COST CENTRE,subjective,project,description,supplier,source,STATUS,AMOUNT"
    text = ledger(posting(1, "£1.00"), header=header)
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    door.deliver({"ledger_1.csv": content}, feed="finance")
    (report,) = door.load("finance")
    assert (report.state, report.rows_accepted, report.rows_quarantined) == ("accepted", 1, 0)


@pytest.mark.fault("F15")
@pytest.mark.parametrize("twice", ["Amount", "amount_gbp", " AMOUNT "])
def test_a_header_twice_is_refused(door: Door, twice: str) -> None:
    door.deliver(
        {"ledger_1.csv": ledger(posting(1, "1.00,2.00"), header=LEDGER + "Amount," + twice)}, feed="finance"
    )
    (report,) = door.load("finance")
    assert (report.state, report.reason_code) == ("rejected", "DUPLICATE_HEADER")
    assert "amount_gbp in columns 13 and 14" in (report.reason or "")


# F20: what a spreadsheet would run is text


@pytest.mark.fault("F20")
def test_formulas_are_kept_as_they_are_written(door: Door) -> None:
    texts = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tTab", "=1+1"]
    lines = [posting(n, "-1.00", f'"{text}"') for n, text in enumerate(texts, start=1)]
    door.deliver({"ledger_1.csv": ledger(*lines)}, feed="finance")
    door.load("finance")
    kept = door.query("select description, amount_gbp from raw.finance__ledger_posting order by line_number")
    assert kept == [(text, "-1.00") for text in texts]


# the rules of the suites

ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "budget_line": ("budget.csv", {
        "financial_year": "2025/26", "version": "1", "status": "CONFIRMED", "Agency": "health",
        "funding_stream": "core", "Staffing costs": "70", "Payments in kind": "70", "Other delegated": "30",
        "Total": "100", "Printed as": "Health",
    }),
    "budget_total": ("stated_total.csv", {
        "financial_year": "2025/26", "total_code": "CORE", "amount_gbp": "100",
    }),
    "planned_spending": ("planned_spending.csv", {
        "Year": "2025/26", "Cost centre": "YJ10", "Subjective": "A1000", "Project": "", "Amount": "100.00",
    }),
    "ledger_posting": ("ledger.csv", {
        "Journal": "J1", "Line": "1", "Year": "2025/26", "Period": "11", "Posting date": "13/02/2026",
        "Cost centre": "YJ10", "Subjective": "A1000", "Project": "", "Description": "", "Supplier": "",
        "Source": "Payroll", "Status": "Actual", "Amount": "10.00", "Debit": "", "Credit": "",
    }),
    "ledger_control_total": ("control_total.csv", {
        "Year": "2025/26", "Period": "11", "Status": "ACT", "Lines": "1", "Total": "10.00",
    }),
    "reserve_movement": ("reserve.csv", {
        "movement_id": "R1", "financial_year": "2025/26", "period": "1", "movement_date": "01/04/2025",
        "reserve": "GENERAL", "kind": "USED", "status": "MADE", "amount_gbp": "(10.00)", "balance_gbp": "5",
    }),
    "grant_award": ("grant_award.csv", {
        "grant_id": "G1", "financial_year": "2025/26", "contributor": "yjb", "amount_gbp": "10",
        "status": "CONFIRMED", "start_date": "01/04/2025", "end_date": "31/03/2026", "confirmed_on": "",
    }),
    "grant_condition": ("grant_condition.csv", {
        "grant_id": "G1", "condition_number": "1", "condition_code": "PLAN_SUBMITTED",
        "due_date": "01/09/2025", "met_on": "",
    }),
    "contribution_invoice": ("invoice.csv", {
        "invoice_id": "I1", "financial_year": "2025/26", "contributor": "health", "funding_stream": "core",
        "invoiced_on": "01/04/2025", "due_date": "01/05/2025", "amount_gbp": "-10.00",
    }),
    "contribution_receipt": ("receipt.csv", {
        "receipt_id": "P1", "invoice_id": "I1", "received_on": "02/05/2025", "amount_gbp": "10.00",
    }),
    "secondment": ("secondment.csv", {
        "secondment_id": "S1", "contributor": "police", "role": "POLICE_OFFICER",
        "whole_time_equivalent": "0.5", "start_date": "01/04/2025", "end_date": "", "annual_value_gbp": "30000",
    }),
    "outturn": ("la_outturn.csv", {
        "e_code": "E1", "ons_code": "E07000223", "la_name": "Adur", "class": "SD", "class2": "SD",
        "Employees (C1)": "979.48", "Running Expenses (C2)": "0", "Total Expenditure (C3 = C1 + C2)": "[x]",
        "Sales, Fees and Charges (C4)": "0", "Other Income (C5)": "0", "Total Income (C6 = C4 + C5)": "0",
        "Net Current Expenditure (C7 = C3 - C6)": "-12.5",
    }),
}  # fmt: skip
BROKEN: list[tuple[str, dict[str, str], str]] = [
    ("budget_line", {"Total": "170"}, "FIN-BUD-01"),  # the doubled column added
    ("budget_line", {"funding_stream": "surname"}, "report FIN-BUD-02"),
    ("budget_line", {"status": "surname"}, "report FIN-BUD-03"),
    ("budget_line", {"financial_year": "2025/27"}, "FIN-BUD-04"),
    ("budget_line", {"Payments in kind": "69.99"}, "FIN-BUD-05"),
    ("budget_line", {"Staffing costs": "", "Total": "30"}, "FIN-BUD-05"),
    ("budget_line", {"Agency": "Police & Crime"}, "FIN-BUD-07"),
    ("budget_total", {"financial_year": "2025"}, "FIN-TOT-01"),
    ("budget_total", {"total_code": "GRAND"}, "report FIN-TOT-02"),
    ("planned_spending", {"Year": "1999/00"}, "FIN-PLA-01"),
    ("ledger_posting", {"Year": "2036/37"}, "FIN-LED-01"),
    ("ledger_posting", {"Period": "15"}, "FIN-LED-02"),
    ("ledger_posting", {"Period": "0"}, "FIN-LED-02"),
    ("ledger_posting", {"Posting date": "13/02/2025"}, "report FIN-LED-05"),
    ("ledger_posting", {"Amount": ""}, "FIN-LED-06"),
    ("ledger_posting", {"Amount": " ", "Debit": "  "}, "FIN-LED-06"),
    ("ledger_posting", {"Debit": "10.00", "Credit": "0.01"}, "FIN-LED-06"),
    ("ledger_posting", {"Posting date": "31/12/1999"}, "FIN-LED-07"),
    ("ledger_posting", {"Posting date": "01/01/2036"}, "FIN-LED-07"),
    ("ledger_posting", {"Status": "Surname"}, "report CODE:status"),
    ("ledger_posting", {"Source": "Surname"}, "report CODE:source_code"),
    ("ledger_control_total", {"Year": "25/26"}, "FIN-CON-01"),
    ("ledger_control_total", {"Period": "15"}, "FIN-CON-02"),
    ("reserve_movement", {"financial_year": "2025-26"}, "FIN-RES-01"),
    ("reserve_movement", {"period": "15"}, "FIN-RES-02"),
    ("reserve_movement", {"movement_date": "01/01/2036"}, "FIN-RES-03"),
    ("reserve_movement", {"kind": "SPENT"}, "report FIN-RES-04"),
    ("reserve_movement", {"status": "HOPED"}, "report FIN-RES-05"),
    ("reserve_movement", {"amount_gbp": "10.00"}, "report FIN-RES-06"),
    ("grant_award", {"financial_year": "2025/24"}, "FIN-GRA-01"),
    ("grant_award", {"status": "HOPED"}, "report FIN-GRA-02"),
    ("grant_award", {"start_date": "01/01/1999"}, "FIN-GRA-03"),
    ("grant_award", {"end_date": "01/01/2099"}, "FIN-GRA-04"),
    ("grant_award", {"confirmed_on": "01/01/2099"}, "FIN-GRA-05"),
    ("grant_award", {"end_date": "31/03/2025"}, "report FIN-GRA-06"),
    ("grant_condition", {"due_date": "01/09/2052"}, "FIN-GCO-01"),
    ("grant_condition", {"met_on": "01/09/1952"}, "FIN-GCO-02"),
    ("grant_condition", {"condition_code": "DANCE"}, "report CODE:condition_code"),
    ("contribution_invoice", {"financial_year": "x"}, "FIN-INV-01"),
    ("contribution_invoice", {"funding_stream": "side"}, "report FIN-INV-02"),
    ("contribution_invoice", {"invoiced_on": "01/04/1925"}, "FIN-INV-03"),
    ("contribution_invoice", {"due_date": "01/05/2052"}, "FIN-INV-04"),
    ("contribution_invoice", {"due_date": "01/03/2025"}, "report FIN-INV-05"),
    ("contribution_receipt", {"received_on": "02/05/2052"}, "FIN-REC-01"),
    ("secondment", {"whole_time_equivalent": "1.01"}, "FIN-SEC-01"),
    ("secondment", {"whole_time_equivalent": "-0.5"}, "FIN-SEC-01"),
    ("secondment", {"start_date": "01/04/1925"}, "FIN-SEC-02"),
    ("secondment", {"end_date": "01/04/2052"}, "FIN-SEC-03"),
    ("secondment", {"end_date": "01/03/2025"}, "report FIN-SEC-04"),
    ("secondment", {"role": "SURNAME"}, "report CODE:role"),
    ("outturn", {"Employees (C1)": '1,000'}, "FIN-OUT-02"),
    ("outturn", {"Running Expenses (C2)": "n/a"}, "FIN-OUT-03"),
    ("outturn", {"Total Expenditure (C3 = C1 + C2)": "[y]"}, "FIN-OUT-04"),
    ("outturn", {"Sales, Fees and Charges (C4)": "£1"}, "FIN-OUT-05"),
    ("outturn", {"Other Income (C5)": "(5)"}, "FIN-OUT-06"),
    ("outturn", {"Total Income (C6 = C4 + C5)": "-"}, "FIN-OUT-07"),
    ("outturn", {"Net Current Expenditure (C7 = C3 - C6)": "x"}, "FIN-OUT-08"),
    ("outturn", {"ons_code": "e07000223"}, "FIN-OUT-09"),
]  # fmt: skip


def csv_of(rows: list[dict[str, str]]) -> str:
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    return "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in line) + "\n" for line in lines)


def test_good_rows_of_every_entity_are_let_in_without_a_word(door: Door) -> None:
    door.deliver({name: csv_of([row]) for name, row in ROWS.values()}, feed="finance")
    (report,) = door.load("finance")
    assert (report.state, report.rows_accepted, report.rows_quarantined) == ("accepted", len(ROWS), 0)
    assert report.reported == {}
    assert door.query("select record_id from raw.finance__planned_spending") == [
        ("2025/26|1|YJ10|A1000|NONE",)
    ]
    assert door.query("select record_id from raw.finance__outturn") == [("2025/26|E07000223",)]
    assert door.query("select record_id from raw.finance__budget_total") == [("2025/26|1|CORE",)]


VERSIONED = {
    "budget_line": "FIN-BUD-06", "budget_total": "FIN-TOT-03", "planned_spending": "FIN-PLA-02", "grant_award": "FIN-GRA-07",
}  # fmt: skip


def test_a_version_without_a_number_is_held_back(door: Door) -> None:
    """Which of Draft and Revised is newer nobody can tell, and as one version both would count."""
    files = {}
    for entity in VERSIONED:
        name, good = ROWS[entity]
        files[name] = csv_of([good | {"version": word} for word in ("1", "10", "1.2", "Draft", "v1")])
    door.deliver(files, feed="finance")
    (report,) = door.load("finance")
    assert report.state == "accepted", report.reason
    assert dict(report.held_back) == dict.fromkeys(VERSIONED.items(), 2)


def test_the_board_s_own_table_is_let_in_with_its_empty_cells(door: Door) -> None:
    """Both columns of staffing as printed in 2020/21; who lends nobody has nothing in them."""
    header = "Agency,funding_stream,Staffing costs,Payments in kind,Other delegated funds,Total,Printed as"
    lines = [
        'police,core,"£91,847","£91,847","£77,934","£169,781",Police & Crime Commissioner',
        'chief_executives,core,,,"£298,303","£298,303",LA Chief Executives',
        'lent_only,core,500,500,,500,Lent only',
        'doubled,core,"£91,847","£91,847","£77,934","£261,628",Both columns added',
        'half,core,,500,100,600,Only the second column',
    ]  # fmt: skip
    door.deliver({"budget.csv": "\n".join([header, *lines]) + "\n"}, feed="finance")
    (report,) = door.load("finance")
    assert (report.state, report.rows_accepted) == ("accepted", 3)
    assert held(door, entity="budget_line") == [(5, ["FIN-BUD-01"]), (6, ["FIN-BUD-01", "FIN-BUD-05"])]


def test_a_journal_number_of_another_year_is_another_journal(door: Door) -> None:
    """Ledgers count anew each year: last year's money stays."""
    lines = [
        posting(1, "10.00"),
        posting(1, "20.00").replace("2025/26,11,13/02/2026", "2024/25,11,13/02/2025"),
    ]
    for day, line in zip(("2026-02-28", "2025-02-28"), lines, strict=True):
        door.deliver({"ledger_1.csv": ledger(line)}, day, feed="finance")
    door.load("finance")
    assert door.query(
        "select record_id, amount_gbp from raw.finance__ledger_posting where recorded_to is null order by 1"
    ) == [("2024/25|J1|1", "20.00"), ("2025/26|J1|1", "10.00")]


def test_each_rule_finds_its_row(door: Door) -> None:
    """All broken rows of all entities in one delivery, with other keys; each is found by its rule and by no other."""
    files: dict[str, list[dict[str, str]]] = {}
    expected: dict[tuple[str, str], int] = {}
    for number, (entity, change, rule) in enumerate(BROKEN):
        name, good = ROWS[entity]
        row: dict[str, Any] = good | change
        for column in (
            "Line",
            "movement_id",
            "grant_id",
            "invoice_id",
            "receipt_id",
            "secondment_id",
            "ons_code",
        ):
            if column in row and column not in change:
                row[column] = f"X{9000_0000 + number}" if column == "ons_code" else f"{9000 + number}"
        if entity in ("budget_line", "budget_total", "planned_spending", "ledger_control_total"):
            for column in ("version", "Lines"):
                if column in row:
                    row[column] = str(number)
        rows = files.setdefault(name, [good])
        rows.append(row)
        expected[entity, rule] = expected.get((entity, rule), 0) + 1
    expected["budget_line", "report CODE_FORM:contributor"] = 1  # told of every code
    expected["ledger_posting", "report FIN-LED-05"] += 3  # other years and days do not fit each other either
    for name, good in ROWS.values():  # a drop of which everything breaks a rule would be refused
        files[name] += [{c: another(c, v, n) for c, v in good.items()} for n in range(5)]
    door.deliver({name: csv_of(rows) for name, rows in files.items()}, feed="finance")
    door.load("finance")
    door.approve("2026-03-31", "finance")  # so many bad rows wait for a yes
    (report,) = door.load("finance")
    assert report.state == "accepted", report.reason
    found = dict(report.held_back) | {
        (entity, f"report {rule}"): rows for (entity, rule), rows in report.reported.items()
    }
    assert found == expected


def another(column: str, value: str, number: int) -> str:
    """A value of the same column that is another where it belongs to the key."""
    if column == "ons_code":
        return f"X{9100_0000 + number}"
    return f"{value}x{number}" if column in KEYS else value


KEYS = {
    "Agency",
    "Cost centre",
    "Journal",
    "movement_id",
    "grant_id",
    "invoice_id",
    "receipt_id",
    "secondment_id",
}
