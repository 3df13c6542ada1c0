"""Pairs of descriptions and how much speaks for their being one person, by Splink."""

from __future__ import annotations

import pandas as pd

from yos_warehouse.identity.model import OTHER, Model, matching
from yos_warehouse.identity.people import for_matching

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
    people = for_matching(descriptions)
    with matching(people, model) as (linker, register):
        inference = linker.inference
        if changed is None:
            parts = [inference.predict()]
        else:
            is_new = people["unique_id"].isin(changed)
            new = register(people[is_new], "changed")
            parts = [inference.predict_within(new)]
            if not is_new.all():
                parts.append(inference.predict_between(new, register(people[~is_new], "rest")))
        query = " union all ".join(_query(part.physical_name, model) for part in parts)
        return parts[0].db_api._con.execute(f"select * from ({query}) where weight >= {LEAST_KEPT}").df()


def _query(table: str, model: Model) -> str:
    """The pairs of a table of Splink's predictions as ours."""
    spoken = ", ".join(
        f"'{column}': [gamma_{column}, round(mw_{column}"
        + (f" + mw_tf_adj_{column}" if column in ("given_name", "family_name") else "")
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
