"""The differently built generator, its lawful look-alikes: each role lives on the platform in a way of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.funnel_other_hubs import Truth, cover
from benchmarks.funnel_other_scene import CONTACTS, DAY, HOUR, MINUTE, Contact, Person, Scene, Thread


class LookAlike:
    """One account that does something lawful which a funnel resembles.

    Args:
        scene: where.
        truth: where it is written down.
        role: one of ROLES.
        at: when it begins.
    """

    def __init__(self, scene: Scene, truth: Truth, role: str, at: float) -> None:
        self.scene, self.truth, self.role = scene, truth, role
        pick = scene.random
        self.me = self._enter(at)
        self.mate = self._enter(at)
        self.row = truth.hub(self.me, role, f"{role} {self.me}", True, at)
        self.canned = [scene.key() for _ in range(6)]
        self.address: Contact = (pick.choice(CONTACTS), scene.key())
        self.same_words = pick.uniform(0.5, 0.95)
        self.pace = pick.uniform(0.4, 2.5)
        self.zone = pick.uniform(-6, 6)
        scene.start(at, WAYS[role](self))

    def _enter(self, at: float) -> int:
        scene = self.scene
        who = scene.enter(Person(0.0, scene.random.uniform(-6, 6), at - scene.lag(40 * DAY)))
        scene.planted.add(who)
        scene.start(max(at, 0), cover(scene, who, scene.random.uniform(0.1, 1.5)))
        return who

    # --- what all of them do

    def line(self, step: int) -> str:
        """A canned sentence, or their own words."""
        return self.canned[step % 6] if self.scene.chance(self.same_words) else self.scene.words()

    def met(self, who: int) -> dict[str, Any]:
        """Somebody is dealt with for the first time."""
        self.row["ends"] = self.scene.now
        return self.truth.pair(self.me, who, self.role, self.scene.now)

    def public(self, source: int, target: int, key: str | None = None) -> None:
        """A word that all can see."""
        kind = self.scene.random.choice(("mention", "reply"))
        self.scene.say(self.scene.now, kind, source, target, key=key or self.scene.words(), length="short")

    def follow(self, source: int, target: int) -> None:
        """A follow, now."""
        self.scene.say(self.scene.now, "follow", source, target)

    def mine(self, median: float, spread: float = 1.0) -> float:
        """When I get round to it, in office hours."""
        return self.scene.awake(self.me, self.scene.now + self.scene.lag(median, spread), 8, 21)

    def theirs(self, who: int, median: float, spread: float = 1.3) -> float:
        """When they get round to it."""
        return self.scene.soon(who, self.scene.now, median, spread)

    def next_case(self) -> float:
        """When the next person comes along."""
        return self.scene.awake(self.me, self.scene.now + self.scene.random.expovariate(self.pace / DAY), 8, 22)

    def somebody(self, fresh: float = 0.2) -> int | None:
        """A person with whom there was nothing before."""
        return self.scene.stranger(self.me, self.scene.now, fresh)

    def exchange(self, who: int, told: dict[str, Any], rounds: int, mine: float, theirs: float, gives: float) -> Thread:
        """Direct messages to and fro, they first; an address may be passed at some turn."""
        scene = self.scene
        told.setdefault("direct_at", scene.now)
        turn_of_address = scene.random.randrange(rounds) if scene.chance(gives) else -1
        for turn in range(rounds):
            if not scene.here(who, scene.now):
                return
            scene.write(scene.now, who, self.me)
            yield self.mine(mine)
            contact = self.address if turn == turn_of_address else None
            if contact:
                told["contact_at"] = scene.now
            scene.write(scene.now, self.me, who, self.line(turn) if turn < 4 else None, contact)
            yield self.theirs(who, theirs)

    # --- the roles

    def support(self) -> Thread:
        """People ask in public; the answer is canned; details go to direct messages; some are passed to a colleague."""
        self.pace *= 4
        while True:
            who = self.somebody()
            if who is not None:
                self.scene.start(self.scene.now, self.a_ticket(who))
            yield self.next_case()

    def a_ticket(self, who: int) -> Thread:
        scene, told = self.scene, self.met(who)
        if scene.chance(0.85):
            self.public(who, self.me)
            yield self.mine(20 * MINUTE)
        self.public(self.me, who, self.line(0))
        if not scene.chance(0.5):
            return
        yield self.theirs(who, 30 * MINUTE)
        if scene.chance(0.3):
            self.follow(who, self.me)
        yield from self.exchange(who, told, scene.random.randint(1, 4), 15 * MINUTE, 20 * MINUTE, 0.3)
        if scene.chance(0.2):
            yield self.mine(2 * HOUR)
            scene.write(scene.now, self.mate, who, self.line(5))
            yield self.theirs(who, HOUR)
            scene.write(scene.now, who, self.mate)

    def recruiting(self) -> Thread:
        """Cold direct messages with the same words and an address at once; few answer, and then they telephone."""
        while True:
            for _ in range(self.scene.random.randint(1, 3)):
                who = self.somebody(0.1)
                if who is not None:
                    self.scene.start(self.scene.now + self.scene.lag(10 * MINUTE), self.a_candidate(who))
            yield self.next_case()

    def a_candidate(self, who: int) -> Thread:
        scene, told = self.scene, self.met(who)
        if scene.chance(0.5):
            self.follow(self.me, who)
        if scene.chance(0.2):
            self.public(self.me, who, self.line(0))
            yield self.mine(HOUR)
        told["direct_at"] = scene.now
        contact = self.address if scene.chance(0.7) else None
        if contact:
            told["contact_at"] = scene.now
        scene.write(scene.now, self.me, who, self.line(1), contact)
        yield self.theirs(who, 9 * HOUR)
        if scene.chance(0.25):
            if scene.chance(0.4):
                self.follow(who, self.me)
            yield from self.exchange(who, told, scene.random.randint(1, 3), 2 * HOUR, 8 * HOUR, 0.3)

    def sales(self) -> Thread:
        """The same offer to many, in public or not; hardly anybody answers."""
        self.pace *= 3
        private = self.scene.chance(0.4)
        while True:
            who = self.somebody()
            if who is not None:
                told, scene = self.met(who), self.scene
                if private:
                    told["direct_at"] = told["contact_at"] = scene.now
                    scene.write(scene.now, self.me, who, self.line(0), self.address)
                else:
                    self.public(self.me, who, self.line(0))
                    if scene.chance(0.3):
                        self.follow(self.me, who)
                if scene.chance(0.05):
                    scene.start(self.theirs(who, 5 * HOUR), self.exchange(who, told, 2, HOUR, HOUR, 0.5))
            yield self.next_case()

    def dating(self) -> Thread:
        """A handful of people, one after another; both sides flirt, both write at length, either gives a number."""
        for _ in range(self.scene.random.randint(3, 7)):
            who = self.somebody(0.1)
            if who is not None:
                self.scene.start(self.scene.now, self.a_date(who))
            yield self.scene.now + self.scene.lag(7 * DAY, 0.7)

    def a_date(self, who: int) -> Thread:
        scene, told = self.scene, self.met(who)
        first, second = (self.me, who) if scene.chance(0.5) else (who, self.me)
        for _ in range(scene.random.randint(1, 4)):
            scene.say(scene.now, "reaction", first, second)
            yield scene.soon(second, scene.now, 5 * HOUR)
            first, second = second, first
        self.follow(first, second)
        if scene.chance(0.8):
            self.follow(second, first)
        if not scene.chance(0.7):
            return
        told["direct_at"] = scene.now
        for number in range(scene.random.randint(4, 60)):
            gives = number > 6 and "contact_at" not in told and scene.chance(0.06)
            if gives:
                told["contact_at"] = scene.now
            scene.write(scene.now, first, second, contact=("phone", f"of{first:x}") if gives else None)
            if scene.chance(0.75):
                first, second = second, first
            yield scene.soon(first, scene.now, 25 * MINUTE, 1.9)

    def mentoring(self) -> Thread:
        """Learners write to a teacher, stay for weeks, and come to know one another."""
        learners: list[int] = []
        for _ in range(self.scene.random.randint(4, 14)):
            who = self.somebody(0.6)
            if who is not None:
                self.scene.start(self.scene.now, self.a_learner(who, learners))
            yield self.scene.now + self.scene.lag(4 * DAY)

    def a_learner(self, who: int, learners: list[int]) -> Thread:
        scene, told = self.scene, self.met(who)
        first, second = (who, self.me) if scene.chance(0.75) else (self.me, who)
        self.public(first, second)
        yield scene.soon(second, scene.now, 5 * HOUR)
        self.public(second, first)
        self.follow(who, self.me)
        if scene.chance(0.7):
            self.follow(self.me, who)
        learners.append(who)
        for _ in range(scene.random.randint(2, 9)):
            if scene.chance(0.5):
                self.public(who, scene.random.choice(learners))
            yield self.theirs(who, 1.5 * DAY)
            yield from self.exchange(who, told, scene.random.randint(1, 4), HOUR, HOUR, 0.04)
            yield self.theirs(who, 2 * DAY)

    def chaplaincy(self) -> Thread:
        """People in need write first, often at night; long talks; a telephone number for when it is urgent."""
        for _ in range(self.scene.random.randint(4, 16)):
            who = self.somebody(0.2)
            if who is not None:
                self.scene.start(self.scene.now, self.a_talk(who))
            yield self.scene.now + self.scene.lag(3 * DAY)

    def a_talk(self, who: int) -> Thread:
        scene, told = self.scene, self.met(who)
        if scene.chance(0.4):
            self.public(who, self.me)
            yield self.mine(HOUR)
        if scene.chance(0.4):
            self.follow(who, self.me)
        for _ in range(scene.random.randint(1, 8)):
            yield from self.exchange(who, told, scene.random.randint(2, 7), 15 * MINUTE, 12 * MINUTE, 0.12)
            yield self.theirs(who, 2 * DAY)

    def aid(self) -> Thread:
        """People ask where to sleep; the office answers, asks in private, gives its number; a caseworker takes over."""
        while True:
            for _ in range(self.scene.random.randint(1, 2)):
                who = self.somebody(0.5)
                if who is not None:
                    self.scene.start(self.scene.now, self.a_case(who))
            yield self.next_case()

    def a_case(self, who: int) -> Thread:
        scene, told = self.scene, self.met(who)
        if scene.chance(0.75):
            self.public(who, self.me)
            yield self.mine(2 * HOUR)
        self.public(self.me, who, self.line(0))
        if not scene.chance(0.6):
            return
        yield self.theirs(who, 3 * HOUR)
        if scene.chance(0.5):
            self.follow(who, self.me)
            told["followed_back_at"] = scene.now
        yield from self.exchange(who, told, scene.random.randint(2, 6), HOUR, 2 * HOUR, 0.75)
        if scene.chance(0.45):
            yield self.mine(DAY)
            for _ in range(scene.random.randint(1, 6)):
                scene.write(scene.now, self.mate, who)
                yield self.theirs(who, 5 * HOUR)
                scene.write(scene.now, who, self.mate)
                yield self.mine(9 * HOUR)

    def welcome(self) -> Thread:
        """Each newcomer is greeted with the same words, shown around, and comes to know the others."""
        guests: list[int] = []
        while True:
            yield self.mine(8 * HOUR, 0.5)
            for who in self.scene.fresh[-6:]:
                if not self.scene.known(self.me, who) and self.scene.ordinary(who):
                    self.scene.start(self.mine(30 * MINUTE), self.a_guest(who, guests))

    def a_guest(self, who: int, guests: list[int]) -> Thread:
        scene, told = self.scene, self.met(who)
        self.public(self.me, who, self.line(0))
        if scene.chance(0.5):
            self.public(self.mate, who, self.line(1))
        if scene.chance(0.5):
            self.follow(self.me, who)
        yield self.theirs(who, 5 * HOUR)
        if scene.chance(0.45):
            self.follow(who, self.me)
            told["followed_back_at"] = scene.now
            guests.append(who)
        if scene.chance(0.25):
            yield from self.exchange(who, told, scene.random.randint(1, 4), HOUR, HOUR, 0.15)
        for _ in range(scene.random.randint(0, 3)):
            if guests:
                yield self.theirs(who, 1.5 * DAY)
                self.public(who, scene.random.choice(guests))

    def creator(self) -> Thread:
        """Admirers by the dozen; some get an answer, a few a follow, patrons a link."""
        self.pace *= 8
        while True:
            who = self.somebody(0.2)
            if who is not None:
                self.scene.start(self.scene.now, self.an_admirer(who))
            yield self.next_case()

    def an_admirer(self, who: int) -> Thread:
        scene = self.scene
        self.follow(who, self.me)
        for _ in range(scene.random.randint(1, 3)):
            scene.say(scene.now, "reaction", who, self.me)
            yield self.theirs(who, DAY)
        if not scene.chance(0.4):
            return
        told = self.met(who)
        self.public(who, self.me)
        yield self.mine(4 * HOUR)
        self.public(self.me, who, self.line(0))
        if scene.chance(0.1):
            self.follow(self.me, who)
        if scene.chance(0.12):
            yield self.theirs(who, HOUR)
            yield from self.exchange(who, told, scene.random.randint(1, 2), 3 * HOUR, HOUR, 0.6)


WAYS: dict[str, Callable[[LookAlike], Thread]] = {
    "support": LookAlike.support,
    "recruiting": LookAlike.recruiting,
    "sales": LookAlike.sales,
    "dating": LookAlike.dating,
    "mentoring": LookAlike.mentoring,
    "chaplaincy": LookAlike.chaplaincy,
    "aid": LookAlike.aid,
    "welcome": LookAlike.welcome,
    "creator": LookAlike.creator,
}
ROLES = tuple(WAYS)
