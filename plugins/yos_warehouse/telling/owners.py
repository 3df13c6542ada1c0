"""Who is told: the partner of a feed, the data team (``us``), the analyst, a team's manager; the service's name."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from yos_warehouse.errors import YosError
from yos_warehouse.settings import SERVICES_DIR, service_code
from yos_warehouse.sources.contract import contracts

ADDRESS = re.compile(r"^[^@\s<>,;:\"()\\]{1,64}@[^@\s<>,;:\"()\\]{1,190}$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# They make a name read backwards, or hide a part of it.
_DIRECTION = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_FORMULA = ("=", "+", "-", "@")


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


class Manager(BaseModel):
    """Who leads a team, and alone is told of its children."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=100)
    email: str = Field(pattern=ADDRESS.pattern)


class NamedPerson(BaseModel):
    """Who alone is told of protected identities, and decides of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=100)
    email: str = Field(pattern=ADDRESS.pattern)


class Team(BaseModel):
    """A team of the service, as its file in ``dags/services`` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]{0,19}$")
    name: str = Field(min_length=1, max_length=100)
    manager: Manager


def owner_of(kind: str, feed: str | None) -> Owner:
    """The owner that a check names: a kind, or a feed, which stands for its partner.

    A partner's check without a known feed falls to the data team.
    """
    if kind in contracts():
        kind, feed = "partner", kind
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
    path = _service_file()
    return str(yaml.safe_load(path.read_text("utf-8"))["name"]) if path.exists() else service_code()


def teams() -> list[Team]:
    """The teams of the service, in the order of its file; none when it has no file.

    Raises:
        YosError: SERVICE, a team is not as described, or its manager's address is a partner's.
    """
    path = _service_file()
    if not path.exists():
        return []
    remedy = f"correct the teams in dags/services/{path.name}"
    try:
        found = [Team.model_validate(team) for team in yaml.safe_load(path.read_text("utf-8"))["teams"]]
    except ValidationError as problem:
        ((where, what), *_) = [(error["loc"], error["msg"]) for error in problem.errors()]
        words = f"a team of {path.stem}: {'.'.join(map(str, where))}: {what}"
        raise YosError("SERVICE", words, remedy) from None
    partners = {contract.owner.email.lower() for contract in contracts().values()}
    for team in found:
        if team.manager.email.lower() in partners:
            words = f"team {team.code} of {path.stem}: the manager's address is a partner's"
            raise YosError("SERVICE", words, remedy)
    return found


def named_person() -> NamedPerson | None:
    """The person whom the service's file names for protected identities; None when it names nobody.

    Raises:
        YosError: SERVICE, the entry is not as described, or its address is a partner's.
    """
    path = _service_file()
    entry = yaml.safe_load(path.read_text("utf-8")).get("protected_identity") if path.exists() else None
    if entry is None:
        return None
    remedy = f"correct protected_identity in dags/services/{path.name}"
    try:
        found = NamedPerson.model_validate(entry)
    except ValidationError as problem:
        ((where, what), *_) = [(error["loc"], error["msg"]) for error in problem.errors()]
        words = f"protected_identity of {path.stem}: {'.'.join(map(str, where))}: {what}"
        raise YosError("SERVICE", words, remedy) from None
    if found.email.lower() in {contract.owner.email.lower() for contract in contracts().values()}:
        raise YosError("SERVICE", f"protected_identity of {path.stem}: the address is a partner's", remedy)
    return found


def _service_file() -> Path:
    return SERVICES_DIR / f"{service_code()}.yml"


def cell(text: str) -> str:
    """A value of a record as :func:`plain`, with a ' before what a spreadsheet would take for a formula.

    For what is written to a file, and for lists on a terminal, which are copied into spreadsheets. Numbers are not
    text: they stay what they are, negative ones too.
    """
    shown = plain(text)
    return "'" + shown if shown.startswith(_FORMULA) else shown


def plain(text: str) -> str:
    """Text on one line without control characters and marks of direction: safe in a header, a log and a terminal."""
    return _CONTROL.sub(" ", _DIRECTION.sub("", text)).strip()
