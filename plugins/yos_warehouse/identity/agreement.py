"""Whether two descriptions that bear one identifier contradict each other (linkage.md: a mistyped number must not merge)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# Numbers under which a person may well go by another name: the police keep aliases on one PNC id and one arrest.
WITH_ALIASES = ("pnc_id", "asn")
_NEAR = 0.82


def contradict(one: Mapping[str, Any], other: Mapping[str, Any], kind: str) -> bool:
    """Whether a shared number of a kind is more likely a slip than a person.

    Dates of birth that differ by more than a swap or one slip contradict unless both names are near. Where no aliases are
    kept under a number, another given name contradicts too: twins are registered in one breath.
    """
    given = _names(one.get("given_name"), other.get("given_name"))
    family = _names(one.get("family_name"), other.get("family_name"))
    if one.get("given_name") == other.get("family_name") or one.get("family_name") == other.get("given_name"):
        given = family = True  # written into each other's place
    if not dates_agree(one.get("date_of_birth"), other.get("date_of_birth")):
        return not (given and family)
    return kind not in WITH_ALIASES and not given


def same_person_by_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both names and the date of birth are known and near: what a protected identity asks of a record that joins it."""
    return all(
        one.get(column) and other.get(column) for column in ("given_name", "family_name", "date_of_birth")
    ) and (
        _names(one["given_name"], other["given_name"])
        and _names(one["family_name"], other["family_name"])
        and dates_agree(one["date_of_birth"], other["date_of_birth"])
    )


def dates_agree(one: Any, other: Any) -> bool:
    """Equal, day and month swapped, one slip apart, or one of them not known; of a first of January the year is."""
    if not one or not other:
        return True
    a, b = str(one), str(other)
    if a.endswith("-01-01") or b.endswith("-01-01"):
        return a[:4] == b[:4]
    return a == b or (a[:4], a[5:7], a[8:]) == (b[:4], b[8:], b[5:7]) or _distance(a, b) <= 1


def _names(one: str | None, other: str | None) -> bool:
    """Near, alike in sound or nicknames; what is not known agrees."""
    return True if not one or not other else _alike(*sorted((one, other)))


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> bool:
    import jellyfish

    from yos_warehouse.identity.people import roots_of, sound_of

    return (
        not set(roots_of(one)).isdisjoint(roots_of(other))
        or (min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)))
        or sound_of(one) == sound_of(other)
        or jellyfish.jaro_winkler_similarity(one, other) >= _NEAR
    )


@lru_cache(maxsize=100_000)
def _distance(one: str, other: str) -> int:
    import jellyfish

    return jellyfish.damerau_levenshtein_distance(one, other)
