"""Keeping a lake that is written to all the time in few files, a small step at a time.

A live workspace commits about once a second. Joining all small files at once, as ``seawall compact`` does, would keep
the next commit waiting; here each step joins some small files of one table.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from seawall.lake.compaction import READERS_MAY_TAKE, write_files
from seawall.lake.delta import DataFile, DeltaFolder
from seawall.lake.rewrite import read_rows
from seawall.lake.writer import Writer

MANY_FILES = 200
"""So many commits to a table, and so many small files in it, are worth a step."""

SMALL_ROWS = 20_000
"""A file of fewer rows is small."""

STEP_ROWS = 150_000
"""Rows that a step rewrites, about."""

SWEEP_SECONDS = 600.0
"""How often retired files and log entries of a table are looked for."""


class Tidying:
    """What is known of a writer's tables since it was opened.

    Args:
        writer: of an open lake.
        clock: seconds, never going back.
    """

    def __init__(self, writer: Writer, clock: Callable[[], float] = time.monotonic) -> None:
        self._writer = writer
        self._clock = clock
        self._looked: dict[str, int] = {}  # table -> its version when its files were last looked at
        self._swept = dict.fromkeys(writer.tables, clock())

    def step(self) -> bool:
        """Join or sweep in one table where it is worth it; whether there was anything to do.

        Raises:
            StorageError: the disk refused; everything stays readable.
        """
        for name, table in self._writer.tables.items():
            if table.version() - self._looked.get(name, -MANY_FILES) >= MANY_FILES and self._join(table):
                return True
            if self._clock() - self._swept[name] >= SWEEP_SECONDS:
                self._swept[name] = self._clock()
                table.sweep(older_than=READERS_MAY_TAKE)
                table.forget_history(older_than=READERS_MAY_TAKE)
                return True
        return False

    def _join(self, table: DeltaFolder) -> bool:
        files = table.snapshot().files
        for edits in (False, True):
            small = [file for file in files if file.edits == edits and file.rows < SMALL_ROWS]
            if len(small) >= MANY_FILES:
                chosen = _up_to_step(small)
                adds = write_files(table, read_rows(table, chosen), edits=edits)
                table.commit(adds, chosen, operation="OPTIMIZE")
                return True
        self._looked[table.table] = table.version()
        return False


def _up_to_step(files: list[DataFile]) -> list[DataFile]:
    """The smallest files, as many as a step may rewrite."""
    chosen: list[DataFile] = []
    rows = 0
    for file in sorted(files, key=lambda file: file.rows):
        if rows + file.rows > STEP_ROWS and len(chosen) > 1:
            break
        chosen.append(file)
        rows += file.rows
    return chosen
