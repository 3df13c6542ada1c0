"""Words for a check and what to do about it: the suite's own words, else by the kind of check."""

from __future__ import annotations

import json
from functools import cache

from yos_warehouse.sources.contract import contracts

# For checks without words of their own, by the family that says who can mend them (design.md 4).
BY_FAMILY = {
    "configuration": (
        "our code lists or settings do not cover what was sent",
        "add the code to the list, or ask the partner what it means",
    ),
    "integrity": (
        "the records contradict one another",
        "correct the records at the source and send them again",
    ),
    "value": (
        "a number looks wrong",
        "look at the figure before it is used; tell the data team if it is right",
    ),
}


def wording(rule_code: str, feed: str | None, entity: str | None, family: str) -> tuple[str, str]:
    """What the check says and what its owner should do; plain words without any value of a record."""
    words, remedy = _of_suites().get((feed, entity, rule_code)) or _of_dbt(rule_code)
    general_words, general_remedy = BY_FAMILY.get(family, BY_FAMILY["integrity"])
    return words or f"{general_words} ({rule_code})", remedy or general_remedy


@cache
def _of_suites() -> dict[tuple[str | None, str | None, str], tuple[str, str]]:
    from yos_warehouse.door.suite import rules

    return {
        (feed, entity, rule.code): (rule.says, rule.remedy)
        for feed, contract in contracts().items()
        for entity in contract.entities
        for rule in rules(contract, entity)
    }


def _of_dbt(rule_code: str) -> tuple[str, str]:
    """Words of a dbt test: its meta ``says`` and ``remedy``, else its description."""
    from yos_warehouse.build.dbt import target_dir

    try:
        manifest = json.loads((target_dir() / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return "", ""
    for node in manifest.get("nodes", {}).values():
        meta = {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}
        if rule_code in (node.get("name"), meta.get("code"), meta.get("rule_code")):
            says = meta.get("says") or (node.get("description") or "").strip().split("\n")[0]
            return str(says or ""), str(meta.get("remedy") or "")
    return "", ""
