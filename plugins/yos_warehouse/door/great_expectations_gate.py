"""The only place that calls Great Expectations: it judges the flags and lets nothing out but counts.

What it is given is a view with one row: how many rows of each entity landed, and how many fail each rule; no
value of any record. For each rule one expectation, that they are no more than the rule tolerates. All of a drop
is one batch and one query: a batch costs 45 ms, whatever is in it. An error inside the tool is an error of the
check, not a fault of the data and not a pass: the drop is then not taken in.

Expectations that return rows or values are not used (traps.md 4.3), which a test watches over.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import floor
from typing import Any, Literal

from yos_warehouse.errors import YosError

ROW_COUNT = "ROW_COUNT"
# Counts only: an observed sum stays, unexpected values and their rows never come into being.
_RESULT_FORMAT = {"result_format": "BASIC", "exclude_unexpected_values": True, "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Judged:
    """What is expected of one entity.

    Attributes:
        entity: its name in the results.
        rows: how many must have landed.
        rows_column: the view's column with the number of rows landed.
        rules: (code, the view's column with the number of failing rows, tolerated share of all rows).
    """

    entity: str
    rows: int
    rows_column: str
    rules: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class RuleResult:
    """The verdict on one rule.

    Attributes:
        rows_checked, rows_failed: None when the check itself broke.
        passed: no more rows failed than the rule tolerates.
        outcome: passed (nobody failed), failed (somebody did, tolerated or not), error (the check broke).
    """

    entity: str
    rule_code: str
    rows_checked: int | None
    rows_failed: int | None
    passed: bool
    outcome: Literal["passed", "failed", "error"]


def judge(url: str, schema: str, view: str, entities: Sequence[Judged]) -> list[RuleResult]:
    """Judge a drop through Great Expectations.

    Args:
        url: ``postgresql+psycopg2`` URL of the loader; the view must be committed.
        schema, view: where the numbers are, one row and nothing else.
        entities: what is expected of them.

    Returns:
        One result per rule, and ROW_COUNT, for each entity.
    """
    datasource = None
    try:
        context = _context()
        # a dollar sign would be taken for a variable
        datasource = context.data_sources.add_postgres(
            "warehouse",
            connection_string=url.replace("$", r"\$"),
            kwargs={"hide_parameters": True, "connect_args": {"options": f"-csearch_path={schema}"}},
        )
        return _judge_view(datasource, view, entities)
    except Exception as problem:
        # The tool's own words may quote what it read: only the kind of error is told.
        logging.getLogger(__name__).error(
            "great_expectations failed on %s.%s: %s", schema, view, type(problem).__name__
        )
        return [
            RuleResult(entity.entity, code, None, None, False, "error")
            for entity in entities
            for code in [ROW_COUNT, *(code for code, _, _ in entity.rules)]
        ]
    finally:
        if datasource is not None:
            _close(datasource)


def _judge_view(datasource: Any, view: str, entities: Sequence[Judged]) -> list[RuleResult]:
    gx, gxe = _tool()
    batch = (
        datasource.add_table_asset(view, table_name=view)
        .add_batch_definition_whole_table("whole")
        .get_batch()
    )
    expectations, wanted = [], {}
    results = []
    for entity in entities:
        limits = [(ROW_COUNT, entity.rows_column, entity.rows, entity.rows)]
        if entity.rows:
            limits += [
                (code, column, 0, tolerated(entity.rows, share)) for code, column, share in entity.rules
            ]
        else:  # most entities on most days: once it is sure that nothing landed there is nothing to judge
            results += [RuleResult(entity.entity, code, 0, 0, True, "passed") for code, _, _ in entity.rules]
        for code, column, least, most in limits:
            wanted[column] = (entity, code)
            expectations.append(
                gxe.ExpectColumnSumToBeBetween(column=column, min_value=least, max_value=most)
            )
    # all at once: added one by one, each is compared with all before it
    suite = gx.ExpectationSuite(name=view, expectations=expectations)
    verdict = batch.validate(suite, result_format=dict(_RESULT_FORMAT))
    items = {item.expectation_config.kwargs["column"]: item for item in verdict.results}
    if items.keys() != wanted.keys() or len(items) != len(verdict.results):
        raise YosError("JUDGE", "great_expectations did not answer for every rule")
    return results + [_result(entity, code, items[column]) for column, (entity, code) in wanted.items()]


def tolerated(rows: int, tolerance: float) -> int:
    """How many rows may fail: the share, rounded down (0.05 of 99 rows is 4)."""
    return floor(rows * tolerance + 1e-9)


def _result(judged: Judged, code: str, item: Any) -> RuleResult:
    """A verdict reduced to counts. An exception has two shapes: a flat record, or one keyed by metric."""
    failed = item.result.get("observed_value") if item.result else None
    info = item.exception_info or {}
    has_raised = info.get("raised_exception", False) or any(
        isinstance(part, dict) and part.get("raised_exception") for part in info.values()
    )
    if has_raised or failed is None or float(failed) != int(failed):
        return RuleResult(judged.entity, code, None, None, False, "error")
    if code == ROW_COUNT:
        missing = abs(judged.rows - int(failed))
        return RuleResult(
            judged.entity, code, int(failed), missing, item.success, "passed" if item.success else "failed"
        )
    failed = int(failed)
    return RuleResult(
        judged.entity, code, judged.rows, failed, bool(item.success), "failed" if failed else "passed"
    )


@cache
def _tool() -> tuple[Any, Any]:
    """Great Expectations, imported when it is needed: it takes four seconds. It must not phone home."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx, gxe


def _context() -> Any:
    """A context in memory: no files, no docs, no progress bars, no analytics."""
    gx, _ = _tool()
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    mask = os.umask(0o077)
    try:
        return gx.get_context(project_config=config, mode="ephemeral")
    finally:
        os.umask(mask)


def _close(datasource: Any) -> None:
    """Give the connections back; a failure to do so is nobody's business."""
    try:
        datasource.get_execution_engine().close()
        datasource.get_engine().dispose()
    except Exception as problem:
        logging.getLogger(__name__).debug("closing: %s", type(problem).__name__)


def warm_up() -> None:
    """Import what judging needs, so that a benchmark does not count it."""
    _context()
