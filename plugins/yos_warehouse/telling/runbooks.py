"""Which page of ``docs/runbooks`` says what to do about a check that found something."""

from __future__ import annotations

from functools import cache

from yos_warehouse.settings import PROJECT_DIR

RUNBOOKS_DIR = PROJECT_DIR / "docs" / "runbooks"


def runbook_of(rule_code: str) -> str:
    """The page of a check or refusal, below ``docs/``, such as ``runbooks/volume.md``.

    Refusals, and what the warehouse finds of itself, have a page each; rules of rows share one per kind, and tests
    of the house one.
    """
    name = _SAME_PAGE.get(rule_code, rule_code).lower().replace("_", "-")
    if rule_code not in KINDS and name in _pages():
        return f"runbooks/{name}.md"
    return f"runbooks/{_kind(rule_code)}.md"


_SAME_PAGE = {"ROW_COUNT": "DISAGREE"}
# Pages of a kind of check; no code of a check is called like them.
KINDS = ("rows-held-back", "rows-reported", "codes", "house-check")


def _kind(rule_code: str) -> str:
    if rule_code.startswith(("CODE:", "CODE_DATE:", "CODE_FORM:")):
        return "codes"
    effect = _effects().get(rule_code)
    if effect is None:
        return "house-check"
    return "rows-held-back" if effect == "hold_back" else "rows-reported"


@cache
def _pages() -> frozenset[str]:
    return frozenset(path.stem for path in RUNBOOKS_DIR.glob("*.md"))


@cache
def _effects() -> dict[str, str]:
    """What the door does with rows that fail a rule, by the rule's code."""
    from yos_warehouse.door.suite import rules
    from yos_warehouse.sources.contract import contracts

    return {
        rule.code: rule.effect
        for contract in contracts().values()
        for entity in contract.entities
        for rule in rules(contract, entity)
    }
