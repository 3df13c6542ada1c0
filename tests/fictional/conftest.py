"""One small world for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from yos_warehouse.fictional.feeds import history_nights, write_drops
from yos_warehouse.fictional.world import World, make_world


@pytest.fixture(scope="session")
def world() -> World:
    """A small world with the canary child."""
    return make_world(7, "small", canary=True)


@pytest.fixture(scope="session")
def drops(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its drops up to the first night."""
    out = tmp_path_factory.mktemp("drops")
    write_drops(world, out, history_nights(world))
    return out
