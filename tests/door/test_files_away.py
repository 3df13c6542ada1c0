"""Files that are archives, are away or may not be read, and deliveries too large to look at."""

from __future__ import annotations

import io
import os
import shutil
import stat
import zipfile
from datetime import date

import pytest

from tests.door.conftest import Door, arrest
from tests.troubles import deliveries


def _archive(kind: str) -> bytes:
    """A small archive of a bad kind; none of them is ever opened."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == "bomb":
            archive.writestr("arrests_1.csv", b"0" * (20 << 20))
        elif kind == "nested":
            archive.writestr("inner.zip", _archive("bomb"))
        elif kind == "many":
            for number in range(2000):
                archive.writestr(f"{number}.csv", b"")
        elif kind == "slip":
            archive.writestr("../../../../outside.csv", b"x")
        elif kind == "link":
            entry = zipfile.ZipInfo("link.csv")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
    content = bytearray(made.getvalue())
    if kind == "encrypted":
        content[6] |= 1
    return bytes(content)


@pytest.mark.fault("F22")
@pytest.mark.parametrize("kind", ["bomb", "nested", "many", "slip", "link", "encrypted"])
@pytest.mark.parametrize("name", ["arrests_2.csv", "arrests_2.zip"])
def test_an_archive_is_never_opened(door: Door, name: str, kind: str) -> None:
    """Called CSV it is refused; called what it is, it is a file that no entity wants, and is left lying."""
    for sent in deliveries(date(2026, 4, 1), 1):
        if sent.feed == "police":
            sent.files[name] = _archive(kind)
            sent.write(door.warehouse.drops)
    before = set(door.warehouse.drops.rglob("*"))
    (report,) = door.load("police")
    if name.endswith(".csv"):
        assert report.state == "rejected"
        assert door.query("select count(*) from raw.police__arrest") == [(0,)]
    else:
        assert report.unknown_files and report.rows_accepted == 180
    assert set(door.warehouse.drops.rglob("*")) == before


@pytest.mark.fault("F23")
def test_a_file_too_large_is_refused_before_it_is_read(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five gigabytes that are not there: a file of holes, so that reading it would show in the time."""
    door.arrests([arrest(1)])
    (path,) = door.warehouse.drops.rglob("arrests*.csv")
    os.truncate(path, 5 << 30)
    (report,) = door.load()
    assert (report.state, report.reason_code) == ("rejected", "TOO_LARGE")
    assert report.seconds < 5


@pytest.mark.fault("F25")
def test_a_file_that_vanished_refuses_its_delivery_and_other_feeds_go_on(door: Door) -> None:
    for sent in deliveries(date(2026, 4, 1), 1):
        sent.write(door.warehouse.drops)
    gone = next(door.warehouse.drops.rglob("charges*.csv"))
    kept = gone.read_bytes()
    gone.unlink()
    states = {feed: door.load(feed)[0].state for feed in ("education", "finance", "police")}
    assert states == {"education": "accepted", "finance": "accepted", "police": "rejected"}
    assert door.query("select reason_code from ops.load where state = 'rejected'") == [("MISSING_FILE",)]
    assert door.query("select count(*) from raw.police__arrest") == [(0,)]
    gone.write_bytes(kept)  # and is sent again with what came since
    for sent in deliveries(date(2026, 4, 2), 2):
        sent.write(door.warehouse.drops)
    assert [report.state for report in door.load("police")] == ["accepted"]


@pytest.mark.fault("F25")
def test_a_landing_folder_that_is_away_takes_nothing_from_anybody(door: Door) -> None:
    """A share that is not mounted is an empty folder, or none."""
    for sent in deliveries(date(2026, 4, 1), 1):
        sent.write(door.warehouse.drops)
    assert [len(door.load(feed)) for feed in ("education", "finance", "police")] == [1, 1, 1]
    away = door.warehouse.drops.with_name("away")
    shutil.move(door.warehouse.drops, away)
    assert [door.load(feed) for feed in ("education", "finance", "police")] == [[], [], []]
    door.warehouse.drops.mkdir()
    assert [door.load(feed) for feed in ("education", "finance", "police")] == [[], [], []]
    assert door.query("select count(*) from raw.education__ehc_plan where recorded_to is null") == [(60,)]
    door.warehouse.drops.rmdir()
    shutil.move(away, door.warehouse.drops)
    assert [door.load(feed) for feed in ("education", "finance", "police")] == [[], [], []]


@pytest.mark.fault("F25")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_stops_its_feed_only(door: Door) -> None:
    for sent in deliveries(date(2026, 4, 1), 1):
        sent.write(door.warehouse.drops)
    closed = next(door.warehouse.drops.rglob("arrests*.csv"))
    closed.chmod(0)
    with pytest.raises(PermissionError):
        door.load("police")
    assert [report.state for report in door.load("finance")] == ["accepted"]
    closed.chmod(0o600)
    assert [report.state for report in door.load("police")] == ["accepted"]
