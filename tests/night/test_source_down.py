"""The case system cannot be reached: what its drops in the store say is taken in all the same, and the night ends red."""

from __future__ import annotations

import uuid
from datetime import datetime, time

import pytest

from tests.bare_night import make_service
from tests.conftest import _administer
from tests.night.canary_drops import LONDON


@pytest.mark.fault("R17")
@pytest.mark.soak
@pytest.mark.night
def test_drops_that_wait_are_loaded_though_the_source_is_down(home, server, tmp_path) -> None:
    from yos_warehouse.sources.case_system import extract
    from yos_warehouse.sources.contract import contracts

    database = f"down_{uuid.uuid4().hex[:8]}"
    service = make_service(tmp_path / "drops", database)
    night0 = service.world.setting.night0
    evening = datetime.combine(night0, time(20), LONDON)
    extract(contracts()["case_system"], service.source_url, night0, evening, service.drops)
    _administer(f"drop database {database} with (force)")

    done = home.yos("run", YOS_DROPS_DIR=str(service.drops), YOS_DATABASE=database, **service.environment())
    assert done.returncode == 1, done.stdout[-3000:] + done.stderr[-3000:]
    assert "case_system.extract" in done.stderr and "SOURCE_UNREACHABLE" in done.stderr
    loaded = home.query(
        "select state from ops.load join ops.drop using (drop_id) where feed = 'case_system'", database
    )
    assert loaded == [("accepted",)]
    assert home.query("select state from ops.run", database) == [("failed",)]
    assert home.query("select count(distinct unit) from marts.publication", database) == [(2,)]
