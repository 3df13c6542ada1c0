"""Every check of the warehouse as one list: what the door demands of rows and deliveries, what the house tests, and
what the warehouse watches of itself. Words, owner and page of a check are asked for here and nowhere else.
"""

# ruff: noqa: E501 - the sentences stay whole

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from yos_warehouse.door.refusals import REFUSALS
from yos_warehouse.door.suite import rules
from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling.house_checks import HouseTest, house_tests
from yos_warehouse.telling.runbooks import runbook_of


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        code: as in ``ops.check_result``, mails and pages.
        feed, entity: what it looks at; None for what looks at everything. Of a test of the house without a feed,
            ``entity`` is its table.
        family: ``configuration`` (our lists or settings), ``integrity`` (the data) or ``value`` (a number).
        severity: ``error`` or ``warn``.
        effect: what follows: ``hold_back`` (the row), ``report``, ``refuse`` or ``hold`` (the delivery), ``hold_unit``
            (children or finance stay as they were yesterday), ``tell``.
        owner: ``partner``, ``us`` or ``analyst``.
        says, remedy: what is wrong and what its owner should do, for a reader who knows no SQL.
        where: ``door``, ``house`` or ``warehouse``.
        runbook: its page below ``docs/``.
    """

    code: str
    feed: str | None
    entity: str | None
    family: str
    severity: str
    effect: str
    owner: str
    says: str
    remedy: str
    where: str
    runbook: str


@cache
def catalogue() -> tuple[Check, ...]:
    """All checks: of rows by feed and entity, of deliveries, of the house, of the warehouse itself."""
    return (*_of_rows(), *_of_deliveries(), *(_of_house(test) for test in house_tests()), *_of_warehouse())


@cache
def _by_code() -> dict[str, tuple[Check, ...]]:
    found: dict[str, tuple[Check, ...]] = {}
    for check in catalogue():
        found[check.code] = (*found.get(check.code, ()), check)
    return found


def check_of(code: str, feed: str | None = None, entity: str | None = None) -> Check | None:
    """The check with this code, of this feed and entity where several have it; None for an unknown code."""
    found = _by_code().get(code, ())
    exact = [check for check in found if (check.feed, check.entity) == (feed, entity)]
    general = [check for check in found if check.feed is None or check.where != "door"]
    return next(iter((*exact, *general)), None)


def _of_rows() -> Iterator[Check]:
    for feed, contract in contracts().items():
        for entity in contract.entities:
            for rule in rules(contract, entity):
                yield Check(
                    rule.code, feed, entity, rule.family, rule.severity, rule.effect, rule.owner, rule.says,
                    rule.remedy, "door", runbook_of(rule.code),
                )  # fmt: skip


def _of_deliveries() -> Iterator[Check]:
    for refusal in REFUSALS:
        yield Check(
            refusal.code, None, None, "integrity", "error", refusal.effect, refusal.owner, refusal.says,
            refusal.remedy, "door", runbook_of(refusal.code),
        )  # fmt: skip


def _of_house(test: HouseTest) -> Check:
    return Check(
        test.code, test.feed, test.entity or test.table, test.family, test.severity,
        "hold_unit" if test.severity == "error" else "report", test.owner, test.says, test.remedy, "house",
        runbook_of(test.code),
    )  # fmt: skip


def _of_warehouse() -> Iterator[Check]:
    for code, family, severity, effect, owner, says, remedy in _OWN:
        yield Check(
            code, None, None, family, severity, effect, owner, says, remedy, "warehouse", runbook_of(code)
        )


_HELD = "the figures of the unit stay as they were yesterday: "
# code, family, severity, effect, owner, says, remedy
_OWN = (
    ("ROW_COUNT", "integrity", "error", "refuse", "us", "rows that landed and rows that were judged differ in number", "load the delivery again; look for what was counted twice"),
    ("STRAY", "integrity", "warn", "tell", "partner", "something lies in the feed's folder that is no delivery, and was not read", "pack it with yos pack, which writes the manifest, or take it away"),
    ("LATE", "integrity", "warn", "tell", "partner", "the newest delivery is older than was agreed", "send what is due; figures are as old as the newest delivery"),
    ("VOLUME_UNUSUAL", "integrity", "warn", "tell", "partner", "a delivery has a number of rows that is not usual for such a day", "say whether that is right, or send the whole file again"),
    ("NEW_CODES", "configuration", "warn", "tell", "us", "codes came that no list of ours has and no earlier delivery had", "ask the sender what they mean and add them to their list"),
    ("HELD_TEST_FAILED", "integrity", "error", "hold_unit", "us", _HELD + "a check that must hold does not", "see what the check found, correct it at the source, and run the night again"),
    ("HELD_NODE_BROKE", "configuration", "error", "hold_unit", "us", _HELD + "a table could not be built", "run the night again; if it stays, look at the table in ops.model_run"),
    ("HELD_NOT_BUILT", "configuration", "error", "hold_unit", "us", _HELD + "a table was not built because one before it failed", "mend what failed first"),
    ("HELD_TABLES_DIFFER", "configuration", "error", "hold_unit", "us", _HELD + "a model and its permanent table do not fit", "draft the migration with yos migration and commit it with the model"),
    ("HELD_KEY_NOT_UNIQUE", "integrity", "error", "hold_unit", "us", _HELD + "two rows have one key", "look for a code or a record that is there twice"),
    ("HELD_KEY_EMPTY", "integrity", "error", "hold_unit", "us", _HELD + "a row lacks a value that must be there", "look where the value comes from"),
    ("HELD_REFERENCE_BROKEN", "integrity", "error", "hold_unit", "us", _HELD + "a row points to something that is not there", "look which of the two tables lacks rows"),
    ("HELD_PUBLISH_REFUSED", "configuration", "error", "hold_unit", "us", _HELD + "the database refused them", "run the night again; if it stays, look at the table's constraints"),
    ("HELD_ROLLED_BACK", "configuration", "error", "hold_unit", "us", _HELD + "an earlier state was published again, and the hold has not been lifted", "when the cause is mended: yos release"),
    ("RUN_FAILED", "configuration", "error", "tell", "us", "a night stopped before its end", "see yos status, then run it again"),
    ("NOT_PUBLISHED", "configuration", "error", "tell", "us", "nothing was published by the morning", "see yos status: is the night running, did it fail, or is a unit held?"),
    ("CHECK_ERROR", "configuration", "error", "tell", "us", "a check could not be run, which says nothing about the data", "run the night again; if it stays, mend the check"),
    ("MAIL_WAITS", "configuration", "error", "tell", "us", "mails cannot be sent", "see whether the mail server is up; the next attempt goes by itself"),
    ("NO_NIGHT", "configuration", "error", "tell", "us", "no night happened, or nobody can say whether one did", "see whether the machine, the database and the scheduler run; then yos run"),
)  # fmt: skip
