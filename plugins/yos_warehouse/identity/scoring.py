"""Pairs of descriptions and how much speaks for their being one person, by Splink."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from yos_warehouse.identity.model import OTHER, Model, matching
from yos_warehouse.identity.people import MATCHED, NAMES, distinct_values, for_matching

# A pair that weighs less, or that no blocking rule brought together, counts as NOT_COMPARED where clusters are averaged.
LEAST_KEPT = -5.0
MOST = 20.0
APART = -1.0  # what a pair weighs at most that a family may be
PAIR = ["a", "b", "weight", "evidence"]


def score(descriptions: pd.DataFrame, model: Model, changed: set[str] | None = None) -> pd.DataFrame:
    """Compare descriptions: all with all, or only those in ``changed`` with the rest and among themselves.

    Args:
        descriptions: as :func:`people.describe` returns them.

    Returns:
        One row per pair that weighs at least LEAST_KEPT: ``a`` < ``b`` (description ids), ``weight`` (log2 of the odds, at most
        MOST) and ``evidence`` (JSON: comparison -> [level, weight], no value of any person).
    """
    if len(descriptions) < 2 or changed is not None and not changed:
        return pd.DataFrame(columns=PAIR)
    if changed is None:
        people = for_matching(descriptions)
        is_new = np.ones(len(people), dtype=bool)
    else:
        is_new = descriptions["description_id"].isin(changed).to_numpy()
        near = near_to(descriptions, is_new, model)
        people, is_new = for_matching(descriptions[near]), is_new[near]
    least = {"threshold_match_weight": LEAST_KEPT - 0.01}  # rounded up it may still be kept
    with matching(people, model) as (linker, register):
        if changed is None:
            parts = [linker.inference.predict(**least)]
        else:
            new = register(people[is_new], "changed")
            parts = [linker.inference.predict_within(new, **least)]
            if not is_new.all():
                rest = register(people[~is_new], "rest")
                parts.append(linker.inference.predict_between(new, rest, **least))
        query = " union all ".join(_query(part.physical_name, model) for part in parts)
        found = parts[0].db_api._con.sql(f"select * from ({query}) where weight >= {LEAST_KEPT}")
        return _frame(found.to_arrow_table())


def near_to(descriptions: pd.DataFrame, is_new: np.ndarray, model: Model) -> np.ndarray:
    """Who is new or shares all columns of one of the model's blocking rules with somebody new, as true and false."""
    codes: dict[str, np.ndarray] = {}
    for column in {column for rule in model.blocked_by() for column in rule}:
        source, reader = MATCHED.get(column, (column, None))
        at, read = distinct_values(descriptions[source], reader)
        codes[column] = pd.factorize(read)[0][at]
    near = is_new.copy()
    for first, *others in model.blocked_by():
        key, is_known = codes[first].astype(np.int64), codes[first] >= 0
        for column in others:
            key = key * (codes[column].max() + 1) + codes[column]
            is_known &= codes[column] >= 0
        wanted = np.unique(key[is_new & is_known])
        near |= is_known & pd.Series(key).isin(wanted).to_numpy()
    return near


def _frame(found: Any) -> pd.DataFrame:
    """Pairs as pandas has them; evidence repeats itself, so each is kept once."""
    at = found.schema.get_field_index("evidence")
    return found.set_column(at, "evidence", found["evidence"].dictionary_encode()).to_pandas()


def _query(table: str, model: Model) -> str:
    """The pairs of a table of Splink's predictions as ours."""
    spoken = ", ".join(
        f"'{column}': [gamma_{column}, round(mw_{column}"
        + (f" + mw_tf_adj_{column}" if column in NAMES else "")
        + ", 2)]"
        for column in model.compared
    )
    weight = f"round(least(match_weight, {MOST}), 2)"
    if model.has_families:
        # brothers and sisters share all but the given name, father and son all but the date of birth: these settle it
        # (linkage.md; domain.md 2.8 no 32)
        apart = " or ".join(f"gamma_{column} = {OTHER}" for column in ("given_name", "date_of_birth"))
        weight = f"case when {apart} then least({weight}, {APART}) else {weight} end"
    return (
        f"select least(unique_id_l, unique_id_r) as a, greatest(unique_id_l, unique_id_r) as b, {weight} as weight,"
        f" to_json({{{spoken}}})::varchar as evidence from {table}"
    )
