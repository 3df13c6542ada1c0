"""A drop through the whole door, on a real PostgreSQL (faults.md F and D rows)."""

from __future__ import annotations

import shutil

import pytest

from tests.door.conftest import ARREST, CHARGE, Door, arrest, asn, csv_text
from yos_warehouse.errors import LeaseLost, UsageError, YosError


def rejected(door: Door, code: str, feed: str = "police") -> None:
    """The one new drop is refused with a code, its rows are counted and nothing of it is kept."""
    (report,) = door.load(feed)
    assert (report.state, report.reason_code) == ("rejected", code)
    assert report.rows_rejected == report.rows_in_files
    assert door.query("select state, reason_code from ops.load order by load_id desc limit 1") == [
        ("rejected", code)
    ]
    assert door.load(feed) == []  # not tried again
    assert landing_tables(door) == []


def landing_tables(door: Door) -> list[tuple]:
    return door.query("select relname from pg_class where relnamespace = 'landing'::regnamespace")


def test_a_good_drop_lands_whole(door: Door) -> None:
    door.arrests([arrest(1), arrest(2, Surname="Null")])
    (report,) = door.load()
    assert (report.state, report.rows_in_files, report.rows_accepted) == ("accepted", 2, 2)
    assert door.current(columns="record_id, given_name, family_name, pnc_id") == [
        (asn(1), "Zoë", "O’Neill", None),
        (asn(2), "Zoë", "Null", None),
    ]
    assert landing_tables(door) == []


@pytest.mark.fault("F2")
def test_f2_a_file_that_is_not_what_the_manifest_says_is_refused(door: Door) -> None:
    drop = door.arrests([arrest(1), arrest(2)])
    path = drop.path(drop.manifest.files[0])
    path.write_bytes(path.read_bytes().replace(b"ZZ99 1AA", b"ZZ99 2AA"))
    rejected(door, "CHECKSUM")
    assert door.current() == []


@pytest.mark.fault("F3")
def test_f3_a_wrong_row_count_is_refused(door: Door) -> None:
    drop = door.arrests([arrest(1), arrest(2)])
    manifest = drop.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"rows": 2', '"rows": 3'))
    rejected(door, "ROWCOUNT")


@pytest.mark.fault("F4")
@pytest.mark.parametrize("cut", ["in a line", "in a quote"])
def test_f4_a_cut_file_is_refused(door: Door, cut: str) -> None:
    text = csv_text(ARREST, [arrest(1), arrest(2, Surname="Van, Der")])
    text = text[:-5] if cut == "in a line" else text[: text.index("Van,") + 4] + "\n"
    door.deliver({"arrests.csv": text})
    rejected(door, "TRUNCATED")
    assert door.current() == []


@pytest.mark.fault("F5")
def test_f5_no_bytes_is_refused_and_a_header_alone_is_no_rows(door: Door) -> None:
    door.deliver({"arrests.csv": ""}, "2026-03-30")
    rejected(door, "EMPTY")
    door.deliver({"arrests.csv": ARREST + "\n"})
    (report,) = door.load()
    assert (report.state, report.rows_in_files) == ("accepted", 0)


@pytest.mark.fault("F6")
def test_f6_the_same_content_under_another_name_is_the_same_drop(door: Door) -> None:
    drop = door.arrests([arrest(1)])
    assert len(door.load()) == 1
    before = door.query("select * from raw.police__arrest")
    again = drop.folder / "again"
    again.mkdir()
    for name in ("manifest.json", drop.manifest.files[0].name):
        shutil.copy(drop.folder / name, again / name.replace("arrests_", "arrests_sent_again_"))
    manifest = again / "manifest.json"
    manifest.write_text(manifest.read_text().replace("arrests_", "arrests_sent_again_"))
    assert door.load() == []
    assert door.query("select * from raw.police__arrest") == before


