"""A backup restored elsewhere: the same keys, and after the same drops the same marts, row for row."""

from __future__ import annotations

import json
import stat
import uuid
from pathlib import Path

import pytest

from tests.bare_night import BareNight, make_service
from tests.conftest import _administer, copied_warehouse
from tests.identity.conftest import *  # noqa: F403 - the fixture people
from yos_warehouse.bench.place import environment
from yos_warehouse.cli import main
from yos_warehouse.errors import UsageError
from yos_warehouse.server.backup import backup, restore


@pytest.fixture
def filled(people):
    """A registry with a merge, a decision and a question."""
    people.add("case_system", "person", "1", "ANN", "CANARYBIRD", "2010-01-05", PNC_A)  # noqa: F405
    people.add("police", "arrest", "a", "ANN", "CANARYBIRD", "2010-01-05", PNC_B)  # noqa: F405
    people.night()
    assert (
        main(["review", "decide", "1", "same", "--by", "A. Person", "--reason", "both know the family"]) == 0
    )
    people.night()
    return people


def registry(warehouse) -> dict[str, list[tuple]]:
    tables = warehouse.query(
        "select table_name::text from information_schema.tables where table_schema = 'identity' and table_type = 'BASE TABLE'"
    )
    return {
        name: sorted(map(str, warehouse.query(f"select t::text from identity.{name} as t")))
        for (name,) in tables
    }


@pytest.fixture
def elsewhere(warehouse_template, tmp_path):
    """Another empty warehouse."""
    (tmp_path / "elsewhere").mkdir()
    with copied_warehouse(warehouse_template, tmp_path / "elsewhere" / "drops") as made:
        yield made


def restored(folder: Path, warehouse):
    with environment(YOS_DATABASE=warehouse.database):
        return restore(folder)


def test_the_registry_comes_back_to_the_letter_and_goes_on_counting(filled, elsewhere, tmp_path):
    folder = tmp_path / "kept"
    backup(folder)
    restored(folder, elsewhere)
    assert registry(elsewhere) == registry(filled.warehouse)
    assert len(registry(elsewhere)["override"]) == 1
    for table, column in (("identity.override", "override_id"), ("ops.run", "run_id")):
        counter = f"select last_value, is_called from {table}_{column}_seq"
        assert elsewhere.query(counter) == filled.warehouse.query(counter)
    assert elsewhere.query("select tgenabled::text from pg_trigger where tgname = 'stamped'") == [("O",)]
    assert elsewhere.query("select state from ops.run") == [
        ("abandoned",)
    ]  # it ran when the backup was taken


def test_it_is_the_owners_alone_and_says_what_it_holds(filled, tmp_path, capsys):
    folder = tmp_path / "kept"
    assert main(["backup", str(folder)]) == 0
    assert "FICTIONAL: backed up" in capsys.readouterr().out
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    manifest = json.loads((folder / "manifest.json").read_text())
    parts = [table["part"] for table in manifest["tables"]]
    assert parts == sorted(parts, key=["registry", "rest"].index)  # the registry first
    names = {table["name"] for table in manifest["tables"]}
    assert {
        "identity.key_secret",
        "identity.override",
        "ops.run",
        "restricted.access_log",
        "marts.fct_indicator_value",
    } <= names
    assert any(name.startswith("raw.") for name in names) and not any(
        name.startswith(("staging.", "reports.")) for name in names
    )


def test_the_registry_alone(filled, elsewhere, tmp_path):
    folder = tmp_path / "kept"
    manifest = backup(folder, registry_only=True)
    assert {table.name.split(".")[0] for table in manifest.tables} == {"identity", "ops"}
    restored(folder, elsewhere)
    assert registry(elsewhere) == registry(filled.warehouse)


def test_a_filled_warehouse_and_a_broken_backup_are_refused(filled, elsewhere, tmp_path, capsys):
    folder = tmp_path / "kept"
    backup(folder)
    before = registry(filled.warehouse)
    with pytest.raises(UsageError, match="FILLED"):
        restore(folder)
    assert registry(filled.warehouse) == before
    with pytest.raises(UsageError, match="FOLDER"):
        backup(folder)
    (folder / "registry" / "identity.person.csv.gz").write_bytes(b"x")
    with pytest.raises(UsageError, match="BACKUP"):
        restored(folder, elsewhere)
    (folder / "manifest.json").unlink()
    with pytest.raises(UsageError, match="no whole backup"):
        restored(folder, elsewhere)
    assert elsewhere.query("select count(*) from identity.person where person_key > 0") == [(0,)]


def test_a_backup_of_another_release_is_refused(filled, elsewhere, tmp_path):
    folder = tmp_path / "kept"
    backup(folder)
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"revision": "0001"}))
    with pytest.raises(UsageError, match="release"):
        restored(folder, elsewhere)


def test_mails_that_were_not_sent_are_not_sent_from_elsewhere(filled, elsewhere, tmp_path):
    filled.warehouse.query(
        "insert into ops.outbox (dedupe_key, recipient, subject, body, sent_at) values ('a', 'a@example.org', 's', 'b', now()), ('b', 'a@example.org', 's', 'b', null)"
    )
    backup(tmp_path / "kept")
    restored(tmp_path / "kept", elsewhere)
    assert elsewhere.query("select dedupe_key from ops.outbox") == [("a",)]


@pytest.mark.soak
@pytest.mark.parametrize("registry_only", [False, True])
def test_restored_elsewhere_the_same_drops_give_the_same_marts(warehouse, elsewhere, tmp_path, registry_only):
    """Row for row, keys and all; with the registry alone, too, when the drops are there."""
    name = f"backed_{uuid.uuid4().hex[:8]}"
    service = make_service(tmp_path / "service", name)
    try:
        first = BareNight(warehouse, service, tmp_path / "first")
        assert first.run() == 0, first.last_words()
        assert sum(rows for rows, _ in first.marts().values()) > 1000
        with environment(YOS_DATABASE=warehouse.database):
            backup(tmp_path / "kept", registry_only=registry_only)
        restored(tmp_path / "kept", elsewhere)
        second = BareNight(elsewhere, service, tmp_path / "second")
        assert second.run("another") == 0, second.last_words()
        assert second.marts() == first.marts()
        keys = "select service_code, feed, entity, source_id, person_key from identity.person_link where until is null order by 1, 2, 3, 4"
        assert elsewhere.query(keys) == warehouse.query(keys)
    finally:
        _administer(f"drop database if exists {name} with (force)")
