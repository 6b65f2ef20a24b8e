"""Durable writes, and the disk's refusals as errors that say what to do."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from seawall.errors import StorageError

_MEND = {
    errno.ENOSPC: ("The disk is full.", "Make room, then run the same command again; nothing acknowledged is lost."),
    errno.EDQUOT: ("The disk quota is used up.", "Make room, then run the same command again."),
    errno.EACCES: ("The disk does not permit this.", "Give your user read and write permission on this folder."),
    errno.EPERM: ("The disk does not permit this.", "Give your user read and write permission on this folder."),
    errno.EROFS: ("The disk is read-only.", "Move the workspace to a disk that can be written."),
    errno.EIO: ("The disk reports a read or write error.", "Check the disk, then run seawall doctor."),
    errno.EFBIG: ("A file would become larger than this system allows.", "Raise the file size limit, then run again."),
    errno.EMFILE: ("Too many files are open.", "Raise the limit of open files (ulimit -n), then run again."),
    errno.ENOENT: ("A file of the lake is missing.", "Run the command again; if it stays, run seawall doctor."),
}
_SAID = (
    ("no space left", errno.ENOSPC),
    ("quota", errno.EDQUOT),
    ("permission denied", errno.EACCES),
    ("read-only file system", errno.EROFS),
    ("file too large", errno.EFBIG),
    ("too many open files", errno.EMFILE),
    ("no such file", errno.ENOENT),
    ("not found", errno.ENOENT),
)
_RAISED = (("deltalake.exceptions", "DeltaError"), ("duckdb", "Error"))


def _errno(error: BaseException) -> int | None:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    if isinstance(error, FileNotFoundError):
        return errno.ENOENT
    said = str(error).lower()
    number = re.search(r"os error (\d+)|errno (\d+)", said)
    if number:
        return int(number.group(1) or number.group(2))
    return next((code for words, code in _SAID if words in said), None)


def _of_libraries() -> tuple[type[Exception], ...]:
    """What the storage libraries raise; one that is not loaded has raised nothing."""
    loaded = ((sys.modules.get(module), name) for module, name in _RAISED)
    return tuple(getattr(module, name) for module, name in loaded if hasattr(module, name))


@contextmanager
def disk_errors(where: str | Path) -> Iterator[None]:
    """Turn what the system and the storage libraries raise into StorageError.

    Their own texts are left out, because they may quote values.

    Raises:
        StorageError: with what, where and how to mend it.
    """
    try:
        yield
    except (OSError, pa.ArrowException, *_of_libraries()) as error:
        what, mend = _MEND.get(
            _errno(error) or 0,
            ("The lake cannot be read or written.", "Run seawall doctor; it names the damaged file."),
        )
        raise StorageError(what, where=f"{where}, {type(error).__name__}", mend=mend) from None


def sync_file(path: Path) -> None:
    """Wait until the file's bytes are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Wait until the folder's entries are on the disk."""
    sync_file(path)


def make_folder(path: Path, *, mode: int = 0o777) -> None:
    """Make a folder, and those above it that are missing; their names are on the disk when this returns."""
    missing = [one for one in path.parents if not one.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=mode, exist_ok=True)
    for one in [path, *missing]:
        sync_folder(one.parent)


def write_durably(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Replace a file so that at any moment either the old or the whole new content is there, even after a power cut."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
