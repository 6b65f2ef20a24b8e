"""Whom a group meets: people of the background, for funnels such as do not know one another."""

from __future__ import annotations

import numpy as np

from seawall.simulate.ground import Ground
from seawall.simulate.manners import Manner
from seawall.simulate.rows import DAY, Codes, Longs, Mask

_CANDIDATES = 60
_AFTER = 2 * DAY
"""So long after its last act an account can still be met."""
_NEW = 3 * DAY


class Choosing:
    """Chooses accounts of a background; each one is met by one group only.

    Args:
        ground: the background.
        rng: where chance comes from.
    """

    def __init__(self, ground: Ground, rng: np.random.Generator) -> None:
        self.ground, self.rng = ground, rng
        self.taken: Mask = np.zeros(len(ground), np.bool_)

    def accounts(self, count: int, before: int) -> list[int]:
        """Accounts with a usual amount of life of their own, seen before a moment; fewer if there are not as many."""
        ground = self.ground
        low, high = np.quantile(ground.acts[ground.active], [0.4, 0.95])
        usual = (ground.acts[ground.active] >= low) & (ground.acts[ground.active] <= high)
        there = (ground.first[ground.active] <= before) & (ground.last[ground.active] >= before)
        pool = ground.active[usual & there & ~self.taken[ground.active]]
        chosen = [int(one) for one in self.rng.permutation(pool)[:count]]
        self.taken[chosen] = True
        return chosen

    def newcomers(self, hub: int, times: Longs, manner: Manner, near: Mask, met: list[int]) -> list[tuple[int, int]]:
        """For each moment somebody who is there and does not know the hub, as far as there is anybody.

        Args:
            hub: its number.
            times: microseconds, rising.
            manner: whether they are new, and whether they may know each other.
            near: the accounts that know somebody who was met; what is chosen is added.
            met: who was met before by the group.

        Returns:
            The moment and the account.
        """
        chosen: list[tuple[int, int]] = []
        shut = self.taken.copy()
        shut[self.ground.known_to(hub)] = True
        if hub < len(shut):
            shut[hub] = True
        for at in times.tolist():
            knows = bool(self.rng.random() < manner.acquainted) and bool(met or chosen)
            found = self._one(at, manner, shut, near, knows, [*met, *(one for _, one in chosen)])
            if found is None:
                continue
            chosen.append((at, found))
            shut[found] = self.taken[found] = True
            near[self.ground.known_to(found)] = True
            near[found] = True
        return chosen

    def _one(self, at: int, manner: Manner, shut: Mask, near: Mask, knows: bool, met: list[int]) -> int | None:
        ground, rng = self.ground, self.rng
        strangers_only = manner.acquainted == 0
        pools: list[Codes] = []
        if knows:
            pools.append(ground.known_to(met[int(rng.integers(len(met)))]))
        if rng.random() < manner.newly_joined:
            low, high = np.searchsorted(ground.rising, [at - _NEW, at])
            pools.append(ground.by_first[low:high])
        pools.append(ground.active)
        for pool in pools:
            if not len(pool):
                continue
            some = pool[rng.integers(0, len(pool), _CANDIDATES)]
            fits = ~shut[some] & (ground.first[some] <= at) & (ground.last[some] + _AFTER >= at)
            if strangers_only:
                fits &= ~near[some]
            if fits.any():
                return int(some[np.flatnonzero(fits)[0]])
        return None
