"""Reading XML that strangers send: no DTD, no entities, bounded depth and memory (F21).

defusedxml refuses on declaration, whatever the version of expat; the limits here are ours.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.naming import told_path

MAX_DEPTH = 200
MAX_RECORD_ELEMENTS = 100_000
MAX_RECORD_TEXT = 16 << 20
# Input without a single event: one huge tag, attribute or comment.
MAX_SILENT_BYTES = 4 << 20
MAX_ATTRIBUTES = 100

_CHUNK_BYTES = 1 << 16
# expat's codes for a document that stops too early: no element, unclosed token, partial character,
# unclosed CDATA section.
_ENDS_EARLY = frozenset({3, 5, 6, 20})
_INVALID_TOKEN = 4


class _Unsafe(Exception):
    """A limit was passed; the text names the limit."""


class _Records:
    """Target of the parser: builds only the elements asked for, and counts on the way."""

    def __init__(self, is_record: Callable[[str], bool]) -> None:
        self._is_record = is_record
        self._depth = 0
        self._open: list[Element] = []
        self._elements = 0
        self._text = 0
        self._parts: list[str] = []  # text of the innermost element so far: joined once, however many pieces
        self._last: Element | None = None
        self.events = 0
        self.root: str | None = None
        self.done: list[Element] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Unsafe(f"elements nested deeper than {MAX_DEPTH}")
        if len(attributes) > MAX_ATTRIBUTES:
            raise _Unsafe(f"more than {MAX_ATTRIBUTES} attributes on an element")
        if self.root is None:
            self.root = tag
        if not self._open and not self._is_record(tag):
            return
        self._elements += 1
        if self._elements > MAX_RECORD_ELEMENTS:
            raise _Unsafe("a record of too many elements")
        element = Element(tag, attributes)
        self._join()
        if self._open:
            self._open[-1].append(element)
        self._open.append(element)
        self._last = None

    def data(self, text: str) -> None:
        self.events += 1
        if not self._open:
            return
        self._text += len(text)
        if self._text > MAX_RECORD_TEXT:
            raise _Unsafe("a record of too much text")
        # Text after a child is layout in these schemas and is left out.
        if self._last is None:
            self._parts.append(text)

    def _join(self) -> None:
        if self._parts:
            self._open[-1].text = "".join(self._parts)
            self._parts.clear()

    def end(self, tag: str) -> None:
        self.events += 1
        self._depth -= 1
        if self._open:
            self._join()
            self._last = self._open.pop()
            if not self._open:
                self.done.append(self._last)
                self._elements = self._text = 0

    def close(self) -> None:
        """Nothing is left to hand over."""


def local_name(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of a local name, in document order."""
    return (child for child in element if local_name(child.tag) == name)


def text_at(element: Element, *names: str) -> str:
    """Text of a descendant by the local names on the way to it, outer white space off; '' if absent."""
    for name in names:
        child = next(children(element, name), None)
        if child is None:
            return ""
        element = child
    return (element.text or "").strip()


def read_records(
    path: Path, is_record: Callable[[str], bool], root: Callable[[str], bool] | None = None
) -> Iterator[Element]:
    """The elements of a file that are records, one by one, each complete.

    Args:
        path: the file.
        is_record: whether a tag (``{namespace}name``) is a record; records do not nest.
        root: if given, what the outermost element must be.

    Raises:
        DropRejected: XML_UNSAFE (a DTD, an entity, a limit passed), TRUNCATED (ends before its root
            element does), ENCODING (bytes that are not UTF-8 where no other encoding is declared),
            XML_MALFORMED, SCHEMA (another kind of document), EMPTY.
    """
    if path.stat().st_size == 0:
        raise DropRejected("EMPTY", f"{told_path(path)} has no bytes", "send the file again")
    target = _Records(is_record)
    parser = DefusedXMLParser(target=target, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    silent = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                before = target.events
                parser.feed(chunk)
                silent = silent + len(chunk) if target.events == before else 0
                if silent > MAX_SILENT_BYTES:
                    raise _Unsafe("a tag or comment of over 4 MiB")
                if root is not None and target.root is not None and not root(target.root):
                    raise DropRejected(
                        "SCHEMA", f"{told_path(path)} is another kind of document", "send the right file"
                    )
                yield from target.done
                target.done.clear()
            parser.close()
    except DefusedXmlException:
        raise _unsafe(path, "a document type or entity is declared") from None
    except _Unsafe as limit:
        raise _unsafe(path, str(limit)) from None
    except (ParseError, ValueError, LookupError) as problem:
        raise _unreadable(path, problem) from None
    yield from target.done


def _unsafe(path: Path, why: str) -> DropRejected:
    return DropRejected("XML_UNSAFE", f"{told_path(path)}: {why}", "ask the sender where the file comes from")


def _unreadable(path: Path, problem: Exception) -> DropRejected:
    name = told_path(path)
    code = getattr(problem, "code", None)
    line = getattr(problem, "position", (0, 0))[0]
    if code in _ENDS_EARLY:
        return DropRejected(
            "TRUNCATED", f"{name} ends before its outermost element does", "send the whole file again"
        )
    if code == _INVALID_TOKEN and _is_broken_utf8(path):
        return DropRejected("ENCODING", f"{name} is not UTF-8 throughout", "save the file as UTF-8")
    return DropRejected("XML_MALFORMED", f"{name} is not well-formed XML (line {line})", "correct the export")


def _is_broken_utf8(path: Path) -> bool:
    """Whether a file that declares no other encoding has bytes that are not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return True
    return False
