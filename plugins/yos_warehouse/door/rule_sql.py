"""Rules as SQL: for each rule a boolean expression that is true for a failing row.

The expressions stand over a subquery that offers each contract column as text and, where a rule needs
it, its reading as ``date__<column>`` or ``number__<column>``, so that nothing is parsed twice. All of
them work on text and raise for no input: an error's text would carry the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from yos_warehouse.door.suite import Rule, code_periods, codes
from yos_warehouse.history.tables import literal, quoted
from yos_warehouse.sources.contract import ContractError, Entity

# The years that begin within the calendar of the marts, 2000 to 2035, as finance writes them.
FINANCIAL_YEARS = tuple(f"{year}/{(year + 1) % 100:02d}" for year in range(2000, 2036))
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(?::(date|number))?\}")
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def readings(entity: Entity, found: Iterable[Rule]) -> tuple[list[str], dict[str, str]]:
    """The readings the rules need.

    Returns:
        The columns to be read as dates (``date__<column>``), and for each other reading its SQL:
        ``number__<column>``, and the ``digits__<column>`` that make the check letter of an ASN or PNC id.
    """
    dates: set[str] = set()
    numbers: set[str] = set()
    others: dict[str, str] = {}
    for rule in found:
        if rule.check in ("date", "not_after", "date_between", "age_between"):
            dates |= set(rule.column)
        elif rule.check == "in_list_on_day":
            dates |= set(rule.column[1:])
        elif rule.check in ("number", "money", "between"):
            numbers |= set(rule.column)
        elif rule.check in ("asn", "pnc_id"):
            digits = _asn_digits if rule.check == "asn" else _pnc_digits
            others[f"digits__{rule.column[0]}"] = digits(quoted(rule.column[0]))
        elif rule.check == "sql":
            for column, kind in _PLACE.findall(rule.fails_when or ""):
                (dates if kind == "date" else numbers if kind == "number" else set()).add(column)
    others |= {f"number__{name}": read_number(name, entity) for name in sorted(numbers)}
    return sorted(dates), others


def read_number(column: str, entity: Entity) -> str:
    """SQL that reads a text column as a number (an amount, if it is money); null where it cannot be read."""
    name = quoted(column)
    return (
        f"ref.parse_money({name})" if entity.columns[column].type == "money" else f"ref.parse_number({name})"
    )


def fails(rule: Rule, entity: Entity, business_date: date) -> str | None:
    """The SQL of one rule, or None where its code list is not there.

    Args:
        rule: any rule but those the door makes itself (unique key, field count, control characters).
        business_date: of the drop; the ``business_date`` of date ranges.
    """
    column = rule.column[0] if rule.column else ""
    name = quoted(column)
    day, number = quoted(f"date__{column}"), quoted(f"number__{column}")
    match rule.check:
        case "not_empty":
            return f"{name} is null or {is_blank(name)}"
        case "date":
            return f"{name} is not null and {day} is null"
        case "timestamp":
            return f"not pg_input_is_valid({name}, 'timestamptz')"
        case "number":
            return f"{name} is not null and {number} is null"
        case "money":
            # columns of blanks are how aligned tables leave a cell empty
            return f"{name} is not null and {number} is null and not {is_blank(name)}"
        case "integer":
            return f"{name} collate \"C\" !~ '^-?\\d{{1,9}}$'"
        case "boolean":
            return f"{name} is not null and ref.parse_boolean({name}) is null"
        case "matches":
            # byte by byte: a fifth faster, and a digit is one of ten
            return f'{name} collate "C" !~ {literal("^(?:" + (rule.pattern or "") + ")$")}'
        case "one_word":
            return f"length({name}) > 80 or strpos(btrim({name}), ' ') > 0"
        case "financial_year":
            return f"{name} <> all ({_array(FINANCIAL_YEARS)})"
        case "in":
            return f"{name} <> all ({_array(rule.values)})"
        case "in_list":
            known = codes(rule.list or "")
            return None if known is None else f"{name} <> all ({_array(known)})"
        case "in_list_on_day":
            used_on = (
                quoted("date__" + rule.column[1])
                if len(rule.column) > 1
                else _day("business_date", business_date)
            )
            return _off_its_days(name, code_periods(rule.list or ""), used_on)
        case "length":
            return _outside(f"length({name})", rule.min, rule.max, str)
        case "between":
            return _outside(number, rule.min, rule.max, str)
        case "date_between":
            return _outside(day, rule.min, rule.max, lambda end: _day(end, business_date))
        case "not_after":
            return f"{day} > {quoted('date__' + rule.column[1])}"
        case "age_between":
            return _age(
                day, quoted(f"date__{rule.column[1]}"), int(float(rule.min or 0)), int(float(rule.max or 0))
            )
        case "pnc_id":
            return f"{name} is not null and not ({_pnc(name, quoted(f'digits__{column}'))})"
        case "upn":
            return f"{name} is not null and not ({_upn(name)})"
        case "uln":
            return f"{name} is not null and not ({_uln(name)})"
        case "asn":
            return f"{name} is not null and not ({_asn(name, quoted(f'digits__{column}'))})"
        case "sql":
            return _PLACE.sub(lambda place: _placed(place, entity, rule), rule.fails_when or "")
    raise ContractError("SUITE", f"rule {rule.code}: check {rule.check} is made by the door itself")


def is_blank(name: str) -> str:
    """SQL for a text of blanks alone; only what sorts before the first visible character can be one."""
    return f"""({name} collate "C" < '!' and btrim({name}) = '')"""


def _placed(place: re.Match[str], entity: Entity, rule: Rule) -> str:
    column, kind = place.groups()
    if column == "business_date" or column not in entity.columns:
        raise ContractError("SUITE", f"rule {rule.code} names the unknown column {column}")
    return quoted(f"{kind}__{column}" if kind else column)


def _array(words: Iterable[str]) -> str:
    escaped = ",".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    return literal("{" + escaped + "}") + "::text[]"


def _off_its_days(name: str, periods: dict[str, tuple[tuple[str, str], ...]], day: str) -> str:
    """A code with dates on a day that none of its periods covers; not judged where the day cannot be read."""

    def covers(first: str, last: str) -> str:
        ends = ([f"{day} >= date '{first}'"] if first else []) + ([f"{day} <= date '{last}'"] if last else [])
        return " and ".join(ends)

    # codes that hold on the same days are asked about together
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for code, held in periods.items():
        alike.setdefault(held, []).append(code)
    return " or ".join(
        f"({name} = any ({_array(codes_alike)}) and not ({' or '.join(covers(*ends) for ends in held)}))"
        for held, codes_alike in alike.items()
    )


def _outside(value: str, low: object, high: object, show) -> str:  # type: ignore[no-untyped-def]
    parts = [f"{value} < {show(low)}"] if low is not None else []
    return " or ".join(parts + ([f"{value} > {show(high)}"] if high is not None else []))


def _day(end: object, business_date: date) -> str:
    return f"date '{(business_date if end == 'business_date' else date.fromisoformat(str(end))).isoformat()}'"


def _letter(letters: str, number: str) -> str:
    return f"substr('{letters}', (({number}) % 23)::int + 1, 1)"


def _age(birth: str, day: str, least: int, most: int) -> str:
    """Not aged ``least`` to ``most`` on a day; age() decides where the number of days does not already."""
    surely = f"{day} - {birth} between {least * 366} and {(most + 1) * 365}"
    years = f"age({day}, {birth})"
    return (
        f"not ({surely}) and ({years} < interval '{least} years' or {years} >= interval '{most + 1} years')"
    )


def _pnc_digits(name: str) -> str:
    return f"substr({name}, 3, 2) || substr({name}, 6, 7)"


def _pnc(name: str, digits: str) -> str:
    """Same answer as ref.canonical_pnc (domain.md 2.3); the usual forms without what it costs a row."""
    canonical = f"{name} like '____/________' and left({name}, 2) in ('19', '20') and pg_input_is_valid({digits}, 'int8')"
    serial = f"lpad(left(split_part({name}, '/', 2), -1), 7, '0')"
    short = f"(right(split_part({name}, '/', 1), 2) || {serial})::int8"
    return (
        f"case when {canonical} then {_letter(_PNC_LETTERS, f'{digits}::int8')} = right({name}, 1) "
        f"when {name} ~ '^(?:19\\d\\d|20\\d\\d|\\d\\d)/\\d{{1,7}}[A-Z]$' "
        f"then {_letter(_PNC_LETTERS, short)} = right({name}, 1) "
        f"else ref.canonical_pnc({name}) is not null end"
    )


def _upn(name: str) -> str:
    """Same answer as ref.is_valid_upn: weights 2 to 13, letters of the check alphabet by position."""
    terms = [f"substr({name}, {place}, 1)::int * {place}" for place in range(2, 13)]
    last = f"right({name}, 1)"
    terms.append(
        f"(case when {last} between '0' and '9' then {last}::int else strpos('{_UPN_LETTERS}', {last}) - 1 end) * 13"
    )
    return (
        f"case when {name} ~ '^[A-HJ-NP-RT-Z]\\d{{11}}[0-9A-HJ-NP-RT-Z]$' "
        f"then left({name}, 1) = {_letter(_UPN_LETTERS, ' + '.join(terms))} else false end"
    )


def _uln(name: str) -> str:
    """Unique learner number: nine digits weighted 10 to 2, remainder by 11 taken from 10; or its placeholder."""
    remainder = " + ".join(f"substr({name}, {place}, 1)::int * {11 - place}" for place in range(1, 10))
    return (
        f"case when {name} = '9999999999' then true when {name} collate \"C\" ~ '^\\d{{10}}$' "
        f"then ({remainder}) % 11 > 0 and right({name}, 1)::int = 10 - ({remainder}) % 11 else false end"
    )


def _asn_digits(name: str) -> str:
    return f"substr({name}, 3, 2) || substr({name}, 7, 2) || left({name}, 2) || substr({name}, 9, 11)"


def _asn(name: str, digits: str) -> str:
    """Arrest summons number, domain.md 2.3: YY [top level] FF UU SS, eleven digits, a letter.

    The letter follows from force, system, year and sequence read as one number; a force or system that
    is not all digits is left out. The form with slashes (YY/FFUU/SS/sequence) is checked by shape.
    """
    start = f"(length({name}) - 17)"  # where the force begins, with or without a top-level code
    force, system = f"substr({name}, {start}, 2)", f"substr({name}, {start} + 4, 2)"
    number = (
        f"(case when {force} ~ '^\\d\\d$' then {force} else '' end || "
        f"case when {system} ~ '^\\d\\d$' then {system} else '' end || "
        f"left({name}, 2) || substr({name}, {start} + 6, 11))::int8"
    )
    return (
        # the usual case, twenty characters with force and system in digits, without a regular expression
        f"case when length({name}) = 20 and pg_input_is_valid({digits}, 'int8') "
        f"then right({name}, 1) = {_letter(_PNC_LETTERS, f'{digits}::int8')} "
        f"when {name} ~ '^\\d{{2}}[A-Z0-9]{{6,7}}\\d{{11}}[A-HJ-NP-RT-Z]$' "
        f"then right({name}, 1) = {_letter(_PNC_LETTERS, number)} "
        f"else {name} ~ '^\\d{{2}}/[A-Z0-9]{{4,5}}/[A-Z0-9]{{2}}/\\d{{1,11}}[A-HJ-NP-RT-Z]$' end"
    )
