"""Bring shares of one object together in the order of time, and number the accounts: linear work, on all cores.

Keys are spread evenly, so their leading bits cut the rows into buckets that fit a core's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, slices, together
from seawall.measures.keys import Keys, Times

Indices = npt.NDArray[np.int32]
Bounds = npt.NDArray[np.int64]
Column = npt.NDArray[Any]

ROWS_PER_BUCKET = 1 << 14
MOST_BITS = 11


@compiled
def _histogram(keys: Keys, shift: int, start: int, stop: int, counts: Bounds) -> None:
    for row in range(start, stop):
        counts[np.int64(keys[row] >> np.uint64(shift))] += 1


@compiled
def _scatter(keys: Keys, shift: int, start: int, stop: int, cursor: Bounds, values: Column, out: Column) -> None:
    for row in range(start, stop):
        bucket = np.int64(keys[row] >> np.uint64(shift))
        out[cursor[bucket]] = values[row]
        cursor[bucket] += 1


@compiled
def _scatter_numbers(keys: Keys, shift: int, start: int, stop: int, cursor: Bounds, out: Indices) -> None:
    for row in range(start, stop):
        bucket = np.int64(keys[row] >> np.uint64(shift))
        out[cursor[bucket]] = row
        cursor[bucket] += 1


@compiled
def _sort_run(order: Indices, at: Times, start: int, stop: int) -> None:
    """Sort order[start:stop] by time, keeping the order of equal times; costs little where it is sorted already."""
    tidy = True
    for k in range(start + 1, stop):
        if at[order[k]] < at[order[k - 1]]:
            tidy = False
            break
    if tidy:
        return
    if stop - start > 48:
        run = order[start:stop].copy()
        times = np.empty(len(run), np.int64)
        for k in range(len(run)):
            times[k] = at[run[k]]
        ranks = np.argsort(times, kind="mergesort")
        for k in range(len(run)):
            order[start + k] = run[ranks[k]]
        return
    for k in range(start + 1, stop):
        row = order[k]
        time = at[row]
        hole = k
        while hole > start and at[order[hole - 1]] > time:
            order[hole] = order[hole - 1]
            hole -= 1
        order[hole] = row


@compiled
def number(keys: Keys, codes: Indices) -> int:
    """Number equal keys alike, from 0, in the order in which they appear; returns how many there are."""
    size = 4
    while size < 2 * len(keys):
        size *= 2
    room = np.uint64(size - 1)
    slots = np.full(size, -1, np.int32)
    firsts = np.empty(len(keys), np.int32)
    found = 0
    for row in range(len(keys)):
        slot = np.int64(keys[row] & room)
        while slots[slot] >= 0 and keys[firsts[slots[slot]]] != keys[row]:
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot] = found
            firsts[found] = row
            found += 1
        codes[row] = slots[slot]
    return found


@compiled
def _order_bucket(keys: Keys, at: Times) -> Indices:
    rows = len(keys)
    codes = np.empty(rows, np.int32)
    found = number(keys, codes)
    starts = np.zeros(found + 1, np.int32)
    for row in range(rows):
        starts[codes[row] + 1] += 1
    for code in range(found):
        starts[code + 1] += starts[code]
    cursor = starts[:-1].copy()
    order = np.empty(rows, np.int32)
    for row in range(rows):
        order[cursor[codes[row]]] = row
        cursor[codes[row]] += 1
    for code in range(found):
        _sort_run(order, at, starts[code], starts[code + 1])
    return order


@compiled
def _permute(values: Column, order: Indices) -> None:
    before = values.copy()
    for k in range(len(order)):
        values[k] = before[order[k]]


@compiled
def _number_buckets(keys: Keys, bounds: Bounds, first: int, last: int, codes: Indices, found: Bounds) -> None:
    for bucket in range(first, last):
        found[bucket] = number(keys[bounds[bucket] : bounds[bucket + 1]], codes[bounds[bucket] : bounds[bucket + 1]])


@compiled
def _place_codes(
    rows: Indices, codes: Indices, bounds: Bounds, bases: Bounds, first: int, last: int, out: Indices, firsts: Indices
) -> None:
    for bucket in range(first, last):
        base = bases[bucket]
        for k in range(bounds[bucket], bounds[bucket + 1]):
            code = base + codes[k]
            out[rows[k]] = code
            firsts[code] = rows[k]


@dataclass(frozen=True, slots=True)
class Buckets:
    """Where each row goes when rows are cut by the leading bits of their keys, keeping their order within a bucket."""

    keys: Keys
    shift: int
    parts: list[tuple[int, int]]
    cursors: npt.NDArray[np.int64]  # one row a part: where it writes its first row of each bucket
    bounds: Bounds

    @classmethod
    def of(cls, keys: Keys) -> Buckets:
        """Buckets small enough for a core's cache, unless equal keys fill one."""
        bits = max(1, min(MOST_BITS, (len(keys) // ROWS_PER_BUCKET).bit_length()))
        parts = slices(len(keys), cores(len(keys)))
        counts = np.zeros((len(parts), 1 << bits), np.int64)
        together([partial(_histogram, keys, 64 - bits, *part, counts[k]) for k, part in enumerate(parts)])
        bounds = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
        cursors = bounds[:-1] + np.cumsum(counts, axis=0) - counts
        return cls(keys, 64 - bits, parts, cursors, bounds)

    def scatter(self, values: Column) -> Column:
        """The column, bucket after bucket."""
        out = np.empty(len(values), values.dtype)
        together(
            [
                partial(_scatter, self.keys, self.shift, *part, self.cursors[k].copy(), values, out)
                for k, part in enumerate(self.parts)
            ]
        )
        return out

    def rows(self) -> Indices:
        """The number of each row, bucket after bucket."""
        out = np.empty(len(self.keys), np.int32)
        together(
            [
                partial(_scatter_numbers, self.keys, self.shift, *part, self.cursors[k].copy(), out)
                for k, part in enumerate(self.parts)
            ]
        )
        return out

    def stretches(self) -> list[tuple[int, int]]:
        """(first, last) of consecutive buckets with about equally many rows, enough for all cores to stay busy."""
        wanted = 1 if len(self.parts) == 1 else 16 * len(self.parts)
        targets = np.linspace(0, self.bounds[-1], wanted + 1)
        cuts = np.searchsorted(self.bounds, targets, side="left")
        cuts[0], cuts[-1] = 0, len(self.bounds) - 1
        cuts = np.unique(cuts)
        return [(int(a), int(b)) for a, b in pairwise(cuts)]


def by_object_and_time(columns: dict[str, Column]) -> dict[str, Column]:
    """The same rows with equal ``object`` together and ``at`` ascending within; other columns follow.

    Objects come in no particular order. The given columns are taken out one by one, so that each can be freed.
    """
    buckets = Buckets.of(columns["object"])
    out = {name: buckets.scatter(columns.pop(name)) for name in list(columns)}
    bounds = buckets.bounds

    def tidy(first: int, last: int) -> None:
        for bucket in range(first, last):
            span = slice(bounds[bucket], bounds[bucket + 1])
            order = _order_bucket(out["object"][span], out["at"][span])
            for values in out.values():
                _permute(values[span], order)

    together([partial(tidy, *stretch) for stretch in buckets.stretches()], cores(len(out["object"])))
    return out


def numbered(keys: Keys) -> tuple[Indices, Indices]:
    """A number from 0 for each key, the same for equal keys, and one row that has each number."""
    if cores(len(keys)) == 1:
        codes = np.empty(len(keys), np.int32)
        found = number(keys, codes)
        firsts = np.empty(found, np.int32)
        firsts[codes] = np.arange(len(keys), dtype=np.int32)
        return codes, firsts
    buckets = Buckets.of(keys)
    rows = buckets.rows()
    spread = buckets.scatter(keys)
    local = np.empty(len(keys), np.int32)
    found_in = np.zeros(len(buckets.bounds) - 1, np.int64)
    stretches = buckets.stretches()
    threads = len(buckets.parts)
    together([partial(_number_buckets, spread, buckets.bounds, *s, local, found_in) for s in stretches], threads)
    del spread
    bases = np.cumsum(found_in) - found_in
    out = np.empty(len(keys), np.int32)
    firsts = np.empty(int(found_in.sum()), np.int32)
    together([partial(_place_codes, rows, local, buckets.bounds, bases, *s, out, firsts) for s in stretches], threads)
    return out, firsts
