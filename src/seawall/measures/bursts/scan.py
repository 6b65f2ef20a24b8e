"""How surprising each stretch of bins is, and where the surprise peaks."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

LEAST_KNOWN = 2.0 / 3.0
"""A stretch counts only if so much of it was collected."""


@compiled
def tail_score(observed: float, expected: float, variance: float) -> float:
    """The normal deviate that is as unusual as ``observed`` (positive above the expectation, negative below).

    ``observed`` is negative binomial with this mean and variance (Poisson where the variance is not above the
    mean). The score is the signed root of the deviance with a continuity correction of half a count.
    """
    if observed > expected:
        near = observed - 0.5
        if near <= expected:
            return 0.0
    else:
        near = observed + 0.5
        if near >= expected:
            return 0.0
    extra = variance - expected
    if extra > 1e-9 * expected:
        size = expected * expected / extra
        half = near * math.log(near / expected) - (near + size) * math.log1p((near - expected) / (expected + size))
    else:
        half = near * math.log(near / expected) - (near - expected)
    root = math.sqrt(2.0 * max(half, 0.0))
    return root if observed > expected else -root


@compiled
def scan(counts: Floats, known: Bools, baseline: Floats, lengths: Ints, scores: Floats, best: Ints) -> None:
    """Fill ``scores`` and ``best`` (2 x bins: upwards, downwards) with the largest score of a stretch that ends here.

    ``baseline`` is what ``baseline.expect`` filled. A bin that is unknown or has no baseline counts for nothing;
    scores with a short history are marked down in proportion. NaN = no stretch ends here.
    """
    bins = counts.shape[0]
    sums = np.zeros((4, bins + 1))
    for i in range(bins):
        use = known[i] and not math.isnan(baseline[0, i])
        mean = baseline[0, i] if use else 0.0
        sums[0, i + 1] = sums[0, i] + (counts[i] if use else 0.0)
        sums[1, i + 1] = sums[1, i] + mean
        sums[2, i + 1] = sums[2, i] + ((baseline[1, i] + baseline[2, i]) * mean * mean if use else 0.0)
        sums[3, i + 1] = sums[3, i] + (1.0 if use else 0.0)
    for i in range(bins):
        scores[0, i] = scores[1, i] = np.nan
        best[0, i] = best[1, i] = 0
        if sums[3, i + 1] == sums[3, i]:
            continue
        high, low = -np.inf, np.inf
        for length in lengths:
            begin = i + 1 - length
            if begin < 0 or sums[3, i + 1] - sums[3, begin] < LEAST_KNOWN * length:
                continue
            expected = sums[1, i + 1] - sums[1, begin]
            observed = sums[0, i + 1] - sums[0, begin]
            extra = sums[2, i + 1] - sums[2, begin]
            score = tail_score(observed, expected, expected + extra + baseline[3, i] * expected * expected)
            if score > high:
                high, best[0, i] = score, length
            if score < low:
                low, best[1, i] = score, length
        scores[0, i] = high * baseline[4, i]
        scores[1, i] = -low * baseline[4, i]


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
