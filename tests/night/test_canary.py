"""A canary child in good and bad rows of every feed, and in deliveries that go wrong: its values stay in the closed zones.

Searched is everything a night writes: marts, reports, ops and the rest of the database, mails, dbt's and Airflow's logs,
Airflow's metadata with XCom, PostgreSQL's log, temporary files, and what the commands say.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

import pytest

from tests.bare_night import BareNight, FictionalService, make_service
from tests.canary import CLOSED, assert_no_canary, find_in_database, find_in_files, words_of
from tests.conftest import _administer
from tests.night.canary_drops import LONDON, damaged_drops

COMPOSE = """
import sys
from yos_warehouse.orchestration.bare import run_bare
from yos_warehouse.server.connect import transaction
from yos_warehouse.telling.attention import compose_early_warnings
from yos_warehouse.cli import main
from yos_warehouse.telling.digest import compose_digests
from yos_warehouse.telling.protected import compose_protected
print(run_bare(sys.argv[1]))
with transaction("publisher") as connection:
    mails = compose_digests(connection) + compose_early_warnings(connection) + compose_protected(connection)
    print(mails, "mails")
main(["review", "list"])
main(["review", "list", "--as-named-person"])
main(["review", "list", "--decisions"])
"""
# An error that nobody foresaw, with the child in its text, on its way out through the wall of Airflow's tasks.
WALL = """
import sys
import psycopg2
from yos_warehouse.orchestration.wall import attempt
from yos_warehouse.server.connect import connect
def strange():
    with connect("loader") as connection, connection.cursor() as cursor:
        cursor.execute("select %s::date", (sys.argv[1],))
for call in (strange, lambda: {}[sys.argv[1]], lambda: int(sys.argv[1])):
    print(attempt("strange", call))
"""


@dataclass(frozen=True)
class Places:
    """Where a night ran, and what it may have left outside the database and the var directory."""

    scratch: Path
    temporary: Path
    home: Path
    said: Path


@pytest.fixture(scope="module")
def service(server, tmp_path_factory) -> Iterator[FictionalService]:
    """A small service with the canary, its case system written as a drop, and deliveries that go wrong."""
    from yos_warehouse.sources.case_system import extract
    from yos_warehouse.sources.contract import contracts

    name = f"canary_{uuid.uuid4().hex[:8]}"
    folder = tmp_path_factory.mktemp("canary")
    made = make_service(folder / "drops", name, canary=True)
    night0 = made.world.setting.night0
    extract(
        contracts()["case_system"],
        made.source_url,
        night0,
        datetime.combine(night0, time(20), LONDON),
        made.drops,
    )
    assert damaged_drops(made.world, folder / "damaged", made.drops) > 10
    # no delivery, and named after a child
    (made.drops / "police" / f"{made.world.canary.family}.csv").touch()
    _administer(f"drop database if exists {name} with (force)")
    yield made


@pytest.fixture
def places(tmp_path) -> Places:
    """A scratch, temporary and home directory of the night's own."""
    made = Places(tmp_path, tmp_path / "tmp", tmp_path / "home", tmp_path / "said")
    for path in (made.temporary, made.home, made.said):
        path.mkdir()
    return made


def _must_be_there(query, drops: Path, words: dict[str, str]) -> None:
    """The canary did come in, as good rows and as bad ones, or its absence elsewhere says nothing."""
    inside = "\n".join(find_in_database(query, words, closed=()))
    for feed in ("case_system__", "police__", "education__", "finance__"):
        assert f"raw.{feed}" in inside, feed
        assert f"quarantine.{feed}" in inside, feed
    assert "staging." in inside
    held = " ".join(find_in_files([drops], words))
    assert all(word in held for word in words)


def _must_be_private(var: Path) -> None:
    """Full tracebacks may hold values: only in a directory that nobody else can enter."""
    errors = var / "errors"
    if errors.exists():
        assert stat.S_IMODE(errors.stat().st_mode) == 0o700
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in errors.iterdir())


def _refused(query) -> dict[str, int]:
    return dict(query("select reason_code, count(*)::int from ops.load where state = 'rejected' group by 1"))


