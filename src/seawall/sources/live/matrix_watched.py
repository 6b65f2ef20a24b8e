"""The rooms of a Matrix connection while they are watched: who could read them at the place that was reached."""

from __future__ import annotations

from dataclasses import replace

from seawall.model import Visibility
from seawall.sources.json_values import id_of
from seawall.sources.live.matrix_homeserver import Homeserver, Position
from seawall.sources.live.matrix_place import Seen, short
from seawall.sources.matrix_rooms import SOME_MEMBERS, Room, Rooms, count_of, learn_state, visibility_of
from seawall.sources.raw_rows import Row

MANY = 1_000
"""In a room of so many people nobody is asked who was in it earlier: it was no direct conversation."""

_MEMBER = "m.room.member"
_WERE_IN = ("join", "invite", "leave")


class WatchedRooms(Rooms):
    """Rooms of which each state event is learnt in its order."""

    def begin(self, room_id: str, state: list[Row]) -> Room:
        """A room by the state events of the present, without its members."""
        room = self.watch(room_id)
        _learn_but_members(room, state)
        return room

    def count(self, room_id: str, told: Row) -> None:
        """Take over the number of people in a room, where an answer of /sync tells it."""
        summary = told.get("summary")
        counted = count_of(summary) if isinstance(summary, dict) else None
        if counted is not None:
            self.of_id(room_id).member_count = counted

    async def meet_people(self, room_id: str, homeserver: Homeserver) -> None:
        """Everybody who ever was in a room that is small now; a room that is not small is none of a few people."""
        room = self.of_id(room_id)
        if room.member_count is not None and room.member_count >= SOME_MEMBERS:
            room.wide = True
            return
        _people(room, await homeserver.members(room_id))

    def go_to(self, room_id: str, position: Position, *, members_told: bool) -> None:
        """The state of a room at an earlier place of its history."""
        room = self.of_id(room_id)
        room.rule_at = 0
        _learn_but_members(room, position.state)
        room.ended_at = room.successor = None
        if members_told:
            _people(room, position.state)
        else:
            room.wide = True

    async def recall(self, room_id: str, seen: Seen, homeserver: Homeserver) -> None:
        """Who could read a room at the place of a checkpoint, which may be before its present state."""
        room = self.of_id(room_id)
        room.join_rule, room.rule_at = ("public", 0) if seen.public else (_not_public(room), 0)
        room.wide = seen.members is None
        if seen.members is None:
            return
        known = set(seen.members)
        people = (id_of(event.get("state_key")) for event in await homeserver.members(room_id))
        room.members = {person for person in people if person is not None and short(room_id, person) in known}

    def seen(self, room_id: str) -> Seen:
        """What a checkpoint keeps of a room."""
        room = self.of_id(room_id)
        members = None if room.wide else sorted(short(room_id, member) for member in room.members)
        return Seen(room.join_rule == "public", members)

    def after(self, room_id: str, event: Row) -> Room:
        """The room as it is after a state event."""
        room = self.of_id(room_id)
        later = replace(room, members=set(room.members))
        learn_state(later, event)
        later.wide = room.wide or len(later.members) >= SOME_MEMBERS
        return later

    def would_change(self, room_id: str, later: Room) -> bool:
        """Whether somebody else can read a room afterwards."""
        return visibility_of(self.of_id(room_id)) is not visibility_of(later)

    def is_direct(self, room_id: str) -> bool:
        """Whether a room is a direct conversation now."""
        return self.visibility(room_id) is Visibility.DIRECT

    def put(self, room_id: str, room: Room) -> None:
        """Take over what a room has become."""
        self._rooms[room_id] = room


def _learn_but_members(room: Room, events: list[Row]) -> None:
    for event in events:
        if event.get("type") != _MEMBER and isinstance(event.get("state_key"), str):
            learn_state(room, event)


def people_now(events: list[Row]) -> int:
    """How many people are in a room or invited, by its state events."""
    contents = (event.get("content") for event in events if event.get("type") == _MEMBER)
    return sum(isinstance(told, dict) and told.get("membership") in ("join", "invite") for told in contents)


def _people(room: Room, events: list[Row]) -> None:
    room.members = set()
    for event in events:
        content, person = event.get("content"), id_of(event.get("state_key"))
        was_in = isinstance(content, dict) and content.get("membership") in _WERE_IN
        if event.get("type") == _MEMBER and person is not None and was_in:
            room.members.add(person)
            if len(room.members) >= SOME_MEMBERS:
                room.wide = True
                return


def _not_public(room: Room) -> str | None:
    return room.join_rule if room.join_rule != "public" else "invite"
