"""Count, account by account, with whom it acted on the same objects in time. Pairs of rows are never stored.

The shares lie sorted by object and time. For one account the kernel visits the neighbourhood of each of its
shares, at most once a share and object, and adds up in an array with one entry an account, which it clears
afterwards. So memory grows with rows, accounts and edges, and work with visits, however viral an object is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.coshare.cores import cores, together
from seawall.measures.coshare.keys import Keys, Mask, Times
from seawall.measures.coshare.ordering import Bounds, Indices

Floats = npt.NDArray[np.float64]

OBJECTS, MESSAGES, PAIRS = 0, 1, 2
"""What an edge's weight counts: distinct objects; distinct messages of the source (directed); pairs of rows."""


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
    leads: Floats
    lag: Floats  # microseconds


@compiled
def _own(positions: Indices, owner: Times, at: int, stop: int) -> int:
    """The end of the account's rows on the object that positions[at] is about."""
    group = owner[positions[at]] >> 32
    end = at + 1
    while end < stop and owner[positions[end]] >> 32 == group:
        end += 1
    return end


@compiled
def _back(at: Times, owner: Times, row: int, window: int, floor: int) -> int:
    """The first row on the same object that is within the window before ``row``, not before ``floor``."""
    group = owner[row] >> 32
    first = row
    while first > floor and owner[first - 1] >> 32 == group and at[row] - at[first - 1] <= window:
        first -= 1
    return first


@compiled
def _same_message(positions: Indices, message: Keys, low: int, high: int, row: int) -> int:
    same = 0
    for k in range(low, high):
        if message[positions[k]] == message[row]:
            same += 1
    return same


@compiled
def _count(
    kind: int,
    window: int,
    at: Times,
    owner: Times,
    message: Keys,
    repeated: Mask,
    positions: Indices,
    begin: int,
    end: int,
    account: int,
    tally: Times,
    covered: Indices,
    touched: Indices,
    met: int,
) -> int:
    """Add the account's neighbours on one object to the tally; returns how many accounts were met so far.

    ``tally`` holds, an account, the object that it was last met on << 32 | its weight.
    """
    low, high, k, done = begin, begin, begin, 0
    stamp = (owner[positions[begin]] >> 32) + 1
    while k < end:
        row = _back(at, owner, positions[k], window, done)
        while row < len(at) and (owner[row] >> 32) + 1 == stamp:
            while low < end and at[positions[low]] < at[row] - window:
                low += 1
            while high < end and at[positions[high]] <= at[row] + window:
                high += 1
            if low == high:
                break
            other = owner[row] & 0xFFFFFFFF
            if other > account or (kind == 1 and other != account):
                state = tally[other]
                weight = state & 0xFFFFFFFF
                fresh = state >> 32 != stamp
                if kind == 0:
                    gain = 1 if fresh else 0
                elif kind == 1:
                    gain = max(0, high - (low if fresh else max(low, covered[other])))
                    covered[other] = high
                else:
                    gain = high - low
                    if repeated[row]:
                        gain -= _same_message(positions, message, low, high, row)
                if weight == 0 and gain > 0:
                    touched[met] = other
                    met += 1
                if weight + gain > 0:
                    tally[other] = stamp << 32 | (weight + gain)
            row += 1
        done = row
        if row >= len(at) or (owner[row] >> 32) + 1 != stamp:
            break
        k = low
    return met


@compiled
def _measure(
    window: int,
    at: Times,
    owner: Times,
    positions: Indices,
    begin: int,
    end: int,
    slots: Indices,
    seen: Indices,
    pairs: Times,
    gaps: Times,
    starts: Bounds,
    filled: Indices,
) -> None:
    """For the kept edges of an account, on one object: add the pairs of rows and the gap of the closest pair.

    A gap is kept as 4 * microseconds, plus 0 where the account was first, 1 in a tie, 2 where the other was.
    """
    low, high, near, k, done = begin, begin, begin, begin, 0
    stamp = (owner[positions[begin]] >> 32) + 1
    while k < end:
        row = _back(at, owner, positions[k], window, done)
        while row < len(at) and (owner[row] >> 32) + 1 == stamp:
            while low < end and at[positions[low]] < at[row] - window:
                low += 1
            while high < end and at[positions[high]] <= at[row] + window:
                high += 1
            if low == high:
                break
            slot = slots[owner[row] & 0xFFFFFFFF] - 1
            if slot >= 0:
                while near < end and at[positions[near]] < at[row]:
                    near += 1
                before = at[row] - at[positions[near - 1]] if near > begin else window + 1
                after = at[positions[near]] - at[row] if near < end else window + 1
                gap = min(before, after)
                code = gap * 4 + (1 if before == after or gap == 0 else 0 if before < after else 2)
                pairs[slot] += high - low
                if seen[slot] != stamp:
                    seen[slot] = stamp
                    gaps[starts[slot] + filled[slot]] = code
                    filled[slot] += 1
                else:
                    place = starts[slot] + filled[slot] - 1
                    if gap < gaps[place] >> 2:
                        gaps[place] = code
                    elif gap == gaps[place] >> 2 and code != gaps[place]:
                        gaps[place] = gap * 4 + 1
            row += 1
        done = row
        if row >= len(at) or (owner[row] >> 32) + 1 != stamp:
            break
        k = low


@compiled
def _describe(gaps: Times) -> tuple[float, float]:
    """(share of objects on which the account was first, ties as halves; median gap in microseconds)."""
    first = 0.0
    for code in gaps:
        first += 1.0 - (code & 3) / 2.0
    return first / len(gaps), np.median(gaps >> 2)


@compiled
def _grown(values: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
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
            end = _own(positions, owner, k, stop)
            met = _count(
                kind, window, at, owner, message, repeated, positions, k, end, account, tally, scratch, touched, met
            )
            k = end
        kept = 0
        for k in range(met):
            other = touched[k]
            weight = tally[other] & 0xFFFFFFFF
            tally[other] = 0
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
            offsets = np.zeros(kept + 1, np.int64)
            for k in range(kept):
                scratch[touched[k]] = k + 1
                offsets[k + 1] = offsets[k] + weights[found + k]
            seen, filled = np.zeros(kept, np.int32), np.zeros(kept, np.int32)
            gaps, rows = np.empty(offsets[kept], np.int64), np.zeros(kept, np.int64)
            k = starts[account]
            while k < stop:
                end = _own(positions, owner, k, stop)
                _measure(window, at, owner, positions, k, end, scratch, seen, rows, gaps, offsets, filled)
                k = end
            for k in range(kept):
                scratch[touched[k]] = 0
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
    results: list[tuple[npt.NDArray[np.int64], ...]] = [()] * len(blocks)

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
    return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)) or [(0, 0)]
