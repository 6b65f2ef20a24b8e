"""Visit the neighbourhood of one account's shares on one object, and add up what the edges need."""

from __future__ import annotations

from seawall.measures.compiled import compiled
from seawall.measures.coshare.ordering import Bounds, Indices
from seawall.measures.keys import Keys, Mask, Times


@compiled
def own_end(positions: Indices, owner: Times, at: int, stop: int) -> int:
    """The end of the account's rows on the object that positions[at] is about."""
    group = owner[positions[at]] >> 32
    end = at + 1
    while end < stop and owner[positions[end]] >> 32 == group:
        end += 1
    return end


@compiled
def meet(
    kind: int,
    window: int,
    at: Times,
    owner: Times,
    message: Keys,
    repeated: Mask,
    row: int,
    account: int,
    tally: Times,
    touched: Indices,
    met: int,
) -> int:
    """What ``count`` does, for an account with one share on the object: the common case, and three times as fast."""
    time = at[row]
    stamp = (owner[row] >> 32) + 1
    for step in (-1, 1):
        near = row + step
        while 0 <= near < len(at):
            whose = owner[near]
            if (whose >> 32) + 1 != stamp or abs(at[near] - time) > window:
                break
            other = whose & 0xFFFFFFFF
            if other > account or (kind == 1 and other != account):
                state = tally[other]
                weight = state & 0xFFFFFFFF
                if kind == 2:
                    gain = 0 if repeated[near] and message[near] == message[row] else 1
                else:
                    gain = 1 if state >> 32 != stamp else 0
                if gain > 0:
                    if weight == 0:
                        touched[met] = other
                        met += 1
                    tally[other] = stamp << 32 | (weight + 1)
            near += step
    return met


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
def _gain(kind: int, fresh: bool, low: int, high: int, covered: int) -> int:
    """What another account's share adds, if the account's shares low..high-1 are in its window."""
    if kind == 0:
        return 1 if fresh else 0
    if kind == 1:
        return max(0, high - (low if fresh else max(low, covered)))
    return high - low


@compiled
def count(
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
                gain = _gain(kind, fresh, low, high, covered[other])
                if kind == 1:
                    covered[other] = high
                elif kind == 2 and repeated[row]:
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
def measure(
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
