"""Which key each cluster of records goes under, and what becomes of keys: merge, split, and back again.

Who is who is worked out anew from the records; history enters here alone. A cluster keeps the key that most of its
records have. A key that is wanted twice, as when a merge is undone, stays with the records it was first given to, its
founders; the others get back the key they had. So undoing merges restores the keys, in whatever order they are undone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

Record = tuple[str, str, str, str]  # service_code, feed, entity, source_id


@dataclass(frozen=True)
class Link:
    """A record was under a key from ``since`` until ``until`` (None: it still is)."""

    key: int
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Person:
    """A key as it stands: its place in the order of minting, its first moment, and since when it is retired into which."""

    number: int
    since: datetime
    merged_into: int | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True)
class Cluster:
    """Records of one child.

    Attributes:
        records: at least one.
        tie: breaks ties; two clusters of a day never have the same.
    """

    records: frozenset[Record]
    tie: Any


@dataclass(frozen=True)
class History:
    """All links of the clusters' records, open and closed, and the persons they name."""

    links: Mapping[Record, Sequence[Link]]
    persons: Mapping[int, Person]

    def votes(self, cluster: Cluster) -> Counter[int]:
        """How many of a cluster's records are under each key now."""
        return Counter(link.key for link in self._of(cluster) if link.until is None)

    def founders(self, cluster: Cluster) -> Counter[int]:
        """How many of its records each key was first given to."""
        return Counter(link.key for link in self._of(cluster) if link.since == self.persons[link.key].since)

    def had(self, cluster: Cluster) -> Counter[int]:
        """How many of its records were ever under each key."""
        return Counter(
            key for record in cluster.records for key in {link.key for link in self.links.get(record, ())}
        )

    def oldest(self, cluster: Cluster, key: int) -> datetime:
        """Since when the first of its records was under a key."""
        return min(link.since for link in self._of(cluster) if link.key == key)

    def _of(self, cluster: Cluster) -> Iterator[Link]:
        return (link for record in cluster.records for link in self.links.get(record, ()))


def assign(clusters: Sequence[Cluster], history: History) -> list[int | None]:
    """The key of each cluster; None where a new one has to be minted.

    Args:
        clusters: without a record in common. Every cluster that has a record under a key which one of them wants
            must be among them.

    Returns:
        One entry per cluster; no key twice.
    """
    votes = [history.votes(cluster) for cluster in clusters]
    founders = [history.founders(cluster) for cluster in clusters]
    keys: list[int | None] = [None] * len(clusters)

    def wanted_now(at: int) -> list[int]:
        return sorted(votes[at], key=lambda key: (-votes[at][key], history.persons[key].number))

    def wanted_back(at: int) -> list[int]:
        had = history.had(clusters[at])
        retired = [key for key in founders[at] if history.persons[key].retired_at and key not in held]
        return sorted(
            retired,
            key=lambda key: (
                -had[key],
                -_moment(history.persons[key].retired_at),
                history.persons[key].number,
            ),
        )

    def claim(at: int, key: int) -> tuple[Any, ...]:
        cluster = clusters[at]
        return -founders[at][key], -votes[at][key], history.oldest(cluster, key), cluster.tie

    everybody = [at for at in range(len(clusters)) if votes[at]]
    held = _settled(everybody, wanted_now, claim)
    without = sorted(set(range(len(clusters))) - set(held.values()))
    held |= _settled([at for at in without if founders[at]], wanted_back, claim)
    for key, at in held.items():
        keys[at] = key
    return keys


def _settled(
    clusters: Sequence[int], wanted: Callable[[int], list[int]], claim: Callable[[int, int], tuple[Any, ...]]
) -> dict[int, int]:
    """Each cluster asks for its keys in its own order; a key goes to the best claim, whoever asks first."""
    asking = {at: iter(wanted(at)) for at in clusters}
    held: dict[int, int] = {}
    waiting = list(clusters)
    while waiting:
        at = waiting.pop()
        for key in asking[at]:
            holder = held.get(key)
            if holder is None or claim(at, key) < claim(holder, key):
                held[key] = at
                if holder is not None:
                    waiting.append(holder)
                break
    return held


def aftermath(
    clusters: Sequence[Cluster], keys: Sequence[int | None], history: History, now: datetime
) -> dict[int, Person]:
    """The persons that change: revived, retired into another, or told anew where their founders went.

    Args:
        keys: of each cluster, with minted ones filled in; None: a cluster without a person.
        now: the moment of knowledge.
    """
    given = set(keys)
    persons = {
        key: replace(person, merged_into=None, retired_at=None) if key in given else person
        for key, person in history.persons.items()
    }
    moved: dict[int, Counter[tuple[Any, int]]] = defaultdict(Counter)
    founders: dict[int, Counter[tuple[Any, int]]] = defaultdict(Counter)
    for cluster, key in zip(clusters, keys, strict=True):
        if key is not None:
            for before, records in history.votes(cluster).items():
                moved[before][cluster.tie, key] += records
            for before, records in history.founders(cluster).items():
                founders[before][cluster.tie, key] += records
    for before in moved.keys() | founders.keys():
        person = persons[before]
        # a key whose last records are gone at the source waits for them; it is not retired
        if before not in given and (person.retired_at is not None or before in moved):
            home = _most(founders[before] or moved[before])
            persons[before] = replace(person, merged_into=home, retired_at=person.retired_at or now)
    return {key: person for key, person in persons.items() if person != history.persons[key]}


def _most(counted: Counter[tuple[Any, int]]) -> int:
    return min(counted, key=lambda cluster: (-counted[cluster], cluster))[1]


def _moment(value: datetime | None) -> float:
    return value.timestamp() if value else 0.0