@pytest.mark.fault("F13")
def test_f13_a_missing_column_is_named(door: Door) -> None:
    text = csv_text(ARREST.replace("Surname", "Familienname"), [arrest(1)])
    door.deliver({"arrests.csv": text})
    (report,) = door.load()
    assert (report.state, report.reason_code) == ("rejected", "SCHEMA")
    assert "family_name" in (report.reason or "")


@pytest.mark.fault("F14")
def test_f14_columns_are_found_by_header_and_unknown_ones_are_named(door: Door) -> None:
    names = ARREST.split(",")[::-1]
    names.insert(3, "Mood")
    door.deliver({"arrests.csv": csv_text(",".join(names), [arrest(1, Mood="sad")])})
    (report,) = door.load()
    assert report.entities[0].extra_columns == ("column 4 of arrests*.csv",)
    assert door.current(columns="record_id, family_name, release_type") == [(asn(1), "O’Neill", "CHARGE")]
    assert door.query("select extra_columns from ops.load_entity") == [(["column 4 of arrests*.csv"],)]


@pytest.mark.fault("F16")
def test_f16_one_row_with_a_field_too_many_is_held_back_and_no_column_slides(door: Door) -> None:
    rows: list[dict[str, str] | str] = [arrest(n) for n in range(1, 201)]
    rows[99] = ",".join([*arrest(100).values(), "one more"])
    door.arrests(rows)
    (report,) = door.load()
    assert (report.rows_accepted, report.rows_quarantined) == (199, 1)
    assert door.held() == [(100, ["FIELD_COUNT"])]
    ((line,),) = door.query("select line from quarantine.police__arrest")
    assert line.endswith("CHARGE,one more")
    assert door.query("select distinct family_name, release_type from raw.police__arrest") == [
        ("O’Neill", "CHARGE")
    ]


@pytest.mark.fault("F16")
def test_f16_a_field_too_many_in_every_row_refuses_the_file(door: Door) -> None:
    door.arrests([",".join([*arrest(n).values(), "one more"]) for n in range(1, 50)])
    rejected(door, "FIELD_COUNT")


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    "content",
    [
        csv_text(ARREST, [arrest(1)]).encode("cp1252"),
        csv_text(ARREST, [arrest(1)]).encode().decode("cp1252").encode(),
        csv_text(ARREST, [arrest(1)]).encode()
        + csv_text(ARREST, [arrest(2)]).split("\n", 1)[1].encode("cp1252"),
    ],
    ids=["cp1252", "mojibake", "mixed"],
)
def test_f17_a_wrong_encoding_is_refused(door: Door, content: bytes) -> None:
    door.deliver({"arrests.csv": content})
    rejected(door, "ENCODING")


@pytest.mark.fault("F18")
def test_f18_a_control_character_holds_its_row_back(door: Door) -> None:
    rows = [arrest(n) for n in range(1, 6)]
    rows[1]["Surname"] = "A\0B"
    rows[2]["Station"] = "OR\x07"
    door.arrests(rows)
    (report,) = door.load()
    assert (report.rows_accepted, report.rows_quarantined) == (3, 2)
    assert door.held() == [(2, ["CONTROL_CHAR"]), (3, ["CONTROL_CHAR"])]
    assert door.query("select record_id, family_name from quarantine.police__arrest order by row_number") == [
        (asn(2), "A␀B"),
        (asn(3), "O’Neill"),
    ]


@pytest.mark.fault("D1", "D2")
def test_d1_d2_text_stays_as_it_is(door: Door) -> None:
    names = ["NA", "None", "True", "O'Brien", "Ng", "😀", "=cmd|x", "+1", "-1", "@SUM", "x" * 200, "001234"]
    door.arrests([arrest(n, Surname=name) for n, name in enumerate(names, 1)])
    (report,) = door.load()
    assert report.rows_quarantined == 0
    assert [row[0] for row in door.current(columns="family_name")] == names
    door.deliver({"charges.csv": csv_text(CHARGE, [charge("00123"), charge("123")])}, "2026-04-01")
    door.load()
    assert door.current("police__charge") == [("00123|1",), ("123|1",)]


