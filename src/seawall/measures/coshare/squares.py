"""Pairs of accounts dealt to squares: all shares in time of two groups of accounts, which one machine sweeps.

Accounts are dealt to groups by their keys, and a square is two groups. A share goes to the squares of its group and
those of its neighbours within the window, so that both shares of each pair meet in exactly one square. However many
pairs an object has, what travels is its shares, each at most as often as there are groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Indices, by_object_and_time, numbered
from seawall.measures.coshare.shares import arrange, neighbourhoods
from seawall.measures.coshare.sweep import OBJECTS, Edges, sweep
from seawall.measures.keys import Keys, Times, mix

TABLE_ROWS = 1 << 18
"""A kernel gives tables of so many rows at most, one after the other."""

SQUARES_A_PART = 8
"""So many squares for each part, about, so that parts are of about the same size."""

DEALT = pa.schema([("square", pa.int32()), ("object", pa.uint64()), ("account", pa.uint64()), ("at", pa.int64())])

EDGES = pa.schema(
    [("square", pa.int32()), ("source", pa.uint64()), ("target", pa.uint64()), ("weight", pa.int64()),
     ("pairs", pa.int64()), ("leads", pa.float64()), ("lag", pa.float64())]
)  # fmt: skip
"""``source`` and ``target`` are keys of accounts; the rest is as in ``Edges``."""


def groups_for(parts: int) -> int:
    """In how many groups accounts are dealt for so many parts.

    >>> groups_for(1), groups_for(64)
    (4, 32)
    """
    return round(sqrt(2 * SQUARES_A_PART * parts))


def group_of(accounts: Keys, groups: int) -> Indices:
    """The group of each account."""
    out: Indices = _group_of(accounts, groups)
    return out


@compiled
def _group_of(accounts: Keys, groups: int) -> Indices:
    out = np.empty(len(accounts), np.int32)
    for row in range(len(accounts)):
        out[row] = np.int64(mix(accounts[row] ^ np.uint64(0x5851F42D4C957F2D)) >> np.uint64(33)) % groups
    return out


def dealt(window: int, groups: int, shares: pa.Table) -> Iterator[pa.Table]:
    """The shares at the core of their spots, for each square in which they may be part of a pair; see DEALT.

    Args:
        window: microseconds.
        groups: of accounts.
        shares: see ``Viral.stretched``.
    """
    columns = {name: shares[name].to_numpy() for name in ("spot", "object", "account", "at", "core")}
    columns["thing"] = columns["object"]
    columns["object"] = columns.pop("spot")
    columns = by_object_and_time(columns)
    group = group_of(columns["account"], groups)
    numbers, low, high = np.empty((3, len(group)), np.int32)
    neighbourhoods(columns["object"], columns["at"], window, numbers, low, high)
    yield DEALT.empty_table()
    block = max(1, TABLE_ROWS // groups)
    for start in range(0, len(group), block):
        row, square = _deal(group, low, high, columns["core"], groups, start, min(start + block, len(group)))
        if len(row):
            told = (columns[name][row] for name in ("thing", "account", "at"))
            yield pa.table([square, *told], schema=DEALT)


@compiled
def _groups_near(group: Indices, low: int, high: int, row: int, counts: Times, near: Times) -> int:
    """The groups of the rows low..high-1 but one, which are counted, into ``near``; how many they are."""
    found = 0
    if high - low > len(counts):
        for other in range(len(counts)):
            if counts[other] > (1 if other == group[row] else 0):
                near[found] = other
                found += 1
        return found
    for other in range(low, high):
        if other != row and counts[group[other]] > 0:
            near[found] = group[other]
            found += 1
            counts[group[other]] = -counts[group[other]]
    for k in range(found):
        counts[near[k]] = -counts[near[k]]
    return found


@compiled
def _deal(
    group: Indices, low: Indices, high: Indices, core: npt.NDArray[np.bool_], groups: int, start: int, stop: int
) -> tuple[Times, Indices]:
    """The rows start..stop-1 once for each group among their neighbours, and the squares of these."""
    size, found = 1024, 0
    rows, squares = np.empty(size, np.int64), np.empty(size, np.int32)
    counts, near = np.zeros(groups, np.int64), np.empty(groups, np.int64)
    first = end = low[start]
    for row in range(start, stop):
        while end < high[row]:
            counts[group[end]] += 1
            end += 1
        while first < low[row]:
            counts[group[first]] -= 1
            first += 1
        if not core[row]:
            continue
        own = group[row]
        several = _groups_near(group, low[row], high[row], row, counts, near)
        while found + several > size:
            size *= 2
            rows, squares = np.append(rows, rows), np.append(squares, squares)
        for k in range(several):
            rows[found] = row
            squares[found] = min(own, near[k]) * groups + max(own, near[k])
            found += 1
    return rows[:found].copy(), squares[:found].copy()


def swept(window: int, least: int, groups: int, shares: pa.Table) -> Iterator[pa.Table]:
    """The edges between the two groups of each square; see EDGES.

    Args:
        window: microseconds.
        least: the least weight of an edge.
        groups: of accounts.
        shares: see DEALT; whole squares.
    """
    yield EDGES.empty_table()
    columns = {name: shares[name].to_numpy() for name in shares.column_names}
    order = np.argsort(columns["square"], kind="stable")
    for square, rows in stretches_of(columns.pop("square"), order):
        own = by_object_and_time({name: values[rows] for name, values in columns.items()})
        accounts, firsts = numbered(own["account"])
        no_messages = np.empty(0, np.uint64)  # objects are counted
        arranged = arrange(own["object"], own["at"], no_messages, accounts, len(firsts), window)
        edges = sweep(arranged, OBJECTS, least, np.zeros(0, np.bool_), np.ones(len(firsts), np.bool_))
        keys = own["account"][firsts]
        if square // groups != square % groups:
            group = group_of(keys, groups)
            edges = edges.only(group[edges.source] != group[edges.target])
        yield from _told(edges, keys, square)


def stretches_of(values: npt.NDArray[Any], order: npt.NDArray[np.int64]) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Each value and the rows that have it; ``order`` sorts them."""
    if not len(order):
        return
    ordered = values[order]
    bounds = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(order)]
    for start, stop in pairwise(bounds):
        yield int(ordered[start]), order[start:stop]


def _told(edges: Edges, keys: Keys, square: int) -> Iterator[pa.Table]:
    for start in range(0, len(edges.weight), TABLE_ROWS):
        part = slice(start, start + TABLE_ROWS)
        columns = [
            keys[edges.source[part]], keys[edges.target[part]], edges.weight[part], edges.pairs[part],
            edges.leads[part], edges.lag[part],
        ]  # fmt: skip
        yield pa.table([np.full(len(columns[0]), square, np.int32), *columns], schema=EDGES)
