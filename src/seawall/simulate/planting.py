"""Planting groups of accounts, funnels and honest ones alike, into a background."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from seawall.simulate.choosing import Choosing
from seawall.simulate.clock import awake, delay
from seawall.simulate.cover import cover
from seawall.simulate.ground import Ground
from seawall.simulate.ledger import Ledger
from seawall.simulate.manners import Manner, draw
from seawall.simulate.meeting import Meeting, Pair
from seawall.simulate.names import new_names
from seawall.simulate.party import Party
from seawall.simulate.platform import Platform
from seawall.simulate.roles import FUNNEL, RANGES
from seawall.simulate.rows import DAY, HOUR, MINUTE, Longs, Mask, Rows
from seawall.simulate.settings import FunnelSettings

_BEGIN, _LATEST = 0.03, 0.55
"""Groups begin between these shares of the time."""
_LARGEST_SHARE = 20
"""An account meets at most one in so many of all accounts."""
_FEWER = 0.4
"""A hub of the second generation meets so many of what the first one did."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A planted account in its role."""

    account: int
    role: str
    group: str
    generation: int


@dataclass
class Planted:
    """What was planted; accounts from ``len(ground)`` on are new and have the names of ``names``."""

    rows: Rows
    hubs: list[Hub]
    pairs: list[Pair]
    names: pa.Array


@dataclass
class Planting:
    """Plants what the settings ask for.

    Args:
        ground: the background.
        settings: what to plant.
        rng: where chance comes from.
    """

    ground: Ground
    settings: FunnelSettings
    rng: np.random.Generator
    hubs: list[Hub] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platform = self.settings.platform or Platform.of(self.ground.table)
        self.ledger = Ledger(self.platform)
        self.choosing = Choosing(self.ground, self.rng)
        self.new: list[tuple[int, int, float]] = []  # account, first day of its life here, clock

    def plant(self) -> Planted:
        """Funnels first, then the honest roles in turns, then the ordinary life of new accounts."""
        settings, ground = self.settings, self.ground
        hubs = settings.hubs
        if hubs is None:
            hubs = max(1, round(settings.prevalence * len(ground)))
        self._groups([FUNNEL], hubs)
        decoys = round(hubs * settings.decoys_per_hub) if settings.decoys is None else settings.decoys
        if settings.roles:
            first = int(self.rng.integers(len(settings.roles)))
            self._groups([*settings.roles[first:], *settings.roles[:first]], decoys)
        for account, since, clock_h in self.new:
            cover(self.ledger, ground, self.rng, account, since, clock_h, settings.cover, self.choosing.taken)
        rows = self.ledger.rows(ground.begin, ground.end)
        names = new_names(len(self.new), ground.names, self.rng)
        return Planted(rows, self.hubs, self.pairs, pa.concat_arrays([ground.names, pa.array(names, pa.string())]))

    def _groups(self, roles: list[str], wanted: int) -> None:
        placed = number = 0
        while placed < wanted:
            role = roles[number % len(roles)]
            number += 1
            pinned = self.settings.pinned if role == FUNNEL else {}
            manner = draw(RANGES[role], self.rng, wide=self.settings.wide, pinned=pinned)
            accounts = min(max(1, round(manner.accounts)), wanted - placed)
            placed += self._group(role, f"{role}-{number}", manner, accounts, wanted - placed)

    def _group(self, role: str, name: str, manner: Manner, accounts: int, most: int) -> int:
        """Plant a group of accounts; with hubs of the second generation, which count too, at most so many."""
        length = self.ground.end - self.ground.begin
        start = self.ground.begin + round(float(self.rng.uniform(_BEGIN, _LATEST)) * length)
        clock_h = float(self.rng.integers(-8, 11))
        takers = max(1, round(manner.takers))
        who = self._accounts(accounts + takers, start, clock_h)
        party = Party(role, name, manner, self.ledger, self.rng, self.ground.channel_of, clock_h, tuple(who[accounts:]))
        hubs = who[:accounts]
        near = np.zeros(len(self.ground), np.bool_)
        for hub in hubs:
            begin = start + round(float(self.rng.uniform(0, 5)) * DAY)
            pairs = self._meet(party, hub, begin, near)
            self._note(Hub(hub, role, name, 1), pairs)
            if role == FUNNEL:
                accounts += self._second(party, pairs, near, most - accounts)
        return accounts

    def _note(self, hub: Hub, pairs: list[Pair]) -> None:
        if pairs:
            self.hubs.append(hub)
            self.pairs += pairs

    def _accounts(self, count: int, start: int, clock_h: float) -> list[int]:
        """Accounts of the background, or new ones that have joined some time before."""
        if self.rng.random() < self.settings.existing:
            found = self.choosing.accounts(count, start)
            if len(found) == count:
                return found
        made = []
        for _ in range(count):
            account = len(self.ground) + len(self.new)
            since = start - delay(self.rng, 24 * 8, 0.8)
            self.new.append((account, since, clock_h))
            made.append(account)
        return made

    def _meet(self, party: Party, hub: int, begin: int, near: Mask) -> list[Pair]:
        times = self._times(party, begin)
        chosen = self.choosing.newcomers(hub, times, party.manner, near, party.met)
        pairs = []
        for at, other in chosen:
            pairs.append(Meeting(party, hub, other, at).play())
            party.met.append(other)
        return pairs

    def _times(self, party: Party, begin: int, share: float = 1.0) -> Longs:
        """When an account meets people for the first time: in sittings, by day."""
        manner, rng = party.manner, self.rng
        most = max(3, len(self.ground.active) // _LARGEST_SHARE)
        count = max(1, min(most, round(manner.newcomers * share)))
        last = min(begin + manner.active_days * DAY, self.ground.end - HOUR)
        if last <= begin:
            return np.zeros(0, np.int64)
        size = max(1, round(manner.sitting))
        sittings = begin + (rng.random(-(-count // size)) * (last - begin)).astype(np.int64)
        sittings = np.repeat(awake(sittings, party.clock_h, rng), size)[:count]
        within = rng.lognormal(np.log(5.0), 0.9, count) * np.tile(np.arange(size), -(-count // size))[:count]
        times = np.sort(sittings + (within * MINUTE).astype(np.int64))
        return times[(times > self.ground.begin) & (times < self.ground.end)]

    def _second(self, party: Party, pairs: list[Pair], near: Mask, most: int) -> int:
        """Some who were handed over approach others some weeks later, with the group's words; how many do."""
        placed = 0
        for pair in pairs:
            if placed >= most or pair.handed_off_at is None or not party.chance(self.settings.second_generation):
                continue
            begin = pair.handed_off_at + delay(self.rng, 24 * 8, 0.4)
            times = self._times(party, begin, _FEWER)
            chosen = self.choosing.newcomers(pair.newcomer, times, party.manner, near, party.met)
            made = [Meeting(party, pair.newcomer, other, at).play() for at, other in chosen]
            self._note(Hub(pair.newcomer, FUNNEL, party.name, 2), made)
            placed += bool(made)
        return placed
