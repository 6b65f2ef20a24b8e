"""What is known of one room, and what its messages become."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from seawall.model import Visibility
from seawall.sources.json_values import identity, media
from seawall.sources.live.xmpp_stanza import Said, Sender
from seawall.sources.raw_rows import RawRows, Row

REMEMBERED = 5_000
"""How many messages of a room are remembered, for corrections and retractions that name them."""

NOT_KNOWN = "A correction of a message that is not known was kept as a message of its own."


@dataclass(slots=True)
class Origin:
    """A message that a later one may refer to."""

    id: str  # under which the lake has it
    sender: Sender
    at: int
    edited_at: int
    reply_to: str | None


@dataclass
class Memory:
    """The last messages of a room, by the room's ids and by their senders'."""

    most: int = REMEMBERED
    _by_id: OrderedDict[str, Origin] = field(default_factory=OrderedDict)
    _by_own: dict[tuple[str, str], str] = field(default_factory=dict)
    _own_of: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def put(self, origin: Origin, own_id: str | None) -> None:
        """Remember a message, and forget the oldest if there are too many."""
        self._by_id[origin.id] = origin
        self._by_id.move_to_end(origin.id)
        if own_id is not None:
            self._own_of.setdefault(origin.id, []).append((origin.sender.key, own_id))
            self._by_own[(origin.sender.key, own_id)] = origin.id
        while len(self._by_id) > self.most:
            oldest, _ = self._by_id.popitem(last=False)
            for own in self._own_of.pop(oldest, ()):
                if self._by_own.get(own) == oldest:
                    del self._by_own[own]

    def of(self, room_id: str | None) -> Origin | None:
        """The message that the room calls so."""
        return None if room_id is None else self._by_id.get(room_id)

    def by(self, sender: Sender, own_id: str | None) -> Origin | None:
        """The message that its sender calls so."""
        return None if own_id is None else self.of(self._by_own.get((sender.key, own_id)))

    def referred(self, said: Said) -> Origin | None:
        """The message that a correction or a retraction names; a moderator may name anybody's, others their own."""
        if said.replaces is not None:
            return self.by(said.sender, said.replaces)
        found = self.of(said.retracts) or self.by(said.sender, said.retracts)
        return found if found is not None and (said.moderated or found.sender.key == said.sender.key) else None


