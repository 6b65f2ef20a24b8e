"""Which texts meet in a bucket of a band, which of them are linked, and what links connect: a part at a time.

What ``linking`` does with all texts, in steps whose parts are bounded. A bucket of many texts is cut into chunks that
each begin with the texts with which all others of it are compared, so that the same pairs are compared.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import Keys, identity_keys
from seawall.measures.similarity.linking import COMPARED, least_size, roots_of_buckets, roots_of_pairs, similarities_to
from seawall.measures.similarity.minhash import BANDS
from seawall.measures.similarity.near_texts import attached, text_sets
from seawall.measures.similarity.sketches import Indices, of_shingles

WORDS_BESIDE = 4
"""Beside its shingles, who meets others has so many numbers of 8 bytes."""

CHUNK = 1 << 12
"""So many texts, and those that they are compared with, are compared in one part."""


def buckets(texts: pa.Table, threshold: float) -> Iterator[pa.Table]:
    """``bucket`` and ``key``: in which bucket of each band a text lies."""
    sets, _ = text_sets(texts)
    numbers = of_shingles(sets.keys, sets.sizes, sets.pool).bands
    for band in range(BANDS):
        rows = np.flatnonzero(sets.sizes >= least_size(band, threshold))
        bucket = np.uint64(band) << np.uint64(32) | numbers[band, rows].astype(np.uint64)
        yield pa.table({"bucket": bucket, "key": sets.keys[rows]})


def shared(rows: pa.Table) -> pa.Table:
    """``meeting``, ``chunk`` and ``key`` of texts in buckets that several share.

    Buckets of the same texts, as copies have in many bands, are one meeting. The smallest keys of a large bucket lie in
    each of its chunks.
    """
    bucket, key = rows["bucket"].to_numpy(), rows["key"].to_numpy()
    order = np.lexsort((key, bucket))
    bucket, key = bucket[order], key[order]
    rank, size = _ranks(bucket)
    several = size > 1
    key, rank, size = key[several], rank[several], size[several]
    meeting = _meetings(key, rank, size)
    chunk, times = _chunks(rank, size)
    repeats = np.repeat(np.arange(len(key)), times)
    again = np.arange(len(repeats)) - np.repeat(np.cumsum(times) - times, times)
    return pa.table({"meeting": meeting[repeats], "chunk": chunk[repeats] + again, "key": key[repeats]})


def _ranks(groups: Keys) -> tuple[Indices, Indices]:
    """The place of each row in its group, and the group's size; rows of a group stand together."""
    begins = np.flatnonzero(np.append(True, groups[1:] != groups[:-1])[: len(groups)])
    sizes = np.diff(np.append(begins, len(groups)))
    return np.arange(len(groups)) - np.repeat(begins, sizes), np.repeat(sizes, sizes)


def _meetings(keys: Keys, rank: Indices, size: Indices) -> Keys:
    """A hash of the set of keys of each row's bucket, the same in every band."""
    hashes, begins = identity_keys(pa.chunked_array([keys])), np.flatnonzero(rank == 0)
    return np.repeat(np.add.reduceat(hashes, begins) if len(begins) else hashes, size[begins])


def sizes(texts: pa.Table) -> pa.Table:
    """``key`` and ``size``: how many shingles each text has."""
    return pa.table({"key": texts["key"], "size": pc.list_value_length(texts["shingles"])})


def met_bytes(texts: pa.Table, meetings: pa.Table) -> pa.Table:
    """``bytes``: how many ``met`` makes of a part, about, in one row.

    Args:
        texts: of ``sizes``.
        meetings: as for ``met``.
    """
    place = pc.index_in(meetings["key"], value_set=texts["key"].combine_chunks()).drop_null()
    words = pc.sum(pc.add(texts["size"].take(place), WORDS_BESIDE))
    return pa.table({"bytes": pa.array([8 * words.as_py()] if words.is_valid else [], pa.int64())})


def met(texts: pa.Table, meetings: pa.Table) -> Iterator[pa.Table]:
    """Who meets where, each once, with the shingles of the texts."""
    told = meetings.group_by(["meeting", "chunk", "key"], use_threads=False).aggregate([])
    yield from attached(texts, told)


def _chunks(rank: Indices, size: Indices) -> tuple[Indices, Indices]:
    """The first chunk of each text of a bucket, and in how many it lies."""
    others = np.maximum(size - COMPARED, 1)
    leads = rank < COMPARED
    return np.where(leads, 0, (rank - COMPARED) // CHUNK), np.where(leads, -(-others // CHUNK), 1)


def linked(rows: pa.Table, threshold: float) -> pa.Table:
    """``key`` and ``root`` (the smallest key) of texts that links within their meetings connect to others."""
    sets, place = text_sets(rows)
    chunk, meeting = rows["chunk"].to_numpy(), rows["meeting"].to_numpy()
    order = np.lexsort((chunk, meeting))
    changes = (np.diff(meeting[order]) != 0) | (np.diff(chunk[order]) != 0)
    group = np.append(0, np.cumsum(changes)).astype(np.uint64)[: len(order)]
    entries = np.sort(group << np.uint64(32) | place[order].astype(np.uint64))
    return _apart(sets.keys, roots_of_buckets(entries, *sets, threshold))


def forest(pairs: pa.Table) -> pa.Table:
    """``key`` and ``root`` (the smallest key) of what pairs of these two columns connect; roots themselves aside."""
    ones, others = pairs["key"].to_numpy(), pairs["root"].to_numpy()
    keys, place = np.unique(np.concatenate([ones, others]), return_inverse=True)
    return _apart(keys, roots_of_pairs(keys, place[: len(ones)], place[len(ones) :]))


def _apart(keys: Keys, roots: Indices) -> pa.Table:
    rows = np.flatnonzero(roots != np.arange(len(keys)))
    return pa.table({"key": pa.array(keys[rows], pa.uint64()), "root": pa.array(keys[roots[rows]], pa.uint64())})


def comparisons(keys: Keys, anchors: Keys) -> pa.Table:
    """``key``, ``anchor`` and ``chunk`` of distinct texts to be compared with their anchors, which are included."""
    order = np.lexsort((keys, anchors))
    keys, anchors = keys[order], anchors[order]
    rank, _ = _ranks(anchors)
    chunk = rank // CHUNK
    new = np.flatnonzero(rank % CHUNK == 0)
    return pa.table(
        {
            "key": np.concatenate([keys, anchors[new]]),
            "anchor": np.concatenate([anchors, anchors[new]]),
            "chunk": np.concatenate([chunk, chunk[new]]),
        }
    )


def similarities(rows: pa.Table) -> pa.Table:
    """``key`` and ``similarity`` (exact Jaccard) of texts with their ``anchor``, which is among the rows."""
    sets, place = text_sets(rows)
    anchors = np.arange(len(sets.keys))
    anchors[place] = np.searchsorted(sets.keys, rows["anchor"].to_numpy())
    apart = np.flatnonzero(anchors != np.arange(len(anchors)))
    similarity = similarities_to(*sets[1:], anchors)
    return pa.table({"key": sets.keys[apart], "similarity": similarity[apart]})
