"""Words for a check and what to do about it: the catalogue's, else by the family that says who can mend it."""

from __future__ import annotations

from yos_warehouse.telling.catalogue import check_of

# For checks that the catalogue does not know (design.md 4).
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
    check = check_of(rule_code, feed, entity)
    if check is not None:
        return check.says, check.remedy
    words, remedy = BY_FAMILY.get(family, BY_FAMILY["integrity"])
    return f"{words} ({rule_code})", remedy
