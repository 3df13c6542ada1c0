"""What recognising children did to figures: each reoffending figure with the keys of before the night, and as it is.

Worked out only in a night that merged or split persons: the chain up to the figures is then built once more, before the
build, with each child under the key it had when the night began; deliveries are the same for both. It costs one more
invocation of dbt over that chain (docs/how-to/review-who-is-who.md).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from psycopg2.extras import execute_values

from yos_warehouse.build import dbt
from yos_warehouse.server.connect import one_row, transaction

Key = tuple[str, str, str]  # indicator, period, variant
Figure = tuple[Decimal | None, Decimal | None, Decimal | None]  # numerator, denominator, value

_FIGURES = """
select f.indicator_id, f.period_code, f.variant_code, f.numerator, f.denominator, f.value
from intermediate.int_justice__figure as f
inner join ref.ref_indicator as i using (indicator_id, variant_code)
where f.geography_level = 'SERVICE' and i.page = 'reoffending'
"""


def figures_before(run_id: int, as_at: date) -> dict[Key, Figure] | None:
    """Build the chain with the keys of before the run; None when the run merged and split nobody.

    The caller holds the warehouse lock, and builds the chain anew afterwards.
    """
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute("select exists (select from identity.keys_moved where run_id = %s)", (run_id,))
        if not one_row(cursor)[0]:
            return None
    nodes = dbt.run_dbt(
        run_id,
        "figures_before",
        ["run", "--select", "+int_justice__figure", "--exclude", "staging", "resource_type:seed"],
        as_at,
        keys_before=run_id,
    )
    # what does not build here does not build in the build either, which says so
    return None if any(node.status != "success" for node in nodes) else _figures()


def write_changes(run_id: int, before: dict[Key, Figure]) -> int:
    """Compare with what is built now and write the figures that differ (ops.identity_change); how many do."""
    after = _figures()
    rows = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, (None,) * 3), after.get(key, (None,) * 3)
        if was != now:
            rows.append((run_id, *key, *(part for pair in zip(was, now, strict=True) for part in pair)))
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute("delete from ops.identity_change where run_id = %s", (run_id,))
        execute_values(
            cursor,
            "insert into ops.identity_change (run_id, indicator_code, period_code, variant_code, numerator_before,"
            " numerator_after, denominator_before, denominator_after, value_before, value_after) values %s",
            rows,
        )
    return len(rows)


def _figures() -> dict[Key, Figure]:
    with transaction("transformer") as connection, connection.cursor() as cursor:
        cursor.execute(_FIGURES)
        return {tuple(row[:3]): tuple(row[3:]) for row in cursor.fetchall()}  # type: ignore[misc]
