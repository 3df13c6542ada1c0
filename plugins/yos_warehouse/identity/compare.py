"""New descriptions are compared with all others, once; the pairs stay until one of the two is gone."""

from __future__ import annotations

import io

import pandas as pd
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.identity.model import model_in_use
from yos_warehouse.identity.touched import descriptions

_MANY = 10_000


def compare_new(cursor: Cursor) -> tuple[int, bool]:
    """Compare what is not among the kept descriptions with them and among itself; store the pairs.

    Returns:
        How many pairs were stored, and whether other weights than before were used: then all was compared anew.
    """
    cursor.execute(
        "select description_id from content where description_id not in (select description_id from identity.description)"
    )
    new = {row[0] for row in cursor.fetchall()}
    model = model_in_use()
    cursor.execute("select model from identity.model_in_use order by since desc limit 1")
    before = cursor.fetchone()
    is_other = before is not None and before[0] != model.name
    if before is None or is_other:
        cursor.execute("insert into identity.model_in_use (model) values (%s)", (model.name,))
    if is_other:
        cursor.execute("delete from identity.pair")
    if not new and not is_other:
        return 0, False
    everybody = descriptions(
        cursor,
        "select * from content union all select * from identity.description"
        " where description_id not in (select description_id from content)",
    )
    return _store(cursor, _score(everybody, model, None if is_other else new), model.name), is_other


def forget_pairs(cursor: Cursor) -> None:
    """Drop the pairs of descriptions that no record has any more."""
    cursor.execute(
        "delete from identity.pair where a not in (select description_id from identity.description)"
        " or b not in (select description_id from identity.description)"
    )


def _store(cursor: Cursor, pairs: pd.DataFrame, model: str) -> int:
    if pairs.empty:
        return 0
    text = io.StringIO()
    pairs.assign(model=model)[["a", "b", "weight", "evidence", "model"]].to_csv(
        text, index=False, header=False
    )
    text.seek(0)
    cursor.execute("create temp table scored (like identity.pair) on commit drop")
    cursor.copy_expert("copy scored from stdin (format csv)", text)
    cursor.execute(
        "insert into identity.pair select * from scored on conflict (a, b) do update"
        " set weight = excluded.weight, evidence = excluded.evidence, model = excluded.model"
    )
    stored = cursor.rowcount
    cursor.execute("drop table scored")
    if stored > _MANY:  # the planner has to know of them
        cursor.execute("analyze identity.pair")
    return stored


def _score(everybody: pd.DataFrame, model, changed: set[str] | None) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    from yos_warehouse.identity.scoring import score

    return score(everybody, model, changed)
