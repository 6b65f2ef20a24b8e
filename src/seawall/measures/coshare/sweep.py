"""Count, account by account, with whom it acted on the same objects in time. Pairs of rows are never stored.

For one account the kernel visits the neighbourhood of each of its shares, at most once a share and object, and
adds up in a table of its neighbours, which fits a core's cache. So memory grows with rows and edges, and work with
visits, however viral an object is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import borrowed
from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, together
from seawall.measures.coshare.neighbours import (
    AHEAD,
    MET_TWICE,
    Details,
    Flags,
    Wanted,
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
from seawall.measures.keys import Mask, Times
from seawall.measures.prefetch import prefetch

Floats = npt.NDArray[np.float64]

Told = tuple[Times, Floats, Floats]
"""Pairs, leads and lags, one an edge."""

OBJECTS, MESSAGES, PAIRS = 0, 1, 2
"""What an edge's weight counts: distinct objects; distinct messages of the source (directed); pairs of rows."""

CHUNK = 512
"""How many neighbours are gathered before they are counted."""

SMALL = 1024
"""Lines of the table that an account starts with at most; it grows with the account's neighbours."""

MARKS, TIMES = 1 << 14, 16
"""How many marks of accounts there are at most, and how many times as many as visits, about."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges by the numbers of their accounts. The last three are empty unless weights count objects."""

    source: Indices
    target: Indices
    weight: Times
    pairs: Times
    leads: Floats  # 2 for each object on which the source was first, 1 for each tie
    lag: Floats  # microseconds

    def only(self, kept: Mask) -> Edges:
        """Those that are kept, all columns told."""
        ends = self.source[kept], self.target[kept]
        return Edges(*ends, self.weight[kept], self.pairs[kept], self.leads[kept], self.lag[kept])


class Desk(NamedTuple):
    """Room for one account after the other."""

    chunk: Indices
    table: Times  # all zero between accounts
    marks: Flags
    everyone: Flags

    @classmethod
    def empty(cls) -> Desk:
        """For the first account."""
        marks, everyone = np.empty(MARKS, np.uint8), np.full(1, MET_TWICE, np.uint8)
        return cls(np.empty(CHUNK, np.int32), np.zeros((SMALL, 4), np.int64), marks, everyone)


@compiled
def _meet_all(
    kind: int, shares: Shares, repeated: Flags, own: int, wanted: Wanted, table: Times, chunk: Indices
) -> tuple[Times, int]:
    """The table of an account's neighbours that are wanted, and how many they are."""
    account, low, high = shares.account, shares.low, shares.high
    used, k, stop = 0, shares.starts[own], shares.starts[own + 1]
    while k < stop:
        end = own_end(shares.group, k, stop)
        if k + AHEAD < shares.rows:
            prefetch(account, low[k + AHEAD])
            prefetch(account, low[k + AHEAD] + 16)
        if end == k + 1:
            for piece in range(low[k], high[k], CHUNK):
                found = others(account, piece, min(piece + CHUNK, high[k]), own, kind == 1, wanted, chunk)
                while 2 * (used + found) >= len(table):
                    table = grown(table)
                used += meet_one(kind, shares, repeated, k, chunk, found, table)
        else:
            table, used = meet_many(kind, shares, repeated, k, end, own, wanted, table, used)
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
def _mark_kept(table: Times, wanted: Wanted) -> None:
    """Mark the accounts whose lines hold the number of a kept edge."""
    for mark in range(wanted.last + 1):
        wanted.marks[mark] = 0
    for line in range(len(table)):
        if table[line, 0] != 0 and table[line, 2] > 0:
            wanted.marks[(table[line, 0] - 1) & wanted.last] = MET_TWICE


@compiled
def _empty_details(weights: Times) -> Details:
    """Room for what is told of edges of these weights."""
    offsets = np.zeros(len(weights) + 1, np.int64)
    offsets[1:] = np.cumsum(weights)
    pairs, filled = np.zeros(len(weights), np.int64), np.zeros(len(weights), np.int32)
    return Details(pairs, np.empty(offsets[-1], np.int64), offsets, filled)


