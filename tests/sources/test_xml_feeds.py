"""XML: what strangers can do to a parser (F21), and the two schemas we read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from source_samples import MESSAGE, NCCIS, PUPIL, ctf, spi

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.ctf_xml import read_transfers
from yos_warehouse.sources.drop import pack
from yos_warehouse.sources.nccis_xml import read_participation
from yos_warehouse.sources.safe_xml import read_records
from yos_warehouse.sources.spi_xml import read_messages
from yos_warehouse.sources.xml_rows import read_xml

DAY = date(2026, 3, 31)
PACKAGE = str(Path(sys.modules["yos_warehouse"].__file__ or "").parents[1])
XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
EXTERNAL = '<!DOCTYPE a SYSTEM "http://198.51.100.1/a.dtd"><a/>'
LAUGHS = (
    "<!DOCTYPE a [<!ENTITY l0 'ha'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><a>&l9;</a>"
)
BLOW_UP = f"<!DOCTYPE a [<!ENTITY x '{'x' * 100_000}'>]><a>{'&x;' * 10_000}</a>"
DEEP = "<a>" * 1_000_000
WIDE_TAG = "<a " + "x" * 20_000_000
MANY_ATTRIBUTES = "<a " + " ".join(f'b{n}="1"' for n in range(50_000)) + "/>"


def refusal(path: Path, text: str | bytes) -> DropRejected:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DropRejected) as caught:
        list(read_messages(path))
    return caught.value


# Memory is a high-water mark of a process, so each measurement has one of its own.
MEASURE = """
import json, sys, time
from pathlib import Path
from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.xml_rows import read_xml
# not ru_maxrss, which knows of the parent's memory too
def peak(): return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
before, start, code, count = peak(), time.process_time(), None, 0
try:
    for _ in read_xml(sys.argv[1], Path(sys.argv[2])):
        count += 1
except DropRejected as refused:
    code = refused.code
print(json.dumps([code, count, time.process_time() - start, peak() - before]))
"""


CONVERT = """
import json, sys
from pathlib import Path
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.convert import prepare
from yos_warehouse.sources.drop import find_drops
# not ru_maxrss, which knows of the parent's memory too
def peak(): return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
(drop,) = find_drops(Path(sys.argv[1]), "education")
before = peak()
files = prepare(drop, contracts()["education"], Path(sys.argv[2]))
print(json.dumps([[file.rows for file in files], peak(), peak() - before]))
"""


def measured(path: Path, kind: str = "spi_xml") -> tuple[str | None, int, float, float]:
    """(refusal, rows, seconds of work, MiB above the start) of reading a file in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, kind, str(path)],
        capture_output=True, check=True, text=True, env=os.environ | {"PYTHONPATH": PACKAGE},
    )  # fmt: skip
    code, count, seconds, memory = json.loads(done.stdout)
    return code, count, seconds, memory


@pytest.mark.fault("F21")
@pytest.mark.parametrize("kind", ["spi_xml", "nccis_xml", "ctf_xml"])
@pytest.mark.parametrize(
    "attack", [XXE, EXTERNAL, LAUGHS, BLOW_UP, DEEP, WIDE_TAG, MANY_ATTRIBUTES], ids=range(7)
)
def test_an_attack_is_refused_quickly_and_cheaply(tmp_path: Path, attack: str, kind: str) -> None:
    path = tmp_path / "a.xml"
    # as a document that its reader does not refuse for its kind
    root = {"nccis_xml": "NCCISExtract", "ctf_xml": "CTfile"}.get(kind, "a")
    path.write_text(attack.replace("<a", f"<{root}").replace("</a>", f"</{root}>"), "utf-8")
    code, count, seconds, memory = measured(path, kind)
    assert (code, count) == ("XML_UNSAFE", 0)
    assert seconds < 2
    assert memory < 100


@pytest.mark.fault("F21")
def test_deep_nesting_inside_a_record_is_refused(tmp_path: Path) -> None:
    text = spi("<zz:ResultedCaseMessage>" + "<zz:a>" * 300 + "</zz:a>" * 300 + "</zz:ResultedCaseMessage>")
    assert refusal(tmp_path / "a.xml", text).code == "XML_UNSAFE"


