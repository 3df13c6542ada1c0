"""A season of nights over a small fictional service: all its drops made once, then given to warehouses as they would have come.

Beside what the world brings by itself (late facts, changes, children withdrawn) some deliveries are disturbed: a corrected
one comes the day after, and one is forgotten and comes when newer ones are there.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.conftest import Warehouse

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Season:
    """All drops of some nights, below ``folder`` as a drop store has them.

    Attributes:
        nights: the days on which drops are received from the first night (go-live) on.
    """

    folder: Path
    nights: list[date]

    def give(self, store: Path, until: date) -> None:
        """Put into a drop store what had been received by the end of a day."""
        for manifest in self.folder.rglob("manifest.json"):
            if _received(manifest) <= until:
                place = store / manifest.parent.relative_to(self.folder)
                if not (place / manifest.name).exists():
                    shutil.copytree(manifest.parent, place, ignore=_folders, dirs_exist_ok=True)


def make_season(folder: Path, source_url: str, seed: int, nights: int, children: int = 60) -> Season:
    """Make the drops of a first night and of ``nights`` - 1 after it.

    Args:
        source_url: an empty database that stands in for the case system while its drops are made.
    """
    from yos_warehouse.fictional.case_system import create_case_system
    from yos_warehouse.fictional.feeds import history_nights, write_drops
    from yos_warehouse.fictional.world import make_world
    from yos_warehouse.sources.case_system import extract
    from yos_warehouse.sources.contract import contracts

    world = make_world(seed, children=children, years=3, days_after=nights + 5)
    night0 = world.setting.night0
    days = [night0 + timedelta(days=number) for number in range(nights)]
    write_drops(world, folder, sorted({*history_nights(world), *days}))
    for day in days:
        create_case_system(source_url, world, day)
        received = datetime.combine(day, time(20), LONDON)
        extract(contracts()["case_system"], source_url, day, received, folder, fictional=True)
    _correct(folder / "police", night0, received_on=days[min(1, nights - 1)])
    if nights > 3:
        _delay(folder / "police" / days[2].isoformat(), days[3] if nights < 6 else days[5])
        _delay(folder / "case_system" / days[2].isoformat(), days[3])
    return Season(folder, days)


def _folders(folder: str, names: list[str]) -> list[str]:
    """Of what lies in a drop's folder the folders: drops of their own, which may come later."""
    return [name for name in names if (Path(folder) / name).is_dir()]


def _received(manifest: Path) -> date:
    said = json.loads(manifest.read_text("utf-8"))["received_at"]
    return datetime.fromisoformat(said).astimezone(LONDON).date()


def _correct(feed: Path, day: date, received_on: date) -> None:
    """Send a day's delivery a second time: of each CSV file its last record is gone."""
    from yos_warehouse.sources.manifest import sha256_of

    target = feed / f"{day.isoformat()}-corrected"
    shutil.copytree(feed / day.isoformat(), target)
    path = target / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for entry in manifest["files"]:
        if entry["rows"]:
            file = target / entry["name"]
            lines = file.read_text("utf-8").splitlines(keepends=True)
            file.write_text("".join(lines[:-1]), "utf-8")
            entry |= {"rows": entry["rows"] - 1, "bytes": file.stat().st_size, "sha256": sha256_of(file)}
    path.write_text(json.dumps(manifest | {"received_at": _at(received_on, 19)}), "utf-8")


def _delay(drop: Path, received_on: date) -> None:
    path = drop / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(manifest | {"received_at": _at(received_on, 21)}), "utf-8")


def _at(day: date, hour: int) -> str:
    return datetime.combine(day, time(hour), LONDON).isoformat()


@contextmanager
def at_work_in(warehouse: Warehouse) -> Iterator[None]:
    """Let the steps of a night work in a warehouse; what dbt tells is not shown."""
    from yos_warehouse.bench.place import environment

    with (
        environment(YOS_DATABASE=warehouse.database, YOS_DROPS_DIR=str(warehouse.drops)),
        redirect_stdout(io.StringIO()),
    ):
        yield


def night(warehouse: Warehouse, season: Season, until: date, *, upto: str = "publish") -> date:
    """One night over what had been received by a day: to the step named.

    Args:
        upto: identify, build or publish; or models, which is build without its tests.

    Returns:
        The day it speaks for, which is an earlier one when nothing came on this.
    """
    from yos_warehouse.orchestration import steps
    from yos_warehouse.sources.contract import contracts

    season.give(warehouse.drops, until)
    with at_work_in(warehouse):
        run_id = steps.open_run("nightly", f"night of {until}")
        assert run_id is not None
        for feed in contracts():
            steps.load(run_id, feed)
        for name in ("stage", "identify", "models" if upto == "models" else "build", "publish"):
            counts = build_models(run_id) if name == "models" else getattr(steps, name)(run_id)
            assert not counts.get("failed"), f"{name} of {until}: {counts}"
            if name == upto:
                break
        steps.close_run(run_id, "succeeded")
        return steps.as_at_of(run_id)


def build_models(run_id: int) -> dict[str, int]:
    """What the step build builds, without its tests."""
    from yos_warehouse.build.dbt import run_dbt
    from yos_warehouse.orchestration import steps

    layers = ("intermediate", "marts", "reports", "restricted")
    nodes = run_dbt(run_id, "build", ["run", "--select", *layers], steps.as_at_of(run_id))
    return {"failed": sum(node.status != "success" for node in nodes)}


def as_at(warehouse: Warehouse, day: date) -> str:
    """What ``yos as-at`` builds; its schema."""
    from yos_warehouse.build.past import build_as_at

    with at_work_in(warehouse):
        return build_as_at(day)
