"""The monthly participation extract (NCCIS) into rows of the education contract.

The shape is this project's reading of the monthly return's sections, one ``YoungPerson`` element per young
person with the current activity and the circumstances inside; documented in docs/feeds/education.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from yos_warehouse.sources.safe_xml import children, local_name, read_records, text_at

# Individual circumstance 170: supervised by the youth offending team, while it has no last day.
SUPERVISED_BY_YOT = "170"

_YOUNG_PERSON = {
    "given_name": "GivenName",
    "family_name": "FamilyName",
    "date_of_birth": "BirthDate",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "upn": "UPN",
    "uln": "ULN",
    "lead_authority": "LeadLA",
    "postcode": "Postcode",
    "cohort_status": "CohortStatus",
    "level_of_need": "LevelOfNeed",
    "review_date": "ReviewDate",
}
_ACTIVITY = {
    "activity_code": "Code",
    "activity_start_date": "StartDate",
    "activity_valid_until": "DueToLapseDate",
    "establishment": "Establishment",
    "review_date": "ReviewDate",
}
_CIRCUMSTANCE = {"circumstance_code": "Code", "start_date": "StartDate", "end_date": "EndDate"}

Row = tuple[str, dict[str, str]]


def read_participation(path: Path) -> Iterator[Row]:
    """(entity, values) of young_person, young_person_activity and young_person_circumstance, in document order.

    An activity or circumstance element in which nothing is written is no row.

    Raises:
        DropRejected: as safe_xml.read_records; SCHEMA when the outermost element is not NCCISExtract.
    """
    for element in read_records(
        path, lambda tag: local_name(tag) == "YoungPerson", lambda tag: local_name(tag) == "NCCISExtract"
    ):
        yield from _rows(element)


def _rows(element: Element) -> Iterator[Row]:
    young_person_id = {"young_person_id": text_at(element, "YoungPersonID")}
    activities = [
        {column: text_at(found, name) for column, name in _ACTIVITY.items()}
        for found in children(element, "CurrentActivity")
    ]
    circumstances = [
        {column: (found.get(name) or "").strip() for column, name in _CIRCUMSTANCE.items()}
        for group in children(element, "Circumstances")
        for found in children(group, "Circumstance")
    ]
    is_supervised = any(
        one["circumstance_code"] == SUPERVISED_BY_YOT and not one["end_date"] for one in circumstances
    )
    yield (
        "young_person",
        young_person_id
        | {column: text_at(element, name) for column, name in _YOUNG_PERSON.items()}
        | {"is_supervised_by_yot": "true" if is_supervised else "false"},
    )
    for activity in activities:
        if any(activity.values()):
            yield "young_person_activity", young_person_id | activity
    for circumstance in circumstances:
        if any(circumstance.values()):
            yield "young_person_circumstance", young_person_id | circumstance
