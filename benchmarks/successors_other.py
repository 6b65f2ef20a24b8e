"""A second generator of takedowns, built otherwise than ``seawall.simulate``; no weight was fitted on it.

Publishers, not channels, are its agents: each keeps one to three channels, a library of media, standing texts, a site
and allies, goes through its days one by one, and decides after an end whether and how to come back: at once, within a
week, weeks later, or with a reserve that stood idle for weeks. Beside them clubs with one channel, admirers that repost
one publisher, directories that list everybody, copycats that take a handle and old media, and newcomers who come in
crowds when there is a sweep. Written from the published descriptions; behaviour only, ids and words are placeholders.

It was written before the weights were fitted. Its copycats showed that a handle and old media together must not be
enough; ``seawall.simulate`` has such copycats since, and the measure takes strangers for a rival explanation.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

TIME = pa.timestamp("us", "UTC")
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
SYLLABLES = (
    "gar",
    "den",
    "bee",
    "ro",
    "sa",
    "plum",
    "fig",
    "hoe",
    "pe",
    "dal",
    "wheel",
    "tri",
    "ke",
    "mo",
    "ss",
    "ivy",
)
TAILS = ("daily", "info", "live", "plus", "now", "hub", "club", "en", "de", "world", "media", "net")


@dataclass
class Outlet:
    """One channel."""

    number: int
    owner: Owner
    handle: str
    kind: str
    opened: float
    ended: float | None = None
    reserve: bool = False
    calls: list[tuple[float, int]] = field(default_factory=list)


@dataclass(eq=False)
class Owner:
    """Somebody with channels: what they have, whom they like, and how they behave."""

    kind: str
    stem: str
    rate: float
    targeted: bool
    site: str
    library: list[tuple[float, int]] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)
    allies: list[Owner] = field(default_factory=list)
    outlets: list[Outlet] = field(default_factory=list)
    admired: Owner | None = None

    def alive(self, at: float) -> list[Outlet]:
        return [one for one in self.outlets if one.opened <= at and (one.ended is None or one.ended > at)]


@dataclass(frozen=True)
class OtherTakedown:
    """Tables as ``seawall.measures.successors`` takes them; ``truth``: ended channel -> its successors."""

    ends: pa.Table
    channels: pa.Table
    links: pa.Table
    forwards: pa.Table
    media: pa.Table
    clusters: pa.Table
    truth: dict[str, set[str]]


class Town:
    """The world while it is made.

    Args:
        seed: of every draw.
        days: how long it lasts.
        publishers, clubs: how many there are at first.
    """

    def __init__(self, seed: int, days: int = 160, publishers: int = 45, clubs: int = 60) -> None:
        self.random = random.Random(seed)
        self.days, self.number, self.things = days, 0, 0
        self.owners: list[Owner] = []
        self.outlets: list[Outlet] = []
        self.handles: set[str] = set()
        self.truth: dict[int, set[int]] = {}
        self.links: list[tuple[float, int, str]] = []
        self.forwards: list[tuple[float, int, int]] = []
        self.media: list[tuple[float, int, int]] = []
        self.texts: list[tuple[float, int, int]] = []
        self.posts: dict[int, list[tuple[float, int, int]]] = {}
        self.pending: list[tuple[float, Outlet]] = []
        self.style = {name: self.random.uniform(low, high) for name, (low, high) in STYLES.items()}
        for _ in range(publishers):
            self.settle("publisher", -self.random.expovariate(1 / 200), targeted=self.random.random() < 0.6)
        for _ in range(clubs):
            self.settle("club", -self.random.expovariate(1 / 300))
        for _ in range(3):
            self.settle("directory", -90.0)
        for owner in self.owners:
            others = [one for one in self.owners if one is not owner and one.kind in ("publisher", "club")]
            owner.allies = self.random.choices(others, [1 + len(one.allies) ** 2 for one in others], k=4)

    def fresh(self) -> int:
        self.things += 1
        return self.things

    def name(self, draw: Any) -> str:
        for _ in range(40):
            handle = str(draw())[:30]
            if handle not in self.handles:
                break
            handle += str(self.random.randrange(10, 999))
        self.handles.add(handle)
        return handle

    def word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 3)))

    def settle(self, kind: str, at: float, *, targeted: bool = False, admired: Owner | None = None) -> Owner:
        rate = {"directory": 2.0, "admirer": 1.5}.get(kind, self.random.lognormvariate(0.3, 0.8))
        owner = Owner(kind, self.word(), rate, targeted, f"{self.word()}{self.random.randrange(999)}.example")
        owner.admired = admired
        owner.standing = [self.fresh() for _ in range(3)]
        known = [one for one in self.owners if one.kind in ("publisher", "club")]
        owner.allies = self.random.sample(known, min(3, len(known)))
        self.owners.append(owner)
        for _ in range(self.random.choice((1, 1, 2, 3)) if kind == "publisher" else 1):
            self.open(owner, at + self.random.random() * 20, self.name(lambda: self.handle(owner)))
        return owner

    def handle(self, owner: Owner) -> str:
        tail = self.random.choice((*TAILS, ""))
        return f"{owner.stem}{self.random.choice(('_', ''))}{tail}".strip("_")

    def open(self, owner: Owner, at: float, handle: str, *, reserve: bool = False) -> Outlet:
        kind = "group" if owner.kind == "club" and self.random.random() < 0.5 else "broadcast"
        outlet = Outlet(self.number, owner, handle, kind, at, reserve=reserve)
        self.number += 1
        self.outlets.append(outlet)
        owner.outlets.append(outlet)
        self.posts[outlet.number] = []
        return outlet

    def run(self) -> None:
        sweeps = {round(self.days * 0.4): self.style["first_sweep"], round(self.days * 0.7): self.style["second_sweep"]}
        for day in range(self.days):
            self.newcomers(day, crowded=day in sweeps)
            self.end_some(day, sweeps.get(day, 0.0))
            for outlet in list(self.outlets):
                if outlet.opened < day + 1 and (outlet.ended is None or outlet.ended > day):
                    self.live(outlet, day)

    def newcomers(self, day: int, *, crowded: bool) -> None:
        for _ in range(self.poisson(6.0 if crowded else self.style["newcomers"])):
            self.settle("club", day + self.random.random())
        if self.random.random() < 0.04:
            liked = self.random.choice([one for one in self.owners if one.kind == "publisher"])
            self.settle("admirer", day + self.random.random(), admired=liked)

    def poisson(self, mean: float) -> int:
        left, count = mean, 0
        while (left := left - self.random.expovariate(1.0)) > 0:
            count += 1
        return count

    def end_some(self, day: int, share: float) -> None:
        late = day > self.days * 0.7
        for outlet in list(self.outlets):
            if outlet.ended is not None or outlet.opened > day:
                continue
            young = outlet.owner.targeted and late and outlet.opened > self.days * 0.7
            swept = outlet.owner.targeted and self.random.random() < share
            if swept or self.random.random() < 1 / (14 if young else 302):
                outlet.ended = day + self.random.random()
                if outlet.owner.kind == "publisher" or (outlet.owner.kind == "club" and not swept):
                    self.come_back(outlet)

    def come_back(self, outlet: Outlet) -> None:
        owner, chance = outlet.owner, self.random
        ended = outlet.ended or 0.0
        if chance.random() < self.style["copycats"]:
            other = self.settle("admirer", ended + chance.expovariate(1 / 5), admired=owner)
            other.outlets[0].handle = self.name(lambda: self.changed(outlet.handle))
        back = self.style["returns"] * (0.5 if owner.alive(ended) else 1.0) * (0.5 if owner.kind == "club" else 1.0)
        if chance.random() > back:
            return
        waits = (0.2, 3.0, 18.0)
        opened = ended + chance.expovariate(1 / chance.choices(waits, (0.5, 0.35, 0.15))[0])
        reserve = chance.random() < self.style["reserves"]
        if reserve:
            opened = max(outlet.opened + 1, ended - chance.choice((3, 10, 30, 55)) * chance.uniform(0.5, 1.0))
        if opened >= self.days or (not reserve and opened < ended):
            return
        keeps = chance.random() < self.style["keeps_stem"]
        draw = (lambda: self.changed(outlet.handle)) if keeps else (lambda: f"{self.word()}{chance.choice(TAILS)}")
        new = self.open(owner, opened, self.name(draw), reserve=reserve)
        self.truth.setdefault(outlet.number, set()).add(new.number)
        self.call(outlet, new, ended)

    def call(self, old: Outlet, new: Outlet, ended: float) -> None:
        """Who will give the new one's address, and when."""
        chance, start = self.random, max(new.opened, ended)
        if chance.random() < self.style["told_before"]:
            for back in range(chance.randint(1, 4)):
                when = ended - back * 0.7 - 0.05
                if when > old.opened:
                    self.links.append((when, old.number, f"https://t.me/{new.handle}"))
        tellers = [one for one in old.owner.outlets if one not in (old, new)]
        tellers += [one for ally in old.owner.allies for one in ally.outlets]
        for teller in tellers:
            if chance.random() < self.style["told_by_allies"]:
                teller.calls.append((start + chance.expovariate(1 / 3), new.number))
        if chance.random() < self.style["looks_back"]:
            new.calls.append((new.opened + chance.expovariate(1 / 4), old.number))

    def changed(self, handle: str) -> str:
        chance = self.random
        bare = handle.rstrip("0123456789").rstrip("_")
        count = int("0" + handle[len(handle.rstrip("0123456789")) :]) if handle[-1].isdigit() else 1
        word, other = chance.choices(TAILS, k=2)
        made = (
            f"{bare}{count + 1}", f"{bare}_{count + 1}", f"{bare}_{word}", f"{other}_{bare}",
            bare[:-1] if len(bare) > 5 else bare + "x", bare.replace("e", "3"), bare.replace("_", "."), bare + bare[-1],
        )  # fmt: skip
        return chance.choice(made)

    def live(self, outlet: Outlet, day: int) -> None:
        """One day of one channel."""
        chance, owner = self.random, outlet.owner
        for when, called in [call for call in outlet.calls if day <= call[0] < day + 1]:
            if when >= outlet.opened and (outlet.ended is None or when < outlet.ended):
                address = f"https://t.me/{self.outlets[called].handle}/{chance.randrange(90)}"
                self.links.append((when, outlet.number, address))
        rate = owner.rate * (0.15 if outlet.reserve and self.waiting(outlet, day) else 1.0)
        for _ in range(self.poisson(rate)):
            at = day + min(0.999, max(0.0, chance.gauss(0.7, 0.15)))
            if at >= outlet.opened and (outlet.ended is None or at < outlet.ended):
                self.post(outlet, at)

    def waiting(self, outlet: Outlet, day: int) -> bool:
        """Whether a reserve still stands idle: what it is for is alive."""
        return any(
            outlet.number in heirs and (self.outlets[old].ended or 1e9) > day for old, heirs in self.truth.items()
        )

    def post(self, outlet: Outlet, at: float) -> None:
        chance, owner = self.random, outlet.owner
        if owner.kind == "directory":
            listed = chance.choice([one for one in self.outlets if one.opened < at])
            self.links.append((at, outlet.number, f"https://t.me/{listed.handle}"))
            self.texts.append((at, outlet.number, owner.standing[0]))
            return
        if owner.kind == "admirer" and owner.admired is not None and chance.random() < 0.5:
            self.repost(outlet, chance.choice(owner.admired.outlets), at, reach=400, named=chance.random() < 0.3)
            return
        if chance.random() < 0.12 and owner.allies:
            ally = chance.choice(owner.allies)
            alive = ally.alive(at)
            if alive:
                self.repost(outlet, chance.choice(alive), at, reach=3, named=True)
                return
        gone = [one for one in owner.outlets if one.ended is not None and one.ended < at]
        if gone and chance.random() < self.style["takes_up"] and at - outlet.opened < 30:
            self.repost(outlet, chance.choice(gone), at, reach=300, named=chance.random() < 0.3)
            return
        self.own(outlet, at)

    def own(self, outlet: Outlet, at: float) -> None:
        chance, owner = self.random, outlet.owner
        text = chance.choice(owner.standing) if chance.random() < 0.05 else self.fresh()
        item = 0
        if chance.random() < 0.4:
            recent = [one for when, one in owner.library[-30:] if at - when < 40]
            common = self.random.randrange(-400, -1) - 1000 * int(at / 6)
            item = chance.choice(recent) if recent and chance.random() < 0.25 else self.fresh()
            item = common if chance.random() < 0.15 else item
            owner.library.append((at, item))
        if chance.random() < 0.2:
            kind = chance.random()
            host = owner.site if kind < 0.3 else f"news{int(chance.paretovariate(0.8)) % 300}.example"
            self.links.append((at, outlet.number, f"https://{host}/{self.fresh()}"))
        self.put(outlet, at, item, text)

    def put(self, outlet: Outlet, at: float, item: int, text: int) -> None:
        if item:
            self.media.append((at, outlet.number, item))
        self.texts.append((at, outlet.number, text))
        self.posts[outlet.number].append((at, item, text))

    def repost(self, outlet: Outlet, source: Outlet, at: float, *, reach: int, named: bool) -> None:
        """The media and text of another channel's post, as a forward that names it or as one's own."""
        there = [post for post in self.posts[source.number][-reach:] if post[0] < at]
        if not there or source is outlet:
            self.own(outlet, at)
            return
        _, item, text = self.random.choice(there)
        if named:
            self.forwards.append((at, outlet.number, source.number))
        self.put(outlet, at, item, text)


