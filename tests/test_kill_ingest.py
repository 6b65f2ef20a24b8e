"""A kill at any moment of taking in live batches loses no acknowledged record and doubles none."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import seawall
from seawall.journal import Journal
from seawall.lake import Lake
from tests.conftest import ROOT
from tests.forked import ended_well
from tests.killed_ingest import BATCHES, batch

SHOWN = {
    "messages": ("message_id", "account_id", "sent_at", "text", "edited_at", "deleted_at"),
    "interactions": ("interaction_id", "kind", "source_account", "target_account", "message_id"),
    "accounts": ("account_id", "first_seen", "last_seen"),
    "aliases": ("handle_key", "account_id"),
    "deletions": ("message_id", "deleted_at"),
    "coverage": ("start", "end", "complete", "how"),
    "quarantine": ("field", "reason"),
}


def contents(folder: Path) -> dict[str, Counter[Any]]:
    """All that readers see, but for what tells when and in which batch it came; and the sums of all batches."""
    with Lake.open(folder) as lake:
        shown = {
            table: Counter(str(row) for row in lake.reader(table, columns).read_all().to_pylist())
            for table, columns in SHOWN.items()
        }
        sums = lake.query("SELECT sum(records), sum(kept), sum(rejected), sum(duplicate) FROM batches").to_pylist()
    shown["aliases"] = Counter(set(shown["aliases"]))  # each batch tells its aliases anew
    return shown | {"sums": Counter(str(row) for row in sums)}


class Ingesting:
    """The process that forks those that ingest."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.killed_ingest"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def run(self, folder: Path, patience: float | None, *, opening: bool = False) -> tuple[int, bool]:
        """Let it ingest; the last batch that it has acknowledged, and whether it came to its end.

        Args:
            folder: the workspace.
            patience: it is killed so many seconds after it has begun to acknowledge; None: never.
            opening: the seconds count from its start instead.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{folder}\n")
        self.process.stdin.flush()
        acknowledged, ended, process = -1, False, 0
        killing: threading.Timer | None = None
        for line in self.process.stdout:
            if (well := ended_well(line)) is not None:
                assert well, "it ended by an exception"
                break
            if line.startswith("pid "):
                process = int(line.split()[1])
            elif line.startswith("ack") and line.endswith(" .\n"):
                acknowledged = int(line.split()[1])
            elif line == "done .\n":
                ended = True
            if process and killing is None and patience is not None and (opening or acknowledged >= 0):
                killing = threading.Timer(patience, os.kill, (process, signal.SIGKILL))
                killing.start()
        if killing is not None:
            killing.cancel()
        return acknowledged, ended


def check_after_kill(folder: Path, acknowledged: int) -> None:
    """Everything acknowledged is in lake or journal, and the checkpoint is that of the last batch that is there."""
    with Journal(folder / "journal") as journal:
        waiting = [journal.read(held).records for held in journal.frames()]
        last = [held.header.checkpoint for held in journal.frames()][-1:]
        numbers = [held.header.number for held in journal.frames()]
    with Lake.open(folder) as lake:
        progress = lake.progress("live:garden:club")
        doubled = lake.query("SELECT message_id FROM messages GROUP BY ALL HAVING count(*) > 1")
    assert doubled.num_rows == 0
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("lock*"))
    with seawall.open(copy).ingest() as ingest:
        checkpoint = ingest.checkpoint("club")
        ingest.flush()
    reached = -1 if checkpoint is None else int(checkpoint)
    assert reached >= acknowledged
    with Lake.open(copy) as lake:
        settled = lake.progress("live:garden:club")
    assert (settled.records if settled else 0) == sum(batch(number).records for number in range(reached + 1))
    assert last in ([], [checkpoint])
    assert sum(waiting) + (progress.records if progress else 0) >= (settled.records if settled else 0)
    shutil.rmtree(copy)


@pytest.fixture(scope="module")
def ingesting() -> Iterator[Ingesting]:
    started = Ingesting()
    yield started
    started.process.kill()
    started.process.communicate()


def make(folder: Path) -> Path:
    """A workspace whose pseudonyms are the same in every run."""
    seawall.create(folder).close()
    (folder / "keys" / "pseudonym.key").write_text("ab" * 32)
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, ingesting: Ingesting) -> dict[str, Counter[Any]]:
    folder = make(tmp_path_factory.mktemp("undisturbed") / "club")
    assert ingesting.run(folder, None) == (BATCHES - 1, True)
    return contents(folder)


def _kills(ingesting: Ingesting, tmp_path: Path, undisturbed: dict[str, Counter[Any]], wanted: int, seed: int) -> None:
    generator = random.Random(seed)
    hits = attempt = beyond = 0
    while hits < wanted:
        folder = make(tmp_path / str(attempt) / "club")
        ended = False
        while not ended:
            patience = generator.uniform(0, 0.3) if hits < wanted else None
            acknowledged, ended = ingesting.run(folder, patience, opening=generator.random() < 0.1)
            hits += not ended
            beyond += acknowledged >= 0 and not ended
            if not ended:
                check_after_kill(folder, acknowledged)
        assert contents(folder) == undisturbed
        with Lake.open(folder, write=True) as lake:
            assert [problem for problem in lake.check() if problem.severe] == []
        attempt += 1
    assert beyond > wanted / 2


def test_twenty_kills_lose_and_double_nothing(ingesting: Ingesting, tmp_path: Path, undisturbed):
    """Killed at twenty random moments, lake and checkpoints end exactly as if nothing had happened."""
    _kills(ingesting, tmp_path, undisturbed, 20, seed=1)


@pytest.mark.verify
def test_five_hundred_kills_lose_and_double_nothing(ingesting: Ingesting, tmp_path: Path, undisturbed):
    """Killed at five hundred random moments, lake and checkpoints end exactly as if nothing had happened."""
    _kills(ingesting, tmp_path, undisturbed, 500, seed=2)
