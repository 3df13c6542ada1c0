"""``yos check`` names what would happen, by rule and count, and shows no value."""

from __future__ import annotations

from pathlib import Path

import pytest
from source_samples import ARREST_HEADER, MESSAGE, arrest, arrests, spi

from yos_warehouse.errors import UsageError
from yos_warehouse.sources.check import Outcome, check


def found(*paths: Path, feed: str = "police") -> set[tuple[str, int, str]]:
    return {(finding.rule, finding.count, finding.outcome.name) for finding in check(feed, paths)}


def test_good_files_have_no_findings(tmp_path: Path) -> None:
    xml = tmp_path / "a.xml"
    xml.write_text(spi(MESSAGE), "utf-8")
    assert found(arrests(tmp_path / "arrests.csv", arrest(1), arrest(2)), xml) == set()
    assert found(arrests(tmp_path / "arrests_2.csv", arrest(1), encoding="utf-16")) == set()


@pytest.mark.fault("D3")
@pytest.mark.parametrize(
    ("value", "is_date"),
    [
        ("03/04/2010", True),
        ("13/04/2010", True),
        ("2010-04-03", True),
        ("2020-Apr-25 00:00:00", True),
        ("29/02/2012", True),
        ("31/02/2012", False),
        ("04/13/2010", False),
        ("40271", False),
        ("03/04/10", False),
        ("29/02/2011", False),
    ],
)
def test_dates_are_british(tmp_path: Path, value: str, is_date: bool) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest(1).replace("03/04/2010", value))
    assert found(path) == (set() if is_date else {("DATE", 1, "HELD_BACK")})


@pytest.mark.fault("D10")
@pytest.mark.parametrize(
    ("value", "is_money"),
    [
        ("1,234.50", True),
        ("£50", True),
        ("(50.00)", True),
        ("50.00-", True),
        ("-1", True),
        ("1.200,50", False),
    ],
)
def test_money_is_british(tmp_path: Path, value: str, is_money: bool) -> None:
    path = tmp_path / "disposals.csv"
    path.write_text(
        "ASN,Seq,Disposal code,Disposal date,Qualifier,Duration,Duration unit,Amount\n"
        f'2500ZZ0100000000001A,1,1015,01/04/2026,,,,"{value}"\n',
        "utf-8",
    )
    assert found(path) == (set() if is_money else {("NUMBER", 1, "HELD_BACK")})


def test_every_kind_of_finding_without_a_value(tmp_path: Path) -> None:
    secret = "Secretname"
    lines = [arrest(n, surname=secret) for n in range(1, 400)]
    lines[1] = arrest(2, surname="")
    lines[2] = arrest(3, surname=f"{secret},{secret}")
    lines[3] = arrest(4, surname=f"{secret}\x00")
    lines[4] = arrest(5, surname=secret).replace("31/03/2026", secret)
    path = arrests(
        tmp_path / "arrests.csv", *(f"{line},x" for line in lines), header=ARREST_HEADER + ",Shoe size"
    )
    findings = check("police", [path])
    assert {(finding.rule, finding.count) for finding in findings} == {
        ("REQUIRED", 1),
        ("FIELD_COUNT", 1),
        ("CONTROL_CHAR", 1),
        ("DATE", 1),
        ("EXTRA_COLUMN", 1),
    }
    assert not any(finding.refuses for finding in findings)
    assert secret not in "\n".join(str(finding) for finding in findings)
    assert findings[-1].outcome is Outcome.NOTE
    assert "Shoe size" in findings[-1].words  # the sender's own header, on the sender's own terminal


def test_what_refuses_a_drop(tmp_path: Path) -> None:
    wrong = [arrest(n) + ",x" for n in range(1, 50)]
    assert ("FIELD_COUNT", 49, "REFUSED") in found(arrests(tmp_path / "arrests.csv", *wrong))
    assert found(arrests(tmp_path / "arrests_2.csv", arrest(), header="a,b")) == {("SCHEMA", 1, "REFUSED")}
    assert found(arrests(tmp_path / "stops.csv", arrest())) == {("UNKNOWN_FILE", 1, "REFUSED")}
    xml = tmp_path / "a.xml"
    xml.write_text("<!DOCTYPE a><a/>")
    assert found(xml) == {("XML_UNSAFE", 1, "REFUSED")}
    with pytest.raises(UsageError, match="NO_FILES"):
        check("police", [tmp_path / "none.csv"])
    with pytest.raises(UsageError, match="UNKNOWN_FEED"):
        check("polise", [xml])
