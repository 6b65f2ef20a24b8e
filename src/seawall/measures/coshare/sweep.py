"""Count, account by account, with whom it acted on the same objects in time. Pairs of rows are never stored.

For one account the kernel visits the neighbourhood of each of its shares, at most once a share and object, and
adds up in a table of its neighbours, which fits a core's cache. So memory grows with rows and edges, and work with
visits, however viral an object is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, together
from seawall.measures.coshare.neighbours import (
    AHEAD,
    any_wanted,
    describe_object,
    grown,
    mark_repeated,
    meet_many,
    meet_one,
    others,
    own_end,
)
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.coshare.shares import Shares
from seawall.measures.keys import Keys, Mask, Times
from seawall.measures.prefetch import prefetch

Floats = npt.NDArray[np.float64]

OBJECTS, MESSAGES, PAIRS = 0, 1, 2
"""What an edge's weight counts: distinct objects; distinct messages of the source (directed); pairs of rows."""

CHUNK = 512
"""How many neighbours are gathered before they are counted."""

SMALL = 1024
"""Lines of the table that an account starts with at most; it grows with the account's neighbours."""

MARKS = 1 << 14
"""How many marks of accounts there are at most."""


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
def _meet_all(
    kind: int,
    account: Indices,
    message: Keys,
    repeated: Mask,
    row: Indices,
    group: Indices,
    low: Indices,
    high: Indices,
    start: int,
    stop: int,
    own: int,
    wanted: Mask,
    table: Times,
    chunk: Indices,
) -> tuple[Times, int]:
    """The table of an account's neighbours that are wanted, and how many they are."""
    used, k = 0, start
    while k < stop:
        end = own_end(group, k, stop)
        if k + AHEAD < len(row):
            prefetch(account, low[k + AHEAD])
            prefetch(account, low[k + AHEAD] + 16)
        if end == k + 1:
            for piece in range(low[k], high[k], CHUNK):
                found = others(account, piece, min(piece + CHUNK, high[k]), own, kind == 1, wanted, chunk)
                while 2 * (used + found) >= len(table):
                    table = grown(table)
                used += meet_one(kind, group[k] + 1, chunk[:found], account, message, repeated, row[k], table)
        else:
            table, used = meet_many(
                kind, account, message, repeated, row, low, high, k, end, own, group[k] + 1, wanted, table, used
            )
        k = end
    return table, used


@compiled
def _room(visits: int, times: int, most: int) -> int:
    """A power of two, so many times the visits if they are few."""
    room = 16
    while room < times * visits and room < most:
        room *= 2
    return room


@compiled
def _visits(low: Indices, high: Indices, start: int, stop: int) -> int:
    visits = 0
    for k in range(start, stop):
        visits += high[k] - low[k]
    return visits


@compiled
def _mark_kept(table: Times, marks: Mask) -> None:
    """Mark the accounts whose lines hold the number of a kept edge."""
    marks[:] = False
    for line in range(len(table)):
        if table[line, 0] != 0 and table[line, 2] > 0:
            marks[(table[line, 0] - 1) & (len(marks) - 1)] = True


@compiled
def _details(
    at: Times,
    account: Indices,
    row: Indices,
    group: Indices,
    low: Indices,
    high: Indices,
    start: int,
    stop: int,
    weights: Times,
    wanted: Mask,
    table: Times,
) -> tuple[Times, Bounds, Times]:
    """Of one account's kept edges: the gaps of each (from its offset on), the offsets, and the pairs of rows."""
    kept = len(weights)
    offsets = np.zeros(kept + 1, np.int64)
    offsets[1:] = np.cumsum(weights)
    filled, pairs = np.zeros(kept, np.int32), np.zeros(kept, np.int64)
    gaps = np.empty(offsets[kept], np.int64)
    table[:, 1] = 0
    k = start
    while k < stop:
        end = own_end(group, k, stop)
        if any_wanted(account, low[k], high[end - 1], wanted):
            describe_object(
                at, account, row, low, high, k, end, group[k] + 1, wanted, table, pairs, gaps, offsets, filled
            )
        k = end
    return gaps, offsets, pairs


@compiled
def _describe(gaps: Times) -> tuple[float, float]:
    """(2 for each object on which the account was first and 1 for each tie; median gap in microseconds)."""
    if len(gaps) == 1:
        return 2.0 - (gaps[0] & 3), float(gaps[0] >> 2)
    first = 0.0
    for code in gaps:
        first += 2.0 - (code & 3)
    return first, np.median(gaps >> 2)


