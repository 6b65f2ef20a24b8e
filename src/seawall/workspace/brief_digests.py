"""What the briefs of a workspace were when they were written, so that a damaged one is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from seawall.lake.disk import disk_errors
from seawall.workspace.checked_file import read_checked, write_checked

BRIEFS = "briefs"
_DIGESTS = "digests.json"


def keep_digest(workspace: Path, name: str, page: str) -> None:
    """Remember a brief that is about to be written, and forget those that are gone.

    Raises:
        StorageError: the disk refused, or the list is damaged.
    """
    folder = workspace / BRIEFS
    held = {one: digest for one, digest in _held(workspace).items() if (folder / one).exists()}
    write_checked(folder / _DIGESTS, {**held, name: _digest(page.encode())})


def damaged_briefs(workspace: Path) -> Iterator[Path]:
    """The briefs that are not what was written; those that somebody removed are no matter.

    Raises:
        StorageError: the disk refused, or the list is damaged.
    """
    for name, digest in _held(workspace).items():
        path = workspace / BRIEFS / name
        with disk_errors(path):
            if path.exists() and _digest(path.read_bytes()) != digest:
                yield path


def _held(workspace: Path) -> dict[str, str]:
    held: dict[str, str] = read_checked(workspace / BRIEFS / _DIGESTS, {})
    return held


def _digest(page: bytes) -> str:
    return hashlib.sha256(page).hexdigest()
