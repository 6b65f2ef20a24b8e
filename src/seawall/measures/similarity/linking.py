"""Sketches -> clusters: candidates from bands, each verified, joined to connected components.

Texts that share a band are candidates. Within a band's bucket a text is compared with the 64 texts of the smallest keys
there (with all, where there are no more): so a viral template of a hundred thousand variants costs a hundred
thousand times at most 64 comparisons, and not five thousand million. Which pairs are compared depends on the set of
texts alone, never on their order; and as a cluster is what verified pairs connect, pairs that are connected already
can be passed over without changing any cluster.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.borrowing import borrowed, whole
from seawall.measures.compiled import compiled, inlined
from seawall.measures.cores import cores, together
from seawall.measures.keys import Keys, Times
from seawall.measures.prefetch import prefetch
from seawall.measures.similarity.minhash import BANDS
from seawall.measures.similarity.shingles import alike, jaccard
from seawall.measures.similarity.sketches import Indices, Sketches

COMPARED = 64
"""With how many texts of a bucket each of its texts is compared."""

AHEAD = 16
"""How many texts ahead the memory is asked for."""

_LOW = np.uint64(0xFFFFFFFF)

Parents = npt.NDArray[np.int32]


class Clustering(NamedTuple):
    """For each sketch the row of its cluster's anchor, and how similar it is to it (exact Jaccard)."""

    anchors: Indices
    similarity: npt.NDArray[np.float64]


def clustering(
    sketches: Sketches, threshold: float, first: Times | None = None, ties: tuple[Indices, Indices] | None = None
) -> Clustering:
    """The clusters of texts with distinct keys, whatever their order.

    Args:
        sketches: of distinct keys.
        threshold: the least Jaccard similarity of two texts that are linked.
        first: when each text was first seen; the anchor is the earliest, of equals that of the smallest key.
            Without it the anchor is the text of the smallest key.
        ties: rows that belong together in any case.
    """
    parents = _components(sketches, threshold)
    if ties is not None:
        _tie(parents, *ties)
    rows = len(sketches.keys)
    anchors = np.empty(rows, np.int64)
    _anchors(parents, sketches.keys, np.zeros(rows, np.int64) if first is None else first, anchors)
    return Clustering(anchors, similarities_to(sketches.starts, sketches.sizes, sketches.pool, anchors))


def _components(sketches: Sketches, threshold: float) -> Parents:
    """Each row's parent in a forest whose trees are the components."""
    threads = cores(len(sketches.keys))
    forests = [np.arange(len(sketches.keys), dtype=np.int32) for _ in range(threads)]
    shares = [range(thread, BANDS, threads) for thread in range(threads)]
    together([partial(_link_bands, sketches, threshold, *work) for work in zip(shares, forests, strict=True)])
    for forest in forests[1:]:
        _tie(forests[0], np.arange(len(forest)), forest.astype(np.int64))
    return forests[0]


def _link_bands(sketches: Sketches, threshold: float, bands: range, parents: Parents) -> None:
    rows = len(sketches.keys)
    width = min(max(rows.bit_length() + 3, 8), 32)
    seen, entries = np.empty(1 << width - 2, np.uint8), np.empty(rows, np.uint64)
    for band in bands:
        least = least_size(band, threshold)
        count = _entries(sketches.bands[band], sketches.sizes, least, width, seen, entries)
        entries[:count].sort()
        _link(entries[:count], sketches.keys, sketches.starts, sketches.sizes, sketches.pool, threshold, parents)


def least_size(band: int, threshold: float) -> int:
    """How many shingles a text has at least for which a band is looked at.

    Those with too few to be linked to others than their equals share all bands with whatever they can be linked to, so
    the first band is enough for them.
    """
    if band == 0:
        return 1
    return next((size for size in range(1, 1 << 16) if size / (size + 1) >= threshold), 1 << 16)


def roots_of_buckets(
    entries: Keys, keys: Keys, starts: Indices, sizes: Indices, pool: Keys, threshold: float
) -> Indices:
    """For each text the one of the smallest key among those that links within buckets connect it to.

    Args:
        entries: the number of a bucket and the row of a text in it, as one number, ascending.
        keys: distinct.
        starts, sizes, pool: their shingles, see ``Sketches``.
        threshold: the least Jaccard similarity of two texts that are linked.
    """
    parents = np.arange(len(keys), dtype=np.int32)
    _link(entries, keys, starts, sizes, pool, threshold, parents)
    return _roots(parents, keys)


def roots_of_pairs(keys: Keys, ones: Indices, others: Indices) -> Indices:
    """For each row the one of the smallest key among those that pairs of rows connect it to."""
    parents = np.arange(len(keys), dtype=np.int32)
    _tie(parents, ones, others)
    return _roots(parents, keys)


def _roots(parents: Parents, keys: Keys) -> Indices:
    roots = np.empty(len(keys), np.int64)
    _anchors(parents, keys, np.zeros(len(keys), np.int64), roots)
    return roots


def similarities_to(starts: Indices, sizes: Indices, pool: Keys, anchors: Indices) -> npt.NDArray[np.float64]:
    """The exact Jaccard similarity of each text with the one in another row."""
    similarity = np.empty(len(starts), np.float64)
    _similarities(starts, sizes, pool, anchors, similarity)
    return similarity


