"""The suites in expectations/ and the rules that follow from the contracts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yos_warehouse import settings
from yos_warehouse.door.rule_sql import fails
from yos_warehouse.door.suite import load_suite, rules
from yos_warehouse.fictional.identifiers import asn, upn
from yos_warehouse.history.tables import RAW_META, contract_ddl
from yos_warehouse.sources.contract import ContractError, contracts

ENTITIES = [(feed, name) for feed, contract in contracts().items() for name in contract.entities]


@pytest.mark.parametrize(("feed", "name"), ENTITIES)
def test_each_entity_has_a_suite_and_each_column_that_needs_one_a_rule(feed: str, name: str) -> None:
    contract = contracts()[feed]
    entity = contract.entities[name]
    assert load_suite(settings.EXPECTATIONS_DIR / feed / f"{name}.yml").rules
    found = rules(contract, name)
    codes = {rule.code for rule in found}
    for column, spec in entity.columns.items():
        if spec.required:
            assert f"REQUIRED:{column}" in codes
        if spec.type not in ("text", "code"):
            assert any(code.endswith(f":{column}") for code in codes)
    for rule in found:
        assert len(rule.flag) <= 63
        assert rule.says and rule.remedy
        # no refusal of a row because our list lacks a code (D7)
        assert rule.check not in ("in_list", "pnc_id", "upn", "uln", "asn") or rule.effect == "report"


def test_no_suite_without_its_entity() -> None:
    files = {(path.parent.name, path.stem) for path in settings.EXPECTATIONS_DIR.glob("*/*.yml")}
    assert files == set(ENTITIES)


@pytest.mark.parametrize(("feed", "name"), ENTITIES)
def test_a_key_has_a_required_column_and_no_column_has_a_name_of_ours(feed: str, name: str) -> None:
    entity = contracts()[feed].entities[name]
    assert any(entity.columns[column].required for column in entity.key)
    ours = {column for column, _ in RAW_META} | {
        "raw_id", "service_code", "record_id", "quarantine_id", "rule_codes", "line", "file", "file_line", "held_since",
        "released_at", "released_by_load_id", "tid",
    }  # fmt: skip
    assert ours.isdisjoint(entity.columns)


def test_value_rule_codes_are_unique_over_all_suites() -> None:
    codes = [
        rule.code for path in settings.EXPECTATIONS_DIR.glob("*/*.yml") for rule in load_suite(path).rules
    ]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    "text",
    [
        "rules: [{code: A-1, column: x, check: upn, effect: reprot, says: a, remedy: b}]",
        "rules: [{code: A-1, column: x, check: upn, effect: report, says: a, remedy: b, tolerence: 0.1}]",
        "rules: [{code: A-1, column: x, check: matches, effect: report, says: a, remedy: b}]",
        "rulez: []",
    ],
)
def test_a_misspelt_suite_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text)
    with pytest.raises(ContractError, match="SUITE"):
        load_suite(path)


def test_tables_can_be_made_again(warehouse) -> None:  # type: ignore[no-untyped-def]
    connection = warehouse.connect("migrator")
    with connection.cursor() as cursor:
        cursor.execute("set role yos_owner")
        for contract in contracts().values():
            for statement in contract_ddl(contract):
                cursor.execute(statement)
    connection.rollback()
    connection.close()


def test_the_loader_may_do_what_it_must_and_no_more(warehouse) -> None:  # type: ignore[no-untyped-def]
    held = warehouse.query(
        "select grantee, privilege_type from information_schema.table_privileges "
        "where table_schema = 'raw' and table_name = 'police__arrest' and grantee <> 'yos_owner' order by 1, 2"
    )
    assert held == [("yos_loader", "INSERT"), ("yos_loader", "SELECT"), ("yos_transformer", "SELECT")]
    columns = warehouse.query(
        "select table_schema, column_name from information_schema.column_privileges where table_name = 'police__arrest' "
        "and grantee = 'yos_loader' and privilege_type = 'UPDATE' order by 1, 2"
    )
    assert columns == [
        ("quarantine", "released_at"), ("quarantine", "released_by_load_id"), ("raw", "is_last_good"),
        ("raw", "recorded_to"),
    ]  # fmt: skip


PNC = ["2099/1234567A", "02/73319Z", "0273319Z", "2002/0073319Z", "81/34U", "1981/0000034U", "00/223R", "79/163001B",
       "67/9893091D", "20030011985Z", "2001/0171310S", "2001/0171310", "x", "", "19/1Z", "2090/9549656K",
       "1881/0000034U", "81/34u", " 81/34U", "20120052494O"]  # fmt: skip


def test_the_quick_forms_agree_with_the_functions(warehouse) -> None:  # type: ignore[no-untyped-def]
    from yos_warehouse.door import rule_sql
    from yos_warehouse.door.rule_sql import _upn

    def _pnc(name: str) -> str:
        return rule_sql._pnc(name, f"({rule_sql._pnc_digits(name)})")

    def _asn(name: str) -> str:
        return rule_sql._asn(name, f"({rule_sql._asn_digits(name)})")

    upns = [upn(n, 2015) for n in range(300)]
    upns += [u[:-1] + str((int(u[-1]) + 1) % 10) for u in upns[:50]] + [
        "A12345678901B",
        "short",
        "",
        "I" + upns[0][1:],
    ]
    pncs = (
        PNC
        + [f"{n:02d}/{n * 7919}Z" for n in range(300)]
        + [f"20{n % 100:02d}/{n * 79199:07d}Z" for n in range(300)]
    )
    for values, quick, function in (
        (pncs, _pnc, "ref.canonical_pnc(value) is not null"),
        (upns, _upn, "ref.is_valid_upn(value)"),
    ):
        wrong = warehouse.query(
            f"select count(*) from unnest(%s) as value where ({quick('value').replace('%', '%%')}) is distinct from coalesce({function}, false)",
            (values,),
        )
        assert wrong == [(0,)]
    ulns = (
        ["0000000042", "1000000027", "9999999999"],
        ["0000000041", "9999999997", "1000000020", "123", "x", "٣" * 10],
    )
    for values, answer in zip(ulns, (True, False), strict=True):
        fits = rule_sql._uln("value").replace("%", "%%")
        assert warehouse.query(f"select distinct {fits} from unnest(%s) as value", (values,)) == [(answer,)]
    asns = [asn(2020 + n % 6, n * 7919) for n in range(300)] + ["1101ZD0100000448754K"]
    bad = [a[:-1] + ("A" if a[-1] != "A" else "B") for a in asns]
    fits = "select count(*) filter (where {}) from unnest(%s) as value".format(
        _asn("value").replace("%", "%%")
    )
    ok, none = warehouse.query(fits, (asns,)), warehouse.query(fits, (bad,))
    assert (ok, none) == ([(301,)], [(0,)])


def test_every_rule_stands_any_text_without_an_error(warehouse) -> None:  # type: ignore[no-untyped-def]
    """An SQL error would carry the value; so each expression is run over nasty values."""
    from yos_warehouse.door.rule_sql import readings
    from yos_warehouse.history.tables import quoted

    nasty = ["", " ", "x", "-1", "1e400", "NaN", "9" * 40, "0000-00-00", "31/02/2012", "99/99/9999", "£", "()", "'", "\\",
             "9999-12-31", "1999/00", "9999/99", "0001/01", "12345678901234567890/12A", "2" * 13, "A" * 13, "99999999999999",
             "(999999999999.99)", "1,000,000,000,000.00-", "é" * 20, "2025-01-01T25:61", "-0", "+1", "٣"]  # fmt: skip
    for contract in contracts().values():
        for name, entity in contract.entities.items():
            found = [
                rule
                for rule in rules(contract, name)
                if rule.check not in ("unique_key", "field_count", "control_char")
            ]
            dates, numbers = readings(entity, found)
            columns = ", ".join(["v", *(f"v as {quoted(column)}" for column in entity.columns)])
            read = ["*", *(f"ref.parse_date(v) as {quoted('date__' + column)}" for column in dates)]
            read += [f"{sql} as {quoted(number)}" for number, sql in numbers.items()]
            checks = ", ".join(f"({fails(rule, entity, date(2026, 3, 31))}) is true" for rule in found)
            statement = f"select {checks} from (select {', '.join(read)} from (select {columns} from unnest(VALUES) as v) as a) as b"
            warehouse.query(statement.replace("%", "%%").replace("VALUES", "%s"), (nasty,))
