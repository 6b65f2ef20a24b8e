"""What was written in one Rocket.Chat room since a mark: by whichever interface the server's version has.

* ``chat.syncMessages`` with ``lastUpdate``: all updates and deletions since then in one answer. For short gaps.
* the same with ``type`` and ``next``: pages in the order of time. For long gaps; servers since version 7.
* ``channels.history`` or ``groups.history`` by windows of time with ``chat.getDeletedMessages``: where a server has
  no pages and the answer would be too long. Edits of messages that are older than the gap are not told there.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from seawall.errors import ConnectError
from seawall.sources.json_values import dict_of, id_of
from seawall.sources.live.http_body import TOO_LONG
from seawall.sources.live.rocketchat_api import PAGE, Api
from seawall.sources.live.rocketchat_rooms import CLOSED, DIRECT, Room, iso
from seawall.sources.raw_rows import Row
from seawall.sources.rocketchat_message import time_of

UPDATED, DELETED = "updated", "deleted"
_TYPES = {UPDATED: "UPDATED", DELETED: "DELETED"}
_TIMES = {UPDATED: "_updatedAt", DELETED: "_deletedAt"}
_LONG_GAP_MS = 2 * 3_600_000
_LONGEST_PAGE = 12_800
_WINDOW_MS = 6 * 3_600_000
_FULL_WINDOW = 20 * PAGE
_FUTURE_MS = 24 * 3_600_000
_NO_PAGES = 400


@dataclass(slots=True)
class Found:
    """Some records of a room. ``upto``: milliseconds up to which all of their kind is told; None = not yet known."""

    kind: str
    records: list[Row] = field(default_factory=list)
    upto: int | None = None
    whole: bool = True  # whether nothing before is missing


def written_ms(record: Row, kind: str) -> int:
    """When the server wrote a record, in milliseconds; 0 where it does not tell."""
    return (time_of(record.get(_TIMES[kind])) or time_of(record.get("ts")) or 0) // 1000


class History:
    """Reads rooms. It learns whether the server has pages."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._has_pages: bool | None = None

    async def since(self, room: Room, marks: dict[str, int], now_ms: int) -> AsyncGenerator[Found, None]:
        """Everything of both kinds that was written after their marks, in the order of time of each kind.

        Raises:
            AccessError: the token, or its right to this room, is refused.
            ConnectError: the server does not answer, or not as it should.
        """
        if now_ms - min(marks.values()) > _LONG_GAP_MS and self._has_pages is not False:
            paged = False
            async for found in self._pages(room, marks, now_ms):
                paged = True
                yield found
            if paged or self._has_pages:
                return
        try:
            answer = await self._api.get("chat.syncMessages", roomId=room.id, lastUpdate=iso(min(marks.values())))
        except ConnectError as error:
            if error.code != TOO_LONG:
                raise
        else:
            for kind in (UPDATED, DELETED):
                yield Found(kind, _in_order(self._records(answer, kind), kind))
            return
        async for found in self._after_too_long(room, marks, now_ms):
            yield found

    async def _after_too_long(self, room: Room, marks: dict[str, int], now_ms: int) -> AsyncGenerator[Found, None]:
        if self._has_pages is not False:
            async for found in self._pages(room, marks, now_ms):
                yield found
            if self._has_pages:
                return
        async for found in self._windows(room, marks[UPDATED], now_ms):
            yield found
        yield await self._deletions(room, marks[DELETED], now_ms)

    def _records(self, answer: Row, kind: str) -> list[Row]:
        return self._api.listed(dict_of(answer.get("result")), kind, "chat.syncMessages")

    async def _pages(self, room: Room, marks: dict[str, int], now_ms: int) -> AsyncGenerator[Found, None]:
        """Pages by the time of writing. The next page begins with the last millisecond of the one before."""
        for kind in (UPDATED, DELETED):
            position, count, whole = marks[kind], PAGE, True
            while True:
                answer = await self._page(room, kind, position, count)
                if answer is None:
                    return
                records = self._records(answer, kind)
                last = written_ms(records[-1], kind) if records else 0
                if not _goes_on(answer, len(records), count) or last > now_ms + _FUTURE_MS:
                    yield Found(kind, records, whole=whole)
                    break
                if last - 1 > position:
                    yield Found(kind, records, last - 1, whole)
                    position, count = last - 1, PAGE
                elif count < _LONGEST_PAGE:
                    count *= 2  # more messages than a page share one millisecond
                else:
                    whole = False
                    yield Found(kind, records, last, whole)
                    position, count = max(last, position + 1), PAGE

    async def _page(self, room: Room, kind: str, position: int, count: int) -> Row | None:
        """One page, or None if the server is too old to have any."""
        try:
            answer = await self._api.get(
                "chat.syncMessages", roomId=room.id, type=_TYPES[kind], next=str(max(1, position)), count=count
            )
        except ConnectError as error:
            if self._has_pages is None and error.status == _NO_PAGES:
                self._has_pages = False
                return None
            raise
        self._has_pages = True
        return answer

    async def _windows(self, room: Room, low: int, now_ms: int) -> AsyncGenerator[Found, None]:
        """Windows of time, the oldest first, each as long as its fullness allows."""
        start, width = low, _WINDOW_MS
        while start < now_ms:
            end = min(start + width, now_ms)
            records = [record async for record in self._window(room, start, end)]
            yield Found(UPDATED, records, end, whole=False)
            width = width // 2 if len(records) > _FULL_WINDOW else width * 2
            start = end

    async def _window(self, room: Room, oldest: int, latest: int) -> AsyncGenerator[Row, None]:
        """The messages sent in a window, newest first; a page begins with the millisecond that ended the one before."""
        endpoint = {CLOSED: "groups.history", DIRECT: "im.history"}.get(room.kind, "channels.history")
        seen: set[str] = set()
        offset = 0
        while latest >= oldest:
            answer = await self._api.get(
                endpoint,
                roomId=room.id,
                oldest=iso(oldest),
                latest=iso(latest),
                inclusive="true",
                count=PAGE,
                offset=offset,
            )
            page = self._api.listed(answer, "messages", endpoint)
            fresh = [record for record in page if id_of(record.get("_id")) not in seen]
            for record in fresh:
                seen.add(id_of(record.get("_id")) or "")
                yield record
            if len(page) < PAGE and not fresh:
                return
            last = _sent_ms(page[-1])
            if last is not None and last < latest:
                latest, offset = last, 0
            else:
                offset += len(page)

    async def _deletions(self, room: Room, low: int, now_ms: int) -> Found:
        records: list[Row] = []
        async for page in self._api.pages("chat.getDeletedMessages", "messages", roomId=room.id, since=iso(low)):
            records += [{"_deletedAt": iso(now_ms), **record} for record in page]
        return Found(DELETED, records, now_ms, whole=False)


def _in_order(records: list[Row], kind: str) -> list[Row]:
    return sorted(records, key=lambda record: written_ms(record, kind))


def _goes_on(answer: Row, length: int, count: int) -> bool:
    """Whether there is another page: as the server says, else if this one is full."""
    cursor = dict_of(answer.get("result")).get("cursor")
    return length > 0 and (cursor.get("next") is not None if isinstance(cursor, dict) else length >= count)


def _sent_ms(record: Row) -> int | None:
    moment: Any = time_of(record.get("ts"))
    return None if moment is None else moment // 1000
