"""Troubles as data: how a delivery is spoilt, what must be found, and whose it is.

``ROWS`` spoil single rows of any CSV file that a contract describes; ``DELIVERIES`` spoil a delivery as a whole, of the
small feeds that this file makes by itself (:func:`deliveries`). All of it is FICTIONAL and seeded.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.door.conftest import ARREST, CHARGE, arrest, asn, csv_text
from yos_warehouse.fictional.drop_files import DropFiles, write_drop
from yos_warehouse.settings import service_code
from yos_warehouse.sources.contract import Column, Contract


@dataclass(frozen=True)
class RowTrouble:
    """One way in which a value is wrong.

    Attributes:
        kind: in words; ``fault``: its line in tests/faults.yml.
        rule: what finds it, as ``CODE`` or, with a column, ``CODE:column``.
        is_held_back: False: it is let in and reported.
        value: what stands in the cell.
        fits: whether a column can have it.
    """

    kind: str
    fault: str
    rule: str
    is_held_back: bool
    value: str
    fits: Callable[[Column], bool]


def _of(kind: str) -> Callable[[Column], bool]:
    return lambda column: column.type == kind


ROWS = (
    RowTrouble("a required value is empty", "D5", "REQUIRED", True, "", lambda column: column.required),
    RowTrouble("a required value is blank", "D5", "REQUIRED", True, "   ", lambda column: column.required),
    RowTrouble("a day that does not exist", "D3", "DATE", True, "31/02/2026", _of("date")),
    RowTrouble("a day with the month first", "D3", "DATE", True, "12/31/2025", _of("date")),
    RowTrouble("a day in words", "D3", "DATE", True, "never", _of("date")),
    RowTrouble("a day as a spreadsheet counts it", "D3", "DATE", True, "45700,5", _of("date")),
    RowTrouble("a time that is none", "D3", "TIMESTAMP", True, "yesterday", _of("timestamp")),
    RowTrouble("a whole number with a half", "D10", "INTEGER", True, "3.5", _of("integer")),
    RowTrouble("a number in words", "D10", "NUMBER", True, "many", _of("decimal")),
    RowTrouble("money with comma and point exchanged", "D10", "MONEY", True, "1.200,50", _of("money")),
    RowTrouble("neither yes nor no", "D10", "BOOLEAN", True, "perhaps", _of("boolean")),
    RowTrouble("a code no list has", "D7", "CODE", False, "ZZQ9", lambda column: bool(column.codes)),
    RowTrouble(
        "words where a code belongs", "D7", "CODE_FORM", False, "two words",
        lambda column: column.type == "code" and not column.codes,
    ),
    RowTrouble("a character nobody can see", "F18", "CONTROL_CHAR", True, "a\x07b", _of("text")),
)  # fmt: skip


def vouch_again(folder: Path) -> None:
    """Let the manifest say what the files of a drop are now, without control totals."""
    from yos_warehouse.sources.manifest import sha256_of

    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for entry in manifest["files"]:
        digest, size = sha256_of(folder / entry["name"])
        entry |= {"sha256": digest, "bytes": size}
    manifest.pop("control_totals", None)
    path.write_text(json.dumps(manifest), "utf-8")


# ---------------------------------------------------------------- small feeds of their own

PLAN = "plan_id,upn,given_name,family_name,date_of_birth,start_date,end_date,primary_need"
LEDGER = "Journal,Line,Year,Period,Posting date,Cost centre,Subjective,Project,Description,Supplier,Source,Status,Amount"


@dataclass
class Delivery:
    """What a feed sends for a day, before and after it is spoilt.

    Attributes:
        files: name -> content.
        totals: entity -> column -> sum, vouched for by the manifest.
        tampering: what happens to the folder once its manifest is written.
    """

    feed: str
    day: date
    files: dict[str, bytes]
    totals: dict[str, dict[str, str]] = field(default_factory=dict)
    tampering: list[Callable[[Path], None]] = field(default_factory=list)
    is_again: bool = False
    is_sent: bool = True

    @property
    def name(self) -> str:
        """Its first file, the one that is spoilt."""
        return next(iter(self.files))

    def write(self, drops: Path, received: date | None = None) -> None:
        """Put it into a drop store, received on a day (default: its own) at eight in the evening."""
        if not self.is_sent:
            return
        rows = {
            name: max(content.count(b"\n") - 1, 0) if name.endswith(".csv") else None
            for name, content in self.files.items()
        }
        made = DropFiles(
            self.feed, {name: (content, rows[name]) for name, content in self.files.items()},
            self.totals, self.day, self.is_again,
        )  # fmt: skip
        folder = write_drop(made, service_code(), received or self.day, drops)
        for tamper in self.tampering:
            tamper(folder)


def deliveries(day: date, number: int) -> list[Delivery]:
    """Good deliveries of a day: 120 arrests and 60 charges, 60 plans as a snapshot, 40 postings that add up.

    Args:
        number: of the day, so that no two days bring the same records of arrests and postings.
    """
    first = number * 120 + 1
    arrests = [
        arrest(
            first + n, **{"Arrest date": f"{day:%d/%m/%Y}", "Date of birth": f"{1 + n % 28:02d}/04/{day.year - 15}",
            "Forename": f"Given{(first + n) % 97}", "Surname": f"Example{first + n}"},
        )
        for n in range(120)
    ]  # fmt: skip
    charges = [
        {
            "ASN": asn(first + n), "Seq": "1", "CJS code": "TH68010", "Offence start date": f"{day:%d/%m/%Y}",
            "Charge date": f"{day:%d/%m/%Y}", "TIC": "N",
        }
        for n in range(60)
    ]  # fmt: skip
    plans = [
        {
            "plan_id": f"p{n}",
            "given_name": "Zoë",
            "family_name": f"Example{n}",
            "start_date": "01/09/2025",
            "primary_need": "SEMH",
        }
        for n in range(60)
    ]
    plans[0]["end_date"] = f"{day:%d/%m/%Y}"  # something differs each day
    postings = "".join(
        f"J{number},{line},2025/26,12,{date(2026, 3, 31):%d/%m/%Y},YJ10,A1000,CORE,Rent,Supplier,AP,ACTUAL,10.00\n"
        for line in range(1, 41)
    )
    return [
        Delivery("education", day, {f"ehc_plan_{day}.csv": csv_text(PLAN, plans).encode()}),
        Delivery("finance", day, {f"ledger_{day}.csv": f"{LEDGER}\n{postings}".encode()}, {"ledger_posting": {"amount_gbp": "400.00"}}),
        Delivery("police", day, {f"arrests_{day}.csv": csv_text(ARREST, arrests).encode(), f"charges_{day}.csv": csv_text(CHARGE, charges).encode()}),
    ]  # fmt: skip


# ---------------------------------------------------------------- troubles of deliveries

Spoil = Callable[[Delivery, random.Random], None]


@dataclass(frozen=True)
class Trouble:
    """One way in which a delivery is wrong.

    Attributes:
        kind: in words; ``fault``: its line in tests/faults.yml.
        feed: whose delivery is spoilt.
        code: the rule or reason that must be found; empty where nobody is to be told.
        outcome: ``refused``, ``held`` (waits for a yes), ``held back`` (rows), ``reported`` (rows), ``stray``, ``late``, ``nothing``.
        owner: whose mailbox: ``partner``, ``us``, or nobody's.
        spoil: what is done to it.
    """

    kind: str
    fault: str
    feed: str
    code: str
    outcome: str
    owner: str
    spoil: Spoil


def _replace(old: str, new: str, times: int = -1) -> Spoil:
    def spoil(sent: Delivery, chance: random.Random) -> None:
        assert old.encode() in sent.files[sent.name]
        sent.files[sent.name] = sent.files[sent.name].replace(old.encode(), new.encode(), times)

    return spoil


def _content(change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(sent: Delivery, chance: random.Random) -> None:
        sent.files[sent.name] = change(sent.files[sent.name])

    return spoil


def _afterwards(tamper: Callable[[Path, str], None]) -> Spoil:
    def spoil(sent: Delivery, chance: random.Random) -> None:
        name = sent.name
        sent.tampering.append(lambda folder: tamper(folder, name))

    return spoil


def _manifest(**changes: object) -> Spoil:
    def tamper(folder: Path, name: str) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")

    return _afterwards(tamper)


def _row_count(folder: Path, name: str) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"][0]["rows"] += 1
    path.write_text(json.dumps(manifest), "utf-8")


def _flip(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[-2] ^= 1
    (folder / name).write_bytes(bytes(content))


def _rows(at: int, value: str, times: int) -> Spoil:
    """Put a value into a column of some rows, chosen by chance."""

    def spoil(sent: Delivery, chance: random.Random) -> None:
        lines = list(csv.reader(io.StringIO(sent.files[sent.name].decode())))
        for number in chance.sample(range(1, len(lines)), min(times, len(lines) - 1)):
            lines[number][at] = value
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        sent.files[sent.name] = text.getvalue().encode()

    return spoil


def _unsafe(sent: Delivery, chance: random.Random) -> None:
    sent.files["message.xml"] = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def _archive(content: bytes) -> bytes:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../outside.csv", content)
    return packed.getvalue()


def _twice(content: bytes) -> bytes:
    """Every row six times over, each with a key of its own in the first column."""
    head, *lines = content.splitlines(keepends=True)
    return head + b"".join(b"again%d" % copy + line for copy in range(5) for line in lines) + b"".join(lines)


def _again(sent: Delivery, chance: random.Random) -> None:
    """The same content lies there twice, the second time under another name."""

    def copy(folder: Path) -> None:
        second = Delivery(
            sent.feed,
            sent.day,
            {f"2_{name}": content for name, content in sent.files.items()},
            sent.totals,
            is_again=True,
        )
        second.write(folder.parent.parent)

    sent.files = {name.replace("2_", ""): content for name, content in sent.files.items()}
    sent.tampering.append(copy)


_ARREST = ARREST.split(",")
_PLAN = PLAN.split(",")
_LEDGER = LEDGER.split(",")
DELIVERIES = (
    Trouble("a byte changed on the way", "F2", "police", "CHECKSUM", "refused", "partner", _afterwards(_flip)),
    Trouble("a byte changed on the way", "F2", "finance", "CHECKSUM", "refused", "partner", _afterwards(_flip)),
    Trouble("another number of rows than the manifest says", "F3", "police", "ROWCOUNT", "refused", "partner", _afterwards(_row_count)),
    Trouble("cut inside the last row", "F4", "police", "TRUNCATED", "refused", "partner", _content(lambda content: content[:-15])),
    Trouble("an open quote at the end", "F4", "education", "TRUNCATED", "refused", "partner", _content(lambda content: content[:-1] + b',"\n')),
    Trouble("no bytes", "F5", "education", "EMPTY", "refused", "partner", _content(lambda content: b"")),
    Trouble("half of the rows", "F11", "education", "VOLUME", "held", "partner", _content(lambda content: b"".join(content.splitlines(keepends=True)[:21]))),
    Trouble("six times the rows", "F12", "education", "VOLUME", "held", "partner", _content(_twice)),
    Trouble("more bad rows than agreed", "D14", "police", "QUARANTINE_RATE", "held", "partner", _rows(_ARREST.index("Arrest date"), "31/02/2026", 30)),
    Trouble("a required column is called otherwise", "F13", "police", "SCHEMA", "refused", "partner", _replace("Surname", "Name of the family", 1)),
    Trouble("a required column is missing", "F13", "education", "SCHEMA", "refused", "partner", _replace("plan_id", "number", 1)),
    Trouble("a column twice", "F15", "police", "DUPLICATE_HEADER", "refused", "partner", _content(lambda content: content.replace(b"Release type\n", b"Release type,Sex\n").replace(b"CHARGE\n", b"CHARGE,2\n"))),
    Trouble("a field too many in every row", "F16", "police", "FIELD_COUNT", "refused", "partner", _replace("CHARGE\n", "CHARGE,x\n")),
    Trouble("a field too many in one row", "F16", "police", "FIELD_COUNT", "held back", "partner", _replace("CHARGE\n", "CHARGE,x\n", 1)),
    Trouble("saved in another encoding", "F17", "education", "ENCODING", "refused", "partner", _content(lambda content: content.decode().encode("cp1252"))),
    Trouble("UTF-16", "F15", "police", "", "nothing", "", _content(lambda content: content.decode().encode("utf-16"))),
    Trouble("an attack in XML", "F21", "police", "XML_UNSAFE", "refused", "partner", _unsafe),
    Trouble("a penny out", "D10", "finance", "CONTROL_TOTAL", "refused", "partner", _replace(",10.00\n", ",10.01\n", 1)),
    Trouble("every row is bad", "D13", "police", "ALL_BAD", "refused", "partner", _rows(_ARREST.index("Arrest date"), "31/02/2026", 120)),
    Trouble("a manifest nobody can read", "F1", "finance", "MANIFEST", "refused", "partner", _afterwards(lambda folder, name: (folder / "manifest.json").write_text('{"fictional": true}'))),
    Trouble("of another service", "F2", "education", "WRONG_SERVICE", "refused", "partner", _manifest(service="elsewhere")),
    Trouble("in the folder of another day", "F2", "police", "WRONG_DATE", "refused", "partner", _manifest(business_date="2020-01-01")),
    Trouble("a file is missing", "F2", "police", "MISSING_FILE", "refused", "partner", _afterwards(lambda folder, name: (folder / name).unlink())),
    Trouble("without a manifest", "F1", "education", "STRAY", "stray", "partner", _afterwards(lambda folder, name: (folder / "manifest.json").unlink())),
    Trouble("the same twice", "F6", "police", "", "nothing", "", _again),
    Trouble("days that do not exist", "D3", "police", "DATE:arrested_at", "held back", "partner", _rows(_ARREST.index("Arrest date"), "31/02/2026", 2)),
    Trouble("no surname", "D5", "police", "REQUIRED:family_name", "held back", "partner", _rows(_ARREST.index("Surname"), "", 3)),
    Trouble("a character nobody can see", "F18", "police", "CONTROL_CHAR", "held back", "partner", _rows(_ARREST.index("Forename"), "a\x07b", 1)),
    Trouble("children of forty", "D4", "police", "POL-ARR-04", "reported", "analyst", _rows(_ARREST.index("Date of birth"), "01/01/1996", 2)),
    Trouble("a code no list has", "D7", "police", "CODE:release_type", "reported", "us", _rows(_ARREST.index("Release type"), "ZZQ9", 4)),
    Trouble("a day in words", "D3", "education", "DATE:start_date", "held back", "partner", _rows(_PLAN.index("start_date"), "never", 2)),
    Trouble("a code no list has", "D7", "education", "CODE:primary_need", "reported", "us", _rows(_PLAN.index("primary_need"), "ZZQ9", 2)),
    Trouble("a year that is none", "D10", "finance", "FIN-LED-01", "held back", "partner", _rows(_LEDGER.index("Year"), "2025-26", 1)),
    Trouble("a period that is none", "D10", "finance", "FIN-LED-02", "held back", "partner", _rows(_LEDGER.index("Period"), "15", 1)),
)  # fmt: skip


def owner_email(trouble: Trouble) -> str:
    """Whose mailbox a trouble belongs to; empty for nobody's."""
    from yos_warehouse.telling.owners import owner_of

    return owner_of(trouble.owner, trouble.feed).email if trouble.owner else ""


def entity_of(contract: Contract, name: str) -> str | None:
    """The CSV entity a file of a feed brings, if it is one."""
    from yos_warehouse.sources.naming import entities_of

    found = [entity for entity in entities_of(contract, name) if contract.entities[entity].format == "csv"]
    return found[0] if found else None
