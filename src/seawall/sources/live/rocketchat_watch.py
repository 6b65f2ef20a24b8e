"""The round of looking at a Rocket.Chat server's rooms: first those with news, then a few that have been quiet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from seawall.errors import ConfigurationError, ConnectError
from seawall.model import RAW_COVERAGE, raw_table
from seawall.protocols import COVERAGE_SECONDS, LIVE_RECORDS, RawBatch, ReadOptions
from seawall.sources.live.pacing import Pace
from seawall.sources.live.rocketchat_api import BAD_ANSWER, Api
from seawall.sources.live.rocketchat_given import Given
from seawall.sources.live.rocketchat_history import DELETED, UPDATED, Found, History, written_ms
from seawall.sources.live.rocketchat_marks import OVERLAP_MS, Marks
from seawall.sources.live.rocketchat_records import PLATFORM, Item, batch_of, name_of, reactions, without_reactions
from seawall.sources.live.rocketchat_reports import Report, Reports
from seawall.sources.live.rocketchat_rooms import Room, RoomList
from seawall.sources.live.rocketchat_settings import Settings
from seawall.sources.raw_rows import RawRows

_QUIET_ROOMS = 10
_WHOLE_LIST_EVERY = 300.0
_FIRST_PAUSE = 60.0
_MOST_FAULTS = 3
_ROOM_REFUSED = (400, 403, 404)
_SERVER_FAULT = 500
_STEP_MS = 1_000


class RoomWatch:
    """Watches the rooms of one connection. ``from_now``: nothing was read before, and nothing of before is wanted."""

    def __init__(
        self, api: Api, settings: Settings, marks: Marks, options: ReadOptions, *, from_now: bool = False
    ) -> None:
        self._api = api
        self._settings = settings
        self._marks = marks
        self._options = options
        self._list = RoomList(api, settings)
        self._history = History(api)
        self._reports = Reports(api)
        self._given = Given()
        self._news: dict[str, tuple[object, ...]] = {}  # of a room when it was last read
        self._read_at: dict[str, float] = {}
        self._aside: dict[str, tuple[float, Pace]] = {}  # until when a room is left alone
        self._faults = 0
        self._from_now = from_now
        self._latest = 0  # the latest time of writing that the server has told
        self._whole_at = self._reports_at = self._covered_at = -1e9

    async def batches(self) -> AsyncGenerator[RawBatch, None]:
        """Round after round, for as long as it is read."""
        while True:
            started = time.monotonic()
            cap = self._capped(self._latest)
            await self._look(started)
            listed_ms = self._api.server_ms
            for room in self._next_rooms():
                async for batch in self._read(room):
                    yield batch
            if started - self._reports_at >= self._settings.reports:
                self._reports_at = started
                async for batch in self._read_reports():
                    yield batch
            self._settle(cap)
            if listed_ms is not None:
                for batch in self._coverage(listed_ms - _STEP_MS, started):
                    yield batch
            await asyncio.sleep(max(0.0, started + self._settings.interval - time.monotonic()))

    async def _look(self, now: float) -> None:
        """Bring the list of rooms up to date. A clock that was set back makes every room worth reading."""
        whole = now - self._whole_at >= _WHOLE_LIST_EVERY
        await self._list.refresh(whole=whole)
        if self._marks.heard(self._api.server_ms) is not None:
            whole = True
            self._news.clear()
            await self._list.refresh(whole=True)
        if self._settings.rooms and not self._list.rooms:
            raise ConfigurationError(
                "None of the rooms that were named can be read.",
                where=f"{self._api.where}, rooms",
                mend="Check how they are written, and that the account is a member of them.",
            )
        if whole:
            self._whole_at = now
            self._marks.keep(self._list.rooms)
        if self._from_now:
            self._from_now = False
            self._read_at = dict.fromkeys(self._list.rooms, now)
        times = (room.updated_ms for room in self._list.rooms.values())
        self._latest = max(self._latest, max(times, default=0))

    def _capped(self, moment_ms: int) -> int:
        """No mark is set ahead of the server's clock."""
        return moment_ms if self._api.server_ms is None else min(moment_ms, self._api.server_ms)

    def _next_rooms(self) -> list[Room]:
        """Rooms with news, then those whose turn has come; a room is quiet the longer the longer it has been quiet."""
        now = time.monotonic()
        awake = [room for room in self._list.rooms.values() if self._aside.get(room.id, (0.0,))[0] <= now]
        fresh = [room for room in awake if self._has_news(room)]
        quiet = ((self._due(room), room) for room in awake if not self._has_news(room))
        due = sorted((at, room.id, room) for at, room in quiet if at <= now)
        return fresh + [room for _, _, room in due[:_QUIET_ROOMS]]

    def _has_news(self, room: Room) -> bool:
        if room.id in self._news:
            return self._news[room.id] != room.news
        return room.updated_ms == 0 or room.updated_ms > self._marks.least(room.id) - OVERLAP_MS

    def _due(self, room: Room) -> float:
        if room.id not in self._read_at:
            return -1e9
        silence = max(0, (self._api.server_ms or room.updated_ms) - room.updated_ms) / 1000
        return self._read_at[room.id] + min(max(silence / 10, self._settings.sweep), self._settings.sweep_longest)

    async def _read(self, room: Room) -> AsyncGenerator[RawBatch, None]:
        """What is new in a room. What is wrong with one room does not harm the others.

        Raises:
            AccessError: the token is refused altogether.
            ConnectError: the server does not answer, or several rooms in a row fail.
        """
        try:
            async for batch in self._read_room(room):
                yield batch
        except ConnectError as error:
            if not self._is_of_one_room(error):
                raise
            pace = self._aside[room.id][1] if room.id in self._aside else Pace(first=_FIRST_PAUSE)
            self._aside[room.id] = (time.monotonic() + pace.next_wait(error.retry_after), pace)
        else:
            self._faults = 0
            self._aside.pop(room.id, None)
            self._news[room.id] = room.news
            self._read_at[room.id] = time.monotonic()

    def _is_of_one_room(self, error: ConnectError) -> bool:
        if error.status in _ROOM_REFUSED:
            return True
        fault = error.code == BAD_ANSWER or (error.status or 0) >= _SERVER_FAULT
        self._faults += fault
        return fault and self._faults < _MOST_FAULTS

    async def _read_room(self, room: Room) -> AsyncGenerator[RawBatch, None]:
        marks = {kind: self._marks.of(room.id, kind) - OVERLAP_MS for kind in (UPDATED, DELETED)}
        before = self._latest
        async for found in self._history.since(room, marks, self._api.server_ms or before):
            reached = self._marks.of(room.id, found.kind)
            upto = found.upto
            if upto is None:
                upto = max([before, *(written_ms(record, found.kind) for record in found.records)])
            if not found.whole:  # told before the mark moves over it: who is cut off in between still knows of it
                yield self._gap([room.id], reached, self._capped(upto))
            for items, last_ms in self._chunks(room, found):
                self._marks.advance(room.id, found.kind, self._capped(last_ms))
                yield batch_of(items, [room], self._options, self._marks.text(), self._api.url)
            self._marks.advance(room.id, found.kind, self._capped(upto))
        self._given.prune(room.id, self._marks.least(room.id) - 2 * OVERLAP_MS)

    def _chunks(self, room: Room, found: Found) -> Iterator[tuple[list[Item], int]]:
        """Items of one batch each, with the time of writing of the last one."""
        stream = self._items(room, found)
        while chunk := list(islice(stream, LIVE_RECORDS)):
            yield [item for item, _ in chunk], chunk[-1][1]

    def _items(self, room: Room, found: Found) -> Iterator[tuple[Item, int]]:
        for place, record in enumerate(found.records):
            at = written_ms(record, found.kind)
            self._latest = max(self._latest, self._capped(at))
            if not self._given.is_new(room.id, (found.kind, name_of(record, place)), at):
                continue
            if found.kind == DELETED:
                yield Item(told=without_reactions(record, room)), at
                continue
            yield Item(told=without_reactions(record, room)), at
            for key, act in reactions(record, room):
                if self._given.is_new(room.id, (key, ""), at, once=True):
                    yield Item(act=act), at

    async def _read_reports(self) -> AsyncGenerator[RawBatch, None]:
        """New reports. They are read account by account: one made meanwhile may lie before the latest that is read."""
        before = self._capped(max(self._latest, self._marks.reports))
        since = self._marks.reports - OVERLAP_MS
        found = [report async for report in self._reports.since(since, self._list.rooms)]
        found.sort(key=lambda report: report.at_ms)
        while found:
            taken, found = found[: LIVE_RECORDS // 2], found[LIVE_RECORDS // 2 :]
            self._latest = max(self._latest, self._capped(taken[-1].at_ms))
            self._marks.reports = max(self._marks.reports, min(before, taken[-1].at_ms))
            yield self._reported(taken)

    def _reported(self, reports: Sequence[Report]) -> RawBatch:
        items = [item for report in reports for item in report.items]
        rooms = [room for report in reports for room in report.rooms]
        return batch_of(items, rooms, self._options, self._marks.text(), self._api.url)

    def _settle(self, cap: int) -> None:
        """Raise the common mark, now that this round is done."""
        refused = self._aside.keys() & self._list.rooms.keys()
        self._marks.settle(self._list.rooms.keys() - refused, refused, cap)

    def _coverage(self, upto: int, now: float) -> Iterator[RawBatch]:
        """That nothing is missing up to the list of this round, but in rooms that cannot be read."""
        if upto <= self._marks.covered or now - self._covered_at < COVERAGE_SECONDS * 0.8:
            return
        self._covered_at = now
        start, self._marks.covered = self._marks.covered, upto
        refused = sorted(self._aside.keys() & self._list.rooms.keys())
        if refused:
            yield self._gap(refused, start, upto)
        yield self._covering([None], start, upto, complete=True)

    def _gap(self, rooms: Sequence[str], start: int, end: int) -> RawBatch:
        return self._covering(rooms, start, end, complete=False)

    def _covering(self, channels: Sequence[str | None], start: int, end: int, *, complete: bool) -> RawBatch:
        count = len(channels)
        rows = {
            "channel_id": list(channels),
            "start": [start * 1000] * count,
            "end": [max(start, end) * 1000] * count,
            "complete": [complete] * count,
            "how": ["watched"] * count,
        }
        empty = RawRows(self._options.platform or PLATFORM).batch(self._marks.text())
        return replace(empty, coverage=raw_table(RAW_COVERAGE, rows))
