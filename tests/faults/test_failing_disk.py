"""A disk that fails or is full at any call corrupts nothing, is told in a sentence, and work goes on afterwards."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT


class Failing:
    """The process whose calls fail."""

    def __init__(self, recorder: Path, root: Path) -> None:
        preload = {"LD_PRELOAD": str(recorder), "RECORDER_ROOT": str(root)}
        command = [sys.executable, "-m", "tests.faults.failing", str(root)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | preload
        )

    def run(self, first: int, count: int, error: int) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{first} {count} {error}\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def failing(recorder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Failing]:
    started = Failing(recorder, tmp_path_factory.mktemp("failing"))
    yield started
    started.process.kill()
    started.process.communicate()


def _fail_at(failing: Failing, places: list[int], chance: random.Random) -> None:
    quiet = 0
    for place in places:
        count, error = chance.choice((1, 1, 3, 25)), chance.choice((errno.ENOSPC, errno.EIO))
        answer = failing.run(place, count, error)
        assert answer["wrong"] == "", (place, count, errno.errorcode[error], answer["said"])
        quiet += not answer["said"]
    assert quiet < len(places) / 2, "most failures must be told"


def test_a_disk_that_fails_at_some_calls_corrupts_nothing(failing: Failing) -> None:
    """At a dozen random calls the disk fails or is full for a while: said in a sentence, and nothing acknowledged is
    lost or doubled when it has recovered."""
    calls = failing.run(0, 0, 0)
    assert calls["wrong"] == ""
    assert calls["said"] == []
    chance = random.Random(1)
    _fail_at(failing, sorted(chance.sample(range(calls["made"]), 12)), chance)


@pytest.mark.verify
def test_a_disk_that_fails_at_many_calls_corrupts_nothing(failing: Failing) -> None:
    """The same at three hundred calls, spread evenly over the run; each call, one after another, would take hours."""
    calls = failing.run(0, 0, 0)
    _fail_at(failing, list(range(0, calls["made"], max(1, calls["made"] // 300))), random.Random(2))
