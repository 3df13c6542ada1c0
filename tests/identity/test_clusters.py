"""Which descriptions are one person, from pairs, identifiers and decisions; all without a database."""

from __future__ import annotations

import random
from itertools import combinations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from yos_warehouse.identity.clusters import MOST_ON_ONE, Decisions, cluster
from yos_warehouse.identity.people import CONTENT

PNC_A, PNC_B = "2090/0000001X", "2090/0000002Y"
ANN = {"given_name": "ANN", "family_name": "NG", "date_of_birth": "2010-02-28"}


def descriptions(**rows: dict) -> pd.DataFrame:
    filled = [{"description_id": name, **dict.fromkeys(CONTENT), **row} for name, row in sorted(rows.items())]
    return pd.DataFrame(filled, dtype=object)


def pairs(*weights: tuple[str, str, float]) -> pd.DataFrame:
    rows = [(min(a, b), max(a, b), weight, "{}") for a, b, weight in weights]
    return pd.DataFrame(rows, columns=["a", "b", "weight", "evidence"])


def groups(
    people: pd.DataFrame, compared: pd.DataFrame, decisions: Decisions | None = None
) -> set[frozenset[str]]:
    return set(cluster(people, compared, decisions or Decisions()).groups)


def together(*names: str) -> frozenset[str]:
    return frozenset(names)


def test_above_the_upper_weight_linked_below_the_middle_not():
    people = descriptions(a=ANN, b=ANN, c=ANN)
    assert groups(people, pairs(("a", "b", 10), ("b", "c", 3.9))) == {together("a", "b"), together("c")}


def test_average_linkage_does_not_chain_strangers_together():
    people = descriptions(a=ANN, b=ANN, c=ANN, d=ANN)
    chain = pairs(
        ("a", "b", 15), ("b", "c", 11), ("c", "d", 15), ("a", "c", -5), ("b", "d", -5), ("a", "d", -5)
    )
    assert groups(people, chain) == {together("a", "b"), together("c", "d")}


def test_a_single_candidate_in_the_middle_is_attached_two_are_asked():
    people = descriptions(a=ANN, b=ANN, c=ANN)
    assert groups(people, pairs(("a", "b", 6))) == {together("a", "b"), together("c")}
    made = cluster(people, pairs(("a", "b", 6), ("a", "c", 6)), Decisions())
    assert len(made.groups) == 3
    assert {(one.a, one.b, one.why) for one in made.review} == {
        ("a", "b", "SEVERAL_CANDIDATES"), ("a", "c", "SEVERAL_CANDIDATES"),
    }  # fmt: skip


def test_a_child_with_three_aliases_and_one_pnc_id_is_one():
    names = [("ANN", "NG"), ("LULU", "HILL"), ("ROSE", "MARLOW")]
    people = descriptions(
        **{
            f"d{at}": {**ANN, "given_name": g, "family_name": f, "pnc_id": PNC_A}
            for at, (g, f) in enumerate(names)
        },
        e=ANN,
    )
    against = [(a, b, -5.0) for a, b in combinations(("d0", "d1", "d2"), 2)]
    assert groups(people, pairs(*against, ("d0", "e", 14), ("d1", "e", -5), ("d2", "e", -5))) == {
        together("d0", "d1", "d2", "e")
    }


def test_two_valid_pnc_ids_never_merge_by_themselves_and_are_asked():
    people = descriptions(a={**ANN, "pnc_id": PNC_A}, b={**ANN, "pnc_id": PNC_B}, c=ANN)
    made = cluster(people, pairs(("a", "b", 20), ("a", "c", 20), ("b", "c", 20)), Decisions())
    assert together("a", "b", "c") not in made.groups
    assert not any({"a", "b"} <= group for group in made.groups)
    assert "CONFLICTING_PNC" in {one.why for one in made.review}
    decided = Decisions(same=frozenset([("a", "b")]))
    assert groups(people, pairs(("a", "b", 20), ("a", "c", 20), ("b", "c", 20)), decided) == {
        together("a", "b", "c")
    }


def test_twins_with_one_number_typed_for_both_are_two():
    people = descriptions(a={**ANN, "upn": "A1"}, b={**ANN, "given_name": "BEN", "upn": "A1"})
    made = cluster(people, pairs(("a", "b", -1)), Decisions())
    assert len(made.groups) == 2
    assert [one.why for one in made.review] == ["SHARED_IDENTIFIER"]


