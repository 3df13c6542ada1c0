"""``yos run``, ``yos up`` and ``yos down``: from nothing to the published marts, and what to look at."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from email import policy
from email.parser import BytesParser
from pathlib import Path

from yos_warehouse.errors import AlreadyRunning, UsageError, YosError
from yos_warehouse.orchestration import airflow_config, airflow_runtime, fictional_source, processes
from yos_warehouse.orchestration.airflow_api import RunResult, TaskState
from yos_warehouse.orchestration.airflow_runtime import Airflow, Prepared, mail_dir
from yos_warehouse.server.connect import connect, transaction, url
from yos_warehouse.server.embedded import ensure_server, stop_server
from yos_warehouse.server.migrate import migrate
from yos_warehouse.settings import database_name, drops_dir, var_dir
from yos_warehouse.telling.owners import service_name

COMMAND_LOCK = 733  # advisory, one number up from those of orchestration/lease.py
SHOWN = {"success": "done", "failed": "FAILED", "skipped": "skipped", "up_for_retry": "tried again"}
# The digest is over when its mails are handed over, or wait in the outbox for a server that is down.
MAIL_IS_OVER = ("success", "failed", "up_for_retry", "upstream_failed", "skipped")


def run(feeds: Path | None = None, as_at: date | None = None) -> int:
    """Run one night from source to published mart in a real Airflow and show the result.

    Args:
        feeds: a directory of drops made elsewhere; it gets a warehouse database of its own. None: the
            fictional service's feeds.
        as_at: build what was known by the end of this day; None: the latest day delivered.

    Returns:
        Exit code: 0 done, 1 the night failed (said which task, its log, how to go on).

    Raises:
        UsageError: the directory, a date, a format or a drop is not what it should be; nothing was started.
        AlreadyRunning: another ``yos run`` or ``yos up`` is at it.
    """
    clock = _Clock()
    is_fictional_service = _choose_feeds(feeds)
    clock.say(f"FICTIONAL: {service_name()}. Everything shown is invented.")
    server = ensure_server()
    clock.say(f"PostgreSQL is up on {server.host}:{server.port}, database {database_name()}")
    with _only_one():
        prepared = Prepared(schedule=False)
        _bring_up_to_date(clock, is_fictional_service=is_fictional_service)
        _refuse_past(as_at)
        # Nothing else can be at work: a run that is still marked as live was killed.
        from yos_warehouse.orchestration.lease import abandon_all

        abandon_all()
        prepared.environment.update(_own_environment())
        clock.say("Airflow starts (scheduler, DAG processor, API server, mail catcher)")
        seen = set(mail_dir().glob("*.eml"))
        with airflow_runtime.running(prepared) as airflow:
            clock.say(f"Airflow is ready; the night begins ({airflow.api.url} while it works)")
            conf: dict[str, object] = {"as_at": as_at.isoformat()} if as_at else {}
            night = airflow.run_dag("nightly", conf, _reporter(clock))
            if night.tasks.get("open_run") == "skipped":
                raise AlreadyRunning(
                    "ALREADY_RUNNING", "another night is at work on this warehouse; nothing was done"
                )
            clock.say("The mails to the owners of the data")
            digest = airflow.run_dag(
                "data_quality_digest",
                tell=_reporter(clock),
                until=lambda states: states.get("send") in MAIL_IS_OVER,
            )
            problem = _explain(airflow, night) or _explain(airflow, digest)
    _show_summary(sorted(set(mail_dir().glob("*.eml")) - seen))
    if problem:
        print(f"\nyos: {problem}", file=sys.stderr)
        return 1
    return 0


def up() -> int:
    """Keep Airflow, PostgreSQL and a mail catcher running in the background; the clock starts the nights."""
    clock = _Clock()
    server = ensure_server()
    clock.say(f"PostgreSQL is up on {server.host}:{server.port}, database {database_name()}")
    with _only_one():
        prepared = Prepared(schedule=True)
        _bring_up_to_date(clock, is_fictional_service="YOS_DROPS_DIR" not in os.environ)
        prepared.environment.update(_own_environment())
        clock.say("Airflow starts")
        airflow = airflow_runtime.start(prepared, airflow_runtime.EVERYTHING, background=True)
    password = var_dir() / "secrets" / "airflow_engineer"
    print(
        f"""
Airflow    {airflow.api.url}
           user {airflow_config.USER}, password in {password}
The nights {airflow.api.url}/plugin/warehouse
Warehouse  {_url_without_password()}
           with its password: yos url --role analyst
