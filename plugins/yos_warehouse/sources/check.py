"""``yos check``: what would happen to these files, found out without loading them, told without a value."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from yos_warehouse.errors import DropRejected, UsageError
from yos_warehouse.sources.contract import XML_FORMATS, Contract, Entity, contracts
from yos_warehouse.sources.csv_file import open_csv, read_rows
from yos_warehouse.sources.encoding import is_utf16, utf16_to_utf8
from yos_warehouse.sources.manifest import MANIFEST, is_plain_name, max_file_bytes
from yos_warehouse.sources.naming import entities_of, is_ignored, printable, unknown_file
from yos_warehouse.sources.xml_rows import read_xml


class Outcome(StrEnum):
    """What a finding would mean for a drop of these files."""

    REFUSED = "drop refused"
    HELD_BACK = "rows held back"
    NOTE = "for your information"


@dataclass(frozen=True)
class Finding:
    """Something found in a file; no value of any record.

    Attributes:
        file: the file's name, printable.
        rule: the code under which the door would report it.
        count: rows (or columns) concerned; 1 for a whole file.
        words: what it is, in words.
        outcome: what it would mean.
    """

    file: str
    rule: str
    count: int
    words: str
    outcome: Outcome

    @property
    def refuses(self) -> bool:
        """Whether a drop with this finding is refused whole."""
        return self.outcome is Outcome.REFUSED

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.words} ({self.outcome.value})"


def check(feed: str, files: Sequence[Path], day: date | None = None) -> list[Finding]:
    """Hold files against a feed's contract: names, encoding, header, field counts, well-formed XML, and per
    column whether values are missing, no dates or no numbers. Code lists, keys and ranges are the door's.

    Args:
        day: the business date, where the layout depends on it.

    Returns:
        Findings, those that would refuse the drop first; empty if nothing was found.

    Raises:
        UsageError: UNKNOWN_FEED, NO_FILES.
    """
    if feed not in contracts():
        raise UsageError(
            "UNKNOWN_FEED", f"there is no feed {printable(feed)}", f"use {', '.join(contracts())}"
        )
    contract = contracts()[feed]
    paths: list[Path] = []
    for path in files:
        if not path.exists():
            raise UsageError("NO_FILES", f"{printable(path.name)} is not there", "check the path")
        paths += sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    paths = [path for path in paths if path.name != MANIFEST and not is_ignored(contract, path.name)]
    if not paths:
        raise UsageError("NO_FILES", "no file to check", "name the files, or a directory with files in it")
    found: list[Finding] = []
    for path in paths:
        found += _check_file(contract, path, day)
    order = list(Outcome)
    return sorted(found, key=lambda finding: (order.index(finding.outcome), finding.file, finding.rule))


def _check_file(contract: Contract, path: Path, day: date | None) -> list[Finding]:
    name = printable(path.name)

    def refusal(problem: DropRejected | UsageError) -> Finding:
        words = f"{problem.what}; {problem.remedy}" if problem.remedy else problem.what
        return Finding(name, problem.code, 1, words, Outcome.REFUSED)

    if not is_plain_name(path.name):
        return [
            Finding(
                name,
                "FILE_NAME",
                1,
                "the name is not plain; use letters, digits, dots and dashes",
                Outcome.REFUSED,
            )
        ]
    entities = entities_of(contract, path.name)
    if not entities:
        return [refusal(unknown_file(contract, path.name))]
    if path.stat().st_size > max_file_bytes():
        return [Finding(name, "TOO_LARGE", 1, f"over {max_file_bytes()} bytes", Outcome.REFUSED)]
    try:
        kind = contract.entities[entities[0]].format
        if kind in XML_FORMATS:
            return _check_xml(contract, kind, entities, path, name)
        return _check_csv(contract, contract.entities[entities[0]], path, name, day)
    except DropRejected as problem:
        return [refusal(problem)]


def _check_xml(contract: Contract, kind: str, entities: list[str], path: Path, name: str) -> list[Finding]:
    checks = {entity: _ValueChecks(contract.entities[entity]) for entity in entities}
    for entity, values in read_xml(kind, path):
        if entity in checks:
            checks[entity].take(values)
    return [finding for entity in entities for finding in checks[entity].findings(name)]


def _check_csv(contract: Contract, entity: Entity, path: Path, name: str, day: date | None) -> list[Finding]:
    with tempfile.TemporaryDirectory() as private:
        if is_utf16(path):
            plain = Path(private) / path.name
            utf16_to_utf8(path, plain)
            path = plain
        file = open_csv(path, entity, contract, day)
        checks = _ValueChecks(entity)
        problems: Counter[str] = Counter()
        rows = 0
        for row in read_rows(file):
            rows += 1
            if row.problem is not None:
                problems[row.problem] += 1
            elif row.fields is not None:
                checks.take(file.named(row.fields))
    found = checks.findings(name)
    if file.extra:
        # The partner's own terminal: here the headers themselves may be shown.
        headers = [
            cell for cell, column in zip(file.header, file.columns, strict=True) if cell and not column
        ]
        words = f"columns the contract does not know, not read: {', '.join(map(printable, headers))}"
        found.append(Finding(name, "EXTRA_COLUMN", len(file.extra), words, Outcome.NOTE))
    if entity.exports:
        mapping = f"read as export {file.export}" if file.export else "read by the contract's own headers"
        found.append(
            Finding(name, "EXPORT", 1, f"{mapping}, header in line {file.header_line}", Outcome.NOTE)
        )
    if rows == 0:
        outcome = Outcome.NOTE if entity.may_be_empty else Outcome.REFUSED
        found.append(Finding(name, "EMPTY", 1, "a header and no rows", outcome))
    for rule, count in problems.items():
        words = {
            "FIELD_COUNT": "rows with too many or too few fields, or broken quotes",
            "CONTROL_CHAR": "rows with control characters",
        }[rule]
        is_too_much = rule == "FIELD_COUNT" and 100 * count > contract.max_field_count_pct * rows
        outcome = Outcome.REFUSED if is_too_much else Outcome.HELD_BACK
        found.append(Finding(name, rule, count, f"{words} ({count} of {rows})", outcome))
    return found


class _ValueChecks:
    """Counts, per column, values that are missing or cannot be of the column's type."""

    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        self._checks: list[tuple[str, bool, str, Callable[[str], bool] | None]] = [
            (name, column.required, *_TYPE_CHECKS.get(column.type, ("", None)))
            for name, column in entity.columns.items()
            if column.required or column.type in _TYPE_CHECKS
        ]
        self._counts: Counter[tuple[str, str]] = Counter()

    def take(self, values: dict[str, str]) -> None:
        """Look at one record; columns that the file does not have are not missed."""
        for name, is_required, rule, is_valid in self._checks:
            value = values.get(name)
            if value is None:
                continue
            if is_required and not value.strip():
                self._counts[name, "REQUIRED"] += 1
            elif value and is_valid is not None and not is_valid(value):
                self._counts[name, rule] += 1

    def findings(self, file: str) -> list[Finding]:
        """One finding per column and rule."""
        return [
            Finding(file, rule, count, f"column {name}: {_WORDS[rule]} in {count} rows", Outcome.HELD_BACK)
            for (name, rule), count in sorted(self._counts.items())
        ]


