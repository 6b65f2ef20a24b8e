"""A random day of a cycling club on a real Synapse, and what the server itself holds of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.servers.synapse import Member, Synapse

WORDS = ("the hill", "rain at noon", "a flat tyre", "coffee in the old mill", "lights and bells", "the long way home")
VERSIONS = ("12", "11", "10")
POSTS = ("m.room.message", "m.room.encrypted")
Event = dict[str, Any]


@dataclass
class Truth:
    """What a server holds of some rooms."""

    texts: dict[str, str | None] = field(default_factory=dict)  # of each message that is not deleted, as it reads now
    deleted: set[str] = field(default_factory=set)  # every event that somebody deleted
    events: set[str] = field(default_factory=set)  # every other event that is no edit
    reports: set[str] = field(default_factory=set)

    def add_room(self, events: list[Event]) -> None:
        """All events of a room, from the first to the last."""
        senders = {event["event_id"]: event["sender"] for event in events}
        edits: set[str] = set()
        latest: dict[str, tuple[int, str]] = {}
        for event in events:
            name, content = event["event_id"], event["content"]
            if event["type"] == "m.room.redaction":
                self.deleted.add(event.get("redacts") or content["redacts"])
                continue
            target = _edited(event, edits)
            if target is not None and senders.get(target) == event["sender"]:
                edits.add(name)
                told = (event["origin_server_ts"], content["m.new_content"]["body"])
                latest[target] = max(told, latest.get(target, told), key=lambda one: one[0])
                continue
            self.events.add(name)
            if event["type"] in POSTS:
                self.texts[name] = content.get("body")
        self.texts |= {target: text for target, (_, text) in latest.items()}
        self.events -= self.deleted
        self.texts = {name: text for name, text in self.texts.items() if name not in self.deleted}


def _edited(event: Event, edits: set[str]) -> str | None:
    """The event that a valid edit replaces; an edit of an edit is none."""
    relation = event["content"].get("m.relates_to", {})
    target = relation.get("event_id") if relation.get("rel_type") == "m.replace" else None
    return target if target not in edits else None


class ClubDay:
    """Rooms of a club in which random things happen; the observer only looks on.

    Args:
        server: where the club is.
        random: decides everything.
        observer: is in every room, and does nothing but join and follow.
        admin: reads the reports for the truth.
        riders: how many members; with the observer more than make a direct conversation.
    """

    def __init__(self, server: Synapse, random: Random, observer: Member, admin: Member, riders: int = 5) -> None:
        self._server = server
        self._random = random
        self._observer = observer
        self._admin = admin
        self._owner = server.member()
        self._riders = [self._owner, *(server.member() for _ in range(riders - 1))]
        self.rooms = [self._new_room(public=True), self._new_room(public=False)]
        self.all_rooms = list(self.rooms)
        self._posts: list[tuple[str, str, Member]] = []
        self._others: list[tuple[str, str, Member]] = []

    def _new_room(self, *, public: bool) -> str:
        version = self._random.choice(VERSIONS)
        invited = [rider.user_id for rider in self._guests]
        room = self._owner.create_room(public=public, version=version, name="Rides", invite=invited)
        for rider in self._guests:
            rider.join(room)
        return room

    @property
    def _guests(self) -> list[Member]:
        return [*self._riders[1:], self._observer]

    def _let_in(self, room: str, rider: Member) -> None:
        self._owner.invite(room, rider.user_id)
        rider.join(room)

    def act(self, times: int = 1) -> None:
        """Let something happen."""
        weights = {
            self._say: 8,
            self._reply: 3,
            self._edit: 5,
            self._edit_somebody_elses: 1,
            self._delete: 3,
            self._delete_other: 3,
            self._react: 3,
            self._report: 2,
            self._come_and_go: 2,
            self._whisper: 1,
            self._change_topic: 1,
        }
        for _ in range(times):
            self._random.choices(list(weights), list(weights.values()))[0]()

    def upgrade(self) -> None:
        """A room is replaced by one of another version; everybody moves."""
        place = self._random.randrange(len(self.rooms))
        old = self.rooms[place]
        new = self._owner.upgrade(old, VERSIONS[0])
        for rider in self._guests:
            self._let_in(new, rider)
        self.rooms[place] = new
        self.all_rooms.append(new)
        self._posts = [post for post in self._posts if post[0] != old]
        self._others = [other for other in self._others if other[0] != old]

    def truth(self) -> Truth:
        """What the server holds now."""
        told = Truth(
            {}, set(), set(), {f"report:{report['id']}" for report in self._admin.reports() if self._ours(report)}
        )
        for room in self.all_rooms:
            told.add_room(self._owner.history(room))
        return told

    def _ours(self, report: dict[str, Any]) -> bool:
        return report["room_id"] in self.all_rooms

    def _text(self) -> str:
        return f"{self._random.choice(WORDS)}, {self._random.randrange(10_000)}"

    def _say(self) -> None:
        room, rider = self._random.choice(self.rooms), self._random.choice(self._riders)
        self._posts.append((room, rider.send(room, self._text()), rider))

    def _whisper(self) -> None:
        room, rider = self._random.choice(self.rooms), self._random.choice(self._riders)
        content = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEn"}
        self._others.append((room, rider.send_event(room, "m.room.encrypted", content), rider))

    def _post(self) -> tuple[str, str, Member]:
        if not self._posts:
            self._say()
        return self._random.choice(self._posts)

    def _reply(self) -> None:
        room, event, _ = self._post()
        rider = self._random.choice(self._riders)
        self._posts.append((room, rider.reply(room, event, self._text()), rider))

    def _edit(self) -> None:
        room, event, rider = self._post()
        self._others.append((room, rider.edit(room, event, self._text()), rider))

    def _edit_somebody_elses(self) -> None:
        room, event, rider = self._post()
        other = self._random.choice([one for one in self._riders if one is not rider])
        other.edit(room, event, self._text())

    def _delete(self) -> None:
        one = self._post()
        self._posts.remove(one)
        room, event, rider = one
        self._random.choice([rider, self._owner]).redact(room, event)

    def _delete_other(self) -> None:
        """An edit, a reaction, or ciphertext."""
        if self._others:
            room, event, rider = self._others.pop(self._random.randrange(len(self._others)))
            rider.redact(room, event)

    def _react(self) -> None:
        room, event, _ = self._post()
        rider = self._random.choice(self._riders)
        key = self._random.choice("👍🚲☕🌧🔔") + str(self._random.randrange(100))
        self._others.append((room, rider.react(room, event, key), rider))

    def _report(self) -> None:
        room, event, _ = self._post()
        self._random.choice(self._riders).report(room, event)

    def _come_and_go(self) -> None:
        room, rider = self._random.choice(self.rooms), self._random.choice(self._riders[1:])
        rider.leave(room)
        self._let_in(room, rider)

    def _change_topic(self) -> None:
        self._owner.set_state(self._random.choice(self.rooms), "m.room.topic", {"topic": self._text()})
