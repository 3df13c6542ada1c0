"""Searching for the canary child: one whose values may stand in the closed zones and nowhere else.

Names are searched for by their unmistakable parts, whatever the case, in files as bytes (mails decoded, archives
unpacked), in databases as the text of whole rows. Words are given as name -> text, so that a finding can say
which value leaked, and not the value.
"""

from __future__ import annotations

import email
import gzip
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from email import policy
from pathlib import Path
from typing import Any

Query = Callable[[str], list[tuple]]
# Where children's values belong (design.md 1). The builds are closed, too, but hold what is published: in them only
# the lists of the restricted zone may name a child.
CLOSED = ("landing", "raw", "quarantine", "identity", "staging", "intermediate", "restricted")
MOST_BYTES = 300_000_000


def words_of(canary: Any) -> dict[str, str]:
    """What to search for, from ``fictional.world.Canary``: lower-case texts that nothing else in the project holds."""
    return {
        "family name": canary.family.split("-")[0].lower(),
        "given name": canary.given.lower(),
        "address": canary.address.split()[1].lower(),
        "postcode": canary.postcode.lower(),
        "PNC id": canary.pnc.partition("/")[2].lower(),
        "UPN": canary.upn.lower(),
        "NHS number": canary.nhs,
        "ASN": canary.asn.lower(),
        "date of birth": canary.birth.isoformat(),
        "date of birth, day first": f"{canary.birth:%d/%m/%Y}",
    }


def find_in_files(
    paths: Iterable[Path], words: Mapping[str, str], leave_out: Iterable[Path] = ()
) -> list[str]:
    """``file: which values`` for each file below the paths that holds one; names of files count as content."""
    out = {path.resolve() for path in leave_out}
    found = []
    for root in paths:
        for path in _files(root, out):
            held = sorted(
                {word for word, text in words.items() for content in _contents(path) if _holds(content, text)}
            )
            if held:
                found.append(f"{path}: {', '.join(held)}")
    return found


def _files(root: Path, out: set[Path]) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if (Path(folder) / name).resolve() not in out]
        yield from (Path(folder) / name for name in files if (Path(folder) / name).resolve() not in out)


def _contents(path: Path) -> list[bytes]:
    """The file's name and bytes, and what they hold when they are packed or encoded."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return []
        raw = path.read_bytes()
    except OSError:
        return []  # gone meanwhile: a temporary file of something that still runs
    found = [path.name.encode(), raw]
    if raw[:2] == b"\x1f\x8b":
        found.append(gzip.decompress(raw))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            found += [packed.read(name) for name in packed.namelist()]
    elif path.suffix == ".eml":
        mail = email.message_from_bytes(raw, policy=policy.default)
        found += [str(value).encode() for value in mail.values()]
        found += [
            part.get_content().encode() for part in mail.walk() if part.get_content_maintype() == "text"
        ]
    return found


def _holds(content: bytes, word: str) -> bool:
    low = content.lower()
    return word.encode() in low or word.encode("utf-16-le") in low


def find_in_database(query: Query, words: Mapping[str, str], closed: Iterable[str] = CLOSED) -> list[str]:
    """``table: which values`` for each table outside the closed schemas with a row that holds one.

    Args:
        query: runs one statement as the administrator and gives its rows.
    """
    tables = query(
        "select n.nspname::text, c.relname::text, format('%I.%I', n.nspname, c.relname) from pg_class as c"
        " inner join pg_namespace as n on n.oid = c.relnamespace"
        " where c.relkind in ('r', 'm', 'p') and n.nspname !~ '^(pg_|information_schema)' order by 3"
    )
    shut = set(closed)
    lists = {name for schema, name, _ in tables if schema == "restricted"}
    found = []
    for schema, name, table in tables:
        if schema in shut or (schema.startswith("build") and name in lists):
            continue
        # a calendar holds every day, and says nothing of anybody by it
        asked = {word: text for word, text in words.items() if not (name == "dim_date" and "birth" in word)}
        tests = [
            f"coalesce(bool_or(position({_literal(text)} in lower(t::text)) > 0"
            f" or position({_literal(text.encode().hex())} in t::text) > 0), false)"
            for text in asked.values()
        ]
        (row,) = query(f"select {', '.join(tests)} from {table} as t")
        held = [word for word, is_held in zip(asked, row, strict=True) if is_held]
        if held:
            found.append(f"{table}: {', '.join(held)}")
    return found


def _literal(text: str) -> str:
    assert re.fullmatch(r"[\w /.:-]+", text)
    return f"'{text}'"


def assert_no_canary(
    canary: Any, paths: Iterable[Path], databases: Mapping[str, Query], leave_out: Iterable[Path] = ()
) -> None:
    """Fail when a value of the canary stands outside the closed zones; says where and which, not what.

    Args:
        canary: ``World.canary``.
        paths: directories and files that must be clean, such as the whole var directory, outboxes, scratch space.
        databases: name -> a function that queries it as administrator (warehouse, Airflow's metadata).
        leave_out: closed places below ``paths``: drop stores, PostgreSQL's data.
    """
    words = words_of(canary)
    found = find_in_files(paths, words, leave_out)
    for name, query in databases.items():
        found += [f"database {name}, {line}" for line in find_in_database(query, words)]
    assert not found, "the canary is where it must not be:\n" + "\n".join(found)
