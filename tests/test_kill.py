"""A kill at any moment of an import loses no acknowledged row and doubles none."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import seawall
from seawall.model import Visibility
from seawall.protocols import ReadOptions

CHILD = """
import sys
from seawall import protocols
protocols.BATCH_RECORDS = 400
import seawall
from seawall.protocols import ReadOptions
def acknowledged(what, done, total):
    if what.startswith("reading"):
        print(done, flush=True)
print("ready", flush=True)
with seawall.open(sys.argv[1]) as workspace:
    workspace.add(sys.argv[2], options=ReadOptions(visibility="public"), progress=acknowledged)
print("done", flush=True)
"""

ROWS = 6000


def an_export(path: Path) -> Path:
    lines = [
        json.dumps(
            {"id": f"m{i}", "author": f"gardener{i % 50}", "created_at": 1777800000 + i, "text": f"Bed {i} is dug."}
        )
        for i in range(ROWS)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def import_until_killed(workspace: Path, export: Path, after: float | None) -> tuple[int, bool]:
    """Start an import and kill it ``after`` seconds of work; how many records it acknowledged, and whether it ended."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, workspace, export], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "ready"
    if after is not None:
        time.sleep(after)
        child.kill()
    lines = child.stdout.read().split()
    assert child.wait(timeout=120) in (0, -signal.SIGKILL), "it ended by an exception"
    acknowledged = max((int(line) for line in lines if line.isdigit()), default=0)
    return acknowledged, "done" in lines


def kill_and_compare(tmp_path: Path, kills: int, seed: int) -> None:
    rng = random.Random(seed)
    export = an_export(tmp_path / "export.ndjson")
    done = 0
    round_number = 0
    while done < kills:
        round_number += 1
        workspace = tmp_path / f"club{round_number}"
        seawall.create(workspace).close()
        ended = False
        while not ended:
            last = done >= kills
            acknowledged, ended = import_until_killed(workspace, export, None if last else rng.uniform(0.0, 2.0))
            done += not ended
            with seawall.open(workspace) as opened:
                ids = opened.messages(["message_id"]).column("message_id").to_pylist()
            assert len(ids) >= acknowledged
            assert max(Counter(ids).values(), default=1) == 1
        assert sorted(ids) == sorted(f"generic:m{i}" for i in range(ROWS))


def test_twenty_kills(tmp_path: Path) -> None:
    """After each of twenty kills every acknowledged row is there once, and the next run completes the import."""
    kill_and_compare(tmp_path, kills=20, seed=1)


@pytest.mark.verify
def test_five_hundred_kills(tmp_path: Path) -> None:
    """The same after each of five hundred kills."""
    kill_and_compare(tmp_path, kills=500, seed=2)


def test_the_same_file_again_adds_nothing(tmp_path: Path) -> None:
    """A file that was read to its end is recognised, and each of its records counts as a duplicate."""
    export = an_export(tmp_path / "export.ndjson")
    with seawall.create(tmp_path / "club") as club:
        options = ReadOptions(visibility=Visibility.PUBLIC)
        first = club.add(export, options=options)
        again = club.add(export, options=options)
    assert (first.records, first.kept, first.duplicate) == (ROWS, ROWS, 0)
    assert (again.records, again.kept, again.duplicate) == (ROWS, 0, ROWS)