@compiled
def _longer(values: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    out = np.empty(size, values.dtype)
    out[: len(values)] = values
    return out


@compiled
def _sweep(
    kind: int,
    min_weight: int,
    at: Times,
    account: Indices,
    message: Keys,
    repeated: Mask,
    starts: Bounds,
    row: Indices,
    group: Indices,
    low: Indices,
    high: Indices,
    eligible: Mask,
    first: int,
    last: int,
) -> tuple[Times, Times, Times, Floats, Floats]:
    """The edges that start at accounts first..last-1: ends, weights, pairs, leads, lags."""
    size, found = 1024, 0
    ends, weights, pairs = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    leads, lags = np.empty(size, np.float64), np.empty(size, np.float64)
    chunk = np.empty(CHUNK, np.int32)
    small = np.zeros((SMALL, 4), np.int64)
    once, twice, everyone = np.zeros(MARKS, np.bool_), np.zeros(MARKS, np.bool_), np.ones(1, np.bool_)
    for own in range(first, last):
        start, stop = starts[own], starts[own + 1]
        visits = _visits(low, high, start, stop)
        marks, wanted = _room(visits, 16, MARKS), everyone
        if kind == 0 and min_weight > 1:
            wanted = twice[:marks]
            mark_repeated(account, low, high, start, stop, once[:marks], wanted)
        table = small[: _room(visits, 2, SMALL)]
        table, used = _meet_all(
            kind, account, message, repeated, row, group, low, high, start, stop, own, wanted, table, chunk
        )
        if used == 0:
            continue
        while found + used > size:
            size *= 2
            ends, weights = _longer(ends, size), _longer(weights, size)
            if kind == 0:
                pairs, leads, lags = _longer(pairs, size), _longer(leads, size), _longer(lags, size)
        kept = 0
        for line in range(len(table)):
            if table[line, 0] != 0:
                other, weight = table[line, 0] - 1, table[line, 2]
                table[line, 2] = 0
                if weight >= min_weight and (eligible[own] or eligible[other]):
                    ends[found + kept] = np.int64(own) << 32 | other
                    weights[found + kept] = weight
                    kept += 1
                    table[line, 2] = kept
        if kind == 0 and kept > 0:
            if min_weight > 1:
                _mark_kept(table, wanted)
            gaps, offsets, rows = _details(
                at, account, row, group, low, high, start, stop, weights[found : found + kept], wanted, table
            )
            for k in range(kept):
                pairs[found + k] = rows[k]
                leads[found + k], lags[found + k] = _describe(gaps[offsets[k] : offsets[k + 1]])
        found += kept
        small[: len(table)] = 0
    return ends[:found], weights[:found], pairs[:found], leads[:found], lags[:found]


def sweep(shares: Shares, kind: int, min_weight: int, repeated: Mask, eligible: Mask) -> Edges:
    """All edges of at least ``min_weight``, of which one account at least is ``eligible``.

    Args:
        shares: see ``arrange``.
        kind: OBJECTS, MESSAGES or PAIRS.
        min_weight: 1 or more.
        repeated: one entry a row: its message stands in another account's row too (PAIRS only).
        eligible: one entry an account.
    """
    threads = cores(len(shares.at))
    blocks = _blocks(shares.starts, 1 if threads == 1 else 32 * threads)
    waiting = iter(range(len(blocks)))
    results: list[tuple[npt.NDArray[Any], ...]] = [()] * len(blocks)

    def work() -> None:
        for block in waiting:
            found = _sweep(
                kind, min_weight, shares.at, shares.account, shares.message, repeated, shares.starts,
                shares.row, shares.group, shares.low, shares.high, eligible, *blocks[block],
            )  # fmt: skip
            results[block] = tuple(part.copy() for part in found)

    together([work] * threads)
    columns = [list(parts) for parts in zip(*results, strict=True)]
    results.clear()
    ends, weight, pairs, leads, lag = (_joined(parts) for parts in columns)
    source, target = (ends >> 32).astype(np.int32), (ends & 0xFFFFFFFF).astype(np.int32)
    return Edges(source, target, weight, pairs, leads, lag)


def _joined(parts: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """All parts, which are let go of: many edges are not in the memory twice."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


def _blocks(starts: Bounds, wanted: int) -> list[tuple[int, int]]:
    """Consecutive accounts with about equally many shares."""
    cuts = np.searchsorted(starts, np.linspace(0, starts[-1], wanted + 1), side="left")
    cuts[0], cuts[-1] = 0, len(starts) - 1
    cuts = np.unique(np.minimum(cuts, len(starts) - 1))
    return list(pairwise(cuts.tolist())) or [(0, 0)]
