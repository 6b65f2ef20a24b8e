"""A workspace says plainly when it is not one, is newer, or is damaged."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from seawall.errors import ConfigurationError, StorageError, WorkspaceError
from seawall.workspace.settings import create_folder, load_settings, pseudonym_key


def test_keys_and_settings_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    """The pseudonym key and the settings have mode 0600, their folders 0700."""
    create_folder(tmp_path / "club", identities="drop")
    key = tmp_path / "club" / "keys" / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert len(pseudonym_key(tmp_path / "club")) == 32


def test_two_workspaces_have_different_keys(tmp_path: Path) -> None:
    """The same account has another pseudonym in another workspace."""
    create_folder(tmp_path / "one", identities="drop")
    create_folder(tmp_path / "two", identities="drop")
    assert pseudonym_key(tmp_path / "one") != pseudonym_key(tmp_path / "two")


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    """A workspace is never made over other files."""
    (tmp_path / "notes.txt").write_text("tulips")
    with pytest.raises(WorkspaceError, match="not empty"):
        create_folder(tmp_path, identities="drop")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_without_a_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    """Opening any other folder names the command that makes a workspace."""
    with pytest.raises(WorkspaceError, match="seawall init"):
        load_settings(tmp_path)


def test_a_newer_layout_is_not_touched(tmp_path: Path) -> None:
    """A workspace of a newer Seawall is refused, and the message says what to install."""
    create_folder(tmp_path / "club", identities="drop")
    path = tmp_path / "club" / "seawall.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"layout": 99}))
    with pytest.raises(WorkspaceError, match="newer"):
        load_settings(tmp_path / "club")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"layout": "x"}', '{"layout": 1}'])
def test_damaged_settings_are_named(tmp_path: Path, damage: str) -> None:
    """Settings that cannot be read give a message with the file, not a traceback."""
    create_folder(tmp_path / "club", identities="drop")
    (tmp_path / "club" / "seawall.json").write_text(damage)
    with pytest.raises(StorageError, match=r"seawall\.json"):
        load_settings(tmp_path / "club")


def test_a_damaged_key_stops_everything(tmp_path: Path) -> None:
    """With a wrong key new records would get other pseudonyms, so nothing is read with it."""
    create_folder(tmp_path / "club", identities="drop")
    (tmp_path / "club" / "keys" / "pseudonym.key").write_text("not hex")
    with pytest.raises(StorageError, match="pseudonym key"):
        pseudonym_key(tmp_path / "club")


def test_an_unknown_choice_of_identities_is_refused(tmp_path: Path) -> None:
    """identities is drop or vault; anything else is named as the wrong option."""
    with pytest.raises(ConfigurationError, match="drop or vault"):
        create_folder(tmp_path / "club", identities="keep")
