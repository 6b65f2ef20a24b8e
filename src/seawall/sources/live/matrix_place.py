"""How far a Matrix connection was read: what a checkpoint holds.

Rooms, events and people stand in it as short hashes only, because a checkpoint is kept in clear.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict

import msgspec

from seawall.errors import ConfigurationError

_KEY_BYTES = 9
_MOST_EDITS = 40
"""So many of the last edits are known again after a restart, should one of them be deleted."""

_LONGEST_EVENT_ID = 64
_VERSION = 1


class Gap(msgspec.Struct, array_like=True):
    """A part of a room's history that is still to be read."""

    cursor: str | None  # where it goes on; None = at the first event that the account may see
    to: str  # where it ends: a token of /sync
    floor: int = 0  # microseconds: events before this are not wanted


class Seen(msgspec.Struct, array_like=True):
    """Who could read a room at the place up to which it was read: its rule, and its members while they are few."""

    public: bool
    members: list[str] | None = None  # hashes; None = more than a direct conversation has


class Place(msgspec.Struct, omit_defaults=True):
    """Times are UTC microseconds by the server's clock."""

    next: str  # token of /sync
    began: int  # from here on everything is to be read
    until: int  # up to here it was said what was read
    rooms: dict[str, Seen] = {}
    gaps: dict[str, Gap] = {}
    absent: dict[str, int] = {}  # rooms that the account cannot read, since when
    report: int | None = None  # number of the last report; None = the account may not read them
    edits: list[tuple[str, str]] = []  # the last edits, and what they replace: see ``lock``
    v: int = _VERSION

    def text(self, edits: OrderedDict[str, str]) -> str:
        """The checkpoint. ``edits``: what each edit replaces, the latest last."""
        latest = list(edits.items())[-_MOST_EDITS:]
        locked = {short(edit): lock(target, edit) for edit, target in latest if len(target) <= _LONGEST_EVENT_ID}
        kept = list((dict(self.edits) | locked).items())[-_MOST_EDITS:]
        return msgspec.json.encode(msgspec.structs.replace(self, edits=kept)).decode()

    def replaced_by(self, edit: str) -> str | None:
        """What an edit replaced, if it is one of the last before the checkpoint."""
        locked = dict(self.edits).get(short(edit))
        return None if locked is None else unlock(locked, edit)

    @staticmethod
    def read(checkpoint: str) -> Place:
        """The place of a checkpoint.

        Raises:
            ConfigurationError: it is none of this source's.
        """
        try:
            place = msgspec.json.decode(checkpoint, type=Place)
        except msgspec.MsgspecError:
            place = None
        if place is None or place.v != _VERSION:
            raise ConfigurationError(
                "This is no checkpoint of this source.", where="checkpoint", mend="Watch from the beginning."
            )
        return place


def short(room_or_event: str, who: str = "") -> str:
    """A hash that tells rooms, events, and people in a room apart, and names none.

    Ids of rooms and events cannot be guessed; names of people can, but not without the room's.

    >>> short("!rides:club.example")
    'uuz87K8M9huu'
    >>> short("!rides:club.example", "@bea:club.example") == short("!beans:club.example", "@bea:club.example")
    False
    """
    told = f"{room_or_event}\0{who}" if who else room_or_event
    return urlsafe_b64encode(hashlib.blake2b(told.encode(), digest_size=_KEY_BYTES).digest()).decode()


def lock(name: str, key: str) -> str:
    """A name that only who holds the key can read; both are ids of events, which cannot be guessed.

    >>> unlock(lock("$ride", "$edit"), "$edit"), lock("$ride", "$edit") == lock("$ride", "$other")
    ('$ride', False)
    """
    return urlsafe_b64encode(_mixed(name.encode(), key)).decode()


def unlock(locked: str, key: str) -> str | None:
    """The name again; None where it was none."""
    try:
        return _mixed(urlsafe_b64decode(locked), key).decode()
    except ValueError:
        return None


def _mixed(content: bytes, key: str) -> bytes:
    stream = hashlib.blake2b(key.encode(), digest_size=_LONGEST_EVENT_ID, person=b"seawall edit").digest()
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))
