"""Meet the neighbours of one account's shares on one object, and add up in a small table what its edges need.

A line of the table is (another account + 1, or 0 where it is free; the object + 1 on which it was last met; the weight
of the edge so far; up to which of the account's own shares the last object is counted, where weights count messages).

Most neighbours are met once and are no edge. So marks, few enough for the fastest cache, say first who may be one: an
account is wanted if the mark of its number's last bits is set. One mark that is set is all accounts.
"""

from __future__ import annotations

import numpy as np

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.keys import Keys, Mask, Times
from seawall.measures.prefetch import prefetch

AHEAD = 12
"""How many shares ahead the memory is asked for."""


@compiled
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
def mark_repeated(
    account: Indices, low: Indices, high: Indices, start: int, stop: int, once: Mask, twice: Mask
) -> None:
    """Mark whom shares start..stop-1 of one account meet twice; others may be marked too, as there are few marks."""
    once[:] = False
    twice[:] = False
    room, reached = len(once) - 1, np.int64(0)
    for k in range(start, stop):
        if k + AHEAD < len(low):
            prefetch(account, low[k + AHEAD])
            prefetch(account, low[k + AHEAD] + 16)
        for row in range(max(reached, np.int64(low[k])), high[k]):
            mark = account[row] & room
            twice[mark] |= once[mark]
            once[mark] = True
        reached = max(reached, np.int64(high[k]))


@compiled
def any_wanted(account: Indices, low: int, high: int, wanted: Mask) -> bool:
    """Whether rows low..high-1 have an account that is wanted."""
    found, room = False, len(wanted) - 1
    for row in range(low, high):
        found |= wanted[account[row] & room]
    return found


@compiled
def others(account: Indices, low: int, high: int, own: int, directed: bool, wanted: Mask, out: Indices) -> int:
    """Rows low..high-1 of other accounts (of higher number and wanted, unless directed) into ``out``; how many."""
    found, room = 0, len(wanted) - 1
    if directed:
        for row in range(low, high):
            out[found] = row
            found += account[row] != own
    else:
        for row in range(low, high):
            out[found] = row
            found += (account[row] > own) & wanted[account[row] & room]
    return found


@compiled
def meet_one(
    kind: int, stamp: int, rows: Indices, account: Indices, message: Keys, repeated: Mask, own: int, table: Times
) -> int:
    """The account has one share on the object, row ``own``, and these neighbours. Returns how many were new."""
    new = 0
    for row in rows:
        gain = 1
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


@compiled
def meet_many(
    kind: int,
    account: Indices,
    message: Keys,
    repeated: Mask,
    own_rows: Indices,
    low: Indices,
    high: Indices,
    begin: int,
    end: int,
    own: int,
    stamp: int,
    wanted: Mask,
    table: Times,
    used: int,
) -> tuple[Times, int]:
    """The account has shares begin..end-1 on the object: each neighbour is visited once, however many they are."""
    first = last = begin
    room = len(wanted) - 1
    row = low[begin]
    while True:
        while first < end and high[first] <= row:
            first += 1
        while last < end and low[last] <= row:
            last += 1
        if first == end:
            return table, used
        if first == last:
            row = low[first]
            continue
        other = account[row]
        if (other > own and wanted[other & room]) or (kind == 1 and other != own):
            if 2 * used >= len(table):
                table = grown(table)
            line = place(table, other)
            gain = _gain(kind, table[line, 1] != stamp, first, last, table[line, 3])
            if kind == 2 and repeated[row]:
                for k in range(first, last):
                    gain -= message[own_rows[k]] == message[row]
            if gain > 0 or table[line, 0] != 0:
                used += table[line, 0] == 0
                table[line, 0], table[line, 1], table[line, 3] = other + 1, stamp, last
                table[line, 2] += gain
        row += 1


@compiled
def _gain(kind: int, fresh: bool, first: int, last: int, covered: int) -> int:
    """What a neighbour adds that has the account's shares first..last-1 in its window."""
    if kind == 0:
        return 1 if fresh else 0
    if kind == 1:
        return last - first if fresh else max(0, last - max(first, covered))
    return last - first


@compiled
def describe_object(
    at: Times,
    account: Indices,
    own_rows: Indices,
    low: Indices,
    high: Indices,
    begin: int,
    end: int,
    stamp: int,
    wanted: Mask,
    table: Times,
    pairs: Times,
    gaps: Times,
    offsets: Bounds,
    filled: Indices,
) -> None:
    """For the kept edges of an account, on one object: add the pairs of rows, and the gap of the closest pair.

    A gap is kept as 4 * microseconds, plus 0 where the account was first, 1 in a tie, 2 where the other was. Lines
    of the table hold the number of the kept edge + 1 in place of its weight (0 = not kept).
    """
    first = last = near = begin
    room = len(wanted) - 1
    row = low[begin]
    while True:
        while first < end and high[first] <= row:
            first += 1
        while last < end and low[last] <= row:
            last += 1
        if first == end:
            return
        if first == last:
            row = low[first]
            continue
        if not wanted[account[row] & room]:
            row += 1
            continue
        line = place(table, account[row])
        edge = table[line, 2] - 1
        if table[line, 0] != 0 and edge >= 0:
            while near < end and at[own_rows[near]] < at[row]:
                near += 1
            code = _gap(at, own_rows, begin, end, near, row)
            pairs[edge] += last - first
            if table[line, 1] != stamp:
                table[line, 1] = stamp
                gaps[offsets[edge] + filled[edge]] = code
                filled[edge] += 1
            else:
                held = offsets[edge] + filled[edge] - 1
                if code >> 2 < gaps[held] >> 2:
                    gaps[held] = code
                elif code >> 2 == gaps[held] >> 2 and code != gaps[held]:
                    gaps[held] = (code >> 2) * 4 + 1
        row += 1


@compiled
def _gap(at: Times, own_rows: Indices, begin: int, end: int, near: int, row: int) -> int:
    """The gap to the account's closest share; ``near`` is its first that is not before the row."""
    after = np.int64(-1) if near == end else at[own_rows[near]] - at[row]
    before = np.int64(-1) if near == begin else at[row] - at[own_rows[near - 1]]
    if after == 0 or before == after:
        return int(after) * 4 + 1
    if after < 0 or 0 <= before < after:
        return int(before) * 4
    return int(after) * 4 + 2
