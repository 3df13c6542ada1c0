"""The only place that calls Great Expectations: it judges the flags and lets nothing out but counts.

What it is given is a view of each entity: a row of flags, noughts and ones, for each row that failed
something, and one row with the number of rows landed; no value of any record. For each rule one expectation,
that the ones are no more than the rule tolerates; their number comes back as the sum of the column. One
aggregate query per entity. An error inside the tool is an error of the
check, not a fault of the data and not a pass: the drop is then not taken in.

Expectations that return rows or values are not used (traps.md 4.3), which a test watches over.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import floor
from typing import Any, Literal

from yos_warehouse.errors import YosError

ROW_COUNT = "ROW_COUNT"
# The column of a judged view whose sum is the number of rows landed.
ROWS_LANDED = "rows_landed"
# Counts only: an observed sum stays, unexpected values and their rows never come into being.
_RESULT_FORMAT = {"result_format": "BASIC", "exclude_unexpected_values": True, "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Judged:
    """What is to be judged: the flags of one entity.

    Attributes:
        entity: its name in the results.
        schema, view: where the flags and ``ROWS_LANDED`` are, and nothing else; the same schema for all.
        rows: how many must have landed.
        rules: (code, column of noughts and ones, tolerated share of ones).
    """

    entity: str
    schema: str
    view: str
    rows: int
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


def judge(url: str, tables: Iterable[Judged]) -> list[RuleResult]:
    """Judge flags through Great Expectations.

    Args:
        url: ``postgresql+psycopg2`` URL of the loader; the tables must be committed.
        tables: one per entity.

    Returns:
        One result per rule, and ROW_COUNT, for each table.
    """
    results: list[RuleResult] = []
    context = datasource = None
    for number, table in enumerate(tables):
        try:
            if context is None:
                context = _context()
                # a dollar sign would be taken for a variable
                datasource = context.data_sources.add_postgres(
                    "warehouse",
                    connection_string=url.replace("$", r"\$"),
                    kwargs={
                        "hide_parameters": True,
                        "connect_args": {"options": f"-csearch_path={table.schema}"},
                    },
                )
            results += _judge_table(datasource, table, f"{table.entity}_{number}")
        except Exception as problem:
            # The tool's own words may quote what it read: only the kind of error is told.
            logging.getLogger(__name__).error(
                "great_expectations failed on %s.%s: %s", table.schema, table.view, type(problem).__name__
            )
            codes = [ROW_COUNT, *(code for code, _, _ in table.rules)]
            results += [RuleResult(table.entity, code, None, None, False, "error") for code in codes]
    if datasource is not None:
        _close(datasource)
    return results


def _judge_table(datasource: Any, table: Judged, name: str) -> list[RuleResult]:
    gx, gxe = _tool()
    asset = datasource.add_table_asset(name, table_name=table.view)
    batch = asset.add_batch_definition_whole_table("whole").get_batch()
    suite = gx.ExpectationSuite(name=name)
    suite.add_expectation(
        gxe.ExpectColumnSumToBeBetween(
            column=ROWS_LANDED, min_value=table.rows, max_value=table.rows, meta={"code": ROW_COUNT}
        )
    )
    for code, column, tolerance in table.rules:
        suite.add_expectation(
            gxe.ExpectColumnSumToBeBetween(
                column=column, min_value=0, max_value=tolerated(table.rows, tolerance), meta={"code": code}
            )
        )
    verdict = batch.validate(suite, result_format=dict(_RESULT_FORMAT))
    results = [_result(table, item) for item in verdict.results]
    wanted = {ROW_COUNT, *(code for code, _, _ in table.rules)}
    if {result.rule_code for result in results} != wanted or len(results) != len(wanted):
        raise YosError("JUDGE", "great_expectations did not answer for every rule")
    return results


def tolerated(rows: int, tolerance: float) -> int:
    """How many rows may fail: the share, rounded down (0.05 of 99 rows is 4)."""
    return floor(rows * tolerance + 1e-9)


def _result(table: Judged, item: Any) -> RuleResult:
    """A verdict reduced to counts. An exception has two shapes: a flat record, or one keyed by metric."""
    code = item.expectation_config.meta["code"]
    failed = item.result.get("observed_value") if item.result else None
    info = item.exception_info or {}
    has_raised = info.get("raised_exception", False) or any(
        isinstance(part, dict) and part.get("raised_exception") for part in info.values()
    )
    if has_raised or failed is None or float(failed) != int(failed):
        return RuleResult(table.entity, code, None, None, False, "error")
    if code == ROW_COUNT:
        missing = abs(table.rows - int(failed))
        return RuleResult(
            table.entity, code, int(failed), missing, item.success, "passed" if item.success else "failed"
        )
    failed = int(failed)
    return RuleResult(
        table.entity, code, table.rows, failed, bool(item.success), "failed" if failed else "passed"
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
