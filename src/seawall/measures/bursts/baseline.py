"""What a series was expected to do: a robust negative-binomial regression on the weeks before.

The count of a bin has mean ``level * season[phase] * exp(slope * time)`` and variance
``mean + dispersion * mean**2``. The regression is fitted on the 13 weeks that end 14 days before
the bins under test: first as a Poisson regression without trend, so that a recent surge cannot bend
it, then with negative-binomial weights and past surges weighted down (after Noufaily, Farrington and
others, Statistics in Medicine 32, 2013; here down-weighting is steeper and repeated once).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.plan import Plan
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SEASON_PRIOR = 4.0
"""Effective counts that pull each factor of the season towards 1."""
LEVEL_PRIOR = 0.5
"""Counts added to the baseline, so that an empty one expects little rather than nothing."""
TREND_PRIOR = 0.35
"""Standard deviation, a priori, of how far the trend moves log(level) from the baseline's middle to the test."""
TREND_LIMIT = math.log(2.0)
"""The trend moves the expectation at most by this factor."""
WEIGHT_FROM = 2.58
"""Residuals beyond this (Farrington's threshold) lose weight with their fourth power."""
LEAST_DISPERSION = 0.002
DRIFT = 0.04
"""Ordinary series wander by so much of their level from the baseline to the test (a simulated yearly cycle)."""
FIRST_ROUNDS = 2
SECOND_ROUNDS = 2
WEIGHINGS = 2
MEMORY = 0.4
"""A bin weighs half as much as one that is later by this share of the baseline (five weeks)."""


@compiled
def season_step(
    counts: Floats, weights: Floats, phases: Ints, season: Floats, log_level: float, slope: float, dispersion: float
) -> None:
    """Update the factors of the ``season`` for this level and slope; their mean is 1."""
    above, below = np.zeros(season.shape[0]), np.zeros(season.shape[0])
    plain, growth = math.exp(log_level - slope * 0.5 * (counts.shape[0] - 1)), math.exp(slope)
    for i in range(counts.shape[0]):
        if weights[i] > 0.0:
            share = weights[i] / (1.0 + dispersion * plain * season[phases[i]])
            above[phases[i]] += share * counts[i]
            below[phases[i]] += share * plain
        plain *= growth
    total, seen = 0.0, 0
    for phase in range(season.shape[0]):
        season[phase] = (above[phase] + SEASON_PRIOR) / (below[phase] + SEASON_PRIOR)
        if below[phase] > 0.0:
            total += season[phase]
            seen += 1
    for phase in range(season.shape[0]):
        season[phase] = season[phase] * seen / total if below[phase] > 0.0 else 1.0


@compiled
def fit_rounds(
    counts: Floats,
    weights: Floats,
    phases: Ints,
    season: Floats,
    start: Floats,
    dispersion: float,
    trend_precision: float,
    rounds: int,
) -> Floats:
    """Alternate the season and a Newton step for level and slope, ``rounds`` times.

    ``start`` is (log level, slope); ``season`` is updated in place. ``trend_precision`` < 0 = no trend.
    Returns (log level, slope, information on the level, information on the slope, mean time); time is counted
    in bins from the middle.
    """
    middle = 0.5 * (counts.shape[0] - 1)
    fitted = np.zeros(5)
    fitted[0], fitted[1] = start[0], start[1]
    for _ in range(rounds):
        if season.shape[0] > 1:
            season_step(counts, weights, phases, season, fitted[0], fitted[1], dispersion)
        plain, growth = math.exp(fitted[0] - fitted[1] * middle), math.exp(fitted[1])
        score0, score1, info0, cross, square = 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(counts.shape[0]):
            if weights[i] > 0.0:
                mean = plain * season[phases[i]]
                share, time = weights[i] / (1.0 + dispersion * mean), i - middle
                score0 += share * (counts[i] - mean)
                score1 += share * (counts[i] - mean) * time
                info0 += share * mean
                cross += share * mean * time
                square += share * mean * time * time
            plain *= growth
        fitted[4] = cross / info0
        fitted[2], fitted[3] = info0, square - cross * fitted[4] + max(trend_precision, 0.0)
        move = 0.0
        if trend_precision >= 0.0:
            move = (score1 - fitted[4] * score0 - trend_precision * fitted[1]) / fitted[3]
            move = min(max(move, -1.0 / counts.shape[0]), 1.0 / counts.shape[0])
        fitted[1] += move
        fitted[0] += min(max(score0 / info0 - move * fitted[4], -1.0), 1.0)
    return fitted


