"""A day's records added to a people table, and everything linked at once, in a process of its own.

python -m yos_warehouse.bench.one_day people.parquet
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from yos_warehouse.bench.one_step import peak_kilobytes
from yos_warehouse.identity.clusters import Decisions, cluster
from yos_warehouse.identity.model import SHIPPED, load_model
from yos_warehouse.identity.people import describe
from yos_warehouse.identity.scoring import score

SHARE = 0.005  # of the records come on the day; half of them bring whole people


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        made = work()
        self.seconds[name] = time.perf_counter() - began
        print(
            f"{name} {self.seconds[name]:.1f} s, {peak_kilobytes()['own'] >> 10} MiB",
            file=sys.stderr,
            flush=True,
        )
        return made

    def total(self, of: str) -> float:
        return sum(seconds for name, seconds in self.seconds.items() if name.startswith(of))


def of_the_day(records: pd.Series, truth: pd.Series) -> pd.Series:
    """Which records come on the day: some of people known before, and all of some people."""
    chance = np.random.default_rng(1)
    few = max(1, round(len(records) * SHARE / 2))
    single = pd.Series(chance.permutation(len(records)) < few, index=records.index)
    numbers = truth.unique()
    people = chance.permutation(numbers)[: max(1, round(len(numbers) * SHARE / 2))]
    return single | truth.isin(people)


def main(path: str) -> None:
    """Link all but the day's records, then add them; link all at once; print what both took as one line of JSON."""
    import splink.comparison_library  # noqa: F401 - what a warehouse has loaded anyway is not counted

    people = pd.read_parquet(path)
    truth = pd.read_parquet(Path(path).with_name(f"{Path(path).stem}_truth.parquet"))
    truth = people["record_id"].map(truth.set_index("record_id")["person"])
    is_new, model, clock = of_the_day(people["record_id"], truth), load_model(SHIPPED), _Clock()

    descriptions, _ = clock.time("all: describe", lambda: describe(people))
    whole = clock.time("all: compare", lambda: score(descriptions, model))
    at_once = clock.time("all: group", lambda: cluster(descriptions, whole, Decisions())).groups
    kilobytes = peak_kilobytes()["own"]  # of linking all; what follows holds both beside each other

    # what the warehouse keeps from the day before
    kept, _ = describe(people[~is_new])
    known = set(kept["description_id"])
    pairs = whole[whole["a"].isin(known) & whole["b"].isin(known)]
    before = cluster(kept, pairs, Decisions()).groups

    told, _ = clock.time("day: describe", lambda: describe(people[is_new]))
    fresh = told[~told["description_id"].isin(known)]
    changed = set(fresh["description_id"])
    everybody = pd.concat([kept, fresh], ignore_index=True)
    scored = clock.time("day: compare", lambda: score(everybody, model, changed))
    pairs = pd.concat([pairs, scored], ignore_index=True)
    made = clock.time("day: group", lambda: cluster(everybody, pairs, Decisions(), changed)).groups
    touched = {name for group in made for name in group}
    after = {group for group in before if touched.isdisjoint(group)} | set(made)
    print(
        json.dumps(
            {
                "records": len(people),
                "changed": int(is_new.sum()),
                "all": clock.total("all"),
                "day": clock.total("day"),
                "seconds": clock.seconds,
                "same": len(after & set(at_once)) / len(at_once),
                "kilobytes": kilobytes,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
