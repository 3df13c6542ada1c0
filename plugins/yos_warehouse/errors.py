"""Errors that may be shown to anybody: a code, what happened, what to do. Never a record's value."""

from __future__ import annotations


class YosError(Exception):
    """An expected failure.

    Args:
        code: short upper-case reason, the same word in logs, mails and docs.
        what: what happened and to which drop, file or rule; no value of any record.
        remedy: what the reader should do next.
    """

    def __init__(self, code: str, what: str, remedy: str = "") -> None:
        super().__init__(f"{code}: {what}" + (f". {remedy[0].upper()}{remedy[1:]}." if remedy else "."))
        self.code = code
        self.what = what
        self.remedy = remedy


class UsageError(YosError):
    """The command was asked something it cannot do; exit code 2."""


class DropRejected(YosError):
    """A drop is refused whole; nothing of it is loaded."""


class AlreadyRunning(YosError):
    """Another run holds the lease; leave politely with exit code 0."""


class LeaseLost(YosError):
    """This run's lease was taken over; it must not write any more."""
