"""Rooms while they are watched: the archive is the truth where a room has one, what comes live says when to look."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element

from seawall.errors import AccessError, ConnectError
from seawall.protocols import COVERAGE_SECONDS, LIVE_RECORDS, Connection, RawBatch
from seawall.sources import steady
from seawall.sources.live.told_coverage import Stretch, coverage_alone
from seawall.sources.live.xmpp_link import ArchiveGapError, Link, RoomError
from seawall.sources.live.xmpp_room import Room
from seawall.sources.live.xmpp_settings import Mark, Marks, Settings
from seawall.sources.live.xmpp_stanza import Said, Sender, said_in, sender_of
from seawall.sources.raw_rows import RawRows

WAITING_BYTES = 8 << 20
"""When so many bytes of stanzas wait, the server is made to wait too."""

_LOOK_BACK_PAGES = 10
_ARCHIVE_TRIES = 6
_RECENT = 2_000
_SECOND = 1_000_000
"""Archives count in seconds: a message of this stamp may have come up to one later."""

_STATUS = "{http://jabber.org/protocol/muc#user}x/{http://jabber.org/protocol/muc#user}status"
_ITEM = "{http://jabber.org/protocol/muc#user}x/{http://jabber.org/protocol/muc#user}item"
_OWN, _NEW_NICK, _CHANGED = "110", "303", "104"


class _Heard(NamedTuple):
    """Something that no archive will tell: a message without an id of the room, a join, a leave."""

    room: str
    kind: str  # "said", "join" or "leave"
    said: Said | None
    sender: Sender
    at: int


class Watch:
    """Everything that a connection's rooms say, as batches.

    Args:
        connection: where.
        settings: of the connection.
        marks: how far they were read before; None = never.
    """

    def __init__(self, connection: Connection, settings: Settings, marks: Marks | None) -> None:
        self._connection = connection
        self._settings = settings
        self._resumed = marks is not None
        self._marks = marks or Marks(steady.now())
        self._rooms: dict[str, Room] = {}
        self._nicks: dict[str, str] = {}  # rooms that we are in -> our name there
        self._inside: set[str] = set()  # rooms that have told us that we are in
        self._news: dict[str, str] = {}  # rooms with news in the archive -> the newest id that was heard
        self._changed_rooms: set[str] = set()
        self._read: dict[str, deque[str]] = {}  # room -> ids of its archive that were read lately
        self._oldest: dict[str, str | None] = {}  # the oldest id of a room's archive that was read in this stay
        self._waiting: list[_Heard] = []
        self._waiting_bytes = 0
        self._gaps: list[Stretch] = []
        self._stir = asyncio.Event()

    async def batches(self) -> AsyncGenerator[RawBatch, None]:
        """Until the connection ends."""
        async with Link(self._connection, self.heard) as link:
            self._link = link
            link.on_end(self._stir.set)
            await self._open_all()
            due = 0.0
            while True:
                self._stir.clear()
                if link.broken:
                    raise link.gone()
                looks = time.monotonic() >= due
                now = steady.now()
                if looks:
                    await self._look_after(now)
                waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
                link.pause(wait=False)
                news, self._news = self._news, {}
                for jid in [one for one in self._nicks if self._rooms[one].archived and (looks or one in news)]:
                    async for batch in self._archived(self._rooms[jid], news.get(jid)):
                        yield batch
                for start in range(0, len(waiting), LIVE_RECORDS):
                    told = await self._live(waiting[start : start + LIVE_RECORDS])
                    if told is not None:
                        yield told
                if looks:
                    yield self._covered(now)
                    due = time.monotonic() + COVERAGE_SECONDS / 2
                await self._until(due)

    async def _until(self, due: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, due - time.monotonic())):
                await self._stir.wait()
        except TimeoutError:
            return

    # --- what comes -------------------------------------------------------------------------------------

    def heard(self, jid: str, stanza: Element, size: int) -> None:
        """A message or a presence has come; called by the link."""
        room = self._rooms.get(jid)
        if room is None:
            return
        now = time.time_ns() // 1000
        if stanza.tag.endswith("}presence"):
            self._presence(room, stanza, now)
        elif stanza.get("type") == "groupchat":
            if _CHANGED in _codes(stanza):
                self._changed_rooms.add(jid)
            said = said_in(stanza, jid, now)
            if said.room_id is not None and room.archived:
                self._news[jid] = said.room_id
            else:
                self._waiting.append(_Heard(jid, "said", said, said.sender, now))
        self._waiting_bytes += size
        if self._waiting_bytes > WAITING_BYTES:
            self._link.pause(wait=True)
        self._stir.set()

    def _presence(self, room: Room, stanza: Element, now: int) -> None:
        if stanza.get("type") not in (None, "unavailable"):
            return
        sender, codes, here = sender_of(stanza), _codes(stanza), stanza.get("type") is None
        if _OWN in codes:
            (self._inside.add if here else self._inside.discard)(room.jid)
            return
        if here:
            known = sender.nick in room.present
            room.present[sender.nick] = sender
            if not known and room.jid in self._inside:
                self._waiting.append(_Heard(room.jid, "join", None, sender, now))
            return
        gone = room.present.pop(sender.nick, None)
        item = stanza.find(_ITEM)
        if _NEW_NICK in codes and item is not None:
            new = item.get("nick") or ""
            room.present[new] = Sender(new, sender.occupant, sender.jid)
        elif gone is not None and room.jid in self._inside:
            self._waiting.append(_Heard(room.jid, "leave", None, gone, now))

    # --- entering and looking after -----------------------------------------------------------------------

    async def _open_all(self) -> None:
        failed: list[RoomError] = []
        for jid in self._settings.rooms:
            try:
                await self._open(jid)
            except RoomError as error:
                failed.append(error)
        if not self._nicks:
            kind = AccessError if any(error.final for error in failed) else ConnectError
            raise kind(
                "None of the rooms can be read.",
                where=self._link.where,
                mend="Check their addresses, and that the account may enter them.",
            )

    async def _open(self, jid: str) -> None:
        """Enter a room and find out where to begin in its archive."""
        features = await self._link.features(jid)
        known = self._rooms.get(jid)
        if known is None:
            self._rooms[jid] = Room(jid, features)
        else:
            known.describe(features)
            known.present.clear()
        self._inside.discard(jid)
        entry = await self._link.enter(jid, self._settings.nickname)
        room = self._rooms[jid]
        if not room.archived and (known is not None or self._resumed):
            self._gaps.append(Stretch(self._marks.until, steady.now(), complete=False, channel_id=jid))
        if self._marks.take(jid) is None:
            self._marks.rooms[jid] = await self._beginning(room)
        self._nicks[jid] = entry.nick

    async def _beginning(self, room: Room) -> Mark:
        since = self._settings.since
        if not room.archived:
            return Mark()
        if since is not None:
            return Mark(at=int(since.timestamp() * 1_000_000))
        page = await self._link.page(room.jid, before="")
        for said in page.said:
            room.remember(said)
        self._oldest[room.jid] = page.first
        self._read[room.jid] = deque(page.ids, _RECENT)
        return Mark(page.last, page.said[-1].at if page.said else None) if page.last else Mark()

    async def _look_after(self, now: datetime) -> None:
        """Enter the rooms again that have lost us, and note what cannot be read."""
        for jid in self._settings.rooms:
            try:
                if jid in self._changed_rooms:
                    self._rooms[jid].describe(await self._link.features(jid))
                    self._changed_rooms.discard(jid)
                nick = self._nicks.get(jid)
                if nick is None or jid not in self._inside or not await self._link.is_in(jid, nick):
                    self._nicks.pop(jid, None)
                    await self._open(jid)
            except RoomError:
                self._nicks.pop(jid, None)
                self._gaps.append(Stretch(self._marks.until, now, complete=False, channel_id=jid))

    def _covered(self, now: datetime) -> RawBatch:
        """All that was said up to now was given, but in the gaps."""
        whole = Stretch(self._marks.until, now)
        gaps, self._gaps = self._gaps, []
        self._marks.until = max(now, self._marks.until)
        return coverage_alone(self._settings.platform, self._marks.text(), [whole, *gaps])

    # --- batches ----------------------------------------------------------------------------------------

    async def _archived(self, room: Room, newest: str | None) -> AsyncGenerator[RawBatch, None]:
        """What the archive holds after the mark, at least up to the newest that was heard."""
        mark = self._marks.rooms[room.jid]
        read = self._read.setdefault(room.jid, deque(maxlen=_RECENT))
        for attempt in range(_ARCHIVE_TRIES):
            async for batch in self._pages(room, mark, read):
                yield batch
            if newest is None or newest in read or room.jid not in self._nicks:
                return
            await asyncio.sleep(0.1 * 2**attempt)
        yield self._missing(room, self._marks.until, steady.now())

    def _missing(self, room: Room, start: datetime, end: datetime) -> RawBatch:
        """A gap, told before the mark moves over it: who is cut off in between still knows of it."""
        gap = Stretch(start, end, complete=False, channel_id=room.jid)
        return coverage_alone(self._settings.platform, self._marks.text(), [gap])

    async def _pages(self, room: Room, mark: Mark, read: deque[str]) -> AsyncGenerator[RawBatch, None]:
        lost = False
        while True:
            asked = Mark(None, mark.at) if lost else mark
            try:
                page = await self._link.page(room.jid, after=asked.id, start=asked.start)
            except ArchiveGapError:
                lost = True
                continue
            except RoomError:
                self._nicks.pop(room.jid, None)
                return
            if lost:
                end = page.said[0].at + _SECOND if page.said else time.time_ns() // 1000
                begin = self._marks.until if mark.at is None else min(_moment(mark.at), self._marks.until)
                mark.id, lost = None, False
                yield self._missing(room, begin, max(_moment(end), begin))
            if page.last is not None:
                if page.last == mark.id:
                    raise ConnectError("The archive gives the same page again and again.", where=self._link.where)
                self._oldest.setdefault(room.jid, page.first)
                rows = RawRows(self._settings.platform, ids_within_channel=True)
                await self._take(room, page.said, rows)
                mark.id = page.last
                mark.at = page.said[-1].at if page.said else mark.at
                read.extend(page.ids)
                yield rows.batch(self._marks.text())
            if page.complete:
                return

    async def _take(self, room: Room, said: tuple[Said, ...], rows: RawRows) -> None:
        position = rows.records + 1
        for one in said:
            if not room.knows(one):
                await self._look_back(room)
            position += room.take(one, rows, position)

    async def _look_back(self, room: Room) -> None:
        """Remember messages from before this stay, once: a correction or a retraction names one of them."""
        oldest = self._oldest.get(room.jid)
        if not room.archived or oldest is None:
            return
        self._oldest[room.jid] = None
        earlier: list[Said] = []
        for _ in range(_LOOK_BACK_PAGES):
            try:
                page = await self._link.page(room.jid, before=oldest)
            except (ArchiveGapError, RoomError):
                break
            earlier[:0] = page.said
            if page.complete or page.first is None:
                break
            oldest = page.first
        for said in earlier:
            room.remember(said)

    async def _live(self, waiting: list[_Heard]) -> RawBatch | None:
        """What came and stands in no archive."""
        rows = RawRows(self._settings.platform, ids_within_channel=True)
        for heard in waiting:
            room = self._rooms[heard.room]
            if heard.said is not None:
                await self._take(room, (heard.said,), rows)
            else:
                room.moved(heard.kind, heard.sender, heard.at, rows, rows.records + 1)
        return rows.batch(self._marks.text()) if rows.records else None


def _codes(stanza: Element) -> set[str]:
    return {found.get("code") or "" for found in _statuses(stanza)}


def _statuses(stanza: Element) -> Iterator[Element]:
    return stanza.iterfind(_STATUS)


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
