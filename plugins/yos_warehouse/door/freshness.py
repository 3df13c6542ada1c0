"""Whether each feed is as fresh as its contract asks (check LATE), seen from the day on which the service stands."""

from __future__ import annotations

from datetime import date, timedelta

from psycopg2.extensions import connection as Connection

from yos_warehouse.bank_holidays import bank_holidays
from yos_warehouse.settings import today
from yos_warehouse.sources.contract import Contract, contracts

LATE = "LATE"

_NEWEST = """
    select d.feed, max(d.business_date) from ops.load as l join ops.drop as d using (drop_id)
    where l.state = 'accepted' group by d.feed
"""
# A step that is run again within its run says nothing twice.
_ENTER = """
    insert into ops.check_result (run_id, checked_by, rule_code, feed, unit, family, severity, owner, outcome)
    select %(run)s, 'warehouse', %(code)s, %(feed)s, %(unit)s, 'integrity', 'warn', 'partner', %(outcome)s
    where not exists (
        select from ops.check_result where run_id = %(run)s and rule_code = %(code)s and feed = %(feed)s
    )
"""


def check_freshness(connection: Connection, run_id: int) -> list[str]:
    """Enter for each feed that ever delivered whether it is late; part of the step tell.

    Args:
        connection: as publisher; the caller commits.

    Returns:
        The feeds that are late.
    """
    day = reference_day(connection)
    late = []
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        for feed, newest in cursor.fetchall():
            contract = contracts().get(feed)
            if contract is None:
                continue
            is_late = days_old(contract, newest, day) > contract.days_until_due
            cursor.execute(
                _ENTER,
                {
                    "run": run_id, "code": LATE, "feed": feed, "outcome": "failed" if is_late else "passed",
                    "unit": contract.unit,
                },
            )  # fmt: skip
            if is_late:
                late.append(feed)
    return late


def days_old(contract: Contract, newest: date, day: date) -> int:
    """Days since a business date: working days for a daily feed, which nobody sends on weekends and holidays."""
    if contract.every != "day":
        return (day - newest).days
    off = {
        holiday.holiday_date for year in range(newest.year, day.year + 1) for holiday in bank_holidays(year)
    }
    later = (newest + timedelta(days=number) for number in range(1, (day - newest).days + 1))
    return sum(one.weekday() < 5 and one not in off for one in later)


def reference_day(connection: Connection) -> date:
    """The day on which the service stands: today, or the newest day delivered while all children are invented."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select bool_and(d.is_fictional), max(d.business_date) from ops.load as l"
            " join ops.drop as d using (drop_id) where l.state = 'accepted'"
        )
        is_fictional, newest = cursor.fetchone() or (None, None)
    return today(newest if is_fictional else None)
