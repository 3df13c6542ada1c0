"""Rules as SQL: for each rule a boolean expression that is true for a failing row.

The expressions stand over a subquery that offers each contract column as text and, where a rule needs
it, its reading as ``date__<column>`` or ``number__<column>``, so that nothing is parsed twice. All of
them work on text and raise for no input: an error's text would carry the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from yos_warehouse.door.suite import Rule, codes
from yos_warehouse.history.tables import literal, quoted
from yos_warehouse.sources.contract import ContractError, Entity

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(?::(date|number))?\}")
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def readings(entity: Entity, found: Iterable[Rule]) -> dict[str, str]:
    """The readings the rules need: name of the reading -> SQL over the raw columns."""
    wanted: set[tuple[str, str]] = set()
    for rule in found:
        if rule.check in ("date", "not_after", "date_between", "age_between"):
            wanted |= {("date", column) for column in rule.column}
        elif rule.check in ("number", "money", "between"):
            wanted |= {("number", column) for column in rule.column}
        elif rule.check == "sql":
            wanted |= {(kind, column) for column, kind in _PLACE.findall(rule.fails_when or "") if kind}
    return {
        f"{kind}__{column}": reading(kind, column, entity) for kind, column in sorted(wanted)
    }


def reading(kind: str, column: str, entity: Entity) -> str:
    """SQL that reads a text column as ``date`` or ``number`` (money too); null where it cannot be read."""
    name = quoted(column)
    if kind == "date":
        return f"ref.parse_date({name})"
    if entity.columns[column].type == "money":
        # more digits than an amount can have would make the cast raise
        return f"case when length({name}) < 13 or {name} ~ '^\\D*(\\d\\D*){{1,11}}$' then ref.parse_money({name}) end"
    return f"ref.parse_number({name})"


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
            return f"{name} is null or btrim({name}) = ''"
        case "date":
            return f"{name} is not null and {day} is null"
        case "timestamp":
            return f"not pg_input_is_valid({name}, 'timestamptz')"
        case "number" | "money":
            return f"{name} is not null and {number} is null"
        case "integer":
            return f"{name} !~ '^-?\\d{{1,9}}$'"
        case "boolean":
            return f"{name} is not null and ref.parse_boolean({name}) is null"
        case "matches":
            return f"{name} !~ {literal('^(?:' + (rule.pattern or '') + ')$')}"
        case "in":
            return f"{name} <> all ({_array(rule.values)})"
        case "in_list":
            known = codes(rule.list or "")
            return None if known is None else f"{name} <> all ({_array(known)})"
        case "length":
            return _outside(f"length({name})", rule.min, rule.max, str)
        case "between":
            return _outside(number, rule.min, rule.max, str)
        case "date_between":
            return _outside(day, rule.min, rule.max, lambda end: _day(end, business_date))
        case "not_after":
            return f"{day} > {quoted('date__' + rule.column[1])}"
        case "age_between":
            age = f"age({quoted('date__' + rule.column[1])}, {day})"
            return (
                f"{age} < interval '{int(float(rule.min or 0))} years' "
                f"or {age} >= interval '{int(float(rule.max or 0)) + 1} years'"
            )
        case "pnc_id":
            return f"{name} is not null and not ({_pnc(name)})"
        case "upn":
            return f"{name} is not null and not ({_upn(name)})"
        case "asn":
            return f"{name} is not null and not ({_asn(name)})"
        case "sql":
            return _PLACE.sub(lambda place: _placed(place, entity, rule), rule.fails_when or "")
    raise ContractError("SUITE", f"rule {rule.code}: check {rule.check} is made by the door itself")


def _placed(place: re.Match[str], entity: Entity, rule: Rule) -> str:
    column, kind = place.groups()
    if column == "business_date" or column not in entity.columns:
        raise ContractError("SUITE", f"rule {rule.code} names the unknown column {column}")
    return quoted(f"{kind}__{column}" if kind else column)


def _array(words: Iterable[str]) -> str:
    escaped = ",".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    return literal("{" + escaped + "}") + "::text[]"


def _outside(value: str, low: object, high: object, show) -> str:  # type: ignore[no-untyped-def]
    parts = [f"{value} < {show(low)}"] if low is not None else []
    return " or ".join(parts + ([f"{value} > {show(high)}"] if high is not None else []))


def _day(end: object, business_date: date) -> str:
    return f"date '{(business_date if end == 'business_date' else date.fromisoformat(str(end))).isoformat()}'"


def _letter(letters: str, number: str) -> str:
    return f"substr('{letters}', (({number}) % 23)::int + 1, 1)"


def _pnc(name: str) -> str:
    """Same answer as ref.canonical_pnc (domain.md 2.3); the two usual forms without its cost of 0.1 ms a row."""
    serial = f"lpad(left(split_part({name}, '/', 2), -1), 7, '0')"
    usual = _letter(_PNC_LETTERS, f"(right(split_part({name}, '/', 1), 2) || {serial})::bigint")
    return (
        f"case when {name} ~ '^(?:19\\d\\d|20\\d\\d|\\d\\d)/\\d{{1,7}}[A-Z]$' then {usual} = right({name}, 1) "
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


def _asn(name: str) -> str:
    """Arrest summons number, domain.md 2.3: YY [top level] FF UU SS, eleven digits, a letter.

    The letter follows from force, system, year and sequence read as one number; a force or system that
    is not all digits is left out. The form with slashes (YY/FFUU/SS/sequence) is checked by shape.
    """
    start = f"(length({name}) - 17)"  # where the force begins, with or without a top-level code
    force, system = f"substr({name}, {start}, 2)", f"substr({name}, {start} + 4, 2)"
    number = (
        f"(case when {force} ~ '^\\d\\d$' then {force} else '' end || "
        f"case when {system} ~ '^\\d\\d$' then {system} else '' end || "
        f"left({name}, 2) || substr({name}, {start} + 6, 11))::bigint"
    )
    return (
        f"case when {name} ~ '^\\d{{2}}[A-Z0-9]{{6,7}}\\d{{11}}[A-HJ-NP-RT-Z]$' "
        f"then right({name}, 1) = {_letter(_PNC_LETTERS, number)} "
        f"else {name} ~ '^\\d{{2}}/[A-Z0-9]{{4,5}}/[A-Z0-9]{{2}}/\\d{{1,11}}[A-HJ-NP-RT-Z]$' end"
    )
