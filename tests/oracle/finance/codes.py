"""The finance code lists as the fictional service ships them, read from their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from tests.oracle.codes import rows
from tests.oracle.records import SERVICE

UNMAPPED, NOT_KNOWN, CORE = "UNMAPPED", "NOT_KNOWN", "CORE"


@dataclass(frozen=True)
class Account:
    """A row of the chart of accounts; ``key`` names it and the day from which it holds."""

    code: str
    group: str
    supplier_category: str
    since: date
    until: date | None

    @property
    def key(self) -> str:
        """``A1000@2000-04-01``."""
        return f"{self.code}@{self.since.isoformat()}"

    @property
    def is_income(self) -> bool:
        """Told by its group; the sign of an amount says nothing."""
        return self.group == "INCOME"


NO_ACCOUNT = Account(UNMAPPED, UNMAPPED, "", date.min, None)


def of_service(name: str) -> list[dict[str, str]]:
    """The service's own rows of a list."""
    return [row for row in rows(name) if row["service_code"] == SERVICE]


@cache
def accounts() -> tuple[Account, ...]:
    """The chart of accounts."""
    return tuple(
        Account(
            row["subjective_code"], row["account_group_code"], row["supplier_category_code"],
            date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in of_service("ref_account")
    )  # fmt: skip


def account(code: str, day: date) -> Account:
    """The account of a code as it was on the day."""
    found = [
        a
        for a in accounts()
        if a.code == code.upper() and a.since <= day and (a.until is None or day <= a.until)
    ]
    assert len(found) <= 1, f"{code} means two things on {day}"
    return found[0] if found else NO_ACCOUNT


def account_key(code: str, day: date) -> str:
    """Of the account, or UNMAPPED."""
    found = account(code, day)
    return UNMAPPED if found is NO_ACCOUNT else found.key


@cache
def members(seed: str, column: str, *, service: bool = True) -> frozenset[str]:
    """The codes of a list."""
    return frozenset(row[column] for row in (of_service(seed) if service else rows(seed)))


def known(code: str, seed: str, column: str) -> str:
    """The code if the service's list has it."""
    return code.upper() if code.upper() in members(seed, column) else UNMAPPED


@cache
def mapped(seed: str, column: str) -> dict[str, str]:
    """A map's words and what they mean."""
    return {row["code"]: row[column] for row in rows(seed)}


def programme(word: str | None) -> str:
    """Of a project or an additional contributor; money without one is core money."""
    if word is None:
        return CORE
    return mapped("map_programme", "programme_code").get(word.upper(), UNMAPPED)


@cache
def reserves_among_contributors() -> frozenset[str]:
    """Contributors that are the service's own reserve: nobody is billed for them."""
    return frozenset(
        row["contributor_code"]
        for row in rows("ref_contributor")
        if row["is_reserve"].lower() in ("t", "true")
    )


@cache
def instalments() -> tuple[tuple[int, int, int, Decimal], ...]:
    """Number, month, day and share in per cent, in order."""
    return tuple(
        sorted(
            (int(r["instalment_number"]), int(r["due_month"]), int(r["due_day"]), Decimal(r["share_pct"]))
            for r in of_service("ref_instalment")
        )
    )
