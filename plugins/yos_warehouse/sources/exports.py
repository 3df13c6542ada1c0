"""Exports: how one council's system writes an entity, where its headers or its layout are its own.

The mapping is configuration: which headers stand for which column, since when, and whether a title or a date is
printed above the table. A year that changes the layout is one more export with a later ``since``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# More lines than this above a table are no title but another file.
MAX_HEADER_WITHIN = 100


def normalise(header: str) -> str:
    """A header as it is compared: without case, white space, underscores and byte order mark."""
    return re.sub(r"[\s_\ufeff]+", "", header).casefold()


class Export(BaseModel):
    """The mapping of one export.

    Attributes:
        name: by which another export can be ``like`` it, and by which it is told.
        files: glob patterns, matched on the lower-cased file name.
        since: first business date on which it counts; without it always.
        like: an export listed before, whose headers hold where this one names none.
        headers: column to the headers it has here, instead of those of the contract; what is named is demanded of a
            file. None (``[]``): this export does not have the column.
        header_within: the header is the first of so many lines in which each demanded column is found.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: str
    files: Annotated[tuple[str, ...], Field(min_length=1)]
    since: date | None = None
    like: str | None = None
    headers: dict[str, tuple[str, ...]] = {}
    header_within: Annotated[int, Field(ge=1, le=MAX_HEADER_WITHIN)] = 1

    def fits(self, file: str, day: date | None) -> bool:
        """Whether it is the mapping of a file of a business date (None: not known, every ``since`` counts)."""
        is_in_force = self.since is None or day is None or self.since <= day
        return is_in_force and any(fnmatchcase(file.lower(), pattern) for pattern in self.files)


def resolved(exports: Iterable[Export]) -> tuple[Export, ...]:
    """The exports with the headers of those they are like.

    Raises:
        ValueError: two of one name, unknown ``like``, a header that stands for two columns.
    """
    known: dict[str, Export] = {}
    for export in exports:
        if export.name in known:
            raise ValueError(f"two exports are called {export.name}")
        if export.like is not None:
            if export.like not in known:
                raise ValueError(f"export {export.name} is like {export.like}, which is not listed before it")
            headers = known[export.like].headers | export.headers
            export = export.model_copy(update={"headers": headers})
        titles = [normalise(title) for headers in export.headers.values() for title in headers]
        twice = [title for title in titles if titles.count(title) > 1]
        if twice:
            raise ValueError(f"export {export.name} has the header {twice[0]!r} twice")
        known[export.name] = export
    return tuple(known.values())


def chosen(exports: Iterable[Export], file: str, day: date | None) -> Export | None:
    """The export of a file: of those that fit the one with the newest ``since``, of several such the first."""
    fitting = [export for export in exports if export.fits(file, day)]
    return max(fitting, key=lambda export: export.since or date.min, default=None)
