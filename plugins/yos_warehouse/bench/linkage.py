"""How well children are recognised, beside Splink as its documentation sets it up, and what a day's records cost.

The FEBRL sets and the fictional people, each matching in a process of its own. Prints, and in the full size writes, the
table of docs/linkage.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from yos_warehouse.bench.febrl import as_people, fetch, read_febrl
from yos_warehouse.bench.measure import Measure, at_least, at_most, note
from yos_warehouse.bench.place import bench_dir
from yos_warehouse.errors import YosError
from yos_warehouse.fictional.people_table import write_people
from yos_warehouse.settings import PROJECT_DIR

GIB = 1 << 20  # in kilobytes
SEED = 20261122  # not the one the shipped model was trained with
BEGIN, END = "<!-- written by make bench -->", "<!-- end of what make bench writes -->"
COLUMNS = ("precision", "recall", "F1", "people exactly right", "seconds", "MiB")


@dataclass(frozen=True)
class Matched:
    """What a matching found of who is who, all as shares from 0 to 1.

    Attributes:
        exact: people whose records are one group, and nobody else's in it.
        over_merged: people who share a group with another.
        automatic: precision of the pairs of which neither record was only attached.
    """

    precision: float
    recall: float
    exact: float
    over_merged: float
    automatic: float
    seconds: float = 0.0
    kilobytes: int = 0

    @property
    def f1(self) -> float:
        """Of pairs."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def compare_with_truth(links: pd.DataFrame, truth: pd.Series) -> Matched:
    """Judge groups of records.

    Args:
        links: ``record_id``, ``person`` and, where there is one, ``method``.
        truth: who each record is, by record_id.
    """
    told = links.assign(truth=links["record_id"].map(truth))
    is_automatic = told["method"] != "attached" if "method" in told else pd.Series(True, told.index)
    right, found = _pairs(told, ["person", "truth"]), _pairs(told, ["person"])
    sizes = told.groupby("truth").size()
    alone = told.groupby("person")["truth"].transform("nunique") == 1
    whole = told.groupby("truth")["person"].transform("nunique") == 1
    merged = told.loc[~alone, "truth"].nunique()
    automatic = told[is_automatic]
    linked = _pairs(automatic, ["person"])
    return Matched(
        precision=right / found if found else 1.0,
        recall=right / max(1, _pairs(told, ["truth"])),
        exact=told.loc[alone & whole, "truth"].nunique() / len(sizes),
        over_merged=merged / len(sizes),
        automatic=_pairs(automatic, ["person", "truth"]) / linked if linked else 1.0,
    )


