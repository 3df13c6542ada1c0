"""Keys stay: by majority, through merges and back, whatever records are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from yos_warehouse.identity.keys import Cluster, History, Link, Person, aftermath, assign
from yos_warehouse.identity.minting import KEYS, key_of

DAY0 = datetime(2026, 3, 1, 20, tzinfo=UTC)


class Registry:
    """A registry in memory: each day's clusters go under keys, and every link is remembered."""

    def __init__(self) -> None:
        self.links: dict[object, list[Link]] = {}
        self.persons: dict[int, Person] = {}
        self.now = DAY0

    def day(self, groups) -> dict[object, int]:
        """Take one day; the key of each record after it."""
        self.now += timedelta(days=1)
        clusters = [Cluster(frozenset(group), min(map(str, group))) for group in groups]
        history = History({record: tuple(links) for record, links in self.links.items()}, dict(self.persons))
        keys = assign(clusters, history)
        fresh = len(self.persons)
        for at in sorted((at for at, key in enumerate(keys) if key is None), key=lambda at: clusters[at].tie):
            fresh += 1
            keys[at] = fresh
            self.persons[fresh] = Person(fresh, self.now)
        self.persons |= aftermath(clusters, keys, history, self.now)
        for cluster, key in zip(clusters, keys, strict=True):
            for record in cluster.records:
                links = self.links.setdefault(record, [])
                if links and links[-1].until is None:
                    if links[-1].key == key:
                        continue
                    links[-1] = replace(links[-1], until=self.now)
                links.append(Link(key, self.now))
        assert len(set(keys)) == len(keys)
        assert set(keys) == {key for key, person in self.persons.items() if not person.retired_at}
        return {
            record: key for cluster, key in zip(clusters, keys, strict=True) for record in cluster.records
        }


def groups_of(records, ties):
    """Connected components, the simplest clustering there is."""
    found = {record: {record} for record in records}
    for one, other in ties:
        if found[one] is not found[other]:
            found[one] |= found[other]
            for record in found[other]:
                found[record] = found[one]
    return list({id(group): group for group in found.values()}.values())


def test_a_cluster_keeps_the_key_that_most_of_its_records_have():
    registry = Registry()
    before = registry.day([{"a"}, {"b", "c"}])
    assert set(registry.day([{"a", "b", "c"}]).values()) == {before["b"]}
    assert registry.persons[before["a"]].merged_into == before["b"]


def test_of_two_keys_with_as_many_records_the_older_stays():
    registry = Registry()
    registry.day([{"z"}])
    before = registry.day([{"z"}, {"a"}])
    assert set(registry.day([{"a", "z"}]).values()) == {before["z"]}


def test_the_smaller_part_of_a_split_gets_a_new_key():
    registry = Registry()
    before = registry.day([{"a", "b", "c"}])
    after = registry.day([{"a"}, {"b", "c"}])
    assert after["b"] == before["b"] != after["a"]


def test_a_record_that_came_while_merged_does_not_carry_the_key_away():
    registry = Registry()
    before = registry.day([{"a"}, {"d"}])
    registry.day([{"a", "d"}])
    registry.day([{"a", "d", "e", "f"}])
    after = registry.day([{"a"}, {"d", "e", "f"}])
    assert after == before | {"e": before["d"], "f": before["d"]}


def test_a_record_that_was_gone_has_its_key_again():
    registry = Registry()
    before = registry.day([{"a"}])
    gone = dict(registry.links)
    history = History(gone, dict(registry.persons))
    assert assign([Cluster(frozenset({"a"}), "a"), Cluster(frozenset({"b"}), "b")], history) == [
        before["a"],
        None,
    ]


ties = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda tie: tie[0] != tie[1]),
    min_size=1,
    max_size=6,
    unique=True,
)


@settings(max_examples=400, deadline=None)
@given(born=ties, merges=ties, data=st.data())
def test_merges_undone_in_any_order_give_the_keys_of_before(born, merges, data):
    registry = Registry()
    own = born[: len(born) // 2]
    before = registry.day(groups_of(range(8), own))
    for number in range(1, len(merges) + 1):
        registry.day(groups_of(range(8), own + merges[:number]))
    left = list(merges)
    while left:
        left.remove(data.draw(st.sampled_from(left)))
        after = registry.day(groups_of(range(8), own + left))
    assert after == before


@settings(max_examples=200, deadline=None)
@given(born=ties, merges=ties)
def test_the_last_merge_undone_first_goes_back_step_by_step(born, merges):
    registry = Registry()
    seen = [
        registry.day(groups_of(range(8), born[:2] + merges[:number])) for number in range(len(merges) + 1)
    ]
    for number in reversed(range(len(merges))):
        assert registry.day(groups_of(range(8), born[:2] + merges[:number])) == seen[number]


@settings(max_examples=200, deadline=None)
@given(days=st.lists(ties, min_size=1, max_size=5), order=st.permutations(range(8)))
def test_the_order_of_clusters_changes_nothing(days, order):
    one, other = Registry(), Registry()
    for day in days:
        groups = groups_of(range(8), day)
        assert one.day(groups) == other.day(sorted(groups, key=lambda group: order[min(group)]))


@settings(max_examples=200, deadline=None)
@given(days=st.lists(ties, min_size=1, max_size=5))
def test_a_day_that_is_repeated_changes_nothing(days):
    registry = Registry()
    for day in days:
        keys = registry.day(groups_of(range(8), day))
        persons = dict(registry.persons)
        assert registry.day(groups_of(range(8), day)) == keys
        assert registry.persons == persons


@given(above=st.integers(0, 5000), first=st.integers(1, 10**9))
def test_keys_look_random_and_never_meet(above, first):
    keys = [key_of(above + first + number, "secret", above) for number in range(200)]
    assert len(set(keys)) == 200
    assert all(above < key < KEYS for key in keys)
    assert keys != sorted(keys)
    assert key_of(above + first, "another", above) != keys[0]


def test_keys_of_before_are_not_given_again():
    above = KEYS // 2
    keys = {key_of(above + number, "secret", above) for number in range(1, 2000)}
    assert len(keys) == 1999
    assert min(keys) > above
