"""The salt under which notices of deletion are recognised again: random bytes with a checksum."""

from __future__ import annotations

import secrets
import zlib
from pathlib import Path

from seawall.errors import StorageError
from seawall.lake.disk import disk_errors, make_folder, write_durably

_BYTES = 32


def made_salt(path: Path) -> bytes:
    """The salt in a file, which is made at first.

    Raises:
        StorageError: the disk refused, or the file is damaged.
    """
    found = read_salt(path)
    if found is None:
        found = secrets.token_bytes(_BYTES)
        with disk_errors(path):
            make_folder(path.parent)
            write_durably(path, found + _sum(found), mode=0o600)
    return found


def read_salt(path: Path) -> bytes | None:
    """The salt in a file; None where there is none. An older Seawall kept no checksum.

    Raises:
        StorageError: the disk refused, or the file is damaged.
    """
    if not path.exists():
        return None
    with disk_errors(path):
        content = path.read_bytes()
    salt, told = content[:_BYTES], content[_BYTES:]
    if len(salt) < _BYTES or told not in (b"", _sum(salt)):
        raise StorageError("The lake's salt is damaged.", where=str(path), mend="Restore this file from a backup.")
    return salt


def _sum(salt: bytes) -> bytes:
    return zlib.crc32(salt).to_bytes(4)
