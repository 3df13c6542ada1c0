"""However records come and whatever they are called, the same ones belong together; up to the names of keys."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pandas as pd
import pytest

from tests import soak
from yos_warehouse.fictional.people_table import write_people
from yos_warehouse.server.connect import transaction

CHANCE = random.Random(soak.commit().partition("+")[0])
COLUMNS = (
    "given_name", "family_name", "date_of_birth", "sex", "street", "postcode", "school", "pnc_id", "asn", "upn", "uln",
    "nhs_number", "own_id",
)  # fmt: skip
DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Records of some fictional children with the errors of each source, as rows of the people table."""
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    write_people(path, 40, CHANCE.randrange(1000))
    return pd.read_parquet(path).astype(object).where(lambda table: table.notna(), None).to_dict("records")


def _give(people, records, day_of=None, name_of=None):
    """Add records, each on its day (0 if not told) and under its name (its own if not told)."""
    for record in records:
        feed, entity = record["source"].split(".")
        values = {column: record[column] for column in COLUMNS}
        if record["is_protected"]:
            values["is_protected"] = True
        given, family, born = (values.pop(column) for column in COLUMNS[:3])
        on = (DAY + timedelta(days=(day_of or {}).get(record["record_id"], 0))).isoformat()
        people.add(
            feed,
            entity,
            (name_of or {}).get(record["record_id"], record["record_id"]),
            given,
            family,
            born,
            values.pop("pnc_id"),
            on=on,
            **values,
        )


def _links(people):
    return people.warehouse.query(
        "select source_id, person_key, since, until from identity.person_link order by source_id, since"
    )


def _renamed(links):
    """Links with each key called by the records that have it."""
    under: dict[int, list[str]] = {}
    for source_id, key, since, until in links:
        under.setdefault(key, []).append(f"{source_id} {since} {until}")
    return sorted((source_id, sorted(under[key]), since, until) for source_id, key, since, until in links)


def test_the_order_within_a_load_and_the_names_of_records_change_nothing(people, records):
    _give(people, records)
    people.night()
    expected = people.groups()
    assert 10 < len(expected) < 120
    links = _links(people)
    people.night()
    assert _links(people) == links
    people.start_again()
    names = [record["record_id"] for record in records]
    CHANCE.shuffle(names)
    new_name = dict(zip((record["record_id"] for record in records), names, strict=True))
    _give(people, random.sample(records, len(records)), name_of=new_name)
    people.night()
    renamed = [
        sorted(f"{one.split(' ')[0]} {new_name[one.split(' ')[1]]}" for one in group) for group in expected
    ]
    assert people.groups() == sorted(renamed)


def test_the_order_of_days_changes_nothing_and_nights_are_as_all_at_once(people, records):
    found = []
    for nightly in (False, False, True):
        if not nightly or not found:
            day_of = {record["record_id"]: CHANCE.randrange(4) for record in records}
        if nightly:
            for day in range(4):
                _give(people, [record for record in records if day_of[record["record_id"]] == day], day_of)
                people.night()
        else:
            _give(people, records, day_of)
            people.night()
        found.append((people.groups(), _renamed(_links(people))))
        people.start_again()
    assert found[0][0] == found[1][0] == found[2][0]
    assert found[1][1] == found[2][1]


def test_a_day_that_came_late_is_as_if_it_had_come_in_time(people, records):
    day_of = {record["record_id"]: CHANCE.randrange(3) for record in records}
    late = {name for name in day_of if day_of[name] == 1 and CHANCE.random() < 0.5}

    def give(chosen):
        _give(people, chosen, day_of)

    give(records)
    people.night()
    in_time = _renamed(_links(people))
    people.start_again()
    give([record for record in records if record["record_id"] not in late])
    before = people.night()
    give([record for record in records if record["record_id"] in late])
    after = people.night()
    assert _renamed(_links(people)) == in_time
    assert sum(after[record] == key for record, key in before.items()) >= 0.95 * len(before)
    assert people.night() == after


def test_a_night_that_broke_off_gives_the_same_keys_again(people, records):
    from yos_warehouse.identity.crosswalk import identify

    _give(people, records)
    with transaction("identity") as connection:
        identify(connection, people.run_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "select source_id, person_key, since, until from identity.person_link order by source_id, since"
            )
            first = cursor.fetchall()
        connection.rollback()
    assert _links(people) == []
    people.night()
    assert _links(people) == first
