"""Shares arranged for the sweep: by object and time, and again by account, with each share's neighbourhood."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, slices, together
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.keys import Keys, Times


class Shares(NamedTuple):
    """Rows sorted by object and time; and, account after account, where its rows are and what lies in their windows."""

    at: Times  # one a row: UTC microseconds
    account: Indices  # one a row
    message: Keys  # one a row
    starts: Bounds  # where each account's part of the arrays below starts; one more at the end
    row: Indices  # ascending within an account
    group: Indices  # the number of the row's object
    low: Indices  # the first row on the same object within the window
    high: Indices  # one after the last
    rows: int  # how many there are

    @property
    def accounts(self) -> int:
        """How many accounts there are."""
        return len(self.starts) - 1


@compiled
def neighbourhoods(objects: Keys, at: Times, window: int, group: Indices, low: Indices, high: Indices) -> None:
    """The number of each row's object, its first row within the window of the row, and one after the last, written.

    Args:
        objects: n, of rows sorted by object and time.
        at: n, microseconds.
        window: microseconds.
        group: n, filled.
        low: n, filled.
        high: n, filled.
    """
    number = -1
    first = end = 0
    for row in range(len(objects)):
        if row == 0 or objects[row] != objects[row - 1]:
            number += 1
            first = row
            end = row
        while at[row] - at[first] > window:
            first += 1
        while end < len(objects) and objects[end] == objects[row] and at[end] - at[row] <= window:
            end += 1
        group[row], low[row], high[row] = number, first, end


@compiled
def _tally(account: Indices, start: int, stop: int, counts: Indices) -> None:
    for row in range(start, stop):
        counts[account[row]] += 1


@compiled
def _by_account(
    account: Indices,
    near: tuple[Indices, Indices, Indices],
    start: int,
    stop: int,
    cursor: Bounds,
    out: tuple[Indices, Indices, Indices, Indices],
) -> None:
    (group, low, high), (out_row, out_group, out_low, out_high) = near, out
    for row in range(start, stop):
        place = cursor[account[row]]
        cursor[account[row]] += 1
        out_row[place], out_group[place], out_low[place], out_high[place] = row, group[row], low[row], high[row]


def arrange(objects: Keys, at: Times, message: Keys, account: Indices, found: int, window: int) -> Shares:
    """Shares from rows that are sorted by object and time; accounts are numbers below ``found``."""
    rows = len(objects)
    near = (np.empty(rows, np.int32), np.empty(rows, np.int32), np.empty(rows, np.int32))
    parts = slices(rows, cores(rows))
    counts = np.zeros((len(parts), found), np.int32)
    together(
        [
            partial(neighbourhoods, objects, at, window, *near),
            *(partial(_tally, account, *part, counts[number]) for number, part in enumerate(parts)),
        ]
    )
    starts = np.zeros(found + 1, np.int64)
    np.cumsum(counts.sum(axis=0), out=starts[1:])
    out = (np.empty(rows, np.int32), np.empty_like(near[0]), np.empty_like(near[0]), np.empty_like(near[0]))
    cursor = starts[:-1].copy()
    work = []
    for number, part in enumerate(parts):
        work.append(partial(_by_account, account, near, *part, cursor.copy(), out))
        cursor += counts[number]
    together(work)
    return Shares(at, account, message, starts, *out, rows)
