"""Which texts are joined to clusters, and what a cluster is called."""

from __future__ import annotations

import pyarrow as pa

from seawall.detectors.spread_texts import named


def copies(*pairs: tuple[int, int]) -> pa.Table:
    keys, times = zip(*pairs, strict=True)
    return pa.table({"key": pa.array(keys, pa.uint64()), "at": pa.array(times, pa.int64())})


def found(*pairs: tuple[int, str | None]) -> pa.Table:
    ids, clusters = zip(*pairs, strict=True)
    return pa.table({"id": pa.array(ids, pa.uint64()), "cluster": pa.array(clusters, pa.string())})


def test_a_cluster_is_named_by_the_text_that_was_seen_first() -> None:
    """Of equal times the smaller key; texts that are alone, or near to nothing, are left as they are."""
    seen = copies((5, 30), (5, 10), (6, 9), (7, 9), (8, 1), (9, 1))
    told = named(found((5, "x"), (6, "x"), (7, "x"), (8, "y"), (9, None)), seen)
    assert sorted(told.to_pylist(), key=lambda row: row["key"]) == [
        {"key": 5, "cluster": 6},
        {"key": 6, "cluster": 6},
        {"key": 7, "cluster": 6},
    ]


def test_nothing_near_is_no_error() -> None:
    """Without near-duplicates there is no row."""
    assert len(named(found((8, "y"), (9, None)), copies((8, 1), (9, 1)))) == 0
