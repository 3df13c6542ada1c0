"""A mail server that keeps what it is sent: ``python -m yos_warehouse.telling.mail_catcher``.

Each mail becomes a file ``.eml`` (0600), so that a look around needs no mailbox; nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

MAX_BYTES = 10 * 2**20


class Keeper:
    """Handler of aiosmtpd: accepts every recipient and writes the message to a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Write one mail; names are time and number, never anything the sender chose."""
        self.count += 1
        stem = f"{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}-{self.count:04d}"
        part, final = self.folder / f".{stem}.part", self.folder / f"{stem}.eml"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        content = envelope.content or b""
        with os.fdopen(handle, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        part.rename(final)  # readers never see half a mail
        return "250 kept"


async def serve(host: str, port: int, folder: Path) -> None:
    """Catch mails until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keeper = Keeper(folder)

    def protocol() -> Any:
        return SMTP(keeper, hostname="mail-catcher", data_size_limit=MAX_BYTES, enable_SMTPUTF8=True)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, host, port)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    print(f"mail catcher on {host}:{port}", flush=True)
    await ended.wait()
    server.close()


def main(arguments: list[str] | None = None) -> None:
    """Command line of the mail catcher."""
    parser = argparse.ArgumentParser(prog="mail_catcher", description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True, help="where mails are written")
    given = parser.parse_args(arguments)
    asyncio.run(serve(given.host, given.port, given.dir))


if __name__ == "__main__":
    main()