_WORDS = {
    "REQUIRED": "no value",
    "DATE": "no date as day/month/year or 2026-03-31",
    "NUMBER": "no number",
    "BOOLEAN": "neither yes nor no",
    "CODE": "no code (too long, or of several lines)",
}
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}
# The same answers as ref.parse_date, ref.parse_number and ref.parse_money give at the door.
_DATE = re.compile(
    r"(\d\d)/(\d\d)/(\d{4})"
    r"|(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|(\d{4})-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-(\d\d)(?: 00:00:00)?",
    re.ASCII,
)
_TIME = re.compile(r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_POUNDS = r"(?:(?:\d{1,3}(?:,\d{3}){1,2}|\d{1,9})(?:\.\d{1,2})?|\.\d{1,2})"
_MONEY = re.compile(
    rf" *(?:(?:-?£? ?|£ ?-){_POUNDS}|£? ?{_POUNDS} ?-|\(£? ?{_POUNDS}\)|£ ?\({_POUNDS}\))? *", re.ASCII
)
_BOOLEAN = frozenset(["y", "n", "yes", "no", "true", "false", "t", "f", "1", "0"])


@lru_cache(maxsize=100_000)
def _is_date(value: str) -> bool:
    """UK order, never the American one; ISO; and 2020-Apr-25, as census exports write it."""
    match = _DATE.fullmatch(value)
    if match is None:
        return False
    year, month, day = (part for part in match.groups() if part is not None)
    if match[1] is not None:
        year, day = day, year
    try:
        date(int(year), _MONTHS.get(month) or int(month), int(day))
    except ValueError:
        return False
    return True


def _is_time(value: str) -> bool:
    return _is_date(value[:10]) and _TIME.fullmatch(value[10:]) is not None


_TYPE_CHECKS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "date": ("DATE", _is_date),
    "timestamp": ("DATE", _is_time),
    "integer": ("NUMBER", lambda value: _INTEGER.fullmatch(value) is not None),
    "decimal": ("NUMBER", lambda value: len(value) <= 30 and _NUMBER.fullmatch(value) is not None),
    "money": ("NUMBER", lambda value: _MONEY.fullmatch(value) is not None),
    "boolean": ("BOOLEAN", lambda value: value.lower() in _BOOLEAN),
    "code": ("CODE", lambda value: len(value) <= 80 and "\n" not in value),
}
