"""Code lists: sources recorded, generated ones reproducible, and no code of the fictional service unknown."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from yos_warehouse import code_lists
from yos_warehouse.errors import UsageError
from yos_warehouse.fictional import codes
from yos_warehouse.settings import DBT_DIR, PROJECT_DIR
from yos_warehouse.sources.contract import contracts

SEEDS = DBT_DIR / "seeds"
PUBLIC_DATA = PROJECT_DIR.parent / "shared" / "data"


def column(seed: str, name: str | None = None) -> set[str]:
    """Values of a column; without a name the codes: the column ``code``, else the first, as the door reads them."""
    return {row[name or ("code" if "code" in row else next(iter(row)))] for row in rows(seed)}


def rows(seed: str) -> list[dict[str, str]]:
    with next(SEEDS.rglob(f"{seed}.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_seed_has_its_source_version_and_licence() -> None:
    listed = {row["seed"]: row for row in rows("code_list_source")}
    assert set(listed) == {path.stem for path in SEEDS.rglob("*.csv")}
    assert all(row["source"] and row["version"] and row["licence"] for row in listed.values())


def test_every_seed_is_described_and_its_columns_typed(manifest: dict[str, Any]) -> None:
    seeds = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "seed"}
    assert set(seeds) == {path.stem for path in SEEDS.rglob("*.csv")}
    for name, seed in seeds.items():
        with next(SEEDS.rglob(f"{name}.csv")).open(encoding="utf-8", newline="") as file:
            assert set(seed["config"]["column_types"]) == set(next(csv.reader(file))), name
        assert seed["description"] and seed["schema"] == "ref", name


def test_every_list_a_contract_names_is_there() -> None:
    named = {
        column.codes
        for contract in contracts().values()
        for entity in contract.entities.values()
        for column in entity.columns.values()
        if column.codes
    }
    assert named <= {path.stem for path in SEEDS.rglob("*.csv")}
    assert all(column(seed) for seed in named)


@pytest.mark.parametrize(
    ("seed", "used"),
    [
        ("code_offence", {offence.code for offence in codes.OFFENCES}),
        ("code_offence", {code for code, _ in codes.BREACH_OFFENCES.values()}),
        ("code_legal_outcome", set(codes.LEGAL_OUTCOMES)),
        ("code_order_type", set(codes.ORDER_TYPES)),
        ("code_result", {*codes.RESULT_OF_OUTCOME.values(), *codes.ANCILLARY_RESULTS}),
        ("code_result", {result for result, _ in codes.REMAND_RESULTS.values()}),
        ("code_yjb_offence_category", {offence.yjb for offence in codes.OFFENCES}),
        ("code_crime_outcome", set(codes.CRIME_OUTCOMES)),
        ("code_release_type", set(codes.RELEASE_TYPES)),
        ("code_ethnicity", set(codes.ETHNICITIES)),
        ("code_ete_provision", set(codes.PROVISIONS)),
        (
            "code_nccis_activity",
            {*codes.NCCIS_OF_PROVISION.values(), *codes.NCCIS_NEET, *codes.NCCIS_UNKNOWN},
        ),
        ("code_nccis_activity", {codes.NCCIS_IN_CUSTODY}),
        ("code_sen_provision", {*codes.SEN_PROVISIONS, *codes.OLD_SEN_PROVISIONS}),
        ("code_sen_type", set(codes.SEN_TYPES)),
        ("code_enrolment_status", set(codes.ENROLMENT_STATUSES)),
        (
            "code_attendance",
            {*codes.ATTENDANCE_PRESENT, *codes.ATTENDANCE_PART_TIME, *codes.ATTENDANCE_FURTHER},
        ),
        ("code_attendance", {code for absent in codes.ATTENDANCE_ABSENT for code in absent}),
        ("code_attendance", {code for approved in codes.ATTENDANCE_APPROVED for code in approved}),
        ("code_exclusion_reason", set(codes.EXCLUSION_REASONS)),
        ("code_exclusion_category", {*codes.EXCLUSION_CATEGORIES, codes.OLD_EXCLUSION_CATEGORY}),
        ("ref_account", set(codes.SUBJECTIVES)),
        ("ref_cost_centre", set(codes.COST_CENTRES)),
        ("ref_reserve", set(codes.RESERVES)),
        ("ref_contributor", set(codes.CONTRIBUTORS)),
        ("ref_programme", set(codes.PROGRAMMES)),
        ("map_programme", set(codes.PROJECTS)),
        ("code_supplier_category", set(codes.SUPPLIER_TYPES)),
        ("map_ledger_status", {word for words in codes.STATUS_WORDS.values() for word in words}),
        ("map_ledger_source", {word for words in codes.SOURCE_WORDS.values() for word in words}),
        ("code_secondment_role", set(codes.SECONDMENT_ROLES)),
        ("code_grant_condition", set(codes.GRANT_CONDITIONS)),
        ("code_remand", set(codes.REMAND_DECISIONS)),
    ],
)
def test_no_code_of_the_fictional_service_is_unknown(seed: str, used: set[str]) -> None:
    assert used - column(seed) == set()


def test_accounts_and_programmes_are_what_the_generator_takes_them_for() -> None:
    accounts = rows("ref_account")
    assert {row["subjective_code"] for row in accounts if row["account_group_code"] == "INCOME"} == set(
        codes.INCOME
    )
    assert {row["supplier_category_code"] for row in accounts} - {""} <= column("code_supplier_category")
    names = {row["subjective_code"]: row["account_name"] for row in accounts}
    assert codes.SUBJECTIVES.items() <= names.items()
    programme_of = {row["code"]: row["programme_code"] for row in rows("map_programme")}
    assert codes.PROJECTS.items() <= programme_of.items()
    known = {
        row["contributor_code"]: (row["contributor_kind_code"], row["is_reserve"] == "t")
        for row in rows("ref_contributor")
    }
    assert codes.CONTRIBUTORS.items() <= known.items()


@pytest.mark.parametrize("list_", ["map_ledger_status", "map_ledger_source", "map_programme"])
def test_a_list_that_is_read_in_capitals_has_each_word_in_capitals(list_: str) -> None:
    assert {word.upper() for word in column(list_)} <= column(list_)


def test_the_instalments_of_a_service_are_a_whole_year() -> None:
    shares: dict[str, float] = {}
    for row in rows("ref_instalment"):
        shares[row["service_code"]] = shares.get(row["service_code"], 0) + float(row["share_pct"])
    assert set(shares.values()) == {100}


def test_the_unknown_codes_of_the_oddities_are_unknown() -> None:
    assert codes.UNKNOWN_OFFENCE_CODE not in column("code_offence")
    assert codes.UNKNOWN_LEGAL_OUTCOME not in column("code_legal_outcome")


def test_legal_outcomes_agree_with_the_generator() -> None:
    ours = {row["code"]: row for row in rows("code_legal_outcome")}
    for code, (tier, is_substantive, rank) in codes.LEGAL_OUTCOMES.items():
        row = ours[code]
        found = row["tier"], row["is_substantive"] == "t", int(row["outcome_rank"])
        assert found == (tier, is_substantive, rank)


def test_ranks_have_no_ties() -> None:
    ranks = column("code_legal_outcome", "outcome_rank")
    assert len(ranks) == len(rows("code_legal_outcome"))


def test_court_results_lead_to_known_outcomes() -> None:
    mapped = {row["result_code"]: row["legal_outcome"] for row in rows("map_result_outcome")}
    assert set(mapped) <= column("code_result")
    assert set(mapped.values()) - {""} <= column("code_legal_outcome")
    for outcome, result in codes.RESULT_OF_OUTCOME.items():
        if outcome != "SECTION_254":  # shares 1007 with section 250
            assert mapped[result] == outcome


def test_remand_results_are_results_with_a_class_of_the_list() -> None:
    assert column("map_result_remand", "result_code") <= column("code_result")
    assert column("map_result_remand", "remand_class") < column("code_remand", "remand_class")
    names = {row["code"]: row["name"].lower() for row in rows("code_result")}
    for row in rows("map_result_remand"):
        words = {
            "YDA": ("custody", "secure", "youth detention accommodation"),
            "RLAA": ("local authority accommodation",),
            "CONDITIONAL_BAIL": ("conditional bail",),
            "UNCONDITIONAL_BAIL": ("unconditional bail",),
        }[row["remand_class"]]
        name = names[row["result_code"]]
        assert any(word in name for word in words), name
        assert row["remand_class"] != "CONDITIONAL_BAIL" or "unconditional" not in name


def test_activities_and_registrations_have_a_kind_of_provision() -> None:
    kinds = {row["code"]: row["is_eet"] for row in rows("code_ete_provision")}
    more = {row["provision_type_code"]: row["is_eet"] for row in rows("ref_provision")}
    assert not kinds.keys() & more.keys()
    kinds |= more
    kind_of = {
        (row["scheme"], row["source_code"]): row["provision_type_code"] for row in rows("map_provision")
    }
    activities = {row["code"]: row for row in rows("code_nccis_activity")}
    for code, activity in activities.items():
        if activity["activity_group"] == "NOT_KNOWN":
            assert ("NCCIS", code) not in kind_of
        else:
            assert kinds[kind_of["NCCIS", code]] == activity["is_eet"], code
    assert {code for scheme, code in kind_of if scheme == "NCCIS"} <= set(activities)
    registered = {code for scheme, code in kind_of if scheme == "ENROLMENT"}
    assert registered == column("code_enrolment_status") - {"P"}  # P: a school of the past
    assert all(kinds[kind] == "t" for (scheme, _), kind in kind_of.items() if scheme == "ENROLMENT")


def yjb_of(code: str) -> tuple[str, int] | None:
    """Category and score of an offence code, read from the map as int_reference__offence_type does."""
    map_ = {
        (row["match_kind"], row["match_code"]): (row["yjb_category_code"], int(row["yjb_seriousness"]))
        for row in rows("map_offence_yjb")
    }
    offence = next(row for row in rows("code_offence") if row["code"] == code)
    tried = (
        ("CJS_CODE", code), ("OFFENCE_CATEGORY", offence["category"]), ("HO_SUBCLASS", offence["ho_class"]),
        ("HO_CLASS", offence["ho_class"].split("/")[0]), ("MOJ_GROUP", offence["moj_group"]),
    )  # fmt: skip
    return next((map_[key] for key in tried if key in map_), None)


@pytest.mark.slow
def test_every_group_and_every_offence_used_has_a_yjb_category() -> None:
    groups = {row["match_code"] for row in rows("map_offence_yjb") if row["match_kind"] == "MOJ_GROUP"}
    assert groups == column("code_offence_group")
    assert {int(row["yjb_seriousness"]) for row in rows("map_offence_yjb")} <= set(range(1, 9))
    used = {row["yjb_category_code"] for row in rows("map_offence_yjb")}
    assert used == column("code_yjb_offence_category") - {"NOT_KNOWN"}
    for offence in codes.OFFENCES:
        found = yjb_of(offence.code)
        assert found and found[1] == offence.gravity, offence.code
    assert yjb_of("SE20517") == ("BREACH_OF_STATUTORY_ORDER", 2)
    assert yjb_of("SE20516") == ("BREACH_OF_CONDITIONAL_DISCHARGE", 2)
    assert yjb_of("TH68151") == ("VEHICLE_THEFT_UNAUTHORISED_TAKING", 5)


def test_the_map_names_what_there_is() -> None:
    classes = {row["ho_class"] for row in rows("code_offence")}
    known = {
        "CJS_CODE": column("code_offence"),
        "OFFENCE_CATEGORY": column("code_offence", "category"),
        "HO_SUBCLASS": classes,
        "HO_CLASS": {ho_class.split("/")[0] for ho_class in classes},
        "MOJ_GROUP": column("code_offence_group"),
    }
    for row in rows("map_offence_yjb"):
        assert row["match_code"] in known[row["match_kind"]], row


def test_breach_is_a_category_and_not_a_word() -> None:
    category = {row["code"]: row["category"] for row in rows("code_offence")}
    assert category["SE20517"] == "CB"
    assert category["SE20001"] == "CE"  # breach of a criminal behaviour order is an offence


def package(folder: Path) -> Path:
    """A package of two codes in the real layout."""
    (folder / "data").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"version": "9.9.9"}))
    offences = [
        {"cjsCode": "ZZ00002", "homeOfficeClassification": "046/00", "offenceCategory": "CE",
         "offenceTitle": "A  title " + "x" * 100, "recordableOnPnc": True},
        {"cjsCode": "ZZ00001", "homeOfficeClassification": "000/00", "offenceCategory": "CB",
         "offenceTitle": "A breach", "recordableOnPnc": False},
    ]  # fmt: skip
    (folder / "data" / "offence-code.json").write_text(json.dumps(offences))
    results = [{"cjsCode": "1015", "description": "Fine", "type": "F"}]
    (folder / "data" / "result-code.json").write_text(json.dumps(results))
    return folder


def public_data(folder: Path) -> Path:
    for name in ("enrolment_status", "sen_type"):
        path = folder / "codelists" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("code,description\nC,Current\n")
    (folder / "offence_codes").mkdir()
    (folder / "offence_codes" / "ho_offence_codes.csv").write_text(
        "ho_code,parent_group_description\n046/00,Theft and handling\n"
    )
    return folder


def test_generated_lists_are_sorted_tidy_and_repeatable(tmp_path: Path) -> None:
    sources = package(tmp_path / "package"), public_data(tmp_path / "shared")
    first, second = code_lists.generated(*sources), code_lists.generated(*sources)
    assert first == second
    lines = first[Path("code/code_offence.csv")].splitlines()
    assert lines[1] == "ZZ00001,A breach,,CB,f,"
    assert lines[2] == f"ZZ00002,A title {'x' * 72},046/00,CE,t,THEFT"
    assert "9.9.9" in first[Path("ref/code_list_source.csv")]


def test_a_missing_package_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="NO_PACKAGE"):
        code_lists.generated(tmp_path, tmp_path)
    assert code_lists.main(["--package", str(tmp_path), "--shared", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_without_sources_only_our_own_lists_are_written(tmp_path: Path) -> None:
    assert code_lists.main(["--seeds", str(tmp_path)]) == 0
    written = {path.stem for path in tmp_path.rglob("*.csv")}
    assert {"ref_bank_holiday", "ref_court", "ref_district", "ref_population"} <= written
    assert "code_list_source" not in written


@pytest.mark.skipif(not PUBLIC_DATA.is_dir(), reason="no folder of public data beside the checkout")
def test_lists_from_public_data_are_as_committed() -> None:
    committed = (SEEDS / "code" / "code_sen_type.csv").read_text("utf-8")
    assert committed == code_lists.render(("code", "name"), code_lists.plain_list(PUBLIC_DATA, "sen_type"))


def test_own_lists_are_as_committed() -> None:
    for path, text in code_lists.own_lists().items():
        assert (SEEDS / path).read_text("utf-8") == text, path
