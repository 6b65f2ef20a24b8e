"""``seawall audit``: verify, show, checkpoint."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.running import run


def test_a_checkpoint_is_printed_or_written_and_found_to_fit(empty: Path, tmp_path: Path) -> None:
    """Printed it is one line of JSON; written it is the file that --against takes."""
    printed = run("audit", empty, "checkpoint")
    assert json.loads(printed.out)["entries"] == 2
    assert printed.out.count("\n") == 1
    assert "Keep it" in run("audit", empty, "checkpoint", tmp_path / "kept.json").out
    for kept in (tmp_path / "kept.json", printed.out.strip()):
        said = run("audit", empty, "verify", "--against", kept)
        assert (said.code, "The audit is whole." in said.out) == (0, True)


def test_a_cut_audit_is_found_against_a_checkpoint(empty: Path, tmp_path: Path) -> None:
    """Cut off with all its traces, the end is missed by the checkpoint alone; the exit code is 1."""
    run("audit", empty, "checkpoint", tmp_path / "kept.json")
    with closing(sqlite3.connect(empty / "casebook.sqlite")) as raw:
        guard = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_no_delete'").fetchone()[0]
        raw.execute("DROP TRIGGER audit_no_delete")
        raw.execute("DELETE FROM audit WHERE sequence > 1")
        raw.execute("UPDATE audit_head SET (entries, hash) = (SELECT 1, hash FROM audit)")
        raw.execute(guard)
        raw.commit()
    assert run("audit", empty, "verify").code == 0
    said = run("audit", empty, "verify", "--against", tmp_path / "kept.json")
    assert said.code == 1
    assert "counts 2" in said.out


def test_a_file_is_not_written_over_and_only_a_checkpoint_is_written(empty: Path, tmp_path: Path) -> None:
    """An old checkpoint stays; an unknown act, or a file beside another act, is a wrong call."""
    (tmp_path / "kept.json").write_text("yesterday's")
    assert run("audit", empty, "checkpoint", tmp_path / "kept.json").code == 5
    assert (tmp_path / "kept.json").read_text() == "yesterday's"
    assert run("audit", empty, "sign").code == 2
    assert run("audit", empty, "show", tmp_path / "list.json").code == 2
