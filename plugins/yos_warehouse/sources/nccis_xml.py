"""The monthly participation extract (NCCIS) into rows of the education contract.

The shape is this project's reading of the monthly return's sections (domain.md 2.6), one
``YoungPerson`` element per young person; documented in docs/feeds/education.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from yos_warehouse.sources.safe_xml import local_name, read_records

# Individual circumstance 170: supervised by the youth offending team.
SUPERVISED_BY_YOT = "170"

_PATHS = {
    "young_person_id": ("YoungPersonID",),
    "given_name": ("GivenName",),
    "family_name": ("FamilyName",),
    "date_of_birth": ("BirthDate",),
    "sex": ("Sex",),
    "ethnicity": ("Ethnicity",),
    "upn": ("UPN",),
    "uln": ("ULN",),
    "lead_authority": ("LeadLA",),
    "postcode": ("Postcode",),
    "cohort_status": ("CohortStatus",),
    "activity_code": ("CurrentActivity", "Code"),
    "activity_start_date": ("CurrentActivity", "StartDate"),
    "activity_valid_until": ("CurrentActivity", "DueToLapseDate"),
    "establishment": ("CurrentActivity", "Establishment"),
}


def read_young_people(path: Path) -> Iterator[dict[str, str]]:
    """The columns of entity young_person for each young person in the file, in document order.

    Raises:
        DropRejected: as safe_xml.read_records; SCHEMA when the outermost element is not NCCISExtract.
    """
    for element in read_records(
        path, lambda tag: local_name(tag) == "YoungPerson", lambda tag: local_name(tag) == "NCCISExtract"
    ):
        values = {column: _text(element, names) for column, names in _PATHS.items()}
        supervised = any(
            local_name(found.tag) == "Circumstance" and found.get("Code") == SUPERVISED_BY_YOT
            for found in element.iter()
        )
        yield values | {"is_supervised_by_yot": "true" if supervised else "false"}


def _text(element: Element, names: tuple[str, ...]) -> str:
    """Text of a descendant by local names, outer white space off; '' if absent."""
    for name in names:
        child = next((found for found in element if local_name(found.tag) == name), None)
        if child is None:
            return ""
        element = child
    return (element.text or "").strip()
