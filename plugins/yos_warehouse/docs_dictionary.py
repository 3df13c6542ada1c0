"""The data dictionary: every table that BI tools may read, from the models' own descriptions."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yos_warehouse.settings import DBT_DIR

ZONES = {
    "marts": "Stars: one row per event or child, pseudonymous. A child is a number without meaning (`person_key`).",
    "reports": "Aggregates. Counts of one to four children are shown as `c`.",
    "restricted": "Lists with names, for practitioners alone.",
}


@cache
def permanent_models() -> list[dict[str, Any]]:
    """What the yml of each model of the open zones and of ``restricted`` says, by name."""
    found = (
        model
        for path in Path(DBT_DIR, "models").rglob("*.yml")
        for model in (yaml.safe_load(path.read_text("utf-8")) or {}).get("models", [])
        if meta_of(model).get("zone") in ZONES
    )
    return sorted(found, key=lambda model: model["name"])


def meta_of(model: dict[str, Any]) -> dict[str, Any]:
    """Zone, keys and audience of a model."""
    return model.get("config", {}).get("meta", {})


def dictionary_page() -> str:
    """All models of the open zones and of ``restricted``: markdown, by zone, then by name."""
    models = permanent_models()
    parts = [
        "# Data dictionary",
        "*Generated from `dbt_project/models` by `make docs`; do not edit.*",
        "Key -1 is “not known” and -2 “not applicable”. Facts join dimensions on columns of the same name unless "
        "said otherwise. Who may read a table is its audience: `yos url --role NAME` gives the connection.",
    ]
    for zone, words in ZONES.items():
        found = [model for model in models if meta_of(model)["zone"] == zone]
        if found:
            parts += [f"## `{zone}`", words, *(_model(model) for model in found)]
    return "\n\n".join(parts) + "\n"


def _model(model: dict[str, Any]) -> str:
    meta = meta_of(model)
    about = " ".join(model["description"].split())
    audience = ", ".join(f"`{role}`" for role in meta["audience"])
    header = "| Column | Type | Key | Meaning |\n| --- | --- | --- | --- |"
    lines = [
        f"| `{column['name']}` | {column['data_type']} | {_key(column['name'], meta)} "
        f"| {' '.join(column['description'].split()).replace('|', chr(92) + '|')} |"
        for column in model["columns"]
    ]
    return f"### `{model['name']}`\n\n{about}\n\nAudience: {audience}.\n\n" + "\n".join([header, *lines])


def _key(column: str, meta: dict[str, Any]) -> str:
    words = ["primary"] if column in meta["primary_key"] else []
    if target := meta.get("foreign_keys", {}).get(column):
        words.append(f"to `{target}`")
    return ", ".join(words)
