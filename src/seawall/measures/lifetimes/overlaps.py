"""Spells of one thing that cannot all be true, because a thing lives once at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

THINGS = ("thing", "id", "channel", "channel_id", "place", "url")
"""Columns that say whose spell it is; the first that is there counts."""


def overlapping(thing: pa.ChunkedArray, start: Ints, end: Ints, kept: Bools) -> Bools:
    """Which kept spells share time with another one of the same thing; of rows that repeat each other all but one.

    A spell may begin when another one ends. Spells of no thing (null) overlap nobody.
    """
    if pa.types.is_dictionary(thing.type):
        thing = thing.cast(thing.type.value_type)
    code = thing.combine_chunks().dictionary_encode().indices.fill_null(-1).to_numpy().astype(np.int64)
    rows = np.flatnonzero(kept & (code >= 0))
    rows = rows[np.lexsort((end[rows], start[rows], code[rows]))]
    wrong = np.zeros(len(kept), np.bool_)
    same = code[rows][1:] == code[rows][:-1]
    repeated = np.concatenate(
        [[False], same & (start[rows][1:] == start[rows][:-1]) & (end[rows][1:] == end[rows][:-1])]
    )[: len(rows)]
    wrong[rows[repeated]] = True
    rows = rows[~repeated]
    reach = _reach(code[rows], end[rows])
    hit = np.flatnonzero((code[rows][1:] == code[rows][:-1]) & (start[rows][1:] < end[rows][reach[:-1]])) + 1
    wrong[rows[hit]] = True
    wrong[rows[reach[hit - 1]]] = True
    return wrong


def _reach(code: Ints, end: Ints) -> Ints:
    """For each spell, by thing and start, the place of that spell of its thing so far which ends last."""
    size = len(code)
    if not size:
        return np.zeros(0, np.int64)
    ranks = np.argsort(np.argsort(end, kind="stable"), kind="stable") + code * np.int64(size)
    running = np.maximum.accumulate(ranks)
    order = np.argsort(ranks, kind="stable")
    return order[np.searchsorted(ranks[order], running)]
