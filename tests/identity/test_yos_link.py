"""``yos link`` and ``yos train`` as docs/how-to/match-a-table-of-your-own.md shows them."""

from __future__ import annotations

import re
import shlex

import pandas as pd
import pytest

from yos_warehouse import cli
from yos_warehouse.fictional import people_table
from yos_warehouse.identity.model import SHIPPED
from yos_warehouse.settings import PROJECT_DIR

PAGE = PROJECT_DIR / "docs" / "how-to" / "match-a-table-of-your-own.md"


@pytest.fixture
def people(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people_table.write_people(tmp_path / "people.parquet", 120, 3)
    return tmp_path / "people.parquet"


def run(*words: str) -> int:
    try:
        return cli.main([str(word) for word in words])
    except SystemExit as ended:
        return int(ended.code or 0)


def test_the_commands_of_the_page_do_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^\.venv/bin/(.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["python", "yos", "yos", "yos"]
    script = re.search(r"^\.venv/bin/python -c '(.+)'$", PAGE.read_text("utf-8"), re.MULTILINE)
    exec(script[1].replace("2000", "300"), {})  # as the page, with fewer children
    shipped = str(SHIPPED.relative_to(PROJECT_DIR))
    for command in commands[1:]:
        words = shlex.split(command.replace(shipped, str(SHIPPED)))
        assert run(*words[1:]) == 0, command
    links = pd.read_parquet(tmp_path / "matched" / "links.parquet")
    assert list(links.columns) == ["record_id", "person", "method", "weight"]
    assert len(links) == len(pd.read_parquet(tmp_path / "people.parquet"))
    told = PAGE.read_text("utf-8")
    assert all(f"`{method}`" in told for method in links["method"].unique())
    assert all(f"`{column}`" in told for column in (*links.columns, "record_a", "why"))
    assert (tmp_path / "my_model" / "card.json").exists()
    assert "people" in capsys.readouterr().out


def test_links_and_questions(people, tmp_path, capsys):
    assert run("link", people, "--out", tmp_path / "out", "--model", SHIPPED) == 0
    links = pd.read_parquet(tmp_path / "out" / "links.parquet").set_index("record_id")
    truth = pd.read_parquet(tmp_path / "people_truth.parquet").set_index("record_id")["expected_person"]
    assert links.index.is_unique and set(links.index) == set(truth.index)
    assert (
        links.groupby("person").apply(lambda part: part.index.min()) == sorted(links["person"].unique())
    ).all()
    found = truth.groupby(links["person"].reindex(truth.index)).nunique()
    assert (found > 1).mean() < 0.02
    assert (links["weight"].dropna() >= 4).all()
    review = pd.read_parquet(tmp_path / "out" / "review.parquet")
    assert list(review.columns) == ["record_a", "record_b", "weight", "why", "evidence"]
    assert set(review["record_a"]) | set(review["record_b"]) <= set(links.index)
    person = links["person"].to_dict()
    assert all(person[a] != person[b] for a, b in zip(review["record_a"], review["record_b"], strict=True))
    said = capsys.readouterr().out
    assert f"{len(links):,} records are {links['person'].nunique():,} people" in said
    for name in pd.read_parquet(people)["family_name"].dropna().unique():
        assert name not in said
    assert all(name not in told for told in review["evidence"].dropna() for name in ("ROWAN", "ZZ99"))


def test_a_folder_that_is_not_empty_is_left_alone(people, tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert run("link", people, "--out", tmp_path / "out", "--model", SHIPPED) != 0
    assert "NOT_EMPTY" in "".join(capsys.readouterr())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"name": ["a"]}, "NO_RECORD_ID"),
        ({"record_id": ["1"], "shoe_size": ["7"]}, "UNKNOWN_COLUMN"),
        ({"record_id": ["1", "1"], "given_name": ["A", "B"]}, "RECORD_ID"),
        ({"record_id": ["1"], "date_of_birth": ["spring"]}, "DATES"),
    ],
)
def test_a_table_that_cannot_be_matched_is_named(tmp_path, capsys, columns, code):
    pd.DataFrame(columns).to_csv(tmp_path / "people.csv", index=False)
    assert run("link", tmp_path / "people.csv", "--out", tmp_path / "out", "--model", SHIPPED) == 2
    assert code in "".join(capsys.readouterr())


def test_no_file_no_model_and_too_few_records_are_named(tmp_path, capsys):
    assert run("link", tmp_path / "none.csv", "--out", tmp_path / "out") == 2
    assert "NO_FILE" in "".join(capsys.readouterr())
    pd.DataFrame({"record_id": ["1"], "given_name": ["A"]}).to_csv(tmp_path / "one.csv", index=False)
    assert run("link", tmp_path / "one.csv", "--out", tmp_path / "out", "--model", tmp_path) != 0
    assert "NO_MODEL" in "".join(capsys.readouterr())
    assert run("train", tmp_path / "one.csv", "--out", tmp_path / "model") != 0
    assert "NOT_TRAINED" in "".join(capsys.readouterr())
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("command", ["link", "train"])
def test_help_shows_an_example(capsys, command):
    assert run(command, "--help") == 0
    said = capsys.readouterr().out
    assert "--out" in said and f"yos {command} people.parquet" in said
