"""A log of JSON lines, one notice a line."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from seawall.errors import StorageError
from seawall.notices.notice import Notice


@dataclass(frozen=True)
class LogReceiver:
    """Appends to a file that its owner alone can read, and waits until the line is on the disk.

    Args:
        name: of the receiver.
        path: the file.
    """

    name: str
    path: Path

    def send(self, notice: Notice, *, again: bool) -> None:
        """Append one line; after an interrupted try only if it is not there.

        Raises:
            StorageError: the file cannot be read or written.
        """
        line = json.dumps(notice.as_dict(), ensure_ascii=False).encode() + b"\n"
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "r+b") as file:
                if again and self._holds(notice):
                    return
                if _ends_in_mid_line(file.fileno()):
                    line = b"\n" + line
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
                _sync_folder(self.path.parent)
        except OSError as error:
            raise StorageError(
                f"The log of notices cannot be written: {error.strerror or 'unknown reason'}.",
                where=str(self.path),
                mend="Check free space and permissions; the notice is told when it can be.",
            ) from error

    def _holds(self, notice: Notice) -> bool:
        wanted = json.dumps(notice.notice_id).encode()
        with self.path.open("rb") as lines:
            return any(wanted in line and line.endswith(b"\n") for line in lines)


def _sync_folder(folder: Path) -> None:
    """Wait until the name of a new log is on the disk, before the casebook is told that the notice arrived."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _ends_in_mid_line(handle: int) -> bool:
    """Whether an interrupted try left half a line, which must not swallow the next one."""
    size = os.fstat(handle).st_size
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"
