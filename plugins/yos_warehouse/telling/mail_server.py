"""The mail server of Airflow's connection, without Airflow: for what must be able to mail while Airflow is down."""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from yos_warehouse.errors import UsageError
from yos_warehouse.orchestration.airflow_config import smtp_connection

SECONDS = 10.0


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over, and how; the same settings mean the same as in Airflow's SMTP hook.

    Attributes:
        seconds: how long the server may be silent.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    has_ssl: bool
    has_starttls: bool
    seconds: float = SECONDS

    def deliver(self, message: EmailMessage) -> None:
        """Hand one mail over.

        Raises:
            OSError, smtplib.SMTPException: the server is down, hangs or refuses.
        """
        if "From" not in message:
            message["From"] = self.sender
        context = ssl.create_default_context() if self.has_ssl or self.has_starttls else None
        client = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=context)
            if self.has_ssl
            else smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        )
        with closing(client):
            if self.has_starttls and not self.has_ssl:
                client.starttls(context=context)
            if self.user:
                client.login(self.user, self.password)
            client.send_message(message)


def mail_server() -> MailServer:
    """The server that ``AIRFLOW_CONN_SMTP_DEFAULT`` or ``YOS_SMTP_HOST`` names, else our own mail catcher.

    Raises:
        UsageError: SMTP_CONNECTION, the setting cannot be read.
    """
    given = smtp_connection(int(os.environ.get("YOS_MAIL_PORT", "8025")))
    try:
        found = _from_json(given) if given.lstrip().startswith("{") else _from_url(given)
        extra = found["extra"]
        has_ssl = not extra.get("disable_ssl", False)
        return MailServer(
            str(found["host"]), int(found["port"] or 0), str(found["login"] or ""), str(found["password"] or ""),
            str(extra.get("from_email") or "yos-warehouse@example.org"),
            has_ssl, not extra.get("disable_tls", False), float(extra.get("timeout") or SECONDS),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        # what was given may hold a password: it is not repeated
        raise UsageError(
            "SMTP_CONNECTION", "AIRFLOW_CONN_SMTP_DEFAULT cannot be read", "write it as docs/configuration.md says"
        ) from None  # fmt: skip


def _from_json(given: str) -> dict[str, Any]:
    found = json.loads(given)
    extra = found.get("extra") or {}
    return {
        "host": found["host"], "port": found.get("port"), "login": found.get("login"),
        "password": found.get("password"), "extra": json.loads(extra) if isinstance(extra, str) else extra,
    }  # fmt: skip


def _from_url(given: str) -> dict[str, Any]:
    parts = urlsplit(given)
    extra: dict[str, Any] = dict(parse_qsl(parts.query))
    if "__extra__" in extra:
        extra = json.loads(extra["__extra__"])
    if not parts.hostname:
        raise ValueError
    return {
        "host": unquote(parts.hostname), "port": parts.port, "login": unquote(parts.username or ""),
        "password": unquote(parts.password or ""), "extra": extra,
    }  # fmt: skip
