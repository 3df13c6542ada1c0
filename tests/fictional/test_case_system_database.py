"""The source database: the contract's queries run on it, and a night changes only what happened."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from yos_warehouse.fictional.case_system import create_case_system
from yos_warehouse.fictional.world import World
from yos_warehouse.server.connect import connect, url
from yos_warehouse.sources.contract import contracts


@pytest.fixture
def source_url() -> Iterator[str]:
    """An empty database of this test's own."""
    name = f"fictional_{uuid.uuid4().hex[:8]}"
    connection = connect("admin", database="postgres", autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute(f"create database {name}")
    yield url("admin", database=name, driver="postgresql+psycopg2")
    with connection.cursor() as cursor:
        cursor.execute(f"drop database {name} with (force)")
    connection.close()


def test_a_night_changes_only_what_happened(world: World, source_url: str) -> None:
    night = world.setting.night0
    first = create_case_system(source_url, world, night)
    assert first["person"].inserted > 150
    again = create_case_system(source_url, world, night)
    assert not any(sum(changed) for changed in again.values())
    following = create_case_system(source_url, world, night + timedelta(days=1))
    assert following["legal_outcome"].inserted >= 1  # the late result
    assert following["offence"].updated >= 1  # the amended charge
    assert sum(sum(changed) for changed in following.values()) < 60
    back = create_case_system(source_url, world, night)
    assert sum(sum(changed) for changed in back.values()) == sum(
        sum(changed) for changed in following.values()
    )


def test_the_contracts_queries_give_the_contracts_columns(world: World, source_url: str) -> None:
    create_case_system(source_url, world, world.setting.night0)
    engine = create_engine(source_url)
    with engine.connect() as connection:
        for name, entity in contracts()["case_system"].entities.items():
            assert entity.query
            result = connection.execute(text(entity.query))
            assert list(result.keys()) == list(entity.columns), name
            assert len(result.fetchall()) > 5, name
    engine.dispose()
