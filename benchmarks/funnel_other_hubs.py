"""The differently built generator, its funnels: an organisation with accounts, a script, a pace and a way to begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from benchmarks.funnel_other_scene import DAY, HOUR, MINUTE, Contact, Person, Scene, Thread

STYLES = ("swift", "slow", "rotating", "split")


@dataclass
class Truth:
    """What was planted."""

    hubs: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[dict[str, Any]] = field(default_factory=list)

    def hub(self, account: int, role: str, group: str, decoy: bool, starts: float) -> dict[str, Any]:
        """A planted account begins."""
        row = {"account": account, "role": role, "group": group, "decoy": decoy, "starts": starts, "ends": starts}
        self.hubs.append(row)
        return row

    def pair(self, hub: int, newcomer: int, role: str, at: float) -> dict[str, Any]:
        """A person is approached, or approaches."""
        row = {"hub": hub, "newcomer": newcomer, "role": role, "approached_at": at}
        self.pairs.append(row)
        return row


@dataclass
class Funnel:
    """How one organisation goes about it, drawn from wide ranges.

    Args:
        scene: where.
        truth: where it is written down.
        name: of the group.
        accounts: how many accounts it may have in all.
    """

    scene: Scene
    truth: Truth
    name: str
    accounts: int

    def __post_init__(self) -> None:
        pick = self.scene.random
        self.style = "swift" if self.accounts == 1 and pick.random() < 0.5 else pick.choice(STYLES)
        if self.accounts == 1 and self.style in ("rotating", "split"):
            self.style = "slow"
        if self.accounts > 1:
            self.style = pick.choice(("rotating", "split"))
        slow = self.style == "slow"
        self.gap = pick.uniform(2, 9) * DAY if slow else pick.uniform(0.2, 1.4) * DAY
        self.burst = 1 if slow else pick.choice((1, 1, 2, 4))
        self.most = pick.randint(6, 14) if slow else pick.randint(14, 45)
        self.turns = pick.randint(5, 11)
        self.ways = [pick.uniform(0.2, 1) for _ in range(3)]
        self.follows_first = pick.uniform(0.3, 0.95)
        self.bold = pick.uniform(0.05, 0.4)
        self.fresh = pick.uniform(0.1, 0.7)
        self.answers = pick.uniform(0.4, 0.75)
        self.trust = pick.uniform(0.8, 0.95)
        self.address_turn = pick.randint(2, 9)
        self.gives = pick.uniform(0.8, 1)
        self.same_words = pick.uniform(0.45, 0.9)
        self.pauses = pick.uniform(0.15, 0.6)
        self.pause = pick.uniform(25, 140) * MINUTE
        self.stays = pick.uniform(9, 17) * DAY
        self.visible = pick.uniform(0.35, 1)
        self.hands_over = pick.uniform(0.45, 0.85)
        self.zone = pick.uniform(-8, 8)
        self.openings = [self.scene.key() for _ in range(pick.randint(1, 3))]
        self.script = [[self.scene.key() for _ in range(pick.randint(1, 2))] for _ in range(12)]
        kinds = ("email", "handle", "handle", "phone", "invite")
        self.addresses: list[Contact] = [(pick.choice(kinds), self.scene.key()) for _ in range(pick.randint(1, 3))]
        self.handlers: list[int] = []
        self.recruits: list[int] = []
        self.opened = 0

    def begin(self, at: float) -> None:
        """Open the first account, or several at once where the script is split over accounts."""
        together = self.accounts if self.style == "split" else 1
        self.handlers = [self.member(at) for _ in range(1 if self.scene.chance(0.7) else 2)]
        self.scene.planted.update(self.handlers)
        for _ in range(together):
            self.open(at + self.scene.lag(0.3 * DAY))

    def member(self, at: float) -> int:
        """An account that belongs to it, opened some time before, with some acts of cover."""
        scene = self.scene
        since = at - scene.lag(12 * DAY, 1.2)
        who = scene.enter(Person(0.0, self.zone, since))
        scene.planted.add(who)
        scene.start(max(at, 0), cover(scene, who, scene.random.uniform(0.1, 1.2)))
        return who

    def open(self, at: float) -> None:
        """Another account goes to work; sometimes it is a person who came through the funnel."""
        self.opened += 1
        scene = self.scene
        back = self.recruits.pop() if self.recruits and scene.chance(0.35) else None
        hub = self.member(at) if back is None else back
        scene.planted.add(hub)
        row = self.truth.hub(hub, "funnel", self.name, False, at)
        few = self.style == "rotating" and self.opened < self.accounts
        scene.start(at, self.working(hub, row, scene.random.randint(5, 12) if few else self.most))

    def working(self, hub: int, row: dict[str, Any], most: int) -> Thread:
        """Approach one stranger after another, in shifts; then give the account up."""
        scene, approached = self.scene, 0
        while approached < most:
            for _ in range(scene.random.randint(1, self.burst)):
                newcomer = scene.stranger(hub, scene.now, self.fresh)
                if newcomer is not None:
                    scene.start(scene.now + scene.lag(6 * MINUTE), self.courting(hub, newcomer, row))
                    approached += 1
                    row["ends"] = scene.now
            yield scene.awake(hub, scene.now + scene.lag(self.gap, 0.8), 9, 21)
        if self.style == "rotating" and self.opened < self.accounts:
            self.open(scene.now + scene.lag(DAY))

    def line(self, keys: list[str]) -> str:
        """What the script says here, or the same in other words."""
        return self.scene.random.choice(keys) if self.scene.chance(self.same_words) else self.scene.key()

    def courting(self, hub: int, who: int, row: dict[str, Any]) -> Thread:
        """One person, from the first word to the hand-off, or to wherever they leave."""
        scene = self.scene
        told = self.truth.pair(hub, who, "funnel", scene.now)
        if scene.chance(self.ways[2] / sum(self.ways)):
            for _ in range(scene.random.randint(1, 4)):
                scene.say(scene.now, "reaction", hub, who)
                yield scene.soon(hub, scene.now, 8 * HOUR)
        if scene.chance(self.follows_first):
            scene.say(scene.now + scene.lag(5 * MINUTE), "follow", hub, who)
        kind = "mention" if scene.chance(self.ways[0] / (self.ways[0] + self.ways[1])) else "reply"
        scene.say(scene.now, kind, hub, who, key=self.line(self.openings), length="short")
        told["approached_at"] = scene.now
        yield scene.soon(who, scene.now, scene.lag(4 * HOUR))
        if not scene.here(who, scene.now):
            return
        if not scene.chance(self.answers):
            if scene.chance(0.06):
                scene.say(scene.now, scene.random.choice(("block", "report")), who, hub)
            if not scene.chance(self.bold):
                return
        elif scene.chance(0.88):
            scene.say(scene.now, "follow", who, hub)
            told["followed_back_at"] = scene.now
            if scene.chance(0.3):
                scene.say(scene.now + scene.lag(5 * MINUTE), "reply", who, hub, key=scene.words(), length="short")
        else:
            scene.say(scene.now, "reply", who, hub, key=scene.words(), length="short")
        yield scene.awake(hub, scene.now + scene.lag(3 * HOUR, 1.3), 9, 22)
        told["direct_at"] = scene.now
        yield from self.talking(hub, who, told)
        row["ends"] = max(row["ends"], scene.now)

    def talking(self, hub: int, who: int, told: dict[str, Any]) -> Thread:
        """The script, turn by turn, with pauses as if somebody were asked, and the address on the way."""
        scene = self.scene
        for turn in range(self.turns):
            passed = turn == self.address_turn % self.turns and scene.chance(self.gives)
            contact = scene.random.choice(self.addresses) if passed else None
            scene.write(scene.now, hub, who, self.line(self.script[turn]), contact)
            if contact is not None:
                told["contact_at"] = scene.now
            while scene.chance(0.3):
                yield scene.now + scene.lag(1.5 * MINUTE)
                scene.write(scene.now, hub, who)
            if not scene.chance(self.trust):
                return
            yield scene.soon(who, scene.now, 25 * MINUTE, 1.7)
            if not scene.here(who, scene.now):
                return
            scene.write(scene.now, who, hub)
            pause = self.pause if scene.chance(self.pauses) else 4 * MINUTE
            yield scene.awake(hub, scene.now + scene.lag(pause, 0.7), 9, 22)
        if "contact_at" in told:
            yield from self.staying(hub, who, told)

    def staying(self, hub: int, who: int, told: dict[str, Any]) -> Thread:
        """Weeks of chats, partly elsewhere; then somebody else takes over and the hub falls silent."""
        scene, since = self.scene, self.scene.now
        until = since + scene.lag(self.stays, 0.35)
        while scene.now < until:
            yield scene.soon(who, scene.now, 15 * HOUR / self.visible, 0.8)
            if not scene.chance(0.97) or not scene.here(who, scene.now):
                return
            for _ in range(scene.random.randint(1, 4)):
                scene.write(scene.now, hub, who, self.line(self.script[11]) if scene.chance(0.2) else None)
                yield scene.soon(who, scene.now, 9 * MINUTE, 1.2)
                scene.write(scene.now, who, hub)
                pause = self.pause if scene.chance(self.pauses) else 5 * MINUTE
                yield scene.awake(hub, scene.now + scene.lag(pause, 0.8), 9, 23)
            if "sustained_at" not in told and scene.now - since > 3 * DAY:
                told["sustained_at"] = scene.now
        if not scene.chance(self.hands_over) or scene.now >= scene.end:
            return
        handler = scene.random.choice(self.handlers)
        yield scene.awake(handler, scene.now + scene.lag(0.7 * DAY), 9, 22)
        if scene.now < scene.end:
            told["handed_off_at"], told["handed_to"] = scene.now, handler
            self.recruits.append(who)
        for _ in range(scene.random.randint(2, 9)):
            scene.write(scene.now, handler, who)
            yield scene.soon(who, scene.now, HOUR, 1.4)
            scene.write(scene.now, who, handler)
            yield scene.awake(handler, scene.now + scene.lag(2 * HOUR), 9, 22)


def cover(scene: Scene, who: int, rate: float) -> Thread:
    """What a planted account does besides: it deals with a few acquaintances and reacts to what is around."""
    friends: list[int] = []
    while True:
        yield scene.awake(who, scene.now + scene.random.expovariate(rate / DAY))
        if len(friends) < 4 and scene.recent:
            friends.append(scene.random.choice(scene.recent[-500:]))
        if not friends:
            continue
        other = scene.random.choice(friends)
        kind = scene.random.choice(("reaction", "reply", "follow", "repost", "dm", "mention"))
        if kind == "dm" and not scene.known(who, other):
            kind = "reaction"
        said = kind in ("dm", "reply", "mention")
        scene.say(scene.now, kind, who, other, key=scene.words() if said else None, length="short" if said else None)
        if said and scene.chance(0.6):
            yield scene.soon(other, scene.now, HOUR)
            scene.say(scene.now, kind, other, who, key=scene.words(), length="short")
