"""A drop: what one feed delivers for one business date, and the manifest that vouches for it."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from yos_warehouse.errors import DropRejected, YosError

MANIFEST = "manifest.json"

# Letters, digits and harmless signs of ASCII: look-alike letters, control characters and path parts
# cannot get in, and the name is safe in a log, a mail and a shell (F24).
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._()+,=@#&'~-]{0,149}\Z")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def is_plain_name(name: str) -> bool:
    """Whether a file name is fit to be used: no path parts, 1 to 150 harmless ASCII characters."""
    return _PLAIN.match(name) is not None and name.lower() != MANIFEST and not name.endswith((".", " "))


class FileEntry(BaseModel):
    """One file of a drop."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    bytes: Annotated[int, Field(ge=0)]
    rows: Annotated[int, Field(ge=0)] | None = None  # data records of a CSV file; none for XML
    sha256: Sha256

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not is_plain_name(value):
            raise ValueError("a file name is not a plain name")
        return value


class Manifest(BaseModel):
    """``manifest.json`` of a drop; unknown keys are refused, so that a typing error is not overlooked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    service: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")]
    feed: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    business_date: date
    received_at: AwareDatetime
    fictional: bool = False
    files: Annotated[tuple[FileEntry, ...], Field(min_length=1)]
    # entity -> column -> sum over the file's rows, as text so that no penny is lost.
    control_totals: dict[str, dict[str, Decimal]] = {}

    @field_validator("files")
    @classmethod
    def _names_differ(cls, value: tuple[FileEntry, ...]) -> tuple[FileEntry, ...]:
        if len({entry.name.lower() for entry in value}) != len(value):
            raise ValueError("two files have the same name")
        return value


@dataclass(frozen=True)
class Drop:
    """A folder with a manifest.

    Attributes:
        folder: where the manifest and its files lie.
        manifest: what it says; a stand-in without files when it could not be read.
        problem: why the manifest could not be read; raised by verify.
    """

    folder: Path
    manifest: Manifest
    problem: YosError | None = None

    @property
    def key(self) -> str:
        """Feed and business date, as people name the drop: ``police 2026-03-31``."""
        return f"{self.manifest.feed} {self.manifest.business_date.isoformat()}"

    @property
    def content_hash(self) -> str:
        """SHA-256 over the feed and its files' hashes, sorted: file names and dates do not count (F6)."""
        hashes = sorted(entry.sha256 for entry in self.manifest.files)
        if self.problem is not None:
            hashes = [hashlib.sha256((self.folder / MANIFEST).read_bytes()).hexdigest()]
        return hash_of(self.manifest.feed, hashes)

    def path(self, entry: FileEntry) -> Path:
        """Where a file of the drop lies."""
        return self.folder / entry.name


def hash_of(feed: str, hashes: list[str]) -> str:
    """Content hash of a drop from the SHA-256 of its files."""
    return hashlib.sha256("\n".join([feed, *sorted(hashes)]).encode()).hexdigest()


def read_manifest(path: Path) -> Manifest:
    """Read one manifest.

    Raises:
        DropRejected: MANIFEST, not readable or not as documented; FILE_NAME, a name that is not plain.
    """
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False, include_context=False)[0]
        # The places are words of ours but for the keys of control totals, which are the sender's.
        ours = {*Manifest.model_fields, *FileEntry.model_fields}
        where = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or part in ours)
        if "plain name" in first["msg"]:
            raise DropRejected(
                "FILE_NAME", f"{where}: not a plain file name", "use letters, digits, dots and dashes"
            ) from None
        place = "an unknown key" if first["type"] == "extra_forbidden" else where or "the file"
        raise DropRejected("MANIFEST", f"{place}: {first['msg']}", "write it with yos pack") from None


def max_file_bytes() -> int:
    """Largest file taken in: ``YOS_MAX_FILE_BYTES``, 2 GiB unless set."""
    return int(os.environ.get("YOS_MAX_FILE_BYTES", 2 << 30))


def sha256_of(path: Path) -> tuple[str, int]:
    """SHA-256 in hex and size in bytes of a file, streamed."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size
