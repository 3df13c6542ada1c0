"""The drops of the fictional service: which feed delivers on which day, and what was known then."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from yos_warehouse.fictional.drop_files import DropFiles, write_drop
from yos_warehouse.fictional.education_files import (
    ATTENDANCE_HEADER,
    attendance_rows,
    census_files,
    nccis_xml,
)
from yos_warehouse.fictional.finance_files import finance_drop, first_finance_night
from yos_warehouse.fictional.police_files import police_drop
from yos_warehouse.fictional.published_files import published_drop, quarter_end
from yos_warehouse.fictional.world import World

FEEDS = ("police", "education", "finance", "published")  # the case system is read as a database


def _nth_thursday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 7 * (nth - 1))


def census_day(day: date) -> bool:
    """Census days: first Thursday in October, third in January and in May."""
    return any(day == _nth_thursday(day.year, month, nth) for month, nth in ((10, 1), (1, 3), (5, 3)))


def month_end(day: date) -> bool:
    """Whether the day is its month's last."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def education_drop(world: World, night: date) -> DropFiles | None:
    """Census on census days; the participation extract at the end of a month.

    From the first night on the attendance of four weeks comes with it.
    """
    drop = DropFiles("education")
    if census_day(night):
        census_files(world, night, drop)
    if month_end(night):
        drop.add_xml(f"nccis_{night:%Y_%m}.xml", nccis_xml(world, night))
        if night >= world.setting.night0:
            drop.add_csv(
                f"attendance_{night.isoformat()}.csv", ATTENDANCE_HEADER, attendance_rows(world, night)
            )
    return drop if drop.files else None


def history_nights(world: World) -> list[date]:
    """The nights whose drops lie there when the first night runs: the first backlogs and what came since.

    For a first night of 2026-03-31: census 2025-10-02 and 2026-01-15; participation January to March; budget
    and ledger at the end of February and of March; received figures at the end of March; police backlog on 27 March and daily since.
    """
    setting = world.setting
    nights = {setting.night0 - timedelta(days=n) for n in range(5)}
    for back in range(190):
        day = setting.night0 - timedelta(days=back)
        if census_day(day) or (month_end(day) and back < 62):
            nights.add(day)
    return sorted(nights)


def drops_of_night(
    world: World, night: date, feeds: Sequence[str] = FEEDS, police_since: date | None = None
) -> list[DropFiles]:
    """The drops that are due on a night.

    Args:
        world: whose feeds.
        night: business date.
        feeds: which feeds.
        police_since: the force's previous delivery; default the night before, and everything up to then for
            the first police night.
    """
    drops: list[DropFiles | None] = []
    first = world.setting.first_police_night
    if "police" in feeds and night >= first:
        after = police_since or night - timedelta(days=1)
        drops.append(police_drop(world, None if night == first and not police_since else after, night))
    if "education" in feeds:
        drops.append(education_drop(world, night))
    if "finance" in feeds and month_end(night) and night >= first_finance_night(world):
        drops.append(finance_drop(world, night))
    if "published" in feeds and quarter_end(night) and night >= world.setting.night0:
        drops.append(published_drop(world, night))
    return [drop for drop in drops if drop]


def write_drops(world: World, out: Path, nights: Sequence[date], feeds: Sequence[str] = FEEDS) -> list[Path]:
    """Write the drops of some nights below ``out``; returns their folders.

    Nights may leave days out: police changes are those since the previous night given, or, for the
    first one, since the day before. Only the first police night (``setting.first_police_night``) brings the
    backlog, so a history begins with ``history_nights``. A night is the same bytes whichever nights are
    written with it, as long as none is left out.
    """
    folders = []
    previous: date | None = None
    for night in sorted(nights):
        for drop in drops_of_night(world, night, feeds, previous):
            folders.append(write_drop(drop, world.setting.service, night, out))
        if night >= world.setting.first_police_night:
            previous = night
    return folders
