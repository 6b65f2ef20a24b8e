"""Meet the neighbours of one account's shares on one object, and add up in a small table what its edges need.

A line of the table is (another account + 1, or 0 where it is free; the object + 1 on which it was last met; the weight
of the edge so far; up to which of the account's own shares the last object is counted, where weights count messages).

Most neighbours are met once and are no edge. So marks, few enough for the fastest cache, say first who may be one: an
account is wanted if the mark of its number's last bits is set. One mark that is set is all accounts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled, inlined
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.coshare.shares import Shares
from seawall.measures.keys import Times
from seawall.measures.prefetch import prefetch

AHEAD = 12
"""How many shares ahead the memory is asked for."""

Flags = npt.NDArray[np.uint8]

MET_ONCE, MET_TWICE = 1, 3
"""Marks of accounts."""


class Wanted(NamedTuple):
    """Who may be an edge: an account the mark of whose last bits has the bit MET_TWICE."""

    marks: Flags
    last: int  # the last mark


@inlined
def place(table: Times, account: int) -> int:
    """The line of an account in the table, or the free line where it belongs."""
    room = len(table) - 1
    line = (account * 0x9E3779B1 >> 8) & room
    while table[line, 0] != 0 and table[line, 0] != account + 1:
        line = (line + 1) & room
    return line


@compiled
def grown(table: Times) -> Times:
    """The table with four times the lines."""
    larger = np.zeros((4 * len(table), 4), np.int64)
    for line in range(len(table)):
        if table[line, 0] != 0:
            larger[place(larger, table[line, 0] - 1)] = table[line]
    return larger


@compiled
def own_end(group: Indices, start: int, stop: int) -> int:
    """The end of the account's shares on the object of its share ``start``."""
    end = start + 1
    while end < stop and group[end] == group[start]:
        end += 1
    return end


@compiled
def mark_repeated(shares: Shares, own: int, wanted: Wanted) -> None:
    """Mark whom of a higher number an account meets twice; others may be marked too, as there are few marks."""
    account, low, high, marks = shares.account, shares.low, shares.high, wanted.marks
    for mark in range(wanted.last + 1):
        marks[mark] = 0
    reached = np.int64(0)
    for k in range(shares.starts[own], shares.starts[own + 1]):
        if k + AHEAD < shares.rows:
            prefetch(account, low[k + AHEAD])
            prefetch(account, low[k + AHEAD] + 16)
        for row in range(max(reached, np.int64(low[k])), high[k]):
            mark, higher = account[row] & wanted.last, np.int64(account[row] > own)
            marks[mark] = marks[mark] << higher | higher
        reached = max(reached, np.int64(high[k]))


@compiled
def any_wanted(account: Indices, low: int, high: int, wanted: Wanted) -> bool:
    """Whether rows low..high-1 have an account that is wanted."""
    found = np.uint8(0)
    for row in range(low, high):
        found |= wanted.marks[account[row] & wanted.last]
    return bool(found & MET_TWICE > MET_ONCE)


@compiled
def others(account: Indices, low: int, high: int, own: int, directed: bool, wanted: Wanted, out: Indices) -> int:
    """Rows low..high-1 of other accounts (of higher number and wanted, unless directed) into ``out``; how many."""
    found = 0
    if directed:
        for row in range(low, high):
            out[found] = row
            found += account[row] != own
    else:
        for row in range(low, high):
            out[found] = row
            found += np.int64(account[row] > own) & wanted.marks[account[row] & wanted.last] >> 1
    return found


@compiled
def meet_one(kind: int, shares: Shares, repeated: Flags, k: int, rows: Indices, found: int, table: Times) -> int:
    """The account has one share on the object, ``k``, with the neighbours ``rows[:found]``; how many were new."""
    account, message, stamp, own = shares.account, shares.message, shares.group[k] + 1, shares.row[k]
    new = 0
    for near in range(found):
        row, gain = rows[near], 1
        if kind == 2 and repeated[row] and message[row] == message[own]:
            continue
        line = place(table, account[row])
        if table[line, 0] == 0:
            table[line, 0] = account[row] + 1
            new += 1
        elif kind != 2 and table[line, 1] == stamp:
            gain = 0
        table[line, 1] = stamp
        table[line, 2] += gain
    return new


