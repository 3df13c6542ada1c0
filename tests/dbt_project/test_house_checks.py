"""What the catalogue reads from the project's yml is what dbt knows."""

from __future__ import annotations

from typing import Any

from yos_warehouse.build.dbt import meta_of, read_results
from yos_warehouse.telling.house_checks import house_tests


def test_the_tests_of_the_house_are_those_that_dbt_knows(manifest: dict[str, Any]) -> None:
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "test"}
    ran = [{"unique_id": key, "status": "pass"} for key in nodes]
    known = {
        result.rule_code: (
            result.severity,
            result.family,
            result.feed,
            meta_of(nodes[result.unique_id])["owner"],
        )
        for result in read_results({"results": ran}, manifest)
    }
    ours = {"us": "warehouse"}
    read = {test.code: test for test in house_tests()}
    assert read.keys() == known.keys()
    for code, (severity, family, feed, owner) in known.items():
        test = read[code]
        assert (test.severity, test.family) == (severity, family), code
        # dbt.py also gives a query the feed of the first table that it reads
        assert test.feed == feed or test.table is None, code
        assert owner in (ours.get(test.owner, test.owner), test.feed), code
