"""The date the warehouse speaks for."""

from __future__ import annotations

from datetime import date
from typing import cast

from psycopg2.extensions import connection as Connection

from yos_warehouse import settings


def latest_as_at(connection: Connection, service: str | None = None) -> date | None:
    """The default as-at date: the latest day that accepted drops speak for or were received on in London.

    Rows let in later count with the day on which they were.

    A drop of the 31st received on the 1st is known only as at the 1st: the later of the two dates.

    Args:
        connection: as any role that reads ops.drop and ops.load.
        service: default: this warehouse's service.

    Returns:
        None before the first drop was accepted.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select max(greatest(d.business_date, (d.received_at at time zone 'Europe/London')::date))
            from ops.load as l
            join ops.drop as d using (drop_id)
            where l.state in ('accepted', 'replayed') and d.service_code = %s
            """,
            (service or settings.service_code(),),
        )
        row = cursor.fetchone()
    return cast("date | None", row[0] if row else None)
