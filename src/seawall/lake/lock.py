"""One writer per workspace, and how it learns that another one waits.

Whoever wants to write takes the turn (DIR/lock.turn) first, then the lock (DIR/lock), and keeps both while writing.
A writer that stays for long lets go of its turn at once: while somebody else holds the turn, that one waits for the
lock. The system lets go of both when a process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO

from seawall.errors import WorkspaceError
from seawall.lake.disk import disk_errors

PATIENCE_SECONDS = 30.0
"""How long a command waits for a writer that gives way."""

_ASK_AGAIN_SECONDS = 0.02


class WriterLock:
    """The exclusive lock on a workspace.

    Args:
        folder: the workspace.
        patience: seconds to wait for whoever writes.
        gives_way: let others ask for the lock while it is held; see ``wanted``.

    Raises:
        WorkspaceError: another process (or another open lake) still writes this workspace.
    """

    def __init__(self, folder: Path, *, patience: float = 0.0, gives_way: bool = False) -> None:
        self._turn_path = folder / "lock.turn"
        self._file: IO[bytes] | None = None
        deadline = time.monotonic() + patience
        self._turn: IO[bytes] | None = _locked(self._turn_path, deadline)
        try:
            self._file = _locked(folder / "lock", deadline)
        finally:
            if self._file is None or gives_way:
                self._let_others_ask()

    def _let_others_ask(self) -> None:
        if self._turn is not None:
            self._turn.close()
            self._turn = None

    def wanted(self) -> bool:
        """Whether somebody waits for this lock, which gives way."""
        try:
            _locked(self._turn_path, 0.0).close()
        except WorkspaceError:
            return True
        return False

    def release(self) -> None:
        """Let the next writer in."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._let_others_ask()


def _locked(path: Path, deadline: float) -> IO[bytes]:
    with disk_errors(path):
        file = path.open("ab")
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    file.close()
                    raise WorkspaceError(
                        "Another process writes this workspace.",
                        where=str(path.parent),
                        mend="Wait until it is done, or stop it; reading is possible meanwhile.",
                    ) from None
                time.sleep(_ASK_AGAIN_SECONDS)
            except BaseException:
                file.close()
                raise
            else:
                return file
