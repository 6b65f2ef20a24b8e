"""The journal: what was acknowledged and is not in the lake yet, in a folder of segments.

Frames are appended, read and dropped. A segment all of whose frames were dropped is removed, so that nothing of what
is in the lake stays here. One process owns a journal; in it, one thread may append while another reads and drops.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import time
import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from seawall.errors import BacklogError, StorageError, WorkspaceError
from seawall.journal.entries import encoded, placed, read_contents
from seawall.journal.frames import Frame, FrameHeader, unpack
from seawall.journal.segment import Segment, segment_path, segment_paths
from seawall.lake.disk import disk_errors, make_folder, sync_folder
from seawall.protocols import CleanBatch

SEGMENT_BYTES = 16 << 20
"""A segment is not appended to beyond this size."""

LIMIT_BYTES = 2 << 30
"""What may wait for the lake."""

RESERVE_BYTES = 200 << 20
"""Room on the disk that the journal leaves, so that the lake can take over what waits."""

RETRY_SECONDS = 5.0
"""When it is worth trying again after a refusal."""


@dataclass(frozen=True, slots=True)
class Held:
    """A frame that waits, and where its payload stands."""

    header: FrameHeader
    segment: Path
    offset: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the lake."""

    frames: int
    records: int
    bytes: int
    age: float  # seconds since the oldest was taken in; 0 where nothing waits


class Journal:
    """A folder of segments, opened by the one process that owns it.

    What an interrupted append has left at the end is cut off: it was never acknowledged.

    Args:
        folder: made if it is not there, for its owner only.
        limit: bytes that may wait.
        reserve: bytes of the disk that stay free.

    Raises:
        WorkspaceError: another process owns it.
        StorageError: the disk refused, or acknowledged bytes are damaged; the message names segment and offset.
    """

    def __init__(self, folder: Path, *, limit: int = LIMIT_BYTES, reserve: int = RESERVE_BYTES) -> None:
        self.folder = folder
        self._limit = limit
        self._reserve = reserve
        self._writing = threading.Lock()  # one append at a time
        self._knowing = threading.Lock()  # held for moments: what waits, and which segment is appended to
        self._active: Segment | None = None
        self._busy = False  # the active segment is being appended to
        self._broken: Segment | None = None
        self._segments: set[Path] = set()
        self._held: dict[tuple[str, int], Held] = {}  # in the order in which they were taken in
        self._records = self._bytes = 0
        self._lock: IO[bytes] | None = _own(folder)
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        paths = segment_paths(self.folder)
        for path in paths:
            with disk_errors(path):
                held = _read_segment(path, last=path == paths[-1])
            self._segments.add(path)
            self._hold(held)
        self._next = int(paths[-1].stem) + 1 if paths else 1
        _check_order(self.folder, self._held)
        self.drop([])

    def close(self) -> None:
        """Let go of the files and of the folder; what waits stays."""
        for segment in (self._active, self._broken):
            if segment is not None:
                segment.close()
        self._active = self._broken = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, frames: Sequence[Frame]) -> None:
        """Add frames, all or none, with one wait for the disk. When this returns they are acknowledged.

        Numbers ascend by one within each feed; the caller sees to it.

        Raises:
            BacklogError: too much waits already.
            StorageError: the disk refused; nothing was added, and the same frames can be appended again.
        """
        content = encoded(frames)
        with self._writing:
            self.check_room(len(content))
            with disk_errors(self.folder):
                self._mend()
                segment = self._segment(len(content))
                try:
                    start = segment.append(content)
                except BaseException:
                    self._give_up(segment)
                    raise
            with self._knowing:
                self._busy = False
                self._hold([Held(found.header, segment.path, found.offset) for found in placed(frames, start)])

    def _hold(self, frames: Collection[Held]) -> None:
        self._held.update({(one.header.feed, one.header.number): one for one in frames})
        self._records += sum(one.header.records for one in frames)
        self._bytes += sum(one.header.size for one in frames)

    def check_room(self, size: int = 0) -> None:
        """Refuse where so many bytes more would be too much.

        Raises:
            BacklogError: more than the limit would wait, or the disk is nearly full.
        """
        if self.waiting.bytes + size > self._limit:
            raise BacklogError(
                "More waits to be written to the lake than may.",
                where=str(self.folder),
                mend="Come again later; if it stays, run seawall doctor: the lake may not be able to write.",
                retry_after=RETRY_SECONDS,
            )
        with disk_errors(self.folder):
            free = shutil.disk_usage(self.folder).free
        if free - size < self._reserve:
            raise BacklogError(
                "The disk is nearly full.",
                where=str(self.folder),
                mend="Make room; then it goes on by itself.",
                retry_after=RETRY_SECONDS,
            )

    def _segment(self, size: int) -> Segment:
        with self._knowing:
            if self._active is not None and self._active.size + size > SEGMENT_BYTES:
                self._active.close()
                self._active = None
            if self._active is None:
                self._active = Segment(segment_path(self.folder, self._next))
                self._segments.add(self._active.path)
                self._next += 1
            self._busy = True
            return self._active

    def _give_up(self, segment: Segment) -> None:
        """An append failed: what it has left is cut off, now or before the next one, which begins a new segment."""
        with self._knowing:
            self._active, self._busy = None, False
            self._broken = segment
        with suppress(OSError):
            self._mend()

    def _mend(self) -> None:
        if self._broken is not None:
            self._broken.cut_back()
            self._broken.close()
            with self._knowing:
                self._broken = None

    @property
    def waiting(self) -> Waiting:
        """What waits now."""
        with self._knowing:
            oldest = next(iter(self._held.values()), None)
            age = max(0.0, time.time() - oldest.header.accepted_at) if oldest is not None else 0.0
            return Waiting(len(self._held), self._records, self._bytes, age)

    def frames(self) -> list[Held]:
        """The frames that wait, by feed and number.

        Later frames go into a new segment (unless one is just being written), so that the segments of these can be
        removed once they are dropped.
        """
        with self._knowing:
            if self._active is not None and not self._busy:
                self._active.close()
                self._active = None
            return sorted(self._held.values(), key=lambda one: (one.header.feed, one.header.number))

    def read(self, held: Held) -> CleanBatch:
        """The batch of a frame.

        Raises:
            StorageError: the disk refused, or the bytes are not those that were written.
        """
        with disk_errors(held.segment), held.segment.open("rb") as file:
            file.seek(held.offset)
            payload = file.read(held.header.size)
        if len(payload) != held.header.size or zlib.crc32(payload) != held.header.crc:
            raise damaged(held.segment, held.offset)
        return unpack(held.header, payload)

    def drop(self, frames: Collection[Held]) -> None:
        """These frames are in the lake: forget them, and remove the segments that hold nothing else.

        Raises:
            StorageError: the disk refused; the frames are forgotten nevertheless, the next ``drop`` tries again.
        """
        with self._knowing:
            for one in frames:
                if self._held.pop((one.header.feed, one.header.number), None) is not None:
                    self._records -= one.header.records
                    self._bytes -= one.header.size
            used = {one.segment for one in self._held.values()}
            used |= {one.path for one in (self._active, self._broken) if one is not None}
            unused = sorted(self._segments - used)
        _remove(unused, self.folder)
        with self._knowing:
            self._segments.difference_update(unused)


