"""Lines of records: the quick count and the careful reader agree."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from yos_warehouse.sources import record_lines as module
from yos_warehouse.sources.contract import contracts
from yos_warehouse.sources.csv_file import open_csv, read_rows
from yos_warehouse.sources.record_lines import record_lines

HEADER = "Journal,Line,Year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,Source,Status,Amount"


@pytest.mark.parametrize("seed", range(40))
def test_both_ways_count_the_same_lines(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random files of quoted line ends of all kinds, read in pieces of a few bytes so that every seam is hit."""
    source = random.Random(seed)
    end = source.choice(["\n", "\r\n", "\r"])
    texts = ["plain", '"a,b"', '"a\nb"', '"a\r\nb"', '"a\rb"', '"""x"""', '"\n\n"', '"\r"', '""', '"\r\n\r"']
    rows = [
        f"J{n},1,2025/26,1,01/04/2025,C,S,P,{source.choice(texts)},{source.choice(texts)},AP,ACT,1.00"
        for n in range(source.randrange(1, 200))
    ]
    path = tmp_path / "ledger.csv"
    path.write_bytes((HEADER + end + end.join(rows) + end).encode())
    feed = contracts()["finance"]
    file = open_csv(path, feed.entities["ledger_posting"], feed)
    careful = [row.line_number for row in read_rows(file)]
    assert len(careful) == len(rows)
    wanted = np.array(sorted(source.sample(range(1, len(rows) + 1), source.randrange(1, len(rows) + 1))))
    monkeypatch.setattr(module, "CHUNK_BYTES", source.choice([1, 2, 3, 7, 64, 1 << 20]))
    found = {
        int(record): int(line)
        for records, lines in record_lines(path, file.data_offset, file.data_line, wanted)
        for record, line in zip(records, lines, strict=True)
    }
    assert found == {int(record): careful[record - 1] for record in wanted}
