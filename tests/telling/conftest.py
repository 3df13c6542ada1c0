"""A warehouse with runs, loads and checks as the steps write them, and a mail server of the test's own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.conftest import Warehouse


@dataclass
class Night:
    """Writes what a night's steps would write, by short words."""

    warehouse: Warehouse

    def run(self, state: str = "succeeded") -> int:
        """A run in ops.run; gives its id."""
        sql = (
            "insert into ops.run (kind, owner, state, as_at, finished_at, step)"
            " values ('nightly', 'test', %s, '2026-03-31', now(), 'tell') returning run_id"
        )
        return int(self.warehouse.query(sql, (state,))[0][0])

    def load(
        self, run_id: int, feed: str = "police", day: str = "2026-03-31", *, rows: int = 10, held: int = 0,
        refused: str | None = None, reason: str | None = None,
    ) -> int:  # fmt: skip
        """A drop and its load; gives the load's id."""
        drop = self.warehouse.query(
            "insert into ops.drop (service_code, feed, business_date, received_at, content_hash, files,"
            " is_fictional) values ('oakshire_rushmere', %s, %s, %s, md5(random()::text), 1, true)"
            " returning drop_id",
            (feed, day, date.fromisoformat(day)),
        )[0][0]
        accepted = 0 if refused else rows - held
        sql = (
            "insert into ops.load (drop_id, run_id, state, reason_code, reason, rows_in_files, rows_accepted,"
            " rows_quarantined, rows_rejected, started_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, now())"
            " returning load_id"
        )
        state, lost = ("rejected", rows) if refused else ("accepted", 0)
        held = 0 if refused else held
        values = (drop, run_id, state, refused, reason, rows, accepted, held, lost)
        return int(self.warehouse.query(sql, values)[0][0])

    def check(
        self, run_id: int, rule: str = "REQUIRED:asn", *, feed: str | None = "police",
        entity: str | None = "arrest", failed: int = 3, owner: str = "partner", family: str = "integrity",
        outcome: str | None = None,
    ) -> None:  # fmt: skip
        """A result in ops.check_result; no failed rows means passed."""
        self.warehouse.query(
            "insert into ops.check_result (run_id, checked_by, rule_code, feed, entity, family, severity,"
            " owner, outcome, rows_checked, rows_failed)"
            " values (%s, 'great_expectations', %s, %s, %s, %s, 'warn', %s, %s, 10, %s)",
            (
                run_id,
                rule,
                feed,
                entity,
                family,
                owner,
                outcome or ("failed" if failed else "passed"),
                failed,
            ),
        )

    def hold(self, load_id: int, rule: str = "REQUIRED:asn", *, rows: int = 3) -> None:
        """Arrests of a load in quarantine."""
        self.warehouse.query(
            "insert into quarantine.police__arrest (load_id, row_number, rule_codes, record_id, held_since)"
            " select %s, n, array[%s], n::text, now() from generate_series(1, %s) as n",
            (load_id, rule, rows),
        )

    def release(self, by_load_id: int, rows: int = 3) -> None:
        """A good version of the first rows held back has come."""
        self.warehouse.query(
            "update quarantine.police__arrest set released_at = now(), released_by_load_id = %s"
            " where row_number <= %s",
            (by_load_id, rows),
        )

    def tell(self, run_id: int) -> dict[str, int]:
        """The step *tell* as publisher."""
        from yos_warehouse.server.connect import transaction
        from yos_warehouse.telling.incidents import tell_runs

        with transaction("publisher") as connection:
            return tell_runs(connection, run_id, self.warehouse.drops)

    def alert(self, now: datetime | None = None) -> list[tuple[str, str, str]]:
        """Write the mails that do not wait; kind, recipient and subject of all in the outbox."""
        from yos_warehouse.server.connect import transaction
        from yos_warehouse.telling.alerts import compose_alerts

        with transaction("publisher") as connection:
            compose_alerts(connection, now)
        return self.warehouse.query("select kind, recipient, subject from ops.outbox order by mail_id")

    def publish(self, run_id: int, *units: str) -> None:
        """What a run published."""
        for unit in units:
            self.warehouse.query(
                "insert into marts.publication (run_id, unit, as_at, kind, data_dates, rows_changed, is_fictional)"
                " values (%s, %s, '2026-03-31', 'publish', '{}', 0, true)",
                (run_id, unit),
            )

    def compose(self, now: datetime | None = None) -> list[tuple[str, str, str]]:
        """Write the digests as publisher; recipient, subject and body of those in the outbox."""
        from yos_warehouse.server.connect import transaction
        from yos_warehouse.telling.digest import compose_digests

        with transaction("publisher") as connection:
            compose_digests(connection, now)
        return self.warehouse.query("select recipient, subject, body from ops.outbox order by mail_id")


@pytest.fixture
def night(warehouse: Warehouse) -> Night:
    return Night(warehouse)


@dataclass
class MailServer:
    """A running mail catcher."""

    port: int
    folder: Path

    def mails(self) -> list[bytes]:
        """All mails received, oldest first."""
        return [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[MailServer]:
    """Our mail catcher as the process that ``make run`` starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path / "mail"
    command = [sys.executable, "-m", "yos_warehouse.telling.mail_catcher", "--port", str(port)]
    with subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.PIPE) as process:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield MailServer(port, folder)
        process.terminate()
