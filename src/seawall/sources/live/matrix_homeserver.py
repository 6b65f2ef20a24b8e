"""What Seawall asks a Matrix homeserver, read-only: the client-server API, and Synapse's list of reports.

https://spec.matrix.org/v1.11/client-server-api/ and https://element-hq.github.io/synapse/latest/admin_api/event_reports.html.
Messages of errors name no room and no event.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from seawall.errors import ConnectError
from seawall.sources.json_values import dict_of, list_of, size_of, text_of
from seawall.sources.live.http import Client
from seawall.sources.raw_rows import Row

LIMIT_BYTES = 64 << 20
"""An event has at most 64 KB; a page of them, with what a server adds, stays below this."""

PAGE = 200
"""Events asked for at once."""

_REPORTS = 100
_SECOND = 1_000_000
_LONGEST_TOKEN = 2_000
_LONGEST_LIST = 3_000
"""Characters of the rooms named in an address; if there are more, the server tells of all rooms."""

_VERSION = "_matrix/client/v3"
_NEWER = "_matrix/client/v1"
_ROOM = f"{_VERSION}/rooms"
_STATE = (
    "m.room.create",
    "m.room.join_rules",
    "m.room.history_visibility",
    "m.room.canonical_alias",
    "m.room.name",
    "m.room.power_levels",
    "m.room.encryption",
    "m.room.tombstone",
)
_NOT_THERE = (400, 403, 404)
_NO_REPORTS = (403, 404, 405)  # not an administrator, not Synapse, or a proxy that lets nobody through
_NOTHING: Row = {"types": []}


@dataclass(frozen=True, slots=True)
class Sync:
    """An answer of /sync: where to go on, and by room what happened.

    ``at``: UTC microseconds up to which it surely is complete, by the server's clock.
    """

    next: str
    joined: dict[str, Row] = field(repr=False)
    left: dict[str, Row] = field(repr=False)
    invited: tuple[str, ...] = field(repr=False)
    at: int


@dataclass(frozen=True, slots=True)
class Page:
    """Events of a room in their order, and where the next ones begin; None at the end."""

    events: list[Any] = field(repr=False)  # each should be an object
    end: str | None


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a room's history, and the state of the room there."""

    cursor: str
    state: list[Row] = field(repr=False)


