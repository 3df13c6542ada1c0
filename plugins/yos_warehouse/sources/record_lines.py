"""On which line of its file a record starts, for files that COPY took whole, at the speed of numpy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yos_warehouse.sources.scanner import CHUNK_BYTES

_LINE_FEED, _RETURN, _QUOTE = 10, 13, 34
Numbers = NDArray[np.int64]


def record_lines(
    path: Path, offset: int, first_line: int, wanted: Numbers
) -> Iterator[tuple[Numbers, Numbers]]:
    """Record numbers with the lines on which they start; streaming, in pieces.

    A line end within quotes ends a line and no record (RFC 4180); line feed, carriage return and both together are
    one line end each, as csv_file counts them.

    Args:
        path: a file whose quotes the Scanner found to begin and end fields, without blank lines.
        offset: where its first record begins.
        first_line: the line of the first record.
        wanted: numbers of records, from 1, ascending.
    """
    records, lines, quotes = 1, first_line, 0  # of what comes next: number, line, quotes before it
    done = int(np.searchsorted(wanted, 1, "right"))
    if done:
        yield wanted[:done], np.full(done, first_line)
    with path.open("rb") as file:
        file.seek(offset)
        rest = b""
        while done < len(wanted) and (chunk := file.read(CHUNK_BYTES)):
            data = rest + chunk
            # A carriage return at the seam may have its line feed still to come.
            rest = b"\r" if data.endswith(b"\r") else b""
            codes = np.frombuffer(data, np.uint8)[: len(data) - len(rest)]
            is_end = codes == _LINE_FEED
            if b"\r" in data:
                is_return = codes == _RETURN
                is_return[:-1] &= ~is_end[1:]
                is_end |= is_return
            ends = np.flatnonzero(is_end)
            quoted = np.flatnonzero(codes == _QUOTE)
            is_record = (np.searchsorted(quoted, ends) + quotes) % 2 == 0
            # The record after the nth end that ends a record starts on the line after it.
            starts = lines + 1 + np.flatnonzero(is_record)
            upto = int(np.searchsorted(wanted, records + len(starts), "right"))
            if upto > done:
                found = wanted[done:upto]
                yield found, starts[found - records - 1]
            done, records = upto, records + len(starts)
            lines, quotes = lines + len(ends), quotes + len(quoted)
