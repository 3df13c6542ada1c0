"""The lease: one live run, a dead one taken over, no writing without it."""

from __future__ import annotations

import pytest

from yos_warehouse.errors import LeaseLost
from yos_warehouse.orchestration import lease


@pytest.mark.fault("R7")
def test_a_second_run_leaves_while_the_first_is_alive(warehouse):
    first = lease.open_run("nightly", "one")
    assert first is not None
    assert lease.open_run("nightly", "two") is None
    assert lease.open_run("ingest", "three") is None


def test_the_same_owner_gets_its_own_run_back(warehouse):
    assert lease.open_run("nightly", "one") == lease.open_run("nightly", "one")


@pytest.mark.fault("R2")
def test_a_run_without_a_sign_of_life_is_taken_over(warehouse):
    first = lease.open_run("nightly", "one")
    warehouse.query("update ops.run set heartbeat_at = now() - interval '1 hour'")
    second = lease.open_run("nightly", "two")
    assert second is not None and second > first
    assert warehouse.query("select state from ops.run where run_id = %s", (first,)) == [("abandoned",)]


def test_a_long_step_keeps_its_run_alive(warehouse):
    first = lease.open_run("nightly", "one")
    with lease.step(first, "load police", "loader"):
        warehouse.query("update ops.run set heartbeat_at = now() - interval '1 hour'")
        assert lease.open_run("nightly", "two") is None


def test_a_step_of_a_run_that_lost_its_lease_does_not_write(warehouse):
    first = lease.open_run("nightly", "one")
    warehouse.query("update ops.run set heartbeat_at = now() - interval '1 hour'")
    lease.open_run("nightly", "two")
    with pytest.raises(LeaseLost), lease.step(first, "load police", "loader"):
        pytest.fail("the step must not begin")


def test_a_closed_run_gives_the_lease_back(warehouse):
    first = lease.open_run("nightly", "one")
    lease.close_run(first, "succeeded")
    assert lease.open_run("nightly", "two") is not None
