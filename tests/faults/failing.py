"""A process whose disk fails: each run works on a copy of a workspace while some of its calls fail.

``python -m tests.faults.failing ROOT`` under the recorder reads lines "first count error" and answers each with a line
of JSON: how many calls the run made, what Seawall said of the failures, and what was wrong in the end.
"""

from __future__ import annotations

import ctypes
import json
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import seawall
from seawall.detectors import WatchedCoordination
from seawall.engine.live import LiveEngine
from seawall.errors import SeawallError
from seawall.model import Severity
from seawall.workspace import Workspace
from seawall.workspace.desk import Desk
from seawall.workspace.ingest import Ingest
from tests.casebook.builders import accounts, alert
from tests.faults import worker
from tests.faults.found import GONE, Acknowledged, check_found
from tests.killed_ingest import batch
from tests.workspace.live import CLUB, GARDEN

Step = Callable[[], None]
TRIES = 3
"""How often a step may fail after the disk has recovered."""


class Calls:
    """The recorder in this process."""

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL(None)

    def arm(self, first: int, count: int, error: int) -> None:
        self._library.recorder_arm(ctypes.c_long(first), ctypes.c_long(count), ctypes.c_int(error))

    @property
    def made(self) -> int:
        return int(self._library.recorder_calls())


class Run:
    """A watch and what people do beside it, step by step; each step is repeated until it succeeds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.acknowledged = Acknowledged(created=True, last_batch=2 * worker.BATCHES - 1)
        self._workspace: Workspace
        self._ingest: Ingest
        self._desk: Desk

    def steps(self) -> Iterator[Step]:
        yield self._open
        for number in range(2 * worker.BATCHES, 3 * worker.BATCHES + 1):
            yield lambda number=number: self._accept(number)
        yield lambda: self._desk.step(finalise=True) and None
        yield lambda: self._case()
        yield lambda: self._tell()
        yield lambda: self._desk.save()
        yield lambda: self._desk.tidy() and None
        yield self._accept_last
        yield lambda: self._ingest.close()
        yield lambda: self._workspace.connect(CLUB)
        yield lambda: self._workspace.compact() and None
        yield self._erase
        yield lambda: self._workspace.brief() and None

    def _open(self) -> None:
        self._workspace = seawall.open(self._folder)
        self._ingest = self._workspace.ingest()
        try:
            engine = LiveEngine([WatchedCoordination()], keep=None)
            self._desk = Desk(self._workspace, self._ingest, engine, [(worker.Team(), Severity.LOW)])
            self._desk.open()
        except BaseException:
            self._ingest.close()
            raise

    def _accept(self, number: int) -> None:
        self._ingest.accept(CLUB, GARDEN, [batch(number)])
        self.acknowledged.last_batch = number

    def _accept_last(self) -> None:
        self._accept(3 * worker.BATCHES + 1)

    def _case(self) -> None:
        opened = self._workspace.casebook.propose([alert(accounts([77]))], lake_version="v1").opened
        self.acknowledged.cases += opened

    def _tell(self) -> None:
        arrived, troubles = self._desk.tell()
        self.acknowledged.told += [notice.case_id for notice in arrived]
        if troubles:
            raise troubles[0]

    def _erase(self) -> None:
        (account,) = self._workspace.pseudonyms_of(platform="garden", id_=f"id-{GONE}")
        self._workspace.erase(account, "Asked for it.")
        self.acknowledged.erased.append(account)


def perform(run: Run, calls: Calls, last_failing: int) -> list[str]:
    """Do every step until it succeeds; what was said of failures."""
    said: list[str] = []
    for step in run.steps():
        tries = 0
        while tries < TRIES:
            tries += calls.made > last_failing
            try:
                step()
                break
            except SeawallError as error:
                said.append(f"{type(error).__name__}: {error.what}")
        else:
            raise AssertionError(f"It does not go on after the disk recovered: {said[-1]}")
    return said


def try_once(template: Path, folder: Path, calls: Calls, first: int, count: int, error: int) -> dict[str, Any]:
    """One run with failing calls on a copy, and a check of what it has left."""
    shutil.copytree(template, folder)
    run, said, made = Run(folder), list[str](), 0
    try:
        calls.arm(first, count, error)
        try:
            said = perform(run, calls, first + count)
        finally:
            made = calls.made
            calls.arm(0, 0, 0)
        check_found(folder, run.acknowledged)
    except BaseException:  # noqa: BLE001 - what went wrong is what is told
        return {"made": made, "said": said, "wrong": traceback.format_exc()}
    shutil.rmtree(folder)
    return {"made": made, "said": said, "wrong": ""}


def main(root: Path) -> None:
    calls = Calls()
    calls.arm(0, 0, 0)
    worker.small_thresholds()
    template = root / "template"
    workspace = seawall.create(template)
    for number in range(2):
        worker.watch(workspace, number, lambda _: None)
    for place, line in enumerate(sys.stdin):
        first, count, error = map(int, line.split())
        print(json.dumps(try_once(template, root / str(place), calls, first, count, error)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