class Homeserver:
    """One homeserver through one account's token.

    Every method raises ConnectError where the server does not answer or answers nonsense, and AccessError where it
    refuses the token (``status`` 401) or this one thing (403).
    """

    def __init__(self, client: Client, where: str) -> None:
        self._client = client
        self._where = where

    async def greet(self) -> None:
        """Make sure that this is a homeserver at all."""
        told = dict_of(await self._get("_matrix/client/versions")).get("versions")
        if not isinstance(told, list):
            raise self._strange("versions", "versions")

    async def whoami(self) -> str:
        """The user id that the token belongs to."""
        return self._text(await self._get(f"{_VERSION}/account/whoami"), "user_id", "account/whoami")

    async def sync(self, since: str | None, *, rooms: list[str] | None, limit: int, wait_ms: int = 0) -> Sync:
        """What happened since a token, waiting up to ``wait_ms`` for something to happen; or how things are now.

        Args:
            since: ``next`` of an earlier answer; None = the state of all rooms, with those that were left.
            rooms: only these, or, if they are many, others too; None = all.
            limit: of the newest events of a room.
            wait_ms: milliseconds.
        """
        told = _filter(rooms, limit, left=since is None)
        if not wait_ms:
            told["org.seawall.request"] = secrets.token_hex(8)  # Synapse repeats an answer to the same question
        query = {
            "filter": json.dumps(told),
            "since": since,
            "timeout": wait_ms,
            "set_presence": "offline",
        }
        seconds = wait_ms / 1000 + 60.0
        clock, began = time.time(), time.monotonic()
        answer = await self._client.answer(f"{_VERSION}/sync", params=query, timeout_s=seconds)
        value = dict_of(answer.value)
        sections = dict_of(value.get("rooms"))
        return Sync(
            next=self._text(value, "next_batch", "sync"),
            joined=_by_room(sections.get("join")),
            left=_by_room(sections.get("leave")),
            invited=tuple(_by_room(sections.get("invite"))),
            at=_server_time(answer.headers.get("date"), clock) - int((time.monotonic() - began + 1.0) * _SECOND),
        )

    async def page(self, room: str, cursor: str | None, to: str) -> Page:
        """Events of a room after a place, None = its beginning, up to ``next`` of an answer of /sync."""
        query = {"dir": "f", "from": cursor, "to": to, "limit": PAGE}
        told = dict_of(await self._get(f"{_ROOM}/{{}}/messages", room, **query))
        end = text_of(told.get("end"))
        events = list_of(told.get("chunk"))
        return Page(events, end if end != cursor and len(end or "") <= _LONGEST_TOKEN else None)

    async def first_since(self, room: str, at: int) -> str | None:
        """The first event of a room from a time (milliseconds since 1970) on; empty: there is none; None: not told."""
        path = f"{_NEWER}/rooms/{{}}/timestamp_to_event"
        try:
            return self._text(await self._get(path, room, ts=max(0, at), dir="f"), "event_id", "timestamp_to_event")
        except ConnectError as error:
            if not refused_here(error):
                raise
            return "" if error.code == "M_NOT_FOUND" else None

    async def position(self, room: str, event: str, *, people: bool) -> Position | None:
        """Where a room's history goes on with an event, if the account may see that; its members only if asked for."""
        shown = None if people else json.dumps({"lazy_load_members": True})
        told = await self._seen(f"{_ROOM}/{{}}/context/{{}}", room, event, limit=0, filter=shown)
        return None if told is None else Position(self._text(told, "start", "context"), _events(told.get("state")))

    async def members(self, room: str) -> list[Row]:
        """The membership events of everybody who ever was in a room, if the account may see them."""
        return _events(dict_of(await self._seen(f"{_ROOM}/{{}}/members", room)).get("chunk"))

    async def state(self, room: str) -> list[Row]:
        """The state events of a room now, if the account may see them."""
        return _events(await self._seen(f"{_ROOM}/{{}}/state", room))

    async def room_of_alias(self, alias: str) -> str | None:
        """The room that an address like #rides:club.example leads to."""
        return text_of(dict_of(await self._seen(f"{_VERSION}/directory/room/{{}}", alias)).get("room_id"))

    async def event(self, room: str, event_id: str) -> Row | None:
        """One event, if the account may see it."""
        return dict_of(await self._seen(f"{_ROOM}/{{}}/event/{{}}", room, event_id)) or None

    async def edits(self, room: str, event_id: str) -> list[Row]:
        """The latest edits of an event, the newest first."""
        path = f"{_NEWER}/rooms/{{}}/relations/{{}}/m.replace"
        return _events(dict_of(await self._seen(path, room, event_id, limit=50)).get("chunk"))

    async def reports(self, start: int) -> list[Row] | None:
        """A page of Synapse's reports, the newest first, from an ordinal on; None where the token may not read them."""
        path = "_synapse/admin/v1/event_reports"
        try:
            told = await self._get(path, **{"dir": "b", "from": start, "limit": _REPORTS})
        except ConnectError as error:
            if error.status in _NO_REPORTS:
                return None
            raise
        return _events(dict_of(told).get("event_reports"))

    async def _seen(self, path: str, *ids: str, **query: Any) -> Any:
        """An answer, or None where there is nothing, or nothing that the account may see."""
        try:
            return await self._get(path, *ids, **query)
        except ConnectError as error:
            if refused_here(error):
                return None
            raise

    async def _get(self, path: str, *ids: str, **query: Any) -> Any:
        try:
            return await self._client.get(path.format(*(quote(one, safe="") for one in ids)), query)
        except ConnectError as error:
            if not ids:
                raise
            raise type(error)(
                error.what,
                where=f"{self._where}, {path.replace('{}', '...')}",
                mend=error.mend,
                retry_after=error.retry_after,
                status=error.status,
                code=error.code,
            ) from None

    def endless(self, path: str) -> ConnectError:
        """The error for pages that never end."""
        return ConnectError(
            "The server gives page after page without an event.",
            where=f"{self._where}, {path}",
            mend="Seawall tries again by itself.",
        )

    def _text(self, told: Any, name: str, path: str) -> str:
        value = text_of(dict_of(told).get(name))
        if value is None or len(value) > _LONGEST_TOKEN:
            raise self._strange(name, path)
        return value

    def _strange(self, name: str, path: str) -> ConnectError:
        return ConnectError(
            f"The answer lacks {name}: this does not look like a Matrix homeserver.",
            where=f"{self._where}, {path}",
            mend="Give the address of the homeserver, not that of a web client.",
        )


def refused_here(error: ConnectError) -> bool:
    """Whether the homeserver itself, not a proxy before it, refused only this one thing, and not the token."""
    return error.status in _NOT_THERE and (error.code or "").startswith("M_")


def report_number(report: Row) -> int:
    """The number that Synapse gave a report; they grow."""
    return size_of(report.get("id")) or 0


def _filter(rooms: list[str] | None, limit: int, *, left: bool) -> Row:
    in_rooms: Row = {
        "timeline": {"limit": limit, "lazy_load_members": True},
        "state": {"types": [*_STATE, "m.room.member"], "lazy_load_members": True},
        "ephemeral": _NOTHING,
        "account_data": _NOTHING,
        "include_leave": left,
    }
    if rooms is not None and sum(map(len, rooms)) < _LONGEST_LIST:
        in_rooms["rooms"] = rooms
    return {"room": in_rooms, "presence": _NOTHING, "account_data": _NOTHING}


def _by_room(section: Any) -> dict[str, Row]:
    return {room: told for room, told in dict_of(section).items() if room and isinstance(told, dict)}


def _events(listed: Any) -> list[Row]:
    return [event for event in list_of(listed) if isinstance(event, dict)]


def _server_time(date: str | None, clock: float) -> int:
    """UTC microseconds by the server's clock; by our own where it does not tell."""
    try:
        return int(parsedate_to_datetime(date or "").timestamp() * _SECOND)
    except (ValueError, TypeError, OverflowError):
        return int(clock * _SECOND)


def timeline_of(told: Row) -> tuple[list[Any], bool]:
    """The newest events of a room in an answer of /sync, and whether there are more before them."""
    timeline = dict_of(told.get("timeline"))
    return list_of(timeline.get("events")), timeline.get("limited") is True


def state_of(told: Row) -> list[Row]:
    """What changed in the state of a room before its timeline begins."""
    return _events(dict_of(told.get("state")).get("events"))
