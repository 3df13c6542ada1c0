"""Layouts that change by date: which columns a file must have on a day.

A layout is a base year and dated differences, so that a new year is one line in the contract. It decides what is
demanded; a column that the day does not demand is read all the same where a file has it.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from yos_warehouse.sources.term import Term

TermName = Literal["spring", "summer", "autumn"]


class LayoutChange(BaseModel):
    """One dated difference.

    Attributes:
        since: first business date on which it counts.
        terms: only returns of these terms.
        brings, drops: columns that are demanded from then on, and that no longer are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date
    terms: tuple[TermName, ...] = ("spring", "summer", "autumn")
    brings: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()

    def counts_on(self, day: date) -> bool:
        """Whether it is part of the layout of a day."""
        return self.since <= day and Term.of(day).name in self.terms

    @property
    def words(self) -> str:
        """From when and for which terms."""
        terms = "" if len(self.terms) == 3 else f", {' and '.join(self.terms)}"
        return f"layout since {self.since.isoformat()}{terms}"


class Layout(BaseModel):
    """The columns of an entity's files by date.

    Attributes:
        base: the school year that began in this year; also what is known of the years before.
        lacks: columns of the contract that the base does not have.
        changes: differences to the base, in order of their dates; the later counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: int
    lacks: tuple[str, ...] = ()
    changes: tuple[LayoutChange, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Layout:
        if any(later.since < earlier.since for earlier, later in pairwise(self.changes)):
            raise ValueError("the changes of a layout are not in order of their dates")
        if any(change.since < date(self.base, 9, 1) for change in self.changes):
            raise ValueError("a change of a layout lies before its base")
        return self

    @property
    def named(self) -> set[str]:
        """Columns that not every day demands."""
        return {*self.lacks, *(name for change in self.changes for name in (*change.brings, *change.drops))}

    def rule(self, column: str, day: date) -> str | None:
        """The words of what demands a column on a day, or None if nothing does."""
        found = None if column in self.lacks else f"layout of {self.base}/{(self.base + 1) % 100:02d}"
        for change in self.changes:
            if change.counts_on(day):
                if column in change.brings:
                    found = change.words
                elif column in change.drops:
                    found = None
        return found
