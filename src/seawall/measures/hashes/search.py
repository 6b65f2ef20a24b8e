"""The rows within a Hamming distance of each query: by the tables, or by comparing with every row.

Two hashes of 256 bits that differ in at most 16 r + a places (0 <= a < 16) differ in at most r places in one of the
first a + 1 pieces of 16 bits, or in at most r - 1 in one of the others: else they would differ in more. So looking up
all values that near each piece of the query finds every row, whatever the data. At distance 31 these are 17
values in each of 16 tables. Larger distances need more values; where comparing with every row costs less, that is done.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.cores import available, together
from seawall.measures.hashes.bits import bits_set
from seawall.measures.hashes.tables import BUCKETS, START, TABLES, USED, Buckets, Postings, Tables, bucket_of
from seawall.measures.hashes.words import WORDS, Words
from seawall.measures.keys import Mask
from seawall.measures.prefetch import prefetch

Found = npt.NDArray[np.int64]
"""Distance << 32 | row, so that sorting puts the nearest first, and of equally near ones the oldest."""

FARTHEST_PIECE = 3
"""Values that differ from a piece of the query in more places are not looked up."""

CHUNK = 512
"""How many rows are gathered before they are compared."""

_BLOCK = 64
"""How many queries a thread takes at a time."""


def _near_values() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    flips = [
        sum(1 << place for place in places)
        for size in range(FARTHEST_PIECE + 1)
        for places in combinations(range(16), size)
    ]
    sizes = [sum(flip.bit_count() <= size for flip in flips) for size in range(FARTHEST_PIECE + 1)]
    return np.array(flips, np.int64), np.array([*sizes, 0], np.int64)


FLIPS, SIZES = _near_values()
"""What to flip to reach the values that differ in 0, 1, 2, 3 bits; how many values differ in at most so many (the last
entry, which -1 finds, is none)."""


@compiled
def _apart(words: Words, row: int, queries: Words, query: int) -> int:
    a, b = 4 * row, 4 * query
    first = bits_set(words[a] ^ queries[b]) + bits_set(words[a + 1] ^ queries[b + 1])
    return first + bits_set(words[a + 2] ^ queries[b + 2]) + bits_set(words[a + 3] ^ queries[b + 3])


@compiled
def _met_before(words: Words, row: int, queries: Words, query: int, table: int, radii: npt.NDArray[np.int64]) -> bool:
    """Whether an earlier table has led to this row already."""
    for earlier in range(table):
        differing = bucket_of(words, row, earlier) ^ bucket_of(queries, query, earlier)
        if bits_set(np.uint64(differing)) <= radii[earlier]:
            return True
    return False


@compiled
def _compare(
    words: Words,
    alive: Mask,
    rows: Postings,
    queries: Words,
    query: int,
    table: int,
    radii: npt.NDArray[np.int64],
    distance: int,
    found: Found,
    count: int,
) -> int:
    """Put those of the rows that are near into ``found``, which has room; how many are in it then."""
    for row in rows:
        apart = _apart(words, row, queries, query)
        if apart <= distance and alive[row] and not _met_before(words, row, queries, query, table, radii):
            found[count] = apart << 32 | row
            count += 1
    return count


@compiled
def _roomy(found: Found, count: int, more: int) -> Found:
    if count + more <= len(found):
        return found
    out = np.empty(max(count + more, 2 * len(found)), np.int64)
    out[:count] = found[:count]
    return out


@compiled
def _look_up(
    words: Words,
    alive: Mask,
    buckets: Buckets,
    postings: Postings,
    queries: Words,
    query: int,
    table: int,
    flips: npt.NDArray[np.int64],
    radii: npt.NDArray[np.int64],
    distance: int,
    chunk: Postings,
    found: Found,
    count: int,
) -> tuple[Found, int]:
    """What one table finds for one query, added to what is found."""
    own, gathered = bucket_of(queries, query, table), 0
    for flip in flips:
        prefetch(buckets, int(3 * (own ^ flip)))
    for flip in flips:
        prefetch(postings, buckets[3 * (own ^ flip) + START])
    for flip in flips:
        at = 3 * (own ^ flip)
        start = buckets[at + START]
        for place in range(start, start + buckets[at + USED]):
            row = postings[place]
            prefetch(words, 4 * row)
            chunk[gathered] = row
            gathered += 1
            if gathered == len(chunk):
                found = _roomy(found, count, gathered)
                count = _compare(words, alive, chunk, queries, query, table, radii, distance, found, count)
                gathered = 0
    found = _roomy(found, count, gathered)
    return found, _compare(words, alive, chunk[:gathered], queries, query, table, radii, distance, found, count)


@compiled
def _by_tables(
    words: Words,
    alive: Mask,
    buckets: Buckets,
    postings: Postings,
    queries: Words,
    first: int,
    last: int,
    flips: npt.NDArray[np.int64],
    sizes: npt.NDArray[np.int64],
    radii: npt.NDArray[np.int64],
    distance: int,
) -> tuple[Found, npt.NDArray[np.int64]]:
    """What queries first..last-1 find, one query after the other, and how much each found."""
    found, ends, count = np.empty(1024, np.int64), np.zeros(last - first + 1, np.int64), 0
    chunk = np.empty(CHUNK, np.int32)
    for query in range(first, last):
        for table in range(len(radii)):
            near = flips[: sizes[radii[table]]]
            found, count = _look_up(
                words, alive, buckets, postings, queries, query, table, near, radii, distance, chunk, found, count
            )
        found[ends[query - first] : count].sort()
        ends[query - first + 1] = count
    return found[:count].copy(), np.diff(ends)


@compiled
def _by_scan(
    words: Words, alive: Mask, queries: Words, first: int, last: int, distance: int
) -> tuple[Found, npt.NDArray[np.int64]]:
    """As ``_by_tables``, by comparing with every row."""
    found, ends, count = np.empty(1024, np.int64), np.zeros(last - first + 1, np.int64), 0
    for query in range(first, last):
        for row in range(len(alive)):
            apart = _apart(words, row, queries, query)
            if apart <= distance and alive[row]:
                found = _roomy(found, count, 1)
                found[count] = apart << 32 | row
                count += 1
        found[ends[query - first] : count].sort()
        ends[query - first + 1] = count
    return found[:count].copy(), np.diff(ends)


def radii_of(distance: int) -> npt.NDArray[np.int64]:
    """In how many places each of the 16 pieces of the query may differ; -1 = the piece need not be looked up.

    >>> radii_of(31).tolist() == [1] * 16, radii_of(2).tolist() == [0] * 3 + [-1] * 13
    (True, True)
    """
    each, left = divmod(distance, TABLES)
    return np.array([each] * (left + 1) + [each - 1] * (TABLES - 1 - left), np.int64)


def worth_tables(rows: int, distance: int) -> bool:
    """Whether the tables cost less than comparing with every row (by counts of memory that is read)."""
    radii = radii_of(distance)
    return bool(radii.max() <= FARTHEST_PIECE and SIZES[radii].sum() * (5 + 3 * rows / BUCKETS) < rows)


def nearest(
    words: Words, alive: Mask, tables: Tables, queries: Words, distance: int, *, by_tables: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Query, row and distance of all pairs within ``distance``: by query, then the nearest first, then by row."""
    radii = radii_of(distance)

    def block(first: int, last: int) -> tuple[Found, npt.NDArray[np.int64]]:
        if by_tables:
            held = (words, alive, tables.buckets, tables.postings)
            return _by_tables(*held, queries, first, last, FLIPS, SIZES, radii, distance)
        return _by_scan(words, alive, queries, first, last, distance)

    total = len(queries) // WORDS
    starts = range(0, total, _BLOCK)
    waiting = iter(enumerate(starts))
    results: list[tuple[Found, npt.NDArray[np.int64]]] = [(np.empty(0, np.int64), np.empty(0, np.int64))] * len(starts)

    def work() -> None:
        for number, start in waiting:
            results[number] = block(start, min(start + _BLOCK, total))

    together([work] * min(available(), max(1, len(starts))))
    found = np.concatenate([keys for keys, _ in results] or [np.empty(0, np.int64)])
    counts = np.concatenate([each for _, each in results] or [np.empty(0, np.int64)])
    return np.repeat(np.arange(total), counts), found & 0xFFFFFFFF, found >> 32