def _pairs(told: pd.DataFrame, by: list[str]) -> int:
    sizes = told.groupby(by).size()
    return int((sizes * (sizes - 1) // 2).sum())


def measure_linkage(children: int, people: int, *, write: bool) -> list[Measure]:
    """Match the FEBRL sets, the fictional people and a day's records.

    Args:
        children: of the fictional people that are compared with Splink's.
        people: to whom a day's records are added.
        write: the table into docs/linkage.md.
    """
    rows: list[tuple[str, str, Matched]] = []
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory(dir=bench_dir()) as work:
        try:
            for one in _febrl(Path(work), fetch(), rows):
                measures += one
        except YosError as problem:
            note(str(problem))
            measures.append(Measure("linkage: FEBRL sets", 0.0, f"not measured: {problem.code}", 1.0, False))
        measures += _fictional(Path(work), children, rows)
        lines = table_of(rows)
        day, day_line = _day(Path(work), people)
        measures += day
    shown = "\n".join([*lines, "", day_line])
    print(shown, flush=True)
    if write:
        write_table(PROJECT_DIR / "docs" / "linkage.md", shown)
    return measures


def _febrl(work: Path, wheel: Path, rows: list[tuple[str, str, Matched]]) -> Iterator[list[Measure]]:
    for with_number in (False, True):
        for number in range(1, 5):
            told = read_febrl(wheel, number)
            name = f"FEBRL {number} {'with' if with_number else 'without'} identifiers"
            truth = told.set_index("rec_id")["truth"]
            ours = run("ours", as_people(told, with_number), truth, work)
            documented = told.rename(columns={"rec_id": "unique_id"}).drop(columns="truth")
            if not with_number:
                documented = documented.drop(columns="soc_sec_id")
            theirs = run("febrl4" if number == 4 else "febrl3", documented, truth, work)
            rows += [(name, "YOS Warehouse", ours), (name, "Splink as documented", theirs)]
            yield [
                at_least(f"linkage: {name}", ours.f1, "F1; the budget is Splink's", round(theirs.f1, 4)),
                *([] if with_number else [at_least(f"linkage: {name}", ours.f1, "F1", 0.99)]),
                at_least(f"linkage: {name}", ours.precision, "pairwise precision", 0.99),
            ]


def _fictional(work: Path, children: int, rows: list[tuple[str, str, Matched]]) -> list[Measure]:
    told = write_people(work / "people.parquet", children, SEED).to_pandas()
    truth = told.set_index("record_id")["expected_person"]
    people = pd.read_parquet(work / "people.parquet")
    name = f"FICTIONAL people, {children:,} children"
    ours = run("shipped", people, truth, work)
    training = match(work, "train")
    note(f"training: {training['seconds']:.0f} s, {training['kilobytes'] >> 10} MiB")
    documented = people.rename(columns={"record_id": "unique_id", "family_name": "surname"})
    documented["both_names"] = documented["given_name"] + " " + documented["surname"]
    columns = ["unique_id", "given_name", "surname", "both_names", "date_of_birth", "postcode"]
    theirs = run("people", documented[columns], truth, work)
    rows += [(name, "YOS Warehouse", ours), (name, "Splink as documented", theirs)]
    return [
        at_least("linkage: fictional", ours.f1, "F1; the budget is Splink's", round(theirs.f1, 4)),
        at_least("linkage: fictional", ours.precision, "pairwise precision", 0.99),
        at_least("linkage: fictional, automatic links", ours.automatic, "pairwise precision", 0.999),
        at_most("linkage: fictional, over-merged", ours.over_merged, "of people", 0.01),
        at_most(f"linkage: training on {children:,} children", training["kilobytes"] / GIB, "GiB", 4.0),
    ]


def _day(work: Path, people: int) -> tuple[list[Measure], str]:
    """A day's records, 0.5 %, against linking all."""
    write_people(work / "many.parquet", people, SEED)
    said = _child("yos_warehouse.bench.one_day", str(work / "many.parquet"))
    note(", ".join(f"{name} {seconds:.0f} s" for name, seconds in said["seconds"].items()))
    line = (
        f"{said['records']:,} records of {people:,} FICTIONAL children: linking all takes {said['all']:.0f} s and"
        f" {said['kilobytes'] / GIB:.1f} GiB, a day's {said['changed']:,} records {said['day']:.0f} s"
        f" ({said['day'] / said['all']:.3f}); {said['same']:.4%} of people are the same."
    )
    return [
        at_most(f"linkage: a day's records to {people:,} people", said["day"] / said["all"], "of linking all", 0.1),
        at_least(f"linkage: a day's records to {people:,} people", said["same"], "of people the same", 0.999),
        at_most(f"linkage: {people:,} people at once", said["kilobytes"] / GIB, "GiB", 4.0),
    ], line  # fmt: skip


def run(way: str, table: pd.DataFrame, truth: pd.Series, work: Path) -> Matched:
    """Match a table one way (one_match.py), and judge it."""
    table.to_parquet(work / "table.parquet", index=False)
    said = match(work, way)
    found = compare_with_truth(pd.read_parquet(work / "links.parquet"), truth)
    made = Matched(**{**vars(found), "seconds": said["seconds"], "kilobytes": said["kilobytes"]})
    note(
        f"{way}, {len(table):,} records: precision {made.precision:.4f}, recall {made.recall:.4f}, F1 {made.f1:.4f},"
        f" exact {made.exact:.4f}, over-merged {made.over_merged:.4f}, automatic {made.automatic:.5f},"
        f" {made.seconds:.0f} s, {made.kilobytes >> 10} MiB"
    )
    return made


def match(work: Path, way: str) -> dict[str, Any]:
    """Match ``table.parquet`` one way and write ``links.parquet``; how long it took and how much memory."""
    return _child(
        "yos_warehouse.bench.one_match", way, str(work / "table.parquet"), str(work / "links.parquet")
    )


def _child(module: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=dict(os.environ),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise YosError("BENCH", f"{module} ended with code {done.returncode}", done.stderr.strip()[-400:])
    return json.loads(done.stdout.strip().splitlines()[-1])  # type: ignore[no-any-return]


def table_of(rows: Sequence[tuple[str, str, Matched]]) -> list[str]:
    """The table for people, as Markdown."""
    lines = [f"| Set | By | {' | '.join(COLUMNS)} |", "|---|---|" + "---|" * len(COLUMNS)]
    for name, by, one in rows:
        shares = " | ".join(f"{share:.4f}" for share in (one.precision, one.recall, one.f1, one.exact))
        lines.append(f"| {name} | {by} | {shares} | {one.seconds:.0f} | {one.kilobytes >> 10} |")
    return lines


def write_table(page: Path, shown: str) -> None:
    """Put the table between the page's markers."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise YosError("BENCH", f"{page} has no place for the table", f"it belongs between {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n{shown}\n{END}{after}", "utf-8")
