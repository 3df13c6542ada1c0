"""Bytes that do not say what they seem to: control characters, mojibake, UTF-16.

Everything here works on whole chunks of bytes, without a Python step per line, so that the fast path
of the door can afford it.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.naming import told_path

# Control characters no partner means to send; tab, line feed and carriage return are text.
CONTROLS = bytes(sorted(({*range(32)} - {9, 10, 13}) | {127}))

PG_ENCODINGS = {"utf-8": "UTF8", "cp1252": "WIN1252"}
PY_ENCODINGS = {"UTF8": "utf-8", "WIN1252": "cp1252"}

# In UTF-8: C1 controls (cp1252 read as latin-1), UTF-8 read as cp1252 or latin-1 and saved again
# (an accented letter became A-tilde and a sign), a byte order mark saved twice, U+FFFD.
_UTF8_MARKS = re.compile(
    rb"\xc2[\x80-\x9f]"
    rb"|\xc3[\x82\x83](?:\xc2|\xe2[\x80\x82\x84]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c])"
    rb"|\xc3[\x84\x85](?:\xc2[\x80-\x9f\xa1-\xbf]|\xe2\x82\xac)"
    rb"|\xc3\xa2(?:\xe2\x82\xac|\xc2\x80)"
    rb"|\xc3\xaf\xc2\xbb\xc2\xbf"
    rb"|\xef\xbf\xbd"
)
# In cp1252: sequences that are a letter, a quotation mark or a euro sign in UTF-8 and nonsense in
# cp1252, and the five bytes cp1252 does not have.
_CP1252_MARKS = re.compile(
    rb"\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|[\xc4\xc5][\x80-\x9f\xa1-\xbf]"
    rb"|\xe2\x80[\x90-\xbf]|\xe2\x82\xac|\xef\xbb\xbf|\xef\xbf\xbd|[\x81\x8d\x8f\x90\x9d]"
)


# Characters of which at least one is in any text with a mark of _UTF8_MARKS: A with circumflex, tilde,
# diaeresis or ring, U+FFFD, C1 controls; and those that begin a doubled quotation mark or byte order mark.
_GATES = "\u00c2\u00c3\u00c4\u00c5\ufffd"
_BEGINNINGS = {"\u00e2": ("\u00e2\u20ac", "\u00e2\u0080"), "\u00ef": ("\u00ef\u00bb\u00bf",)}
_C1 = tuple(chr(code) for code in range(0x80, 0xA0))
_CONTROL_BYTES = tuple(bytes([code]) for code in CONTROLS)


def has_controls(chunk: bytes) -> bool:
    """Whether the chunk holds a control character other than tab and line ends (F18)."""
    # Thirty searches by memchr are three times as fast as one pass with translate.
    return any(code in chunk for code in _CONTROL_BYTES)


def has_mojibake(chunk: bytes, encoding: str) -> bool:
    """Whether the bytes show that somebody read or saved the text in a wrong encoding (F17).

    Args:
        chunk: any bytes; marks that straddle two chunks are the caller's business.
        encoding: PostgreSQL's name of the encoding the feed says it uses: UTF8 or WIN1252.
    """
    if chunk.isascii():
        return False
    marks = _UTF8_MARKS if encoding == "UTF8" else _CP1252_MARKS
    return marks.search(chunk) is not None


def may_be_mojibake(text: str) -> bool:
    """Whether decoded UTF-8 is worth a look by has_mojibake, which is slow on large chunks."""
    return any(code in text for code in (*_GATES, *_C1)) or any(
        mark in text for first, marks in _BEGINNINGS.items() if first in text for mark in marks
    )


def is_utf16(path: Path) -> bool:
    """Whether the file starts with the byte order mark of UTF-16."""
    with path.open("rb") as file:
        return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def utf16_to_utf8(path: Path, target: Path) -> None:
    """Write a UTF-16 file (with byte order mark) as UTF-8 with a byte order mark, streaming.

    Raises:
        DropRejected: ENCODING, the file starts as UTF-16 and is not.
    """
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        with path.open("rb") as source, target.open("wb") as out:
            out.write(codecs.BOM_UTF8)
            while chunk := source.read(1 << 20):
                out.write(decoder.decode(chunk).encode("utf-8"))
            out.write(decoder.decode(b"", final=True).encode("utf-8"))
    except UnicodeError:
        target.unlink(missing_ok=True)
        raise DropRejected(
            "ENCODING", f"{told_path(path)} starts as UTF-16 and is not", "save the file as CSV UTF-8"
        ) from None


def wrong_encoding(name: str, encoding: str) -> DropRejected:
    """The refusal of a file whose text is not in the encoding (PostgreSQL's name) it should be in."""
    wanted = {"UTF8": "UTF-8", "WIN1252": "Windows-1252"}[encoding]
    return DropRejected("ENCODING", f"{name} is not {wanted} throughout", f"save the file as {wanted}")
