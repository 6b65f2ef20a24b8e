"""The differently built generator on a real background: what was recorded is replayed, and threads live among it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.funnel_other_scene import CONTACTS, DAY, HOUR, Person, Scene, Thread

QUIET = 5 * DAY


class Replay(Scene):
    """A recorded platform.

    A record has one side of life only: private messages without public words, or the other way round. In it whoever
    was planted would be the only one who does the rest, and any rule would find them. So people who deal with one
    another in the record also do a little of the other kind, by dice: public words and follows before the first private
    message, private messages between those who often speak in public. Those acts are simulated; the record's own are
    as recorded.

    Args:
        seed: of every draw.
        record: ``at, kind, source, target``.
    """

    def __init__(self, seed: int, record: pa.Table) -> None:
        record = record.filter(pc.is_valid(record["source"])).sort_by("at")
        at = record["at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy() / 1e6
        self.begin = float(np.floor(at[0] / DAY) * DAY)
        super().__init__(seed, int((at[-1] - self.begin) // DAY) + 1)
        sides = pa.concat_arrays([record[side].cast(pa.string()).combine_chunks() for side in ("source", "target")])
        codes = sides.dictionary_encode()
        self.names: list[str] = codes.dictionary.to_pylist()
        numbers = pc.fill_null(codes.indices, -1).to_numpy(zero_copy_only=False)
        self.at = at - self.begin
        self.source, self.target = numbers[: len(at)], numbers[len(at) :]
        self.kind: list[str] = record["kind"].cast(pa.string()).to_pylist()
        self.private = np.mean([kind == "dm" for kind in self.kind]) > 0.5
        first = np.full(len(self.names), np.inf)
        last = np.full(len(self.names), -np.inf)
        for side in (self.source, self.target):
            np.minimum.at(first, side[side >= 0], self.at[side >= 0])
        np.maximum.at(last, self.source, self.at)
        self.last: list[float] = last.tolist()
        for number in range(len(self.names)):
            self.enter(Person(0.0, self.random.gauss(0, 3), float(first[number])))
        self.place = 0

    def here(self, who: int, at: float) -> bool:
        """Whether they still write in the record a few days from now."""
        if who >= len(self.last):
            return super().here(who, at)
        return self.persons[who].joined <= at < min(self.end, self.last[who] + QUIET)

    def hour(self, begin: float) -> None:
        """What the record has for this hour."""
        until = begin + HOUR
        while self.place < len(self.at) and self.at[self.place] < until:
            row, self.place = self.place, self.place + 1
            at, source, target = float(self.at[row]), int(self.source[row]), int(self.target[row])
            other = target if target >= 0 else None
            new = other is not None and not self.known(source, other)
            if self.persons[source].joined == at:
                self.fresh.append(source)
            said = self.kind[row] in ("dm", "mention", "reply")
            self.say(at, self.kind[row], source, other, key=self.words() if said else None)
            if other is not None:
                self.beside(source, other, at, new)

    def beside(self, source: int, target: int, at: float, new: bool) -> None:
        """The other side of life, which the record lacks."""
        if self.private and new:
            if self.chance(0.3):
                kind = self.random.choice(("mention", "reply", "reply", "reaction"))
                said = kind != "reaction"
                self.say(at - self.lag(9 * HOUR, 1.3), kind, source, target, key=self.words() if said else None)
            if self.chance(0.35):
                self.say(at - self.lag(3 * HOUR, 1.3), "follow", source, target)
                if self.chance(0.5):
                    self.say(at + self.lag(5 * HOUR, 1.3), "follow", target, source)
        elif self.private and self.known(source, target) > 8 and self.chance(0.004):
            kind = self.random.choice(CONTACTS)
            self.say(at, "contact_shared", source, target, contact=(kind, f"of{source:x}"))
        elif not self.private and self.known(source, target) in (4, 12, 40) and self.chance(0.4):
            self.say(at, "follow", source, target)
            if self.chance(0.5):
                self.say(at + self.lag(5 * HOUR, 1.3), "follow", target, source)
            self.start(at + self.lag(3 * HOUR), self.whispering(source, target))

    def whispering(self, one: int, other: int) -> Thread:
        """A few private messages between people who often speak in public."""
        for _ in range(1 + int(self.random.expovariate(0.25))):
            contact = (self.random.choice(CONTACTS), f"of{one:x}") if self.chance(0.01) else None
            self.write(self.now, one, other, contact=contact)
            if self.chance(0.75):
                one, other = other, one
            yield self.soon(one, self.now, 600, 1.5)
