"""Workspaces for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run
from tests.docs.club import write_club


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    write_club(folder)
    return folder


@pytest.fixture(scope="session")
def club(exports: Path) -> Path:
    """A workspace in which four cases wait."""
    folder = exports / "club"
    for command in (
        ("init", folder),
        ("add", folder, exports / "export.csv", "--visibility", "public", "--platform", "forum"),
        ("detect", folder),
    ):
        assert run(*command).code == 0
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A workspace without records."""
    assert run("init", tmp_path / "empty").code == 0
    return tmp_path / "empty"
