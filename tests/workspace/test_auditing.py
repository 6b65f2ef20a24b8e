"""Signed checkpoints of a workspace's audit, and what they show later."""

from __future__ import annotations

import multiprocessing
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import seawall
from seawall.errors import ConfigurationError, StorageError
from seawall.workspace import Workspace
from seawall.workspace.audit_key import AUDIT_KEY, make_audit_key


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    return seawall.create(tmp_path / "club", reviewer="anna")


def test_a_checkpoint_fits_for_as_long_as_the_audit_only_grows(club: Workspace, tmp_path: Path) -> None:
    """As text or by the path of its file it fits, also after more entries; the audit knows that it was made."""
    text = club.checkpoint(tmp_path / "kept.json")
    club.messages()
    for kept in (text, tmp_path / "kept.json", str(tmp_path / "kept.json")):
        assert club.verify_audit(kept)[0] == []
    assert [entry["act"] for entry in club.audit_entries()] == ["init", "checkpoint", "read"]
    assert (tmp_path / "kept.json").read_text() == text + "\n"


def test_a_head_in_a_file_will_do(club: Workspace, tmp_path: Path) -> None:
    """A plain head, as text or in a file, is taken as before."""
    _, head = club.verify_audit()
    (tmp_path / "head.txt").write_text(f"{head}\n")
    assert club.verify_audit(head)[0] == club.verify_audit(tmp_path / "head.txt")[0] == []


def test_a_workspace_that_was_put_back_is_told(club: Workspace, tmp_path: Path) -> None:
    """A copy from before the checkpoint lacks entries; one that went on without it is a fork."""
    club.checkpoint()
    shutil.copytree(club.path, tmp_path / "copy")
    club.messages()
    kept = club.checkpoint()
    copy = seawall.open(tmp_path / "copy", reviewer="ben")
    assert "counts 4" in copy.verify_audit(kept)[0][0]
    for _ in range(3):
        copy.messages()
    assert "rewritten or forked" in copy.verify_audit(kept)[0][0]


def test_a_checkpoint_of_another_workspace_is_told(club: Workspace, tmp_path: Path) -> None:
    """Its key is not this one's, whether or not this one has a key already."""
    other = seawall.create(tmp_path / "other", reviewer="anna").checkpoint()
    assert "another key" in club.verify_audit(other)[0][0]
    assert not (club.path / AUDIT_KEY).exists()
    club.checkpoint()
    assert "another key" in club.verify_audit(other)[0][0]


def test_the_key_is_private_and_made_once(club: Workspace) -> None:
    """Only the owner can read it, doctor finds damage of it, and a damaged one is not replaced in silence."""
    first = club.checkpoint()
    path = club.path / AUDIT_KEY
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()].count("audit.key") == len(list(path.parent.glob("*audit*")))
    assert club.check() == []
    path.write_text(path.read_text().replace("1", "2").replace("3", "4"))
    with pytest.raises(StorageError, match="damaged"):
        club.checkpoint()
    with pytest.raises(StorageError, match="damaged"):
        club.verify_audit(first)
    assert any("audit.key" in problem for problem in club.check())


def _public(folder: Path) -> bytes:
    return make_audit_key(folder).public_key().public_bytes_raw()


def test_processes_that_make_the_key_at_once_make_one(club: Workspace) -> None:
    """Four processes that sign for the first time sign with the same key."""
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_public, [club.path] * 4))) == 1
    assert [path.name for path in (club.path / "keys").glob("*audit*")] == ["audit.key"]


def test_without_its_entry_no_checkpoint_is_made(club: Workspace, tmp_path: Path) -> None:
    """An audit that cannot be written gives no checkpoint."""
    with closing(sqlite3.connect(club.path / "casebook.sqlite")) as raw:
        raw.execute("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(StorageError):
        club.checkpoint(tmp_path / "kept.json")
    assert not (tmp_path / "kept.json").exists()


@pytest.mark.parametrize("against", ["yesterday", "12:", ":9f3a", "{", '{"entries": 1}', "/nowhere/kept.json"])
def test_what_is_neither_a_checkpoint_nor_a_head_is_refused(club: Workspace, against: str) -> None:
    """It is a ConfigurationError, not a finding."""
    with pytest.raises(ConfigurationError, match="checkpoint"):
        club.verify_audit(against)
