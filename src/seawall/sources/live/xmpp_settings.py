"""What an operator sets for an XMPP connection, and how far its rooms were read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from seawall.errors import ConfigurationError
from seawall.protocols import Connection
from seawall.sources.live.told_coverage import since_of
from seawall.sources.live.xmpp_addresses import room_address

NICKNAME = "Seawall (reads along)"
MOST_ROOMS = 200

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Settings:
    """Of one connection."""

    rooms: tuple[str, ...]  # bare addresses in small letters
    nickname: str
    since: datetime | None
    platform: str

    @staticmethod
    def of(connection: Connection) -> Settings:
        """The settings of a connection.

        Raises:
            ConfigurationError: one cannot be read, or no room is named.
        """
        told = connection.settings
        where = f"connection {connection.name}"
        rooms = tuple(
            dict.fromkeys(room_address(one, where) for one in told.get("rooms", "").split(",") if one.strip())
        )
        if not rooms or len(rooms) > MOST_ROOMS:
            raise ConfigurationError(
                f"Between 1 and {MOST_ROOMS} rooms can be read.",
                where=f"{where}, rooms",
                mend="Write them as rides@rooms.example.org, with commas between.",
            )
        nickname = told.get("nickname", "").strip() or NICKNAME
        return Settings(rooms, nickname, since_of(connection), connection.options.platform or "xmpp")


@dataclass(slots=True)
class Mark:
    """How far a room's archive was read."""

    id: str | None = None  # of the last message that was given
    at: int | None = None  # its time, UTC microseconds; without an id: from when on; neither: from the beginning

    @property
    def start(self) -> str | None:
        """From when on to ask, where no message is known."""
        if self.id is not None or self.at is None:
            return None
        return (_EPOCH + self.at * _MICROSECOND).isoformat().replace("+00:00", "Z")


@dataclass(slots=True)
class Marks:
    """How far all rooms were read. The checkpoint holds hashes of the rooms' addresses, not the addresses."""

    until: datetime  # up to when it was said what is known
    rooms: dict[str, Mark] = field(default_factory=dict)  # room -> mark; those of a checkpoint under hashes

    def take(self, room: str) -> Mark | None:
        """The mark of a room, from now on under its address."""
        found = self.rooms.pop(_hashed(room), None)
        if found is not None:
            self.rooms[room] = found
        return self.rooms.get(room)

    def text(self) -> str:
        """The checkpoint."""
        rooms = {_hashed(room): [mark.id, mark.at] for room, mark in sorted(self.rooms.items()) if "@" in room}
        return json.dumps({"v": 1, "until": (self.until - _EPOCH) // _MICROSECOND, "rooms": rooms})

    @staticmethod
    def read(checkpoint: str) -> Marks:
        """The marks of a checkpoint.

        Raises:
            ConfigurationError: it is none of this source's.
        """
        try:
            told = json.loads(checkpoint)
            rooms = {room: Mark(id_, at) for room, (id_, at) in told["rooms"].items()}
            return Marks(_EPOCH + timedelta(microseconds=int(told["until"])), rooms)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            raise ConfigurationError(
                "This is no checkpoint of this source.", where="checkpoint", mend="Watch from the beginning."
            ) from None


def _hashed(room: str) -> str:
    return hashlib.blake2b(room.encode(), digest_size=9).hexdigest()
