"""All series of a grid -> the candidates of each: peaks of the scan with their windows and their null."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.baseline import expect
from seawall.measures.bursts.edges import window_edges
from seawall.measures.bursts.grid import Grid
from seawall.measures.bursts.plan import Plan, scan_lengths
from seawall.measures.bursts.scan import is_peak, scan
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[Any]  # of CANDIDATE

CANDIDATE = np.dtype(
    [
        ("number", np.int64),  # of the series
        ("upwards", np.bool_),
        ("peak", np.int64),  # bin of the series
        ("begin", np.int64),  # [begin, end) of the window, bins of the series
        ("end", np.int64),
        ("score", np.float64),
        ("null_centre", np.float64),  # of earlier scores of the same series
        ("null_scale", np.float64),
        ("null_size", np.float64),
        ("observed", np.float64),
        ("expected", np.float64),
        ("extra", np.float64),  # variance beyond Poisson and beyond the level's, counts squared
        ("level", np.float64),  # relative variance of the level
        ("history", np.float64),  # share of a full history
        ("unknown", np.float64),  # bins of window and baseline that were not collected
    ],
    align=True,
)
NULL_SAMPLES = 91
"""The trailing null looks at so many scores, evenly spaced over 26 weeks."""
PAST_SURGE = 3.5
"""Scores so many scales above the centre are past surges, and left out of the null."""
EDGES_FROM = 2.5
"""Below this score a candidate keeps the stretch of the scan: it will hardly be reported."""
SERIES_AT_ONCE = 64


@compiled
def trailing_null(scores: Floats, until: int, trail: int, samples: Floats) -> tuple[float, float, int]:
    """Median, distance from the median to the 80 % quantile, and number of the scores in the trail before ``until``."""
    step = max(trail // samples.shape[0], 1)
    used = 0
    for i in range(until - 1, max(until - trail, 0) - 1, -step):
        if used < samples.shape[0] and not math.isnan(scores[i]):
            samples[used] = scores[i]
            used += 1
    if used < 2:
        return 0.0, 0.0, 0
    values = np.sort(samples[:used])
    ordinary = used
    for _ in range(4):
        centre = values[int(0.5 * (ordinary - 1))]
        scale = values[int(0.8 * (ordinary - 1))] - centre
        while values[ordinary - 1] > centre + PAST_SURGE * scale and ordinary > used // 2:
            ordinary -= 1
    return centre, scale, ordinary


@compiled
def describe(counts: Floats, known: Bools, baseline: Floats, plan: Plan, row: Any) -> None:
    """Fill what the window [row.begin, row.end) holds and rests on."""
    row.observed, row.expected, row.extra, row.unknown = 0.0, 0.0, 0.0, 0.0
    for i in range(row.begin, row.end):
        if known[i] and not math.isnan(baseline[0, i]):
            row.observed += counts[i]
            row.expected += baseline[0, i]
            row.extra += (baseline[1, i] + baseline[2, i]) * baseline[0, i] ** 2
        elif not known[i]:
            row.unknown += 1.0
    for i in range(max(row.begin - plan.gap - plan.window, 0), max(row.begin - plan.gap, 0)):
        if not known[i]:
            row.unknown += 1.0
    row.level, row.history = baseline[3, row.peak], baseline[4, row.peak]


@compiled
def one_series(
    counts: Floats, known: Bools, first: int, plan: Plan, lengths: Ints, samples: Floats, number: int, rows: Rows
) -> int:
    """Fill ``rows`` (of CANDIDATE) for one series; returns how many."""
    bins = counts.shape[0]
    baseline, scores, best = np.empty((5, bins)), np.empty((2, bins)), np.empty((2, bins), np.int64)
    expect(counts, known, first, plan, baseline)
    scan(counts, known, baseline, lengths, scores, best)
    found = 0
    for side in range(2):
        for i in range(bins):
            if not is_peak(scores[side], i, plan.reach):
                continue
            row = rows[found]
            found += 1
            row.number, row.upwards, row.peak, row.score = number, side == 0, i, scores[side, i]
            centre, scale, size = trailing_null(scores[side], i - plan.gap, plan.trail, samples)
            row.null_centre, row.null_scale, row.null_size = centre, scale, size
            row.begin, row.end = i + 1 - best[side, i], i + 1
            if row.score >= EDGES_FROM:
                edges = window_edges(counts, known, baseline, row.begin, row.end, plan.reach, side == 0)
                row.begin, row.end = edges[0], edges[1]
            describe(counts, known, baseline, plan, row)
    return found


@compiled
def some_series(
    counts: Floats,
    known: Bools,
    offsets: Ints,
    first: Ints,
    low: int,
    high: int,
    plan: Plan,
    lengths: Ints,
    rows: Rows,
) -> int:
    """Candidates of the series ``low`` to ``high`` (exclusive) into ``rows``; returns how many."""
    samples = np.empty(NULL_SAMPLES)
    found = 0
    for s in range(low, high):
        begin, end = offsets[s], offsets[s + 1]
        found += one_series(counts[begin:end], known[begin:end], first[s], plan, lengths, samples, s, rows[found:])
    return found


def candidates(grid: Grid, plan: Plan) -> Rows:
    """Every candidate of every series, as an array of CANDIDATE: by series, direction and time.

    Series are shared out to as many threads as there are processors to use.
    """
    lengths = scan_lengths(plan.width)
    edges = [*range(0, len(grid.first), SERIES_AT_ONCE), len(grid.first)]

    def share(part: int) -> Rows:
        low, high = edges[part], edges[part + 1]
        spans = np.diff(grid.offsets[low : high + 1])
        rows = np.zeros(int((2 * (spans // (plan.reach + 1) + 1)).sum()), CANDIDATE)
        found = some_series(grid.counts, grid.known, grid.offsets, grid.first, low, high, plan, lengths, rows)
        return rows[:found]

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        parts = list(pool.map(share, range(len(edges) - 1)))
    return np.concatenate(parts) if parts else np.empty(0, CANDIDATE)


@compiled
def all_expectations(counts: Floats, known: Bools, offsets: Ints, first: Ints, plan: Plan, out: Floats) -> None:
    """``baseline.expect`` for each series of a grid; ``out`` is 5 x cells."""
    for s in range(first.shape[0]):
        begin, end = offsets[s], offsets[s + 1]
        part = np.empty((5, end - begin))
        expect(counts[begin:end], known[begin:end], first[s], plan, part)
        out[:, begin:end] = part
