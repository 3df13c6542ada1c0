"""What each source knew when: versions of records by the day the source recorded them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

Key = tuple[Any, ...]


class Version(NamedTuple):
    """A record from ``known_at`` on; no values means withdrawn."""

    known_at: date
    values: dict[str, Any] | None


class Book:
    """Tables of versioned records. Nothing in it depends on the order in which records are put."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[Key, list[Version]]] = defaultdict(dict)

    def put(self, table: str, key: Key | str | int, known_at: date, **values: Any) -> None:
        """Add a record that the source first knew on ``known_at``."""
        key = key if isinstance(key, tuple) else (key,)
        records = self._tables[table]
        if key in records:
            raise ValueError(f"{table} has this key already")
        records[key] = [Version(known_at, values)]

    def change(self, table: str, key: Key | str | int, known_at: date, **changes: Any) -> None:
        """Record that values changed. A change known with or before the last version amends that version."""
        key = key if isinstance(key, tuple) else (key,)
        versions = self._tables[table][key]
        last = versions[-1]
        merged = {**(last.values or {}), **changes}
        if known_at <= last.known_at:
            versions[-1] = Version(last.known_at, merged)
        else:
            versions.append(Version(known_at, merged))

    def remove(self, table: str, key: Key | str | int, known_at: date) -> None:
        """Record that the source withdrew the record; later versions vanish with it."""
        key = key if isinstance(key, tuple) else (key,)
        versions = [v for v in self._tables[table][key] if v.known_at < known_at]
        self._tables[table][key] = [*versions, Version(known_at, None)]

    def remove_where(self, table: str, column: str, values: set[Any], known_at: date) -> None:
        """Withdraw each record of a table whose ``column`` (key or value) is among ``values``."""
        for key, versions in self._tables[table].items():
            if any(v.values and v.values.get(column) in values for v in versions):
                self.remove(table, key, known_at)

    def as_at(self, table: str, night: date) -> list[dict[str, Any]]:
        """Records as known at the end of ``night``, by key."""
        return [version.values for _, version in self._standing(table, night) if version.values is not None]

    def changes(self, table: str, after: date | None, until: date) -> list[dict[str, Any]]:
        """Last version of each record that was recorded after ``after`` and by ``until``, by key."""
        return [
            version.values
            for _, version in self._standing(table, until)
            if version.values is not None and (after is None or version.known_at > after)
        ]

    def versions(self, table: str, key: Key | str | int) -> list[Version]:
        """All versions of one record, oldest first."""
        return self._tables[table][key if isinstance(key, tuple) else (key,)]

    def keys(self, table: str) -> list[Key]:
        """Keys of a table, in order."""
        return sorted(self._tables[table])

    def tables(self) -> list[str]:
        """Names of the tables."""
        return sorted(self._tables)

    def _standing(self, table: str, night: date) -> Iterator[tuple[Key, Version]]:
        records = self._tables[table]
        for key in sorted(records):
            versions = records[key]
            at = bisect_right(versions, night, key=lambda version: version.known_at)
            if at:
                yield key, versions[at - 1]