def test_father_and_son_of_one_name_are_two_even_with_a_mistyped_number():
    father = {**ANN, "date_of_birth": "1984-07-09"}
    people = descriptions(
        a={**ANN, "asn": "N1"}, b={**father, "given_name": "KAI", "family_name": "HILL", "asn": "N1"}
    )
    assert len(groups(people, pairs())) == 2
    assert len(groups(descriptions(a=ANN, b=father), pairs(("a", "b", 3)))) == 2


def test_an_identifier_borne_by_too_many_links_nobody():
    people = descriptions(**{f"d{at:03d}": {**ANN, "upn": "A1"} for at in range(MOST_ON_ONE + 1)})
    assert len(groups(people, pairs())) == MOST_ON_ONE + 1


def test_other_numbers_of_a_kind_speak_against_one_person():
    people = descriptions(a={**ANN, "nhs_number": "N1"}, b={**ANN, "nhs_number": "N2"})
    assert len(groups(people, pairs(("a", "b", 14)))) == 2


def test_a_decision_outranks_weights_and_identifiers():
    people = descriptions(a={**ANN, "upn": "A1"}, b={**ANN, "upn": "A1"}, c=ANN)
    apart = Decisions(different=frozenset([("a", "b")]))
    assert groups(people, pairs(("a", "b", 20)), apart) == {together("a"), together("b"), together("c")}
    assert groups(people, pairs(), Decisions(same=frozenset([("a", "c")]))) == {together("a", "b", "c")}


ADOPTED = {"given_name": "ANN", "family_name": "HILL", "date_of_birth": "2010-02-28"}


def test_an_adopted_child_is_two_and_only_the_protected_queue_knows():
    """Old identity: case system, school, arrest. New identity: case system (flagged), school with the former number."""
    people = descriptions(
        a={**ANN, "own_id": "case_system|1", "upn": "U1", "pnc_id": PNC_A, "is_protected": "false"},
        b={**ANN, "upn": "U1"},
        c={**ANN, "pnc_id": PNC_A},
        d={**ADOPTED, "own_id": "case_system|2", "upn": "U2", "pnc_id": PNC_A, "is_protected": "true"},
        e={**ADOPTED, "upn": "U2", "former_upn": "U1"},
    )
    compared = pairs(*[(a, b, 12.0) for a, b in combinations("abcde", 2)])
    made = cluster(people, compared, Decisions())
    assert set(made.groups) == {together("a", "b", "c"), together("d", "e")}
    assert {one.why for one in made.review} == {"PROTECTED"}
    decided = Decisions(same=frozenset([("a", "d")]))
    assert groups(people, compared, decided) == {together("a", "b", "c", "d", "e")}


def test_the_same_name_on_both_sides_of_the_flag_stays_two():
    people = descriptions(
        a={**ANN, "own_id": "case_system|1", "is_protected": "false"},
        b={**ANN, "own_id": "case_system|2", "is_protected": "true"},
    )
    assert len(groups(people, pairs(("a", "b", 20)))) == 2


worlds = st.integers(0, 2**32)


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_order_of_rows_and_parts_change_nothing(seed):
    """Shuffled, and clustered component by component, the groups are the same."""
    chance = random.Random(seed)
    names = [f"d{at:02d}" for at in range(14)]
    people = descriptions(
        **{
            name: {
                **ANN,
                "given_name": chance.choice(["ANN", "BEN"]),
                "date_of_birth": chance.choice(["2010-02-28", "2009-01-05"]),
                "pnc_id": chance.choice([None, None, None, PNC_A, PNC_B]),
                "upn": chance.choice([None, None, "U1", "U2"]),
                "is_protected": chance.choice([None, None, None, None, "false", "true"]),
            }
            for name in names
        }
    )
    compared = pairs(
        *[(a, b, chance.uniform(-5, 20)) for a, b in combinations(names, 2) if chance.random() < 0.2]
    )
    decisions = Decisions(
        frozenset([tuple(sorted(chance.sample(names, 2)))]),
        frozenset([tuple(sorted(chance.sample(names, 2)))]),
    )
    if decisions.same & decisions.different:
        return
    whole = cluster(people, compared, decisions)
    shuffled = cluster(
        people.sample(frac=1, random_state=seed % 1000),
        compared.sample(frac=1, random_state=seed % 1000),
        decisions,
    )
    assert set(shuffled.groups) == set(whole.groups)
    assert set(shuffled.review) == set(whole.review)
    part = cluster(people, compared, decisions, {names[0]})
    assert set(part.groups) <= set(whole.groups)
    for group in whole.groups:
        numbers = {people.set_index("description_id").loc[name, "pnc_id"] for name in group} - {None}
        decided = any(len(group & set(pair)) == 2 for pair in decisions.same)
        assert len(numbers) <= 1 or decided
        assert not any(set(pair) <= group for pair in decisions.different)
