from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seawall.lake import Lake
from tests.conftest import ROOT
from tests.forked import ended_well

COLUMNS = {
    "messages": ("message_id", "text", "account_id", "edited_at", "deleted_at", "batch"),
    "interactions": ("interaction_id", "source_account", "batch"),
    "accounts": ("account_id", "batch"),
    "deletions": ("message_id", "batch"),
    "batches": ("feed", "number", "records", "kept", "rejected", "duplicate"),
}


def contents(folder: Path) -> dict[str, list[Any]]:
    with Lake.open(folder) as lake:
        return contents_of(lake)


def contents_of(lake: Lake) -> dict[str, list[Any]]:
    return {
        table: sorted(tuple(map(str, row.values())) for row in lake.reader(table, columns).read_all().to_pylist())
        for table, columns in COLUMNS.items()
    }


class Committing:
    """The process that forks those that commit."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.lake.killed"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def run(self, folder: Path, patience: float | None) -> list[str]:
        """Let it commit into a lake and kill it some seconds after its start (or never); what it has said."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{folder}\n")
        self.process.stdin.flush()
        said: list[str] = []
        killing = threading.Timer(0, str)
        for line in self.process.stdout:
            if (well := ended_well(line)) is not None:
                assert well, "it ended by an exception"
                break
            if line.startswith("pid ") and patience is not None:
                killing = threading.Timer(patience, os.kill, (int(line.split()[1]), signal.SIGKILL))
                killing.start()
            elif line.startswith(("ack", "done")) and line.endswith(" .\n"):
                said.append(line)
        killing.cancel()
        return said


def kill_until_done(committing: Committing, folder: Path, kills: int, generator: random.Random) -> int:
    """Kill and resume; after each kill every acknowledged batch must be there. Returns the kills that hit."""
    Lake.create(folder).close()
    hits = 0
    while hits < kills:
        said = committing.run(folder, generator.uniform(0, 0.6))
        with Lake.open(folder) as lake:
            for line in said:
                if line.startswith("ack"):
                    _, *words, number, _ = line.split()
                    feed = " ".join(words)
                    progress = lake.progress(feed)
                    assert progress is not None
                    assert progress.number >= int(number)
            assert lake.query("SELECT message_id FROM messages GROUP BY ALL HAVING count(*) > 1").num_rows == 0
        if "done .\n" in said:
            return hits
        hits += 1
    committing.run(folder, None)
    return hits


@pytest.fixture(scope="module")
def committing() -> Iterator[Committing]:
    started = Committing()
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, committing: Committing) -> dict[str, list[Any]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    Lake.create(folder).close()
    assert committing.run(folder, None)[-1] == "done .\n"
    return contents(folder)


def _kills(committing: Committing, tmp_path: Path, undisturbed: dict[str, list[Any]], wanted: int, seed: int) -> None:
    generator = random.Random(seed)
    hits = attempt = 0
    while hits < wanted:
        folder = tmp_path / str(attempt)
        folder.mkdir()
        hits += kill_until_done(committing, folder, wanted - hits, generator)
        assert contents(folder) == undisturbed
        with Lake.open(folder, write=True) as lake:
            assert [problem for problem in lake.check() if problem.severe] == []
        attempt += 1


def test_twenty_kills_lose_and_double_nothing(committing: Committing, tmp_path: Path, undisturbed):
    """Killed at twenty random moments, the lake ends exactly as if nothing had happened."""
    _kills(committing, tmp_path, undisturbed, 20, seed=1)


@pytest.mark.verify
def test_five_hundred_kills_lose_and_double_nothing(committing: Committing, tmp_path: Path, undisturbed):
    """Killed at five hundred random moments, the lake ends exactly as if nothing had happened."""
    _kills(committing, tmp_path, undisturbed, 500, seed=2)