@compiled
def _fill_details(shares: Shares, own: int, wanted: Wanted, table: Times, details: Details) -> None:
    """Look at the account's objects again, for its edges that are kept."""
    details = borrowed(details)
    table[:, 1] = 0
    k, stop = shares.starts[own], shares.starts[own + 1]
    while k < stop:
        end = own_end(shares.group, k, stop)
        if any_wanted(shares.account, shares.low[k], shares.high[end - 1], wanted):
            describe_object(shares, k, end, wanted, table, details)
        k = end


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
def _keep(table: Times, own: int, least: int, eligible: Flags, ends: Times, weights: Times) -> int:
    """Write the edges of an account that weigh enough; their lines hold their number from 1 on then, the others 0.

    Returns:
        how many there are.
    """
    kept = 0
    for line in range(len(table)):
        if table[line, 0] != 0:
            other, weight = table[line, 0] - 1, table[line, 2]
            table[line, 2] = 0
            if weight >= least and (eligible[own] or eligible[other]):
                ends[kept] = np.int64(own) << 32 | other
                weights[kept] = weight
                kept += 1
                table[line, 2] = kept
    return kept


@compiled
def _describe_kept(
    shares: Shares, own: int, least: int, wanted: Wanted, table: Times, weights: Times, told: Told, found: int
) -> None:
    """Write pairs, leads and lags of an account's kept edges, of these weights, from ``found`` on."""
    if least > 1:
        _mark_kept(table, wanted)
    details = _empty_details(weights)
    _fill_details(shares, own, wanted, table, details)
    for k in range(len(weights)):
        told[0][found + k] = details.pairs[k]
        gaps = details.gaps[details.offsets[k] : details.offsets[k + 1]]
        told[1][found + k], told[2][found + k] = _describe(gaps)


@compiled
def _sweep(
    kind: int, least: int, shares: Shares, repeated: Flags, eligible: Flags, first: int, last: int, desk: Desk
) -> tuple[Times, Times, Told]:
    """The edges that start at accounts first..last-1: ends, weights, and pairs, leads, lags where these are told."""
    shares, repeated, eligible = borrowed(shares), borrowed(repeated), borrowed(eligible)
    chunk, marks, everyone = borrowed(desk.chunk), borrowed(desk.marks), borrowed(desk.everyone)
    size, found = 1024, 0
    ends, weights, pairs = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    leads, lags = np.empty(size, np.float64), np.empty(size, np.float64)
    for own in range(first, last):
        start, stop = shares.starts[own], shares.starts[own + 1]
        visits, wanted = _visits(shares.low, shares.high, start, stop), Wanted(everyone, 0)
        if kind == 0 and least > 1:
            wanted = Wanted(marks, _room(visits, TIMES, MARKS) - 1)
            mark_repeated(shares, own, wanted)
        table, used = _meet_all(kind, shares, repeated, own, wanted, desk.table[: _room(visits, 2, SMALL)], chunk)
        if used:
            while found + used > size:
                size *= 2
                ends, weights = _longer(ends, size), _longer(weights, size)
                if kind == 0:
                    pairs, leads, lags = _longer(pairs, size), _longer(leads, size), _longer(lags, size)
            kept = _keep(table, own, least, eligible, ends[found:], weights[found:])
            if kind == 0 and kept:
                heavy = weights[found : found + kept]
                _describe_kept(shares, own, least, wanted, table, heavy, (pairs, leads, lags), found)
            found += kept
            desk.table[: len(table)] = 0
    told = found if kind == 0 else 0
    return ends[:found], weights[:found], (pairs[:told], leads[:told], lags[:told])


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
    waiting, flags = iter(range(len(blocks))), (repeated.view(np.uint8), eligible.view(np.uint8))
    results: list[tuple[npt.NDArray[Any], ...]] = [()] * len(blocks)

    def work() -> None:
        desk = Desk.empty()
        for block in waiting:
            ends, weight, told = _sweep(kind, min_weight, shares, *flags, *blocks[block], desk)
            results[block] = tuple(part.copy() for part in (ends, weight, *told))

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
