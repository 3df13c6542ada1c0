"""Training and its checks, the shipped model, and that a pair weighs the same whenever it is compared."""

from __future__ import annotations

import json
import shutil

import pytest

from yos_warehouse.errors import YosError
from yos_warehouse.fictional.people_table import write_people
from yos_warehouse.identity.model import LOUDEST, SHIPPED, load_model, save_model, train, untrained
from yos_warehouse.identity.people import describe, read_people
from yos_warehouse.identity.scoring import APART, score


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "people.parquet"
    write_people(path, 150, 7)
    return describe(read_people(path))[0]


def test_the_shipped_model_is_trained_in_every_level_and_no_level_speaks_too_loudly():
    model = load_model(SHIPPED)
    assert untrained(model.settings) == []
    for comparison in model.settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                assert level["m_probability"] <= level["u_probability"] * 2**LOUDEST * 1.001
    assert "FICTIONAL" in json.loads((SHIPPED / "card.json").read_text())["trained_on"]


def test_a_model_that_lacks_a_level_is_refused(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    settings = json.loads((folder / "model.json").read_text())
    del settings["comparisons"][0]["comparison_levels"][1]["m_probability"]
    (folder / "model.json").write_text(json.dumps(settings))
    with pytest.raises(YosError, match="NO_MODEL.*given_name"):
        load_model(folder)


def test_too_few_records_train_no_model(people):
    with pytest.raises(YosError, match="NOT_TRAINED"):
        train(people.head(12), "few")


def test_a_model_is_never_written_over(tmp_path):
    model = load_model(SHIPPED)
    save_model(model, tmp_path / "one", {})
    with pytest.raises(YosError, match="MODEL_EXISTS"):
        save_model(model, tmp_path / "one", {})
    assert load_model(tmp_path / "one").settings == model.settings


def test_changed_records_are_compared_as_all_at_once_would(people):
    model = load_model(SHIPPED)
    whole = score(people, model)
    changed = set(people["description_id"].sample(20, random_state=3))
    some = score(people, model, changed)
    expected = whole[whole["a"].isin(changed) | whole["b"].isin(changed)]
    assert _as_rows(some) == _as_rows(expected) and len(some) > 10


def _as_rows(pairs):
    return set(pairs[["a", "b", "weight", "evidence"]].itertuples(index=False, name=None))


def test_evidence_names_comparisons_and_weights_and_no_value(people):
    pairs = score(people, load_model(SHIPPED))
    names = set(people["family_name"].dropna()) | set(people["date_of_birth"].dropna())
    for evidence in pairs["evidence"].head(200):
        told = json.loads(evidence)
        assert all(len(parts) == 2 for parts in told.values())
        assert not any(name in evidence for name in names)


def test_brothers_and_sisters_twins_father_and_son_never_weigh_enough(people):
    model = load_model(SHIPPED)
    home = {
        "street": "9 KILN STREET",
        "town": "ALDERBROOK",
        "postcode": "ZZ99 1AA",
        "family_name": "HERONCOMBE",
    }
    family = [
        home | {"given_name": "ROWAN", "date_of_birth": "2010-03-04"},
        home | {"given_name": "MILES", "date_of_birth": "2010-03-04"},
        home | {"given_name": "HATTIE", "date_of_birth": "2012-08-19"},
        home | {"given_name": "ROWAN", "date_of_birth": "1981-10-27"},
    ]
    import pandas as pd

    table = pd.DataFrame([{"record_id": str(at), **row} for at, row in enumerate(family)])
    pairs = score(describe(table)[0], model)
    assert (pairs["weight"] <= APART).all()


def test_too_little_to_learn_from_is_told_and_never_a_crash(tmp_path):
    """In few records nothing may differ enough for the last level to be learnt; it is never dropped."""
    write_people(tmp_path / "people.parquet", 150, 3)
    few, _ = describe(read_people(tmp_path / "people.parquet"))
    try:
        model, _ = train(few, "few")
    except YosError as problem:
        assert problem.code == "NOT_TRAINED"
    else:
        assert untrained(model.settings) == []
