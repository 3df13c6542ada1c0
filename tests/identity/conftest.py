"""A table of people filled by hand, and nights of identity over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from yos_warehouse.identity.crosswalk import identify
from yos_warehouse.orchestration.lease import open_run
from yos_warehouse.server.connect import transaction

PNC_A, PNC_B = "2090/0000001X", "2090/0000002Y"
COLUMNS = {
    "service_code": "text", "feed": "text", "entity": "text", "source_id": "text", "load_id": "bigint",
    "given_name": "text", "family_name": "text", "date_of_birth": "date", "sex": "text", "postcode": "text",
    "street": "text", "school": "text", "pnc_id": "text", "asn": "text", "upn": "text", "former_upn": "text",
    "uln": "text", "nhs_number": "text", "own_id": "text", "is_protected": "boolean", "recorded_from": "timestamptz",
    "recorded_to": "timestamptz",
}  # fmt: skip


@dataclass
class People:
    """staging.stg_person_record by hand."""

    warehouse: Any
    run_id: int

    def add(
        self, feed, entity, source_id, given, family, born, pnc=None, on="2026-03-01", gone_on=None, **more
    ):
        """One version of a record, there from eight in the evening of a day until eight on another."""
        row = {
            "service_code": "x", "feed": feed, "entity": entity, "source_id": source_id, "load_id": 1,
            "given_name": given, "family_name": family, "date_of_birth": born, "pnc_id": pnc, "is_protected": False if feed == "case_system" else None,
            "recorded_from": f"{on} 20:00", "recorded_to": gone_on and f"{gone_on} 20:00",
        } | more  # fmt: skip
        self.warehouse.query(
            f"insert into staging.stg_person_record ({', '.join(row)}) values ({', '.join(['%s'] * len(row))})",
            tuple(row.values()),
        )

    def night(self):
        """One identity step; each record's key."""
        with transaction("identity") as connection:
            identify(connection, self.run_id)
        return self.keys()

    def start_again(self):
        """An empty registry and no records."""
        self.warehouse.query(
            "truncate staging.stg_person_record, identity.person_link, identity.person_event, identity.person_identifier,"
            " identity.person_name, identity.record, identity.description, identity.pair, identity.day, identity.review,"
            " identity.key_before"
        )
        self.warehouse.query("delete from identity.person where person_key > 0")

    def keys(self):
        """The key of each linked record."""
        return dict(
            self.warehouse.query(
                "select feed || ' ' || source_id, person_key from identity.person_link where until is null"
            )
        )

    def groups(self):
        """Who is with whom, whatever the keys."""
        found: dict[int, set[str]] = {}
        for record, key in self.keys().items():
            found.setdefault(key, set()).add(record)
        return sorted(map(sorted, found.values()))

    def since(self):
        """Of each record the day since which its person is known."""
        return dict(
            self.warehouse.query(
                "select feed || ' ' || source_id, to_char(since at time zone 'Europe/London', 'YYYY-MM-DD')"
                " from identity.person_link where until is null"
            )
        )


@pytest.fixture
def people(warehouse):
    """Fill staging.stg_person_record by hand and run the identity step."""
    warehouse.query("drop table if exists staging.stg_person_record, staging.stg_source_record cascade")
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    warehouse.query(f"create table staging.stg_person_record ({columns})")
    warehouse.query(
        "create table staging.stg_source_record (service_code text, feed text, entity text, source_id text)"
    )
    warehouse.query("grant usage on schema staging to yos_identity")
    warehouse.query("grant select on all tables in schema staging to yos_identity")
    return People(warehouse, open_run("nightly", "test"))
