"""What the state events of a Matrix export tell of its rooms."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from seawall.errors import InputError
from seawall.model import Visibility
from seawall.protocols import Input
from seawall.sources.json_records import pieces_of
from seawall.sources.json_stream import Kind, Path, Piece, Plan
from seawall.sources.json_values import Undecodable, decoded, dict_of, id_of, identity, number_time, size_of, text_of
from seawall.sources.raw_rows import Row

_STATE_KEY = b'"state_key"'
_SOME_MEMBERS = 6
"""More members than this need not be told apart: beyond five a room is no direct conversation."""
_SYNC_ROOM = 2  # ("rooms", "join", room)
_EXPORT = "messages"


def room_of(value: Row, path: Path) -> str | None:
    """The room that an event names, or under which a /sync lists it."""
    named = id_of(value.get("room_id"))
    if named is None and path[:1] == ("rooms",) and len(path) > _SYNC_ROOM:
        return path[_SYNC_ROOM] or None
    return named


@dataclass(slots=True)
class _Room:
    join_rule: str | None = None
    rule_at: int = 0
    flagged_direct: bool = False
    world_readable: bool = False
    title: str | None = None
    handle: str | None = None
    created_at: int | None = None
    ended_at: int | None = None
    whole: bool = False  # an export of the room from its creation on
    members: set[str] = field(default_factory=set)  # whoever joined or was invited, up to _SOME_MEMBERS
    member_count: int | None = None


class Rooms:
    """The rooms of one input."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}

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
        room = self._rooms.setdefault(room_id, _Room())
        if piece.kind is Kind.VALUE:
            counts = [size_of(told.get(f"m.{which}_member_count")) for which in ("joined", "invited")]
            room.member_count = None if counts[0] is None else counts[0] + (counts[1] or 0)
        elif isinstance(told.get("state_key"), str):
            _learn_state(room, told)
            room.whole = room.whole or (told.get("type") == "m.room.create" and piece.path[:1] == (_EXPORT,))

    def channel_row(self, room_id: str) -> Row:
        """A row of RAW_CHANNELS. Visibility is null where no event tells who may join."""
        room = self._rooms.get(room_id) or _Room()
        visibility = _visibility(room)
        direct = visibility is Visibility.DIRECT
        return {
            "channel_id": room_id,
            "kind": "direct" if direct else "room",
            "visibility": None if visibility is None else visibility.value,
            "handle": room.handle,
            "title": room.title,
            "members": room.member_count,
            "participants": [matrix_identity(member) for member in sorted(room.members)] if direct else None,
            "created_at": room.created_at,
            "ended_at": room.ended_at,
            "end_reason": "replaced" if room.ended_at is not None else None,
        }


def matrix_identity(user: str, name: Any = None) -> dict[str, str | None]:
    """A user id is both the stable id and, without its sign, what people write to mention the account."""
    return identity(user, user.removeprefix("@") or None, text_of(name))


def _visibility(room: _Room) -> Visibility | None:
    """A room is direct where its members said so, or where its whole history shows at most five people."""
    few = room.whole and 0 < len(room.members) < _SOME_MEMBERS
    if room.flagged_direct or (few and not room.world_readable):
        return Visibility.DIRECT
    if room.join_rule is None:
        return None
    return Visibility.PUBLIC if room.join_rule == "public" else Visibility.CLOSED


def _learn_state(room: _Room, event: Row) -> None:
    kind, content = event.get("type"), dict_of(event.get("content"))
    at = number_time(event.get("origin_server_ts"), 1_000)
    if kind == "m.room.member":
        _learn_member(room, event, content)
    elif kind == "m.room.join_rules":
        if text_of(content.get("join_rule")) and (at or 0) >= room.rule_at:
            room.join_rule, room.rule_at = content["join_rule"], at or 0
    elif kind == "m.room.history_visibility":
        room.world_readable = content.get("history_visibility") == "world_readable"
    elif kind == "m.room.create":
        room.created_at = at
    elif kind == "m.room.tombstone":
        room.ended_at = at
    elif kind == "m.room.name":
        room.title = text_of(content.get("name"))
    elif kind == "m.room.canonical_alias":
        room.handle = text_of(content.get("alias"))


def _learn_member(room: _Room, event: Row, content: Row) -> None:
    user = id_of(event.get("state_key"))
    if content.get("is_direct") is True:
        room.flagged_direct = True
    if user is not None and content.get("membership") in ("join", "invite") and len(room.members) < _SOME_MEMBERS:
        room.members.add(user)
