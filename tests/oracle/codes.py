"""The code lists as the service ships them, read from their files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from yos_warehouse.settings import DBT_DIR

NOT_CONVICTED = ("NOT_GUILTY", "DISMISSED", "WITHDRAWN")


@dataclass(frozen=True)
class LegalOutcome:
    """One row of the list of legal outcomes."""

    code: str
    tier: str
    rank: int
    is_substantive: bool
    is_custody: bool
    is_court_disposal: bool


def rows(name: str) -> list[dict[str, str]]:
    """A code list by its name, wherever it lies; empty fields are empty texts."""
    (path,) = (DBT_DIR / "seeds").rglob(f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _is(text: str) -> bool:
    return text.lower() in ("t", "true")


@cache
def legal_outcomes() -> dict[str, LegalOutcome]:
    """Legal outcomes by code; one that is not in the list decides nothing."""
    return {
        row["code"]: LegalOutcome(
            row["code"], row["tier"], int(row["outcome_rank"]), _is(row["is_substantive"]),
            _is(row["is_custody"]), _is(row["is_court_disposal"]),
        )
        for row in rows("code_legal_outcome")
    }  # fmt: skip


UNKNOWN = LegalOutcome("", "UNMAPPED", 999, False, False, False)


def legal_outcome(code: str) -> LegalOutcome:
    """The list's row, or one that decides nothing."""
    return legal_outcomes().get(code, UNKNOWN)


@cache
def offence_categories() -> dict[str, tuple[str, bool]]:
    """Category and whether recordable by offence code."""
    return {code: (row["category"], _is(row["is_recordable"])) for code, row in _offence_rows().items()}


@cache
def outcome_of_result() -> dict[str, str]:
    """Legal outcome by final court result or police disposal; only those that are one."""
    return {
        row["result_code"]: row["legal_outcome"] for row in rows("map_result_outcome") if row["legal_outcome"]
    }


@cache
def is_final_result() -> dict[str, bool]:
    """Whether a result is final, by result code."""
    return {row["code"]: row["result_type"] == "F" for row in rows("code_result")}


@cache
def outcome_of_crime_outcome() -> dict[str, str]:
    """Legal outcome by Home Office crime outcome; only those that are one."""
    return {row["code"]: row["legal_outcome"] for row in rows("code_crime_outcome") if row["legal_outcome"]}


@cache
def districts() -> frozenset[str]:
    """Districts of the service."""
    return frozenset(row["district_code"] for row in rows("ref_district"))


@cache
def _yjb_map() -> dict[tuple[str, str], tuple[str | None, int | None]]:
    return {
        (row["match_kind"], row["match_code"]): (
            row["yjb_category_code"] or None,
            int(row["yjb_seriousness"]) if row["yjb_seriousness"] else None,
        )
        for row in rows("map_offence_yjb")
    }


@cache
def _offence_rows() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("code_offence")}


def yjb_of_offence(code: str | None) -> tuple[str | None, int | None]:
    """Our own reading of category and seriousness: the first line of the map that fits, the narrowest first."""
    row = _offence_rows().get(code or "")
    if row is None:
        return None, None
    ways = (
        ("CJS_CODE", row["code"]),
        ("OFFENCE_CATEGORY", row["category"]),
        ("HO_SUBCLASS", row["ho_class"]),
        ("HO_CLASS", row["ho_class"].split("/")[0]),
        ("MOJ_GROUP", row["moj_group"]),
    )
    found = [_yjb_map()[way] for way in ways if way in _yjb_map()]
    category = next((c for c, _ in found if c is not None), None)
    return category, next((s for _, s in found if s is not None), None)


@cache
def remand_classes() -> dict[str, str]:
    """Remand class by the code a source uses."""
    return {row["code"]: row["remand_class"] for row in rows("code_remand")}


@cache
def remand_of_result() -> dict[str, str]:
    """Remand class by court result."""
    return {row["result_code"]: row["remand_class"] for row in rows("map_result_remand")}


@cache
def bank_holidays() -> frozenset[date]:
    """Bank holidays of England."""
    return frozenset(date.fromisoformat(row["holiday_date"]) for row in rows("ref_bank_holiday"))
