"""Sorted runs of keys on disk: what the duplicate index is made of.

A run is one file: a header, the ids (ascending), the edit times, the contents, the batches that it covers,
and the first id of each block of ids. Only the last two are held in memory; look-ups read the blocks of ids
that they need through a small buffer, so that memory does not grow with the run.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seawall.errors import StorageError
from seawall.lake.disk import disk_errors, sync_folder

UnsignedArray = npt.NDArray[np.uint64]
SignedArray = npt.NDArray[np.int64]

BLOCK = 4096
"""Ids in a block: the least that is read."""

GROUP = 32
"""Blocks that are read at once at most: 1 MiB of ids."""

_HEADER = struct.Struct("<8sIIQQIIII")
_MAGIC = b"SEAWRUN1"
_HEADER_SIZE = 64


@dataclass(frozen=True, slots=True)
class Entries:
    """Rows of a run: parallel arrays."""

    ids: UnsignedArray
    edited: SignedArray
    contents: UnsignedArray

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Entries:
        """The entries of these rows."""
        return Entries(self.ids[rows], self.edited[rows], self.contents[rows])

    def sorted(self) -> Entries:
        """The entries by id; entries of one id keep their order."""
        return self.take(np.argsort(self.ids, kind="stable"))


def join(parts: Sequence[Entries]) -> Entries:
    """Entries one after the other."""
    if not parts:
        return Entries(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.uint64))
    return Entries(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.edited for part in parts]),
        np.concatenate([part.contents for part in parts]),
    )


class RunWriter:
    """Writes a run of a known number of entries piece by piece; it is there only after ``finish``."""

    def __init__(self, path: Path, rows: int, batches: SignedArray, level: int) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.tmp")
        self._rows = rows
        self._batches = np.sort(batches)
        self._level = level
        self._written = 0
        self._sums = [0, 0, 0]
        self._fences: list[UnsignedArray] = []
        with disk_errors(path):
            self._file = self._temporary.open("wb+")

    def write(self, entries: Entries) -> None:
        """Append entries; ids ascend over all calls."""
        if len(entries) == 0:
            return
        first_fence = -self._written % BLOCK
        self._fences.append(entries.ids[first_fence::BLOCK].copy())
        with disk_errors(self._path):
            for section, values in enumerate((entries.ids, entries.edited, entries.contents)):
                content = values.tobytes()
                self._file.seek(_HEADER_SIZE + 8 * (section * self._rows + self._written))
                self._file.write(content)
                self._sums[section] = zlib.crc32(content, self._sums[section])
        self._written += len(entries)

    def finish(self) -> None:
        """Write the header, sync, and give the file its name."""
        if self._written != self._rows:
            raise damaged(self._path)
        fences = np.concatenate(self._fences) if self._fences else np.empty(0, np.uint64)
        tail = self._batches.tobytes() + fences.tobytes()
        header = _HEADER.pack(_MAGIC, 1, self._level, self._rows, len(self._batches), *self._sums, zlib.crc32(tail))
        header += struct.pack("<I", zlib.crc32(header))
        with disk_errors(self._path):
            self._file.seek(_HEADER_SIZE + 24 * self._rows)
            self._file.write(tail)
            self._file.seek(0)
            self._file.write(header.ljust(_HEADER_SIZE, b"\0"))
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._temporary.rename(self._path)
            sync_folder(self._path.parent)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)


def write_run(path: Path, entries: Entries, batches: SignedArray, level: int = 0) -> Run:
    """Write a run at once and open it."""
    writer = RunWriter(path, len(entries), batches, level)
    try:
        writer.write(entries)
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    return Run(path)


class Run:
    """A run on disk, opened for look-ups.

    Raises:
        StorageError: the file is not a complete run.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with disk_errors(path):
            self._descriptor = os.open(path, os.O_RDONLY)
        try:
            self._read_header()
        except BaseException:
            self.close()
            raise

    def _read_header(self) -> None:
        with disk_errors(self.path):
            header = os.pread(self._descriptor, _HEADER_SIZE, 0)
            size = os.fstat(self._descriptor).st_size
        packed = header[: _HEADER.size]
        if len(header) < _HEADER_SIZE or packed[:8] != _MAGIC:
            raise damaged(self.path)
        if struct.unpack_from("<I", header, _HEADER.size)[0] != zlib.crc32(packed):
            raise damaged(self.path)
        _, _, self.level, self.rows, count, *sums = _HEADER.unpack(packed)
        self._sums, tail_sum = sums[:3], sums[3]
        blocks = -(-self.rows // BLOCK)
        if size != _HEADER_SIZE + 24 * self.rows + 8 * (count + blocks):
            raise damaged(self.path)
        tail = self._read(_HEADER_SIZE + 24 * self.rows, count + blocks)
        if zlib.crc32(tail.data) != tail_sum:
            raise damaged(self.path)
        self.batches: SignedArray = tail[:count]
        self._fences: UnsignedArray = tail[count:].view(np.uint64)

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """Close and delete the file."""
        self.close()
        with disk_errors(self.path):
            self.path.unlink(missing_ok=True)

    def _read(self, offset: int, count: int) -> SignedArray:
        content: SignedArray = np.empty(count, np.int64)
        view = content.data.cast("B")
        with disk_errors(self.path):
            while len(view):
                size = os.preadv(self._descriptor, [view], offset)
                if size == 0:
                    raise damaged(self.path)
                view, offset = view[size:], offset + size
        return content

    def _section(self, section: int, start: int, stop: int) -> SignedArray:
        return self._read(_HEADER_SIZE + 8 * (section * self.rows + start), stop - start)

    def entries(self, start: int, stop: int) -> Entries:
        """The entries of rows ``start`` to ``stop``."""
        return Entries(
            self._section(0, start, stop).view(np.uint64),
            self._section(1, start, stop),
            self._section(2, start, stop).view(np.uint64),
        )

    def chunks(self, rows: int = BLOCK * GROUP) -> Iterator[Entries]:
        """All entries, a chunk at a time."""
        for start in range(0, self.rows, rows):
            yield self.entries(start, min(start + rows, self.rows))

    def position(self, bound: UnsignedArray) -> npt.NDArray[np.intp]:
        """For each of the ascending ids, the number of entries with a smaller id."""
        positions = np.empty(len(bound), np.intp)
        for index, value in enumerate(bound):
            block = int(np.searchsorted(self._fences, value, "left")) - 1
            if block < 0:
                positions[index] = 0
                continue
            start = block * BLOCK
            ids = self._section(0, start, min(start + BLOCK, self.rows)).view(np.uint64)
            positions[index] = start + int(np.searchsorted(ids, value, "left"))
        return positions

    def find(self, wanted: UnsignedArray) -> tuple[npt.NDArray[np.intp], Entries]:
        """The entries of the wanted ids (ascending, each once).

        Returns:
            The index into ``wanted`` of each entry found, ascending, and the entries.
        """
        owners: list[npt.NDArray[np.intp]] = []
        found: list[Entries] = []
        if self.rows == 0 or len(wanted) == 0:
            return np.empty(0, np.intp), join([])
        first = np.maximum(np.searchsorted(self._fences, wanted, "left") - 1, 0)
        last = np.maximum(np.searchsorted(self._fences, wanted, "right") - 1, 0)
        for block, end in self._needed(first, last):
            start, stop = block * BLOCK, min(end * BLOCK, self.rows)
            ids = self._section(0, start, stop).view(np.uint64)
            here = slice(int(np.searchsorted(last, block, "left")), int(np.searchsorted(first, end, "left")))
            owner, rows = _matches(ids, wanted[here])
            if len(rows):
                low, high = int(rows[0]), int(rows[-1]) + 1
                owners.append(owner + here.start)
                part = Entries(
                    ids[low:high],
                    self._section(1, start + low, start + high),
                    self._section(2, start + low, start + high).view(np.uint64),
                )
                found.append(part.take(rows - low))
        return (np.concatenate(owners) if owners else np.empty(0, np.intp)), join(found)

    def _needed(self, first: npt.NDArray[np.intp], last: npt.NDArray[np.intp]) -> Iterator[tuple[int, int]]:
        """Ranges of adjacent blocks that some id needs, each at most GROUP long."""
        change = np.zeros(len(self._fences) + 1, np.int64)
        np.add.at(change, first, 1)
        np.add.at(change, last + 1, -1)
        needed = np.flatnonzero(np.cumsum(change[:-1]) > 0)
        for stretch in np.split(needed, np.flatnonzero(np.diff(needed) != 1) + 1):
            for start in range(0, len(stretch), GROUP):
                part = stretch[start : start + GROUP]
                yield int(part[0]), int(part[-1]) + 1

    def verify(self) -> None:
        """Read the whole run and compare its checksums.

        Raises:
            StorageError: the file is damaged.
        """
        sums = [0, 0, 0]
        smallest = np.uint64(0)
        for part in self.chunks():
            for section, values in enumerate((part.ids, part.edited, part.contents)):
                sums[section] = zlib.crc32(values.data, sums[section])
            if len(part) and (part.ids[0] < smallest or (part.ids[1:] < part.ids[:-1]).any()):
                raise damaged(self.path)
            smallest = part.ids[-1] if len(part) else smallest
        if sums != list(self._sums):
            raise damaged(self.path)


def _matches(ids: UnsignedArray, wanted: UnsignedArray) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs (index into wanted, row of ids) of equal ids, in order of both."""
    left = np.searchsorted(ids, wanted, "left")
    hit = np.flatnonzero(left < len(ids))
    hit = hit[ids[left[hit]] == wanted[hit]]
    left = left[hit]
    counts = np.searchsorted(ids, wanted[hit], "right") - left
    owner = np.repeat(hit, counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, np.repeat(left, counts) + offset


def damaged(path: Path) -> StorageError:
    """The error that a damaged run is met with."""
    return StorageError(
        "A file of the duplicate index is damaged.",
        where=str(path),
        mend="Delete this file; the next command that writes builds it anew from the lake.",
    )