@pytest.mark.fault("F23")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("nccis_xml", NCCIS.replace("<GivenName>Zoë", "<x>" * 300 + "</x>" * 300 + "<GivenName>Zoë")),
        ("nccis_xml", NCCIS.replace("<Circumstances>", "<Circumstances>" + "<Circumstance/>" * 100_001, 1)),
        ("ctf_xml", ctf(PUPIL.replace("<SEN>", "<x>" * 300 + "</x>" * 300 + "<SEN>"))),
        ("ctf_xml", ctf(PUPIL.replace("<SchoolHistory>", "<SchoolHistory>" + "<School/>" * 100_001))),
        ("ctf_xml", ctf(PUPIL.replace("O’Invented", "O’Invented" * 2_000_000))),
    ],
    ids=range(5),
)
def test_a_record_without_end_is_refused(tmp_path: Path, kind: str, text: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    code, _, seconds, memory = measured(path, kind)
    assert code == "XML_UNSAFE"
    assert seconds < 2
    assert memory < 100


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    ("declared", "saved", "code"),
    [
        ("UTF-8", "utf-8", None),
        ("UTF-8", "utf-8-sig", None),
        ("UTF-16", "utf-16", None),
        ("windows-1252", "cp1252", None),
        ("UTF-8", "cp1252", "ENCODING"),
        ("windows-1252", "utf-8", "ENCODING"),  # would read ZoÃ«
        ("iso-8859-1", "cp1252", "ENCODING"),  # the apostrophe would be a control character
        ("UTF-8", "utf-16", "XML_MALFORMED"),
        ("ebcdic-of-old", "utf-8", "XML_MALFORMED"),
    ],
)
@pytest.mark.parametrize("kind", ["nccis_xml", "ctf_xml"])
def test_f17_a_name_comes_out_as_it_was_or_the_file_is_refused(
    tmp_path: Path, kind: str, declared: str, saved: str, code: str | None
) -> None:
    text = (
        NCCIS.replace("<FamilyName>Invented", "<FamilyName>O’Invented") if kind == "nccis_xml" else ctf(PUPIL)
    )
    path = tmp_path / "a.xml"
    path.write_bytes(text.replace("UTF-8", declared, 1).encode(saved))
    if code is None:
        first = next(read_xml(kind, path))[1]
        assert (first["given_name"], first["family_name"]) == ("Zoë", "O’Invented")
        return
    with pytest.raises(DropRejected) as refused:
        list(read_xml(kind, path))
    assert refused.value.code == code
    assert "Invented" not in str(refused.value)


@pytest.mark.fault("F4")
@pytest.mark.parametrize("kind", ["nccis_xml", "ctf_xml"])
def test_a_file_cut_anywhere_is_truncated(tmp_path: Path, kind: str) -> None:
    whole = (NCCIS if kind == "nccis_xml" else ctf(PUPIL)).strip()
    path = tmp_path / "a.xml"
    for cut in range(60, len(whole.encode()) - 1, 97):
        path.write_bytes(whole.encode()[:cut])
        with pytest.raises(DropRejected) as refused:
            list(read_xml(kind, path))
        assert refused.value.code == "TRUNCATED", cut


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "EMPTY"),
        (spi(MESSAGE)[:-20], "TRUNCATED"),
        (spi(MESSAGE)[: len(spi(MESSAGE)) // 2], "TRUNCATED"),
        (spi(MESSAGE).replace("</zz:Case>", "</zz:Cas>"), "XML_MALFORMED"),
        ("surname,forename\n", "XML_MALFORMED"),
        (spi(MESSAGE).encode("latin-1", "replace"), "ENCODING"),
        (spi(), "SCHEMA"),
        (spi(MESSAGE).replace("http://www.dca.gov.uk/xmlschemas/libra", "urn:other"), "SCHEMA"),
    ],
)
def test_damaged_documents(tmp_path: Path, text: str | bytes, code: str) -> None:
    problem = refusal(tmp_path / "a.xml", text)
    assert problem.code == code
    assert "Invented" not in str(problem)


