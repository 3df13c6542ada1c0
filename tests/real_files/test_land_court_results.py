"""All 165 court result messages of the public set, through the real door into history: none lost, none invented."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from yos_warehouse.settings import DBT_DIR

DAY = date(2026, 3, 31)
MESSAGES, OFFENCES, RESULTS, DISTINCT = 165, 544, 854, 155


def texts(folder: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.xml"))]


def elements(text: str, name: str) -> Iterator[str]:
    """What stands inside each element of a name, by regular expression: this file trusts no parser of ours."""
    pattern = rf"<((?:\w+:)?){name}(?:\s[^>]*)?(?:/>|>(.*?)</\1{name}>)"
    return (found[2] or "" for found in re.finditer(pattern, text, re.S))


def codes(seed: str, column: str) -> set[str]:
    path = next((DBT_DIR / "seeds").rglob(f"{seed}.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


def counted(messages: list[str]) -> tuple[int, int, int]:
    counts = [sum(len(list(elements(text, name))) for text in messages) for name in ("Offence", "Result")]
    return len(messages), counts[0], counts[1]


@pytest.fixture
def landed(arrivals, shared):
    """The report of the one load, with everything to look at."""
    folder = shared / "data" / "court_results_spi"
    arrivals.pack("police", sorted(folder.glob("*.xml")), DAY)
    (report,) = arrivals.load("police")
    return arrivals, report, texts(folder)


def test_every_message_offence_and_result_lands_and_is_accounted_for(landed) -> None:
    arrivals, report, messages = landed
    assert counted(messages) == (MESSAGES, OFFENCES, RESULTS)
    distinct = list({hashlib.sha256(text.encode()).digest(): text for text in messages}.values())
    unique = counted(distinct)
    assert unique[0] == DISTINCT

    assert report.state == "accepted"
    assert (report.rows_in_files, report.rows_rejected) == (MESSAGES + OFFENCES + RESULTS, 0)
    assert report.rows_accepted + report.rows_quarantined == report.rows_in_files
    assert report.rows_quarantined == 0, report.held_back
    entities = {entity.entity: entity for entity in report.entities}
    for name, all_rows, once in zip(
        ("court_message", "court_offence", "court_result"), (MESSAGES, OFFENCES, RESULTS), unique, strict=True
    ):
        entity = entities[name]
        assert entity.rows_in_files == entity.rows_accepted + entity.rows_quarantined == all_rows
        # ten messages were sent twice, byte for byte: taken once and counted as repeated
        assert entity.rows_repeated == all_rows - once, name
        assert entity.records_new == once, name
        ((rows, records),) = arrivals.query(
            f"select count(*), count(distinct record_id) from raw.police__{name} where recorded_to is null"
        )
        assert rows == records == once, name


def test_the_values_in_history_are_those_of_the_files(landed) -> None:
    """Multisets of element values, found by regular expression, against the columns of raw."""
    arrivals, _, messages = landed
    distinct = {hashlib.sha256(text.encode()).digest(): text for text in messages}.values()
    for element, table, column in (
        ("PersonFamilyName", "court_message", "family_name"),
        ("OffenceCode", "court_offence", "cjs_code"),
        ("OffenceSequenceNumber", "court_offence", "offence_sequence"),
        ("ConvictionDate", "court_offence", "conviction_date"),
        ("ResultCode", "court_result", "result_code"),
        ("DurationValue", "court_result", "duration_value"),
        ("ResultAmountSterling", "court_result", "amount_gbp"),
    ):
        sent = Counter(
            " ".join(value.split()) for text in distinct for value in elements(text, element) if value.strip()
        )
        kept = Counter(
            value
            for (value,) in arrivals.query(
                f"select {column} from raw.police__{table} where recorded_to is null and {column} is not null"
            )
        )
        assert kept == sent, column


def test_unknown_codes_are_reported_and_their_rows_kept(landed) -> None:
    arrivals, _, messages = landed
    for element, entity, column, known in (
        ("OffenceCode", "court_offence", "cjs_code", codes("code_offence", "code")),
        ("ResultCode", "court_result", "result_code", codes("code_result", "code")),
    ):
        values = [value.strip() for text in messages for value in elements(text, element)]
        unknown = [value for value in values if value and value not in known]
        found = arrivals.query(
            "select outcome, rows_checked::int, rows_failed::int, owner from ops.check_result"
            " where entity = %s and rule_code = %s",
            entity,
            f"CODE:{column}",
        )
        expected = "failed" if unknown else "passed"
        assert [(row[0], row[2], row[3]) for row in found] == [(expected, len(unknown), "us")], column
        ((kept,),) = arrivals.query(
            f"select count(distinct {column}) from raw.police__{entity} where {column} = any(%s)",
            list(set(unknown)),
        )
        assert kept == len(set(unknown))
    # the set does hold codes that the national list lacks, or the test would prove nothing
    assert arrivals.query(
        "select sum(rows_failed) > 0 from ops.check_result where rule_code in ('CODE:cjs_code', 'CODE:result_code')"
    ) == [(True,)]


def test_the_same_messages_again_are_nothing_new(landed, shared) -> None:
    arrivals, _, _ = landed
    arrivals.pack("police", [shared / "data" / "court_results_spi"], DAY)
    assert arrivals.load("police") == []
    assert arrivals.query("select count(*), sum(rows_in_files)::int from ops.load") == [
        (1, MESSAGES + OFFENCES + RESULTS)
    ]
