"""The courts' messages: every shape of the real ones, every result code the domain names, and what decides nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from yos_warehouse.fictional.world import World
from yos_warehouse.settings import DBT_DIR
from yos_warehouse.sources.spi_xml import CourtMessage, read_messages

# domain.md 3.4, row by row; ranges written out.
DECIDES = {
    "1015", "1017", "1018", "1081", "1003", "1007", "1024", "1083", "1097", "1141", "1142", "1143", "1087", "2004",
    "2006", "2050", "2051", "2063", "3112", "3502",
}  # fmt: skip
DECIDES_ALONE = {"3012"}  # compensation is an outcome as the only sentence
DECIDES_NOTHING = {
    "1085", "1177", "1117", "1118", "3105", "3111", "3127", "3101", "3118", "3164", "4028", "4029", "4054", "4055",
    "4056", "4057", "4058", "4542", "4024", "4025", "4026", "4027", "4030", "4031", "4032", "4033", "4034", "4035",
    "4066", "4548", "4549", "4550", "4551", "4552",
}  # fmt: skip
QUALIFIERS = {"C", "F", "J", "RE", "S"}


@pytest.fixture(scope="module")
def messages(drops: Path) -> list[CourtMessage]:
    """All messages of the drops, as the feed reads them."""
    good = [path for path in sorted((drops / "police").rglob("*.xml")) if "_bad" not in path.name]
    return [message for path in good for message in read_messages(path)]


@pytest.fixture(scope="module")
def by_asn(messages: list[CourtMessage]) -> dict[str, list[CourtMessage]]:
    found: dict[str, list[CourtMessage]] = {}
    for message in messages:
        found.setdefault(message.message["asn"], []).append(message)
    return found


def result_map() -> dict[str, dict[str, str]]:
    path = DBT_DIR / "seeds" / "map" / "map_result_outcome.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["result_code"]: row for row in csv.DictReader(file)}


def result_codes(messages: list[CourtMessage]) -> set[str]:
    return {result["result_code"] for message in messages for result in message.results}


def test_every_result_code_of_the_domain_is_sent(messages: list[CourtMessage]) -> None:
    assert result_codes(messages) >= DECIDES | DECIDES_ALONE | DECIDES_NOTHING
    qualifiers = {
        part for message in messages for result in message.results for part in result["qualifiers"].split()
    }
    assert qualifiers >= QUALIFIERS


def test_every_result_code_of_the_domain_is_mapped_to_what_it_is() -> None:
    mapped = result_map()
    assert all(mapped[code]["legal_outcome"] for code in DECIDES | DECIDES_ALONE)
    assert {mapped[code]["result_role"] for code in DECIDES_ALONE} == {"ANCILLARY"}
    assert [code for code in sorted(DECIDES_NOTHING) if mapped[code]["legal_outcome"]] == []
    deciding = {"SENTENCE", "NON_CONVICTION", "BREACH", "TIC"}
    assert {mapped[code]["result_role"] for code in DECIDES} == deciding
    assert not {mapped[code]["result_role"] for code in DECIDES_NOTHING} & deciding


def test_a_child_told_to_be_without_outcome_has_only_results_that_decide_nothing(
    world: World, by_asn: dict[str, list[CourtMessage]]
) -> None:
    odd = world.oddity("court_decides_nothing")
    said = by_asn[odd.records["asn"][0]]
    assert len(said) == 3 and result_codes(said) == DECIDES_NOTHING
    offences = {
        row["offence_ref"]
        for row in world.book.as_at("offence", world.setting.horizon)
        if row["person_ref"] in odd.children
    }
    outcomes = world.book.as_at("legal_outcome", world.setting.horizon)
    assert offences and not offences & {row["offence_ref"] for row in outcomes}


def test_each_offence_of_the_sampler_is_decided_by_a_code_of_its_own(
    world: World, by_asn: dict[str, list[CourtMessage]]
) -> None:
    (message,) = by_asn[world.oddity("court_decides").records["asn"][0]]
    assert [result["offence_number"] for result in message.results] == [
        offence["offence_number"] for offence in message.offences
    ]
    assert {result["result_code"] for result in message.results} == DECIDES | DECIDES_ALONE


def test_a_result_sent_again_word_by_word_is_the_same_message_and_a_correction_is_not(
    world: World, by_asn: dict[str, list[CourtMessage]]
) -> None:
    said = sorted(
        by_asn[world.oddity("court_amended").records["asn"][0]],
        key=lambda message: message.results[0]["result_code"],
        reverse=True,
    )
    assert [message.results[0]["result_code"] for message in said] == ["1141", "1141", "1097"]
    ids = [message.message["message_id"] for message in said]
    assert ids[0] == ids[1] != ids[2]
    assert [offence["finding"] for offence in said[0].offences] == ["G", "A", "G"]
    assert said[0].offences[2]["offence_sequence"] == "000"


def test_shapes_of_the_public_messages_are_sent(world: World, messages: list[CourtMessage]) -> None:
    """What the parsers must bear: each is in the public set of messages, too."""

    def some(test: Any) -> bool:
        return any(test(message) for message in messages)

    assert some(lambda m: not m.message["asn"] and not m.message["date_of_birth"])
    assert some(lambda m: "/" in m.message["asn"])
    assert {message.message["bail_status"] for message in messages} >= {"A", "B", "C", "U"}
    assert some(lambda m: any(not result["result_code"] for result in m.results))
    assert some(lambda m: any(result["result_code"] == "9991" for result in m.results))
    assert some(lambda m: any(one["conviction_date"] and one["is_final"] == "N" for one in m.offences))
    assert some(
        lambda m: any(one["is_final"] == "N" and not m.results[0]["next_hearing_date"] for one in m.offences)
    )
    assert some(lambda m: any(not one["charge_date"] and not one["arrest_date"] for one in m.offences))
    assert {result["duration_unit"] for m in messages for result in m.results} >= {
        "",
        "M",
        "W",
        "H",
        "L",
        "S",
    }
    assert some(lambda m: len(m.offences) > 20) and some(lambda m: len(m.results) > len(m.offences))
    (order,) = world.oddity("court_breach").records["order"]
    breaches = [
        row
        for row in world.book.as_at("offence", world.setting.night0)
        if row["breach_of_order_ref"] == order
    ]
    assert some(lambda m: m.message["asn"] == breaches[0]["asn"] and m.results[0]["result_code"] == "3502")


def test_messages_are_marked_fictional_and_their_addresses_cannot_exist(drops: Path) -> None:
    for path in (drops / "police").rglob("*.xml"):
        root = ElementTree.parse(path).getroot()
        assert "FICTIONAL" in path.read_text("utf-8")
        for element in root.iter():
            name, text = element.tag.rpartition("}")[2], element.text or ""
            if name.startswith("EmailAddress"):
                assert text.endswith("@example.org")
            elif name.startswith("TelephoneNumber"):
                assert text.startswith(("01632 960", "07700 900"))  # numbers kept free for fiction
