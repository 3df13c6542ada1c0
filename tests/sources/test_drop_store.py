"""Drops: nothing is taken that is not what its manifest says, and the same content is the same drop."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from source_samples import MESSAGE, arrest, arrests, spi

from yos_warehouse.errors import DropRejected, UsageError
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.drop import Drop, check_store, find_drops, pack, strays, verify
from yos_warehouse.sources.naming import told, told_path
from yos_warehouse.sources.pack import new_folder

DAY = date(2026, 3, 31)
WHEN = datetime(2026, 3, 31, 19, tzinfo=UTC)
POLICE = contracts()["police"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "drops"


def packed(tmp_path: Path, store: Path, *lines: str, name: str = "arrests.csv", **more: Any) -> Drop:
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    path = arrests(source / name, *(lines or (arrest(1), arrest(2))))
    settings = {"received_at": WHEN, "fictional": True, "settle_seconds": 0.0} | more
    return pack("police", [path], settings.pop("day", DAY), out=store, **settings)


def edited(drop: Drop, **changes: Any) -> Drop:
    path = drop.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    (found,) = [one for one in find_drops(path.parents[2], "police") if one.folder == drop.folder]
    return found


def code_of(drop: Drop) -> str:
    with pytest.raises((DropRejected, UsageError)) as caught:
        verify(drop, POLICE)
    return caught.value.code


def test_a_packed_drop_verifies(tmp_path: Path, store: Path) -> None:
    drop = packed(tmp_path, store)
    assert drop.folder == store / "police" / "2026-03-31"
    assert drop.key == "police 2026-03-31"
    assert [(entry.name, entry.rows) for entry in drop.manifest.files] == [("arrests.csv", 2)]
    (found,) = find_drops(store, "police")
    assert found.content_hash == drop.content_hash
    verify(found, POLICE)
    assert check_store(store) == ["police"]


# F6: the same drop twice


def test_the_same_content_is_the_same_drop_whatever_the_names(tmp_path: Path, store: Path) -> None:
    first = packed(tmp_path, store)
    again = packed(tmp_path, store, received_at=datetime(2026, 4, 1, tzinfo=UTC))
    renamed = packed(tmp_path, store, name="arrests_again.csv")
    assert first.folder == again.folder == renamed.folder
    assert again.manifest.received_at == WHEN
    assert len(find_drops(store, "police")) == 1
    elsewhere = packed(tmp_path, tmp_path / "other", name="ARRESTS.csv")
    assert elsewhere.content_hash == first.content_hash


def test_other_content_is_a_corrected_drop_and_another_day_a_new_one(tmp_path: Path, store: Path) -> None:
    first = packed(tmp_path, store)
    later = datetime(2026, 4, 1, tzinfo=UTC)
    second = packed(tmp_path, store, arrest(3), received_at=later)
    third = packed(tmp_path, store, arrest(4), received_at=datetime(2026, 4, 2, tzinfo=UTC))
    earlier_day = packed(tmp_path, store, day=date(2026, 3, 30), received_at=later)
    assert second.folder == first.folder / "2"
    assert third.folder == first.folder / "3"
    assert earlier_day.content_hash == first.content_hash
    order = [drop.folder for drop in find_drops(store, "police")]
    assert order == [earlier_day.folder, first.folder, second.folder, third.folder]
    for drop in find_drops(store, "police"):
        verify(drop, POLICE)


# F2: not what the manifest says


@pytest.mark.fault("F2")
def test_a_changed_byte_is_refused(tmp_path: Path, store: Path) -> None:
    drop = packed(tmp_path, store)
    path = drop.folder / "arrests.csv"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CHARGE", b"CHARGF", 1))
    assert code_of(drop) == "CHECKSUM"
    path.write_bytes(content[:-10])
    assert code_of(drop) == "CHECKSUM"
    path.unlink()
    assert code_of(drop) == "MISSING_FILE"


@pytest.mark.fault("F24")
def test_a_link_is_not_followed(tmp_path: Path, store: Path) -> None:
    drop = packed(tmp_path, store)
    path = drop.folder / "arrests.csv"
    path.rename(tmp_path / "away.csv")
    path.symlink_to(tmp_path / "away.csv")
    assert code_of(drop) == "MISSING_FILE"


@pytest.mark.fault("F23")
def test_too_large_before_it_is_read(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop = packed(tmp_path, store)
    monkeypatch.setenv("YOS_MAX_FILE_BYTES", "100")
    assert code_of(drop) == "TOO_LARGE"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"service": "other_service"}, "WRONG_SERVICE"),
        ({"feed": "finance"}, "WRONG_FEED"),
        ({"business_date": "2026-03-30"}, "WRONG_DATE"),
        ({"fictional": False}, "NOT_FICTIONAL"),
        ({"fictionnal": True}, "MANIFEST"),
        ({"format": 2}, "MANIFEST"),
        ({"received_at": "2026-03-31T20:00:00"}, "MANIFEST"),
        ({"files": []}, "MANIFEST"),
    ],
)
def test_a_wrong_manifest_is_refused(tmp_path: Path, store: Path, changes: dict[str, Any], code: str) -> None:
    drop = edited(packed(tmp_path, store), **changes)
    assert code_of(drop) == code
    with pytest.raises(UsageError) as caught:
        check_store(store)
    assert caught.value.code == code


def test_a_drop_not_marked_fictional_says_why(tmp_path: Path, store: Path) -> None:
    drop = packed(tmp_path, store)
    manifest = json.loads((drop.folder / "manifest.json").read_text())
    del manifest["fictional"]
    (drop.folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UsageError, match="protections of real data are not built yet"):
        verify(find_drops(store, "police")[0], POLICE)


def test_an_unreadable_manifest_stops_its_drop_only(tmp_path: Path, store: Path) -> None:
    good = packed(tmp_path, store)
    bad = store / "police" / "2026-03-30"
    bad.mkdir()
    (bad / "manifest.json").write_text("{" + arrest(surname="Secretname"))
    broken, fine = find_drops(store, "police")
    assert fine.folder == good.folder
    assert broken.key == "police 2026-03-30"
    with pytest.raises(DropRejected) as caught:
        verify(broken, POLICE)
    assert caught.value.code == "MANIFEST"
    assert "Secretname" not in str(caught.value)
    assert broken.content_hash != fine.content_hash


@pytest.mark.parametrize(
    "totals",
    [
        {"arrest": {"secretname": "1"}},
        {"secretname": {"asn": "1"}},
        {"secretname": {"secretname": "secretname"}},
    ],
)
def test_the_keys_of_control_totals_are_not_repeated(
    tmp_path: Path, store: Path, totals: dict[str, Any]
) -> None:
    drop = edited(packed(tmp_path, store), control_totals=totals)
    with pytest.raises(DropRejected) as caught:
        verify(drop, POLICE)
    assert caught.value.code in ("CONTROL_TOTAL", "MANIFEST")
    assert "secretname" not in str(caught.value)


def test_a_file_is_named_by_its_kind_and_its_place(tmp_path: Path, store: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number, name in enumerate(["Arrests_Secretname.csv", "arrests_2.csv", "secretname.xml"]):
        (source / name).write_text(f"{number}")
    drop = pack("police", [source], DAY, fictional=True, out=store, settle_seconds=0)
    for name, words in (
        ("Arrests_Secretname.csv", "police 2026-03-31, arrests*.csv (file 2 of 3 by name) is not"),
        ("secretname.xml", "police 2026-03-31, *.xml is not"),
    ):
        (drop.folder / name).rename(tmp_path / "away")
        with pytest.raises(DropRejected) as caught:
            verify(drop, POLICE)
        assert caught.value.what.startswith(words)
        (tmp_path / "away").rename(drop.folder / name)
    assert told_path(drop.folder / "arrests_2.csv") == "arrests*.csv (file 1 of 3 by name)"
    assert told("Secretname.pdf", ["Secretname.pdf"]) == "a file of unknown name (file 1 of 1 by name)"


# F24: names

EVIL = [
    "../../x.csv",
    "/etc/arrests.csv",
    "a\nb.csv",
    "arrests\x1b[0m.csv",
    "arrests" * 60 + ".csv",
    "\u0430rrests.csv",  # a Cyrillic letter
    "..",
    "manifest.json",
    "a\\b.csv",
    "",
]


@pytest.mark.fault("F24")
@pytest.mark.parametrize("name", EVIL)
def test_a_file_name_is_never_a_path(tmp_path: Path, store: Path, name: str) -> None:
    good = packed(tmp_path, store)
    files = json.loads((good.folder / "manifest.json").read_text())["files"]
    drop = edited(good, files=[files[0] | {"name": name}])
    with pytest.raises(DropRejected) as caught:
        verify(drop, POLICE)
    assert caught.value.code == "FILE_NAME"
    assert str(caught.value).isprintable() and (len(name) < 5 or name not in str(caught.value))


@pytest.mark.fault("F24")
@pytest.mark.parametrize("name", ["arrests\n.csv", "\u0430rrests.csv", "arrests\u202e.csv"])
def test_pack_refuses_such_names_too(tmp_path: Path, store: Path, name: str) -> None:
    path = arrests(tmp_path / name, arrest())
    with pytest.raises(UsageError) as caught:
        pack("police", [path], DAY, fictional=True, out=store, settle_seconds=0)
    assert caught.value.code in ("FILE_NAME", "UNKNOWN_FILE")
    assert str(caught.value).isprintable() and str(caught.value).isascii()
    assert find_drops(store, "police") == []


# F1: files that are not ready


@pytest.mark.fault("F1")
def test_a_file_still_growing_is_refused(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = arrests(tmp_path / "arrests.csv", arrest())

    def grow(_: float) -> None:
        with path.open("a") as file:
            file.write(arrest(2) + "\n")

    monkeypatch.setattr("yos_warehouse.sources.pack.time.sleep", grow)
    with pytest.raises(UsageError) as caught:
        pack("police", [path], DAY, fictional=True, out=store)
    assert caught.value.code == "STILL_CHANGING"
    assert find_drops(store, "police") == []
    assert list((store / "police").iterdir()) == []


# A process that was killed while it wrote a drop

KILLED = """
import os, signal, sys
from pathlib import Path
from yos_warehouse.sources.naming import told, told_path
from yos_warehouse.sources.pack import new_folder
with new_folder(Path(sys.argv[1]), "police") as folder:
    (folder / "arrests.csv").write_text("half a file")
    (folder / "manifest.json").write_bytes(Path(sys.argv[2]).read_bytes())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_pack_left_is_no_drop_and_is_swept_by_the_next(tmp_path: Path, store: Path) -> None:
    manifest = packed(tmp_path, store).folder / "manifest.json"
    subprocess.run([sys.executable, "-c", KILLED, str(store), str(manifest)], check=False)
    (left,) = (store / "police").glob(".packing-*")
    assert (left / "manifest.json").is_file()
    assert len(find_drops(store, "police")) == 1 and strays(store, "police") == []
    with new_folder(store, "police") as in_use:
        assert not left.exists()
        (in_use / "arrests.csv").write_text("half a file")
        packed(tmp_path, store, arrest(3))
        assert (in_use / "arrests.csv").exists()  # another one's work is not swept
    assert list((store / "police").glob(".*")) == []
    assert len(find_drops(store, "police")) == 2