def test_a_message_becomes_rows_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(spi(MESSAGE), "utf-8")
    (message,) = read_messages(path)
    entities = contracts()["police"].entities
    for entity, values in message.rows():
        assert list(values) == list(entities[entity].columns)
    assert message.message["given_name"] == "Zoë Ann"
    assert message.message["family_name"] == "O’Invented"
    assert message.message["address"] == "1 Invented Row, Alderbrook"
    assert message.message["offence_count"] == "1"
    assert message.message["pnc_id"] == "2090/0000001A"
    (offence,) = message.offences
    assert offence["offence_wording"] == 'Stole, "allegedly", a bicycle'
    assert (offence["offence_date"], offence["offence_end_date"]) == ("2026-01-01", "2026-01-02")
    first, second = message.results
    assert (first["duration_value"], first["duration_unit"], first["qualifiers"]) == ("4", "M", "BA CG")
    assert (second["amount_gbp"], second["bail_status"]) == ("100.00", "C")
    assert (second["next_hearing_date"], second["next_hearing_court"]) == ("2026-04-20", "B00BB00")
    assert [row["result_number"] for row in message.results] == ["1", "2"]
    assert {row["message_id"] for _, row in message.rows()} == {message.message["message_id"]}


def test_a_message_keeps_its_id_whatever_its_layout_and_prefix(tmp_path: Path) -> None:
    plain, other, changed = tmp_path / "a.xml", tmp_path / "b.xml", tmp_path / "c.xml"
    plain.write_text(spi(MESSAGE), "utf-8")
    other.write_text(
        spi(MESSAGE).replace("zz:", "q:").replace("xmlns:zz", "xmlns:q").replace(">\n", ">\r\n \t"), "utf-8"
    )
    changed.write_text(spi(MESSAGE.replace("100.00", "100.01")), "utf-8")
    ids = [next(read_messages(path)).message["message_id"] for path in (plain, other, changed)]
    assert ids[0] == ids[1] != ids[2]
    assert len(ids[0]) == 32


def test_several_messages_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(spi(*(MESSAGE.replace("TH68010", f"TH680{n:02}") for n in range(50))), "utf-8")
    assert len({message.message["message_id"] for message in read_messages(path)}) == 50


@pytest.mark.slow
def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    with path.open("w", encoding="utf-8") as file:
        head, tail = spi("@").split("@")
        file.write(head)
        for _ in range(6_000):
            file.write(MESSAGE)
        file.write(tail)
    code, count, _, memory = measured(path)
    assert (code, count) == (None, 4 * 6_000)
    assert memory < 20


def participation_of(path: Path, megabytes: int) -> int:
    """Write an extract of about this size; its young people."""
    head, person, tail = (
        NCCIS.partition("<YoungPerson>")[0],
        NCCIS.split("<YoungPerson>")[1],
        "</NCCISExtract>\n",
    )
    people = megabytes * 1_000_000 // len(person.encode())
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for number in range(people):
            file.write("<YoungPerson>" + person.replace("YP1", f"YP{number}"))
        file.write(tail)
    return people


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_an_extract_of_any_size_takes_the_same_memory(tmp_path: Path, megabytes: int) -> None:
    """From file to three CSV files, in a process of its own: under 300 MB, and next to nothing above the start."""
    source = tmp_path / "in"
    source.mkdir()
    people = participation_of(source / "nccis_2026-03.xml", megabytes)
    pack(
        "education",
        [source],
        DAY,
        datetime(2026, 3, 31, 19, tzinfo=UTC),
        True,
        tmp_path / "drops",
        settle_seconds=0,
    )
    done = subprocess.run(
        [sys.executable, "-c", CONVERT, str(tmp_path / "drops"), str(tmp_path)],
        capture_output=True, check=True, text=True, env=os.environ | {"PYTHONPATH": PACKAGE},
    )  # fmt: skip
    rows, whole, grown = json.loads(done.stdout)
    assert rows == [people, people, 2 * people]
    assert whole < 300
    assert grown < 20


