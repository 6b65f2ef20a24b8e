"""The differently built generator, its clock: threads that act, sleep and act again, hour by hour and day by day.

A thread is a Python generator that yields the moment at which it wants to go on. Nothing of it comes from
``seawall.simulate`` or from ``seawall.measures.funnel``.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import count
from math import exp

HOUR = 3600.0
DAY = 86_400.0
MINUTE = 60.0
CONTACTS = ("email", "phone", "handle", "invite", "payment")

Thread = Generator[float, None, None]
Contact = tuple[str, str]
Row = tuple[float, str, int, int | None, str | None, str | None, str | None, str | None, str | None]
"""Seconds since the start, kind, source, target, channel, contact kind, contact key, reply key, length class."""


@dataclass
class Person:
    """Somebody on the platform.

    Args:
        rate: acts a day of their own accord.
        zone: hours by which their clock is ahead.
        joined: seconds since the start; negative if before.
        reserve: how private they are, 0 to 1.
        habit: one of "", "greeter", "collector", "crier", "sharer".
    """

    rate: float
    zone: float
    joined: float
    reserve: float = 0.5
    habit: str = ""
    urn: list[int] = field(default_factory=list)


class Scene:
    """Persons, what they did, and the threads that go on.

    Args:
        seed: of every draw.
        days: how long it lasts.
    """

    def __init__(self, seed: int, days: int) -> None:
        self.random = random.Random(seed)
        self.days = days
        self.now = 0.0
        self.planted: set[int] = set()
        self.persons: list[Person] = []
        self.rows: list[Row] = []
        self.follows: set[tuple[int, int]] = set()
        self.ties: dict[tuple[int, int], int] = {}
        self.recent: list[int] = []
        self.fresh: list[int] = []
        self._queue: list[tuple[float, int, Thread]] = []
        self._turn = count()

    @property
    def end(self) -> float:
        """The last second."""
        return self.days * DAY

    # --- chance

    def lag(self, median: float, spread: float = 1.0) -> float:
        """A log-normal wait, in the unit of its median."""
        return median * exp(self.random.gauss(0, spread))

    def chance(self, part: float) -> bool:
        """True in that part of all cases."""
        return self.random.random() < part

    def key(self) -> str:
        """A hash that nobody else has."""
        return f"{self.random.getrandbits(48):012x}"

    def phrase(self) -> str:
        """The hash of a common phrase: thanks, good morning, see you."""
        return f"{int(self.random.paretovariate(0.7)) % 4000:04x}c0ffee"

    def awake(self, who: int, at: float, wakes: float = 7.0, rests: float = 24.0) -> float:
        """The moment, or if they sleep then, some time after they wake."""
        local = (at / HOUR + self.persons[who].zone) % 24
        if wakes <= local < rests:
            return at
        return at + ((wakes - local) % 24) * HOUR + self.random.expovariate(1 / HOUR)

    def soon(self, who: int, at: float, median: float, spread: float = 1.2) -> float:
        """When somebody gets round to it: a log-normal wait, and never in their sleep."""
        return self.awake(who, at + self.lag(median, spread))

    # --- acts

    def say(
        self,
        at: float,
        kind: str,
        source: int,
        target: int | None,
        *,
        key: str | None = None,
        contact: Contact | None = None,
        length: str | None = None,
        channel: str | None = None,
    ) -> None:
        """One act; what lies before the start or after the end is not seen."""
        if not 0 <= at < self.end or source == target:
            return
        given, address = contact or (None, None)
        self.rows.append((at, kind, source, target, channel, given, address, key, length))
        self.recent.append(source)
        if target is not None:
            pair = (source, target) if source < target else (target, source)
            self.ties[pair] = self.ties.get(pair, 0) + 1
            if kind == "follow":
                self.follows.add((source, target))
            elif kind in ("unfollow", "block"):
                self.follows.discard((source, target))

    def write(
        self, at: float, source: int, target: int, key: str | None = None, contact: Contact | None = None
    ) -> None:
        """A direct message."""
        length = self.random.choice(("short", "medium", "medium", "long"))
        self.say(at, "dm", source, target, key=key or self.words(), contact=contact, length=length)

    def words(self) -> str:
        """The hash of what an ordinary person writes: mostly their own words."""
        return self.phrase() if self.random.random() < 0.12 else self.key()

    def known(self, one: int, other: int) -> int:
        """How often two persons have dealt with one another."""
        return self.ties.get((one, other) if one < other else (other, one), 0)

    def mutual(self, one: int, other: int) -> bool:
        """Whether they follow one another."""
        return (one, other) in self.follows and (other, one) in self.follows

    # --- persons

    def enter(self, person: Person) -> int:
        """Another person; their number."""
        self.persons.append(person)
        return len(self.persons) - 1

    def here(self, who: int, at: float) -> bool:
        """Whether a person is still on the platform."""
        return self.persons[who].joined <= at < self.end

    def stranger(self, to: int, at: float, fresh: float = 0.3) -> int | None:
        """Somebody who was active lately, or joined lately, and has never dealt with this account."""
        for _ in range(60):
            pool = self.fresh if self.fresh and self.random.random() < fresh else self.recent
            if not pool:
                return None
            who = pool[self.random.randrange(max(0, len(pool) - 6000), len(pool))]
            if who != to and self.ordinary(who) and not self.known(to, who) and self.here(who, at):
                return who
        return None

    def ordinary(self, who: int) -> bool:
        """Whether nobody planted this account."""
        return who not in self.planted

    # --- the loop

    def start(self, at: float, thread: Thread) -> None:
        """Let a thread begin at a moment."""
        heapq.heappush(self._queue, (at, next(self._turn), thread))

    def run(self) -> None:
        """Day by day, hour by hour, to the end."""
        for day in range(self.days):
            for hour in range(24):
                begin = day * DAY + hour * HOUR
                self.hour(begin)
                self._drain(begin + HOUR)
            del self.recent[:-6000]
            del self.fresh[:-300]

    def hour(self, begin: float) -> None:
        """What happens of itself in the hour that begins."""

    def _drain(self, until: float) -> None:
        queue = self._queue
        while queue and queue[0][0] < until:
            at, _, thread = heapq.heappop(queue)
            self.now = at
            wake = next(thread, None)
            if wake is not None and wake < self.end:
                heapq.heappush(queue, (max(wake, at), next(self._turn), thread))
