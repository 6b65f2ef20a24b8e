"""What the scan's scores look like when nothing happens, learnt from the data, and what that makes of each peak.

Scores assume that a series is as regular as its baseline says; real ones are not. So each score is first divided by
how irregular its own series was in the half-year before, as far as that is more than chance (the middle of the weeks'
largest scores, against what regular series have; drawn to 1). Then its height is compared with the heights of all
peaks, most of which are ordinary: their middle, which real surges hardly touch, fixes a Gumbel distribution, whose
upper tail gives p (Efron, Large-scale simultaneous hypothesis testing, JASA 99, 2004, for the idea of an empirical
null).
Peaks, not bins, are the hypotheses, so that one long surge is one discovery (Schwartzman, Gavrilov and Adler,
Multiple testing of local maxima for detection of peaks, Annals of Statistics 39, 2011).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.plan import Plan
from seawall.measures.compiled import compiled_vector

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

USUAL_TOPS = np.array([1.0, 1.5, 2.9, 3.65])
"""The middle of the weeks' largest scores of regular series (simulated), for weeks of so many bins:"""
TOP_BINS = np.log(np.array([1.0, 7.0, 168.0, 2016.0]))
"""one (where the middle itself is unsure: three times what was found), days, hours, five minutes; as logarithms."""
SLACK = 0.2
"""Chance moves the log of that middle by up to so much: two standard deviations of regular series (simulated)."""
SERIES_PRIOR = 13.0
"""A series' own irregularity counts half when it rests on so many weeks."""
IDEAL_HEIGHT, IDEAL_SPREAD = 2.3, 1.5
"""Gumbel location and scale of the energy of peaks of regular series (simulated)."""
HEIGHT_PRIOR = 100.0
"""Observed peaks weigh as much as the ideal distribution when there are so many."""
LOWER, UPPER = 0.5, 0.9
"""The quantiles of ordinary heights that fix their distribution."""
LEFT_OUT = 0.03
"""Peaks that fewer ordinary ones than this would top are left out of the fit."""
TAIL_POWER = 1.6
"""Heights to this power have a Gumbel tail: 2 would be Gaussian scores, 1 exponential ones; real tails lie between."""
ROUNDS = 20


@compiled_vector
def put_in(ordered: Floats, size: int, value: float) -> int:
    """Add a value to the first ``size``, which are sorted; one below 0 is none. Returns how many there are."""
    if value < 0.0:
        return size
    at = size
    while at > 0 and ordered[at - 1] > value:
        ordered[at] = ordered[at - 1]
        at -= 1
    ordered[at] = value
    return size + 1


@compiled_vector
def take_out(ordered: Floats, size: int, value: float) -> int:
    """Take a value out that is among the first ``size``; one below 0 is none. Returns how many are left."""
    if value < 0.0:
        return size
    at = 0
    while ordered[at] != value:
        at += 1
    for i in range(at, size - 1):
        ordered[i] = ordered[i + 1]
    return size - 1


@compiled_vector
def irregularity(scores: Floats, first: int, plan: Plan, out: Floats) -> None:
    """Fill ``out`` (a bin each) with by how much the scores of this series exceed those of regular ones, at least 1.

    Of the half-year that ends a gap before the week of the bin. ``first`` is the number of the first bin.
    """
    usual = np.interp(math.log(plan.stride), TOP_BINS, USUAL_TOPS)
    shift = first % plan.stride
    weeks = (scores.shape[0] + shift + plan.stride - 1) // plan.stride
    late, trail = -(-plan.gap // plan.stride), plan.trail // plan.stride
    tops, ordered, size = np.empty(weeks), np.empty(trail + 1), 0
    for week in range(weeks):
        begin, end = max(week * plan.stride - shift, 0), min((week + 1) * plan.stride - shift, scores.shape[0])
        tops[week] = -1.0
        for i in range(begin, end):
            tops[week] = scores[i] if scores[i] > tops[week] else tops[week]
        if week > late:
            size = put_in(ordered, size, tops[week - late - 1])
        if week - late - 1 >= trail:
            size = take_out(ordered, size, tops[week - late - 1 - trail])
        factor = 1.0
        if size > 0:
            middle = 0.5 * (ordered[(size - 1) // 2] + ordered[size // 2])
            excess = math.log(middle / usual) - SLACK if middle > usual else 0.0
            factor = math.exp(excess * size / (size + SERIES_PRIOR)) if excess > 0.0 else 1.0
        out[begin:end] = factor


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


def peak_p(upwards: Bools, height: Floats) -> Floats:
    """p of every peak, upwards and downwards each against its own kind."""
    p = np.ones(len(height))
    for side in (True, False):
        pick = upwards == side
        p[pick] = height_tail(height[pick])
    return p
