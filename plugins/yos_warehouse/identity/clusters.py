"""Which descriptions are one person: decided for each component of what hangs together, from its content alone.

In this order: people's decisions; exact identifiers, with guards; average linkage of the weights; a single candidate in the
middle band. What must not meet never meets: other decisions of people, two valid PNC ids, a protected identity and an
earlier one. Nothing depends on the order or the names of records, so a night gives what all at once would give.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from yos_warehouse.identity.agreement import contradict, same_person_by_name
from yos_warehouse.identity.people import distinct_values

UPPER = 10.0  # linked: the odds are better than a thousand to one
MIDDLE = 4.0  # attached to a single candidate, else for a person to look at
NOT_COMPARED = 0.0  # what a pair that was never compared counts in an average
MOST_ON_ONE = 50  # descriptions that may bear one identifier; a number borne by more is nobody's
PNC = "pnc_id"
# Which columns say the same kind of number, from the surest; a former UPN meets the UPN it was.
IDENTIFIERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("own_id", ("own_id",)),
    (PNC, (PNC,)),
    ("asn", ("asn",)),
    ("upn", ("upn", "former_upn")),
    ("uln", ("uln",)),
    ("nhs_number", ("nhs_number",)),
    ("other_id", ("other_id",)),
)
# Numbers of which a person has one for long: two of them speak against one person, but do not settle it.
ONE_EACH = ("upn", "uln", "nhs_number")
OTHER_NUMBER = -8.0
_LOOKED_AT = (
    "description_id", "given_name", "family_name", "date_of_birth", "is_protected",
    *(column for _, columns in IDENTIFIERS for column in columns),
)  # fmt: skip
_NONE: frozenset[str] = frozenset()
# The kinds of number of which another one speaks against one person.
_TELLING = tuple((kind, columns) for kind, columns in IDENTIFIERS if kind in (PNC, *ONE_EACH))
_THE_SAME = {kind: json.dumps({kind: "the same"}) for kind, _ in IDENTIFIERS}


@dataclass(frozen=True)
class Decisions:
    """What people have decided of pairs of descriptions; it outranks everything."""

    same: frozenset[tuple[str, str]] = frozenset()
    different: frozenset[tuple[str, str]] = frozenset()


class Reason(NamedTuple):
    """How a description came to the others of its group."""

    method: str  # alone, identifier, matching, attached, decision
    weight: float | None = None
    evidence: str | None = None


_ALONE = Reason("alone")


class Review(NamedTuple):
    """Two descriptions of different groups that a person should look at."""

    a: str
    b: str
    weight: float | None
    evidence: str | None
    why: str


@dataclass
class Clustered:
    """Groups of descriptions, each one person as far as is known."""

    groups: list[frozenset[str]] = field(default_factory=list)
    reasons: dict[str, Reason] = field(default_factory=dict)
    review: list[Review] = field(default_factory=list)


class Pair(NamedTuple):
    """A compared pair."""

    weight: float
    evidence: str | None


def _labels(
    descriptions: pd.DataFrame, left: np.ndarray, right: np.ndarray, weights: np.ndarray, decisions: Decisions
) -> np.ndarray:
    """The number of each description's component: what hangs together by an identifier, a weight of at least MIDDLE or a decision."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    near = (weights >= MIDDLE) & (left >= 0) & (right >= 0)
    edges = [(left[near], right[near])]
    edges += [_bearers(descriptions, kind, columns) for kind, columns in IDENTIFIERS]
    said = sorted(decisions.same | decisions.different)
    if said:
        place = {name: at for at, name in enumerate(descriptions["description_id"])}
        ends = [(place[a], place[b]) for a, b in said if a in place and b in place]
        edges.append((np.array([a for a, _ in ends], dtype=int), np.array([b for _, b in ends], dtype=int)))
    rows, columns_ = (np.concatenate(side) for side in zip(*edges, strict=True))
    many = len(descriptions)
    graph = coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns_)), shape=(many, many))
    return connected_components(graph, directed=False)[1]  # type: ignore[no-any-return]


