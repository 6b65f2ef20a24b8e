"""Sketches -> clusters: candidates from bands, each verified, joined to connected components.

Texts that share a band are candidates. Within a band's bucket a text is compared with the 64 texts of the smallest keys
there (with all, where there are no more): so a viral template of a hundred thousand variants costs a hundred
thousand times at most 64 comparisons, and not five thousand million. Which pairs are compared depends on the set of texts
alone, never on their order; and as a cluster is what verified pairs connect, pairs that are connected already can be
passed over without changing any cluster.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled
from seawall.measures.cores import cores, together
from seawall.measures.keys import Keys, Times
from seawall.measures.similarity.minhash import BANDS
from seawall.measures.similarity.shingles import alike, jaccard
from seawall.measures.similarity.sketches import Indices, Sketches

COMPARED = 64
"""With how many texts of a bucket each of its texts is compared."""

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
    order = np.argsort(sketches.keys, kind="stable")
    ranked = sketches.take(order)
    parents = _components(ranked, threshold)
    if ties is not None:
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        _tie(parents, ranks[ties[0]], ranks[ties[1]])
    anchors = np.empty(len(order), np.int64)
    _anchors(parents, np.zeros(len(order), np.int64) if first is None else first[order], anchors)
    similarity = np.empty(len(order), np.float64)
    _similarities(ranked.starts, ranked.sizes, ranked.pool, anchors, similarity)
    found = Clustering(np.empty_like(anchors), np.empty_like(similarity))
    found.anchors[order], found.similarity[order] = order[anchors], similarity
    return found


def _components(ranked: Sketches, threshold: float) -> Parents:
    """Each row's parent in a forest whose roots are the smallest rows of the components."""
    threads = cores(len(ranked.keys))
    forests = [np.arange(len(ranked.keys), dtype=np.int32) for _ in range(threads)]
    shares = [range(thread, BANDS, threads) for thread in range(threads)]
    together([partial(_link_bands, ranked, threshold, *work) for work in zip(shares, forests, strict=True)])
    for forest in forests[1:]:
        _tie(forests[0], np.arange(len(forest)), forest.astype(np.int64))
    return forests[0]


def _link_bands(ranked: Sketches, threshold: float, bands: range, parents: Parents) -> None:
    for band in bands:
        entries = _entries(ranked.bands, ranked.sizes, band)
        entries.sort()
        _link(entries, ranked.starts, ranked.sizes, ranked.pool, threshold, parents)


@compiled
def _entries(bands: npt.NDArray[np.uint32], sizes: Indices, band: int) -> Keys:
    """The band's number and the row of each text that has shingles, as one number that sorts by both."""
    out = np.empty(len(sizes), np.uint64)
    count = 0
    for row in range(len(sizes)):
        if sizes[row]:
            out[count] = np.uint64(bands[row, band]) << np.uint64(32) | np.uint64(row)
            count += 1
    return out[:count]


@compiled
def _link(entries: Keys, starts: Indices, sizes: Indices, pool: Keys, threshold: float, parents: Parents) -> None:
    begin = 0
    while begin < len(entries):
        bucket = entries[begin] >> np.uint64(32)
        place = begin + 1
        while place < len(entries) and entries[place] >> np.uint64(32) == bucket:
            row = np.int64(entries[place] & _LOW)
            for rival in range(begin, min(place, begin + COMPARED)):
                other = np.int64(entries[rival] & _LOW)
                if _root(parents, row) != _root(parents, other) and alike(
                    pool, starts[row], sizes[row], starts[other], sizes[other], threshold
                ):
                    _join(parents, row, other)
            place += 1
        begin = place


@compiled
def _root(parents: Parents, row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = np.int64(parents[row])
    return row


@compiled
def _join(parents: Parents, one: int, other: int) -> None:
    """The smaller root becomes the root of both."""
    first, second = _root(parents, one), _root(parents, other)
    parents[max(first, second)] = min(first, second)


@compiled
def _tie(parents: Parents, ones: Indices, others: Indices) -> None:
    for place in range(len(ones)):
        _join(parents, ones[place], others[place])


@compiled
def _anchors(parents: Parents, first: Times, anchors: Indices) -> None:
    """The earliest row of each component, of equals the smallest."""
    earliest = np.arange(len(parents))
    for row in range(len(parents)):
        root = _root(parents, row)
        if first[row] < first[earliest[root]]:
            earliest[root] = row
    for row in range(len(parents)):
        anchors[row] = earliest[_root(parents, row)]


@compiled
def _similarities(
    starts: Indices, sizes: Indices, pool: Keys, anchors: Indices, similarity: npt.NDArray[np.float64]
) -> None:
    for row in range(len(anchors)):
        anchor = anchors[row]
        if anchor == row:
            similarity[row] = 1.0
        else:
            similarity[row] = jaccard(pool, starts[row], sizes[row], starts[anchor], sizes[anchor])
