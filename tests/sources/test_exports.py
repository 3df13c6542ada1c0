"""Exports of councils: whose headers hold, since when, and text above the table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.check import Outcome, check
from yos_warehouse.sources.contract import Contract, Entity, contracts
from yos_warehouse.sources.csv_file import CsvFile, count_records, open_csv, read_rows
from yos_warehouse.sources.drop import pack

BEFORE, AFTER = date(2026, 3, 31), date(2026, 4, 30)
TITLE = """FICTIONAL Borough of Rushmere
"Ledger extract,

Printed 5" paper,,,"one",x
"""
HEADER = "Trans No,Line No,Fin Year,Prd,Trans Date,CC,Acct,Activity,Narrative,Vendor,Type,{},Stat"
OLD, NEW = HEADER.format("Debit,Credit"), HEADER.format("Net")
ROW = 'T1,{},2025/26,11,13/02/2026,YJ10,A1000,CORE,"Two, or\nthree ""lines""",V,PAY,{},ACT'


def ledger(folder: Path, header: str, *amounts: str, above: str = TITLE, **how: Any) -> Path:
    """A ledger of Rushmere with a posting per amount (or pair of amounts)."""
    path = folder / how.get("name", "ledger_rushmere_2026.csv")
    lines = [header, *(ROW.format(number, amount) for number, amount in enumerate(amounts, start=1))]
    path.write_bytes((above + "\n".join(lines) + "\n").encode(how.get("encoding", "utf-8")))
    return path


def opened(path: Path, day: date | None = BEFORE) -> CsvFile:
    feed = contracts()["finance"]
    return open_csv(path, feed.entities["ledger_posting"], feed, day)


def test_name_and_day_of_a_file_decide_the_mapping(tmp_path: Path) -> None:
    old = opened(ledger(tmp_path, OLD, "10.00,"))
    new = opened(ledger(tmp_path, NEW, "10.00"), AFTER)
    assert (old.export, new.export) == ("rushmere", "rushmere_2026")
    assert {"debit_gbp", "credit_gbp"} <= set(old.columns) and "amount_gbp" in old.absent
    assert "amount_gbp" in new.columns and {"debit_gbp", "credit_gbp"} <= set(new.absent)
    other = ledger(tmp_path, OLD, above="", name="ledger_2026.csv")
    with pytest.raises(DropRejected, match=r"journal_id \(Journal\)"):
        opened(other)


def test_a_file_in_last_years_layout_is_refused_by_name_of_the_column(tmp_path: Path) -> None:
    with pytest.raises(DropRejected) as refused:
        opened(ledger(tmp_path, OLD, "10.00,"), AFTER)
    assert refused.value.code == "SCHEMA"
    assert "lacks amount_gbp (Net; export rushmere_2026) in each of the first 12 lines" in refused.value.what
    with pytest.raises(DropRejected, match=r"debit_gbp \(Debit; export rushmere\), credit_gbp"):
        opened(ledger(tmp_path, NEW, "10.00"), BEFORE)


def test_without_a_date_the_newest_mapping_counts(tmp_path: Path) -> None:
    assert opened(ledger(tmp_path, NEW, "1"), None).export == "rushmere_2026"


def test_text_above_the_table_is_not_read_and_lines_are_counted_with_it(tmp_path: Path) -> None:
    path = ledger(tmp_path, OLD, "10.00,", ",5.00")
    file = opened(path)
    assert file.header_line == 5
    assert path.read_bytes()[file.data_offset :].startswith(b"T1,1,")
    assert [(row.problem, row.line_number) for row in read_rows(file)] == [(None, 6), (None, 8)]
    assert count_records(path, contracts()["finance"], BEFORE) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_text_above_the_table_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = ledger(tmp_path, OLD, "10.00,", ",5.00", encoding=encoding)
    drop = pack("finance", [path], BEFORE, fictional=True, out=tmp_path / "drops", settle_seconds=0)
    assert [entry.rows for entry in drop.manifest.files] == [2]
    found = check("finance", [path], BEFORE)
    assert [(finding.rule, finding.words) for finding in found] == [
        ("EXPORT", "read as export rushmere, header in line 5")
    ]


def test_the_manifest_counts_no_line_above_the_table(tmp_path: Path) -> None:
    path = ledger(tmp_path, NEW, "1", "2", "3")
    drop = pack("finance", [path], AFTER, fictional=True, out=tmp_path / "drops", settle_seconds=0)
    assert [entry.rows for entry in drop.manifest.files] == [3]


def test_too_much_text_above_the_table_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = ledger(tmp_path, OLD, "10.00,", above="Secretname\n" * 12)
    with pytest.raises(DropRejected) as refused:
        opened(path)
    assert refused.value.code == "SCHEMA" and "Secretname" not in str(refused.value)
    assert [finding.outcome for finding in check("finance", [path], BEFORE)] == [Outcome.REFUSED]
    eleven = ledger(tmp_path, OLD, "10.00,", above="Secretname\n" * 11)
    assert opened(eleven).header_line == 12


def test_a_title_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = ledger(tmp_path, OLD, "10.00,", above="Borough £\n", encoding="cp1252")
    with pytest.raises(DropRejected, match="ENCODING"):
        opened(path)


def test_a_header_may_be_called_as_a_column_that_the_export_names_otherwise(tmp_path: Path) -> None:
    file = opened(ledger(tmp_path, OLD + ",Period,Amount"))
    assert file.columns[3] == "period" and file.columns[-2:] == (None, None)
    with pytest.raises(DropRejected, match="DUPLICATE_HEADER"):
        opened(ledger(tmp_path, OLD + ",prd"))


def changed(finance: Contract, *exports: dict[str, Any]) -> Entity:
    entity = finance.entities["ledger_posting"].model_dump()
    return Entity.model_validate(entity | {"exports": exports})


@pytest.mark.parametrize(
    "export",
    [
        {"headers": {"jurnal_id": ["Trans"]}},  # no such column
        {"headers": {"journal_id": []}},  # nothing is taken in without it
        {"headers": {"supplier": ["Text"], "description": ["TEXT"]}},  # one header for two columns
        {"like": "nobody"},
        {"header_within": 0},
        {"files": []},
        {"headres": {}},
    ],
)
def test_a_mapping_that_cannot_hold_stops_the_parse(export: dict[str, Any]) -> None:
    whole = {"name": "other", "title": "Other", "files": ["ledger_other*.csv"]}
    finance = contracts()["finance"]
    assert changed(finance, whole).exports[0].name == "other"
    with pytest.raises(ValidationError):
        changed(finance, whole | export)
    with pytest.raises(ValidationError):
        changed(finance, whole, whole)


def test_of_two_mappings_since_one_day_the_first_counts() -> None:
    one = {"name": "one", "title": "One", "files": ["ledger_a*.csv"], "since": "2025-04-01"}
    two = one | {"name": "two", "files": ["ledger_*.csv"]}
    entity = changed(contracts()["finance"], two, one)
    from yos_warehouse.sources.exports import chosen

    found = [chosen(entity.exports, name, BEFORE) for name in ("ledger_A1.csv", "ledger_b.csv", "ledger.csv")]
    assert [export and export.name for export in found] == ["two", "two", None]
    assert chosen(entity.exports, "ledger_a.csv", date(2025, 3, 31)) is None