def charge(number: str, **changes: str) -> dict[str, str]:
    return {
        "ASN": number, "Seq": "1", "CJS code": "TH68001", "Offence start date": "01/02/2025",
        "Charge date": "02/02/2025", "TIC": "N",
    } | changes  # fmt: skip


@pytest.mark.fault("D3")
def test_d3_dates_are_day_first_and_what_is_no_date_is_held_back(door: Door) -> None:
    good = ["03/04/2010", "13/04/2010", "2010-04-03", "2010-Apr-03 00:00:00"]
    bad = ["31/02/2012", "40269", "03/04/10", "04/13/2010", "3/4/2010", "03.04.2010"]
    door.arrests([arrest(n, **{"Date of birth": text}) for n, text in enumerate(good + bad, 1)])
    (report,) = door.load()
    assert report.rows_accepted == len(good)
    assert door.held() == [(n, ["DATE:date_of_birth"]) for n in range(5, 11)]


@pytest.mark.fault("D5")
def test_d5_identical_copies_collapse_and_different_ones_are_both_held_back(door: Door) -> None:
    door.arrests([arrest(1), arrest(1), arrest(2), arrest(2, Station="OR02"), arrest(3), arrest(1)])
    (report,) = door.load()
    assert door.held() == [(3, ["DUP_CONFLICT"]), (4, ["DUP_CONFLICT"])]
    assert door.current() == [(asn(1),), (asn(3),)]
    counts = report.entities[0]
    assert (counts.rows_in_files, counts.rows_accepted, counts.rows_repeated) == (6, 4, 2)
    assert counts.records_new == 2


def test_a_required_value_may_not_be_blank_and_an_empty_key_belongs_to_nobody(door: Door) -> None:
    door.arrests([arrest(1), arrest(2, Surname="  "), arrest(3, ASN="")])
    door.load()
    assert door.held() == [(2, ["REQUIRED:family_name"]), (3, ["REQUIRED:asn"])]
    assert door.query("select record_id from quarantine.police__arrest order by row_number") == [
        (asn(2),),
        (None,),
    ]


def test_words_in_the_place_of_a_code_are_reported(door: Door) -> None:
    """Anybody's name may stand there; staging reads such a value as not known (macro read_code)."""
    rows = [arrest(1, **{"Officer-observed ethnicity": "a tall boy"}), arrest(2)]
    door.arrests(rows)
    (report,) = door.load()
    assert report.rows_quarantined == 0
    assert report.reported["arrest", "CODE_FORM:officer_ethnicity"] == 1


@pytest.mark.fault("D4", "D7")
def test_d7_rules_that_only_report_keep_the_row(door: Door) -> None:
    door.arrests([arrest(1, **{"Release type": "NEW", "PNC ID": "2099/1234567A", "Sex": "7"}), arrest(2)])
    (report,) = door.load()
    assert report.rows_quarantined == 0
    assert report.reported["arrest", "CODE:release_type"] == 1
    assert report.reported["arrest", "POL-ARR-02"] == 1
    assert door.query(
        "select outcome, rows_checked, rows_failed, family, owner from ops.check_result "
        "where rule_code = 'CODE:release_type'"
    ) == [("failed", 2, 1, "configuration", "us")]


