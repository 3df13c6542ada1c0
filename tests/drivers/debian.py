"""PostgreSQL's ODBC driver, which no Python package carries: from Debian, by version and SHA-256, into var/tools.

Nothing is installed and nobody has to be root: apt says where this machine gets Debian's packages from and fetches
them, dpkg-deb unpacks them. They are the files of Debian 12, which run on newer releases too.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

FETCH = Path("/usr/lib/apt/apt-helper")
PACKAGES = {
    "pool/main/p/psqlodbc/odbc-postgresql_13.02.0000-2+b1_amd64.deb": "92def47f0fc15366c00da1b5c2c12026c619946074e20f7e4b0b2fc679c9f267",
    "pool/main/u/unixodbc/libodbc2_2.3.11-2+deb12u1_amd64.deb": "0af106cc7545f86bfa2d6f4fe644b98470704e73568feb395e07d5d60eeaefe4",
    "pool/main/u/unixodbc/libodbcinst2_2.3.11-2+deb12u1_amd64.deb": "416463622a35f7e981577f0c817a3d6148a7eb99225d5f9cf433187be3f91c33",
    "pool/main/libt/libtool/libltdl7_2.4.7-7~deb12u1_amd64.deb": "8070b550321d4bd1c298f52f75374898d39112b709026d2ea5362ef1277b775a",
}  # fmt: skip


class NoDriver(Exception):
    """The machine could not get the driver; the message says what to do."""


def odbc_libraries(tools: Path) -> Path:
    """The directory with libodbc and, in ``odbc/``, PostgreSQL's driver; fetched if not there.

    Args:
        tools: keeps the packages and what was unpacked from them.

    Raises:
        NoDriver: a package could not be fetched, or is another one.
    """
    version = hashlib.sha256("".join(PACKAGES.values()).encode()).hexdigest()[:12]
    home = tools / f"odbc-{version}"
    if not home.is_dir():
        partial = tools / f"odbc-{version}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for package, sha256 in PACKAGES.items():
            _run("dpkg-deb", "--extract", str(_fetch(package, sha256, tools)), str(partial))
        partial.rename(home)
    (libraries,) = home.glob("usr/lib/*-linux-gnu")
    return libraries


def _fetch(package: str, sha256: str, tools: Path) -> Path:
    file = tools / Path(package).name
    if not file.is_file():
        said = "apt is not on this machine"
        for archive in _archives():
            try:
                _run(str(FETCH), "download-file", f"{archive}/{package}", str(file), f"SHA256:{sha256}")
                break
            except NoDriver as problem:
                said = str(problem)
        else:
            raise NoDriver(
                f"PostgreSQL's ODBC driver is needed by the tests, and {file.name} could not be had: {said}. "
                f"Where Debian's packages are not in reach, put the files {', '.join(Path(p).name for p in PACKAGES)} "
                f"into {tools}."
            )
    if hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
        raise NoDriver(f"{file} is not the {file.name} of Debian 12: delete it, and it is fetched again")
    return file


def _archives() -> list[str]:
    """Where apt gets packages from on this machine; asks nobody."""
    if not FETCH.exists():
        return []
    planned = _run("apt-get", "update", "--print-uris")
    return list(dict.fromkeys(re.findall(r"^'(\S+?)/dists/", planned, re.MULTILINE)))


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NoDriver(f"{command[0]}: {problem}") from None
    if done.returncode:
        words = [line for line in done.stderr.splitlines() if line.startswith(("E:", "dpkg-deb: error"))]
        raise NoDriver(f"{Path(command[0]).name} said: {(words or ['nothing'])[0]}")
    return done.stdout
