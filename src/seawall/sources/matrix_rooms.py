"""What the state events of a Matrix export tell of its rooms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from seawall.errors import InputError
from seawall.model import Visibility
from seawall.protocols import Input
from seawall.sources.json_records import pieces_of
from seawall.sources.json_stream import Kind, Path, Piece, Plan
from seawall.sources.json_values import Undecodable, decoded, dict_of, id_of, identity, number_time, size_of, text_of
from seawall.sources.raw_rows import Row

_STATE_KEY = b'"state_key"'
SOME_MEMBERS = 6
"""More members than this need not be told apart: beyond five a room is no direct conversation."""

_OPEN_TO_ALL = "world_readable"
_OPEN_TO_NEWCOMERS = frozenset((None, "shared", _OPEN_TO_ALL))  # a server takes "shared" where nothing is told
_SYNC_ROOM = 2  # ("rooms", "join", room)
_EXPORT = "messages"


def room_of(value: Row, path: Path) -> str | None:
    """The room that an event names, or under which a /sync lists it."""
    named = id_of(value.get("room_id"))
    if named is None and path[:1] == ("rooms",) and len(path) > _SYNC_ROOM:
        return path[_SYNC_ROOM] or None
    return named


@dataclass(slots=True)
class Room:
    """What is known of a room."""

    join_rule: str | None = None
    rule_at: int = 0
    flagged_direct: bool = False
    history: str | None = None  # who may read what was written before they came
    title: str | None = None
    handle: str | None = None
    created_at: int | None = None
    ended_at: int | None = None
    successor: str | None = None
    whole: bool = False  # all its members are known: an export from its creation on, or a room that is watched
    wide: bool = False  # watched, and more people were in it at some time than a direct conversation has
    members: set[str] = field(default_factory=set)  # whoever joined or was invited, up to SOME_MEMBERS
    member_count: int | None = None

    @property
    def shows_history(self) -> bool:
        """Whether newcomers may read what was written before they came."""
        return self.history in _OPEN_TO_NEWCOMERS


class Rooms:
    """The rooms of one input, or those that are watched."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def __contains__(self, room_id: str) -> bool:
        return room_id in self._rooms

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._rooms))

    @classmethod
    def of(cls, file: Input, plan: Plan | None) -> Rooms:
        """Reads all state events of an input, and nothing else of it."""
        rooms = cls()
        with suppress(InputError):  # damage is told where the events are read
            for _, piece in pieces_of(file, plan):
                if piece.kind is Kind.VALUE or (piece.kind is Kind.RECORD and _STATE_KEY in piece.raw):
                    rooms._learn(piece)
        return rooms

    def _learn(self, piece: Piece) -> None:
        try:
            told = decoded(piece.raw)
        except Undecodable:
            return
        room_id = room_of(told, piece.path) if isinstance(told, dict) else None
        if room_id is None:
            return
        room = self._rooms.setdefault(room_id, Room())
        if piece.kind is Kind.VALUE:
            room.member_count = count_of(told)
        elif isinstance(told.get("state_key"), str):
            learn_state(room, told)
            room.whole = room.whole or (told.get("type") == "m.room.create" and piece.path[:1] == (_EXPORT,))

    def watch(self, room_id: str) -> Room:
        """A room of which each state event is learnt from now on. Who may join it is told, or is by invitation."""
        room = self._rooms[room_id] = Room(join_rule="invite", whole=True)
        return room

    def of_id(self, room_id: str) -> Room:
        """What is known of a room."""
        return self._rooms.get(room_id) or Room()

    def forget(self, room_id: str) -> None:
        """A room that is no longer watched."""
        self._rooms.pop(room_id, None)

    def visibility(self, room_id: str) -> Visibility | None:
        """Who can read what is written in a room now."""
        return visibility_of(self.of_id(room_id))

    def channel_row(self, room_id: str) -> Row:
        """A row of RAW_CHANNELS. Visibility is null where no event tells who may join."""
        room = self.of_id(room_id)
        visibility = visibility_of(room)
        direct = visibility is Visibility.DIRECT
        return {
            "channel_id": room_id,
            "kind": "direct" if direct else "room",
            "visibility": None if visibility is None else visibility.value,
            "handle": room.handle,
            "address": _address(room_id, room.handle),
            "title": room.title,
            "members": _told_count(room),
            "participants": [matrix_identity(member) for member in sorted(room.members)] if direct else None,
            "created_at": room.created_at,
            "ended_at": room.ended_at,
            "end_reason": "replaced" if room.ended_at is not None else None,
        }


def _address(room_id: str, alias: str | None) -> str:
    """By its alias, which outlives the room, or else by its id (https://spec.matrix.org, *Matrix URI scheme*)."""
    way, name = ("r", alias) if alias else ("roomid", room_id)
    return f"matrix:{way}/{quote(name[1:], safe=':')}"


def matrix_identity(user: str, name: Any = None) -> dict[str, str | None]:
    """A user id is both the stable id and, without its sign, what people write to mention the account."""
    return identity(user, user.removeprefix("@") or None, text_of(name))


def count_of(summary: Row) -> int | None:
    """How many people joined a room or are invited, by the summary of a /sync."""
    joined, invited = (size_of(summary.get(f"m.{which}_member_count")) for which in ("joined", "invited"))
    return None if joined is None else joined + (invited or 0)


def _told_count(room: Room) -> int | None:
    """None of a watched room that was once larger: a small number would make it a direct conversation."""
    few = room.member_count is not None and room.member_count < SOME_MEMBERS
    return None if room.whole and few else room.member_count


def visibility_of(room: Room) -> Visibility | None:
    """A room is direct where its members said so, or where its whole history shows at most five people.

    In a room that is watched nobody can say so once more people were in it: one invitation would hide the rest.
    """
    few = room.whole and not room.wide and 0 < len(room.members) < SOME_MEMBERS
    if (room.flagged_direct and not room.wide) or (few and room.history != _OPEN_TO_ALL):
        return Visibility.DIRECT
    if room.join_rule is None:
        return None
    return Visibility.PUBLIC if room.join_rule == "public" else Visibility.CLOSED


def learn_state(room: Room, event: Row) -> None:
    """What a state event tells of its room."""
    kind, content = event.get("type"), dict_of(event.get("content"))
    at = number_time(event.get("origin_server_ts"), 1_000)
    if kind == "m.room.member":
        _learn_member(room, event, content)
    elif kind == "m.room.join_rules":
        if text_of(content.get("join_rule")) and (at or 0) >= room.rule_at:
            room.join_rule, room.rule_at = content["join_rule"], at or 0
    elif kind == "m.room.history_visibility":
        room.history = text_of(content.get("history_visibility"))
    elif kind == "m.room.create":
        room.created_at = at
        if text_of(event.get("sender")):
            room.members.add(event["sender"])
    elif kind == "m.room.tombstone":
        room.ended_at, room.successor = at, text_of(content.get("replacement_room"))
    elif kind == "m.room.name":
        room.title = text_of(content.get("name"))
    elif kind == "m.room.canonical_alias":
        room.handle = text_of(content.get("alias"))


def _learn_member(room: Room, event: Row, content: Row) -> None:
    user = id_of(event.get("state_key"))
    if content.get("is_direct") is True:
        room.flagged_direct = True
    if user is not None and content.get("membership") in ("join", "invite") and len(room.members) < SOME_MEMBERS:
        room.members.add(user)
