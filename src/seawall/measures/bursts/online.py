"""The score of each bin as it could have been told when the bin was over."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.bursts.grid import build_grid
from seawall.measures.bursts.kernel import all_scores
from seawall.measures.bursts.measure import COUNTS, COVERAGE
from seawall.measures.bursts.plan import FIRST_MONDAY, parse_bin, plan_for, scan_lengths
from seawall.measures.bursts.rows import UTC_MICROSECONDS, binned, read_table


def scores(counts: Any, *, bin: str, coverage: Any = None) -> pa.Table:  # noqa: A002
    """How far each bin, with those just before it, is above or below what its series let expect; for ranking alarms.

    A score rests on data up to and including its own bin, and on no other series: it is never revised. It is the root
    of the largest deviance of a stretch of 1 or 3 to 10 bins that ends with the bin, divided by how irregular its
    series was in the half-year before; so the same height is about as rare in every series. On regular series a score
    of 3 comes about once a year, one of 4 once in ten years (see benchmarks/RESULTS.md).

    Args and errors are those of ``surges``.

    Returns:
        One row a bin, by series and time: ``series``, ``at`` (start of the bin, UTC microseconds), ``up``, ``down``
        (float64, at least 0; null = no answer: the bin was not collected, or there is too little history).

    >>> from datetime import datetime, timedelta
    >>> days = [datetime(2026, 1, 1) + timedelta(days=n) for n in range(160)]
    >>> counts = [(30 + n * 7 % 11) * (3 if n >= 157 else 1) for n in range(160)]
    >>> table = scores(pa.table({"series": ["cycling club"] * 160, "at": days, "count": counts}), bin="1d")
    >>> [score > 3 for score in table["up"].to_pylist()[-5:]]
    [False, False, True, True, True]
    """
    plan = plan_for(parse_bin(bin))
    intervals = None if coverage is None else read_table(coverage, COVERAGE, "coverage")
    grid = build_grid(binned(read_table(counts, COUNTS, "counts"), plan.width), intervals, plan.width)
    heights = np.empty((2, len(grid.counts)))
    lengths, processors = scan_lengths(plan.width), len(os.sched_getaffinity(0))
    edges = np.linspace(0, len(grid.first), 4 * processors + 1).astype(int).tolist()

    def share(part: int) -> None:
        low, high = edges[part], edges[part + 1]
        all_scores(grid.counts, grid.known, grid.offsets[low : high + 1], grid.first[low:high], plan, lengths, heights)

    with ThreadPoolExecutor(processors) as pool:
        list(pool.map(share, range(len(edges) - 1)))
    sizes = np.diff(grid.offsets)
    bins = np.arange(len(grid.counts)) - np.repeat(grid.offsets[:-1], sizes) + np.repeat(grid.first, sizes)
    ranks = np.empty(len(sizes), np.int64)
    names = grid.names.dictionary_decode() if isinstance(grid.names, pa.DictionaryArray) else grid.names
    order = pc.sort_indices(names).to_numpy()
    ranks[order] = np.arange(len(order))
    table = pa.table(
        {
            "series": names.take(pa.array(np.repeat(np.arange(len(sizes)), sizes))),
            "at": pa.array(bins * plan.width + FIRST_MONDAY).cast(UTC_MICROSECONDS),
            "up": pa.array(heights[0], from_pandas=True),
            "down": pa.array(heights[1], from_pandas=True),
        }
    )
    if (order == np.arange(len(order))).all():
        return table
    return table.take(pa.array(np.argsort(np.repeat(ranks, sizes), kind="stable")))
