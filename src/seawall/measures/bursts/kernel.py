"""All series of a grid -> the candidates of each: peaks of the scan with their windows and their null."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.baseline import expect
from seawall.measures.bursts.edges import window_edges
from seawall.measures.bursts.grid import Grid
from seawall.measures.bursts.null import irregularity
from seawall.measures.bursts.plan import Plan, scan_lengths
from seawall.measures.bursts.scan import is_peak, scan
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

PLACES = ("number", "upwards", "peak", "begin", "end")
"""Whole numbers of a candidate: its series, 1 or 0, and the bins of its peak and of its window [begin, end)."""
VALUES = ("height", "scale", "observed", "expected", "extra", "level", "history", "unknown")
"""What else is known of it: its score as its series' null leaves it, that null, counts and expected counts of the
window, variance beyond Poisson and beyond the level's (counts squared), relative variance of the level, share of a full
history, and bins of window and baseline that were not collected."""
LOOK_FROM = 3.0
"""Below this height a candidate is one more ordinary peak, and never told: nothing else is worked out."""
SERIES_AT_ONCE = 64


@compiled
def score_series(
    counts: Floats, known: Bools, first: int, plan: Plan, lengths: Ints
) -> tuple[Floats, Floats, Floats, Floats]:
    """Baseline (4 x bins), heights, lengths of the best stretch and scales of the null (2 x bins: up, down)."""
    bins = counts.shape[0]
    baseline, scores, best, scales = np.empty((4, bins)), np.empty((2, bins)), np.empty((2, bins)), np.empty((2, bins))
    expect(counts, known, first, plan, baseline)
    scan(counts, known, baseline, lengths, scores, best)
    for side in range(2):
        irregularity(scores[side], first, plan, scales[side])
        scores[side] /= scales[side]
    return baseline, scores, best, scales


@compiled
def describe(
    counts: Floats, known: Bools, baseline: Floats, plan: Plan, peak: int, begin: int, end: int, values: Floats
) -> None:
    """Fill what the window [begin, end) holds and rests on."""
    observed, expected, extra, unknown = 0.0, 0.0, 0.0, 0.0
    for i in range(begin, end):
        if known[i] and not math.isnan(baseline[0, i]):
            observed += counts[i]
            expected += baseline[0, i]
            extra += baseline[1, i] * baseline[0, i] ** 2
        elif not known[i]:
            unknown += 1.0
    for i in range(max(begin - plan.gap - plan.window, 0), max(begin - plan.gap, 0)):
        if not known[i]:
            unknown += 1.0
    values[2], values[3], values[4], values[5] = observed, expected, extra, baseline[2, peak]
    values[6], values[7] = baseline[3, peak], unknown


@compiled
def one_series(
    counts: Floats,
    known: Bools,
    first: int,
    plan: Plan,
    lengths: Ints,
    number: int,
    places: Ints,
    values: Floats,
) -> int:
    """Fill the rows of ``places`` and ``values`` for one series; returns how many."""
    baseline, heights, best, scales = score_series(counts, known, first, plan, lengths)
    found = 0
    for side in range(2):
        for i in range(counts.shape[0]):
            if not is_peak(heights[side], i, plan.reach):
                continue
            begin, end = i + 1 - int(best[side, i]), i + 1
            values[found, :] = 0.0
            values[found, 0], values[found, 1] = heights[side, i], scales[side, i]
            if heights[side, i] >= LOOK_FROM:
                edges = window_edges(counts, known, baseline, begin, end, plan.reach, side == 0)
                begin, end = edges[0], edges[1]
                describe(counts, known, baseline, plan, i, begin, end, values[found])
            places[found, 0], places[found, 1], places[found, 2] = number, 1 - side, first + i
            places[found, 3], places[found, 4] = first + begin, first + end
            found += 1
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
    places: Ints,
    values: Floats,
) -> int:
    """Candidates of the series ``low`` to ``high`` (exclusive); returns how many."""
    found = 0
    for s in range(low, high):
        begin, end = offsets[s], offsets[s + 1]
        found += one_series(
            counts[begin:end], known[begin:end], first[s], plan, lengths, s, places[found:], values[found:]
        )
    return found


def candidates(grid: Grid, plan: Plan) -> tuple[Ints, Floats]:
    """Every candidate of every series, by series, direction and time: PLACES and VALUES, a row each.

    Series are shared out to as many threads as there are processors to use.
    """
    lengths = scan_lengths(plan.width)
    edges = [*range(0, len(grid.first), SERIES_AT_ONCE), len(grid.first)]

    def share(part: int) -> tuple[Ints, Floats]:
        low, high = edges[part], edges[part + 1]
        spans = np.diff(grid.offsets[low : high + 1])
        size = int((2 * (spans // (plan.reach + 1) + 1)).sum())
        places, values = np.empty((size, len(PLACES)), np.int64), np.empty((size, len(VALUES)))
        found = some_series(grid.counts, grid.known, grid.offsets, grid.first, low, high, plan, lengths, places, values)
        return places[:found], values[:found]

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        parts = list(pool.map(share, range(len(edges) - 1)))
    if not parts:
        return np.empty((0, len(PLACES)), np.int64), np.empty((0, len(VALUES)))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


@compiled
def all_expectations(counts: Floats, known: Bools, offsets: Ints, first: Ints, plan: Plan, out: Floats) -> None:
    """``baseline.expect`` for each series of a grid; ``out`` is 4 x cells."""
    for s in range(first.shape[0]):
        begin, end = offsets[s], offsets[s + 1]
        part = np.empty((4, end - begin))
        expect(counts[begin:end], known[begin:end], first[s], plan, part)
        out[:, begin:end] = part


@compiled
def all_scores(
    counts: Floats, known: Bools, offsets: Ints, first: Ints, plan: Plan, lengths: Ints, out: Floats
) -> None:
    """The heights of each bin of a grid, upwards and downwards; ``out`` is 2 x cells."""
    for s in range(first.shape[0]):
        begin, end = offsets[s], offsets[s + 1]
        out[:, begin:end] = score_series(counts[begin:end], known[begin:end], first[s], plan, lengths)[1]
