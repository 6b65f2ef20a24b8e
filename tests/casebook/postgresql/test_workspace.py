"""A workspace whose casebook is in a database: its folder names the database, and keeps the password apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import seawall
from seawall.errors import ConfigurationError, StorageError, WorkspaceError
from seawall.workspace.casebook_place import PASSWORD, PASSWORD_FILE
from seawall.workspace.settings import load_settings
from tests.cli.running import run
from tests.servers.postgresql import PASSWORD as SECRET
from tests.servers.postgresql import PostgresServer


@pytest.fixture
def club(server: PostgresServer, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace made with the command line."""
    monkeypatch.setenv(PASSWORD, SECRET)
    said = run("init", tmp_path / "club", "--casebook", server.address(database, password=None))
    assert said.code == 0, said.err
    return tmp_path / "club"


def test_the_folder_names_the_database_and_nothing_secret(club: Path, server: PostgresServer, database: str) -> None:
    """The settings have the address, no file has the password, and no casebook is in the folder."""
    assert load_settings(club).casebook == server.address(database, password=None)
    assert not (club / "casebook.sqlite").exists()
    assert all(SECRET not in path.read_text("latin-1") for path in club.rglob("*") if path.is_file())
    acts = server.administer("SELECT act FROM audit", database=database)
    assert acts == [("init",)]


def test_an_older_seawall_leaves_it_alone(club: Path) -> None:
    """A layout that names a database has a number of its own: what does not know it says that it is newer."""
    assert json.loads((club / "seawall.json").read_text())["layout"] == 2


def test_the_password_comes_from_the_environment_or_a_private_file(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without either the server refuses; a file that others can read is refused; a private one opens."""
    monkeypatch.delenv(PASSWORD)
    with pytest.raises(StorageError, match=r"keys/casebook\.password"):
        _ = seawall.open(club).casebook
    path = club / PASSWORD_FILE
    path.write_text(f"{SECRET}\n")
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        _ = seawall.open(club).casebook
    path.chmod(0o600)
    assert seawall.open(club).verify_audit()[0] == []
    assert seawall.open(club).check() == []


def test_everything_that_is_kept_in_a_file_is_kept_there(club: Path, server: PostgresServer, database: str) -> None:
    """Import, detection, a decision, a checkpoint and the audit work as with a file."""
    lines = "".join(
        json.dumps(
            {
                "id": f"{who}{text}",
                "author": who,
                "created_at": 1_777_800_000 + text * 86_400 + number,
                "text": f"Bed {text}",
            }
        )
        + "\n"
        for text in range(6)
        for number, who in enumerate(("rosa", "ben", "carla"))
    )
    (club.parent / "export.ndjson").write_text(lines)
    workspace = seawall.open(club, reviewer="Rosa")
    workspace.add(club.parent / "export.ndjson", options=seawall.ReadOptions(visibility="public", platform="forum"))
    workspace.detect()
    checkpoint = workspace.checkpoint()
    cases = workspace.cases()["case_id"].to_pylist()
    for case_id in cases:
        workspace.decide(case_id, "watch", "Seen.")
    assert workspace.verify_audit(checkpoint)[0] == []
    assert server.administer("SELECT count(*) FROM decisions", database=database) == [(len(cases),)]


def test_a_database_keeps_one_casebook(club: Path, server: PostgresServer, database: str) -> None:
    """A second workspace in the same database is refused before anything is made."""
    other = club.parent / "other"
    with pytest.raises(WorkspaceError, match="Another workspace"):
        seawall.create(other, casebook=server.address(database, password=None))
    assert not other.exists()


def test_a_password_on_the_command_line_is_refused(server: PostgresServer, database: str, tmp_path: Path) -> None:
    """It would stand in the settings and in the list of processes: the variable is named instead."""
    said = run("init", tmp_path / "club", "--casebook", server.address(database))
    assert said.code == 2
    assert PASSWORD in said.err
    assert SECRET not in said.err
    assert not (tmp_path / "club").exists()
