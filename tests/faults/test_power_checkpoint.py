"""A power cut while a table's log is summed up leaves a table that can be read."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from seawall.lake.delta import DeltaFolder
from tests.conftest import ROOT
from tests.faults.simulator import Disk, Operation, read_log

PROGRAM = """
import sys
from pathlib import Path
from seawall.lake.delta import DeltaFolder
folder = DeltaFolder(Path(sys.argv[1]) / "lake" / "deletions", "deletions")
folder.create()
for number in range(3):
    folder.commit([], transaction=("club", number))
folder.checkpoint()
folder.commit([], transaction=("club", 3))
folder.checkpoint()
folder.forget_history()
"""


def _operations(recorder: Path, root: Path, log: Path) -> list[Operation]:
    preload = {"LD_PRELOAD": str(recorder), "RECORDER_ROOT": str(root), "RECORDER_LOG": str(log)}
    command = [sys.executable, "-c", PROGRAM, str(root)]
    subprocess.run(command, env=os.environ | preload, cwd=ROOT, check=True, timeout=120)
    return read_log(log)


def test_a_table_is_whole_after_a_cut_at_each_step_of_a_checkpoint(recorder: Path, tmp_path: Path) -> None:
    """Whatever of a checkpoint has reached the disk when the power goes, the table opens at its newest version."""
    root = tmp_path / "root"
    root.mkdir()
    operations = _operations(recorder, root, tmp_path / "operations")
    disk = Disk(root)
    table = root / "lake" / "deletions"
    first = table / "_delta_log" / f"{3:020d}.json"
    cuts = 0
    for place, one in enumerate(operations):
        disk.operate(one)
        if not disk.seen(first):
            continue
        for kept in (0.0, 0.5, 0.5, 0.9):
            found = tmp_path / "found"
            disk.find(found, random.Random(f"{place} {kept}"), kept=kept)
            assert DeltaFolder(found / "lake" / "deletions", "deletions").snapshot().version >= 2
            shutil.rmtree(found)
            cuts += 1
    assert cuts > 100
