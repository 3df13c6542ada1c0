"""What the door demands of one entity: rules as data.

Rules of structure (a required value, a date that can be read, one record per key) follow from the feed
contract, so that each of its columns is covered without being written twice. Rules of value are in
``expectations/<feed>/<entity>.yml``. Both end as the same thing: a rule with a code, a check, an effect,
an owner and words.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from yos_warehouse import settings
from yos_warehouse.sources.contract import Contract, ContractError

Check = Literal[
    "not_empty", "date", "timestamp", "number", "integer", "money", "boolean",  # can be read
    "matches", "one_word", "in", "in_list", "in_list_on_day", "length", "between",  # one value
    "pnc_id", "upn", "uln", "asn",  # check characters
    "financial_year",  # 2025/26, one of the calendar's
    "not_after", "date_between", "age_between", "sql",  # dates, and anything else
    "unique_key", "field_count", "control_char",  # made by the door itself
]  # fmt: skip

STRUCTURE = {
    "date": ("DATE", "a date that cannot be read", "send dates as day/month/year"),
    "timestamp": ("TIMESTAMP", "a time that cannot be read", "send times as year-month-day hour:minute"),
    "decimal": ("NUMBER", "a number that cannot be read", "send plain numbers with a decimal point"),
    "integer": ("INTEGER", "a whole number that cannot be read", "send plain whole numbers"),
    "money": ("MONEY", "an amount that cannot be read", "send pounds and pence, such as 1,234.50 or (50.00)"),
    "boolean": ("BOOLEAN", "a yes or no that cannot be read", "send Y or N"),
}
CHECK_OF_TYPE: dict[str, Check] = {"decimal": "number"} | {  # type: ignore[assignment]
    kind: kind for kind in ("date", "timestamp", "integer", "money", "boolean")
}


class Rule(BaseModel):
    """One demand on the rows of an entity.

    Attributes:
        code: short name that stays, as shown to partners (``POL-ARR-03``, ``DATE:arrested_at``).
        column: the columns it looks at; the first is the one at fault.
        effect: ``hold_back``: a failing row goes to quarantine; ``report``: it is accepted and counted.
        tolerance: share of rows (0 to 1) that may fail before the whole drop is refused.
        family: whom it concerns: our code lists, the sender's data, or a number that looks wrong.
        says: what is wrong, for the owner; completed by the number of rows.
        remedy: what the owner should do.
        pattern: regular expression of ``matches``; the whole value must match.
        values: the words of ``in``.
        list: the seed of ``in_list`` and ``in_list_on_day``. The latter looks at codes the list has, and finds those
            used on a day on which it does not have them: the day in a second column, else the business date.
        min, max: ends of ``length``, ``between``, ``date_between``, ``age_between``, inclusive; for dates
            an ISO date or ``business_date``.
        fails_when: SQL of ``sql``, true for a failing row; columns as ``{name}``, ``{name:date}``,
            ``{name:number}`` (money too). Null means not failing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[A-Z0-9][A-Za-z0-9_:\-]{2,59}$")
    column: tuple[str, ...] = ()
    check: Check
    effect: Literal["hold_back", "report"]
    tolerance: float = Field(default=1.0, ge=0, le=1)
    family: Literal["configuration", "integrity", "value"] = "integrity"
    severity: Literal["error", "warn"] = "warn"
    owner: Literal["partner", "us", "analyst"] = "partner"
    says: str
    remedy: str
    pattern: str | None = None
    values: tuple[str, ...] = ()
    list: str | None = None
    min: float | str | None = None
    max: float | str | None = None
    fails_when: str | None = None

    @field_validator("column", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("min", "max", mode="before")
    @classmethod
    def _dates_are_words(cls, value: object) -> object:
        return value.isoformat() if hasattr(value, "isoformat") else value

    @model_validator(mode="after")
    def _has_what_its_check_needs(self) -> Rule:
        needs = {
            "matches": self.pattern, "in": self.values, "in_list": self.list, "in_list_on_day": self.list, "sql": self.fails_when,
            "length": self.min is not None or self.max is not None,
            "between": self.min is not None or self.max is not None,
            "date_between": self.min is not None or self.max is not None,
            "age_between": self.min is not None and self.max is not None,
        }  # fmt: skip
        if not needs.get(self.check, True):
            raise ValueError(f"rule {self.code}: check {self.check} lacks its argument")
        if self.check in ("not_after", "age_between") and len(self.column) != 2:
            raise ValueError(f"rule {self.code}: check {self.check} needs two columns")
        return self

    @property
    def flag(self) -> str:
        """Column of the flag table that is true for a failing row."""
        return "fails_" + self.code.lower().replace(":", "__").replace("-", "_")


class Suite(BaseModel):
    """The file ``expectations/<feed>/<entity>.yml``.

    Attributes:
        key_if_empty: for optional key columns, what stands in the record's id when the file does not say:
            a constant, or ``financial_year`` (of the business date, 2025/26).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str = ""
    key_if_empty: dict[str, str] = {}
    rules: tuple[Rule, ...] = ()


def load_suite(path: Path) -> Suite:
    """Read one suite file.

    Raises:
        ContractError: unknown key, missing key, wrong value; names file and place.
    """
    try:
        return Suite.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ContractError(
            "SUITE", f"{path.parent.name}/{path.name}: {where}: {first['msg']}", "correct the suite file"
        ) from None


@cache
def _suite(feed: str, entity: str) -> Suite:
    path = settings.EXPECTATIONS_DIR / feed / f"{entity}.yml"
    return load_suite(path) if path.is_file() else Suite()


def suite(feed: str, entity: str) -> Suite:
    """The suite of an entity; empty if there is no file."""
    return _suite(feed, entity)


def rules(contract: Contract, entity_name: str) -> list[Rule]:
    """All rules of an entity, those of structure first.

    Raises:
        ContractError: a rule names a column the contract does not have, or a code twice.
    """
    entity = contract.entities[entity_name]
    found = _structure(contract, entity_name) + list(suite(contract.feed, entity_name).rules)
    for rule in found:
        unknown = [column for column in rule.column if column not in entity.columns]
        if unknown:
            raise ContractError("SUITE", f"rule {rule.code} names the unknown column {unknown[0]}")
    codes = [rule.flag for rule in found]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ContractError("SUITE", f"{contract.feed}/{entity_name}: two rules with flag {sorted(twice)[0]}")
    return found


def _structure(contract: Contract, entity_name: str) -> list[Rule]:
    entity = contract.entities[entity_name]
    keys = ", ".join(entity.key)
    made = [
        Rule(
            code="FIELD_COUNT", check="field_count", effect="hold_back",
            says="rows with a wrong number of fields", remedy="put quotes around values that hold a comma",
        ),
        Rule(
            code="CONTROL_CHAR", check="control_char", effect="hold_back",
            says="rows with characters that cannot be shown", remedy="remove them at the source",
        ),
        Rule(
            code="DUP_CONFLICT", column=entity.key, check="unique_key", effect="hold_back",
            says=f"rows that share their key ({keys}) and differ", remedy="send each record once",
        ),
    ]  # fmt: skip
    for name, column in entity.columns.items():
        if column.required:
            made.append(
                Rule(
                    code=f"REQUIRED:{name}",
                    column=(name,),
                    check="not_empty",
                    effect="hold_back",
                    says=f"rows without {name}",
                    remedy="fill it in at the source and send again",
                )  # fmt: skip
            )
        if column.type in STRUCTURE:
            code, says, remedy = STRUCTURE[column.type]
            made.append(
                Rule(
                    code=f"{code}:{name}",
                    column=(name,),
                    check=CHECK_OF_TYPE[column.type],
                    effect="hold_back",
                    says=f"{says} in {name}",
                    remedy=remedy,
                )  # fmt: skip
            )
        if column.codes:
            # An unknown code is our list's shortcoming as often as the sender's: never dropped (D7).
            made.append(
                Rule(
                    code=f"CODE:{name}",
                    column=(name,),
                    check="in_list",
                    list=column.codes,
                    effect="report",
                    family="configuration",
                    owner="us",
                    says=f"codes in {name} that {column.codes} lacks",
                    remedy=f"add them to {column.codes}, or ask the sender what they mean",
                )  # fmt: skip
            )
            if code_periods(column.codes):
                made.append(
                    Rule(
                        code=f"CODE_DATE:{name}",
                        column=(name, column.codes_on) if column.codes_on else (name,),
                        check="in_list_on_day",
                        list=column.codes,
                        effect="report",
                        says=f"codes in {name} that {column.codes} does not have on the day they were used",
                        remedy="send the code that held on that day, or tell us since when it holds",
                    )  # fmt: skip
                )
        elif column.type == "code":
            # Words in the place of a code may be anybody's name; what is read as a code may reach the marts.
            made.append(
                Rule(
                    code=f"CODE_FORM:{name}",
                    column=(name,),
                    check="one_word",
                    effect="report",
                    says=f"values in {name} that are no code but words",
                    remedy="send the code; until then the value counts as not known",
                )  # fmt: skip
            )
    return made


@cache
def code_periods(seed: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """First and last day of the codes of a seed that do not hold on every day; an open end is ''.

    A code may have several rows, one for each time it held.
    """
    path = next((settings.DBT_DIR / "seeds").rglob(f"{seed}.csv"), None)
    if path is None:
        return {}
    periods: dict[str, list[tuple[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row.get("code") or next(iter(row.values()))
            periods.setdefault(code, []).append((row.get("valid_from") or "", row.get("valid_to") or ""))
    return {code: tuple(held) for code, held in periods.items() if ("", "") not in held}


@cache
def codes(seed: str) -> tuple[str, ...] | None:
    """The codes of a seed, read from the file that dbt loads into ``ref``; None if there is no such seed.

    The code is the column ``code``, else the first.
    """
    path = next((settings.DBT_DIR / "seeds").rglob(f"{seed}.csv"), None)
    if path is None:
        return None
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        at = header.index("code") if "code" in header else 0
        return tuple(sorted({row[at] for row in reader if row and row[at]}))
