"""Who is told: the partner of a feed, the data team (``us``) or the analyst; the service's name."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache

import yaml

from yos_warehouse.settings import SERVICES_DIR, service_code
from yos_warehouse.sources.contract import contracts

ADDRESS = re.compile(r"^[^@\s<>,;:\"()\\]{1,64}@[^@\s<>,;:\"()\\]{1,190}$")


@dataclass(frozen=True)
class Owner:
    """Somebody who can mend a kind of fault.

    Attributes:
        kind: ``partner`` (the sender's data contradicts itself), ``us`` (our lists or code do not cover the
            data) or ``analyst`` (a number looks wrong).
    """

    kind: str
    name: str
    email: str


def owner_of(kind: str, feed: str | None) -> Owner:
    """The owner that a check names. A partner's check without a known feed falls to the data team."""
    if kind == "partner" and feed in contracts():
        owner = contracts()[feed].owner
        return Owner("partner", owner.name, owner.email)
    if kind == "analyst":
        return Owner(
            "analyst", "Analyst", os.environ.get("YOS_ANALYST_EMAIL", "analyst@oakshire.example.org")
        )
    return Owner("us", "Data team", os.environ.get("YOS_DATA_TEAM_EMAIL", "data.team@oakshire.example.org"))


def everybody() -> dict[str, Owner]:
    """All owners by e-mail address; one person who owns several feeds is there once."""
    owners = [owner_of("partner", feed) for feed in contracts()]
    return {owner.email: owner for owner in (*owners, owner_of("us", None), owner_of("analyst", None))}


def feeds_of(email: str) -> list[str]:
    """The feeds that a partner owns."""
    return [feed for feed, contract in contracts().items() if contract.owner.email == email]


@cache
def service_name() -> str:
    """The service's name as shown to people."""
    path = SERVICES_DIR / f"{service_code()}.yml"
    return str(yaml.safe_load(path.read_text("utf-8"))["name"]) if path.exists() else service_code()


def plain(text: str) -> str:
    """Text on one line without control characters: safe in a header, a log and a terminal."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()
