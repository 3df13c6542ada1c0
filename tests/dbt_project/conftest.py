"""The dbt manifest, parsed once per session."""

from __future__ import annotations

from typing import Any

import pytest

from yos_warehouse.build import dbt


@pytest.fixture(scope="session")
def manifest(server: Any) -> dict[str, Any]:
    """manifest.json of the project; parsed for the first database of a test, which then need not do it again."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("YOS_DATABASE", "test_1")
        dbt.parse_project()
        return dbt.manifest()


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Models of the project by name."""
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
