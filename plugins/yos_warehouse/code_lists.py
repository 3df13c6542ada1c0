"""The code lists (dbt seeds, schema ref) that come from elsewhere, regenerated from their sources.

``python -m yos_warehouse.code_lists [--package DIR --shared DIR]``

Without arguments: the lists that follow from ``dags/services`` and the bank holidays. ``--package``: the unpacked npm package ``@moj-bichard7-developers/bichard7-next-data`` (its package.json
names the version that is recorded). ``--shared``: the folder of public data with ``offence_codes`` and
``codelists``. The services' districts, teams, courts, populations and targets come from ``dags/services``.
The other seeds are ours and written by hand; ``seeds/ref/code_list_source.csv`` names the source of each.
Same sources, same bytes.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from yos_warehouse.bank_holidays import FIRST_YEAR, LAST_YEAR, BankHoliday, bank_holidays
from yos_warehouse.errors import UsageError, YosError
from yos_warehouse.settings import DBT_DIR, SERVICES_DIR

SEEDS_DIR = DBT_DIR / "seeds"
PACKAGE = "@moj-bichard7-developers/bichard7-next-data"
TITLE_LENGTH = 80  # keeps code_offence.csv small enough to read in a review

# MoJ offence groups of the Home Office classes, short for the seed: name in code_offence_group.csv.
GROUP_CODES = {
    "Violence against the person": "VIOLENCE",
    "Sexual offences": "SEXUAL",
    "Robbery": "ROBBERY",
    "Burglary": "BURGLARY",
    "Theft and handling": "THEFT",
    "Fraud forgery": "FRAUD",
    "Criminal damage": "DAMAGE",
    "Drug offences": "DRUG",
    "Other indictable": "OTHER_INDICTABLE",
    "Indictable motoring offences": "MOTORING_INDICTABLE",
    "Other summary offences": "OTHER_SUMMARY",
    "Summary motoring offences": "MOTORING_SUMMARY",
}
# Home Office class 000/00 stands for "not classified": it says nothing about the group.
UNCLASSIFIED = "000/00"

Row = Sequence[object]


def render(header: Sequence[str], rows: Iterable[Row]) -> str:
    """CSV text with Unix line ends; booleans as t/f, None as an empty field."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    return str(value).lower()[0] if isinstance(value, bool) else value


def _tidy(text: str, length: int | None = None) -> str:
    tidy = re.sub(r"\s+", " ", text).strip()
    return tidy[:length].rstrip() if length else tidy


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise UsageError(
            "NO_PACKAGE",
            f"{path.name} of {PACKAGE} cannot be read",
            "give --package the folder that holds package.json and data/",
        ) from None


def offence_rows(package: Path, groups: dict[str, str]) -> list[Row]:
    """code, name, ho_class, category, is_recordable, moj_group: one row per CJS offence code.

    The class is empty where the source says 000/00, not classified. Category CB is a breach, not an offence
    (domain.md 3.2); SE20001, a breach of a criminal behaviour order, is CE and an offence.
    """
    rows: list[Row] = []
    for item in _read_json(package / "data" / "offence-code.json"):
        ho_class, category = item["homeOfficeClassification"], item["offenceCategory"]
        ho_class = None if ho_class == UNCLASSIFIED else ho_class
        rows.append(
            (
                item["cjsCode"],
                _tidy(item["offenceTitle"], TITLE_LENGTH),
                ho_class,
                category,
                bool(item["recordableOnPnc"]),
                groups.get(ho_class) if ho_class else None,
            )
        )
    return sorted(rows, key=lambda row: str(row[0]))


def result_rows(package: Path) -> list[Row]:
    """code, name, result_type (F final, I interim, P ancillary, empty): one row per CJS result code."""
    items = _read_json(package / "data" / "result-code.json")
    rows: list[Row] = [(item["cjsCode"], _tidy(item["description"]), item["type"] or None) for item in items]
    return sorted(rows, key=lambda row: str(row[0]))


def ho_groups(shared: Path) -> dict[str, str]:
    """Home Office class/subclass (``046/00``) to the short code of its MoJ group."""
    with (shared / "offence_codes" / "ho_offence_codes.csv").open(encoding="utf-8", newline="") as file:
        return {row["ho_code"]: GROUP_CODES[row["parent_group_description"]] for row in csv.DictReader(file)}


