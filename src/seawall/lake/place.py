"""Where the tables of a lake lie: in a folder on a disk, or in a bucket of an object storage.

A table needs little of its place: to list, read and remove files, to write a log entry that nobody else has written,
and to write a data file so that its name appears when it is whole. All else of the lake is the same everywhere.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Any, Protocol, Self

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable

LOG = "_delta_log"
"""The folder of a table's log, in the table's own."""

HINT = f"{LOG}/_last_checkpoint"
"""The file that names the newest checkpoint."""

_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A file, as its place tells it."""

    name: str
    size: int
    modified: float  # seconds since 1970, by the clock of the place


class TakenError(Exception):
    """A file of this name is there already."""


class Place(Protocol):
    """A folder for tables, or for the files of one. It can be pickled, and holds no secret.

    Paths are relative to it. All methods raise StorageError where the place refuses.
    """

    @property
    def where(self) -> str:
        """Its name in messages."""
        ...

    def inside(self, name: str) -> Self:
        """A folder in it."""
        ...

    def refusals(self) -> AbstractContextManager[None]:
        """What the system and the libraries raise inside becomes a StorageError that says how to mend it."""
        ...

    def require(self) -> None:
        """Refuse where no lake lies here.

        Raises:
            WorkspaceError: there is none, or another workspace's.
        """
        ...

    def files(self, folder: str = "") -> list[Found]:
        """The files of a folder in it, not those of folders further down."""
        ...

    def read(self, path: str) -> bytes:
        """A small file whole.

        Raises:
            FileNotFoundError: there is none.
        """
        ...

    def whole(self, path: str) -> pa.NativeFile:
        """A data file to be read from its beginning to its end."""
        ...

    def write_new(self, path: str, content: bytes) -> None:
        """Write a log entry for good, wholly or not at all.

        Raises:
            TakenError: somebody else has written one of this name.
        """
        ...

    def write_rows(self, name: str, write: Callable[[Any], bool]) -> Found | None:
        """Write a data file for good; its name, completed by the CRC-32 of its bytes, appears when it is whole.

        Args:
            name: without the sum and the suffix.
            write: writes Parquet to what it is given, and says whether there was any row.

        Returns:
            The file; None where there was no row.
        """
        ...

    def retire(self, paths: Sequence[str]) -> None:
        """Note that data files are needed by earlier versions only, from now on."""
        ...

    def retired_since(self, moment: float) -> set[str]:
        """The data files that were retired after a moment, where their own time of change does not tell it."""
        ...

    def remove(self, names: Sequence[str], folder: str = "") -> None:
        """Remove files of a folder in it for good."""
        ...

    def keeps_removed(self) -> bool:
        """Whether what is removed here can be read nevertheless, so that nothing can be erased."""
        ...

    def create(self, schema: pa.Schema, configuration: Mapping[str, str | None]) -> None:
        """Make an empty Delta table; one that is there stays as it is."""
        ...

    def delta(self) -> DeltaTable:
        """The table as ``deltalake`` reads it."""
        ...

    def checkpoint(self, version: int) -> None:
        """Sum the log up to its newest version, so that readers need not walk it from the beginning."""
        ...

    def damaged(self) -> Iterator[str]:
        """The files of the table's log that are not what was written."""
        ...

    def dataset(self, paths: Sequence[str], schema: pa.Schema) -> ds.Dataset:
        """Data files as one Arrow dataset."""
        ...


def crc(file: IO[bytes] | pa.NativeFile) -> str:
    """The CRC-32 of a file's bytes from where it stands to its end, as eight hexadecimal digits."""
    value = 0
    while part := file.read(_PART):
        value = zlib.crc32(part, value)
    return f"{value:08x}"


def needed(name: str, newest: int) -> bool:
    """Whether a file of the log is the newest checkpoint or comes after it.

    >>> [needed(f"{version:020d}.json", 7) for version in (7, 8)], needed(f"{7:020d}.checkpoint.parquet", 7)
    ([False, True], True)
    """
    number = name[:20]
    if not number.isdigit() or name.endswith(".tmp"):
        return False
    return int(number) > newest or (int(number) == newest and ".checkpoint" in name)