Mails      {mail_dir() if prepared.mail_port else "your own mail server"}
Nights     run by the clock at 03:30, mails at 07:30; one that was missed is made up for at once
Stop it    make down"""
    )
    return 0


def down() -> int:
    """Stop what ``yos up`` started, PostgreSQL too; also what a killed ``yos run`` left behind."""
    children = processes.remembered()
    processes.stop(children)
    stopped = [child.name for child in children] + (["PostgreSQL"] if stop_server() else [])
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def database_of(feeds: Path) -> str:
    """The warehouse database of a directory of drops: the same directory finds its own again."""
    return "warehouse_" + hashlib.sha256(str(feeds.resolve()).encode()).hexdigest()[:8]


def _choose_feeds(feeds: Path | None) -> bool:
    """Point this process and all it starts to the drops; looks at them before anything slow begins.

    Returns:
        Whether the fictional service's feeds are to be made: never into a drop store that somebody named.
    """
    from yos_warehouse.sources.drop import check_store

    if feeds is None:
        if "YOS_DROPS_DIR" in os.environ:
            check_store(drops_dir())
            return False
        return True
    check_store(feeds)
    os.environ["YOS_DROPS_DIR"] = str(feeds.resolve())
    os.environ["YOS_DATABASE"] = database_of(feeds)
    os.environ.pop("YOS_SOURCE_URL", None)  # its case system comes as files
    return False


def _bring_up_to_date(clock: _Clock, *, is_fictional_service: bool) -> None:
    applied = migrate(database_name())
    clock.say(f"The warehouse's tables are in place ({len(applied)} migration(s) applied now)")
    if is_fictional_service and "YOS_SOURCE_URL" not in os.environ:
        fictional_source.apply(fictional_source.provide())
        clock.say(
            f"The fictional service's feeds: {drops_dir()} and the database {fictional_source.DATABASE}"
        )


def _refuse_past(as_at: date | None) -> None:
    if as_at is None:
        return
    with transaction("auditor") as connection, connection.cursor() as cursor:
        cursor.execute("select max(as_at) from marts.publication where kind = 'publish'")
        (published,) = cursor.fetchone() or (None,)
    if published and as_at < published:
        raise UsageError(
            "AS_AT_PAST",
            f"{as_at} lies before what is published ({published})",
            f"build the past beside it with: yos as-at {as_at}",
        )


def _own_environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name.startswith("YOS_") and name != "YOS_VAR_DIR"
    }


@contextmanager
def _only_one() -> Iterator[None]:
    """The command's lock, held on a session of its own; the server frees it however this process ends.

    Raises:
        AlreadyRunning: another command holds it, or ``yos up`` keeps Airflow running.
    """
    connection = connect(
        "admin", database=ensure_server().admin_database, autocommit=True, application="yos run"
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, 0)", (COMMAND_LOCK,))
            if cursor.fetchone() != (True,):
                raise AlreadyRunning(
                    "ALREADY_RUNNING", "another yos run is at work; this one leaves it alone"
                )
        if "triggerer" in {child.name for child in processes.remembered()}:
            raise AlreadyRunning(
                "ALREADY_RUNNING",
                "make up keeps an Airflow running here: trigger nightly there, or stop it with make down",
            )
        yield
    finally:
        connection.close()


def _reporter(clock: _Clock) -> Callable[[TaskState], None]:
    def tell(task: TaskState) -> None:
        word = SHOWN.get(task.state)
        if word is None:
            return
        seconds = f"{task.seconds:5.1f} s" if task.seconds is not None else ""
        counts = ", ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in task.counts.items() if n)
        if task.counts and not counts:
            counts = "nothing new"
        clock.say(f"  {task.task_id:<22} {word:<12} {seconds:<8} {counts}".rstrip())

    return tell


def _explain(airflow: Airflow, result: RunResult) -> YosError | None:
    """What failed, where its log is, how to go on; None when nothing did."""
    # A digest is left while it ends. Mails that wait for a server that is down are said by the summary: the
    # night is not to blame.
    if result.state == "success" or result.tasks.get("send") in ("success", "up_for_retry"):
        return None
    culprits = [task for task in result.failed if task.task_id != "close"] or result.failed
    if not culprits:
        return YosError(
            "NIGHT_FAILED",
            f"{result.dag_id} failed without a task's failure",
            f"see {airflow_config.log_dir()}",
        )
    names = ", ".join(task.task_id for task in culprits)
    log = airflow.log_of(result, culprits[0])
    return YosError(
        "NIGHT_FAILED",
        f"{result.dag_id} failed in {names}; what was published before stays. {_last_words(log)}".strip(". "),
        f"Read {log}, then run the same command again: it goes on from there",
    )


def _last_words(log: Path) -> str:
    """The error with which a task ended, from its log; written for readers by the wall."""
    try:
        entries = [
            json.loads(line) for line in log.read_text("utf-8").splitlines() if '"error_detail"' in line
        ]
        return str(entries[-1]["error_detail"][0]["exc_value"])
    except (OSError, ValueError, LookupError):
        return ""


def _show_summary(mails: list[Path]) -> None:
    from yos_warehouse.telling.status import summary

    auditor, analyst = connect("auditor", autocommit=True), connect("analyst", autocommit=True)
    try:
        print(summary(auditor, analyst))
    finally:
        auditor.close()
        analyst.close()
    print("\nMAILS")
    if airflow_config.has_own_mail_server():
        print("  sent to your own mail server")
    for path in mails:
        print(f"  {_subject(path)[:104]}")
    if mails:
        print(f"  They lie in {mail_dir()}")
    elif not airflow_config.has_own_mail_server():
        print("  none: nobody has news")
    print(f"\nFOR A BI TOOL\n  {_url_without_password()}\n  with its password: {_yos()} url --role analyst")
    print("  PostgreSQL keeps running for it; stop it with: make down. Airflow's pages: make up")


def _subject(path: Path) -> str:
    with path.open("rb") as file:
        mail = BytesParser(policy=policy.default).parse(file, headersonly=True)
    return f"{mail['To']}: {mail['Subject']}"


def _url_without_password() -> str:
    from sqlalchemy.engine import make_url

    return make_url(url("analyst", driver="postgresql")).render_as_string(hide_password=True)


def _yos() -> str:
    return str(Path(sys.executable).with_name("yos"))


class _Clock:
    """Lines with the time since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, words: str) -> None:
        """Print one line at once, whoever reads the output."""
        seconds = int(time.monotonic() - self._began)
        print(f"{seconds // 60:2d}:{seconds % 60:02d}  {words}", flush=True)
