"""What a mail says, once, and its two forms: plain text and HTML of the same content (``mails/*.j2``).

Whatever comes from outside (names, file names, words of a check) is one line without control or direction marks, and is
escaped in HTML. Nothing is loaded from elsewhere: no picture, no script, no style sheet.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from yos_warehouse.telling.owners import Owner, plain, service_name
from yos_warehouse.telling.runbooks import runbook_of

LONDON = ZoneInfo("Europe/London")
WIDTH = 76
MAILS_DIR = Path(__file__).parent / "mails"


@dataclass(frozen=True)
class Item:
    """One point of a section.

    Attributes:
        lead: where it is, shown first and in bold.
        text: what it is; may be empty.
        todo: what to do about it.
        links: words and address.
    """

    text: str
    lead: str = ""
    todo: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading and its points."""

    title: str
    items: Sequence[Item]
    tone: str = "plain"  # plain, bad, good: the colour of its edge
    is_numbered: bool = False


@dataclass(frozen=True)
class Letter:
    """A mail before it has a form."""

    owner: Owner
    subject: str
    sections: Sequence[Section]
    closing: str
    is_fictional: bool
    opening: str = ""

    @property
    def title(self) -> str:
        """The subject line: one line, labelled where nothing in it is real."""
        label = "FICTIONAL: " if self.is_fictional else ""
        return plain(f"{label}{self.subject} ({self.owner.name})")

    def text(self) -> str:
        """Plain text, wrapped at 76 characters but for addresses."""
        return _environment("txt").get_template("letter.txt.j2").render(self._context())

    def html(self) -> str:
        """The same as one HTML page with all styles inline."""
        return _environment("html").get_template("letter.html.j2").render(self._context())

    def _context(self) -> dict[str, Any]:
        return {"letter": self, "service": service_name()}


def page(path: str) -> str:
    """Address of a page of the warehouse in Airflow, such as ``feeds/police``."""
    base = (
        os.environ.get("YOS_PAGES_URL") or os.environ.get("AIRFLOW__API__BASE_URL") or "http://127.0.0.1:8793"
    )
    return f"{base.rstrip('/')}/warehouse/{path}"


def runbook(rule_code: str) -> str:
    """Address of what to do about a check: in ``YOS_DOCS_URL``, else on the warehouse's own page."""
    path = runbook_of(rule_code)
    docs = os.environ.get("YOS_DOCS_URL")
    return f"{docs.rstrip('/')}/{path}" if docs else page(path.removesuffix(".md"))


def count(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def day(moment: date | datetime) -> str:
    """A day as people write it; a moment's day is London's."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(LONDON)
    return f"{moment.day} {moment:%B %Y}"


def clock(moment: datetime) -> str:
    """A moment in London."""
    return f"{day(moment)}, {moment.astimezone(LONDON):%H:%M}"


class _Lines(str):
    """Several lines that we broke ourselves."""


def _wrapped(text: str, first: str = "", other: str | None = None) -> _Lines:
    other = first if other is None else other
    lines = textwrap.wrap(
        plain(text), WIDTH, initial_indent=first, subsequent_indent=other,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return _Lines("\n".join(lines))


def _shown(value: Any) -> Any:
    return plain(value) if type(value) is str else value


@cache
def _environment(kind: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(MAILS_DIR),
        autoescape=kind == "html",
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["wrapped"] = _wrapped
    return made
