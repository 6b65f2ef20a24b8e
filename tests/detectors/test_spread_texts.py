"""Which texts are joined to clusters, and what a cluster is called."""

from __future__ import annotations

import pyarrow as pa

from seawall.detectors.spread_texts import named


def found(*rows: tuple[int, str, int]) -> pa.Table:
    ids, clusters, times = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "id": pa.array(ids, pa.uint64()),
            "cluster": pa.array(clusters, pa.string()),
            "first_at": pa.array(times, pa.timestamp("us", "UTC")),
        }
    )


def test_a_cluster_is_named_by_the_text_that_was_seen_first() -> None:
    """Of equal times the smaller key."""
    told = named(found((5, "x", 10), (6, "x", 9), (7, "x", 9), (8, "y", 1), (4, "y", 2)))
    assert sorted(told.to_pylist(), key=lambda row: row["key"]) == [
        {"key": 4, "cluster": 8},
        {"key": 5, "cluster": 6},
        {"key": 6, "cluster": 6},
        {"key": 7, "cluster": 6},
        {"key": 8, "cluster": 8},
    ]


def test_nothing_near_is_no_error() -> None:
    """Without near-duplicates there is no row."""
    assert len(named(found())) == 0
