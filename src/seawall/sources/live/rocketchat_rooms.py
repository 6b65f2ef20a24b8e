"""The rooms of a Rocket.Chat server that a token can read, and which of them have news."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from seawall.errors import ConnectError
from seawall.model import RAW_CHANNELS, Visibility, raw_table
from seawall.sources.json_values import id_of, size_of, text_of
from seawall.sources.live.rocketchat_api import Api
from seawall.sources.live.rocketchat_settings import Settings
from seawall.sources.raw_rows import Row
from seawall.sources.rocketchat_message import time_of

PUBLIC, CLOSED, DIRECT = "c", "p", "d"
_VISIBILITY = {PUBLIC: Visibility.PUBLIC, CLOSED: Visibility.CLOSED, DIRECT: Visibility.DIRECT}
_FEW = 5
_NEWEST_FIRST = json.dumps({"_updatedAt": -1})
_REFUSED = (400, 403, 404)


@dataclass(frozen=True, slots=True)
class Room:
    """What a list tells of a room. ``news`` differs from before whenever something was written."""

    id: str
    kind: str  # PUBLIC, CLOSED or DIRECT
    name: str | None
    title: str | None
    members: int | None
    few_write: bool
    created_at: int | None  # microseconds since 1970
    updated_ms: int
    news: tuple[Any, ...]

    def channel_row(self, server: str) -> Row:
        """A row of RAW_CHANNELS. Everybody on the server can read a public room, however few have joined it.

        Args:
            server: its URL.
        """
        members = None if self.kind == PUBLIC and (self.members or 0) <= _FEW else self.members
        broadcast = self.kind == PUBLIC and self.few_write
        way = {PUBLIC: "channel", CLOSED: "group"}.get(self.kind)
        kinds = {PUBLIC: "broadcast" if broadcast else "room", CLOSED: "group", DIRECT: "direct"}
        return {
            "channel_id": self.id,
            "kind": kinds[self.kind],
            "visibility": _VISIBILITY[self.kind].value,
            "handle": self.name if self.kind == PUBLIC else None,
            "address": f"{server.rstrip('/')}/{way}/{quote(self.name, safe='')}" if way and self.name else None,
            "title": self.title if broadcast else None,
            "members": members,
            "created_at": self.created_at,
        }


def channels_of(rooms: list[Room], server: str) -> pa.Table:
    """RAW_CHANNELS of some rooms of the server at a URL."""
    rows = [room.channel_row(server) for room in rooms]
    return raw_table(RAW_CHANNELS, {name: [row[name] for row in rows] for name in (rows[0] if rows else {})})


def room_of(told: Row) -> Room | None:
    """A room as a list tells it; None if it is of a kind that is never read (omnichannel, calls) or is none.

    >>> room_of({"_id": "GENERAL", "t": "c", "name": "garden", "_updatedAt": "2024-04-12T07:00:00.000Z"}).kind
    'c'
    >>> room_of({"_id": "x", "t": "l"}) is None
    True
    """
    identity, kind = id_of(told.get("_id")), told.get("t")
    if identity is None or kind not in _VISIBILITY:
        return None
    updated = (time_of(told.get("_updatedAt")) or time_of(told.get("lm")) or 0) // 1000
    return Room(
        id=identity,
        kind=kind,
        name=text_of(told.get("name")),
        title=text_of(told.get("fname")) or text_of(told.get("name")),
        members=size_of(told.get("usersCount")),
        few_write=told.get("broadcast") is True or told.get("ro") is True,
        created_at=time_of(told.get("ts")),
        updated_ms=updated,
        news=(updated, told.get("lm"), told.get("msgs")),
    )


class RoomList:
    """The rooms, kept up to date with few requests: those that changed last come first in what the server lists."""

    def __init__(self, api: Api, settings: Settings) -> None:
        self._api = api
        self._wanted = settings.rooms
        self._lists_public = True
        self._since_ms: int | None = None
        self.rooms: dict[str, Room] = {}

    async def refresh(self, *, whole: bool) -> None:
        """Ask for what has changed, or for everything.

        Raises:
            AccessError: the token is refused.
            ConnectError: a list cannot be had.
        """
        found = await self._joined(whole=whole)
        if self._lists_public:
            try:
                found |= await self._public(whole=whole)
            except ConnectError as error:
                if error.status not in _REFUSED:
                    raise
                self._lists_public = False  # without the right to list public rooms those that were joined remain
        found = {identity: room for identity, room in found.items() if self._is_wanted(room)}
        self.rooms = found if whole else self.rooms | found

    def unknown(self) -> frozenset[str]:
        """Which of the rooms that the operator named are not among those that can be read."""
        return self._wanted - {name for room in self.rooms.values() for name in (room.id, room.name)}

    async def _joined(self, *, whole: bool) -> dict[str, Room]:
        since = None if whole or self._since_ms is None else iso(self._since_ms)
        answer = await self._api.get("rooms.get", updatedSince=since)
        found = _rooms(self._api.listed(answer, "update", "rooms.get"))
        self._since_ms = max([self._since_ms or 0, *(room.updated_ms for room in found.values())], default=0)
        if self._api.server_ms is not None:
            self._since_ms = min(self._since_ms, self._api.server_ms)
        self._since_ms = max(0, self._since_ms - 1)
        return found

    async def _public(self, *, whole: bool) -> dict[str, Room]:
        found: dict[str, Room] = {}
        async for page in self._api.pages("channels.list", "channels", sort=_NEWEST_FIRST):
            rooms = _rooms(page)
            found |= rooms
            known = [self.rooms.get(identity) for identity in rooms]
            if not whole and known and known[-1] is not None and known[-1].news == list(rooms.values())[-1].news:
                break
        return found

    def _is_wanted(self, room: Room) -> bool:
        """A direct room is read only if the operator has named it by its id."""
        if room.kind == DIRECT:
            return room.id in self._wanted
        return not self._wanted or room.id in self._wanted or room.name in self._wanted


def _rooms(told: list[Row]) -> dict[str, Room]:
    return {room.id: room for one in told if (room := room_of(one)) is not None}


def iso(moment_ms: int) -> str:
    """A time as Rocket.Chat writes it.

    >>> iso(1712905200431)
    '2024-04-12T07:00:00.431Z'
    """
    moment = datetime.fromtimestamp(max(0, moment_ms) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
