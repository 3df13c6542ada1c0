"""One matching in a process of its own, which tells at its end how long it took and how much memory.

python -m yos_warehouse.bench.one_match ours people.parquet links.parquet
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd

from yos_warehouse.bench.one_step import peak_kilobytes


def trained_here(people: pd.DataFrame) -> pd.DataFrame:
    """Ours with a model trained on the table itself, in which nobody is a family."""
    from yos_warehouse.identity.linking import link_people
    from yos_warehouse.identity.model import train
    from yos_warehouse.identity.people import describe

    return link_people(people, train(describe(people)[0], "bench", has_families=False)[0])[0]


def shipped(people: pd.DataFrame) -> pd.DataFrame:
    """Ours with the shipped model."""
    from yos_warehouse.identity.linking import link_people
    from yos_warehouse.identity.model import SHIPPED, load_model

    return link_people(people, load_model(SHIPPED))[0]


def retrained(people: pd.DataFrame) -> pd.DataFrame:
    """The training of a model alone."""
    from yos_warehouse.identity.model import train
    from yos_warehouse.identity.people import describe

    train(describe(people)[0], "bench")
    return pd.DataFrame()


def main(way: str, table: str, links: str) -> None:
    """Match ``table`` and write ``links``; print seconds and kilobytes as one line of JSON, the last one."""
    # what a warehouse has loaded anyway is not counted
    import splink.comparison_library  # noqa: F401

    from yos_warehouse.bench.splink_as_documented import THRESHOLD, link_as_documented

    people = pd.read_parquet(table)
    began = time.perf_counter()
    if way in THRESHOLD:
        made = link_as_documented(people, way)
    else:
        made = {"ours": trained_here, "shipped": shipped, "train": retrained}[way](people)
    seconds = time.perf_counter() - began
    made.to_parquet(Path(links), index=False)
    print(json.dumps({"seconds": seconds, "kilobytes": peak_kilobytes()["own"]}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
