"""Near-duplicates of texts that come in many messages: the clusters of ``near_duplicates``, on any engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import Keys
from seawall.measures.similarity.batch import check_threshold, hexadecimal, near_duplicates
from seawall.measures.similarity.near_links import (
    buckets,
    comparisons,
    forest,
    linked,
    met,
    met_bytes,
    shared,
    similarities,
    sizes,
)
from seawall.measures.similarity.near_texts import attached, earliest, readable, sketched_ids
from seawall.parts import Parts

COLUMNS: tuple[str, ...] = ("id", "text")
"""What is read; and ``at`` where it is there."""

WAITING = 1 << 19
"""So many rows wait before those of one id are put together."""

MET_BYTES = 64 << 20
"""So many bytes of texts that meet make a part, about."""


@dataclass(frozen=True)
class NearDuplicates:
    """Which of many ids have texts that are copies or near-copies of those of others; see ``near_duplicates``.

    Rows have ``id`` (a number or a string), ``text`` (string) and perhaps ``at`` (when it was sent). Rows of one id
    are one text: the smallest of theirs (nulls aside), first seen at the earliest of their times. Every id of a cluster
    comes back: so give the ids of texts, as the lake's ``text_key``, and not of messages.

    Args:
        threshold: as for ``near_duplicates``.

    Raises:
        MeasureError: the threshold is out of reach.

    >>> rows = pa.table({"id": [1, 1, 2, 3], "text": ["Plant tulips", None, "PLANT tulips!", "Ride with us"]})
    >>> NearDuplicates().at_once(rows.to_reader()).select(["id", "similarity"]).to_pylist()
    [{'id': 1, 'similarity': 1.0}, {'id': 2, 'similarity': 1.0}]
    """

    threshold: float = 0.8

    columns = COLUMNS

    def __post_init__(self) -> None:
        check_threshold(self.threshold)

    def at_once(self, rows: pa.RecordBatchReader) -> pa.Table:
        """The clusters of all rows, here.

        Returns:
            a row for each id of a cluster of two or more, by id: ``id``; ``cluster`` (string) and ``similarity``
            (float64) as of ``near_duplicates``; ``first_at`` (timestamp of microseconds, UTC; null where no time is
            told).

        Raises:
            MeasureError: a column is missing, or its type cannot be used.
        """
        texts = earliest(pa.concat_tables(_gathered(rows)))
        found = near_duplicates(texts.rename_columns(["id", "text", "at"]), threshold=self.threshold)
        found = found.append_column("first_at", texts["first_at"])
        sizes = found.filter(pc.is_valid(found["cluster"])).group_by("cluster").aggregate([("id", "count")])
        several = sizes.filter(pc.greater(sizes["id_count"], 1))["cluster"].combine_chunks()
        return found.filter(pc.is_in(found["cluster"], value_set=several)).sort_by("id")

    def over(self, parts: Parts) -> pa.Table:
        """The same, of rows in parts.

        Texts are sketched a part at a time, and those that share a bucket of a band meet there. A text takes part in
        the more meetings the more texts there are: what is sent to them is weighed first, and cut by its weight. What
        links connect comes back as forests, and then the ids of clusters.
        """
        texts = parts.each(readable).by("id").each(earliest).each(sketched_ids).by("key").kept()
        meeting = texts.each(partial(buckets, threshold=self.threshold)).by("bucket").each(shared).by("key").kept()
        weight = pc.sum(texts.each(sizes).beside(meeting, met_bytes).all()["bytes"]).as_py() or 0
        finer = max(1, -(-weight // (MET_BYTES * parts.count)))
        meetings = texts.beside(meeting, met).by("meeting", "chunk", finer=finer)
        links = meetings.each(partial(linked, threshold=self.threshold))
        together = forest(links.by("key").each(forest).all())
        ids = texts.beside_all(together, _of_clusters).all()
        anchor = _anchors(ids)
        key = ids["key"].to_numpy()
        apart, first = np.unique(key[key != anchor], return_index=True)
        pairs = comparisons(apart, anchor[key != anchor][first])
        similar = texts.beside_all(pairs, attached).by("anchor", "chunk").each(similarities).all()
        place = pc.index_in(ids["key"], value_set=similar["key"].combine_chunks())
        return pa.table(
            {
                "id": ids["id"],
                "cluster": hexadecimal(anchor),
                "similarity": pc.fill_null(similar["similarity"].take(place), 1.0),
                "first_at": ids["first_at"],
            }
        ).sort_by("id")


def _gathered(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """A row for each id, now and then, so that repeated texts are not held."""
    held = [readable(rows.schema.empty_table())]
    size, limit = 0, WAITING
    for batch in rows:
        held.append(readable(pa.Table.from_batches([batch])))
        size += len(held[-1])
        if size > limit:
            held = [earliest(pa.concat_tables(held))]
            size = len(held[0])
            limit = max(WAITING, 2 * size)
    yield from held


def _of_clusters(texts: pa.Table, together: pa.Table) -> pa.Table:
    """``id``, ``key``, ``first_at`` and ``root`` of ids that share a cluster with others."""
    place = pc.index_in(texts["key"], value_set=together["key"].combine_chunks())
    root = pc.coalesce(together["root"].take(place), texts["key"])
    _, number, count = np.unique(texts["key"].to_numpy(), return_inverse=True, return_counts=True)
    alone = pc.and_(pc.is_null(place), pc.invert(pc.is_in(texts["key"], value_set=together["root"].combine_chunks())))
    chosen = pc.or_(pc.invert(alone), pa.chunked_array([pa.array(count[number] > 1, pa.bool_())]))
    return texts.select(["id", "key", "first_at"]).append_column("root", root).filter(chosen)


def _anchors(ids: pa.Table) -> Keys:
    """For each row the earliest key of its root, of equals the smallest one; what has no time comes last."""
    order = pc.sort_indices(ids, [(name, "ascending") for name in ("root", "first_at", "key")]).to_numpy()
    root, key = ids["root"].to_numpy(), ids["key"].to_numpy()
    _, first, number = np.unique(root[order], return_index=True, return_inverse=True)
    anchors = np.empty(len(order), np.uint64)
    anchors[order] = key[order][first][number]
    return anchors
