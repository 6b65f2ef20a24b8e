"""Who shared what, how often, and how probable it is that two shares of an object fall into one window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.coshare.tails import Floats
from seawall.measures.keys import Keys, Times

Graph = tuple[Bounds, Indices, Indices, Floats]
"""What kernels see of a ``Sharing``: starts, object, times, chance."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """The bipartite graph of accounts and objects; accounts with many objects have the lower numbers."""

    starts: Bounds  # where each account's part of the next two begins; one more at the end
    object: Indices  # rising within an account
    times: Indices  # how often the account shared it
    sharers: Indices  # one an object: how many accounts shared it
    chance: Floats  # one an object: of its pairs of shares the part within the window

    @property
    def graph(self) -> Graph:
        """The arrays that kernels see."""
        return self.starts, self.object, self.times, self.chance

    @property
    def pairs(self) -> int:
        """At least as many as there are pairs of accounts that share an object."""
        return pairs_of(self.sharers, None, len(self.starts) - 1)[0]

    @property
    def all_pairs(self) -> int:
        """How many pairs of accounts there are."""
        accounts = len(self.starts) - 1
        return accounts * (accounts - 1) // 2


def pairs_of(sharers: npt.NDArray[Any], objects: Times | None, accounts: int) -> tuple[int, int]:
    """At least as many as there are pairs of accounts that share an object, and as there are pairs of accounts.

    Args:
        sharers: how many accounts share an object.
        objects: how many objects are shared by so many; None = one.
        accounts: how many there are.
    """
    sharers = sharers.astype(np.int64)
    pairs = sharers * (sharers - 1) // 2
    all_pairs = accounts * (accounts - 1) // 2
    return int(min(np.sum(pairs if objects is None else pairs * objects), all_pairs)), all_pairs


@compiled
def look_at_objects(
    objects: Keys, at: Times, account: Indices, window: int, group: Indices, chance: Floats, counts: tuple[Indices, ...]
) -> int:
    """Number the objects of rows that are sorted by object and time; returns how many they are."""
    sharers, degrees, seen = counts
    number = start = 0
    while start < len(objects):
        low = end = start
        near = 0
        while end < len(objects) and objects[end] == objects[start]:
            while at[end] - at[low] > window:
                low += 1
            near += end - low
            group[end] = number
            if seen[account[end]] != number:
                seen[account[end]] = number
                sharers[number] += 1
                degrees[account[end]] += 1
            end += 1
        rows = end - start
        chance[number] = near / (rows * (rows - 1) / 2) if rows > 1 else 0.0
        number += 1
        start = end
    return number


@compiled
def _by_account(account: Indices, group: Indices, cursor: Bounds, out: Indices) -> None:
    for row in range(len(account)):
        out[cursor[account[row]]] = group[row]
        cursor[account[row]] += 1


@compiled
def _counted(groups: Indices, bounds: Bounds, starts: Bounds, thing: Indices, times: Indices) -> None:
    """Count equal objects of one account, which stand together."""
    kept = 0
    for account in range(len(bounds) - 1):
        starts[account] = kept
        for k in range(bounds[account], bounds[account + 1]):
            if kept > starts[account] and thing[kept - 1] == groups[k]:
                times[kept - 1] += 1
            else:
                thing[kept], times[kept] = groups[k], 1
                kept += 1
    starts[-1] = kept


def who_shared_what(
    objects: Keys, at: Times, account: Indices, found: int, window: int
) -> tuple[Sharing, Indices, Indices]:
    """What there is to know, each row's new account number, and the new number of each account.

    Args:
        objects: rows sorted by object and time.
        at: their times.
        account: their accounts, numbers below ``found``.
        found: how many accounts there are.
        window: microseconds.
    """
    rows = len(objects)
    group, chance = np.empty(rows, np.int32), np.empty(rows)
    sharers, degrees = np.zeros(rows, np.int32), np.zeros(found, np.int32)
    things = look_at_objects(
        objects, at, account, window, group, chance, (sharers, degrees, np.full(found, -1, np.int32))
    )
    moved = np.empty(found, np.int32)
    moved[np.argsort(-degrees, kind="stable")] = np.arange(found, dtype=np.int32)
    account = moved[account]
    bounds = np.zeros(found + 1, np.int64)
    np.cumsum(np.bincount(account, minlength=found), out=bounds[1:])
    groups = np.empty(rows, np.int32)
    _by_account(account, group, bounds[:-1].copy(), groups)
    starts, thing, times = np.zeros(found + 1, np.int64), group, np.empty(rows, np.int32)
    _counted(groups, bounds, starts, thing, times)
    kept = int(starts[-1])
    return (
        Sharing(starts, thing[:kept].copy(), times[:kept].copy(), sharers[:things].copy(), chance[:things].copy()),
        account,
        moved,
    )