@compiled
def weigh_down(counts: Floats, known: Bools, phases: Ints, season: Floats, fitted: Floats, weights: Floats) -> float:
    """Fill ``weights`` (1 for ordinary bins, less for past surges) and return a robust first dispersion.

    Residuals are of the square root, which has nearly constant variance 1 for Poisson counts; their scale
    is taken from the median, so that a past surge cannot hide behind the spread that it causes itself.
    """
    size = counts.shape[0]
    means, residuals, sizes = np.empty(size), np.empty(size), np.empty(size)
    plain, growth = math.exp(fitted[0] - fitted[1] * 0.5 * (size - 1)), math.exp(fitted[1])
    used, total = 0, 0.0
    for i in range(size):
        if known[i]:
            means[i] = plain * season[phases[i]]
            residuals[i] = 2.0 * abs(math.sqrt(counts[i] + 0.375) - math.sqrt(means[i] + 0.375))
            sizes[used] = residuals[i]
            used += 1
            total += means[i]
        plain *= growth
    scale = 1.4826 * np.partition(sizes[:used], used // 2)[used // 2]
    dispersion = max((scale * scale - 1.0) * used / total, 0.0)
    age, fresher = 0.5 ** ((size - 1) / (size * MEMORY)), 0.5 ** (-1.0 / (size * MEMORY))
    for i in range(size):
        weights[i] = 0.0
        if known[i]:
            excess = residuals[i] ** 2 / ((1.0 + dispersion * means[i]) * WEIGHT_FROM**2)
            weights[i] = age if excess <= 1.0 else age / (excess * excess)
        age *= fresher
    return float(dispersion)


@compiled
def spread(counts: Floats, weights: Floats, phases: Ints, season: Floats, fitted: Floats) -> float:
    """The dispersion by moments, with the weights of the second fit; at least LEAST_DISPERSION."""
    plain, growth = math.exp(fitted[0] - fitted[1] * 0.5 * (counts.shape[0] - 1)), math.exp(fitted[1])
    excess, squares, used = 0.0, 0.0, 0.0
    for i in range(counts.shape[0]):
        if weights[i] > 0.0:
            mean = plain * season[phases[i]]
            excess += weights[i] * ((counts[i] - mean) ** 2 - mean)
            squares += weights[i] * mean * mean
            used += weights[i]
        plain *= growth
    spent = min(season.shape[0] + 1.0, 0.5 * used)
    found = (excess / squares) * used / (used - spent) if squares > 0.0 else 0.0
    return max(found, LEAST_DISPERSION)


@compiled
def fit_block(
    counts: Floats, known: Bools, phases: Ints, season: Floats, plan: Plan, have: int, total: float
) -> tuple[Floats, float]:
    """The robust fit on one baseline (``fit_rounds``' five numbers) and its dispersion; fills ``season``.

    ``have`` bins are known and hold ``total`` counts.
    """
    season[:] = 1.0
    start = np.array([math.log((total + LEVEL_PRIOR) / have), 0.0])
    if total == 0.0:
        return np.array([start[0], 0.0, LEVEL_PRIOR, 1.0, 0.0]), LEAST_DISPERSION
    precision = ((0.5 * plan.window + plan.gap) / TREND_PRIOR) ** 2 if have >= plan.full else -1.0
    weights = known.astype(np.float64)
    fitted = fit_rounds(counts, weights, phases, season, start, 0.0, -1.0, FIRST_ROUNDS)
    for _ in range(WEIGHINGS):
        dispersion = weigh_down(counts, known, phases, season, fitted, weights)
        start[:] = fitted[:2]
        fitted = fit_rounds(counts, weights, phases, season, start, dispersion, precision, SECOND_ROUNDS)
    fitted[0] += math.log1p(LEVEL_PRIOR / total)
    return fitted, spread(counts, weights, phases, season, fitted)


@compiled
def expect(counts: Floats, known: Bools, first: int, plan: Plan, out: Floats) -> None:
    """Fill ``out`` (5 x bins) for one series whose first bin has number ``first``.

    Rows: mean (NaN = no answer), dispersion, relative variance of the season's estimate, relative variance of
    the level's estimate, and the share of a full history that the baseline had (at most 1).
    """
    bins = counts.shape[0]
    phases = np.empty(bins, np.int64)
    for i in range(bins):
        phases[i] = ((first + i) * plan.width // plan.step) % plan.phases
    out[:, :] = np.nan
    season = np.ones(plan.phases)
    # blocks begin at round numbers, so that a series that starts elsewhere gets the same baselines
    for block in range(-(first % plan.stride), bins, plan.stride):
        low, high = max(block - plan.gap - plan.window, 0), block - plan.gap
        have, total = 0, 0.0
        for i in range(low, high):
            if known[i]:
                have += 1
                total += counts[i]
        if have < plan.least:
            continue
        fitted, dispersion = fit_block(counts[low:high], known[low:high], phases[low:high], season, plan, have, total)
        middle = low + 0.5 * (high - low - 1)
        for i in range(max(block, 0), min(block + plan.stride, bins)):
            ahead = i - middle - fitted[4]
            move = min(max(fitted[1] * ahead, -TREND_LIMIT), TREND_LIMIT)
            out[0, i] = season[phases[i]] * math.exp(fitted[0] + fitted[1] * fitted[4] + move)
            out[1, i] = dispersion
            out[2, i] = 1.0 / (fitted[2] / plan.phases + SEASON_PRIOR) if plan.phases > 1 else 0.0
            out[3, i] = DRIFT**2 + 1.0 / fitted[2] + (ahead * ahead / fitted[3] if have >= plan.full else 0.0)
            out[4, i] = min(have / plan.full, 1.0)