@pytest.mark.fault("D10")
def test_d10_amounts_in_uk_form_and_a_control_total(door: Door) -> None:
    header = (
        "Journal,Line,Year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,"
        "Source,Status,Amount"
    )

    def posting(line: int, amount: str) -> dict[str, str]:
        return {
            "Journal": "J1", "Line": str(line), "Year": "2025/26", "Period": "12",
            "Posting date": "31/03/2026", "Cost centre": "Y100", "Subjective": "PAY", "Source": "AP",
            "Status": "ACTUAL", "Amount": amount,
        }  # fmt: skip

    amounts = ["£1,200.50", "(50.00)", "1.200,50", "50.00-", "123456789012345678"]
    rows = [posting(n, amount) for n, amount in enumerate(amounts, 1)]
    door.deliver({"ledger.csv": csv_text(header, rows)}, "2026-03-30", feed="finance")
    door.load("finance")
    assert door.held("finance__ledger_posting") == [(3, ["MONEY:amount_gbp"]), (5, ["MONEY:amount_gbp"])]
    rows = [posting(10, "£1,200.50"), posting(11, "(50.00)")]
    for total, state in (("1150.50", "accepted"), ("1150.51", "rejected")):
        door.deliver(
            {"ledger.csv": csv_text(header, [*rows, posting(12, total[-2:])][: 2 + (state == "x")])},
            "2026-03-31" if state == "accepted" else "2026-04-01",
            feed="finance",
            control_totals={"ledger_posting": {"amount_gbp": total}},
        )
        assert [report.state for report in door.load("finance")] == [state]


@pytest.mark.fault("D13")
def test_d13_a_file_of_which_nothing_is_good_is_refused(door: Door) -> None:
    door.arrests([arrest(n, **{"Arrest date": "soon"}) for n in range(5)])
    rejected(door, "ALL_BAD")


def test_d13_one_bad_row_on_a_quiet_day_is_held_back(door: Door) -> None:
    door.arrests([arrest(1, **{"Arrest date": "soon"})])
    (report,) = door.load()
    assert (report.state, report.rows_quarantined) == ("accepted", 1)


def test_an_xml_message_lands_in_three_tables(door: Door) -> None:
    from yos_warehouse.door.ledger import EntityCounts

    (report,) = _load_message(door)
    assert report.state == "accepted"
    assert all(isinstance(line, EntityCounts) and line.rows_in_files for line in report.entities)
    assert [line.entity for line in report.entities] == ["court_message", "court_offence", "court_result"]


def _load_message(door: Door) -> list:
    from pathlib import Path

    real = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "court_results_spi"
    if not real.is_dir():
        pytest.skip("../shared is not beside the checkout")
    first = sorted(real.glob("*.xml"))[0]
    door.deliver({first.name: first.read_bytes()})
    return door.load()


def test_a_drop_not_marked_fictional_stops_the_load(door: Door) -> None:
    drop = door.arrests([arrest(1)])
    manifest = drop.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("true", "false"))
    with pytest.raises(UsageError, match="NOT_FICTIONAL"):
        door.load()


def test_a_run_that_lost_its_lease_writes_nothing(door: Door) -> None:
    door.arrests([arrest(1)])
    door.query("update ops.run set state = 'abandoned'")
    with pytest.raises(LeaseLost):
        door.load()
    assert door.current() == []
    assert door.query("select count(*) from ops.load") == [(0,)]


@pytest.mark.fault("R7")
def test_two_loads_of_a_feed_do_not_mix(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from yos_warehouse.door import load as loading
    from yos_warehouse.errors import AlreadyRunning

    monkeypatch.setattr(loading, "LOCK_SECONDS", 0.3)
    other = door.warehouse.connect("loader", autocommit=True)
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s, hashtext('police'))", (loading.LOCK_FEED,))
    with pytest.raises(AlreadyRunning):
        door.load()
    other.close()
    assert door.load() == []


def test_a_database_error_is_told_without_its_text(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from yos_warehouse.door import load as loading

    def broken(connection, *_):  # type: ignore[no-untyped-def]
        with connection.cursor() as cursor:
            cursor.execute("select 'Canary'::int")

    monkeypatch.setattr(loading, "check_entity", broken)
    door.arrests([arrest(1)])
    with pytest.raises(YosError) as told:
        door.load()
    assert told.value.code == "DATABASE"
    assert "Canary" not in str(told.value) and told.value.__cause__ is None
