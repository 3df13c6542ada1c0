"""Two children become one by a decision and two again: marts follow in the same night, with a report, and come back exactly."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from tests.bare_night import BareNight, make_service
from tests.conftest import _administer
from yos_warehouse.identity.decisions import decide, revoke
from yos_warehouse.server.connect import transaction


@pytest.mark.fault("D9")
@pytest.mark.soak
def test_a_merge_changes_figures_with_a_report_and_its_undoing_gives_everything_back(
    warehouse, tmp_path
) -> None:
    name = f"changed_{uuid.uuid4().hex[:8]}"
    service = make_service(tmp_path / "service", name)
    try:
        night = BareNight(warehouse, service, tmp_path / "said")
        assert night.run("first") == 0, night.last_words()
        marts = night.marts()
        reports = "select count(*) from ops.identity_change as c inner join ops.run as r using (run_id) where r.owner = %s"
        a, b = _two_of_one_cohort(warehouse)
        (as_at,) = warehouse.query("select max(as_at) from marts.publication")[0]
        with transaction("identity") as connection:
            at = warehouse.query("select (%s::date + time '21:00') at time zone 'Europe/London'", (as_at,))[
                0
            ][0]
            decision = decide(connection, a, b, "same", "A. Person", "to see what it does to a rate", at)
        assert night.run("second") == 0, night.last_words()
        assert night.marts() != marts
        changed = warehouse.query(
            "select denominator_before, denominator_after from ops.identity_change as c inner join ops.run as r using (run_id)"
            " where r.owner = 'second' and indicator_code = 'reoffending_binary_rate'"
        )
        assert any(after == before - Decimal(1) for before, after in changed)
        published = warehouse.query(
            "select count(*) from ops.identity_change as c inner join marts.fct_indicator_latest as l"
            " on (l.indicator_id, l.period_code, l.variant_code) = (c.indicator_code, c.period_code, c.variant_code)"
            " and l.geography_level = 'SERVICE' where l.value is distinct from c.value_after"
        )
        assert published == [(0,)]
        with transaction("identity") as connection:
            revoke(connection, decision, "A. Person", "it was to see what it does", at)
        assert night.run("third") == 0, night.last_words()
        assert night.marts() == marts
        assert warehouse.query(reports, ("third",)) == warehouse.query(reports, ("second",))
        assert night.run("fourth") == 0, night.last_words()
        assert warehouse.query(reports, ("fourth",)) == [(0,)]
    finally:
        _administer(f"drop database if exists {name} with (force)")


def _two_of_one_cohort(warehouse) -> list[tuple[str, ...]]:
    """A record of the case system of each of two children of one cohort, the Ministry's and followed up long ago."""
    rows = warehouse.query(
        """
        with member as (
            select m.cohort_code, m.person_key, min(l.source_id) as source_id, min(l.service_code) as service_code
            from marts.fct_cohort_member as m inner join identity.person_link as l using (person_key)
            where l.until is null and l.feed = 'case_system' and l.entity = 'person' and m.is_in_cohort
                and m.rule_code = 'MINISTRY' and m.cohort_code < 'MINISTRY_2024Q3'
            group by m.cohort_code, m.person_key
        )

        select a.service_code, a.source_id, b.source_id
        from member as a inner join member as b on a.cohort_code = b.cohort_code and a.person_key < b.person_key
        order by a.cohort_code desc, a.source_id, b.source_id
        limit 1
        """
    )
    ((service_code, *source_ids),) = rows
    return [(service_code, "case_system", "person", source_id) for source_id in source_ids]
