"""A people table: one row per record, as anybody can bring one, and what matching compares of it.

Columns, all text and all but ``record_id`` optional: ``record_id`` (each once), ``source``, ``given_name``,
``family_name``, ``date_of_birth`` (ISO, day/month/year or YYYYMMDD), ``sex``, ``street`` (with the house number),
``locality``, ``town``, ``postcode``, ``school``; numbers ``pnc_id``, ``asn``, ``upn``, ``former_upn``, ``uln``, ``nhs_number``,
``own_id`` (the sender's own number of the person), ``other_id``; ``is_protected`` (true: an adoption or protected identity
separates the record from an earlier one; false: none does; empty: the source cannot know).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from yos_warehouse.errors import UsageError
from yos_warehouse.identity.numbers import NUMBERS

Reader = Callable[[str], str | None]
NAMES = ("given_name", "family_name")
PLACES = ("street", "locality", "town", "postcode", "school")
COMPARED = (*NAMES, "date_of_birth", "sex", *PLACES, "other_id")
CONTENT = (
    *COMPARED, "pnc_id", "asn", "upn", "former_upn", "uln", "nhs_number", "own_id", "is_protected",
)  # fmt: skip
_OF_ONE = ("pnc_id", "asn", "upn", "uln", "nhs_number", "own_id", "other_id")  # numbers that say who it is
NICKNAMES = Path(__file__).with_name("nicknames.csv")

# Written where a name is not known; they may be anybody's and therefore link nobody.
NOBODY = frozenset(
    ("UNKNOWN", "NOT KNOWN", "UNNAMED", "NO NAME", "NFA", "BABY", "TEST", "X", "XX", "N K", "NK", "ANON")
)
NO_DATE = "1900-01-01"  # written where a date is not known
_MAXIMUM_UNREAD_DATES = 0.2


def read_people(path: Path) -> pd.DataFrame:
    """Read a people table from Parquet or CSV.

    Raises:
        UsageError: no such file, no ``record_id``, a record_id given twice or empty, an unknown column.
    """
    if not path.exists():
        raise UsageError("NO_FILE", f"there is no file {path}")
    people = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=str)
    unknown = sorted(set(people.columns) - {"record_id", "source", *CONTENT})
    if "record_id" not in people.columns:
        raise UsageError(
            "NO_RECORD_ID",
            f"{path.name} has no column record_id",
            f"its columns may be: {', '.join(CONTENT)}",
        )
    if unknown:
        raise UsageError(
            "UNKNOWN_COLUMN",
            f"{path.name} has columns nobody knows: {', '.join(unknown)}",
            "rename or drop them",
        )
    ids = people["record_id"]
    if ids.isna().any() or ids.duplicated().any():
        raise UsageError(
            "RECORD_ID", f"{path.name}: record_id must be there in every row, and each only once"
        )
    return people


def describe(people: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Normalise a people table and bring records of one content together.

    Returns:
        The descriptions (``description_id`` and the columns of CONTENT, None where nothing is known), and for each
        ``record_id`` its ``description_id``.

    Raises:
        UsageError: more than a fifth of the dates of birth cannot be read.
    """
    made = pd.DataFrame(index=people.index)
    for column in CONTENT:
        made[column] = _read(people[column], _READERS[column]) if column in people else None
    if "date_of_birth" in people:
        given = people["date_of_birth"].notna().sum()
        unread = 1 - _read(people["date_of_birth"], _iso_date).notna().sum() / given if given else 0
        if unread > _MAXIMUM_UNREAD_DATES:
            raise UsageError(
                "DATES",
                f"{unread:.0%} of the dates of birth cannot be read",
                "write them 2010-02-28 or 28/02/2010",
            )
    made["description_id"] = _content_ids(made, people["record_id"])
    of_record = pd.Series(made["description_id"].to_numpy(), index=people["record_id"], name="description_id")
    return made.drop_duplicates("description_id").reset_index(drop=True), of_record


def _content_ids(made: pd.DataFrame, record_ids: pd.Series) -> list[str]:
    """A name for each content that says nothing about where it came from; equal contents have equal ones.

    A bare name, or nothing at all, does not say who it is: such a record stands for itself.
    """
    columns = [made[column].where(made[column].notna(), "").tolist() for column in CONTENT]
    says_who = made[[*NAMES, "date_of_birth"]].notna().all(axis=1) | made[list(_OF_ONE)].notna().any(axis=1)
    alone = record_ids.astype(str).where(~says_who, "").tolist()
    return [
        hashlib.md5("\x1f".join(row).encode(), usedforsecurity=False).hexdigest()
        for row in zip(*columns, alone, strict=True)
    ]


