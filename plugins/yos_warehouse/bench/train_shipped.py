"""Train the shipped model anew: same weights, whoever does it. Run it when comparisons or blocking change.

python -m yos_warehouse.bench.train_shipped plugins/yos_warehouse/identity/models/children_2
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from yos_warehouse.fictional.people_table import write_people
from yos_warehouse.identity.model import save_model, train
from yos_warehouse.identity.people import describe, read_people

CHILDREN, SEED = 20_000, 1
TRAINED_ON = f"FICTIONAL people: yos_warehouse.fictional.people_table, {CHILDREN:,} children, seed {SEED}"


def main(folder: str, children: int = CHILDREN) -> None:
    """Write the model to a new folder; name it in identity/model.py (SHIPPED) to ship it."""
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "people.parquet"
        write_people(path, children, SEED)
        descriptions, _ = describe(read_people(path))
    model, card = train(descriptions, Path(folder).name)
    save_model(model, Path(folder), {"trained_on": TRAINED_ON, **card})


if __name__ == "__main__":
    main(sys.argv[1])
