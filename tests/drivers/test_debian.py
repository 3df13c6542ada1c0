"""A machine that cannot get the ODBC driver is told what to do; another file than the pinned one is not unpacked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drivers import debian


def test_without_apt_the_files_to_bring_are_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(debian, "FETCH", tmp_path / "nowhere")
    with pytest.raises(debian.NoDriver) as told:
        debian.odbc_libraries(tmp_path)
    assert all(Path(package).name in str(told.value) for package in debian.PACKAGES)
    assert str(tmp_path) in str(told.value)


def test_another_file_is_not_unpacked(tmp_path) -> None:
    for package in debian.PACKAGES:
        (tmp_path / Path(package).name).write_bytes(b"something else")
    with pytest.raises(debian.NoDriver, match="is not the"):
        debian.odbc_libraries(tmp_path)
    assert not list(tmp_path.glob("*/usr"))
