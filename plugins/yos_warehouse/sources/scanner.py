"""A look at the bytes on their way to COPY, whole chunks at a time, for what COPY would swallow silently."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np

from yos_warehouse.sources.encoding import has_controls, has_mojibake, may_be_mojibake, wrong_encoding

CHUNK_BYTES = 1 << 20
# A longer record is no record: an open quote, a wrong file. Also the limit of one field (F23).
MAX_RECORD_BYTES = 1 << 20

_QUOTE = ord('"')
_MAY_ADJOIN = np.isin(np.arange(256), list(b',"\r\n'))


@dataclass(slots=True)
class Scanner:
    """Looks at the bytes that go to COPY, a chunk at a time, and notices what COPY would not.

    After the last :meth:`feed`, call :meth:`finish` and ask :attr:`must_be_careful` and :meth:`reject`.
    """

    encoding: str = "UTF8"
    is_delivered: bool = True
    size: int = 0
    has_controls: bool = False
    has_mojibake: bool = False
    is_undecodable: bool = False
    has_loose_quotes: bool = False
    has_open_quote: bool = False
    has_long_line: bool = False
    ends_with_newline: bool = True
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256, repr=False)
    _tail: bytes = field(default=b"", repr=False)
    _before: bytes = field(default=b"\n", repr=False)
    _held_quote: bool = field(default=False, repr=False)
    _quotes: int = field(default=0, repr=False)
    _line: int = field(default=0, repr=False)
    _decoder: codecs.IncrementalDecoder | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.encoding == "UTF8":
            self._decoder = codecs.getincrementaldecoder("utf-8")()

    @property
    def sha256(self) -> str:
        """Hash of all bytes so far, the header included: to be held against the manifest."""
        return self._hash.hexdigest()

    @property
    def has_quotes(self) -> bool:
        """Whether a field may hold a line end; without a quote each record is one line."""
        return self._quotes > 0 or self.has_loose_quotes

    @property
    def must_be_careful(self) -> bool:
        """COPY may have taken damaged rows without a word: undo it and use csv_file.read_rows."""
        return self.has_controls or self.has_loose_quotes or self.has_open_quote or self.has_long_line

    def reject(self, name: str) -> None:
        """Refuse the file if its text is in a wrong encoding.

        Raises:
            DropRejected: ENCODING.
        """
        if self.is_undecodable or (self.is_delivered and self.has_mojibake):
            raise wrong_encoding(name, self.encoding)

    def skip(self, header: bytes) -> None:
        """Count and hash the bytes before the data without looking at them."""
        self.size += len(header)
        self._hash.update(header)

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes of the data."""
        if not chunk:
            return
        self.size += len(chunk)
        self._hash.update(chunk)
        self.ends_with_newline = chunk[-1] in b"\r\n"
        if not self.has_controls:
            self.has_controls = has_controls(chunk)
        self._look_at_text(chunk)
        self._look_at_lines(chunk)
        self._look_at_quotes(chunk)

    def finish(self) -> None:
        """The data has ended."""
        if self._decoder is not None and self._decoder.getstate()[0]:
            self.is_undecodable = True
        if self._held_quote:
            self._held_quote = False
            self._judge_quotes(self._before + b'"\n')
        self.has_open_quote = self._quotes % 2 == 1

    def _look_at_text(self, chunk: bytes) -> None:
        if chunk.isascii() and self._tail.isascii():
            self._tail = (self._tail + chunk[-5:])[-5:]
            return
        is_suspect = True
        if self._decoder is not None and not self.is_undecodable:
            try:
                is_suspect = may_be_mojibake(self._decoder.decode(chunk))
            except UnicodeDecodeError:
                self.is_undecodable = True
        if not self.has_mojibake:
            # The longest mark has six bytes, so five on each side of the seam are enough.
            self.has_mojibake = (is_suspect and has_mojibake(chunk, self.encoding)) or has_mojibake(
                self._tail + chunk[:5], self.encoding
            )
        self._tail = (self._tail + chunk[-5:])[-5:]

    def _look_at_lines(self, chunk: bytes) -> None:
        last = chunk.rfind(b"\n")
        if last < 0:
            self._line += len(chunk)
        else:
            self._line += chunk.find(b"\n")
            self.has_long_line |= self._line > MAX_RECORD_BYTES
            self._line = len(chunk) - last - 1
        self.has_long_line |= self._line > MAX_RECORD_BYTES

    def _look_at_quotes(self, chunk: bytes) -> None:
        """PostgreSQL lets a quote begin and end anywhere in a field, so that ``5" nail`` in one row and in
        another joins all rows between them into one, silently. Here the first, third, ... quote of the file
        must begin a field or follow its forerunner at once (a doubled quote); the second, fourth, ... must
        end a field or be followed at once by the next."""
        if self.has_loose_quotes:
            return
        if not self._held_quote and b'"' not in chunk:
            self._before = chunk[-1:]
            return
        data = self._before + b'"' + chunk if self._held_quote else self._before + chunk
        # A quote on the seam is judged when the next byte is known.
        self._held_quote = data.endswith(b'"')
        self._before = data[-2:-1] if self._held_quote else data[-1:]
        self._judge_quotes(data)

    def _judge_quotes(self, data: bytes) -> None:
        """Judge the quotes in ``data`` but for its first byte, already judged, and its last."""
        codes = np.frombuffer(data, np.uint8)
        places = np.flatnonzero(codes[1:-1] == _QUOTE) + 1
        first = self._quotes % 2
        before = codes[places[first::2] - 1]
        after = codes[places[1 - first :: 2] + 1]
        self._quotes += len(places)
        if not (_MAY_ADJOIN[before].all() and _MAY_ADJOIN[after].all()):
            self.has_loose_quotes = True


class ScannedStream:
    """A readable binary stream whose bytes pass a scanner; close it, or use it in a ``with``."""

    def __init__(self, handle: BinaryIO, scanner: Scanner) -> None:
        self._handle = handle
        self.scanner = scanner
        self._ended = False

    def read(self, size: int = CHUNK_BYTES) -> bytes:
        """The next bytes; scanned in the size asked for, so ask for 1 MiB."""
        chunk = self._handle.read(size if size and size > 0 else CHUNK_BYTES)
        if chunk:
            self.scanner.feed(chunk)
        elif not self._ended:
            self._ended = True
            self.scanner.finish()
        return chunk

    def readline(self, size: int = CHUNK_BYTES) -> bytes:
        """The same as read: psycopg2 wants a file to have it and never asks COPY's input for lines."""
        return self.read(size)

    def close(self) -> None:
        """Close the file."""
        self._handle.close()

    def __enter__(self) -> ScannedStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
