"""Layouts by date: which columns a file of a day must have."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.contract import Contract, contracts
from yos_warehouse.sources.csv_file import open_csv
from yos_warehouse.sources.layout import Layout

AUTUMN, SPRING = date(2024, 10, 3), date(2025, 1, 16)
HEADERS = {
    "pupil_id": "pupilonrolltableid", "school_id": "NativeId", "date_of_birth": "dob", "family_name": "surname",
    "given_name": "forename", "former_upn": "formerupn", "uln": "uniquelearnernumber", "entry_date": "entrydate",
    "is_part_time": "parttime", "enrolment_status": "enrolstatus", "sen_provision": "senprovision",
    "national_curriculum_year": "ncyearactual", "hours_at_setting": "hoursatsetting",
    "sessions_possible": "termlysessionspossible", "sessions_authorised": "termlysessionsauthorised",
    "sessions_unauthorised": "termlysessionsunauthorised",
}  # fmt: skip


@pytest.fixture
def education() -> Contract:
    return contracts()["education"]


def opened(tmp_path: Path, education: Contract, day: date, without: str = "", extra: str = "") -> Any:
    """A header of all columns of a pupil but one, opened as of a day."""
    entity = education.entities["census_pupil"]
    header = [HEADERS.get(column, column) for column in entity.columns if column not in without.split()]
    path = tmp_path / "2024_autumn_pupilonroll.csv"
    path.write_text(",".join([*header, *extra.split()]) + "\n")
    return open_csv(path, entity, education, day)


@pytest.mark.parametrize(
    ("day", "demanded", "not_demanded"),
    [
        (AUTUMN, "sessions_authorised", "ethnicity"),
        (SPRING, "ethnicity", "sessions_authorised sessions_unauthorised"),
        (date(2025, 5, 15), "ethnicity", "sessions_authorised"),
        (date(2025, 10, 2), "sessions_unauthorised", "ethnicity"),
        (date(2009, 1, 15), "sessions_authorised", "ethnicity"),  # before the base: as the base
    ],
)
def test_the_day_decides_what_a_file_must_have(
    tmp_path: Path, education: Contract, day: date, demanded: str, not_demanded: str
) -> None:
    assert opened(tmp_path, education, day, without=not_demanded).absent == tuple(not_demanded.split())
    with pytest.raises(DropRejected) as refused:
        opened(tmp_path, education, day, without=demanded)
    assert refused.value.code == "SCHEMA"


def test_the_refusal_names_column_header_rule_and_remedy(tmp_path: Path, education: Contract) -> None:
    with pytest.raises(DropRejected) as refused:
        opened(tmp_path, education, SPRING, without="ethnicity uln")
    assert refused.value.what == (
        "*pupilonroll.csv lacks uln (uniquelearnernumber; layout of 2013/14), "
        "ethnicity (ethnicity; layout since 2014-01-01, spring and summer)"
    )
    assert refused.value.remedy == "send the file with these columns"


def test_a_column_the_day_does_not_demand_is_read_and_an_unknown_one_is_named(
    tmp_path: Path, education: Contract
) -> None:
    file = opened(tmp_path, education, AUTUMN, extra="brandnewcolumn")
    assert "ethnicity" in file.columns and file.absent == ()
    assert file.extra == (f"column {len(file.header)} of *pupilonroll.csv",)


def test_without_a_day_only_what_every_day_demands(tmp_path: Path, education: Contract) -> None:
    entity = education.entities["census_pupil"]
    assert entity.layout is not None
    assert set(opened_without(tmp_path, education, entity.layout.named)) == entity.layout.named


def opened_without(tmp_path: Path, education: Contract, names: set[str]) -> tuple[str, ...]:
    entity = education.entities["census_pupil"]
    path = tmp_path / "pupilonroll.csv"
    path.write_text(
        ",".join(HEADERS.get(column, column) for column in entity.columns if column not in names) + "\n"
    )
    absent: tuple[str, ...] = open_csv(path, entity, education).absent
    return absent


def test_a_new_year_is_one_line() -> None:
    """A column that comes in one year and goes in another; the later difference counts."""
    layout = Layout.model_validate({
        "base": 2020, "lacks": ["young_carer"],
        "changes": [
            {"since": date(2023, 1, 1), "terms": ["spring"], "brings": ["young_carer"]},
            {"since": date(2025, 9, 1), "drops": ["young_carer", "hours"]},
        ],
    })  # fmt: skip
    assert [layout.rule("young_carer", date(year, 1, 16)) is not None for year in range(2021, 2028)] == [
        False, False, True, True, True, False, False,
    ]  # fmt: skip
    assert layout.rule("young_carer", date(2024, 10, 3)) is None
    assert layout.rule("hours", date(2025, 8, 31)) == "layout of 2020/21"
    assert layout.rule("hours", date(2025, 9, 1)) is None


@pytest.mark.parametrize(
    "layout",
    [
        {"base": 2020, "lacks": ["unheard_of"]},
        {"base": 2020, "lacks": ["pupil_id"]},  # part of the key
        {"base": 2020, "laks": []},
        {"base": 2020, "changes": [{"since": date(2019, 1, 1)}]},
        {"base": 2020, "changes": [{"since": date(2023, 1, 1)}, {"since": date(2022, 1, 1)}]},
        {"base": 2020, "changes": [{"since": date(2023, 1, 1), "terms": ["winter"]}]},
    ],
)
def test_a_layout_that_cannot_be_meant_is_refused(education: Contract, layout: dict[str, Any]) -> None:
    wrong = education.model_dump()
    wrong["entities"]["census_pupil"]["layout"] = layout
    with pytest.raises(ValidationError):
        Contract.model_validate(wrong)
