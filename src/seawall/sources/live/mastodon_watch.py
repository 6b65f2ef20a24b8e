"""One Mastodon connection: what was missed first, then the stream, with what is known of their completeness.

The stream is opened before what was missed is read, so that nothing falls between the two.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from seawall.errors import AccessError, ConnectError
from seawall.model import RAW_COVERAGE, raw_table
from seawall.protocols import COVERAGE_SECONDS, LIVE_RECORDS, RawBatch, ReadOptions
from seawall.sources.json_values import Undecodable, decoded, list_of
from seawall.sources.live.mastodon_absence import Absence
from seawall.sources.live.mastodon_place import RECENT, Place, newer
from seawall.sources.live.mastodon_records import Records, status_of
from seawall.sources.live.mastodon_reports import Reports
from seawall.sources.live.mastodon_settings import Settings, Timeline
from seawall.sources.live.parsing import parsed
from seawall.sources.live.websocket import Frames
from seawall.sources.mastodon import Mastodon

_WAIT_SECONDS = 1.0
_REPORT_SECONDS = 30.0
_COVERAGE_US = int(COVERAGE_SECONDS * 500_000)
_SUBSCRIBED_SECONDS = 2.0
_LOOK_AGAIN = 40
_STRANGE_FRAMES = 100
_NO_TOKEN = (401, 403)


def now_us() -> int:
    """This machine's clock, in UTC microseconds."""
    return time.time_ns() // 1_000


class Watch:
    """One connection, from its opening to its end."""

    def __init__(
        self,
        frames: Frames,
        settings: Settings,
        place: Place,
        records: Records,
        absence: Absence,
        reports: Reports,
        options: ReadOptions,
    ) -> None:
        self._frames = frames
        self._timelines = {timeline.stream: timeline for timeline in settings.timelines}
        self._place = place
        self._records = records
        self._absence = absence
        self._reports = reports
        self._options = options
        self._ahead: dict[str, str] = {}  # timeline -> the newest id that was streamed
        self._strange = 0
        self._checkpoint = place.written()

    async def batches(self) -> AsyncGenerator[RawBatch, None]:
        """Batches as they come.

        Raises:
            AccessError: the token may not read a timeline.
            ConnectError: the connection is over, or the server does not answer as it should.
        """
        for timeline in self._timelines.values():
            await self._frames.send(_subscription(timeline))
        opened = now_us()
        for batch in self._batches(await self._reports.new()):
            yield batch
        async for batch in self._filled(RECENT):
            yield batch
        await asyncio.sleep(max(0.0, _SUBSCRIBED_SECONDS - (now_us() - opened) / 1e6))
        async for batch in self._filled(_LOOK_AGAIN):
            yield batch
        self._settle()
        yield self._covered(now_us() if self._absence.whole else opened, self._absence.whole)
        reported_at, covered_at = time.monotonic(), now_us()
        while True:
            records = self._taken(await self._frames.some(_WAIT_SECONDS))
            self._settle()
            if time.monotonic() - reported_at > _REPORT_SECONDS:
                records += await self._reports.new()
                reported_at = time.monotonic()
            for batch in self._batches(records):
                yield batch
            if now_us() - covered_at > _COVERAGE_US:
                covered_at = now_us()
                yield self._covered(covered_at, True)

    async def _filled(self, look_again: int) -> AsyncGenerator[RawBatch, None]:
        """What was missed. Once more after a moment: a server does not say when it has begun to stream."""
        async for records in self._absence.records(look_again):
            for batch in self._batches(records + self._taken(await self._frames.some(0.0))):
                yield batch

    def _taken(self, frames: Sequence[bytes]) -> list[bytes]:
        """Records of the frames that came, each of several equal ones once.

        Raises:
            AccessError: the server refuses a timeline.
            ConnectError: it sends nothing that can be read any more.
        """
        made: list[bytes] = []
        known: set[tuple[str, str]] = set()
        for told in frames:
            try:
                frame = decoded(told)
            except Undecodable:
                frame = None
            if not isinstance(frame, dict) or not ({"event", "error"} & frame.keys()):
                self._count_strange()
                made.append(told)
                continue
            self._strange = 0
            if "error" in frame:
                raise _refused(frame)
            self._note(frame)
            key = (str(frame.get("event")), str(frame.get("payload")))
            if key not in known:
                known.add(key)
                made += self._records.frame(frame)
        return made

    def _count_strange(self) -> None:
        self._strange += 1
        if self._strange >= _STRANGE_FRAMES:
            raise ConnectError(
                f"The last {self._strange} frames are nothing that Mastodon's streaming interface sends.",
                where="what the server sends",
                mend="Check the address of the streaming interface.",
            )

    def _note(self, frame: dict[str, Any]) -> None:
        """How far a timeline has come, which counts when nothing before is missing."""
        stream = tuple(str(part).lower() for part in list_of(frame.get("stream")))
        number = status_of(frame)
        if stream in self._timelines and number is not None:
            name = self._timelines[stream].name
            if name not in self._ahead or newer(number, self._ahead[name]):
                self._ahead[name] = number

    def _settle(self) -> None:
        """What was streamed counts as reached: nothing before it is missing any more."""
        for name, number in self._ahead.items():
            self._place.reached(name, number)
        self._ahead.clear()

    def _batches(self, records: list[bytes]) -> list[RawBatch]:
        """The records; the place is reached with the last of them, so that no part is lost if one alone is kept."""
        if not records:
            return []
        parts = [records[start : start + LIVE_RECORDS] for start in range(0, len(records), LIVE_RECORDS)]
        checkpoints = [self._checkpoint] * len(parts)
        checkpoints[-1] = self._checkpoint = self._place.written()
        return [parsed(Mastodon(), part, self._options, at) for part, at in zip(parts, checkpoints, strict=True)]

    def _covered(self, end: int, complete: bool) -> RawBatch:
        """A batch that says what is known up to a time."""
        start, self._place.seen = self._place.seen, max(end, self._place.seen + 1)
        self._place.filled.clear()
        times = [datetime.fromtimestamp(at / 1e6, UTC) for at in (start, self._place.seen)]
        told = {"start": times[:1], "end": times[1:], "complete": [complete], "how": ["watched"]}
        self._checkpoint = self._place.written()
        batch = parsed(Mastodon(), [], self._options, self._checkpoint)
        return replace(batch, coverage=raw_table(RAW_COVERAGE, told))


def _subscription(timeline: Timeline) -> str:
    return msgspec.json.encode({"type": "subscribe", **timeline.subscription}).decode()


def _refused(frame: dict[str, Any]) -> ConnectError:
    """What the streaming interface says when a timeline may not be read; its words are not repeated."""
    status = frame.get("status")
    kind = AccessError if status in _NO_TOKEN else ConnectError
    return kind(
        "The server refuses to stream one of the timelines.",
        where="what the server sends",
        mend="Check their names, and that the token has the right read:statuses.",
    )