def _own(folder: Path) -> IO[bytes]:
    with disk_errors(folder):
        make_folder(folder, mode=0o700)
        file = os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "rb+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise WorkspaceError(
                "Another process watches into this workspace.", where=str(folder.parent), mend="Stop it first."
            ) from None
    return file


def _read_segment(path: Path, *, last: bool) -> list[Held]:
    """The frames of a segment; what was never acknowledged at the end of the last one is cut off."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        contents = read_contents(descriptor)
        if contents.fault is not None:
            if contents.fault == "damaged" or not last:
                raise damaged(path, contents.good)
            os.ftruncate(descriptor, contents.good)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return [Held(found.header, path, found.offset) for found in contents.frames]


def damaged(path: Path, offset: int) -> StorageError:
    """What is said of acknowledged bytes that were changed."""
    return StorageError(
        f"The journal is damaged at byte {offset}.",
        where=str(path),
        mend="Restore this file from a backup. Without one, move it away: what it holds alone is lost, and the "
        "live sources are asked again for what came after the last flush.",
    )


def _check_order(folder: Path, held: Collection[tuple[str, int]]) -> None:
    """A feed whose numbers have a gap has lost a segment."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    count: Counter[str] = Counter()
    for feed, number in held:
        first[feed] = min(number, first.get(feed, number))
        last[feed] = max(number, last.get(feed, number))
        count[feed] += 1
    if any(last[feed] - first[feed] + 1 != count[feed] for feed in count):
        raise StorageError(
            "A segment of the journal is missing.",
            where=str(folder),
            mend="Restore the folder from a backup; without one, move its files away.",
        )


def _remove(paths: Sequence[Path], folder: Path) -> None:
    if paths:
        with disk_errors(folder):
            for path in paths:
                path.unlink(missing_ok=True)
            sync_folder(folder)
