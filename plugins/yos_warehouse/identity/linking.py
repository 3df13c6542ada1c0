"""Matching a people table of anybody's: read, describe, train if need be, compare, group, write.

The warehouse's own nights use the same functions over what they keep (registry.py).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from yos_warehouse.errors import UsageError
from yos_warehouse.identity.clusters import Clustered, Decisions, cluster
from yos_warehouse.identity.model import Model, load_model, save_model, train
from yos_warehouse.identity.people import describe, read_people
from yos_warehouse.identity.scoring import score

FEWEST_BEARERS = 5  # different records with a name, for it to be written into a model of the warehouse's


def link_people(people: pd.DataFrame, model: Model) -> tuple[pd.DataFrame, Clustered]:
    """Match all records of a people table.

    Returns:
        One row per record: ``record_id``, ``person`` (the smallest record_id of its group), ``method``, ``weight``; and the
        groups of descriptions with what is left to look at.
    """
    return _link(*describe(people), model)


def _link(descriptions: pd.DataFrame, of_record: pd.Series, model: Model) -> tuple[pd.DataFrame, Clustered]:
    made = cluster(descriptions, score(descriptions, model), Decisions())
    return _by_record(of_record, made), made


def _by_record(of_record: pd.Series, made: Clustered) -> pd.DataFrame:
    group_of = {name: number for number, group in enumerate(made.groups) for name in group}
    linked = pd.DataFrame({"record_id": of_record.index, "description_id": of_record.to_numpy()})
    linked["group"] = linked["description_id"].map(group_of)
    linked["person"] = linked.groupby("group")["record_id"].transform("min")
    linked["method"] = linked["description_id"].map(lambda name: made.reasons[name].method)
    linked["weight"] = linked["description_id"].map(lambda name: made.reasons[name].weight).astype(float)
    same_description = linked.duplicated("description_id") & (linked["method"] == "alone")
    linked.loc[same_description, "method"] = "the same content"
    return linked[["record_id", "person", "method", "weight", "description_id"]]


def link_file(
    path: Path, out: Path, model_folder: Path | None, has_families: bool, say: Callable[[str], Any] = print
) -> int:
    """``yos link``: match a file and write ``links.parquet``, ``review.parquet`` and, if it was trained here, the model.

    Raises:
        UsageError: the file or the folder cannot be used.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError("NOT_EMPTY", f"{out} is not empty", "name another folder with --out")
    started = time.monotonic()
    people = read_people(path)
    say(f"{len(people):,} records read")
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptions, of_record = describe(people)
    if model_folder is None:
        say("training a model on them (give one with --model to spare this) ...")
        model, card = train(descriptions, "model", has_families=has_families)
        save_model(model, out / "model", card)
    else:
        model = load_model(model_folder)
    say("comparing and grouping ...")
    linked, made = _link(descriptions, of_record, model)
    linked.drop(columns="description_id").to_parquet(out / "links.parquet", index=False)
    _review(linked, made).to_parquet(out / "review.parquet", index=False)
    sizes = Counter(linked["person"].value_counts())
    say(
        f"{len(people):,} records are {linked['person'].nunique():,} people ({sizes[1]:,} with one record, "
        f"the largest with {max(sizes)}); {len(made.review):,} pairs are for a person to look at"
    )
    say(f"{out / 'links.parquet'}: record_id, person, method, weight")
    say(
        f"{out / 'review.parquet'}: pairs of records, weight, why, evidence by comparison; {time.monotonic() - started:.0f} s"
    )
    return 0


def _review(linked: pd.DataFrame, made: Clustered) -> pd.DataFrame:
    first = linked.groupby("description_id")["record_id"].min()
    rows = [(first[one.a], first[one.b], one.weight, one.why, one.evidence) for one in made.review]
    return pd.DataFrame(rows, columns=["record_a", "record_b", "weight", "why", "evidence"])


def train_on(path: Path | None, out: Path, has_families: bool, say: Callable[[str], Any] = print) -> int:
    """``yos train``: train a model on a people table, or on the records of this warehouse, and write it to a folder.

    Raises:
        YosError: NOT_TRAINED or MODEL_EXISTS; then nothing is written and the model in use stays.
    """
    if path is None:
        descriptions = _of_the_warehouse()
        say(f"{len(descriptions):,} different records of the warehouse read")
    else:
        descriptions, _ = describe(read_people(path))
    model, card = train(descriptions, out.name, has_families=has_families)
    if path is None:  # the file leaves the closed zones: a name that few bear stays behind
        common = model.frequencies["frequency"] * len(descriptions) >= FEWEST_BEARERS
        model = replace(model, frequencies=model.frequencies[common])
    save_model(model, out, card)
    say(f"{out}: trained on {len(descriptions):,} different records; every level has its weight")
    if path is None:
        say(f"To use it set YOS_MATCHING_MODEL={out}; the next night then compares everybody anew.")
    return 0


def _of_the_warehouse() -> pd.DataFrame:
    from yos_warehouse.identity.touched import descriptions
    from yos_warehouse.server.connect import transaction

    with transaction("identity") as connection, connection.cursor() as cursor:
        return descriptions(cursor, "select * from identity.description")
