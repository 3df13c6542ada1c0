"""Common Transfer Files, sent from school to school when a pupil moves, into rows of the education contract.

Elements are found by their names, in whatever namespace. A pupil's sex is in ``Sex`` from September 2024 on
(CTF 24) and in ``Gender`` before; the file's header names both schools and the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.naming import told_path
from yos_warehouse.sources.safe_xml import children, local_name, read_records, text_at

Row = tuple[str, dict[str, str]]


def read_transfers(path: Path) -> Iterator[Row]:
    """(entity, values) of transfer_pupil and, for each school in a pupil's history, transfer_school.

    Raises:
        DropRejected: as safe_xml.read_records; SCHEMA when the outermost element is not CTfile, or pupils come
            before the header that says whose they are.
    """
    header: dict[str, str] | None = None
    for element in read_records(
        path, lambda tag: local_name(tag) in ("Header", "Pupil"), lambda tag: local_name(tag) == "CTfile"
    ):
        if local_name(element.tag) == "Header":
            header = _header(element)
        elif header is None:
            raise DropRejected(
                "SCHEMA", f"{told_path(path)} has pupils before its header", "send the whole file"
            )
        else:
            yield from _rows(element, header)


def _header(element: Element) -> dict[str, str]:
    return {
        "source_school": _school(element, "SourceSchool"),
        "destination_school": _school(element, "DestSchool"),
        # of the moment the file was made, the day
        "sent_on": text_at(element, "DateTime").partition("T")[0],
    }


def _school(element: Element, *names: str) -> str:
    """Authority and establishment as one number, as in 9994001; '' if the file does not say."""
    return text_at(element, *names, "LEA") + text_at(element, *names, "Estab")


def _rows(pupil: Element, header: dict[str, str]) -> Iterator[Row]:
    upn = {"upn": text_at(pupil, "UPN")}
    yield (
        "transfer_pupil",
        upn
        | {
            "former_upn": text_at(pupil, "BasicDetails", "FormerUPN") or text_at(pupil, "FormerUPN"),
            "uln": text_at(pupil, "UniqueLearnerNumber"),
            "family_name": text_at(pupil, "Surname"),
            "given_name": text_at(pupil, "Forename"),
            "date_of_birth": text_at(pupil, "DOB"),
            "sex": text_at(pupil, "Sex") or text_at(pupil, "Gender"),
            "ethnicity": text_at(pupil, "BasicDetails", "Ethnicity"),
            "sen_provision": _sen_provision(pupil),
        }
        | header,
    )
    for history in children(pupil, "SchoolHistory"):
        for school in children(history, "School"):
            yield (
                "transfer_school",
                upn
                | {
                    "school_id": _school(school),
                    "entry_date": text_at(school, "EntryDate"),
                    "leaving_date": text_at(school, "LeavingDate"),
                    "leaving_reason": text_at(school, "LeavingReason"),
                },
            )


def _sen_provision(pupil: Element) -> str:
    """The provision of the newest entry below SEN; an entry without StartDate is the oldest."""
    found = [
        (text_at(parent, "StartDate"), text_at(parent, "SENprovision"))
        for sen in children(pupil, "SEN")
        for parent in sen.iter()
        if any(len(one) == 0 for one in children(parent, "SENprovision"))
    ]
    return max(found)[1] if found else ""
