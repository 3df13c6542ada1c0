"""The code lists of education as the service ships them, read from their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from tests.oracle.codes import rows

NOT_KNOWN, UNMAPPED, NONE = "NOT_KNOWN", "UNMAPPED", "NONE"
CLOSURES = ((date(2020, 3, 23), date(2020, 5, 31)), (date(2021, 1, 5), date(2021, 3, 7)))
PRECEDENCE = {"CASE_SYSTEM": 1, "SCHOOL": 2, "PARTICIPATION": 3}  # since 2000
COUNTED_KINDS = (
    "YOUTH_CONDITIONAL_CAUTION", "REFERRAL_ORDER", "REPARATION_ORDER", "YOUTH_REHABILITATION_ORDER",
    "CUSTODIAL_SENTENCE",
)  # fmt: skip
KPI_KINDS = (  # most serious first
    "CUSTODIAL_SENTENCE", "YOUTH_REHABILITATION_ORDER", "REFERRAL_ORDER", "YOUTH_CONDITIONAL_CAUTION",
    "YOUTH_CAUTION", "NON_SUBSTANTIVE_OOCD",
)  # fmt: skip
KINDS = (*KPI_KINDS, "REPARATION_ORDER")


def _is(text: str) -> bool:
    return text.lower() in ("t", "true")


def is_valid(row: dict[str, str], day: date) -> bool:
    """Whether a row of a list holds on a day."""
    return (not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= day) and (
        not row["valid_to"] or day <= date.fromisoformat(row["valid_to"])
    )


@cache
def provisions() -> dict[str, bool]:
    """Whether a kind of provision is education, employment or training."""
    return {row["code"]: _is(row["is_eet"]) for row in rows("code_ete_provision")}


@dataclass(frozen=True)
class ActivityCode:
    """One row of the participation extract's list."""

    group: str
    is_eet: bool


@cache
def activities() -> dict[str, ActivityCode]:
    """Activities by code."""
    return {
        row["code"]: ActivityCode(row["activity_group"], _is(row["is_eet"]))
        for row in rows("code_nccis_activity")
    }


def provision_of(scheme: str, code: str | None, day: date) -> str | None:
    """Kind of provision that another system's code stands for on a day."""
    found = [
        row["provision_type_code"]
        for row in rows("map_provision")
        if (row["scheme"], row["source_code"]) == (scheme, code) and is_valid(row, day)
    ]
    return found[0] if found else None


@cache
def _attendance() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("code_attendance")}


def attendance(code: str, day: date) -> tuple[str, bool] | None:
    """Group of an attendance code and whether the half day was possible; None where it is not valid on the day."""
    row = _attendance().get(code)
    return (row["attendance_group"], _is(row["is_possible"])) if row and is_valid(row, day) else None


def send_of_school(code: str | None, day: date) -> str | None:
    """EHC_PLAN, SEN_SUPPORT or NONE; None where the code is not valid on the day."""
    found = [r["send_code"] for r in rows("code_sen_provision") if r["code"] == code and is_valid(r, day)]
    return found[0] if found else None


def valid_code(name: str, column: str, code: str | None, day: date) -> str | None:
    """What a list makes of a code on a day; UNMAPPED where it does not have it, nothing of no code."""
    if not code:
        return None
    found = [row[column] for row in rows(name) if row["code"] == code and is_valid(row, day)]
    return found[0] if found else UNMAPPED


def is_closed(day: date) -> bool:
    """Whether schools were closed to most children."""
    return any(first <= day <= last for first, last in CLOSURES)


def precedence(source: str, day: date) -> int | None:
    """Rank of a witness on a day, the lowest believed first."""
    return PRECEDENCE[source] if day >= date(2000, 1, 1) else None
