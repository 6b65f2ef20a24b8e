"""One writer per workspace."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from seawall.errors import WorkspaceError
from seawall.lake.disk import disk_errors


class WriterLock:
    """The exclusive lock on DIR/lock; the system lets go of it when the process ends, however it ends.

    Raises:
        WorkspaceError: another process (or another open lake) writes this workspace.
    """

    def __init__(self, folder: Path) -> None:
        with disk_errors(folder / "lock"):
            self._file: IO[bytes] | None = (folder / "lock").open("ab")
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._file.close()
                raise WorkspaceError(
                    "Another process writes this workspace.",
                    where=str(folder),
                    mend="Wait until it is done, or stop it; reading is possible meanwhile.",
                ) from None

    def release(self) -> None:
        """Let the next writer in."""
        if self._file is not None:
            self._file.close()
            self._file = None