@pytest.mark.fault("F1")
def test_what_is_no_drop_is_named(tmp_path: Path, store: Path) -> None:
    packed(tmp_path, store)
    base = store / "police"
    (base / "2026-04-01").mkdir()
    (base / "2026-04-01" / "arrests.csv").write_text("x")
    (base / "yesterday").mkdir()
    (base / "loose.csv").write_text("x")
    (base / ".packing-1").mkdir()
    assert strays(store, "police") == [
        "1 loose file(s)",
        "1 folder(s) that are no date",
        "2026-04-01 without a manifest",
    ]
    assert len(find_drops(store, "police")) == 1
    with pytest.raises(UsageError, match="WRONG_DATE"):
        check_store(store)


def test_pack_says_which_names_it_knows(tmp_path: Path, store: Path) -> None:
    path = arrests(tmp_path / "stops.csv", arrest())
    with pytest.raises(UsageError, match=r"arrests\*\.csv"):
        pack("police", [path], DAY, fictional=True, out=store, settle_seconds=0)
    with pytest.raises(UsageError, match="UNKNOWN_FEED"):
        pack("polise", [path], DAY, fictional=True, out=store, settle_seconds=0)
    with pytest.raises(UsageError, match="NO_FILES"):
        pack("police", [], DAY, fictional=True, out=store, settle_seconds=0)
    with pytest.raises(UsageError, match="NO_DROPS"):
        check_store(tmp_path / "nowhere")


def test_pack_takes_a_directory_of_kinds(tmp_path: Path, store: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    arrests(source / "arrests.csv", arrest(1), arrest(2), encoding="utf-16")
    (source / "result_1.xml").write_text(spi(MESSAGE))
    drop = pack("police", [source], DAY, fictional=True, out=store, settle_seconds=0,
                control_totals={"disposal": {"duration_value": "1.50"}})  # fmt: skip
    assert [(entry.name, entry.rows) for entry in drop.manifest.files] == [
        ("arrests.csv", 2),
        ("result_1.xml", None),
    ]
    (found,) = find_drops(store, "police")
    verify(found, POLICE)
    assert str(found.manifest.control_totals["disposal"]["duration_value"]) == "1.50"
    assert sorted(path.name for path in drop.folder.iterdir()) == [
        "arrests.csv",
        "manifest.json",
        "result_1.xml",
    ]
