"""Identities end at intake: nothing that Seawall writes or prints holds one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

from tests.planted import MARK, Marks, write_all


def seawall(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "seawall", *map(str, words)],
        capture_output=True,
        check=False,
        timeout=300,
        env=os.environ | {"NO_COLOR": "1"},
    )


def found_in(folder: Path) -> set[str]:
    """Every file in which a mark stands, in its bytes or in the values of its Parquet columns."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes() + path.name.encode()
            if path.suffix == ".parquet":
                held += str(pq.read_table(path).to_pydict()).encode()
            found |= {f"{path.relative_to(folder)}: {mark.decode()}" for mark in MARK.findall(held)}
    return found


def test_no_planted_identifier_is_found_anywhere(tmp_path: Path) -> None:
    """Names, handles, mentions, addresses, links, forwards, file names and titles are in no file and no output."""
    marks = Marks()
    exports = tmp_path / "exports"
    exports.mkdir()
    workspace = tmp_path / "club"
    outputs = [seawall("init", workspace)]
    for export, options in write_all(exports, marks, rows=95):
        renamed = exports / f"export{len(outputs)}{export.suffix}"
        export.rename(renamed)
        outputs.append(seawall("add", workspace, renamed, *options, "--json"))
        assert outputs[-1].returncode == 0, outputs[-1].stderr.decode()
    for command in ("detect", "alerts", "cases", "brief", "coverage", "doctor"):
        outputs.append(seawall(command, workspace, "--json"))
        assert outputs[-1].returncode == 0, outputs[-1].stderr.decode()
    assert marks.planted >= 10_000
    printed = b"".join(output.stdout + output.stderr for output in outputs)
    assert not MARK.findall(printed)
    assert found_in(workspace) == set()
