"""The frame of a fictional world: its service, period and seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from yos_warehouse.settings import SERVICES_DIR


@dataclass(frozen=True)
class District:
    """A district of the service."""

    code: str
    name: str
    team: str


@dataclass(frozen=True)
class Setting:
    """What all children of a world share.

    Attributes:
        start: first day of the period.
        night0: business date of the first night; the police backlog is four days older.
        horizon: last day of which anything is known; nights up to here can be had.
    """

    seed: int
    service: str
    start: date
    night0: date
    horizon: date
    districts: tuple[District, ...]

    @property
    def first_police_night(self) -> date:
        """Business date of the police backlog."""
        return self.night0 - timedelta(days=4)

    @property
    def xml_since(self) -> date:
        """Hearings from this day on may arrive as XML messages; older ones are in CSV only."""
        return self.night0 - timedelta(days=120)


def districts(service: str, folder: Path = SERVICES_DIR) -> tuple[District, ...]:
    """Districts of a service, from its configuration file."""
    config = yaml.safe_load((folder / f"{service}.yml").read_text("utf-8"))
    return tuple(District(d["code"], d["name"], d["team"]) for d in config["districts"])


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def age_on(day: date, birth: date) -> int:
    """Completed years; born on 29 February means a birthday on 1 March in other years (domain.md 0.4)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def weekday_from(day: date) -> date:
    """The day itself, or the Monday after a weekend: courts do not sit then."""
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def school_age_ends(birth: date) -> date:
    """Last Friday in June of the school year in which a child turns 16 (domain.md 1.6)."""
    year = birth.year + 16 + (birth.month >= 9)
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - 4) % 7)
