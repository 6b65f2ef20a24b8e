"""Sixteen tables that say which rows have which 16 bits at which place of their hash.

Multi-index hashing (Norouzi, Punjani and Fleet, Fast exact search in Hamming space, 2014). A table has a bucket for
each value of its 16 bits; the rows of a bucket stand one after the other, with room for a few more. A bucket that is
full moves to the end, half as large again; when more places were left behind than are in use, everything is laid out
anew.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, together
from seawall.measures.hashes.words import Words
from seawall.measures.keys import Mask

Postings = npt.NDArray[np.int32]
Buckets = npt.NDArray[np.int32]

TABLES = 16
BUCKETS = 1 << 16

START, USED, ROOM = 0, 1, 2
"""What stands of each bucket, three numbers one after the other: where it begins, its rows, and how many fit."""

_SPARE = 1 << 20
"""So many places may be left behind, however few are in use."""


@compiled
def bucket_of(words: Words, row: int, table: int) -> np.int64:
    """The number of the bucket, over all tables, that a hash stands in."""
    word = words[4 * row + (table >> 2)] >> np.uint64(48 - 16 * (table & 3))
    return np.int64(table << 16) | np.int64(word & np.uint64(0xFFFF))


@compiled
def _count(words: Words, alive: Mask, table: int, buckets: Buckets) -> None:
    for row in range(len(alive)):
        if alive[row]:
            buckets[3 * bucket_of(words, row, table) + ROOM] += 1


@compiled
def _lay_out(buckets: Buckets) -> int:
    """Where each bucket begins, with room for an eighth more than was counted; how many places that takes."""
    top = 0
    for bucket in range(len(buckets) // 3):
        counted = buckets[3 * bucket + ROOM]
        if counted:
            buckets[3 * bucket + START] = top
            buckets[3 * bucket + ROOM] = counted + counted // 8 + 2
            top += counted + counted // 8 + 2
    return top


@compiled
def _fill(words: Words, alive: Mask, table: int, buckets: Buckets, postings: Postings) -> None:
    for row in range(len(alive)):
        if alive[row]:
            at = 3 * bucket_of(words, row, table)
            postings[buckets[at + START] + buckets[at + USED]] = row
            buckets[at + USED] += 1


@compiled
def _longer(postings: Postings, size: int) -> Postings:
    out = np.empty(max(size, len(postings) * 5 // 4), np.int32)
    out[: len(postings)] = postings
    return out


@compiled
def _insert(
    words: Words, first: int, last: int, buckets: Buckets, postings: Postings, top: int
) -> tuple[Postings, int, int]:
    """The postings with rows first..last-1 in all tables, their end, and how many places were left behind."""
    left = 0
    for row in range(first, last):
        for table in range(TABLES):
            at = 3 * bucket_of(words, row, table)
            used, room = buckets[at + USED], buckets[at + ROOM]
            if used == room:
                more = room + room // 2 + 4
                if top + more > len(postings):
                    postings = _longer(postings, top + more)
                start = buckets[at + START]
                postings[top : top + used] = postings[start : start + used]
                buckets[at + START], buckets[at + ROOM] = top, more
                top += more
                left += room
            postings[buckets[at + START] + used] = row
            buckets[at + USED] = used + 1
    return postings, top, left


class Tables:
    """The buckets of all tables and the rows in them."""

    def __init__(self) -> None:
        self.buckets: Buckets = np.zeros(3 * TABLES * BUCKETS, np.int32)
        self.postings: Postings = np.empty(0, np.int32)
        self._top = 0
        self._left = 0

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.buckets.nbytes + self.postings.nbytes

    def build(self, words: Words, alive: Mask) -> None:
        """Lay out everything anew, with the rows that are alive."""
        self.postings = np.empty(0, np.int32)
        self.buckets[:] = 0
        threads = cores(len(alive))
        together([partial(_count, words, alive, table, self.buckets) for table in range(TABLES)], threads)
        self._top, self._left = _lay_out(self.buckets), 0
        self.postings = np.empty(self._top, np.int32)
        filling = [partial(_fill, words, alive, table, self.buckets, self.postings) for table in range(TABLES)]
        together(filling, threads)

    def insert(self, words: Words, alive: Mask, first: int) -> None:
        """Put the rows from ``first`` on into their buckets."""
        added = _insert(words, first, len(alive), self.buckets, self.postings, self._top)
        self.postings, self._top = added[0], int(added[1])
        self._left += int(added[2])
        if self._left > TABLES * len(alive) + _SPARE:
            self.build(words, alive)
