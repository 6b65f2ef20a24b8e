"""One file of the journal: appended to, read, cut back, removed."""

from __future__ import annotations

import os
from pathlib import Path

from seawall.lake.disk import sync_folder

SUFFIX = ".journal"


def segment_path(folder: Path, number: int) -> Path:
    """Segments are read in the order of their numbers."""
    return folder / f"{number:016d}{SUFFIX}"


def segment_paths(folder: Path) -> list[Path]:
    """The segments of a journal, the oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


class Segment:
    """A new file that only its owner can read; each append is on the disk when it returns.

    Raises (each method):
        OSError: the disk refused; the file may hold more than was acknowledged, see ``cut_back``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._named = False
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def append(self, content: bytes) -> int:
        """Write at the end and wait for the disk; where it begins."""
        start = self.size
        view, offset = memoryview(content), start
        while view:
            written = os.pwrite(self._descriptor, view, offset)
            view, offset = view[written:], offset + written
        os.fsync(self._descriptor)
        if not self._named:
            sync_folder(self.path.parent)
            self._named = True
        self.size = offset
        return start

    def cut_back(self) -> None:
        """Take away what an append has left that did not come to its end."""
        if self.size == 0:
            self.path.unlink(missing_ok=True)
            sync_folder(self.path.parent)
        else:
            os.ftruncate(self._descriptor, self.size)
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