class Room:
    """One room while it is watched.

    Args:
        jid: its bare address, in small letters.
        features: those that the room tells of itself.
    """

    def __init__(self, jid: str, features: Set[str]) -> None:
        self.jid = jid
        self.memory = Memory()
        self.present: dict[str, Sender] = {}  # nick -> who is in the room
        self.describe(features)

    def describe(self, features: Set[str]) -> None:
        """Take in what the room tells of itself, at first and after a change."""
        self.archived = "urn:xmpp:mam:2" in features
        self.shows_addresses = "muc_nonanonymous" in features
        closed = bool({"muc_membersonly", "muc_passwordprotected"} & features)
        self.visibility = Visibility.CLOSED if closed else Visibility.PUBLIC

    def row(self) -> Row:
        """A row of RAW_CHANNELS. How many are there now tells nothing of how many may read it."""
        return {"channel_id": self.jid, "kind": "room", "visibility": self.visibility.value}

    def who(self, sender: Sender) -> dict[str, str | None]:
        """A sender as an account: by the own address where the room shows it, else by the room's id for it."""
        here = self.present.get(sender.nick)
        jid = sender.jid or (here.jid if here is not None and here.key == sender.key else None)
        stable = jid if self.shows_addresses and jid else sender.occupant
        return identity(stable, f"{self.jid}/{sender.nick}", sender.nick)

    def knows(self, said: Said) -> bool:
        """Whether what it refers to is known, if it refers to anything."""
        refers = said.replaces is not None or (said.retracts is not None and not said.moderated)
        return not refers or self.memory.referred(said) is not None

    def remember(self, said: Said) -> None:
        """Take in a message that was given earlier, oldest first."""
        if said.erased_at is None and said.retracts is None and said.spoken:
            self._placed(said)

    def take(self, said: Said, rows: RawRows, position: int) -> bool:
        """Add the record that a message is; False if it is none (a receipt, a marker)."""
        if said.erased_at is not None:
            self._count(rows)
            rows.deletion(position, self._deletion(said.room_id or "", said.erased_at))
        elif said.retracts is not None:
            self._retract(said, rows, position)
        elif said.reacts_to is not None:
            self._react(said, said.reacts_to, rows, position)
        elif said.spoken and said.sender.nick:
            self._speak(said, rows, position)
        elif said.topic and said.sender.nick:
            self._count(rows)
            rows.message(position, {**self._message(said, _id_of(self.jid, said), said.at), "kind": "service"})
        else:
            return False
        return True

    def moved(self, kind: str, sender: Sender, at: int, rows: RawRows, position: int) -> None:
        """Add a join or a leave."""
        self._count(rows)
        rows.interaction(
            position,
            {
                "interaction_id": _hashed(self.jid, kind, sender.key, at),
                "at": at,
                "kind": kind,
                "source_account": self.who(sender),
                "channel_id": self.jid,
                "visibility": self.visibility.value,
            },
        )

    def _count(self, rows: RawRows) -> None:
        rows.count(0)
        rows.channel(self.row())

    def _placed(self, said: Said) -> tuple[Origin | None, bool]:
        """The message that it is, or is a correction of, and whether it is a correction."""
        earlier = self.memory.referred(said) if said.replaces is not None else None
        if earlier is not None:
            earlier.edited_at = max(said.at, earlier.edited_at + 1)  # archives count in seconds: later is later
            self.memory.put(earlier, said.own_id)
            return earlier, True
        own = _id_of(self.jid, said)
        if own is None:
            return None, False
        origin = Origin(own, said.sender, said.at, said.at, said.reply_to)
        self.memory.put(origin, said.own_id)
        return origin, False

    def _speak(self, said: Said, rows: RawRows, position: int) -> None:
        origin, corrected = self._placed(said)
        row = self._message(said, origin.id if origin else None, origin.at if origin else said.at)
        reply_to = self._reply(origin.reply_to if origin and corrected else said.reply_to, said.sender)
        row |= {
            "kind": "reply" if reply_to else "post",
            "text": said.body,
            "reply_to": reply_to,
            "mentions": [self._mentioned(one) for one in said.mentions] or None,
            "links": list(said.links) or None,
            "media": [media(kind, None) for kind in said.media] or None,
        }
        if corrected and origin is not None:
            row["edited_at"] = origin.edited_at
        elif said.replaces is not None:
            rows.assume(NOT_KNOWN)
        self._count(rows)
        rows.message(position, row)

    def _message(self, said: Said, message_id: str | None, at: int) -> Row:
        return {
            "message_id": message_id,
            "channel_id": self.jid,
            "account": self.who(said.sender),
            "sent_at": at,
            "visibility": self.visibility.value,
        }

    def _reply(self, told: str | None, sender: Sender) -> str | None:
        """Replies name the room's id; some clients name the sender's instead, which only that sender's own tells."""
        found = self.memory.of(told) or self.memory.by(sender, told)
        return found.id if found is not None else told

    def _mentioned(self, told: str) -> dict[str, str | None]:
        if "@" in told and told not in self.present:
            return identity(told if self.shows_addresses else None, told)
        return self.who(self.present.get(told, Sender(told)))

    def _retract(self, said: Said, rows: RawRows, position: int) -> None:
        found = self.memory.referred(said)
        self._count(rows)
        if found is not None:
            rows.deletion(position, self._deletion(found.id, said.at))
        elif said.moderated and said.retracts is not None:
            rows.deletion(position, self._deletion(said.retracts, said.at))
        else:
            rows.reject(position, "retract", "the message that it names is not known, or is another's")

    def _deletion(self, message_id: str, at: int) -> Row:
        return {
            "message_id": message_id,
            "channel_id": self.jid,
            "visibility": self.visibility.value,
            "deleted_at": at,
        }

    def _react(self, said: Said, reacts_to: str, rows: RawRows, position: int) -> None:
        found = self.memory.of(reacts_to) or self.memory.by(said.sender, reacts_to)
        act: dict[str, Any] = {
            "interaction_id": _hashed(self.jid, "reaction", said.sender.key, said.own_id or said.at),
            "at": said.at,
            "kind": "reaction",
            "source_account": self.who(said.sender),
            "target_account": self.who(found.sender) if found else None,
            "channel_id": self.jid,
            "message_id": found.id if found else reacts_to,
            "visibility": self.visibility.value,
        }
        self._count(rows)
        rows.interaction(position, act)


def _id_of(room: str, said: Said) -> str | None:
    """The room's id; where it gives none, one that only the same sender's same id gives again."""
    if said.room_id is not None:
        return said.room_id
    if said.own_id is None:
        return None
    return "o" + _hashed(room, said.sender.key, said.own_id)


def _hashed(*told: object) -> str:
    return hashlib.blake2b("\0".join(map(str, told)).encode(), digest_size=12).hexdigest()
