"""A column that is missing may have been renamed: which header of a file looks like it.

Only the place of such a header is ever told: where a file has no header, its first row is taken for one, and a
child's name may look like the word "Surname".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from yos_warehouse.sources.exports import normalise

# Words that make no difference between two headers of the same column.
_FILLERS = {"a", "an", "and", "by", "for", "in", "is", "its", "no", "number", "of", "on", "or", "the", "to"}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+|\d+")
# In a shorter header one edit makes another word: Sex, Set.
_EDIT_FROM_LETTERS = 4


def looks_alike(wanted: Iterable[str], headers: Sequence[str | None]) -> int | None:
    """The place, from 1, of the header that looks like one of the names of a column; None if none or several do.

    Alike are the same words in any order ("Birth date", "DateOfBirth"), and one letter more, less, other or exchanged
    with its neighbour ("Surnme").

    Args:
        wanted: the headers under which the column is known.
        headers: of the file, by place; None where one is known to be another column.
    """
    names = list(wanted)
    found = [
        place
        for place, header in enumerate(headers, start=1)
        if header and any(_same_words(name, header) or _one_edit(name, header) for name in names)
    ]
    return found[0] if len(found) == 1 else None


def _same_words(one: str, other: str) -> bool:
    words = _words(one)
    return bool(words) and words == _words(other)


def _words(header: str) -> list[str]:
    words = [word.casefold() for word in _WORD.findall(header)]
    return sorted(word for word in words if word not in _FILLERS)


def _one_edit(one: str, other: str) -> bool:
    from jellyfish import damerau_levenshtein_distance

    a, b = normalise(one), normalise(other)
    if min(len(a), len(b)) < _EDIT_FROM_LETTERS or abs(len(a) - len(b)) > 1:
        return False
    return damerau_levenshtein_distance(a, b) <= 1
