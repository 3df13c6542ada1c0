"""The services' configuration: districts, teams and population fit each other."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from yos_warehouse.settings import PROJECT_DIR, SERVICES_DIR
from yos_warehouse.sources.contract import contracts
from yos_warehouse.telling.owners import Team

FILES = sorted(SERVICES_DIR.glob("*.yml"))
PUBLIC_DATA = PROJECT_DIR.parent / "shared" / "data"


def service(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_service_fits_together(path: Path) -> None:
    config = service(path)
    assert config["service"] == path.stem
    districts = [district["code"] for district in config["districts"]]
    assert len(districts) == len(set(districts))
    teams, areas = ({item["code"] for item in config[kind]} for kind in ("teams", "areas"))
    assert {district["team"] for district in config["districts"]} == teams
    for team in config["teams"]:
        Team.model_validate(team)
        assert team["manager"]["email"].rpartition("@")[2].endswith("example.org")
    emails = [team["manager"]["email"] for team in config["teams"]]
    assert not set(emails) & {contract.owner.email for contract in contracts().values()}
    assert {district["area"] for district in config["districts"]} == areas
    assert {court["type"] for court in config["courts"]} <= {"MCY", "MCA", "CC"}
    estimates = [(estimate["mid_year"], estimate["released_on"]) for estimate in config["population_10_17"]]
    assert estimates == sorted(set(estimates))
    for estimate in config["population_10_17"]:
        assert set(estimate["districts"]) == set(districts), estimate["mid_year"]
        assert estimate["released_on"] > date(estimate["mid_year"], 6, 30)


def test_an_estimate_was_revised_once() -> None:
    config = service(SERVICES_DIR / "oakshire_rushmere.yml")
    years = [estimate["mid_year"] for estimate in config["population_10_17"]]
    assert [year for year in set(years) if years.count(year) > 1] == [2022]


def test_each_district_of_leicestershire_and_rutland_has_one_team() -> None:
    config = service(SERVICES_DIR / "leicestershire_rutland.yml")
    team = {district["name"]: district["team"] for district in config["districts"]}
    assert len(team) == len(config["districts"]) == 8
    east = {"Charnwood", "Melton", "Harborough"}
    west = {"Blaby", "Oadby and Wigston", "Hinckley and Bosworth", "North West Leicestershire", "Rutland"}
    assert {name for name, code in team.items() if code == "EAST"} == east
    assert {name for name, code in team.items() if code == "WEST"} == west
    assert config["force_code"] == "33" and not config["fictional"]


def test_population_of_leicestershire_and_rutland() -> None:
    config = service(SERVICES_DIR / "leicestershire_rutland.yml")
    area = {district["code"]: district["area"] for district in config["districts"]}
    (estimate,) = config["population_10_17"]
    count = dict.fromkeys(area.values(), 0)
    for code, children in estimate["districts"].items():
        count[area[code]] += children
    assert count == {"E10000018": 65_428, "E06000017": 4_089}


@pytest.mark.skipif(not PUBLIC_DATA.is_dir(), reason="no folder of public data beside the checkout")
def test_population_is_that_of_the_public_file() -> None:
    name = "derived_pop_10_17_mid2020_leics_rutland_ltla.csv"
    with (PUBLIC_DATA / "population_geography" / name).open(encoding="utf-8", newline="") as file:
        public = {row["ltla21_code"]: int(float(row["age_10_17"])) for row in csv.DictReader(file)}
    (estimate,) = service(SERVICES_DIR / "leicestershire_rutland.yml")["population_10_17"]
    assert estimate["districts"].items() <= public.items()
