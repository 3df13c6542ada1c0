"""The tests of the dbt project as checks with words, read from the yml beside models, lists and queries.

Generic tests (a column is filled, is unique, finds its parent, holds one of some words) get their words from their
kind and their columns, here alone. A test with words of its own has them in its yml: description (or meta ``says``) and
meta ``remedy``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from yos_warehouse.settings import DBT_DIR
from yos_warehouse.sources.contract import contracts

_BESIDE = ("name", "description", "config", "arguments")
# What stands before the thing itself in a table's name.
_PREFIX = re.compile(r"^(?:(?:stg|int)_[a-z]+__|stg_|int_|dim_|fct_|rpt_|bridge_|code_|map_|ref_)")
_MODEL = "look at the model and at what it reads: the data alone should not be able to do this"
_LIST = "correct the list in dbt_project/seeds"


@dataclass(frozen=True)
class HouseTest:
    """One test of the dbt project.

    Attributes:
        code: its name.
        table: model or list it hangs on; None for a query of its own.
        feed, entity: whose records it is about, where that is one feed's.
        severity: ``error`` holds the unit of the table.
        owner: ``partner``, ``us`` or ``analyst``.
    """

    code: str
    table: str | None
    feed: str | None
    entity: str | None
    family: str
    severity: str
    owner: str
    says: str
    remedy: str


def house_tests(project: Path = DBT_DIR) -> list[HouseTest]:
    """Every data test that is declared in a yml of the project, by file; unit tests look at no data."""
    config = yaml.safe_load((project / "dbt_project.yml").read_text("utf-8"))["data_tests"]["yos"]
    found = []
    for folder in ("models", "seeds", "tests"):
        for path in sorted((project / folder).rglob("*.yml")):
            content = yaml.safe_load(path.read_text("utf-8")) or {}
            for node in (*content.get("models", ()), *content.get("seeds", ())):
                feed = ((node.get("config") or {}).get("meta") or {}).get("feed")
                for test, column in _tests_of(node):
                    found.append(_generic(test, column, node["name"], feed, config))
            for test in content.get("data_tests", ()):
                found.append(_singular(test, path.parent.name, config))
    return found


def _tests_of(node: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    """The tests of a model or list, with the column they stand at."""
    for test in node.get("data_tests", ()):
        yield test, None
    for column in node.get("columns", ()):
        for test in column.get("data_tests", ()):
            yield test, column["name"]


def _generic(
    test: Mapping[str, Any], column: str | None, table: str, feed: str | None, config: Mapping[str, Any]
) -> HouseTest:
    ((kind, spec),) = ((key, value) for key, value in test.items() if key not in _BESIDE)
    arguments = spec.get("arguments", {})
    meta = {**config["+meta"], **((spec.get("config") or {}).get("meta") or {})}
    says, remedy = _words(kind, table, column, arguments)
    entity = meta.get("entity") or (table.partition(f"stg_{feed}__")[2] if feed else None) or None
    return HouseTest(
        code=spec["name"],
        table=table,
        feed=meta.get("feed") or feed,
        entity=entity,
        family=meta["family"],
        severity=(spec.get("config") or {}).get("severity", "error"),
        owner=_owner(meta["owner"]),
        says=_sentence(meta.get("says") or spec.get("description")) or says,
        remedy=meta.get("remedy") or remedy,
    )


def _singular(test: Mapping[str, Any], folder: str, config: Mapping[str, Any]) -> HouseTest:
    own = test.get("config") or {}
    meta = {**config["+meta"], **config[folder]["+meta"], **(own.get("meta") or {})}
    return HouseTest(
        code=test["name"],
        table=None,
        feed=meta.get("feed") or (meta["owner"] if meta["owner"] in contracts() else None),
        entity=meta.get("entity"),
        family=meta["family"],
        severity=own.get("severity") or config[folder].get("+severity", "error"),
        owner=_owner(meta["owner"]),
        says=_sentence(meta.get("says") or test.get("description")),
        remedy=meta.get("remedy", ""),
    )


def _words(kind: str, table: str, column: str | None, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """What a generic test finds, and what to do; the one place that has words for them."""
    rows = f"rows of {_thing(table)}"
    remedy = _LIST if table.startswith(("code_", "map_", "ref_")) else _MODEL
    at = _plain(column or "")
    match kind:
        case "unique":
            return f"{rows} that are there twice, with the same {at}", remedy
        case "unique_combination":
            return f"{rows} that are there twice, with the same {_listed(arguments['columns'])}", remedy
        case "not_null":
            return f"{rows} without {at}", remedy
        case "relationships":
            to = re.search(r"'([a-z0-9_]+)'", arguments["to"])
            return f"{rows} whose {at} is not among {_thing(to[1] if to else '')}", remedy
        case "accepted_values":
            return f"{rows} whose {at} is none of the words it may be", remedy
        case "not_overlapping":
            return f"{rows} that share a day with another of the same {_plain(arguments['owner'])}", remedy
        case "expression" if word := re.match(r"([a-z_]+) in \(", arguments["expression"]):
            return f"{rows} whose {_plain(word[1])} is none of the words it may be", remedy
        case "expression" if re.search(r"^[a-z_]+ is not null( and|$)", arguments["expression"]):
            return f"{rows} that lack a key, so that nobody can say what they are about", remedy
    return "", remedy


def _owner(word: str) -> str:
    """Our own words for the data team, and a feed's name for who sends it, as the three kinds of owner."""
    return "us" if word == "warehouse" else "partner" if word in contracts() else word


def _thing(table: str) -> str:
    return f"{_plain(_PREFIX.sub('', table))} ({table})"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _listed(columns: list[str]) -> str:
    words = [_plain(column) for column in columns]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split()).rstrip(".")
