"""What two texts have in common, piece by piece, in bounded time.

Of two short rows of pieces the longest common subsequence is found (Wagner and Fischer, 1974). Long ones are first
cut at pieces that both have exactly once, in the order that most of these share (the patience diff of Bram Cohen);
what is still too long between two cuts counts as replaced, so a difference is always true, and at worst coarser.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled

CELLS = 1 << 23
"""How many pairs of pieces of two texts are compared one by one, at most."""

Pair = tuple[int, int]


def matches(first: Sequence[str], other: Sequence[str]) -> list[Pair]:
    """Positions of pieces that are the same in both, ascending in both.

    >>> matches(["a", "b", "c"], ["a", "c", "d"])
    [(0, 0), (2, 1)]
    """
    numbers: dict[str, int] = {}
    one = np.array([numbers.setdefault(piece, len(numbers)) for piece in first], np.int64)
    two = np.array([numbers.setdefault(piece, len(numbers)) for piece in other], np.int64)
    return list(_between(one, two, 0, 0))


Row = npt.NDArray[np.int64]


def _between(first: Row, other: Row, at: int, to: int) -> Iterator[Pair]:
    """The matches of two rows of numbers that begin at positions ``at`` and ``to``."""
    head = _alike(first, other)
    tail = _alike(first[head:][::-1], other[head:][::-1])
    yield from ((at + place, to + place) for place in range(head))
    end, finish = len(first) - tail, len(other) - tail
    yield from _inner(first[head:end], other[head:finish], at + head, to + head)
    yield from ((at + end + place, to + finish + place) for place in range(tail))


def _inner(first: Row, other: Row, at: int, to: int) -> Iterator[Pair]:
    if len(first) * len(other) <= CELLS:
        for place, beside in _longest(first, other):
            yield at + int(place), to + int(beside)
        return
    begin = start = 0
    cells = CELLS
    for place, beside in [*_shared_once(first, other), (len(first), len(other))]:
        part, beyond = first[begin:place], other[start:beside]
        if len(part) * len(beyond) <= cells:
            cells -= len(part) * len(beyond)
            for one, two in _longest(part, beyond):
                yield at + begin + int(one), to + start + int(two)
        if place < len(first):
            yield at + place, to + beside
        begin, start = place + 1, beside + 1


def _alike(first: Row, other: Row) -> int:
    """How many pieces at the beginning are the same."""
    length = min(len(first), len(other))
    unlike = np.flatnonzero(first[:length] != other[:length])
    return int(unlike[0]) if len(unlike) else length


def _shared_once(first: Row, other: Row) -> list[Pair]:
    """Pieces that both have exactly once: a longest run of them that ascends in both."""
    once = {piece for piece, count in Counter(first.tolist()).items() if count == 1}
    once &= {piece for piece, count in Counter(other.tolist()).items() if count == 1}
    where = {piece: place for place, piece in enumerate(other.tolist()) if piece in once}
    pairs = [(place, where[piece]) for place, piece in enumerate(first.tolist()) if piece in once]
    ends: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for number, (_, beside) in enumerate(pairs):
        length = bisect_left(ends, beside)
        ends[length : length + 1] = [beside]
        last[length : length + 1] = [number]
        before[number] = last[length - 1] if length else -1
    chain = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


@compiled
def _longest(first: Row, other: Row) -> Row:
    """A longest common subsequence: n x 2 positions."""
    rows, columns = len(first), len(other)
    best = np.zeros((rows + 1, columns + 1), np.int32)
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            if first[row] == other[column]:
                best[row, column] = best[row + 1, column + 1] + 1
            else:
                best[row, column] = max(best[row + 1, column], best[row, column + 1])
    found = np.empty((best[0, 0], 2), np.int64)
    row = column = count = 0
    while count < len(found):
        if first[row] == other[column]:
            found[count, 0], found[count, 1] = row, column
            row, column, count = row + 1, column + 1, count + 1
        elif best[row + 1, column] >= best[row, column + 1]:
            row += 1
        else:
            column += 1
    return found
