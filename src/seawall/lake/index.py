"""The duplicate index: which ids the lake holds, with their revisions, in sorted runs that are merged geometrically.

Each batch writes a run before it is acknowledged. A run whose batch was never acknowledged is ignored and
overwritten; eight runs of a level are merged into one of the next, in slices of bounded size. A merged run
carries the batches of its parts, so that parts which outlive it after a kill are recognised and removed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seawall.errors import StorageError
from seawall.lake.disk import disk_errors, make_folder, sync_folder
from seawall.lake.runs import Entries, Run, RunWriter, SignedArray, UnsignedArray, join, write_run

FAN = 8
"""Runs of a level that are merged into one."""

SLICE = 1 << 18
"""Entries that a merge holds in memory, about."""


class DuplicateIndex:
    """Runs in a folder.

    Args:
        folder: made when the first run is written.
        committed: the batches whose row stands in the lake.
        rebuilt: a damaged run is left out, because its keys are read back from the lake.

    Raises:
        StorageError: a run is damaged that cannot be rebuilt.
    """

    def __init__(self, folder: Path, committed: Collection[int], *, rebuilt: bool = True) -> None:
        self.folder = folder
        self._runs: list[Run] = []
        with disk_errors(folder):
            paths = sorted(folder.glob("*.run"))
        for path in paths:
            try:
                self._runs.append(Run(path))
            except StorageError:
                if not rebuilt:
                    self.close()
                    raise
        self._leave_out_stale(set(committed))

    def _leave_out_stale(self, committed: set[int]) -> None:
        covered: set[int] = set()
        current = []
        for run in sorted(self._runs, key=lambda run: -len(run.batches)):
            batches = set(run.batches.tolist())
            if batches <= committed and not batches <= covered:
                current.append(run)
                covered |= batches
            else:
                run.close()
        self._runs = current

    @property
    def batches(self) -> set[int]:
        """The batches whose keys it holds."""
        return {batch for run in self._runs for batch in run.batches.tolist()}

    @property
    def rows(self) -> int:
        """How many entries it holds."""
        return sum(run.rows for run in self._runs)

    def close(self) -> None:
        """Let go of the files."""
        for run in self._runs:
            run.close()
        self._runs = []

    def find(self, wanted: UnsignedArray) -> tuple[npt.NDArray[np.intp], Entries]:
        """The entries of the wanted ids (ascending, each once), ordered by id.

        Returns:
            The index into ``wanted`` of each entry found, ascending, and the entries.
        """
        parts = [run.find(wanted) for run in self._runs]
        parts = [part for part in parts if len(part[0])]
        if not parts:
            return np.empty(0, np.intp), join([])
        owners = np.concatenate([owner for owner, _ in parts])
        order = np.argsort(owners, kind="stable")
        return owners[order], join([entries for _, entries in parts]).take(order)

    def prepare(self, batch: int, entries: Entries) -> Path:
        """Write the run of a batch durably; it counts only after ``admit``."""
        if not self.folder.exists():
            with disk_errors(self.folder):
                make_folder(self.folder)
        path = self.folder / f"batch-{batch:016x}.run"
        write_run(path, entries.sorted(), np.array([batch], np.int64)).close()
        return path

    def admit(self, path: Path) -> None:
        """The batch is acknowledged: its run counts. Many runs are merged, or later if the disk refuses."""
        self._runs.append(Run(path))
        with contextlib.suppress(StorageError):
            self._merge_levels()

    def _merge_levels(self) -> None:
        level = 0
        while True:
            same = [run for run in self._runs if run.level == level]
            if len(same) < FAN:
                if level >= max((run.level for run in self._runs), default=0):
                    return
            else:
                self._merge(same, level + 1)
            level += 1

    def _merge(self, parts: list[Run], level: int, without: UnsignedArray | None = None) -> None:
        batches = np.concatenate([run.batches for run in parts])
        rows = sum(run.rows for run in parts)
        if without is not None:
            rows -= sum(len(run.find(without)[0]) for run in parts)
        path = self.folder / f"level-{level}-{int(batches.min()):016x}-{len(batches)}-{rows}.run"
        writer = RunWriter(path, rows, batches, level)
        try:
            for entries in _slices(parts):
                writer.write(entries if without is None else entries.take(~np.isin(entries.ids, without)))
            writer.finish()
        except BaseException:
            writer.abandon()
            raise
        self._runs = [run for run in self._runs if run not in parts]
        self._runs.append(Run(path))
        for run in parts:
            if run.path == path:
                run.close()
            else:
                run.remove()
        with disk_errors(self.folder):
            sync_folder(self.folder)

    def forget(self, ids: UnsignedArray) -> None:
        """Remove all entries of these ids: every run is rewritten without them, stale files are removed."""
        if self._runs:
            self._merge(list(self._runs), max(run.level for run in self._runs), np.unique(ids))
        self.sweep()

    def discard(self) -> None:
        """Remove the index with its folder: nobody will ask it again."""
        self.close()
        if self.folder.exists():
            self.sweep()
            with disk_errors(self.folder):
                self.folder.rmdir()

    def leftovers(self) -> list[Path]:
        """Files in the folder that are no part of the index."""
        current = {run.path for run in self._runs}
        with disk_errors(self.folder):
            return [path for path in self.folder.glob("*") if path.is_file() and path not in current]

    def sweep(self) -> None:
        """Remove the files that are no part of the index."""
        for path in self.leftovers():
            with disk_errors(path):
                path.unlink(missing_ok=True)

    def add_missing(self, batches: SignedArray, entries: Entries) -> None:
        """Put in the keys of batches whose run was lost."""
        level = 0 if len(batches) == 1 else 1
        path = self.folder / f"rebuilt-{int(batches.min()):016x}-{len(batches)}.run"
        self._runs.append(write_run(path, entries.sorted(), batches, level))

    def verify(self) -> Iterator[StorageError]:
        """Read every run and yield what is wrong."""
        for run in self._runs:
            try:
                run.verify()
            except StorageError as error:
                yield error


def _slices(parts: list[Run]) -> Iterator[Entries]:
    """The entries of all parts by ascending id, in slices of about SLICE entries; revisions of an id keep run order."""
    total = sum(run.rows for run in parts)
    count = max(1, -(-total // SLICE))
    bounds = (np.arange(1, count, dtype=np.float64) * (2.0**64 / count)).astype(np.uint64)
    cuts = [np.concatenate([[0], run.position(bounds), [run.rows]]) for run in parts]
    for index in range(count):
        pieces = [run.entries(int(cut[index]), int(cut[index + 1])) for run, cut in zip(parts, cuts, strict=True)]
        yield join(pieces).sorted()
