"""The drops of the fictional service: which feed delivers on which day, and what was known then."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from yos_warehouse.fictional import attendance, plan_files
from yos_warehouse.fictional.census_files import census_files
from yos_warehouse.fictional.drop_files import DropFiles, write_drop
from yos_warehouse.fictional.finance_files import finance_drop
from yos_warehouse.fictional.nccis_files import nccis_xml
from yos_warehouse.fictional.police_files import police_drop
from yos_warehouse.fictional.published_files import published_drop, quarter_end
from yos_warehouse.fictional.transfers import transfer_files
from yos_warehouse.fictional.world import World

OLD_MARKS = date(2024, 7, 19)  # last day of the old attendance the first delivery brings
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


def _education_nights(world: World, until: date) -> list[date]:
    """Nights on which the education feed delivers, from its first on."""
    first = world.setting.night0
    days = [first - timedelta(days=back) for back in range(189, 0, -1)]
    nights = [day for day in days if census_day(day) or (month_end(day) and (first - day).days < 62)]
    later = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    return [day for day in nights if day <= until] + [
        day for day in later if census_day(day) or month_end(day)
    ]


def education_drop(world: World, night: date) -> DropFiles | None:
    """Census on census days; participation extract, attendance of four weeks and plans at the end of a month.

    With each come the transfer files since the delivery before it. The first one brings those of twenty months, and
    the attendance of the weeks before the codes changed.
    """
    if not census_day(night) and not month_end(night):
        return None
    drop = DropFiles("education")
    before = [day for day in _education_nights(world, night) if day < night]
    if census_day(night):
        census_files(world, night, drop)
    if month_end(night):
        drop.add_xml(f"nccis_{night:%Y_%m}.xml", nccis_xml(world, night))
        drop.add_csv(f"ehc_plan_{night:%Y_%m}.csv", plan_files.HEADER, plan_files.plan_rows(world, night))
    if month_end(night) or not before:
        until = night if before else OLD_MARKS
        rows = attendance.attendance_rows(world, night, until)
        drop.add_csv(f"attendance_{until.isoformat()}.csv", attendance.HEADER, rows)
    transfer_files(world, before[-1] if before else None, night, drop)
    return drop


def history_nights(world: World) -> list[date]:
    """The nights whose drops lie there when the first night runs: the first backlogs and what came since.

    For a first night of 2026-03-31: census 2025-10-02 and 2026-01-15; participation January to March; budget
    and ledger at the end of February and of March; received figures at the end of March; police backlog on 27 March and daily since.
    """
    setting = world.setting
    nights = {setting.night0 - timedelta(days=n) for n in range(5)}
    return sorted(nights | set(_education_nights(world, setting.night0)))


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
    if "finance" in feeds:
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
