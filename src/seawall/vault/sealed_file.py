"""One file of the vault: a header with the shares of its own data key, then records that are sealed one by one.

Each record is found by a keyed hash of its pseudonym, so that one person can be erased without opening anything.
Layout: the header as one line of JSON; then for each record 16 bytes of index, 12 of nonce, 4 of length
(little-endian), and the ciphertext.
"""

from __future__ import annotations

import json
import os
import secrets
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from seawall.errors import StorageError
from seawall.vault.shares import Shares, damaged

INDEX_BYTES = 16
_HEAD = struct.Struct(f"<{INDEX_BYTES}s12sI")
SUFFIX = ".sealed"
UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Record:
    """A sealed identity."""

    index: bytes
    nonce: bytes
    sealed: bytes

    def as_bytes(self) -> bytes:
        """The record as it stands in the file."""
        return _HEAD.pack(self.index, self.nonce, len(self.sealed)) + self.sealed


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file's header and records, as read."""

    name: str  # random; the shares and records are bound to it
    shares: Shares
    records: tuple[Record, ...]

    def write(self, folder: Path) -> None:
        """Write it under its name, replacing what is there, and wait until it is on the disk.

        Raises:
            StorageError: the disk refused.
        """
        body = b"".join(record.as_bytes() for record in self.records)
        told = {"format": 1, "shares": self.shares, "check": _check(self.shares, body)}
        write_durably(folder / f"{self.name}{SUFFIX}", json.dumps(told).encode() + b"\n" + body)


def new_name() -> str:
    """A name for a new file."""
    return secrets.token_hex(16)


def read(path: Path) -> SealedFile:
    """A file of the vault.

    Raises:
        StorageError: it cannot be read, or was cut short.
    """
    try:
        header, _, body = path.read_bytes().partition(b"\n")
    except OSError as error:
        raise refused(error) from error
    try:
        told = json.loads(header)
        shares = {str(pair): (str(one), str(two)) for pair, (one, two) in told["shares"].items()}
        if told.get("check") not in (None, _check(shares, body)):
            raise damaged()
        return SealedFile(path.name.removesuffix(SUFFIX), shares, tuple(_records(body)))
    except (ValueError, KeyError, TypeError, AttributeError, struct.error):
        raise damaged() from None


def _check(shares: Shares, body: bytes) -> str:
    """So that damage is found while the vault is sealed; an older Seawall kept none."""
    return sha256(json.dumps(shares, sort_keys=True).encode() + body).hexdigest()


def _records(body: bytes) -> Iterator[Record]:
    at = 0
    while at < len(body):
        index, nonce, length = _HEAD.unpack_from(body, at)
        at += _HEAD.size
        sealed = body[at : at + length]
        if len(sealed) != length:
            raise damaged()
        at += length
        yield Record(index, nonce, sealed)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file as a whole, readable by its owner only, and wait for the disk.

    Raises:
        StorageError: the disk refused; the old file is as it was.
    """
    unfinished = path.with_name(f"{path.name}{UNFINISHED}")
    try:
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise refused(error) from error


def sync_folder(folder: Path) -> None:
    """Wait until the folder's entries are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refused(error: OSError) -> StorageError:
    """The operating system's refusal, in a sentence."""
    return StorageError(
        f"The disk refused: {error.strerror or 'unknown reason'}.",
        where="vault",
        mend="Check free space and permissions, then run the same command again.",
    )
