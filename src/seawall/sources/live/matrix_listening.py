"""One connection to a Matrix homeserver while it is listened to.

Long polls of ``/sync`` tell what happens. Where an answer leaves events out (``limited``), or a room is new to the
account, its history is read forwards, from the place that was reached to the answer's token, page by page: both are
tokens of ``/sync``, so that nothing that the server received in between is missed, whenever it was written.

A checkpoint is of a moment when each room's state is that of the place up to which it was read. A batch that ends
in the middle carries the checkpoint before, and what it holds may come again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from seawall.errors import ConnectError
from seawall.protocols import COVERAGE_SECONDS, RawBatch, ReadOptions
from seawall.sources.json_values import dict_of, number_time
from seawall.sources.live.matrix_beginning import Start
from seawall.sources.live.matrix_edits import Edits
from seawall.sources.live.matrix_giving import Giving
from seawall.sources.live.matrix_homeserver import Homeserver, Sync, refused_here, report_number, timeline_of
from seawall.sources.live.matrix_place import Gap, short
from seawall.sources.live.matrix_reports import Reports
from seawall.sources.live.matrix_watched import people_now
from seawall.sources.raw_rows import Row

_SECOND = 1_000_000
_EMPTY_PAGES = 2_000
"""So many pages without an event that the account may see are no history any more."""

_GONE = ("leave", "ban")


class Listening:
    """Reads one connection; ``batches`` goes on until it is closed.

    Args:
        homeserver: what is asked.
        start: where it goes on.
        options: as stated for the connection.
        newest: how many of the newest events of a room an answer of /sync may hold.
        wait_ms: how long the server may wait for something to happen.
    """

    def __init__(
        self, homeserver: Homeserver, start: Start, options: ReadOptions, *, newest: int, wait_ms: int
    ) -> None:
        self._homeserver = homeserver
        self._user, self._wanted, self._names = start.user, start.wanted, start.names
        self._rooms, self._place, self._joined = start.rooms, start.place, start.joined
        self._plan = start.plan
        self._newest = newest
        self._wait_ms = wait_ms
        self._edits = Edits(homeserver, self._place)
        self._reports = Reports(homeserver)
        self._giving = Giving(self._rooms, options)
        self._told = False  # whether anything was said of coverage since this began
        self._saved = ""

    async def batches(self) -> AsyncGenerator[RawBatch, None]:
        """See ``LiveSource.listen``."""
        self._save()
        wait_ms = 0
        while True:
            began = time.monotonic()
            rooms = None if self._wanted is None else sorted(self._wanted)
            answer = await self._homeserver.sync(self._place.next, rooms=rooms, limit=self._newest, wait_ms=wait_ms)
            took = time.monotonic() - began
            for part in (self._take(answer), self._fill(), self._give_reports()):
                async with aclosing(part) as batches:
                    async for batch in batches:
                        yield batch
            self._cover(answer.at)
            if self._giving.waiting:
                yield self._giving.batch(self._saved)
            if took < wait_ms / 2_000 and not (answer.joined or answer.left):
                await asyncio.sleep(1.0)  # a server that does not wait is not asked all the time
            wait_ms = self._wait_ms

    def _save(self) -> None:
        """Each room's state is that of its place now."""
        open_rooms = self._joined | {self._names[key] for key in self._place.gaps if key in self._names}
        self._place.rooms = {short(room): self._rooms.seen(room) for room in sorted(open_rooms)}
        self._saved = self._place.text(self._edits.replaced)

    async def _take(self, answer: Sync) -> AsyncGenerator[RawBatch, None]:
        """An answer of /sync; what it left out becomes gaps."""
        for room, told in {**answer.joined, **answer.left}.items():
            if self._wanted is not None and room not in self._wanted:
                continue
            self._names[short(room)] = room
            events, limited = timeline_of(told)
            if room not in self._joined:
                if room in answer.joined:
                    await self._meet(room, answer.next)
                continue
            self._rooms.count(room, told)
            if limited or short(room) in self._place.gaps:
                gap = self._place.gaps.setdefault(short(room), Gap(self._place.next, answer.next))
                gap.to = answer.next
            else:
                async for batch in self._walk(room, events):
                    yield batch
            if room in answer.left:
                self._joined.discard(room)
                self._place.absent.setdefault(short(room), _last_time(events) or self._place.until)
        self._place.next = answer.next
        self._save()
        if self._giving.waiting:
            yield self._giving.batch(self._saved)

    async def _meet(self, room: str, to: str) -> None:
        """A room that the account has joined since: its history, too, is read from the beginning of the watch on."""
        state = await self._homeserver.state(room)
        self._rooms.begin(room, state).member_count = people_now(state)
        self._joined.add(room)
        await self._plan(room, self._place.absent.get(short(room), self._place.began), to)

    async def _fill(self) -> AsyncGenerator[RawBatch, None]:
        """The gaps, one after the other."""
        for key, gap in list(self._place.gaps.items()):
            room = self._names.get(key)
            empty = 0
            while key in self._place.gaps:
                page = None
                if room is not None:
                    try:
                        page = await self._homeserver.page(room, gap.cursor, gap.to)
                    except ConnectError as error:
                        if not refused_here(error):
                            raise
                if page is None or room is None:
                    self._give_up(key, gap)
                    continue
                async for batch in self._walk(room, [event for event in page.events if _time(event) >= gap.floor]):
                    yield batch
                empty = 0 if page.events else empty + 1
                if empty > _EMPTY_PAGES:
                    raise self._homeserver.endless("messages")
                gap.cursor = page.end
                if page.end is None:
                    self._close(key, room)
                self._save()
                if self._giving.waiting:
                    yield self._giving.batch(self._saved)

    def _close(self, key: str, room: str) -> None:
        del self._place.gaps[key]
        if room in self._joined:
            self._place.absent.pop(key, None)

    def _give_up(self, key: str, gap: Gap) -> None:
        """A gap that the server will not let Seawall fill. Nobody knows its room any more, or it is closed to us."""
        del self._place.gaps[key]
        self._place.absent.setdefault(key, max(gap.floor, self._place.until))
        self._save()

    async def _walk(self, room: str, events: list[Any]) -> AsyncGenerator[RawBatch, None]:
        """Events of a room in their order, each under who could read it then."""
        for event in events:
            if not isinstance(event, dict):
                self._giving.add(event)
                continue
            if isinstance(event.get("state_key"), str):
                later = self._rooms.after(room, event)
                if self._giving.waiting and self._rooms.would_change(room, later):
                    yield self._giving.batch(self._saved)
                self._rooms.put(room, later)
                self._follow(room, event)
            for record in await self._edits.settle(room, event):
                self._giving.add(record)
            if self._giving.full:
                yield self._giving.batch(self._saved)

    def _follow(self, room: str, event: Row) -> None:
        """Where the room goes on, and whether the account itself comes or goes."""
        successor = self._rooms.of_id(room).successor
        if successor is not None and self._wanted is not None:
            self._wanted.add(successor)
        if event.get("type") != "m.room.member" or event.get("state_key") != self._user:
            return
        key, membership = short(room), dict_of(event.get("content")).get("membership")
        if membership in _GONE:
            self._place.absent.setdefault(key, _time(event))
        elif membership == "join" and key in self._place.absent:
            known = self._rooms.of_id(room)
            start = max(self._place.absent.pop(key), known.created_at or 0)
            if not known.shows_history:
                self._giving.lose(room, start, _time(event))

    async def _give_reports(self) -> AsyncGenerator[RawBatch, None]:
        """Reports that came in, and the words of direct messages that somebody reported."""
        if self._place.report is None:
            return
        while reports := await self._reports.after(self._place.report, self._place.began):
            for report in reports:
                room, event_id = report.get("room_id"), report.get("event_id")
                if not isinstance(room, str) or (self._wanted is not None and room not in self._wanted):
                    continue
                self._giving.add(report)
                if isinstance(event_id, str) and self._rooms.is_direct(room):
                    event = await self._homeserver.event(room, event_id)
                    self._giving.add_reported([] if event is None else await self._edits.settle(room, event))
            self._place.report = max(map(report_number, reports))
            self._save()
            if self._giving.waiting:
                yield self._giving.batch(self._saved)

    def _cover(self, now: int) -> None:
        """Say what was read up to now, at first and from time to time."""
        place = self._place
        if now <= place.until or (self._told and now - place.until < COVERAGE_SECONDS * _SECOND):
            return
        self._giving.cover(None, place.until, now, complete=True)
        for key, since in place.absent.items():
            if key in self._names:
                self._giving.lose(self._names[key], max(since, place.until), now)
        for room in sorted(self._joined):
            known = self._rooms.of_id(room)
            if known.ended_at is not None and known.successor is not None and known.successor not in self._joined:
                self._giving.lose(room, max(known.ended_at, place.until), now)
        place.until = now
        self._told = True
        self._save()


def _time(event: Any) -> int:
    """When an event was sent. One that does not tell is not left out: that it is unusable is told later."""
    told = number_time(event.get("origin_server_ts"), 1_000) if isinstance(event, dict) else None
    return time.time_ns() // 1_000 if told is None else told


def _last_time(events: list[Any]) -> int | None:
    return max(map(_time, events), default=None)
