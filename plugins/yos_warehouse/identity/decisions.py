"""What people decide of two records: the same child or different ones. It outranks all evidence and can be taken back.

A decision is about records and holds for whatever they say; it takes effect with the next night, since its own moment.
"""

from __future__ import annotations

from datetime import UTC, datetime

from psycopg2.extensions import connection as Connection

from yos_warehouse.errors import UsageError
from yos_warehouse.identity.keys import Record
from yos_warehouse.server.connect import one_row

VERDICTS = ("same", "different")


def decide(
    connection: Connection,
    a: Record,
    b: Record,
    verdict: str,
    by: str,
    reason: str,
    at: datetime | None = None,
) -> int:
    """Write down a decision; an earlier one about the same two records that says otherwise is revoked by it.

    Args:
        connection: as role ``identity``; the caller commits.
        a: service code, feed, entity and source id of a record; ``b`` likewise.
        verdict: ``same`` or ``different``.
        by: who decides.
        reason: why, in 10 to 500 characters; names nobody.
        at: since when it counts; now if not given. A warehouse that stands still at a past day gives a moment of that day.

    Returns:
        The number of the decision, to revoke it by.

    Raises:
        UsageError: VERDICT, REASON, or RECORD (not known, twice the same, or of two services).
    """
    if verdict not in VERDICTS:
        raise UsageError("VERDICT", f"{verdict!r} is no verdict", f"say one of: {', '.join(VERDICTS)}")
    _demand_reason(reason, by)
    if a == b or a[0] != b[0]:
        raise UsageError("RECORD", "a decision is about two records of one service", "name two records")
    a, b = sorted((a, b))
    moment = at or datetime.now(UTC)
    with connection.cursor() as cursor:
        for record in (a, b):
            cursor.execute(
                "select from identity.record where (service_code, feed, entity, source_id) = %s", (record,)
            )
            if not cursor.rowcount:
                raise UsageError(
                    "RECORD",
                    f"there is no such record of {record[1]} {record[2]}",
                    "look at the queue: yos review list",
                )
        cursor.execute(
            """
            update identity.override set revoked_by = %(by)s, revoked_reason = %(reason)s, revoked_at = greatest(%(at)s, decided_at)
            where service_code = %(service)s and (feed_a, entity_a, source_id_a) = %(a)s
                and (feed_b, entity_b, source_id_b) = %(b)s and revoked_at is null
            """,
            {"by": by, "reason": reason, "at": moment, "service": a[0], "a": a[1:], "b": b[1:]},
        )
        cursor.execute(
            """
            insert into identity.override (
                service_code, feed_a, entity_a, source_id_a, feed_b, entity_b, source_id_b, verdict, decided_by, reason, decided_at
            )
            values %s
            returning override_id
            """,
            ((*a, *b[1:], verdict, by, reason, moment),),
        )
        return one_row(cursor)[0]


def revoke(
    connection: Connection, override_id: int, by: str, reason: str, at: datetime | None = None
) -> None:
    """Take a decision back: from then on the evidence speaks again, and keys are as they were before it.

    Args:
        as :func:`decide`.

    Raises:
        UsageError: REASON, or DECISION (there is none, or it was revoked already).
    """
    _demand_reason(reason, by)
    with connection.cursor() as cursor:
        cursor.execute(
            "update identity.override set revoked_by = %s, revoked_reason = %s, revoked_at = greatest(%s, decided_at)"
            " where override_id = %s and revoked_at is null",
            (by, reason, at or datetime.now(UTC), override_id),
        )
        if not cursor.rowcount:
            raise UsageError(
                "DECISION", f"there is no decision {override_id} that holds", "see yos review list"
            )


def _demand_reason(reason: str, by: str) -> None:
    if not 10 <= len(reason.strip()) <= 500 or not by.strip():
        raise UsageError(
            "REASON",
            "a decision has a reason of 10 to 500 characters and somebody who takes it",
            "say why, and who",
        )
