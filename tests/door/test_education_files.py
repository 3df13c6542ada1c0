"""The education feed through the whole door: layouts, encodings, and one XML file that is three entities."""

from __future__ import annotations

import pytest

from tests.door.conftest import Door, csv_text
from tests.sources.source_samples import NCCIS, PUPIL, ctf

MARKS = "UPN,School,Date,Session,Code"
LEAVER = (
    "pupilnolongeronrolltableid,NativeId,dob,surname,forename,upn,sex,entrydate,leavingdate,parttime,"
    "termlysessionspossible"
)


def leaver(number: int = 1) -> dict[str, str]:
    return {
        "pupilnolongeronrolltableid": f"p{number}",
        "NativeId": "S1",
        "surname": "Zo\u00eb O\u2019Invented",
    }


@pytest.mark.fault("F13")
def test_f13_a_column_the_term_demands_is_named_and_the_drop_refused(door: Door) -> None:
    door.deliver({"a_pupilnolongeronroll.csv": csv_text(LEAVER, [leaver()])}, "2024-10-03", feed="education")
    door.deliver({"a_pupilnolongeronroll.csv": csv_text(LEAVER, [leaver(2)])}, "2025-01-16", feed="education")
    autumn, spring = door.load("education")
    assert (autumn.state, spring.state, spring.reason_code) == ("accepted", "rejected", "SCHEMA")
    assert spring.reason == (
        "*pupilnolongeronroll.csv lacks ethnicity (ethnicity; layout since 2014-01-01, spring and summer)"
    )
    assert spring.remedy == "send the file with these columns"
    assert door.current("education__census_leaver") == [("2024_3|p1|S1",)]


@pytest.mark.fault("F14")
def test_f14_a_column_nobody_knows_is_named_and_not_kept(door: Door) -> None:
    rows = [leaver() | {"newcolumn": "x"}]
    text = csv_text(f"newcolumn,{LEAVER}", rows)
    door.deliver({"a_pupilnolongeronroll.csv": text}, "2024-10-03", feed="education")
    (report,) = door.load("education")
    assert report.entities[0].extra_columns == ("column 1 of *pupilnolongeronroll.csv",)
    assert door.current("education__census_leaver", "pupil_id, family_name") == [
        ("p1", "Zo\u00eb O\u2019Invented")
    ]


@pytest.mark.fault("F17")
def test_f17_a_return_in_another_encoding_is_refused_whole(door: Door) -> None:
    text = csv_text(LEAVER, [leaver()])
    for number, wrong in enumerate((text.encode("cp1252"), text.encode().decode("cp1252").encode()), 1):
        door.deliver({"a_pupilnolongeronroll.csv": wrong}, f"2024-10-0{number}", feed="education")
    assert [(report.state, report.reason_code) for report in door.load("education")] == [
        ("rejected", "ENCODING")
    ] * 2
    assert door.current("education__census_leaver") == []


def test_an_activity_stays_known_when_the_next_month_tells_the_next(door: Door) -> None:
    months = {
        "2026-01-31": NCCIS,
        # renewed: another day on which it lapses
        "2026-02-28": NCCIS.replace("2026-08-31", "2026-12-31"),
        "2026-03-31": NCCIS.replace("<Code>210", "<Code>310").replace("2025-09-01", "2026-03-02"),
    }
    for day, text in months.items():
        door.deliver({f"nccis_{day}.xml": text}, day, feed="education")
        (report,) = door.load("education")
        assert (report.state, report.rows_quarantined) == ("accepted", 0)
    assert door.current("education__young_person_activity", "record_id, activity_valid_until") == [
        ("YP1|2025-09-01|210", "2026-12-31"), ("YP1|2026-03-02|310", "2026-08-31"),
    ]  # fmt: skip
    assert door.current("education__young_person_circumstance") == [
        ("YP1|110|2025-01-01",), ("YP1|170|",), ("YP2|130|2025-01-01",), ("YP2|170|2025-01-01",),
    ]  # fmt: skip


def test_transfer_files_of_two_schools_in_one_drop(door: Door) -> None:
    second = ctf(PUPIL.replace("A950000178301", "A95000017830A"), schools=("4003", "4004"))
    door.deliver(
        {"9994001_CTF_9994002_001.xml": ctf(PUPIL), "9994003_CTF_9994004_001.xml": second}, feed="education"
    )
    (report,) = door.load("education")
    assert (report.state, report.rows_quarantined, report.rows_accepted) == ("accepted", 0, 6)
    # a temporary UPN has a check letter too, and this one does not fit
    assert report.reported[("transfer_pupil", "EDU-CTF-01")] == 1
    assert ("transfer_pupil", "EDU-CTF-03") not in report.reported  # 9999999999
    assert door.current("education__transfer_pupil") == [
        ("A950000178301|9994001|2025-10-06",), ("A95000017830A|9994003|2025-10-06",),
    ]  # fmt: skip


@pytest.mark.fault("F21")
def test_an_attack_through_the_door_is_one_refused_drop(door: Door) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><CTfile>&x;</CTfile>'
    door.deliver({"9994001_CTF_9994002_001.xml": bomb, "attendance.csv": MARKS + "\n"}, feed="education")
    (report,) = door.load("education")
    assert (report.state, report.reason_code, report.rows_accepted) == ("rejected", "XML_UNSAFE", 0)