def plain_list(shared: Path, name: str) -> list[Row]:
    """code, name of one of the public code lists, in the order of the source."""
    with (shared / "codelists" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [(row["code"], _tidy(row["description"])) for row in csv.DictReader(file)]


def service_rows(services: Path) -> dict[str, tuple[Sequence[str], list[Row]]]:
    """Districts, teams, courts, populations and targets of every service in ``dags/services``."""
    districts: list[Row] = []
    teams: list[Row] = []
    courts: list[Row] = []
    populations: list[Row] = []
    targets: list[Row] = []
    for path in sorted(services.glob("*.yml")):
        service = yaml.safe_load(path.read_text("utf-8"))
        code = service["service"]
        areas = {area["code"]: area["name"] for area in service["areas"]}
        team_names = {team["code"]: team["name"] for team in service["teams"]}
        districts += [
            (
                code,
                d["code"],
                d["name"],
                d["area"],
                areas[d["area"]],
                d["team"],
                team_names[d["team"]],
                service["region"],
            )
            for d in service["districts"]
        ]
        teams += [(code, team["code"], team["name"]) for team in service["teams"]]
        courts += [(code, court["code"], court["name"], court["type"]) for court in service["courts"]]
        populations += [
            (code, district, estimate["mid_year"], estimate["released_on"], count)
            for estimate in service["population_10_17"]
            for district, count in sorted(estimate["districts"].items())
        ]
        targets += [
            (
                code,
                indicator,
                target["value"],
                "below" if target.get("below") else None,
                target.get("confidence", "STATED"),
            )
            for indicator, target in service["targets"].items()
        ]
    return {
        "ref_district": (
            (
                "service_code",
                "district_code",
                "district_name",
                "area_code",
                "area_name",
                "team_code",
                "team_name",
                "region_name",
            ),
            districts,
        ),
        "ref_team": (("service_code", "team_code", "team_name"), teams),
        "ref_court": (("service_code", "court_code", "court_name", "court_type"), courts),
        "ref_population": (
            ("service_code", "district_code", "mid_year", "released_on", "population_10_17"),
            populations,
        ),
        "ref_target": (
            ("service_code", "indicator_id", "target_value", "target_sense", "target_confidence"),
            targets,
        ),
    }


def own_lists(services: Path = SERVICES_DIR) -> dict[Path, str]:
    """The seeds that need no source from elsewhere: path below ``seeds/`` to its text."""
    seeds = {
        Path(f"ref/{name}.csv"): render(header, rows)
        for name, (header, rows) in service_rows(services).items()
    }
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    holidays = [holiday for year in years for holiday in bank_holidays(year)]
    return seeds | {Path("ref/ref_bank_holiday.csv"): render(BankHoliday._fields, holidays)}


def generated(package: Path, shared: Path, services: Path = SERVICES_DIR) -> dict[Path, str]:
    """Every generated seed: path below ``seeds/`` to its text.

    Raises:
        UsageError: NO_PACKAGE or NO_SHARED when a source is not where the arguments say.
    """
    version = _read_json(package / "package.json")["version"]
    if not (shared / "codelists").is_dir():
        raise UsageError(
            "NO_SHARED", "the folder of public data has no codelists/", "give --shared its folder"
        )
    named = ("code", "name")
    seeds: dict[Path, str] = {
        Path("code/code_offence.csv"): render(
            (*named, "ho_class", "category", "is_recordable", "moj_group"),
            offence_rows(package, ho_groups(shared)),
        ),
        Path("code/code_result.csv"): render((*named, "result_type"), result_rows(package)),
        Path("code/code_offence_group.csv"): render(named, [(c, n) for n, c in GROUP_CODES.items()]),
        Path("code/code_enrolment_status.csv"): render(named, plain_list(shared, "enrolment_status")),
        Path("code/code_sen_type.csv"): render(named, plain_list(shared, "sen_type")),
    }
    seeds |= own_lists(services)
    seeds[Path("ref/code_list_source.csv")] = render(
        ("seed", "source", "version", "licence"), sorted(_sources(version), key=lambda row: str(row[0]))
    )
    return seeds


def _sources(version: str) -> list[Row]:
    """seed, source, version, licence: where each list comes from."""
    package, hmo = f"npm {PACKAGE}", "ministryofjustice hmpps-manage-offences-api"
    dfe, ogl = "DfE Common Basic Data Set", "OGL v3"
    ours, conf = "this project", "this project: dags/services"
    return [
        ("code_offence", f"{package}; MoJ group from {hmo}", version, "MIT"),
        ("code_offence_group", hmo, "2025", "MIT"),
        ("code_result", package, version, "MIT"),
        ("code_enrolment_status", dfe, "2025", ogl),
        ("code_sen_type", dfe, "2025", ogl),
        ("code_sen_provision", f"{dfe}, with the codes before 2014", "2025", ogl),
        ("code_exclusion_reason", f"{dfe}, with the withdrawn code OT", "2025", ogl),
        ("code_exclusion_category", f"{dfe}, with the older code FIXD", "2025", ogl),
        ("code_attendance", "DfE school attendance codes, with those withdrawn in 2024", "2024", ogl),
        ("code_nccis_activity", "DfE NCCIS activity codes", "2023", ogl),
        ("code_circumstance", "DfE NCCIS individual circumstances, those that matter here", "2023", ogl),
        (
            "code_cohort_status",
            "DfE NCCIS cohort status; the names of most reasons are not published with the list",
            "2023",
            ogl,
        ),
        ("code_level_of_need", "DfE NCCIS level of need", "2023", ogl),
        ("code_sex", f"{package} (gender.json), with the letters of education data", version, "MIT"),
        ("code_ethnicity", "Self-defined ethnicity 18+1, hmpps-person-record", "2025", "MIT"),
        ("map_ethnicity", "this project: school and NCCIS codes to 18+1", "1", "MIT"),
        ("code_legal_outcome", "this project: tiers and order of seriousness, docs/indicators", "1", "MIT"),
        (
            "code_grant_condition",
            "this project, after the conditions that domain.md 2.7 names: the plan, quarterly oversight",
            "1",
            "MIT",
        ),
        (
            "code_secondment_role",
            "this project: who partners lend under section 39 of the Crime and Disorder Act 1998, and health",
            "1",
            "MIT",
        ),
        ("map_ledger_source", "this project: words that ledgers write", "1", "MIT"),
        ("map_ledger_status", "this project: words that ledgers write", "1", "MIT"),
        ("map_programme", "this project: projects and contributors to programmes", "1", "MIT"),
        ("map_published_word", "this project: words of received figures", "1", "MIT"),
        ("map_result_outcome", "this project: court results to legal outcomes", "1", "MIT"),
        ("code_crime_outcome", "Home Office crime outcomes", "2019", ogl),
        ("code_order_type", ours, "1", "MIT"),
        ("code_ete_provision", "Youth Justice Board case-level return", "2024", "MIT"),
        ("code_release_type", ours, "1", "MIT"),
        ("code_yjb_offence_category", "Youth Justice Board case-level return", "2024", "MIT"),
        ("code_supplier_category", ours, "1", "MIT"),
        (
            "code_remand",
            f"{package} (remand-status.json), with the words of the Youth Justice Board",
            version,
            "MIT",
        ),
        ("map_provision", "this project: activities and registrations to kinds of provision", "1", "MIT"),
        ("map_result_remand", "this project: court results to kinds of remand", "1", "MIT"),
        (
            "map_offence_yjb",
            "this project: own reading of the Youth Justice Board's categories and scores",
            "1",
            "MIT",
        ),
        (
            "ref_bank_holiday",
            "gov.uk bank holidays; years not published yet computed from the rules",
            "2028",
            ogl,
        ),
        ("ref_account", "this project: the fictional service's chart of accounts", "1", "MIT"),
        ("ref_bed_price", "this project: invented for the fictional service", "1", "MIT"),
        ("ref_contributor", "this project: kinds of the bodies that pay into a service", "1", "MIT"),
        ("ref_cost_centre", "this project: the fictional service's cost centres", "1", "MIT"),
        ("ref_instalment", "this project: quarters in advance", "1", "MIT"),
        ("ref_programme", "this project: programmes that domain.md 2.7 and the budget name", "1", "MIT"),
        ("ref_reserve", "this project: the fictional service's reserves", "1", "MIT"),
        ("ref_court", conf, "1", "MIT"),
        ("ref_district", conf, "1", "MIT"),
        ("ref_team", conf, "1", "MIT"),
        ("ref_eet_precedence", "this project: docs/indicators", "1", "MIT"),
        ("ref_indicator", "this project: docs/indicators", "1", "MIT"),
        ("ref_provision", "this project: docs/indicators", "1", "MIT"),
        ("ref_series_break", "Department for Education, announcements of 2020 and 2021", "2021", ogl),
        ("ref_population", f"{conf}; Leicestershire and Rutland: ONS mid-year estimates", "1", f"MIT; {ogl}"),
        ("ref_target", conf, "1", "MIT"),
        ("code_list_source", ours, "1", "MIT"),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write every generated seed; exit code 2 when a source is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m yos_warehouse.code_lists",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--package", type=Path, help="unpacked npm package")
    parser.add_argument("--shared", type=Path, help="has offence_codes/, codelists/")
    parser.add_argument("--seeds", type=Path, default=SEEDS_DIR, help="where to write")
    options = parser.parse_args(arguments)
    if (options.package is None) != (options.shared is None):
        parser.error("give --package and --shared together")
    try:
        seeds = generated(options.package, options.shared) if options.package else own_lists()
    except YosError as error:
        print(error, file=sys.stderr)
        return 2
    for path, text in seeds.items():
        target = options.seeds / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        print(f"{path}: {text.count(chr(10)) - 1} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
