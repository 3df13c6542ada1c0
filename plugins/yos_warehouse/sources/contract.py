"""Feed contracts: what one partner sends, read from ``dags/feeds/<feed>.yml``.

A contract is configuration that must not be misread: every model forbids unknown keys, so a
misspelt privacy setting stops the DAG parse instead of being ignored.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from yos_warehouse.errors import YosError
from yos_warehouse.settings import FEEDS_DIR
from yos_warehouse.sources.exports import Export, resolved
from yos_warehouse.sources.layout import Layout

NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
# One file of these holds rows of several entities.
XML_FORMATS = ("spi_xml", "nccis_xml", "ctf_xml")
Name = Annotated[str, Field(pattern=NAME.pattern)]


class Delivers(StrEnum):
    """What an absent record means in a new drop of the entity."""

    FULL_SNAPSHOT = "full_snapshot"  # absent = gone
    FULL_PER_CHILD = "full_per_child"  # absent for a child who is in the drop = gone
    FULL_PER_TERM = "full_per_term"  # absent = gone from its school term; nothing said of other terms
    CHANGES = "changes"  # absent = nothing said


# A drop of these says everything there is (of its term): what is absent is gone, and what was held is replaced.
RESTATES = (Delivers.FULL_SNAPSHOT, Delivers.FULL_PER_TERM)


class Personal(StrEnum):
    """Why a column may never leave the closed zones; ``none`` may."""

    NONE = "none"
    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    ADDRESS = "address"
    IDENTIFIER = "identifier"  # PNC id, ASN, UPN, ULN, the source's own child id
    FREE_TEXT = "free_text"


class Column(BaseModel):
    """One column: how it is called in the file, what it holds, who may see it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # Headers under which the column arrives; compared without case, spaces and underscores.
    source: tuple[str, ...] = ()
    type: Literal["text", "code", "date", "timestamp", "integer", "decimal", "money", "boolean"]
    personal: Personal  # no default: somebody has to decide
    means: str
    required: bool = False  # an empty value holds the row back
    optional: bool = False  # the column itself may be absent from a file
    codes: str | None = None  # the seed (schema ref) that lists the codes
    codes_on: Name | None = None  # the column with the day on which the code was used; else the business date

    @field_validator("source", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Entity(BaseModel):
    """One kind of record in a feed: one landing table, one raw table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    grain: str
    delivers: Delivers
    format: Literal["csv", "query", "spi_xml", "nccis_xml", "ctf_xml"] = "csv"
    files: tuple[str, ...] = ()  # glob patterns, matched on the lower-cased file name
    query: str | None = None  # format query: SQL run on the source system
    key: tuple[Name, ...]
    child: Name | None = None  # the column that says whose record it is (full_per_child)
    expected: bool = True  # False: a drop without this entity is complete all the same
    may_be_empty: bool = True
    may_shrink: bool = False  # True: its rows come and go with the calendar, no number of them is usual
    layout: Layout | None = None  # which columns a file must have on its business date
    exports: tuple[Export, ...] = ()  # of councils whose files have headers of their own
    columns: dict[Name, Column]

    def demands(self, column: str, day: date | None, export: Export | None = None) -> str | None:
        """What demands a column of a file of a business date, in words; None if it may be absent.

        Args:
            day: None: not known; then only what every day demands.
            export: the mapping by which the file is read; it demands the columns it names.
        """
        if export is not None and column in export.headers:
            return f"export {export.name}" if export.headers[column] else None
        if self.columns[column].optional:
            return None
        if self.layout is None:
            return "contract"
        if day is None:
            return None if column in self.layout.named else "contract"
        return self.layout.rule(column, day)

    @field_validator("exports")
    @classmethod
    def _with_what_they_are_like(cls, value: tuple[Export, ...]) -> tuple[Export, ...]:
        return resolved(value)

    @model_validator(mode="after")
    def _references_exist(self) -> Entity:
        for export in self.exports:
            for name, headers in export.headers.items():
                if name not in self.columns:
                    raise ValueError(f"export {export.name} maps {name!r}, which is not among the columns")
                if not headers and self.columns[name].required:
                    raise ValueError(f"export {export.name} lacks {name!r}, without which no row is taken")
        if self.exports and self.format != "csv":
            raise ValueError("only CSV files have exports")
        for name in (*self.key, *((self.child,) if self.child else ())):
            if name not in self.columns:
                raise ValueError(f"key or child column {name!r} is not among the columns")
        for name in self.layout.named if self.layout else ():
            if name not in self.columns or name in self.key or self.columns[name].optional:
                raise ValueError(f"the layout names {name!r}: no column, one of the key, or optional anyway")
        for name, column in self.columns.items():
            if column.codes_on and (
                not column.codes or getattr(self.columns.get(column.codes_on), "type", "") != "date"
            ):
                raise ValueError(f"column {name!r}: codes_on is the date column beside a code with a list")
        if self.delivers is Delivers.FULL_PER_CHILD and not self.child:
            raise ValueError("full_per_child needs the column 'child'")
        if (self.format == "query") != (self.query is not None):
            raise ValueError("format query needs a query, and only that format has one")
        return self


class Owner(BaseModel):
    """Who mends the feed's data and is told what was held back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class Contract(BaseModel):
    """One feed: who sends it, how often, and the entities in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    feed: Name
    title: str
    about: str
    owner: Owner
    every: Literal["day", "week", "month", "term", "quarter"]
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    # Without a last line end a file may have been cut; some exporters never write one.
    final_newline: Literal["required", "optional"] = "required"
    # More rows than this share with a wrong number of fields: the file was not understood.
    max_field_count_pct: float = 1.0
    # More rows of a drop held back than this share: it waits for somebody's yes (from 21 rows on).
    max_quarantine_pct: float = 5.0
    # Days after its business date by which the next drop is due: working days if it comes daily, else calendar days.
    due_days: Annotated[int, Field(ge=1)] | None = None
    late_priority: Literal["P2", "P3"] = "P3"  # P2: a mail of its own to the owner, not only the digest
    ignored_files: tuple[str, ...] = ()
    entities: dict[Name, Entity]

    @property
    def days_until_due(self) -> int:
        """``due_days``, or what its rhythm allows."""
        return self.due_days or {"day": 1, "week": 8, "month": 35, "term": 130, "quarter": 100}[self.every]

    @property
    def unit(self) -> str:
        """The unit that is published from it: ``finance`` or ``children``."""
        return "finance" if self.feed == "finance" else "children"

    def raw_table(self, entity: str) -> str:
        """Table name of an entity in the schemas landing, raw and quarantine."""
        return f"{self.feed}__{entity}"


class ContractError(YosError):
    """A contract file does not say what a contract must say."""


def load_contract(path: Path) -> Contract:
    """Read one contract.

    Raises:
        ContractError: unknown key, missing key, wrong value; names file and place.
    """
    try:
        contract = Contract.model_validate(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ContractError(
            "CONTRACT", f"{path.name}: {where}: {first['msg']}", "correct the contract file"
        ) from None
    if contract.feed != path.stem:
        raise ContractError("CONTRACT", f"{path.name}: feed is {contract.feed!r}", "rename the file")
    return contract


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by feed name, in alphabetical order."""
    return {path.stem: load_contract(path) for path in sorted(FEEDS_DIR.glob("*.yml"))}
