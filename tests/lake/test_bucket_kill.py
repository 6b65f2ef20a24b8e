from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seawall.lake import Lake
from tests.conftest import ROOT
from tests.lake.killed import commit_all
from tests.lake.killed_in_bucket import place_of
from tests.lake.test_kill import contents_of
from tests.servers.moto import CREDENTIALS, MotoServer
from tests.servers.storage_proxy import StorageProxy

PUTS = 40
"""A run that is not killed puts many more objects than this."""


def run_until(proxy: StorageProxy, folder: Path, bucket: str, puts: int | None, *, arrives: bool) -> list[str]:
    """Commit in a process that is killed at one of its puts, which arrives nevertheless or does not; what it said."""
    command = [sys.executable, "-m", "tests.lake.killed_in_bucket", str(folder), bucket, proxy.endpoint]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | CREDENTIALS)
    seen: list[str] = []

    def rule(method: str, path: str) -> str | None:
        seen.extend([path] if method == "PUT" else [])
        if puts is None or len(seen) < puts:
            return None
        os.kill(process.pid, signal.SIGKILL)
        return None if arrives and len(seen) == puts else "break off"

    proxy.rule = rule
    said, _ = process.communicate(timeout=300)
    proxy.rule = lambda method, path: None
    return [line for line in said.splitlines() if line.endswith(" .")]


def test_kills_at_any_put_lose_and_double_nothing(
    moto: MotoServer, proxy: StorageProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at random puts, the lake in the bucket ends exactly as one in a folder to which nothing happened."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    place = place_of(moto.new_bucket(), moto.endpoint)
    place.claim()
    Lake.create(tmp_path / "bucket", place).close()
    chance = random.Random(1)
    for kill in range(4):
        said = run_until(
            proxy, tmp_path / "bucket", place.bucket.name, chance.randrange(1, PUTS), arrives=kill % 2 == 0
        )
        with Lake.open(tmp_path / "bucket", place) as lake:
            for line in (one for one in said if one.startswith("ack")):
                _, first, second, number, _ = line.split()
                progress = lake.progress(f"{first} {second}")
                assert progress is not None
                assert progress.number >= int(number)
    assert run_until(proxy, tmp_path / "bucket", place.bucket.name, None, arrives=True)[-1] == "done ."
    with Lake.create(tmp_path / "folder") as undisturbed:
        commit_all(undisturbed)
        expected = contents_of(undisturbed)
    with Lake.open(tmp_path / "bucket", place, write=True) as lake:
        assert contents_of(lake) == expected
        assert [problem for problem in lake.check() if problem.severe] == []