@inlined
def _in_reach(low: Indices, high: Indices, first: int, last: int, end: int, row: int) -> tuple[int, int]:
    """The account's shares that have a row in their windows, the last excluded; they are sought from here on."""
    while first < end and high[first] <= row:
        first += 1
    while last < end and low[last] <= row:
        last += 1
    return first, last


@compiled
def meet_many(
    kind: int, shares: Shares, repeated: Flags, begin: int, end: int, own: int, wanted: Wanted, table: Times, used: int
) -> tuple[Times, int]:
    """The account has shares begin..end-1 on the object: each neighbour is visited once, however many they are."""
    account, low, high, stamp = shares.account, shares.low, shares.high, shares.group[begin] + 1
    first = last = begin
    row = low[begin]
    while True:
        first, last = _in_reach(low, high, first, last, end, row)
        if first == end:
            return table, used
        if first == last:
            row = low[first]
            continue
        other = account[row]
        if (other > own and wanted.marks[other & wanted.last] > MET_ONCE) or (kind == 1 and other != own):
            if 2 * used >= len(table):
                table = grown(table)
            line = place(table, other)
            gain = _gain(kind, table[line, 1] != stamp, first, last, table[line, 3])
            if kind == 2 and repeated[row]:
                for k in range(first, last):
                    gain -= shares.message[shares.row[k]] == shares.message[row]
            if gain > 0 or table[line, 0] != 0:
                used += table[line, 0] == 0
                table[line, 0], table[line, 1], table[line, 3] = other + 1, stamp, last
                table[line, 2] += gain
        row += 1


@inlined
def _gain(kind: int, fresh: bool, first: int, last: int, covered: int) -> int:
    """What a neighbour adds that has the account's shares first..last-1 in its window."""
    if kind == 0:
        return 1 if fresh else 0
    if kind == 1:
        return last - first if fresh else max(0, last - max(first, covered))
    return last - first


class Details(NamedTuple):
    """What is told of an account's edges, one after the other.

    A gap is kept as 4 * microseconds, plus 0 where the account was first, 1 in a tie, 2 where the other was.
    """

    pairs: Times  # of rows
    gaps: Times  # of the closest pair, for each object of an edge
    offsets: Bounds  # where the gaps of each edge begin; one more at the end
    filled: Indices  # how many of its gaps are there


@compiled
def describe_object(shares: Shares, begin: int, end: int, wanted: Wanted, table: Times, details: Details) -> None:
    """Add the pairs of rows, and the gap of the closest pair, on the object of the account's shares begin..end-1.

    Lines of the table hold the number of the kept edge + 1 in place of its weight (0 = not kept).
    """
    at, account, low, high, stamp = shares.at, shares.account, shares.low, shares.high, shares.group[begin] + 1
    first = last = near = begin
    row = low[begin]
    while True:
        first, last = _in_reach(low, high, first, last, end, row)
        if first == end:
            return
        if first == last:
            row = low[first]
            continue
        if wanted.marks[account[row] & wanted.last] > MET_ONCE:
            line = place(table, account[row])
            edge = table[line, 2] - 1
            if table[line, 0] != 0 and edge >= 0:
                while near < end and at[shares.row[near]] < at[row]:
                    near += 1
                details.pairs[edge] += last - first
                _tell(details, edge, _gap(at, shares.row, begin, end, near, row), table[line, 1] != stamp)
                table[line, 1] = stamp
        row += 1


@inlined
def _tell(details: Details, edge: int, code: int, fresh: bool) -> None:
    """Keep the gap of another pair of rows of an edge: the smallest of an object; of two that are equal, a tie."""
    gaps = details.gaps
    if fresh:
        gaps[details.offsets[edge] + details.filled[edge]] = code
        details.filled[edge] += 1
        return
    held = details.offsets[edge] + details.filled[edge] - 1
    if code >> 2 < gaps[held] >> 2:
        gaps[held] = code
    elif code >> 2 == gaps[held] >> 2 and code != gaps[held]:
        gaps[held] = (code >> 2) * 4 + 1


@inlined
def _gap(at: Times, own_rows: Indices, begin: int, end: int, near: int, row: int) -> int:
    """The gap to the account's closest share; ``near`` is its first that is not before the row."""
    after = np.int64(-1) if near == end else at[own_rows[near]] - at[row]
    before = np.int64(-1) if near == begin else at[row] - at[own_rows[near - 1]]
    if after == 0 or before == after:
        return int(after) * 4 + 1
    if after < 0 or 0 <= before < after:
        return int(before) * 4
    return int(after) * 4 + 2
