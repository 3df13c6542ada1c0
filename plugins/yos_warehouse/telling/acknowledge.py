"""``yos incidents``: what is open, and who is at it."""

from __future__ import annotations

from contextlib import closing

from yos_warehouse.errors import UsageError
from yos_warehouse.telling.alerts import COLUMNS, Alert
from yos_warehouse.telling.letter import clock, count
from yos_warehouse.telling.looks import select_one, select_rows
from yos_warehouse.telling.owners import plain


def list_incidents() -> int:
    """Print the open incidents, most urgent first.

    Returns:
        0; also when nothing is open.
    """
    from yos_warehouse.server.connect import connect

    with closing(connect("auditor", autocommit=True)) as connection:
        found = select_rows(
            connection,
            f"select {COLUMNS} from ops.incident as i where i.closed_at is null order by i.priority, i.incident_id",
        )
    for alert in (Alert(*row) for row in found):
        rows = f", {count(alert.rows, 'row', 'rows')}" if alert.rows is not None else ""
        print(
            f"{alert.incident_id:>6}  {alert.priority}  {alert.rule_code}{rows}, since {clock(alert.opened_at)}"
        )
        print(f"            {plain(': '.join(filter(None, (alert.where, alert.words))))}")
        at_it = f"; {plain(alert.acknowledged_by)} is at it" if alert.acknowledged_by else ""
        print(f"            {plain(alert.owner_name)}: {plain(alert.remedy)}{at_it}")
    print(f"{count(len(found), 'incident', 'incidents')} open." if found else "Nothing is open.")
    return 0


def acknowledge(numbers: list[int], by: str) -> int:
    """Say who is at it: no reminder comes, and the digest names her or him. All of them or none.

    Raises:
        UsageError: INCIDENT, no open incident has this number; BY, no name.
    """
    from yos_warehouse.server.connect import transaction

    name = plain(by)[:100]
    if not name:
        raise UsageError("BY", "nobody is named", 'write it like --by "A. Person"')
    with transaction("publisher") as connection:
        for number in numbers:
            done = select_one(
                connection,
                "update ops.incident set acknowledged_at = now(), acknowledged_by = %s"
                " where incident_id = %s and closed_at is null returning incident_id",
                (name, number),
            )
            if done is None:
                raise UsageError("INCIDENT", f"no open incident has the number {number}", "see yos incidents")
    print(f"{count(len(numbers), 'incident', 'incidents')} acknowledged: no reminder comes.")
    return 0
