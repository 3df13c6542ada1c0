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
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from yos_warehouse.identity.agreement import contradict, same_person_by_name

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


def components(
    descriptions: pd.DataFrame, pairs: pd.DataFrame, decisions: Decisions, touched: set[str] | None = None
) -> list[list[str]]:
    """What hangs together by an identifier, a weight of at least MIDDLE or a decision.

    Args:
        descriptions: ``description_id`` and the columns of people.CONTENT.
        pairs: columns a, b, weight.
        touched: only components that hold one of these; None for all.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    names = descriptions["description_id"].to_numpy()
    place = {name: at for at, name in enumerate(names)}
    near = pairs[pairs["weight"] >= MIDDLE]
    left, right = [near["a"].map(place).to_numpy()], [near["b"].map(place).to_numpy()]
    for kind, columns in IDENTIFIERS:
        known = _values(descriptions, kind, columns)
        first = known.groupby("value")["at"].transform("first")
        left.append(known["at"].to_numpy())
        right.append(first.to_numpy())
    said = [pair for pair in decisions.same | decisions.different if pair[0] in place and pair[1] in place]
    left.append(np.array([place[a] for a, _ in said], dtype=int))
    right.append(np.array([place[b] for _, b in said], dtype=int))
    rows, columns_ = np.concatenate(left).astype(int), np.concatenate(right).astype(int)
    graph = coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns_)), shape=(len(names), len(names)))
    _, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    found = np.split(names[order], np.flatnonzero(np.diff(labels[order])) + 1)
    if touched is None:
        return [list(each) for each in found]
    return [list(each) for each in found if not touched.isdisjoint(each)]


def number(kind: str, value: str) -> str:
    """A number for comparing: of a PNC id typed with two digits of the year the century is a guess."""
    return value[2:] if kind == PNC else value


def _values(descriptions: pd.DataFrame, kind: str, columns: Iterable[str]) -> pd.DataFrame:
    """Who bears which number: columns value and at (place); values borne by too many are left out."""
    parts = [
        pd.DataFrame(
            {
                "value": descriptions[column].map(lambda value: number(kind, value), na_action="ignore"),
                "at": np.arange(len(descriptions)),
            }
        ).dropna()
        for column in columns
        if column in descriptions
    ]
    known = pd.concat(parts, ignore_index=True).drop_duplicates()
    return known[known.groupby("value")["at"].transform("size") <= MOST_ON_ONE]


def cluster(
    descriptions: pd.DataFrame, pairs: pd.DataFrame, decisions: Decisions, touched: set[str] | None = None
) -> Clustered:
    """Group descriptions into persons; those of all components that hold one of ``touched``.

    Args:
        descriptions: ``description_id`` and the columns of people.CONTENT, None where nothing is known.
        pairs: as :func:`scoring.score` returns them.
        touched: None for all.
    """
    parts = components(descriptions, pairs, decisions, touched)
    several = {name for part in parts if len(part) > 1 for name in part}
    rows = {
        row["description_id"]: row
        for row in descriptions[descriptions["description_id"].isin(several)].to_dict("records")
    }
    known: dict[str, dict[str, Pair]] = defaultdict(dict)
    within = pairs[pairs["a"].isin(several) & pairs["b"].isin(several)]
    for a, b, weight, evidence in within[["a", "b", "weight", "evidence"]].itertuples(index=False):
        known[a][b] = known[b][a] = Pair(weight, evidence)
    made = Clustered()
    for part in parts:
        if len(part) == 1:
            made.groups.append(frozenset(part))
            made.reasons[part[0]] = Reason("alone")
        else:
            _Component({name: rows[name] for name in sorted(part)}, known, decisions).settle(made)
    return made


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
        self.reasons = {name: Reason("alone") for name in rows}
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
            for name, row in self.rows.items():
                # a former number leads from a new identity to the earlier one
                for column in columns[:1] if self.has_protected else columns:
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
                self.join(a, b, Reason("identifier", evidence=json.dumps({kind: "the same"})))
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
        self.nodes[first] = sorted(self.nodes[first] + self.nodes.pop(second))
        for name in self.nodes[first]:
            self.node_of[name] = first

    # -------------------------------------------------------------- what keeps apart

    def forbidden(self, first: str, second: str) -> str | None:
        """Why two nodes may not be one person whatever else speaks for it, or None."""
        if any(self._differ(a, b) for a in self.nodes[first] for b in self.nodes[second]):
            return "DECIDED"
        if self.has_protected and self._across(first, second):
            return "PROTECTED"
        if _conflict(self._numbers(first, PNC), self._numbers(second, PNC)):
            return "CONFLICTING_PNC"
        return None

    def penalty(self, first: str, second: str) -> float:
        """What other numbers of the one-each kind take off the weight between two nodes."""
        return sum(
            OTHER_NUMBER
            for kind in ONE_EACH
            if _conflict(self._numbers(first, kind), self._numbers(second, kind))
        )

    def _differ(self, a: str, b: str) -> bool:
        return (a, b) in self.decisions.different or (b, a) in self.decisions.different

    def _numbers(self, node: str, kind: str) -> set[str]:
        rows = [self.rows[name] for name in self.nodes[node]]
        return {
            number(kind, row[column]) for row in rows for column in dict(IDENTIFIERS)[kind] if row.get(column)
        }

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
        for first, second in _neighbours(component):
            weight = component.best(first, second)[2].weight + component.penalty(first, second)
            self.sums[first, second] = weight
            self.counts[first, second] = 1

    def between(self) -> Iterator[tuple[tuple[str, str], float]]:
        """Each two groups that were compared, and the average weight between them."""
        for first, second in sorted(self.sums):
            yield (first, second), self._mean((first, second))

    def merge(self) -> None:
        """Join the two groups that agree most, again and again, while the average is UPPER at least."""
        while True:
            ready = [(-mean, pair) for pair, mean in self.between() if mean >= UPPER]
            for _, (first, second) in sorted(ready):
                why = self.component.forbidden(first, second)
                if why is None:
                    self._join(first, second)
                    break
                if why != "DECIDED":
                    a, b, pair = self.component.best(first, second)
                    self.component.ask(a, b, why, pair)
                self.sums.pop((first, second))
            else:
                if not ready:
                    return

    def disputed(self, first: str, second: str) -> bool:
        """Whether other numbers of the one-each kind speak against the two."""
        return self.component.penalty(first, second) < 0

    def _mean(self, pair: tuple[str, str]) -> float:
        many = self.size[pair[0]] * self.size[pair[1]]
        return (self.sums[pair] + (many - self.counts[pair]) * NOT_COMPARED) / many

    def _join(self, first: str, second: str) -> None:
        a, b, pair = self.component.best(first, second)
        mean = round(self._mean((first, second)), 2)
        self.sums.pop((first, second))
        self.component.join(a, b, Reason("matching", mean, pair.evidence))
        for third in self.size:
            gone, stays = _ordered(second, third), _ordered(first, third)
            if gone in self.sums:
                self.sums[stays] = self.sums.get(stays, 0.0) + self.sums.pop(gone)
                self.counts[stays] = self.counts.get(stays, 0) + self.counts.pop(gone)
        self.size[first] += self.size.pop(second)


def _neighbours(component: _Component) -> list[tuple[str, str]]:
    """Two nodes each between which at least one pair was compared."""
    return sorted(
        {
            _ordered(component.node_of[a], component.node_of[b])
            for a in component.rows
            for b in component.known.get(a, ())
            if b in component.rows and component.node_of[a] != component.node_of[b]
        }
    )


def _flag(value: Any) -> bool | None:
    return None if value is None or value != value else value in (True, "true")


def _ordered(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _conflict(ours: set[str], theirs: set[str]) -> bool:
    return bool(ours and theirs and not ours & theirs)
