"""How surprising each stretch of bins is, and where the surprise peaks."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled, compiled_vector

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

LEAST_KNOWN = 2.0 / 3.0
"""A stretch counts only if so much of it was collected."""
NEAR, FAR = 0.1550510257216822, 0.6449489742783178
"""Where, on the way from the expected to the observed, the variance is looked at."""
NEAR_WEIGHT, FAR_WEIGHT = 0.3180413817439772, 0.1819586182560228
"""The two-point Gauss-Jacobi rule for the weight 1 - x on [0, 1]: exact for cubic polynomials."""
NOTHING = 1e-9
"""Counts added to an expectation, so that where nothing was expected nothing is divided by zero."""


@compiled_vector
def running_sums(counts: Floats, known: Bools, baseline: Floats, sums: Floats) -> None:
    """Fill ``sums`` (4 x bins + 1) with what came before each bin: counts, means, extra variance, bins that count."""
    observed, expected, extra, have = 0.0, 0.0, 0.0, 0.0
    sums[:, 0] = 0.0
    for i in range(counts.shape[0]):
        mean = baseline[0, i]
        if known[i] and mean == mean:
            observed += counts[i]
            expected += mean
            extra += baseline[1, i] * mean * mean
            have += 1.0
        sums[0, i + 1], sums[1, i + 1], sums[2, i + 1], sums[3, i + 1] = observed, expected, extra, have


@compiled_vector
def energies(
    counts: Floats, counts_before: Floats, means: Floats, means_before: Floats, extra: Floats, extra_before: Floats,
    level: Floats, found: Floats,
) -> None:  # fmt: skip
    """Fill ``found`` with the deviance of each stretch of one length, negative where less than expected was seen.

    The deviance of a quasi-likelihood is twice the integral of (observed - m) / V(m) from the expected to the observed
    (Wedderburn, Biometrika 61, 1974), with half a count of continuity correction; V(m) = m + extra * (m / expected)**2.
    Two points give that integral within a hundredth where it matters, without a logarithm.
    """
    for i in range(found.shape[0]):
        expected = means[i] - means_before[i] + NOTHING
        square = expected * expected
        spread = extra[i] - extra_before[i] + level[i] * square
        miss = counts[i] - counts_before[i] - expected
        size = abs(miss) - 0.5
        size = size if size > 0.0 else 0.0
        step = size if miss > 0.0 else -size
        near, far = expected + NEAR * step, expected + FAR * step
        first, second = near * (square + near * spread), far * (square + far * spread)
        found[i] = 2.0 * step * size * square * (NEAR_WEIGHT * second + FAR_WEIGHT * first) / (first * second)


@compiled_vector
def leave_out(have: Floats, before: Floats, need: float, found: Floats) -> None:
    """A stretch of which too little was collected says nothing."""
    for i in range(found.shape[0]):
        found[i] = found[i] if have[i] - before[i] >= need else 0.0


@compiled_vector
def keep_best(found: Floats, length: float, scores: Floats, best: Floats) -> None:
    """Keep what is larger than ``scores``, and its length."""
    for i in range(found.shape[0]):
        larger = found[i] > scores[i]
        best[i] = length if larger else best[i]
        scores[i] = found[i] if larger else scores[i]


@compiled_vector
def keep_least(found: Floats, length: float, scores: Floats, best: Floats) -> None:
    """Keep what is smaller than ``scores``, and its length."""
    for i in range(found.shape[0]):
        smaller = found[i] < scores[i]
        best[i] = length if smaller else best[i]
        scores[i] = found[i] if smaller else scores[i]


@compiled_vector
def scan(counts: Floats, known: Bools, baseline: Floats, lengths: Ints, scores: Floats, best: Floats) -> None:
    """Fill ``scores`` and ``best`` (2 x bins: upwards, downwards) with the largest score of a stretch that ends here.

    A score is the root of the deviance: the normal deviate that is as unusual. ``baseline`` is what
    ``baseline.expect`` filled. A bin that is unknown or has no baseline counts for nothing; scores with a short history
    are marked down in proportion. NaN = no stretch ends here.
    """
    bins = counts.shape[0]
    sums, stretches = np.empty((4, bins + 1)), np.empty(bins)
    running_sums(counts, known, baseline, sums)
    scores[:, :] = 0.0
    best[:, :] = 1.0
    for length in lengths:
        size = bins - length + 1
        if size < 1:
            continue
        end = length - 1
        found = stretches[:size]
        energies(
            sums[0, length:], sums[0, :size], sums[1, length:], sums[1, :size], sums[2, length:], sums[2, :size],
            baseline[2, end:], found,
        )  # fmt: skip
        leave_out(sums[3, length:], sums[3, :size], LEAST_KNOWN * length, found)
        keep_best(found, float(length), scores[0, end:], best[0, end:])
        keep_least(found, float(length), scores[1, end:], best[1, end:])
    for i in range(bins):
        counts_here = sums[3, i + 1] > sums[3, i]
        scores[0, i] = math.sqrt(scores[0, i]) * baseline[3, i] if counts_here else np.nan
        scores[1, i] = math.sqrt(abs(scores[1, i])) * baseline[3, i] if counts_here else np.nan


@compiled
def is_peak(scores: Floats, here: int, reach: int) -> bool:
    """Whether no score within ``reach`` bins is larger, and none of those before is equal."""
    value = scores[here]
    if not value > 0.0:
        return False
    for step in range(1, reach + 1):
        if here - step >= 0 and scores[here - step] >= value:
            return False
        if here + step < scores.shape[0] and scores[here + step] > value:
            return False
    return True
