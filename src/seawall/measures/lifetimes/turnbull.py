"""Ends that lie between two ages: the survival function that makes the spells most likely, whatever its shape.

Ends can only be told apart between neighbouring ages at which something was known (Turnbull, Journal of the Royal
Statistical Society B 38, 1976; with delayed entry Alioum and Commenges, Biometrics 52, 1996). The share of spells that
ended in each such interval is found by self-consistency and the iterative convex minorant by turns (Wellner and Zhan,
Journal of the American Statistical Association 92, 1997), until no share could be moved to make the spells more likely.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.lifetimes.spells import Spells

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NEVER = np.iinfo(np.int64).max
ROUNDS = 5_000
SHORTER = 12
"""A step is halved so often at most."""
SURE = 1e-9
"""No share can be moved to gain more than this, in nats a spell."""
NOTHING = 1e-11
"""A share below this is none."""
MOST_BLOCKS = 400
"""For the width of the bands neighbouring intervals are taken together until there are so many."""


class Support(NamedTuple):
    """``low``, ``high``: first and last age (microseconds, both within) of each interval that can be told apart.

    For each distinct spell: ``first``, ``last``: the intervals in which it may have ended; ``seen``: the first interval
    in which it could have been seen to end; ``alike``: how many they are.
    """

    low: Ints
    high: Ints
    first: Ints
    last: Ints
    seen: Ints
    alike: Floats


def between(spells: Spells, at: Ints) -> tuple[Floats, Floats, Ints]:
    """Survival at each of the ages, the variance of its logarithm, and from where on its step may have happened."""
    support = supported(spells)
    share = most_likely(support)
    finite = support.high < NEVER
    ends, mass, begins = support.high[finite], share[finite], support.low[finite]
    place = np.searchsorted(at, ends)
    lost = np.zeros(len(at))
    np.add.at(lost, place, mass)
    survival = np.clip(1.0 - np.cumsum(lost), 0.0, 1.0)
    survival[survival < NOTHING] = 0.0
    since = at.copy()
    stepped = mass > NOTHING
    since[place[stepped]] = np.minimum(begins[stepped] - 1, since[place[stepped]])
    exact = begins == ends
    since[place[stepped & exact]] = ends[stepped & exact]
    return survival, _squares(support, share, at, survival), since


def supported(spells: Spells) -> Support:
    """The intervals in which ends of these spells can be told apart."""
    first = np.where(spells.ended, spells.since + 1, spells.age + 1)
    last = np.where(spells.ended, spells.age, NEVER)
    entry = np.where(spells.begin > 0, spells.begin, -1)
    alike, count = np.unique(np.stack([first, last, entry]), axis=1, return_counts=True)
    first, last, entry = alike
    lows, highs = np.unique(first), np.unique(np.concatenate([last, entry[entry >= 0]]))
    following = np.searchsorted(highs, lows)
    possible = following < len(highs)
    lows, following = lows[possible], following[possible]
    nearest = np.concatenate([following[1:] != following[:-1], [True]])[: len(lows)]
    low, high = lows[nearest], highs[following[nearest]]
    ending = last < NEVER
    opened = np.bincount(np.searchsorted(low, first[ending]), minlength=len(low) + 1)
    closed = np.bincount(np.searchsorted(high, last[ending], side="right"), minlength=len(low) + 1)
    needed = (np.cumsum(opened - closed)[: len(low)] > 0) | (high == NEVER)  # elsewhere nobody was seen to end
    low, high = low[needed], high[needed]
    return Support(
        low, high,
        np.searchsorted(low, first), np.searchsorted(high, last, side="right") - 1,
        np.searchsorted(low, entry + 1), count.astype(np.float64),
    )  # fmt: skip


def most_likely(support: Support) -> Floats:
    """The share of ends in each interval; it sums to 1."""
    size = len(support.low)
    share = np.full(size, 1.0 / size)
    arrays = (support.first, support.last, support.seen, support.alike)
    for _ in range(ROUNDS):
        share, gain = _step(share, *arrays)
        if gain <= SURE:
            break
        share = _ahead(share, *arrays)
    share[share < NOTHING] = 0.0
    settled: Floats = share / share.sum()
    return settled


@compiled
def _ahead(share: Floats, first: Ints, last: Ints, seen: Ints, count: Floats) -> Floats:
    """The shares after one step of the iterative convex minorant, made shorter until the spells are more likely."""
    size, rows = share.shape[0], first.shape[0]
    before = np.zeros(size + 1)
    for place in range(size):
        before[place + 1] = before[place] + share[place]
    slope, weight = np.zeros(size + 1), np.full(size + 1, 1e-9)
    for row in range(rows):
        low, high = first[row], last[row] + 1
        inside = max(before[high] - before[low], 1e-300)
        slope[high] += count[row] / inside
        slope[low] -= count[row] / inside
        weight[high] += count[row] / inside**2
        weight[low] += count[row] / inside**2
        slope[seen[row]] += count[row] / max(before[size] - before[seen[row]], 1e-300)
    wanted = np.empty(size + 1)
    for place in range(size + 1):
        wanted[place] = before[place] + slope[place] / weight[place]
    risen = _rising(wanted[1:size], weight[1:size])
    likely, length = _likelihood(share, first, last, seen, count), 1.0
    tried = np.empty(size)
    for _ in range(SHORTER):
        previous = 0.0
        for place in range(size):
            told = 1.0 if place == size - 1 else min(max(risen[place], 0.0), 1.0)
            tried[place] = (1.0 - length) * share[place] + length * (told - previous)
            previous = told
        if _likelihood(tried, first, last, seen, count) > likely:
            return tried
        length *= 0.5
    return share


@compiled
def _rising(values: Floats, weights: Floats) -> Floats:
    """The values that never fall and lie closest to these (pool adjacent violators)."""
    size = values.shape[0]
    level, weight, ends = np.empty(size), np.empty(size), np.empty(size, np.int64)
    blocks = 0
    for place in range(size):
        level[blocks], weight[blocks], ends[blocks] = values[place], weights[place], place + 1
        while blocks and level[blocks - 1] >= level[blocks]:
            both = weight[blocks - 1] + weight[blocks]
            mean = level[blocks - 1] * weight[blocks - 1] + level[blocks] * weight[blocks]
            level[blocks - 1], weight[blocks - 1], ends[blocks - 1] = mean / both, both, ends[blocks]
            blocks -= 1
        blocks += 1
    found, begin = np.empty(size), 0
    for block in range(blocks):
        found[begin : ends[block]] = level[block]
        begin = ends[block]
    return found


@compiled
def _step(share: Floats, first: Ints, last: Ints, seen: Ints, count: Floats) -> tuple[Floats, float]:
    """One round of self-consistency, and the most that moving a share could gain, in nats a spell."""
    size, rows = share.shape[0], first.shape[0]
    before = np.zeros(size + 1)
    for place in range(size):
        before[place + 1] = before[place] + share[place]
    change = np.zeros(size + 1)
    everything, spells = 0.0, 0.0
    for row in range(rows):
        of_all = before[size] - before[seen[row]]
        weight = count[row] / max(before[last[row] + 1] - before[first[row]], 1e-300)
        change[first[row]] += weight
        change[last[row] + 1] -= weight
        spells += count[row]
        unseen = count[row] / max(of_all, 1e-300)
        everything += unseen
        change[0] += unseen
        change[seen[row]] -= unseen
    found = np.empty(size)
    running, best, total = 0.0, 0.0, 0.0
    for place in range(size):
        running += change[place]
        best = max(best, running - everything)
        found[place] = share[place] * max(running, 0.0) / everything
        total += found[place]
    for place in range(size):
        found[place] /= total
    return found, best / spells


@compiled
def _likelihood(share: Floats, first: Ints, last: Ints, seen: Ints, count: Floats) -> float:
    size = share.shape[0]
    before = np.zeros(size + 1)
    for place in range(size):
        before[place + 1] = before[place] + share[place]
    total = 0.0
    for row in range(first.shape[0]):
        within = max(before[last[row] + 1] - before[first[row]], 1e-300)
        total += count[row] * (np.log(within) - np.log(max(before[size] - before[seen[row]], 1e-300)))
    return total


class _Blocks(NamedTuple):
    """Neighbouring intervals with a share, taken together: which block each interval is in (-1 = no share)."""

    of: Ints
    share: Floats


def _blocks(share: Floats) -> _Blocks:
    some = np.flatnonzero(share > 0.0)
    block = np.arange(len(some))
    if len(some) > MOST_BLOCKS:
        middle = np.cumsum(share[some]) - 0.5 * share[some]
        block = np.unique((middle * MOST_BLOCKS).astype(np.int64), return_inverse=True)[1].astype(np.int64)
    of = np.full(len(share), -1)
    of[some] = block
    return _Blocks(of, np.bincount(block, weights=share[some]).astype(np.float64))


def _squares(support: Support, share: Floats, at: Ints, survival: Floats) -> Floats:
    """The variance of the logarithm of survival at each age, from the observed information about the shares.

    For spells whose ends are all known exactly it is Greenwood's sum.
    """
    blocks = _blocks(share)
    size = len(blocks.share)
    if size < 2:
        return np.zeros(len(at))
    spread = _covariance(_information(support, share, blocks))
    running = np.cumsum(np.cumsum(spread, axis=0), axis=1).diagonal()
    known = np.concatenate([[0.0], np.maximum(running, 0.0)])
    reached = np.zeros(len(at), np.int64)
    finite = (support.high < NEVER) & (blocks.of >= 0)
    np.maximum.at(reached, np.searchsorted(at, support.high[finite]), blocks.of[finite] + 1)
    variance = known[np.maximum.accumulate(reached)]
    squares: Floats = np.divide(variance, survival**2, out=np.zeros(len(at)), where=survival > 0.0)
    return squares


def _information(support: Support, share: Floats, blocks: _Blocks) -> Floats:
    """Minus the second derivatives of the log-likelihood by the shares of blocks."""
    size = len(blocks.share)
    before = np.concatenate([[0.0], np.cumsum(share)])
    edge = np.concatenate([[0], np.maximum.accumulate(blocks.of) + 1])
    corner = np.zeros((size + 1, size + 1))
    low, high = edge[support.first], edge[support.last + 1]
    weight = support.alike / np.maximum(before[support.last + 1] - before[support.first], 1e-300) ** 2
    _add(corner, low, high, weight)
    late = support.seen > 0
    seen = edge[support.seen[late]]
    _add(corner, seen, np.full(len(seen), size), -support.alike[late] / (1.0 - before[support.seen[late]]) ** 2)
    found: Floats = np.cumsum(np.cumsum(corner, axis=0), axis=1)[:size, :size]
    return found


def _add(corner: Floats, low: Ints, high: Ints, weight: Floats) -> None:
    """Add to the square from ``low`` to before ``high``, as differences at its corners."""
    for one, two, sign in ((low, low, 1.0), (low, high, -1.0), (high, low, -1.0), (high, high, 1.0)):
        np.add.at(corner, (one, two), sign * weight)


def _covariance(information: Floats) -> Floats:
    """Of shares that sum to 1."""
    size = len(information)
    rest = np.vstack([np.eye(size - 1), -np.ones(size - 1)])
    inverse = np.linalg.pinv(rest.T @ information @ rest, hermitian=True)
    covariance: Floats = rest @ inverse @ rest.T
    return covariance
