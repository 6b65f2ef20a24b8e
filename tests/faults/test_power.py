"""Power that goes at any moment loses nothing that was acknowledged."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faults import worker
from tests.faults.found import Acknowledged, check_found
from tests.faults.simulator import Disk, Operation, read_log


@dataclass(frozen=True)
class Recorded:
    """A run of the worker: where, and what it did."""

    root: Path
    operations: list[Operation]


@pytest.fixture(scope="module")
def recorded(recorder: Path, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    root, log = tmp_path_factory.mktemp("recorded"), tmp_path_factory.mktemp("log") / "operations"
    preload = {"LD_PRELOAD": str(recorder), "RECORDER_ROOT": str(root), "RECORDER_LOG": str(log)}
    command = [sys.executable, "-m", "tests.faults.worker", str(root)]
    subprocess.run(command, env=os.environ | preload, cwd=ROOT, check=True, timeout=300)
    return Recorded(root, read_log(log))


def test_the_recorder_sees_everything(recorded: Recorded, tmp_path: Path) -> None:
    """A disk built from all that was recorded holds every file as it really is, so nothing escaped the recorder."""
    disk = Disk(recorded.root)
    for one in recorded.operations:
        disk.operate(one)
    disk.find(tmp_path / "built", random.Random(0), kept=1.0)
    assert {path.name for path in disk.mapped} <= {"casebook.sqlite-shm"}
    assert _files(tmp_path / "built") == _files(recorded.root)


def _files(root: Path) -> dict[Path, bytes | None]:
    return {path.relative_to(root): path.read_bytes() if path.is_file() else None for path in root.rglob("*")}


def _cuts(recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: int, seed: int) -> None:
    for thresholds in worker.THRESHOLDS:
        monkeypatch.setattr(*thresholds)
    chance = random.Random(seed)
    disk, marks = Disk(recorded.root), recorded.root / "marks"
    operations = iter(recorded.operations)
    for one in operations:
        disk.operate(one)
        if b"created\n" in disk.seen(marks):
            break
    left = list(operations)
    done = 0
    for cut in sorted(chance.sample(range(len(left) + 1), wanted)):
        for one in left[done:cut]:
            disk.operate(one)
        done = cut
        found = tmp_path / str(cut)
        disk.find(found, chance, kept=chance.choice((0.0, 0.0, 0.3, 0.7, 1.0)))
        check_found(found / "club", Acknowledged.of(disk.seen(marks).decode()))
        shutil.rmtree(found)


def test_twenty_power_cuts_lose_nothing(recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a cut at each of twenty random moments, everything acknowledged is there once, and work goes on."""
    _cuts(recorded, tmp_path, monkeypatch, 20, seed=1)


@pytest.mark.verify
def test_two_hundred_power_cuts_lose_nothing(
    recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a cut at each of two hundred random moments, everything acknowledged is there once, and work goes on."""
    _cuts(recorded, tmp_path, monkeypatch, 200, seed=2)
