"""What the scan's peaks look like when nothing happens, learnt from the data, and what that makes of each peak.

Scores assume that a series is as regular as its baseline says; real ones are not. So each score is first
compared with the scores of its own series in the half-year before (robust centre and scale, drawn to the pool
of all series where the series has told little), and then its height with the heights of all peaks, most of
which are ordinary: their middle, which real surges hardly touch, fixes a Gumbel distribution, whose upper tail
gives p (Efron, Large-scale simultaneous hypothesis testing, JASA 99, 2004, for the idea of an empirical null).
Peaks, not bins, are the hypotheses, so that one long surge is one discovery (Schwartzman, Gavrilov and Adler,
Multiple testing of local maxima for detection of peaks, Annals of Statistics 39, 2011).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

IDEAL_CENTRE, IDEAL_SCALE = 0.62, 0.71
"""Centre and scale of the scores of a perfectly regular series (simulated); where there is no pool to learn from."""
SERIES_PRIOR = 90.0
"""A series' own null weighs as much as the pool when it rests on so many scores."""
POOL_PRIOR = 50.0
"""The pool weighs as much as the ideal when it rests on so many peaks."""
IDEAL_HEIGHT, IDEAL_SPREAD = 2.3, 1.5
"""Gumbel location and scale of the energy of peaks of regular series (simulated)."""
HEIGHT_PRIOR = 100.0
"""Observed peaks weigh as much as the ideal distribution when there are so many."""
LEAST_SCALE = 0.25
LOWER, UPPER = 0.5, 0.9
"""The quantiles of ordinary heights that fix their distribution."""
LEFT_OUT = 0.03
"""Peaks that fewer ordinary ones than this would top are left out of the fit."""
TAIL_POWER = 1.6
"""Heights to this power have a Gumbel tail: 2 would be Gaussian scores, 1 exponential ones; real tails lie between."""
ROUNDS = 20


def standardised(score: Floats, centre: Floats, scale: Floats, size: Floats) -> Floats:
    """Scores as they would be if their series were perfectly regular; one entry a peak, of one direction.

    ``centre``, ``scale`` and ``size`` are median, 80 % quantile less median, and number of the earlier scores.
    """
    rich = size >= 0.5 * SERIES_PRIOR
    weight = rich.sum() / (rich.sum() + POOL_PRIOR)
    pool_centre = weight * (float(np.median(centre[rich])) if rich.any() else 0.0) + (1.0 - weight) * IDEAL_CENTRE
    pool_scale = weight * (float(np.median(scale[rich])) if rich.any() else 0.0) + (1.0 - weight) * IDEAL_SCALE
    share = size / (size + SERIES_PRIOR)
    own_centre = share * centre + (1.0 - share) * pool_centre
    own_scale = np.maximum(share * scale + (1.0 - share) * pool_scale, LEAST_SCALE)
    result: Floats = (score - own_centre) / own_scale * IDEAL_SCALE + IDEAL_CENTRE
    return result


def height_tail(height: Floats) -> Floats:
    """p of each peak: how often an ordinary peak is at least so high.

    The fit leaves out peaks that it finds unusual itself and is repeated without them, until it settles. It
    begins with the lower half, which surges hardly reach.
    """
    if not height.size:
        return height
    energy = np.sign(height) * np.abs(height) ** TAIL_POWER
    ordered = np.sort(energy)
    kept = max(ordered.size // 2, 1)
    location, spread = _fit_gumbel(ordered[:kept], 0.5)
    for _ in range(ROUNDS):
        before, cut = kept, location + spread * _gumbel_quantile(1.0 - LEFT_OUT)
        kept = max(int(np.searchsorted(ordered, cut, side="right")), ordered.size // 2, 1)
        location, spread = _fit_gumbel(ordered[:kept], 1.0 - LEFT_OUT)
        if kept == before:
            break
    result: Floats = -np.expm1(-np.exp(-(energy - location) / spread))
    return result


def _fit_gumbel(ordered: Floats, part: float) -> tuple[float, float]:
    """Location and scale from two quantiles of heights that are the lower ``part`` of a Gumbel distribution."""
    at_low, at_high = np.quantile(ordered, [LOWER, UPPER])
    low, high = _gumbel_quantile(LOWER * part), _gumbel_quantile(UPPER * part)
    spread = (at_high - at_low) / (high - low)
    weight = ordered.size / (ordered.size + HEIGHT_PRIOR)
    location = weight * (at_low - low * spread) + (1.0 - weight) * IDEAL_HEIGHT
    return location, weight * spread + (1.0 - weight) * IDEAL_SPREAD


def _gumbel_quantile(level: float) -> float:
    return -math.log(-math.log(level))


def peak_p(upwards: Bools, score: Floats, centre: Floats, scale: Floats, size: Floats) -> Floats:
    """p of every peak, upwards and downwards each against its own kind."""
    p = np.ones(len(score))
    for side in (True, False):
        pick = upwards == side
        p[pick] = height_tail(standardised(score[pick], centre[pick], scale[pick], size[pick]))
    return p


def benjamini_hochberg(p: Floats) -> Floats:
    """q of each p: the smallest false-discovery rate at which it is still a discovery.

    Benjamini and Hochberg, Journal of the Royal Statistical Society B 57, 1995.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    order = np.argsort(p, kind="stable")
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return q
