"""Schema drift (fault F13): each missing column is named, and the header that looks like it by its place alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.source_samples import ARREST_HEADER, arrest, arrests
from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.csv_file import open_csv
from yos_warehouse.sources.drift import looks_alike


@pytest.mark.parametrize(
    ("wanted", "header"),
    [
        ("Date of birth", "Birth date"),
        ("Date of birth", "DateOfBirth"),
        ("family_name", "Name of the family"),
        ("Offence start date", "start date_offence"),
        ("Surname", "Surnme"),
        ("Surname", "Surnames"),
        ("Surname", "Sunrame"),
        ("Released on", "RELEASED"),
        ("Straße", "straße"),
    ],
)
def test_the_same_words_or_one_edit_look_alike(wanted: str, header: str) -> None:
    assert looks_alike([wanted], [None, "Station", header]) == 3


@pytest.mark.parametrize(
    ("wanted", "header"),
    [("Sex", "Set"), ("Surname", "Nachname"), ("Charge date", "Charge place"), ("Number", "No"), ("ASN", "")],
)
def test_other_words_do_not(wanted: str, header: str) -> None:
    assert looks_alike([wanted], [header]) is None


def test_of_two_that_look_like_it_neither_is_named() -> None:
    assert looks_alike(["Surname"], ["Surnames", "Surnam"]) is None
    assert looks_alike(["Surname"], [None, "Surnam"]) == 2


def _refused(path: Path) -> DropRejected:
    police = contracts()["police"]
    with pytest.raises(DropRejected) as refused:
        open_csv(path, police.entities["arrest"], police)
    assert refused.value.code == "SCHEMA"
    return refused.value


@pytest.mark.fault("F13")
def test_f13_each_missing_column_is_named_and_which_may_be_renamed(tmp_path: Path) -> None:
    header = ARREST_HEADER.replace("Surname", "Sur-name").replace("Date of birth", "Birth date")
    refused = _refused(arrests(tmp_path / "arrests.csv", arrest(), header=header.replace("Station", "Place")))
    assert refused.what == (
        "arrests*.csv lacks family_name (Surname; renamed? column 4 looks like it), "
        "date_of_birth (Date of birth; renamed? column 5 looks like it), station_code (Station)"
    )
    assert refused.remedy == "send the file with these columns, or tell us which were renamed"


@pytest.mark.fault("F13")
def test_f13_a_file_without_a_header_shows_no_value_though_one_looks_like_a_column(tmp_path: Path) -> None:
    path = tmp_path / "arrests.csv"
    path.write_text(arrest(surname="Surnam") + "\n")
    refused = _refused(path)
    assert "Surnam;" not in str(refused) and "Surnam)" not in str(refused)
    assert "family_name (Surname; renamed? column 4 looks like it)" in refused.what
