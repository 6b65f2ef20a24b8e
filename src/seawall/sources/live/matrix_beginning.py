"""Where listening to a Matrix homeserver begins: from now on, from an earlier time, or from a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from seawall.sources.live.matrix_homeserver import Homeserver, Position, Sync, state_of, timeline_of
from seawall.sources.live.matrix_place import Gap, Place, short
from seawall.sources.live.matrix_reports import Reports
from seawall.sources.live.matrix_settings import Settings
from seawall.sources.live.matrix_watched import MANY, WatchedRooms
from seawall.sources.raw_rows import Row

_MOST_SUCCESSORS = 30


@dataclass(slots=True)
class Start:
    """What is known when listening begins."""

    homeserver: Homeserver
    user: str
    wanted: set[str] | None  # the rooms to watch, and those that replaced them; None = all
    place: Place
    rooms: WatchedRooms = field(default_factory=WatchedRooms)
    joined: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)  # hash of a room -> its id

    @classmethod
    async def of(cls, homeserver: Homeserver, settings: Settings, checkpoint: str | None) -> Start:
        """Look at the rooms as they are now, and go back to the checkpoint."""
        place = None if checkpoint is None else Place.read(checkpoint)
        user = await homeserver.whoami()
        wanted = await wanted_rooms(homeserver, settings)
        now = await survey(homeserver, wanted)
        reports = await Reports(homeserver).latest()
        if place is not None:
            if reports is None or place.report is None:
                place.report = None if reports is None else 0
            start = cls(homeserver, user, wanted, place)
            await start._resume(now)
            return start
        began = now.at if settings.since is None else settings.since
        if reports is not None and settings.since is not None:
            reports = 0
        start = cls(homeserver, user, wanted, Place(next=now.next, began=began, until=began, report=reports))
        await start._begin(now, back=settings.since is not None)
        return start

    async def _begin(self, now: Sync, *, back: bool) -> None:
        for room, told in now.joined.items():
            self._meet(room, told)
            if back:
                await self.plan(room, self.place.began, now.next)
            else:
                await self.rooms.meet_people(room, self.homeserver)

    async def _resume(self, now: Sync) -> None:
        for room, told in now.joined.items():
            self._meet(room, told)
            key = short(room)
            seen = self.place.rooms.get(key)
            if seen is not None:
                await self.rooms.recall(room, seen, self.homeserver)
            else:
                await self.plan(room, self.place.absent.get(key, self.place.began), self.place.next)
        for room, told in now.left.items():
            key = short(room)
            self.names[key] = room
            seen = self.place.rooms.get(key)
            if seen is not None:
                self._meet(room, told)
                await self.rooms.recall(room, seen, self.homeserver)

    def _meet(self, room: str, told: Row) -> None:
        self.names[short(room)] = room
        self.joined.add(room)
        self.rooms.begin(room, now_in(told))
        self.rooms.count(room, told)

    async def plan(self, room: str, start: int, to: str) -> None:
        """Read the history of a room that is new to the account, from a time on (UTC microseconds)."""
        known = self.rooms.of_id(room)
        few = known.member_count is None or known.member_count <= MANY
        event = await self.homeserver.first_since(room, start // 1_000)
        position = None
        if event:
            position = await self.homeserver.position(room, event, people=few) or await self._own_coming(room, few)
        if position is not None:
            self.rooms.go_to(room, position, members_told=few)
        else:
            await self.rooms.meet_people(room, self.homeserver)
        self.place.absent.setdefault(short(room), start)
        unseen = Gap(to if event == "" else None, to, start)
        self.place.gaps[short(room)] = unseen if position is None else Gap(position.cursor, to)

    async def _own_coming(self, room: str, few: bool) -> Position | None:
        """Where the account came into a room, which it may always see; what lies before may be hidden from it."""
        for event in await self.homeserver.state(room):
            if event.get("type") == "m.room.member" and event.get("state_key") == self.user:
                return await self.homeserver.position(room, str(event.get("event_id")), people=few)
        return None


def now_in(told: Row) -> list[Row]:
    """The state events of a room in an answer of /sync."""
    return [*state_of(told), *(event for event in timeline_of(told)[0] if isinstance(event, dict))]


async def wanted_rooms(homeserver: Homeserver, settings: Settings) -> set[str] | None:
    """The ids of the rooms to watch; addresses that lead nowhere are left out. None = all rooms."""
    if not settings.rooms:
        return None
    found = [await homeserver.room_of_alias(room) if room[0] == "#" else room for room in settings.rooms]
    return {room for room in found if room is not None}


async def survey(homeserver: Homeserver, wanted: set[str] | None) -> Sync:
    """All rooms as they are now; rooms that replaced wanted ones become wanted."""
    for _ in range(_MOST_SUCCESSORS):
        now = await homeserver.sync(None, rooms=None if wanted is None else sorted(wanted), limit=1)
        if wanted is None:
            break
        now = replace(
            now,
            joined={room: told for room, told in now.joined.items() if room in wanted},
            left={room: told for room, told in now.left.items() if room in wanted},
        )
        rooms = WatchedRooms()
        successors = {rooms.begin(room, now_in(told)).successor for room, told in {**now.joined, **now.left}.items()}
        new = {room for room in successors if room is not None} - wanted
        if not new:
            break
        wanted |= new
    return now