STYLES = {
    "first_sweep": (0.1, 0.25), "second_sweep": (0.7, 0.95), "newcomers": (0.2, 0.9), "returns": (0.4, 0.85),
    "reserves": (0.1, 0.35), "keeps_stem": (0.45, 0.85), "told_before": (0.15, 0.5), "told_by_allies": (0.05, 0.35),
    "looks_back": (0.1, 0.5), "takes_up": (0.05, 0.35), "copycats": (0.02, 0.1),
}  # fmt: skip


def other_takedown(seed: int, **told: int) -> OtherTakedown:
    """A world. Channels without a post are not in it."""
    town = Town(seed, **told)
    town.run()
    seen = {row[1] for rows in (town.links, town.texts) for row in rows}
    there = [one for one in town.outlets if one.number in seen]
    names = {one.number: f"k{number:04d}" for number, one in enumerate(town.random.sample(there, len(there)))}
    ended = [one for one in there if one.ended is not None and 0 <= one.ended < town.days]
    handles = [one.handle for one in there]
    return OtherTakedown(
        ends=pa.table({"channel": [names[one.number] for one in ended], "at": _times([one.ended for one in ended])}),
        channels=pa.table(
            {
                "channel": [names[one.number] for one in there],
                "kind": [one.kind for one in there],
                "handle": handles,
                "address": [f"https://t.me/{handle}" for handle in handles],
                "created_at": _times([one.opened for one in there]),
                "ended_at": _times([one.ended for one in there]),
            }
        ),
        links=_rows(town.links, "url", names),
        forwards=_rows([(at, one, names[of]) for at, one, of in town.forwards if of in names], "origin", names),
        media=_rows([(at, one, f"{item & (2**64 - 1):064x}") for at, one, item in town.media], "sha256", names),
        clusters=_rows(town.texts, "cluster", names),
        truth=_truth(town, names),
    )


def _truth(town: Town, names: dict[int, str]) -> dict[str, set[str]]:
    known = {old: {names[new] for new in heirs if new in names} for old, heirs in town.truth.items() if old in names}
    return {names[old]: heirs for old, heirs in known.items() if heirs}


def _times(days: list[Any]) -> pa.Array:
    return pa.array([None if day is None else BEGIN + timedelta(days=day) for day in days], TIME)


def _rows(rows: list[tuple[float, int, Any]], column: str, names: dict[int, str]) -> pa.Table:
    kept = [row for row in rows if row[1] in names and row[0] >= 0]
    at, what = [row[0] for row in kept], [row[2] for row in kept]
    return pa.table({"at": _times(at), "channel": [names[row[1]] for row in kept], column: what})
