"""CSV as PostgreSQL's COPY reads it, the same bytes under every Python version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

_NEEDS_QUOTES = re.compile(r'[",\r\n]')
# An empty line, or a backslash and a full stop alone on one, would mean something to COPY.
_SPECIAL_ALONE = frozenset({"", "\\."})


def csv_line(values: Sequence[str]) -> str:
    """One record with its line feed; fields are quoted only where they must be."""
    line = ",".join(values)
    if (
        line.count(",") != len(values) - 1
        or '"' in line
        or "\n" in line
        or "\r" in line
        or line in _SPECIAL_ALONE
    ):
        line = ",".join(
            '"' + value.replace('"', '""') + '"'
            if _NEEDS_QUOTES.search(value) or line in _SPECIAL_ALONE
            else value
            for value in values
        )
    return line + "\n"


class CsvWriter:
    """A UTF-8 CSV file with a header, readable for its owner alone; use in a ``with``."""

    def __init__(self, path: Path, header: Iterable[str]) -> None:
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        self._file = path.open("w", encoding="utf-8", newline="", buffering=1 << 20)
        self.rows = 0
        self._file.write(csv_line(list(header)))

    def write(self, values: Sequence[str]) -> None:
        """One record."""
        self._file.write(csv_line(values))
        self.rows += 1

    def close(self) -> None:
        """Write what is buffered and close."""
        self._file.close()

    def __enter__(self) -> CsvWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
