"""The events of one connection to Jetstream as batches, with what is known of their completeness."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from seawall.errors import ConnectError
from seawall.model import RAW_COVERAGE, raw_table
from seawall.protocols import COVERAGE_SECONDS, RawBatch, ReadOptions
from seawall.sources.bluesky import Bluesky
from seawall.sources.live.bluesky_place import Place
from seawall.sources.live.parsing import parsed
from seawall.sources.live.websocket import Frames

_WAIT_SECONDS = 1.0
_SILENCE_US = 10_000_000
"""A server that still held the last event would have sent it by then."""

_PRESENT_US = 5_000_000
_SETTLED_US = 3_000_000
"""By then a server has sent again what happened within _PRESENT_US."""

_FUTURE_US = 3_600_000_000
_COVERAGE_US = int(COVERAGE_SECONDS * 500_000)
_STRANGE_FRAMES = 100


class _Event(msgspec.Struct):
    time_us: int


def now_us() -> int:
    """This machine's clock, in UTC microseconds."""
    return time.time_ns() // 1_000


class Watch:
    """One connection, from its opening to its end.

    Args:
        frames: the connection.
        place: what is known already.
        options: as stated for the connection.
        fresh: nothing was asked for before now, so that nothing can be missing.
    """

    def __init__(self, frames: Frames, place: Place, options: ReadOptions, *, fresh: bool) -> None:
        self._frames = frames
        self._place = place
        self._options = options
        self._attached = now_us()
        self._confirmed = fresh
        self._covered_at: int | None = None
        self._strange = 0
        self._rows: list[tuple[int, int, bool]] = []  # start, end, complete

    async def batches(self) -> AsyncGenerator[RawBatch, None]:
        """Batches as they come.

        Raises:
            ConnectError: the connection is over, or what comes is nothing that Jetstream sends.
        """
        while True:
            came = await self._frames.some(_WAIT_SECONDS)
            now = now_us()
            times = self._times(came, now)
            if times:
                self._confirm(times[0], now)
                self._place = self._place.moved(last=max(times))
            elif not came and now - self._attached > _SILENCE_US:
                self._confirm(self._attached, now)
            self._cover(came, now)
            if came or self._rows:
                yield self._batch(came)

    def _times(self, came: Sequence[bytes], now: int) -> list[int]:
        """When the events happened; what is none is rejected later, and a time far ahead is not believed.

        Raises:
            ConnectError: nothing is an event any more.
        """
        times = []
        for frame in came:
            try:
                told = msgspec.json.decode(frame, type=_Event).time_us
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                told = 0
            self._strange = 0 if told > 0 else self._strange + 1
            if 0 < told < now + _FUTURE_US:
                times.append(told)
        if self._strange >= _STRANGE_FRAMES:
            raise ConnectError(
                f"The last {self._strange} frames are no events of Jetstream.",
                where="what the server sends",
                mend="Check that the address is that of a Jetstream server.",
            )
        return times

    def _confirm(self, first: int, now: int) -> None:
        """Settle, once, whether something is missing between the place and the first event."""
        if self._confirmed:
            return
        self._confirmed = True
        until = self._place.missing_until(first, self._attached)
        if until is not None:
            self._rows.append((self._place.seen, max(until, self._place.seen + 1), False))
            self._place = self._place.moved(seen=until)

    def _cover(self, came: Sequence[bytes], now: int) -> None:
        """Say that nothing is missing: when the present is reached, and again and again."""
        last = self._place.last or 0
        keeps_up = self._frames.drained and now - last < _PRESENT_US and now - self._attached > _SETTLED_US
        present = not came or keeps_up
        end = last if came else now
        if self._covered_at is None:
            due = present or now - self._attached > _COVERAGE_US
        else:
            due = now - self._covered_at > _COVERAGE_US
        if due and self._confirmed and end > self._place.seen:
            self._rows.append((self._place.seen, end, True))
            self._place = self._place.moved(seen=end)
            self._covered_at = now

    def _batch(self, came: Sequence[bytes]) -> RawBatch:
        batch = parsed(Bluesky(), came, self._options, self._place.written())
        rows, self._rows = self._rows, []
        starts, ends = ([datetime.fromtimestamp(row[part] / 1e6, UTC) for row in rows] for part in (0, 1))
        told = {"start": starts, "end": ends, "complete": [row[2] for row in rows], "how": ["watched"] * len(rows)}
        return replace(batch, coverage=raw_table(RAW_COVERAGE, told))
