"""The best that a scan could do: it is told the true ordinary mean, holidays included, and the true dispersion."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.surge_world import World
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
LENGTHS = np.array([1, 3, 4, 5, 6, 7, 8, 9, 10, 14])
"""Days that a window may last; it always ends with the day that is scored."""
FACTORS = np.exp(np.arange(1, 33) * np.log(10.0) / 32)
"""Factors that are tried, 7 % apart, up to tenfold."""


@compiled
def best_ratios(
    counts: Floats, mean: Floats, known: npt.NDArray[np.bool_], sizes: Floats, lengths: npt.NDArray[np.int64],
    factors: Floats,
) -> Floats:  # fmt: skip
    """Of each day the largest log-likelihood ratio of a constant factor over a window that ends with it; one series.

    ``sizes`` are 1 / dispersion of each day. A day that is not known adds nothing to a window and has no score itself.
    """
    days = counts.shape[0]
    best = np.zeros(days)
    sums = np.zeros(days + 1)
    for factor in factors:
        for day in range(days):
            gain = 0.0
            if known[day]:
                size = sizes[day]
                gain = counts[day] * np.log(factor) - (counts[day] + size) * np.log(
                    (size + factor * mean[day]) / (size + mean[day])
                )
            sums[day + 1] = sums[day] + gain
        for day in range(days):
            for length in lengths:
                best[day] = max(best[day], sums[day + 1] - sums[max(day + 1 - length, 0)])
    for day in range(days):
        if not known[day]:
            best[day] = np.nan
    return best


def oracle(world: World, *, downwards: bool = False) -> Floats:
    """The oracle's online scores of a world, series x days; ``downwards`` tries factors below 1 instead."""
    factors = 1.0 / FACTORS if downwards else FACTORS
    return np.stack(
        [
            best_ratios(counts, mean, known, np.full(len(counts), 1.0 / dispersion), LENGTHS, factors)
            for counts, mean, known, dispersion in zip(
                world.counts.astype(np.float64), world.ordinary, world.known, world.dispersion[:, 0], strict=True
            )
        ]
    )
