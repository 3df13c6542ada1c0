"""Which child each record of the feeds is: for the tests of linkage and the measure of its quality, FICTIONAL alone."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from yos_warehouse.fictional.census_files import pupil_id
from yos_warehouse.fictional.court_xml import court_message
from yos_warehouse.fictional.feeds import census_day
from yos_warehouse.fictional.lives import DAY, Life
from yos_warehouse.fictional.transfers import moves
from yos_warehouse.fictional.world import World
from yos_warehouse.sources.spi_xml import read_messages
from yos_warehouse.sources.term import Term

Record = tuple[str, str, str]  # feed, entity, source_id as in staging.stg_person_record


def truth_of(world: World) -> dict[Record, str]:
    """Every record of a person that the feeds bring up to the world's horizon, and some that never come.

    Returns:
        (feed, entity, source_id) -> the case system's number of the child's first record (``Life.child``). A protected
        identity after an adoption is a child of its own: it may never be linked with the one before.
    """
    by_number = {life.number: life for life in world.lives}
    terms = _terms(world)
    found: dict[Record, str] = {}
    for life in world.lives:
        for record in (*_of_life(life), *_of_pupil(life, terms)):
            found[record] = life.child
    for asn in (str(row["asn"]) for row in world.book.as_at("police_arrest", world.setting.horizon)):
        found["police", "arrest", asn] = by_number[int(asn[8:19]) // 1000].child
    for alias in world.book.keys("person_alias"):
        found["case_system", "person_name", str(alias[0])] = by_number[int(str(alias[0])[1:6])].child
    for life in world.lives:
        for pnc, day in life.pnc_checks:
            found["police", "pnc_check", f"{pnc}|{day:%d/%m/%Y}"] = life.child
    for message_id, asn in _messages(world):
        found["police", "court_message", message_id] = by_number[int(asn[8:19]) // 1000].child
    return found


def write_truth(world: World, path: Path) -> None:
    """Write ``truth_of`` as CSV (feed, entity, source_id, child), readable by the owner alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("feed", "entity", "source_id", "child"))
        writer.writerows((*record, child) for record, child in sorted(truth_of(world).items()))


def read_truth(path: Path) -> dict[Record, str]:
    """What ``write_truth`` wrote."""
    with path.open(newline="") as file:
        return {(row["feed"], row["entity"], row["source_id"]): row["child"] for row in csv.DictReader(file)}


def _terms(world: World) -> list[str]:
    first, last = world.setting.night0 - 189 * DAY, world.setting.horizon
    days = [first + number * DAY for number in range((last - first).days + 1)]
    return [Term.of(day).code for day in days if census_day(day)]


def _of_life(life: Life) -> Iterator[Record]:
    if life.contact:
        yield "case_system", "person", life.ref
    for suffix in ("", "M") if life.is_merged else ("",):
        yield "education", "young_person", f"NC{life.number:06d}{suffix}"
    for number in range(1, len(life.plans) + 1):
        yield "education", "ehc_plan", f"EHC{life.number:05d}-{number}"


def _of_pupil(life: Life, terms: list[str]) -> Iterator[Record]:
    for school in {str(roll.what["school"]) for roll in life.rolls}:
        for term in terms:
            for entity in ("census_pupil", "census_leaver"):
                yield "education", entity, f"{term}|{pupil_id(life, school)}|{school}"
    for move in moves(life):
        yield "education", "transfer_pupil", f"{life.upn_on(move.sent)}|{move.source}|{move.sent}"


def _messages(world: World) -> Iterator[tuple[str, str]]:
    """Id of every court message, made of what its reader extracts, and the ASN it is of, which it may lack."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "message.xml"
        for key in world.book.keys("police_message"):
            for version in world.book.versions("police_message", key):
                if version.values:
                    path.write_bytes(court_message(version.values))
                    for message in read_messages(path):
                        yield str(message.message["message_id"]), str(key[0])