def _places(names: np.ndarray, pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Where both descriptions of each pair stand, -1 for one that is not there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    there = pa.array(names, pa.string())
    left, right = (
        pc.fill_null(pc.index_in(pa.array(pairs[side], pa.string()), value_set=there), -1)
        for side in ("a", "b")
    )
    return left.to_numpy(zero_copy_only=False), right.to_numpy(zero_copy_only=False)


def _parts(names: np.ndarray, labels: np.ndarray, touched: set[str] | None) -> list[np.ndarray]:
    """Where the descriptions of each component stand, or of those that hold one of ``touched``."""
    at = np.arange(len(names))
    if touched is not None:
        at = np.flatnonzero(np.isin(labels, labels[pd.Series(names).isin(touched).to_numpy()]))
    return _runs(at[np.argsort(labels[at], kind="stable")], labels)


def _runs(at: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """Places in order of their labels, cut where the label changes."""
    return [run for run in np.split(at, np.flatnonzero(np.diff(labels[at])) + 1) if len(run)]


def number(kind: str, value: str) -> str:
    """A number for comparing: of a PNC id typed with two digits of the year the century is a guess."""
    return value[2:] if kind == PNC else value


def _bearers(descriptions: pd.DataFrame, kind: str, columns: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """Who bears a number, and who bears it first; numbers borne by too many are left out."""
    values = [descriptions[column] for column in columns if column in descriptions]
    at = np.concatenate([np.flatnonzero(value.notna()) for value in values])
    codes, distinct = pd.factorize(
        np.concatenate([[number(kind, one) for one in value.dropna()] for value in values]).astype(object)
    )
    both = np.unique(np.stack([codes, at], axis=1), axis=0)  # one number in two columns counts once
    codes, at = both[:, 0], both[:, 1]
    starts = np.searchsorted(codes, np.arange(len(distinct)))
    few = (np.bincount(codes, minlength=len(distinct)) <= MOST_ON_ONE)[codes]
    return at[few], at[starts[codes]][few]


def cluster(
    descriptions: pd.DataFrame, pairs: pd.DataFrame, decisions: Decisions, touched: set[str] | None = None
) -> Clustered:
    """Group descriptions into persons; those of all components that hold one of ``touched``.

    Args:
        descriptions: ``description_id`` and the columns of people.CONTENT, None where nothing is known.
        pairs: as :func:`scoring.score` returns them.
        touched: None for all.
    """
    names = descriptions["description_id"].to_numpy(dtype=object)
    left, right = _places(names, pairs)
    labels = _labels(descriptions, left, right, pairs["weight"].to_numpy(), decisions)
    compared = _Compared(names, labels, left, right, pairs)
    looked_at = {
        column: descriptions[column].to_numpy(dtype=object) for column in _LOOKED_AT if column in descriptions
    }
    made = Clustered()
    for part in _parts(names, labels, touched):
        if len(part) == 1:
            made.groups.append(frozenset(names[part]))
            made.reasons[names[part[0]]] = _ALONE
            continue
        values = zip(*(column[part] for column in looked_at.values()), strict=True)
        rows = {
            row[0]: dict(zip(looked_at, row, strict=True)) for row in sorted(values, key=lambda row: row[0])
        }
        _Component(rows, compared.within(labels[part[0]]), decisions).settle(made)
    return made


class _Compared:
    """The compared pairs, one component's at a time: all at once they would be most of the memory."""

    def __init__(
        self, names: np.ndarray, labels: np.ndarray, left: np.ndarray, right: np.ndarray, pairs: pd.DataFrame
    ) -> None:
        at = np.flatnonzero((left >= 0) & (right >= 0))
        at = at[labels[left[at]] == labels[right[at]]]  # only within a component do pairs count
        of_pair = labels[left]
        runs = _runs(at[np.argsort(of_pair[at], kind="stable")], of_pair)
        self.of_label = {of_pair[run[0]]: run for run in runs}
        self.names, self.left, self.right = names, left, right
        self.weights = pairs["weight"].to_numpy()
        self.spoken, self.evidence = distinct_values(pairs["evidence"])

    def within(self, label: int) -> dict[str, dict[str, Pair]]:
        """The pairs of a component, both ways round."""
        known: dict[str, dict[str, Pair]] = defaultdict(dict)
        run = self.of_label.get(label)
        if run is not None:
            sides = (self.names[self.left[run]], self.names[self.right[run]])
            told = (self.weights[run].tolist(), self.evidence[self.spoken[run]].tolist())
            for a, b, *pair in zip(*sides, *told, strict=True):
                known[a][b] = known[b][a] = Pair(*pair)
        return known


class _Component:
    """One component: nodes are sets of descriptions, named by their smallest one."""

    def __init__(
        self, rows: dict[str, dict[str, Any]], known: dict[str, dict[str, Pair]], decisions: Decisions
    ) -> None:
        self.rows = rows
        self.known = known
        self.decisions = decisions
        # true: a new identity that an earlier one must not lead to; false: none; None: the source cannot know
        self.flag = {name: _flag(row.get("is_protected")) for name, row in rows.items()}
        self.has_protected = True in self.flag.values()
        self.node_of = {name: name for name in rows}
        self.nodes = {name: [name] for name in rows}
        self.reasons = dict.fromkeys(rows, _ALONE)
        self.numbers = {kind: self._borne(columns, kind) for kind, columns in _TELLING}
        self.review: dict[tuple[str, str], Review] = {}

    def settle(self, made: Clustered) -> None:
        self._decide()
        self._identify()
        averages = _Averages(self)
        averages.merge()
        self._attach(averages)
        for first, second in sorted(self.review):
            review = self.review[first, second]
            if self.node_of[first] != self.node_of[second] and not self._differ(first, second):
                made.review.append(review)
        made.groups += [frozenset(members) for members in self.nodes.values()]
        made.reasons |= self.reasons

    # -------------------------------------------------------------- what brings together

    def _decide(self) -> None:
        for a, b in sorted(self.decisions.same):
            if a in self.rows and b in self.rows:
                self.join(a, b, Reason("decision"))

    def _identify(self) -> None:
        for kind, columns in IDENTIFIERS:
            bearers: dict[str, set[str]] = defaultdict(set)
            # a former number leads from a new identity to the earlier one
            led_by = columns[:1] if self.has_protected else columns
            for name, row in self.rows.items():
                for column in led_by:
                    if row.get(column):
                        bearers[number(kind, row[column])].add(name)
            for value in sorted(bearers, key=lambda value: min(bearers[value])):
                if 1 < len(bearers[value]) <= MOST_ON_ONE:
                    # the protected first: who then joins them cannot join an earlier identity any more
                    self._share(
                        kind, sorted(bearers[value], key=lambda name: (self.flag[name] is not True, name))
                    )

    def _share(self, kind: str, bearers: list[str]) -> None:
        """Join who bears one number and does not contradict each other."""
        for a, b in combinations(bearers, 2):
            if self.node_of[a] == self.node_of[b]:
                continue
            why = self.forbidden(self.node_of[a], self.node_of[b])
            if why is None and kind != "own_id" and contradict(self.rows[a], self.rows[b], kind):
                why = "SHARED_IDENTIFIER"
            if why is None:
                self.join(a, b, Reason("identifier", evidence=_THE_SAME[kind]))
            elif why != "DECIDED":
                self.ask(a, b, why)

    def _attach(self, averages: _Averages) -> None:
        """Who has one candidate in the middle band, and is nobody else's, joins it; the rest is for people."""
        candidates: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for (first, second), weight in averages.between():
            if weight >= MIDDLE:
                candidates[first].append((weight, second))
                candidates[second].append((weight, first))
        for first in sorted(candidates):
            for weight, second in candidates[first]:
                if first < second:
                    single = len(candidates[first]) == 1 and len(candidates[second]) == 1
                    why = self.forbidden(first, second)
                    a, b, pair = self.best(first, second)
                    if single and why is None and not averages.disputed(first, second):
                        self.join(a, b, Reason("attached", round(weight, 2), pair.evidence))
                    elif why != "DECIDED":
                        self.ask(a, b, why or ("MIDDLE_WEIGHT" if single else "SEVERAL_CANDIDATES"), pair)

    def join(self, a: str, b: str, reason: Reason) -> None:
        """Bring two nodes together under the smaller name; the smaller side came in for the reason."""
        first, second = sorted((self.node_of[a], self.node_of[b]))
        if first == second:
            return
        few = min((self.nodes[second], self.nodes[first]), key=len)
        for name in few:
            if self.reasons[name].method == "alone":
                self.reasons[name] = reason
        for name in self.nodes[second]:
            self.node_of[name] = first
        self.nodes[first] += self.nodes.pop(second)
        for borne in self.numbers.values():
            if second in borne:
                borne[first] = borne.get(first, _NONE) | borne.pop(second)

    # -------------------------------------------------------------- what keeps apart

    def forbidden(self, first: str, second: str) -> str | None:
        """Why two nodes may not be one person whatever else speaks for it, or None."""
        if self.decisions.different and any(
            self._differ(a, b) for a in self.nodes[first] for b in self.nodes[second]
        ):
            return "DECIDED"
        if self.has_protected and self._across(first, second):
            return "PROTECTED"
        if self._conflict(first, second, PNC):
            return "CONFLICTING_PNC"
        return None

    def penalty(self, first: str, second: str) -> float:
        """What other numbers of the one-each kind take off the weight between two nodes."""
        return sum(OTHER_NUMBER for kind in ONE_EACH if self._conflict(first, second, kind))

    def _differ(self, a: str, b: str) -> bool:
        return (a, b) in self.decisions.different or (b, a) in self.decisions.different

    def _borne(self, columns: tuple[str, ...], kind: str) -> dict[str, frozenset[str]]:
        """The numbers of a kind of each node that has any."""
        found = {
            name: frozenset(number(kind, row[column]) for column in columns if row.get(column))
            for name, row in self.rows.items()
        }
        return {name: values for name, values in found.items() if values}

    def _conflict(self, first: str, second: str, kind: str) -> bool:
        """Whether two nodes have numbers of a kind, and none of them in common."""
        ours, theirs = self.numbers[kind].get(first), self.numbers[kind].get(second)
        return ours is not None and theirs is not None and ours.isdisjoint(theirs)

    def _across(self, first: str, second: str) -> bool:
        """Whether two nodes are a protected identity and what may be the earlier one of the same child."""
        for one, other in ((first, second), (second, first)):
            flags = {self.flag[name] for name in self.nodes[one]}
            if True not in flags or False in flags:  # both: the named person has brought them together
                continue
            for name in (name for name in self.nodes[one] if self.flag[name] is True):
                for stranger in self.nodes[other]:
                    if self.flag[stranger] is False:
                        return True
                    if self.flag[stranger] is None and not same_person_by_name(
                        self.rows[name], self.rows[stranger]
                    ):
                        return True
        return False

    # -------------------------------------------------------------- weights and questions

    def best(self, first: str, second: str) -> tuple[str, str, Pair]:
        """The compared pair that speaks most for two nodes being one, by the nodes' names if none was compared."""
        pairs = [
            (self.known[a][b].weight, a, b)
            for a in self.nodes[first]
            for b in self.nodes[second]
            if b in self.known.get(a, ())
        ]
        if not pairs:
            return first, second, Pair(NOT_COMPARED, None)
        _, a, b = max(pairs, key=lambda pair: (pair[0], pair[1], pair[2]))
        return a, b, self.known[a][b]

    def ask(self, a: str, b: str, why: str, pair: Pair | None = None) -> None:
        """Let a person look at two descriptions; one question for two nodes."""
        a, b = sorted((a, b))
        pair = pair or self.known.get(a, {}).get(b)
        self.review.setdefault((a, b), Review(a, b, pair and pair.weight, pair and pair.evidence, why))


class _Averages:
    """Average weight between groups of nodes; what certain numbers already joined is one node with its best pair."""

    def __init__(self, component: _Component) -> None:
        self.component = component
        self.size = dict.fromkeys(component.nodes, 1)
        self.sums: dict[tuple[str, str], float] = {}
        self.counts: dict[tuple[str, str], int] = {}
        for (first, second), weight in _best_weights(component).items():
            self.sums[first, second] = weight + component.penalty(first, second)
            self.counts[first, second] = 1

    def between(self) -> Iterator[tuple[tuple[str, str], float]]:
        """Each two groups that were compared, and the average weight between them."""
        for first, second in sorted(self.sums):
            yield (first, second), self._mean((first, second))

    def merge(self) -> None:
        """Join the two groups that agree most, again and again, while the average is UPPER at least."""
        self.ready = [(-mean, pair) for pair, mean in self.between() if mean >= UPPER]
        heapify(self.ready)
        while self.ready:
            less, (first, second) = heappop(self.ready)
            if (first, second) not in self.sums or -less != self._mean((first, second)):
                continue  # one of the two is another group by now
            why = self.component.forbidden(first, second)
            if why is None:
                self._join(first, second)
                continue
            if why != "DECIDED":
                a, b, pair = self.component.best(first, second)
                self.component.ask(a, b, why, pair)
            self.sums.pop((first, second))

    def disputed(self, first: str, second: str) -> bool:
        """Whether other numbers of the one-each kind speak against the two."""
        return self.component.penalty(first, second) < 0

    def _mean(self, pair: tuple[str, str]) -> float:
        many = self.size[pair[0]] * self.size[pair[1]]
        return (self.sums[pair] + (many - self.counts[pair]) * NOT_COMPARED) / many

    def _join(self, first: str, second: str) -> None:
        a, b, speaks = self.component.best(first, second)
        mean = round(self._mean((first, second)), 2)
        self.sums.pop((first, second))
        self.component.join(a, b, Reason("matching", mean, speaks.evidence))
        for third in self.size:
            gone, stays = _ordered(second, third), _ordered(first, third)
            if gone in self.sums:
                self.sums[stays] = self.sums.get(stays, 0.0) + self.sums.pop(gone)
                self.counts[stays] = self.counts.get(stays, 0) + self.counts.pop(gone)
        self.size[first] += self.size.pop(second)
        for third in self.size:
            pair = _ordered(first, third)
            if pair in self.sums and self._mean(pair) >= UPPER:
                heappush(self.ready, (-self._mean(pair), pair))


def _best_weights(component: _Component) -> dict[tuple[str, str], float]:
    """The weight of the pair that speaks most for two nodes, of all between which one was compared."""
    found: dict[tuple[str, str], float] = {}
    for a, node in component.node_of.items():
        for b, pair in component.known.get(a, {}).items():
            other = component.node_of[b]
            if node < other:
                found[node, other] = max(pair.weight, found.get((node, other), pair.weight))
    return found


def _flag(value: Any) -> bool | None:
    return None if value is None or value != value else value in (True, "true")


def _ordered(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