@pytest.mark.soak  # the night in Airflow says it all in make test; this one also calls the wall by hand
def test_after_a_bare_night_the_canary_is_in_the_closed_zones_only(service, warehouse, places) -> None:
    night = BareNight(warehouse, FictionalService(service.drops, "", "", service.world), places.said)
    ended = night.run(
        code=COMPOSE,
        TMPDIR=str(places.temporary),
        HOME=str(places.home),
        YOS_SOURCE_URL="",
        YOS_DIGEST_ALL_GREEN="1",
    )
    assert ended == 0, night.last_words()
    wall = subprocess.run(
        [sys.executable, "-c", WALL, service.world.canary.family], capture_output=True, check=True,
        env={**os.environ, "TMPDIR": str(places.temporary), "HOME": str(places.home)},
    )  # fmt: skip
    (places.said / "wall.txt").write_bytes(wall.stdout + wall.stderr)
    assert wall.stdout.count(b"INTERNAL") == 3

    var = Path(os.environ["YOS_VAR_DIR"])
    words = words_of(service.world.canary)
    _must_be_there(warehouse.query, warehouse.drops, words)
    # the ways of going wrong were really gone
    assert {
        "ENCODING",
        "SCHEMA",
        "TRUNCATED",
        "ALL_BAD",
        "DUPLICATE_HEADER",
        "CHECKSUM",
        "CONTROL_TOTAL",
    } <= set(_refused(warehouse.query))
    assert warehouse.query("select count(*) > 2 from ops.outbox") == [(True,)]
    assert len(list((var / "data_docs").rglob("[0-9]*.html"))) > 10
    assert_no_canary(
        service.world.canary,
        [var, places.temporary, places.home, places.said],
        {"warehouse": warehouse.query},
        leave_out=[var / "postgres" / "data", var / "errors"],
    )
    _must_be_private(var)
    assert find_in_files([var / "errors"], words)  # the traceback was kept, where it may be


def test_the_search_finds_what_is_hidden(warehouse, tmp_path) -> None:
    """Or a clean result would mean nothing."""
    import base64
    import gzip

    words = {"family name": "canarybird"}
    (tmp_path / "x.log").write_text("an error at CanaryBird-Qzx")
    (tmp_path / "y.gz").write_bytes(gzip.compress(b"canarybird"))
    (tmp_path / "z.eml").write_bytes(
        b"Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(b"dear Canarybird-Qzx") + b"\n"
    )  # fmt: skip
    (tmp_path / "canarybird.txt").touch()
    (tmp_path / "clean.txt").write_text("nothing")
    (tmp_path / "drops").mkdir(exist_ok=True)
    (tmp_path / "drops" / "a.csv").write_text("canarybird")
    found = find_in_files([tmp_path], words, leave_out=[tmp_path / "drops"])
    assert sorted(line.partition(":")[0].rpartition("/")[2] for line in found) == [
        "canarybird.txt",
        "x.log",
        "y.gz",
        "z.eml",
    ]

    warehouse.query(
        "create table ops.hidden as select jsonb_build_object('a', array['Canarybird-Qzx']) as value"
    )
    warehouse.query("create table public.packed as select convert_to('xxcanarybird', 'UTF8') as value")
    warehouse.query("create table raw.allowed as select 'Canarybird' as value")
    assert find_in_database(warehouse.query, words) == [
        "ops.hidden: family name",
        "public.packed: family name",
    ]
    assert len(find_in_database(warehouse.query, words, closed=())) == 3
    assert "raw" in CLOSED and "ops" not in CLOSED


@pytest.mark.night
def test_after_a_night_in_airflow_the_canary_is_in_the_closed_zones_only(service, home, places) -> None:
    from yos_warehouse.orchestration.airflow_config import DATABASE
    from yos_warehouse.orchestration.run import database_of

    done = home.yos("run", "--feeds", str(service.drops), TMPDIR=str(places.temporary), HOME=str(places.home))
    (places.said / "run.txt").write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    warehouse = database_of(service.drops)
    status = home.yos("status", TMPDIR=str(places.temporary), HOME=str(places.home), YOS_DATABASE=warehouse)
    (places.said / "status.txt").write_text(status.stdout + status.stderr)
    asked = home.yos(
        "review", "list", TMPDIR=str(places.temporary), HOME=str(places.home), YOS_DATABASE=warehouse
    )
    (places.said / "review.txt").write_text(asked.stdout + asked.stderr)
    assert asked.returncode == 0

    def inside(sql: str) -> list[tuple]:
        return home.query(sql, warehouse)

    _must_be_there(inside, service.drops, words_of(service.world.canary))
    assert len(_refused(inside)) > 5
    assert list((home.var / "mail").glob("*.eml"))
    assert_no_canary(
        service.world.canary,
        [home.var, places.temporary, places.home, places.said],
        {"warehouse": inside, "airflow": lambda sql: home.query(sql, DATABASE)},
        leave_out=[home.var / "postgres" / "data", home.var / "errors"],
    )
    _must_be_private(home.var)