def test_a_participation_extract_gives_three_kinds_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "nccis.xml"
    path.write_text(NCCIS, "utf-8")
    rows = list(read_participation(path))
    entities = contracts()["education"].entities
    for entity, values in rows:
        assert set(values) == set(entities[entity].columns)
    first, second = (values for entity, values in rows if entity == "young_person")
    assert (first["given_name"], first["level_of_need"], first["is_supervised_by_yot"]) == (
        "Zoë",
        "2",
        "true",
    )
    assert (second["family_name"], second["level_of_need"], second["is_supervised_by_yot"]) == (
        "Null",
        "",
        "false",
    )
    (activity,) = (values for entity, values in rows if entity == "young_person_activity")
    assert activity == {
        "young_person_id": "YP1", "activity_code": "210", "activity_start_date": "2025-09-01",
        "activity_valid_until": "2026-08-31", "establishment": "E1", "review_date": "",
    }  # fmt: skip
    assert [tuple(values.values()) for entity, values in rows if entity == "young_person_circumstance"] == [
        ("YP1", "110", "2025-01-01", ""),
        ("YP1", "170", "", ""),
        ("YP2", "130", "2025-01-01", ""),
        ("YP2", "170", "2025-01-01", "2025-06-30"),
    ]
    path.write_text("<Other/>")
    with pytest.raises(DropRejected, match="SCHEMA"):
        list(read_participation(path))


def test_a_transfer_file_gives_a_pupil_and_the_schools_before(tmp_path: Path) -> None:
    path = tmp_path / "9994001_CTF_9994002_001.xml"
    path.write_text(ctf(PUPIL), "utf-8")
    (kind, pupil), *schools = read_transfers(path)
    entities = contracts()["education"].entities
    assert kind == "transfer_pupil" and set(pupil) == set(entities["transfer_pupil"].columns)
    assert (pupil["source_school"], pupil["destination_school"], pupil["sent_on"]) == (
        "9994001",
        "9994002",
        "2025-10-06",
    )
    assert (pupil["former_upn"], pupil["sex"], pupil["sen_provision"]) == ("H243278544154", "F", "E")
    assert (pupil["family_name"], pupil["ethnicity"]) == ("O’Invented", "WBRI")
    assert [(entity, list(values.values())[1:4]) for entity, values in schools] == [
        ("transfer_school", ["9994001", "2022-09-05", "2025-10-03"]),
        ("transfer_school", ["9992001", "2015-09-07", "2022-07-22"]),
    ]
    assert set(schools[0][1]) == set(entities["transfer_school"].columns)


def test_a_transfer_file_of_before_september_2024_calls_the_sex_gender(tmp_path: Path) -> None:
    path = tmp_path / "a_ctf_b.xml"
    path.write_text(ctf(PUPIL.replace("Sex>", "Gender>"), sent="2024-07-19"), "utf-8")
    pupil = next(read_transfers(path))[1]
    assert (pupil["sex"], pupil["sent_on"]) == ("F", "2024-07-19")


def test_a_transfer_file_says_first_whose_pupils_these_are(tmp_path: Path) -> None:
    path = tmp_path / "a_ctf_b.xml"
    head, pupils = ctf(PUPIL).split("<Header>")
    header, pupils = pupils.split("</Header>")
    path.write_text(f"{head}{PUPIL}<Header>{header}</Header>{pupils}", "utf-8")
    with pytest.raises(DropRejected, match="SCHEMA") as refused:
        list(read_transfers(path))
    assert "Invented" not in str(refused.value)


def test_records_inside_and_text_after_children_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<r><x>1<y>2</y>tail</x><x>3</x></r>")
    found = [(e.text, [c.text for c in e]) for e in read_records(path, lambda tag: tag == "x")]
    assert found == [("1", ["2"]), ("3", [])]