def distinct_values(values: pd.Series, reader: Reader | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Each value read once, however often it occurs.

    Returns:
        Where each row's value stands among the read ones, and these; the last of them is None.
    """
    codes, distinct = pd.factorize(values)
    read = np.empty(len(distinct) + 1, dtype=object)
    read[:-1] = [reader(str(value)) if reader else value for value in distinct]
    return codes, read


def _read(values: pd.Series, reader: Reader | None = None) -> pd.Series:
    codes, read = distinct_values(values, reader)
    return pd.Series(read[codes], index=values.index, dtype=object)


def read_name(text: str) -> str | None:
    """A name for comparing, as staging reads it: capitals, accents and apostrophes off, anything else one space."""
    for letter, plain in (("ß", "SS"), ("Æ", "AE"), ("æ", "AE"), ("Œ", "OE"), ("œ", "OE"), ("Ø", "O"), ("ø", "O"),
                          ("Ł", "L"), ("ł", "L"), ("Đ", "D"), ("đ", "D")):  # fmt: skip
        text = text.replace(letter, plain)
    plain_text = unicodedata.normalize("NFKD", text.upper())
    plain_text = "".join(letter for letter in plain_text if not unicodedata.combining(letter))
    name = re.sub(r"[^A-Z]+", " ", re.sub(r"['’‘`´]", "", plain_text)).strip()
    return None if name in NOBODY or not name else name


def read_date(text: str) -> str | None:
    """A date as ISO text; an impossible one stays as it is typed, so that one slip of a digit is still alike."""
    iso = _iso_date(text)
    return None if iso == NO_DATE else iso


def _iso_date(text: str) -> str | None:
    for pattern, order in (
        (r"(\d{4})-(\d\d)-(\d\d).*", (1, 2, 3)), (r"(\d\d)/(\d\d)/(\d{4})", (3, 2, 1)), (r"(\d{4})(\d\d)(\d\d)", (1, 2, 3)),
    ):  # fmt: skip
        found = re.fullmatch(pattern, text.strip())
        if found:
            return "-".join(found[part] for part in order)
    return None


def _read_flag(text: str) -> str | None:
    lowered = text.strip().lower()
    return {"true": "true", "1": "true", "y": "true", "yes": "true", "": None}.get(lowered, "false")


def _read_sex(text: str) -> str | None:
    return {"1": "1", "M": "1", "MALE": "1", "2": "2", "F": "2", "FEMALE": "2"}.get(text.strip().upper())


def _read_words(text: str) -> str | None:
    return re.sub(r"[^A-Z0-9]+", " ", text.upper()).strip() or None


def _read_postcode(text: str) -> str | None:
    tidy = re.sub(r"[^A-Z0-9]", "", text.upper())
    if re.fullmatch(r"[A-Z]{1,2}\d[A-Z0-9]?\d[A-Z]{2}", tidy):
        return f"{tidy[:-3]} {tidy[-3:]}"
    return tidy or None


_READERS: dict[str, Reader] = {
    "given_name": read_name,
    "family_name": read_name,
    "date_of_birth": read_date,
    "sex": _read_sex,
    "street": _read_words,
    "locality": _read_words,
    "town": _read_words,
    "postcode": _read_postcode,
    "school": _read_words,
    "own_id": lambda text: text.strip() or None,
    "is_protected": _read_flag,
    **NUMBERS,
}


@cache
def _nicknames() -> dict[str, tuple[str, ...]]:
    """Short name -> the names it may be short for."""
    table = pd.read_csv(NICKNAMES, dtype=str, keep_default_na=False)
    return {nickname: tuple(rows) for nickname, rows in table.groupby("nickname")["name"]}


@cache
def roots_of(name: str) -> tuple[str, ...]:
    """The first of a person's given names, and what it may be short for."""
    first = name.split(" ")[0]
    return (*_nicknames().get(first, ()), first)


@cache
def sound_of(name: str) -> str | None:
    import jellyfish

    return jellyfish.metaphone(name.split(" ")[0]) or None


def for_matching(descriptions: pd.DataFrame) -> pd.DataFrame:
    """What matching compares and blocks by: the compared columns, house number, root and sound of names, parts of dates.

    Args:
        descriptions: ``description_id`` and the columns of CONTENT.
    """
    made = {"unique_id": descriptions["description_id"]}
    made |= {column: _read(descriptions[source], reader) for column, (source, reader) in MATCHED.items()}
    return pd.DataFrame(made)


def _unless_only_the_year(date: str) -> str | None:
    # the first of January is what systems write who know the year alone: it is compared as not known
    return None if date.endswith("-01-01") else date


def _day_and_month(date: str) -> str | None:
    # in either order, so that a swap meets in one block
    return None if date.endswith("-01-01") else "-".join((date[:4], *sorted((date[5:7], date[8:10]))))


def _house(street: str) -> str | None:
    found = re.match(r"(\d+[A-Z]?)\b", street)
    return found[1] if found else None


def _without_house(street: str) -> str | None:
    return re.sub(r"^\d+[A-Z]?\b\s*", "", street) or None


# What matching reads -> the column of the description it is read from, and how.
MATCHED: dict[str, tuple[str, Reader | None]] = {
    **{column: (column, None) for column in COMPARED},
    "date_of_birth": ("date_of_birth", _unless_only_the_year),
    "street": ("street", _without_house),
    "house": ("street", _house),
    "given_roots": ("given_name", lambda name: "|".join(roots_of(name))),
    "given_sound": ("given_name", lambda name: sound_of(roots_of(name)[0])),
    "family_sound": ("family_name", sound_of),
    "given_initial": ("given_name", lambda name: name[0]),
    "family_initial": ("family_name", lambda name: name[0]),
    "birth_year": ("date_of_birth", lambda date: date[:4]),
    "birth_day_month": ("date_of_birth", _day_and_month),
}