@compiled
def _entries(
    numbers: npt.NDArray[np.uint32], sizes: Indices, least: int, width: int, seen: npt.NDArray[np.uint8], entries: Keys
) -> int:
    """The number and the row, as one number that sorts by both, of texts that may share this band with others.

    Most share it with none. So numbers are counted first, up to two, by their topmost ``width`` bits, in two bits
    each: what no other text has is left out.
    """
    seen[:] = 0
    shift = np.uint64(32 - width)
    for row in range(len(numbers)):
        if sizes[row] >= least:
            place = np.uint64(numbers[row]) >> shift
            bits = (place & np.uint64(3)) << np.uint64(1)
            times = (np.uint64(seen[place >> np.uint64(2)]) >> bits) & np.uint64(3)
            if times < 2:
                seen[place >> np.uint64(2)] += np.uint8(np.uint64(1) << bits)
    count = 0
    for row in range(len(numbers)):
        if sizes[row] >= least:
            place = np.uint64(numbers[row]) >> shift
            bits = (place & np.uint64(3)) << np.uint64(1)
            entries[count] = np.uint64(numbers[row]) << np.uint64(32) | np.uint64(row)
            count += (np.uint64(seen[place >> np.uint64(2)]) >> bits) & np.uint64(3) == 2
    return count


class Sets(NamedTuple):
    """The shingles of all texts, see ``Sketches``."""

    starts: Indices
    sizes: Indices
    pool: Keys


@compiled
def _link(
    entries: Keys, keys: Keys, starts: Indices, sizes: Indices, pool: Keys, threshold: float, parents: Parents
) -> None:
    _link_buckets(entries, keys, Sets(starts, sizes, pool), threshold, parents, COMPARED)


@compiled
def _link_buckets(entries: Keys, keys: Keys, shingles: Sets, threshold: float, parents: Parents, compared: int) -> None:
    """Link the texts of each bucket to those of the smallest keys in it, so many at most."""
    begin, count = 0, len(entries)
    sorted_entries, forest, sets = borrowed(entries), borrowed(parents), borrowed(shingles)
    while begin < count:
        bucket = sorted_entries[begin] >> np.uint64(32)
        end = begin + 1
        while end < count and sorted_entries[end] >> np.uint64(32) == bucket:
            end += 1
        if end - begin > compared:
            _smallest_keys_first(entries[begin:end], keys)
        for place in range(begin, end):
            _ask(sorted_entries, place, count, sets, forest)
            _link_one(sorted_entries, place, begin, min(place, begin + compared), sets, threshold, forest)
        begin = end


@inlined
def _ask(entries: Keys, place: int, count: int, sets: Sets, parents: Parents) -> None:
    """Ask for the memory that a later text of a band needs."""
    if place + AHEAD < count:
        row = whole(entries[place + AHEAD] & _LOW)
        prefetch(sets.starts, row)
        prefetch(sets.sizes, row)
        prefetch(parents, row)
        prefetch(sets.pool, sets.starts[np.int64(entries[place + AHEAD // 2] & _LOW)])


@compiled
def _link_one(
    entries: Keys, place: int, first: int, behind: int, sets: Sets, threshold: float, parents: Parents
) -> None:
    """Link a text to those from ``first`` on that it is alike."""
    row = np.int64(entries[place] & _LOW)
    for rival in range(first, behind):
        other = np.int64(entries[rival] & _LOW)
        if _root(parents, row) != _root(parents, other) and alike(
            sets.pool, sets.starts[row], sets.sizes[row], sets.starts[other], sets.sizes[other], threshold
        ):
            _join(parents, row, other)


@compiled
def _smallest_keys_first(entries: Keys, keys: Keys) -> None:
    theirs = np.empty(len(entries), np.uint64)
    for place in range(len(entries)):
        theirs[place] = keys[np.int64(entries[place] & _LOW)]
    entries[:] = entries[np.argsort(theirs)]


@compiled
def _root(parents: Parents, row: Any) -> Any:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = np.int64(parents[row])
    return row


@compiled
def _join(parents: Parents, one: Any, other: Any) -> None:
    first, second = _root(parents, one), _root(parents, other)
    parents[max(first, second)] = min(first, second)


@compiled
def _tie(parents: Parents, ones: Indices, others: Indices) -> None:
    for place in range(len(ones)):
        _join(parents, ones[place], others[place])


@compiled
def _anchors(parents: Parents, keys: Keys, first: Times, anchors: Indices) -> None:
    """The earliest row of each component, of equals the one of the smallest key."""
    earliest = np.arange(len(parents))
    for row in range(len(parents)):
        root = _root(parents, row)
        best = earliest[root]
        if first[row] < first[best] or (first[row] == first[best] and keys[row] < keys[best]):
            earliest[root] = row
    for row in range(len(parents)):
        anchors[row] = earliest[_root(parents, row)]


@compiled
def _similarities(
    starts: Indices, sizes: Indices, pool: Keys, anchors: Indices, similarity: npt.NDArray[np.float64]
) -> None:
    shingles = Sets(starts, sizes, pool)
    count, sets = len(anchors), borrowed(shingles)
    for row in range(count):
        anchor = anchors[row]
        if row + AHEAD < count:
            prefetch(sets.starts, anchors[row + AHEAD])
            prefetch(sets.pool, sets.starts[anchors[row + AHEAD // 2]])
        similarity[row] = 1.0
        if anchor != row:
            similarity[row] = jaccard(
                sets.pool, sets.starts[row], sets.sizes[row], sets.starts[anchor], sets.sizes[anchor]
            )
