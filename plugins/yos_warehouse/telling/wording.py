"""Words for a check and what to do about it: the suite's own words, else by the kind of check."""

from __future__ import annotations

from functools import cache

# For checks without a page of their own, by the family that says who can mend them (design.md 4).
BY_FAMILY = {
    "configuration": (
        "Our code lists or settings do not cover what was sent",
        "add the code to the list, or ask the partner what it means",
    ),
    "integrity": ("The records contradict one another", "correct the records at the source and send them again"),
    "value": ("A number looks wrong", "look at the figure before it is used; tell the data team if it is right"),
}


def wording(rule_code: str, feed: str | None, entity: str | None, family: str) -> tuple[str, str]:
    """What the check says and what its owner should do; plain words without any value of a record."""
    words, remedy = _from_suites().get((feed, entity, rule_code), (None, None))
    general_words, general_remedy = BY_FAMILY.get(family, BY_FAMILY["integrity"])
    return words or f"{general_words} ({rule_code})", remedy or general_remedy


@cache
def _from_suites() -> dict[tuple[str | None, str | None, str], tuple[str, str]]:
    return {}
