"""Drops: same bytes, true manifests, headers of the contracts, and a history that adds up."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from yos_warehouse.fictional.attendance import HEADER as MARKS
from yos_warehouse.fictional.attendance_bulk import write_attendance_rows
from yos_warehouse.fictional.feeds import drops_of_night, history_nights, write_drops
from yos_warehouse.fictional.police_bulk import write_police_rows
from yos_warehouse.fictional.police_files import LAYOUT
from yos_warehouse.fictional.world import World, make_world
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.exports import chosen

DAY = timedelta(days=1)


def files(folder: Path) -> dict[str, str]:
    """Relative name -> digest of all files below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def manifests(drops: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each manifest with its folder."""
    for path in sorted(drops.rglob("manifest.json")):
        yield path.parent, json.loads(path.read_text("utf-8"))


def above_the_table(name: str) -> int:
    """How many lines of text stand above the header of a file."""
    return 3 if name.startswith("ledger_rushmere") else 0


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(world: World, drops: Path, tmp_path: Path) -> None:
    again = make_world(7, "small", canary=True)
    write_drops(again, tmp_path, history_nights(again))
    assert files(tmp_path) == files(drops)


def test_a_night_is_the_same_bytes_whether_written_alone_or_with_others(
    world: World, drops: Path, tmp_path: Path
) -> None:
    write_drops(world, tmp_path, [world.setting.night0])
    written = files(tmp_path)
    assert written and written.items() <= files(drops).items()


def test_the_history_has_the_drops_a_first_night_needs(world: World, drops: Path) -> None:
    there = {str(path.relative_to(drops)) for path, _ in manifests(drops)}
    assert there == {
        *(f"police/2026-03-{day}" for day in (27, 28, 29, 30, 31)),
        *(
            f"education/{day}"
            for day in ("2025-10-02", "2026-01-15", "2026-01-31", "2026-02-28", "2026-03-31")
        ),
        "finance/2026-02-28",
        "finance/2026-03-31",
        "published/2026-03-31",
    }


def test_manifests_tell_the_truth(drops: Path) -> None:
    for folder, manifest in manifests(drops):
        assert manifest["fictional"] is True and manifest["format"] == 1
        assert manifest["feed"] == folder.parent.name and manifest["business_date"] == folder.name
        summer = folder.name in ("2025-10-02",) or folder.name >= "2026-03-29"
        assert manifest["received_at"] == f"{folder.name}T20:00:00+0{int(summer)}:00"
        assert {one["name"] for one in manifest["files"]} == {p.name for p in folder.iterdir()} - {
            "manifest.json"
        }
        for one in manifest["files"]:
            content = (folder / one["name"]).read_bytes()
            assert one["bytes"] == len(content) and one["sha256"] == hashlib.sha256(content).hexdigest()
            if one["name"].endswith(".csv"):
                above = above_the_table(one["name"])
                records = list(csv.reader(io.StringIO(content.decode(), newline="")))[above:]
                assert one["rows"] == len(records) - 1
                assert content.endswith(b"\n")
            else:
                assert one["rows"] is None


def test_csv_headers_are_those_of_the_contracts(drops: Path) -> None:
    def plain(name: str) -> str:
        return name.lower().replace(" ", "").replace("_", "")

    for folder, manifest in manifests(drops):
        for one in manifest["files"]:
            if not one["name"].endswith(".csv"):
                continue
            entities = [
                entity
                for entity in contracts()[manifest["feed"]].entities.values()
                if any(Path(one["name"]).match(pattern) for pattern in entity.files)
            ]
            assert len(entities) == 1, one["name"]
            day = date.fromisoformat(manifest["business_date"])
            export = chosen(entities[0].exports, one["name"], day)
            with (folder / one["name"]).open(newline="", encoding="utf-8") as file:
                lines = list(csv.reader(file))
                header = {plain(name) for name in lines[above_the_table(one["name"])]}
            for name, column in entities[0].columns.items():
                words = export.headers.get(name) if export else None
                is_there = header & {plain(n) for n in ((*column.source, name) if words is None else words)}
                assert is_there or not entities[0].demands(name, day, export), (one["name"], name)


def test_the_backlog_and_the_days_after_it_add_up_to_what_is_known(world: World, tmp_path: Path) -> None:
    """What the drops say, last word wins, is what the force knew on the last night."""
    last = world.setting.night0 + 40 * DAY
    nights = [
        world.setting.first_police_night + n * DAY
        for n in range((last - world.setting.first_police_night).days + 1)
    ]
    said: dict[tuple[str, ...], dict[str, str]] = {}
    for night in nights:
        (drop,) = drops_of_night(world, night, ["police"])
        for name, (content, _) in drop.files.items():
            if name.startswith("charges"):
                for row in csv.DictReader(io.StringIO(content.decode(), newline="")):
                    said[(row["ASN"], row["Seq"])] = row
    known = {(row["asn"], str(row["sequence"])): row for row in world.book.as_at("police_charge", last)}
    bad = {(row["asn"], "") for row in world.bad_rows["police_charge"]}
    assert said.keys() - bad == known.keys()
    for key, row in known.items():
        assert said[key]["CJS code"] == row["code"]


def test_court_messages_parse_and_have_both_namespace_styles(drops: Path) -> None:
    libra = "{http://www.dca.gov.uk/xmlschemas/libra}"
    texts = [path.read_text("utf-8") for path in (drops / "police").rglob("*.xml")]
    assert len(texts) >= 20
    assert any("<DC:ResultedCaseMessage" in text for text in texts)
    assert any("<ResultedCaseMessage" in text for text in texts)
    shapes = set()
    for text in texts:
        root = ElementTree.fromstring(text.encode())
        message = root[-1][0]
        assert message.tag == f"{libra}ResultedCaseMessage"
        assert len(list(message.iter(f"{libra}Defendant"))) == 1
        shapes |= {element.tag.removeprefix(libra) for element in message.iter()}
        assert all(list(one.iter(f"{libra}Result")) for one in message.iter(f"{libra}Offence"))
    assert {"NextHearing", "Duration", "OffenceEnd", "BailStatusOffence", "ResultAmountSterling"} <= shapes


def test_the_participation_extract_marks_children_under_supervision(world: World, drops: Path) -> None:
    root = ElementTree.parse(drops / "education" / "2026-03-31" / "nccis_2026_03.xml").getroot()
    assert (root.tag, root.get("Authority"), root.get("Period"), root.get("FICTIONAL")) == (
        "NCCISExtract", "999", "2026-03", "true",
    )  # fmt: skip
    people = list(root)
    assert len(people) > 30
    marked = [
        one for one in people if one.find("Circumstances/Circumstance[@Code='170'][@EndDate='']") is not None
    ]
    running = {
        row["person_ref"]
        for row in world.book.as_at("intervention", world.setting.night0)
        if row["end_date"] is None
    }
    assert (
        marked and {f"YJ{(one.findtext('YoungPersonID') or '')[3:8]}" for one in marked} - {"YJ"} <= running
    )
    assert all(one.find("CurrentActivity/Code") is not None for one in people)


@pytest.mark.slow
def test_the_canary_is_in_each_feed_and_absent_when_not_asked_for(
    world: World, drops: Path, tmp_path: Path
) -> None:
    assert world.canary
    for feed in ("police", "education", "finance", "published"):
        texts = [
            path.read_text("utf-8") for path in (drops / feed).rglob("*.*") if path.name != "manifest.json"
        ]
        assert any(world.canary.family in text for text in texts), feed
    write_drops(make_world(7, "small"), tmp_path, history_nights(world))
    for path in tmp_path.rglob("*.*"):
        text = path.read_text("utf-8")
        assert not any(
            value in text for value in (world.canary.family, world.canary.pnc, world.canary.upn)
        ), path.name


def test_the_bulk_file_has_the_rows_asked_for(tmp_path: Path) -> None:
    one = write_police_rows(tmp_path / "a.csv", 5000)
    changed = write_police_rows(tmp_path / "b.csv", 5000, changed_every=100)
    lines, others = one.read_text("utf-8").splitlines(), changed.read_text("utf-8").splitlines()
    assert len(lines) == 5001 and lines[0] == ",".join(LAYOUT["police_arrest"][1])
    assert len({line.split(",")[0] for line in lines[1:]}) == 5000
    assert sum(a != b for a, b in zip(lines, others, strict=True)) == 50


def test_the_bulk_marks_are_the_rows_asked_for(tmp_path: Path) -> None:
    one = write_attendance_rows(tmp_path / "a.csv", 5050)
    changed = write_attendance_rows(tmp_path / "b.csv", 5050, changed_every=100)
    lines, others = one.read_text("utf-8").splitlines(), changed.read_text("utf-8").splitlines()
    assert len(lines) == 5051 and lines[0] == ",".join(MARKS)
    keys = {(upn, day, session) for upn, _, day, session, _ in (line.split(",") for line in lines[1:])}
    assert len(keys) == 5050
    assert sum(a != b for a, b in zip(lines, others, strict=True)) == 51


def test_a_night_past_the_horizon_is_refused(world: World) -> None:
    from yos_warehouse.errors import UsageError
    from yos_warehouse.fictional.case_system import create_case_system

    with pytest.raises(UsageError):
        create_case_system("postgresql://nowhere", world, world.setting.horizon + DAY)
