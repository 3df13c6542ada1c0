"""Layers are walls: who may read whom, drawn from the manifest."""

from __future__ import annotations

import re
from typing import Any

import pytest

Nodes = dict[str, dict[str, Any]]

MAY_READ = {
    "staging": {"raw", "staging"},
    "intermediate": {"staging", "intermediate", "ref", "identity"},
    "marts": {"intermediate", "marts"},
    "reports": {"marts", "ref"},  # of ref only REPORT_SEEDS
    "restricted": {"staging", "intermediate"},  # a closed zone: names come from staging
}
# What reports may read of ref: the targets of the service's plan, when a figure means something else, prices; no records.
REPORT_SEEDS = {"ref_target", "ref_series_break", "ref_bed_price"}
# Sums that reports read without a mart between: what was compared with what somebody states of it, and the ledger by
# period, so that its postings are read once.
REPORTED = {"int_finance__reconciliation", "int_finance__ledger_by_period"}
# Within staging only the two lists identity reads look at other models.
STAGING_LISTS = {"stg_person_record", "stg_source_record"}
LAYER_PREFIX = {
    "staging": r"stg_", "intermediate": r"int_", "marts": r"(dim|fct|bridge)_", "reports": r"rpt_",
    "restricted": r"(figure|tracker|eet)",
}  # fmt: skip


def layer_of(node: dict[str, Any]) -> str:
    """raw or identity for sources, ref for seeds, else the folder below models/."""
    if node["resource_type"] == "source":
        return node["source_name"]
    if node["resource_type"] == "seed":
        return "ref"
    return node["fqn"][1]


def edges(manifest: Nodes) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(reader, read) for every model."""
    every = {**manifest["nodes"], **manifest["sources"]}
    return [
        (node, every[parent])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for parent in node["depends_on"]["nodes"]
    ]


def forbidden(reader: dict[str, Any], read: dict[str, Any]) -> bool:
    """Whether a model reads what its layer may not."""
    layer, other = layer_of(reader), layer_of(read)
    if layer == "reports" and other == "reports":
        # what is hidden of a whole is decided in one report, and its parts ask there
        return read["name"] != "rpt_indicator"
    if layer == "reports" and read["name"] in REPORTED:
        return False
    if other not in MAY_READ[layer]:
        return True
    if layer == "staging" and other == "staging":
        return reader["name"] not in STAGING_LISTS
    if layer == "marts" and other == "marts":
        return not read["name"].startswith("dim_")
    if layer == "reports" and other == "ref":
        return read["name"] not in REPORT_SEEDS
    return False


def test_no_model_reads_across_a_wall(manifest: Nodes) -> None:
    found = edges(manifest)
    assert len(found) > 100
    assert [(a["name"], b["name"]) for a, b in found if forbidden(a, b)] == []


def test_a_forbidden_edge_is_seen(models: Nodes) -> None:
    assert forbidden(models["rpt_local_indicator_children"], models["int_justice__outcome"])
    assert forbidden(models["fct_outcome"], models["fct_offence"])
    assert forbidden(models["stg_police__charge"], models["stg_police__arrest"])


def test_only_staging_and_links_look_at_when_something_was_recorded(models: Nodes) -> None:
    for name, model in models.items():
        if layer_of(model) == "staging" or name.startswith("int_identity__"):
            continue
        assert not re.search(r"recorded_(from|to)|business_date|\bsince\b|\buntil\b", _code(model)), name


@pytest.mark.fault("R13")
def test_no_model_looks_at_a_clock(models: Nodes) -> None:
    clock = re.compile(r"current_date|current_time|now\(\)|clock_timestamp|localtime|run_started_at", re.I)
    assert [name for name, model in models.items() if clock.search(_code(model))] == []


def test_names(models: Nodes) -> None:
    for name, model in models.items():
        assert len(name) <= 40, name
        assert re.match(LAYER_PREFIX[layer_of(model)], name), name


def test_every_model_is_described(models: Nodes) -> None:
    assert [name for name, model in models.items() if len(model["description"].strip()) < 40] == []


@pytest.mark.parametrize("layer", ["staging", "marts", "reports", "restricted"])
def test_contracts_are_enforced(models: Nodes, layer: str) -> None:
    for name, model in models.items():
        if layer_of(model) != layer:
            continue
        assert model["config"]["contract"]["enforced"], name
        for column in model["columns"].values():
            assert column["data_type"] and column["description"], (name, column["name"])


def published(models: Nodes) -> Nodes:
    """Models that become permanent tables."""
    return {name: model for name, model in models.items() if layer_of(model) in {"marts", "reports"}}


def test_every_published_model_says_what_its_table_is(models: Nodes) -> None:
    for name, model in published(models).items():
        meta = model["config"]["meta"]
        assert meta["zone"] == layer_of(model), name
        assert meta["unit"] in {"children", "finance", "shared"}, name
        assert set(meta["primary_key"]) <= set(model["columns"]), name
        assert set(meta["foreign_keys"]) <= set(model["columns"]), name
        assert set(meta["foreign_keys"].values()) <= set(models), name
        assert meta["audience"] and set(meta["audience"]) <= {"analyst", "practitioner", "finance"}, name
        if meta["unit"] == "children":
            assert "finance" not in meta["audience"], name
        assert "service_code" in model["columns"] or name in {
            "dim_date", "dim_offence", "dim_outcome", "dim_provision",
        }, name  # fmt: skip
        description = model["description"]
        for part in ("Grain:", "Rules:", "Known limits:", "Example question:"):
            assert part in description or layer_of(model) == "reports", (name, part)


def test_units_share_only_calendar_and_geography(models: Nodes) -> None:
    tables = published(models)
    units = {name: model["config"]["meta"]["unit"] for name, model in tables.items()}
    assert {name for name, unit in units.items() if unit == "shared"} == {"dim_date", "dim_geography"}
    for name, model in tables.items():
        for parent in model["config"]["meta"]["foreign_keys"].values():
            assert units[parent] in {units[name], "shared"}, (name, parent)


def test_every_published_model_has_a_unique_key_tested(manifest: Nodes, models: Nodes) -> None:
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name") in {"unique", "unique_combination"}
        and node["config"]["severity"].lower() == "error"
    }
    assert [name for name, model in published(models).items() if model["unique_id"] not in tested] == []


def test_every_test_has_an_owner_and_a_family(manifest: Nodes) -> None:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            meta = node["config"]["meta"]
            assert meta.get("owner"), node["name"]
            assert meta.get("family") in {"configuration", "integrity", "value"}, node["name"]
            assert not node["config"]["store_failures"], node["name"]


def test_nothing_personal_is_published(models: Nodes) -> None:
    personal = {
        "given_name", "family_name", "date_of_birth", "pnc_id", "upn", "uln", "asn", "postcode", "address",
        "address_line", "person_id", "description", "supplier", "ptiurn", "record_id", "source_id",
    }  # fmt: skip
    for name, model in published(models).items():
        assert not personal & set(model["columns"]), name


def test_the_two_reports_have_the_same_columns(models: Nodes) -> None:
    children, finance = models["rpt_local_indicator_children"], models["rpt_local_indicator_finance"]
    assert [(c["name"], c["data_type"]) for c in children["columns"].values()] == [
        (c["name"], c["data_type"]) for c in finance["columns"].values()
    ]


def _code(model: dict[str, Any]) -> str:
    """The model's SQL without comments."""
    return re.sub(r"--.*", "", model["raw_code"])
