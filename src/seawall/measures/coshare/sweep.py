"""Count, account by account, with whom it acted on the same objects in time. Pairs of rows are never stored.

The shares lie sorted by object and time. For one account the kernel visits the neighbourhood of each of its
shares, at most once a share and object, and adds up in an array with one entry an account, which it clears
afterwards. So memory grows with rows, accounts and edges, and work with visits, however viral an object is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, together
from seawall.measures.coshare.neighbours import count, measure, meet, own_end
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.keys import Keys, Mask, Times
from seawall.measures.prefetch import prefetch

Floats = npt.NDArray[np.float64]

OBJECTS, MESSAGES, PAIRS = 0, 1, 2
"""What an edge's weight counts: distinct objects; distinct messages of the source (directed); pairs of rows."""

AHEAD = 16
"""How many shares ahead the memory is asked for."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares sorted by object and time, and where each account's shares are."""

    at: Times  # UTC microseconds
    owner: Times  # number of the object << 32 | number of the account
    message: Keys
    positions: Indices  # the rows of account 0, then of account 1, ...
    starts: Bounds  # where each account's part of positions starts; one more at the end

    @property
    def accounts(self) -> int:
        """How many accounts there are."""
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges by the numbers of their accounts. The last three are empty unless weights count objects."""

    source: Indices
    target: Indices
    weight: Times
    pairs: Times
    leads: Floats  # 2 for each object on which the source was first, 1 for each tie
    lag: Floats  # microseconds


@compiled
def _details(
    window: int,
    at: Times,
    owner: Times,
    positions: Indices,
    first: int,
    stop: int,
    others: Indices,
    weights: Times,
    slots: Indices,
) -> tuple[Times, Bounds, Times]:
    """Of one account's kept edges: the gaps of each (from its offset on), the offsets, and the pairs of rows.

    ``slots`` is zero before and after.
    """
    kept = len(others)
    offsets = np.zeros(kept + 1, np.int64)
    for k in range(kept):
        slots[others[k]] = k + 1
        offsets[k + 1] = offsets[k] + weights[k]
    seen, filled = np.zeros(kept, np.int32), np.zeros(kept, np.int32)
    gaps, pairs = np.empty(offsets[kept], np.int64), np.zeros(kept, np.int64)
    k = first
    while k < stop:
        end = own_end(positions, owner, k, stop)
        measure(window, at, owner, positions, k, end, slots, seen, pairs, gaps, offsets, filled)
        k = end
    for k in range(kept):
        slots[others[k]] = 0
    return gaps, offsets, pairs


@compiled
def _describe(gaps: Times) -> tuple[float, float]:
    """(2 for each object on which the account was first and 1 for each tie; median gap in microseconds)."""
    first = 0.0
    for code in gaps:
        first += 2.0 - (code & 3)
    return first, np.median(gaps >> 2)


@compiled
def _grown(values: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    out = np.empty(size, values.dtype)
    out[: len(values)] = values
    return out


@compiled
def _sweep(
    kind: int,
    window: int,
    min_weight: int,
    at: Times,
    owner: Times,
    message: Keys,
    repeated: Mask,
    positions: Indices,
    starts: Bounds,
    eligible: Mask,
    first: int,
    last: int,
    tally: Times,
    scratch: Indices,
    touched: Indices,
) -> tuple[Times, Times, Times, Floats, Floats]:
    """The edges that start at accounts first..last-1. ``tally`` and ``scratch`` are zero before and after."""
    room, found = 1024, 0
    ends, weights, pairs = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    leads, lags = np.empty(room, np.float64), np.empty(room, np.float64)
    for account in range(first, last):
        met, k = 0, starts[account]
        stop = starts[account + 1]
        while k < stop:
            end = own_end(positions, owner, k, stop)
            if k + AHEAD < len(positions):
                prefetch(at, positions[k + AHEAD])
                prefetch(owner, positions[k + AHEAD])
            if end == k + 1:
                met = meet(kind, window, at, owner, message, repeated, positions[k], account, tally, touched, met)
            else:
                met = count(
                    kind, window, at, owner, message, repeated, positions, k, end, account, tally, scratch, touched, met
                )
            k = end
        kept = 0
        for k in range(met):
            other = touched[k]
            weight = tally[other] & 0xFFFFFFFF
            tally[other] = 0
            if kind == 1:
                scratch[other] = 0
            if weight >= min_weight and (eligible[account] or eligible[other]):
                touched[kept] = other
                kept += 1
                if found + kept > room:
                    room *= 2
                    ends, weights, pairs = _grown(ends, room), _grown(weights, room), _grown(pairs, room)
                    leads, lags = _grown(leads, room), _grown(lags, room)
                ends[found + kept - 1] = np.int64(account) << 32 | other
                weights[found + kept - 1] = weight
        if kind == 0 and kept > 0:
            gaps, offsets, rows = _details(
                window,
                at,
                owner,
                positions,
                starts[account],
                stop,
                touched[:kept],
                weights[found : found + kept],
                scratch,
            )
            for k in range(kept):
                pairs[found + k] = rows[k]
                leads[found + k], lags[found + k] = _describe(gaps[offsets[k] : offsets[k + 1]])
        found += kept
    return ends[:found], weights[:found], pairs[:found], leads[:found], lags[:found]


@compiled
def _positions(owner: Times, starts: Bounds, positions: Indices) -> None:
    cursor = starts[:-1].copy()
    for row in range(len(owner)):
        account = owner[row] & 0xFFFFFFFF
        positions[cursor[account]] = row
        cursor[account] += 1


@compiled
def _owners(objects: Keys, codes: Indices, owner: Times, counts: Bounds) -> None:
    """Number the objects in the order of rows, pack them with the accounts, and count the rows of each account."""
    group = 0
    for row in range(len(objects)):
        if row and objects[row] != objects[row - 1]:
            group += 1
        owner[row] = np.int64(group) << 32 | np.int64(codes[row])
        counts[codes[row] + 1] += 1


def arrange(objects: Keys, at: Times, message: Keys, accounts: Indices, found: int) -> Shares:
    """Shares for the sweep from rows that are sorted by object and time; ``accounts`` are numbers below ``found``."""
    owner = np.empty(len(objects), np.int64)
    starts = np.zeros(found + 1, np.int64)
    _owners(objects, accounts, owner, starts)
    np.cumsum(starts, out=starts)
    positions = np.empty(len(objects), np.int32)
    _positions(owner, starts, positions)
    return Shares(at, owner, message, positions, starts)


def sweep(shares: Shares, kind: int, window: int, min_weight: int, repeated: Mask, eligible: Mask) -> Edges:
    """All edges of at least ``min_weight``, of which one account at least is ``eligible``.

    Args:
        shares: see ``arrange``.
        kind: OBJECTS, MESSAGES or PAIRS.
        window: microseconds, inclusive.
        min_weight: 1 or more.
        repeated: one entry a share: its message stands in another account's share too (PAIRS only).
        eligible: one entry an account.
    """
    threads = cores(len(shares.at))
    blocks = _blocks(shares.starts, 1 if threads == 1 else 32 * threads)
    waiting = iter(range(len(blocks)))
    results: list[tuple[npt.NDArray[Any], ...]] = [()] * len(blocks)

    def work() -> None:
        tally = np.zeros(shares.accounts, np.int64)
        scratch, touched = np.zeros(shares.accounts, np.int32), np.empty(shares.accounts, np.int32)
        for block in waiting:
            results[block] = _sweep(
                kind, window, min_weight, shares.at, shares.owner, shares.message, repeated, shares.positions,
                shares.starts, eligible, *blocks[block], tally, scratch, touched,
            )  # fmt: skip

    together([work] * threads)
    ends, weight, pairs, leads, lag = (np.concatenate(parts) for parts in zip(*results, strict=True))
    source, target = (ends >> 32).astype(np.int32), (ends & 0xFFFFFFFF).astype(np.int32)
    return Edges(source, target, weight, pairs, leads, lag)


def _blocks(starts: Bounds, wanted: int) -> list[tuple[int, int]]:
    """Consecutive accounts with about equally many shares."""
    cuts = np.searchsorted(starts, np.linspace(0, starts[-1], wanted + 1), side="left")
    cuts[0], cuts[-1] = 0, len(starts) - 1
    cuts = np.unique(np.minimum(cuts, len(starts) - 1))
    return list(pairwise(cuts.tolist())) or [(0, 0)]
