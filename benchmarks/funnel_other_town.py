"""The differently built generator, its platform: neighbours on a map, urns of partners, answers upon answers."""

from __future__ import annotations

from math import pi

import numpy as np

from benchmarks.funnel_other_scene import CONTACTS, DAY, HOUR, MINUTE, Person, Scene, Thread

HABITS = ("greeter", "collector", "crier", "sharer")
SHARES = (0.003, 0.003, 0.0015, 0.01)


class Town(Scene):
    """A platform of its own making.

    Persons live on a map. They turn to whom they turned to before (an urn), to neighbours, to friends of friends and to
    the famous; answers follow log-normal waits and set off further answers. Some have habits that look odd and mean
    nothing: they greet who joins, follow hundreds, call out the same words to many, or give everybody their address.

    Args:
        seed: of every draw.
        accounts: how many persons.
        days: how long it lasts.
        rate: acts a day of the median person.
    """

    def __init__(self, seed: int, accounts: int, days: int, rate: float = 0.09) -> None:
        super().__init__(seed, days)
        self.draw = np.random.default_rng(seed)
        side = max(2, int((accounts / 25) ** 0.5))
        places = self.draw.integers(0, side, (accounts, 2))
        self.cells: dict[tuple[int, int], list[int]] = {}
        self.place: list[tuple[int, int]] = [(int(x), int(y)) for x, y in places]
        rates = np.minimum(rate * np.exp(self.draw.normal(0, 1.35, accounts)), 25)
        late = self.draw.random(accounts) < 0.18
        joined = np.where(late, self.draw.random(accounts) * days, -self.draw.exponential(300, accounts)) * DAY
        odd = self.draw.choice(len(HABITS) + 1, accounts, p=[*SHARES, 1 - sum(SHARES)])
        names = (*HABITS, "")
        for who in range(accounts):
            zone, reserve = self.random.gauss(0, 2.5), self.random.random()
            self.enter(Person(float(rates[who]), zone, float(joined[who]), reserve, names[odd[who]]))
            self.cells.setdefault(self.place[who], []).append(who)
        self.zones = np.array([person.zone for person in self.persons])
        self.rates, self.joined = rates, joined
        fame = self.draw.pareto(1.1, accounts)
        self.famous = self.draw.choice(accounts, 20_000, p=fame / fame.sum()).tolist()
        self.calls = {who: self.key() for who in range(accounts)}
        self._acquaint(accounts)

    def _acquaint(self, accounts: int) -> None:
        """Ties from before the start: neighbours who follow one another."""
        for who in range(accounts):
            if self.joined[who] >= 0:
                continue
            for _ in range(1 + int(self.random.expovariate(0.3))):
                other = self.near(who)
                if self.joined[other] < 0 and other != who:
                    self.persons[who].urn += [other, other]
                    self.ties[min(who, other), max(who, other)] = 1
                    self.follows.add((who, other))
                    if self.chance(0.6):
                        self.follows.add((other, who))

    def near(self, who: int) -> int:
        """Somebody of the neighbourhood."""
        x, y = self.place[who] if who < len(self.place) else self.random.choice(self.place)
        cell = self.cells.get((x + self.random.randint(-1, 1), y + self.random.randint(-1, 1))) or self.cells.get(
            (x, y)
        )
        return self.random.choice(cell) if cell else self.random.choice(self.famous)

    def hour(self, begin: float) -> None:
        """Who acts of their own accord this hour, and who joins."""
        local = (begin / HOUR + self.zones) % 24
        weight = np.maximum(0.08, 1 - np.cos(2 * pi * (local - 3) / 24)) * (1.25 if begin // DAY % 7 >= 5 else 0.9)
        mean = self.rates * weight / 24 * (self.joined <= begin)
        for who in np.flatnonzero(self.draw.random(len(mean)) < mean).tolist():
            self.act(who, begin + self.random.random() * HOUR)
        for who in np.flatnonzero((self.joined >= begin) & (self.joined < begin + HOUR)).tolist():
            self.fresh.append(who)
            self.arrive(who, float(self.joined[who]))

    # --- what persons do

    def act(self, who: int, at: float) -> None:
        """One thing that a person feels like doing."""
        person, roll = self.persons[who], self.random.random()
        if person.habit and self.chance(0.5):
            self.odd(who, person.habit, at)
        elif roll < 0.5 and person.urn:
            self.turn_to(who, self.random.choice(person.urn), at)
        elif roll < 0.72:
            self.turn_to(who, self.near(who), at)
        elif roll < 0.80 and person.urn:
            friends = self.persons[self.random.choice(person.urn)].urn
            self.turn_to(who, self.random.choice(friends) if friends else self.near(who), at)
        elif roll < 0.89:
            kind = self.random.choice(("reaction", "reaction", "repost", "reply", "mention"))
            self.public(kind, who, self.random.choice(self.famous), at)
        elif roll < 0.94:
            self.start(at, self.following(who, self.random.choice((self.near(who), self.random.choice(self.famous)))))
        elif roll < 0.985:
            self.clubs(who, at)
        else:
            kind = self.random.choice(("unfollow", "unfollow", "report", "block"))
            self.say(at, kind, who, self.random.choice(person.urn) if person.urn else self.near(who))

    def clubs(self, who: int, at: float) -> None:
        """Rooms: somebody joins, leaves, or asks a friend along."""
        x, y = self.place[who]
        kind = self.random.choice(("join", "join", "leave", "invite"))
        target = self.near(who) if kind == "invite" else None
        self.say(at, kind, who, target, channel=f"shed-{x // 3}-{y // 3}")

    def public(self, kind: str, who: int, other: int, at: float, key: str | None = None) -> None:
        """An act that all can see."""
        said = kind in ("mention", "reply")
        self.say(at, kind, who, other, key=(key or self.words()) if said else None, length="short" if said else None)

    def turn_to(self, who: int, other: int, at: float) -> None:
        """Somebody turns to somebody, in private if they are close."""
        if who == other or not self.here(other, at):
            return
        person = self.persons[who]
        close = self.mutual(who, other)
        if self.chance((0.25 + 0.5 * person.reserve) if close else 0.03):
            self.start(at, self.chat(who, other))
        else:
            kind = self.random.choice(("reaction", "reaction", "reply", "reply", "mention", "repost"))
            self.public(kind, who, other, at)
            if self.chance(0.45 if close else 0.25):
                self.start(self.soon(other, at, 40 * MINUTE, 1.5), self.answering(other, who))
            if not close and self.chance(0.10):
                self.start(self.lag(HOUR) + at, self.following(who, other))
        person.urn.append(other)
        if len(person.urn) > 60:
            del person.urn[:20]

    def answering(self, who: int, other: int) -> Thread:
        """Answers that set off answers, fewer each time."""
        while True:
            now = self.now
            self.public(self.random.choice(("reply", "reply", "reaction", "mention")), who, other, now)
            self.persons[who].urn.append(other)
            if not self.chance(0.42):
                return
            who, other = other, who
            yield self.soon(who, now, 15 * MINUTE, 1.4)

    def following(self, who: int, other: int) -> Thread:
        """A follow, and perhaps one in return."""
        now = self.now
        if (who, other) in self.follows:
            return
        self.say(now, "follow", who, other)
        if self.chance(0.4 if self.known(who, other) > 1 else 0.2):
            yield self.soon(other, now, 9 * HOUR, 1.4)
            now = self.now
            self.say(now, "follow", other, who)

    def chat(self, who: int, other: int) -> Thread:
        """A conversation in bursts; friends of long standing sometimes give an address."""
        for _ in range(1 + int(self.random.expovariate(0.2))):
            now = self.now
            gives = self.known(who, other) > 8 and self.chance(0.012)
            gives = gives or (self.persons[who].habit == "sharer" and self.chance(0.12))
            contact = (self.random.choice(CONTACTS), f"of{who:x}") if gives else None
            self.write(now, who, other, contact=contact)
            self.persons[who].urn.append(other)
            if self.chance(0.7):
                who, other = other, who
            yield self.soon(who, now, 4 * MINUTE, 1.5)

    def odd(self, who: int, habit: str, at: float) -> None:
        """A habit that looks odd and means nothing."""
        if habit == "greeter" and self.fresh:
            self.public("reply", who, self.random.choice(self.fresh[-20:]), at, self.calls[who])
        elif habit == "collector":
            for _ in range(self.random.randint(1, 9)):
                self.start(
                    at, self.following(who, self.random.choice((self.near(who), self.random.choice(self.famous))))
                )
        elif habit == "crier":
            for _ in range(self.random.randint(2, 6)):
                self.public("mention", who, self.random.choice((self.near(who), *self.famous[:1])), at, self.calls[who])
        else:
            self.turn_to(who, self.near(who), at)

    def arrive(self, who: int, now: float) -> None:
        """Somebody joins, follows a few, and is greeted by neighbours."""
        x, y = self.place[who]
        self.say(now, "join", who, None, channel=f"shed-{x // 3}-{y // 3}")
        for _ in range(self.random.randint(0, 6)):
            self.start(now + self.lag(HOUR), self.following(who, self.near(who)))
        for _ in range(self.random.randint(0, 3)):
            friend = self.near(who)
            self.start(self.soon(friend, now, 5 * HOUR), self.answering(friend, who))
            self.persons[who].urn.append(friend)
