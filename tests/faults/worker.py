"""A process that watches, proposes, tells, saves, compacts and erases, and marks what was acknowledged.

``python -m tests.faults.worker ROOT`` does it once in ROOT/club; the marks are lines of ROOT/marks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import seawall
from seawall.detectors import WatchedCoordination
from seawall.engine.live import LiveEngine
from seawall.lake import delta, index, tidying
from seawall.model import Severity
from seawall.notices import Notice
from seawall.workspace import Workspace
from seawall.workspace.desk import Desk
from tests.casebook.builders import accounts, alert
from tests.killed_ingest import batch
from tests.workspace.live import CLUB, GARDEN

ROUNDS = 8
BATCHES = 3  # in a round

THRESHOLDS = ((index, "FAN", 3), (tidying, "MANY_FILES", 5), (delta, "CHECKPOINT_EVERY", 6))
"""Small, so that merges, joins and checkpoints are met often."""

Mark = Callable[[str], None]


class Team:
    """A receiver that always hears."""

    name = "team"

    def send(self, notice: Notice, *, again: bool) -> None:
        pass


def small_thresholds() -> None:
    """Set them for this process."""
    for module, name, value in THRESHOLDS:
        setattr(module, name, value)


def watch(workspace: Workspace, number: int, mark: Mark) -> None:
    """A round: batches, a look, a case, a notice, a saved state; every third round ends before its flush."""
    with closing(workspace.ingest()) as ingest:
        desk = Desk(workspace, ingest, LiveEngine([WatchedCoordination()], keep=None), [(Team(), Severity.LOW)])
        desk.open()
        reached = ingest.checkpoint("club")
        first = 0 if reached is None else int(reached) + 1
        for place in range(first, max(first, (number + 1) * BATCHES)):
            ingest.accept(CLUB, GARDEN, [batch(place)])
            mark(f"batch {place}")
            if place % 2:
                ingest.flush()
        (opened, *_) = workspace.casebook.propose([alert(accounts([number]))], lake_version="v1").opened or ("",)
        mark(f"case {opened}")
        if number % 3 != 2:
            desk.step(finalise=True)
            for notice in desk.tell()[0]:
                mark(f"told {notice.case_id}")
            desk.save()
            mark("saved")
            desk.tidy()


def care(workspace: Workspace, number: int, mark: Mark) -> None:
    """Between two rounds: compact, connect, erase somebody, decide, write a brief."""
    if number == 2:
        workspace.compact()
    elif number == 3:
        workspace.connect(CLUB)
        mark("connected club")
    elif number == 4:
        account = workspace.pseudonyms_of(platform="garden", id_="id-gardener3")
        workspace.erase(account, "Asked for it.")
        mark(f"erased {account[0]}")
    elif number == 5:
        case = workspace.cases()["case_id"][0].as_py()
        workspace.decide(case, "no_action", "A garden club's news.")
        mark(f"decided {case}")


def main(root: Path) -> None:
    small_thresholds()
    marks = os.open(root / "marks", os.O_WRONLY | os.O_CREAT)

    def mark(said: str) -> None:
        os.write(marks, f"{said}\n".encode())

    workspace = seawall.create(root / "club")
    mark("created")
    for number in range(ROUNDS):
        watch(workspace, number, mark)
        care(workspace, number, mark)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
