"""Model and migration are one commit: what the models declare is what a migrated database has."""

from __future__ import annotations

import pytest

from yos_warehouse.build.dbt import manifest, parse_project
from yos_warehouse.build.permanent import compare, declared


@pytest.mark.fault("R12")
def test_models_and_permanent_tables_agree(warehouse) -> None:
    """Goes red when a model's yml changes without its migration; `yos migration` drafts what is missing."""
    parse_project()
    connection = warehouse.connect("publisher")
    with connection.cursor() as cursor:
        differences = compare(declared(manifest(), cursor), cursor)
    connection.close()
    assert [difference.words for difference in differences] == []
