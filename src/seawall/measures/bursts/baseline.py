"""What a series was expected to do: a robust negative-binomial regression on the weeks before.

The count of a bin has mean ``level * season[phase] * exp(slope * time)`` and variance ``mean + dispersion * mean**2``.
The regression is fitted on the 13 weeks that end 14 days before the week under test. Level and slope come from the
sums of whole weeks, in which a campaign of a few days stands out far more clearly than day by day; weeks that stand out
lose weight, and so do single bins (after Noufaily, Farrington and others, Statistics in Medicine 32, 2013, who weigh
down bins, once). The season and the dispersion come from the bins, with the weights of both.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.bursts.plan import DAY, Plan
from seawall.measures.compiled import compiled_vector

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SEASON_PRIOR = 4.0
"""Effective counts that pull each factor of the season towards 1."""
LEVEL_PRIOR = 0.5
"""Counts that an empty baseline is taken to have, so that it expects little rather than nothing."""
TREND_PRIOR = 0.25
"""Standard deviation, a priori, of how far the trend moves log(level) from the baseline's middle to the test."""
TREND_LIMIT = math.log(2.0)
"""The trend moves the expectation at most by this factor."""
MOST_MOVE = 0.15
"""Of the slope in one step, log per week."""
WEIGHT_FROM = 2.58
"""Residuals beyond this (Farrington's threshold) lose weight with their fourth power. Counts are skewed, so the
expectation comes out 1 to 4 % low where they scatter most; weights by the deviance cure that, and lose recall."""
ROUNDS, LINE_STEPS = 2, 2
"""Rounds of level, slope, weights and season (a third changes recall by less than .01); steps of a line in each."""
FIRST_DISPERSION = 0.25
"""Assumed while the first bins are weighed; that of restless channels."""
LEAST_DISPERSION = 0.004
USUAL_DISPERSION, DISPERSION_PRIOR = 0.08, 12.0
"""A baseline's own dispersion is drawn to the usual one, which weighs as much as so many bins."""
LEVEL_ERROR = 0.03
"""Relative error of the level that no baseline gets rid of."""
WANDER = 1e-4
"""Variance that the log of the level gains in a day (a simulated yearly cycle)."""


class Line(NamedTuple):
    """Level and slope by groups of bins; time is counted in groups from the middle."""

    level: float  # log of the mean rate at time 0
    slope: float  # log per group
    centre: float  # the time at which level and slope err independently
    precision: float  # of the level there
    slope_precision: float


class Fit(NamedTuple):
    """What a baseline says of the bins after it."""

    level: float  # log of the level at the centre of the information
    slope: float  # log per bin
    ahead: float  # bins from that centre to the bin after the last
    variance: float  # of the level at the centre, relative
    slope_variance: float  # per bin
    dispersion: float


@compiled_vector
def group_sums(counts: Floats, known: Bools, start: int, group: int, sums: Floats, exposure: Floats) -> None:
    """Fill the sum and the number of known bins of each group; the first one begins at ``start``."""
    for g in range(sums.shape[0]):
        inside, seen = 0.0, 0.0
        for i in range(start + g * group, start + (g + 1) * group):
            seen += 1.0 if known[i] else 0.0
            inside += counts[i] if known[i] else 0.0
        sums[g], exposure[g] = inside, seen


@compiled_vector
def first_level(sums: Floats, exposure: Floats, group: int, rates: Floats) -> float:
    """The log of the middle rate of the groups; ``rates`` is scratch.

    The median is hardly moved by a campaign. A mostly empty series has half its mean instead.
    """
    used, total, have = 0, 0.0, 0.0
    for g in range(sums.shape[0]):
        if 3.0 * exposure[g] >= group:
            rate, at = sums[g] / exposure[g], used
            while at > 0 and rates[at - 1] > rate:
                rates[at] = rates[at - 1]
                at -= 1
            rates[at] = rate
            used += 1
        total += sums[g]
        have += exposure[g]
    middle = 0.5 * (rates[(used - 1) // 2] + rates[used // 2]) if used > 0 else 0.0
    return math.log(max(middle, 0.5 * total / have, LEVEL_PRIOR / have))


@compiled_vector
def line_step(
    sums: Floats, exposure: Floats, shares: Floats, line: Line, dispersion: float, fading: float, precision: float
) -> Line:
    """One robust Newton step for level and slope; without slope where ``precision`` < 0. Fills ``shares``.

    ``fading`` is the weight that a group loses with each later one; ``shares`` are those weights times the robust ones.
    """
    middle = 0.5 * (sums.shape[0] - 1)
    plain, growth = math.exp(line.level - line.slope * middle), math.exp(line.slope)
    age, fresher = fading ** (sums.shape[0] - 1), 1.0 / fading
    score0, score1, info, cross, square = 0.0, 0.0, 0.0, 0.0, 0.0
    for g in range(sums.shape[0]):
        shares[g] = 0.0
        if exposure[g] > 0.0:
            mean, time, widening = exposure[g] * plain, g - middle, 1.0 + dispersion * plain
            inverse = 1.0 / (mean * widening)
            miss, weight = sums[g] * inverse * widening - 1.0, mean * mean * inverse
            excess = miss * miss * weight * (1.0 / WEIGHT_FROM**2)
            shares[g] = age if excess <= 1.0 else age / (excess * excess)
            weight *= shares[g]
            score0 += weight * miss
            score1 += weight * miss * time
            info += weight
            cross += weight * time
            square += weight * time * time
        plain *= growth
        age *= fresher
    centre = cross / info
    information = square - cross * centre + max(precision, 0.0)
    move = 0.0
    if precision >= 0.0:
        move = (score1 - centre * score0 - precision * line.slope) / information
        move = min(max(move, -MOST_MOVE), MOST_MOVE)
    level = line.level + min(max(score0 / info - move * centre, -1.0), 1.0)
    return Line(level, line.slope + move, centre, info, information)


@compiled_vector
def bin_step(
    counts: Floats,
    known: Bools,
    phases: Ints,
    season: Floats,
    line: Line,
    shares: Floats,
    dispersion: float,
    sums: Floats,
    exposure: Floats,
    ratios: Floats,
) -> tuple[float, float]:
    """Weigh each bin; fill the groups' weighted ``sums`` and ``exposure`` and the season's ``ratios`` (2 x phases).

    Returns the dispersion by moments and the number of bins that it rests on.
    """
    group = counts.shape[0] // sums.shape[0]
    growth = math.exp(line.slope / group)
    plain = math.exp(line.level - line.slope * (0.5 * (sums.shape[0] - 1) + 0.5 * (group - 1) / group))
    ratios[:, :] = 0.0
    excess, squares, used = 0.0, 0.0, 0.0
    for g in range(sums.shape[0]):
        total, whole = 0.0, 0.0
        for i in range(g * group, (g + 1) * group):
            if known[i]:
                factor = season[phases[i]]
                mean = plain * factor
                miss = (counts[i] - mean) * (counts[i] - mean)
                limit = (mean + dispersion * mean * mean) * WEIGHT_FROM**2
                weight = 1.0 if miss <= limit else (limit / miss) * (limit / miss)
                total += weight * counts[i]
                whole += weight * factor
                weight *= shares[g]
                ratios[0, phases[i]] += weight * counts[i]
                ratios[1, phases[i]] += weight * plain
                excess += weight * (miss - mean)
                squares += weight * mean * mean
                used += weight
            plain *= growth
        sums[g], exposure[g] = total, whole
    spent = min(season.shape[0] + 1.0, 0.5 * used)
    found = (excess / squares) * used / (used - spent) if squares > 0.0 else 0.0
    return max(found, LEAST_DISPERSION), used


@compiled_vector
def season_step(ratios: Floats, season: Floats) -> None:
    """The factors of the season, drawn to 1; their mean is 1 over the phases that were seen."""
    total, seen = 0.0, 0
    for phase in range(season.shape[0]):
        season[phase] = (ratios[0, phase] + SEASON_PRIOR) / (ratios[1, phase] + SEASON_PRIOR)
        if ratios[1, phase] > 0.0:
            total += season[phase]
            seen += 1
    for phase in range(season.shape[0]):
        season[phase] = season[phase] * seen / total if ratios[1, phase] > 0.0 else 1.0


@compiled_vector
def fit_window(
    counts: Floats, known: Bools, phases: Ints, plan: Plan, have: float, work: Floats, season: Floats, ratios: Floats
) -> Fit:
    """The robust fit on a baseline of whole groups, of which ``have`` bins are known; fills ``season``.

    ``work`` (3 x groups) has the groups' sums and known bins in its first rows; the third one and ``ratios``
    (2 x phases) are scratch. Below a full history there is no slope.
    """
    groups = counts.shape[0] // plan.stride
    sums, exposure, shares = work[0, :groups], work[1, :groups], work[2, :groups]
    season[:] = 1.0
    level = first_level(sums, exposure, plan.stride, shares)
    if sums.sum() == 0.0:
        return Fit(level, 0.0, 0.0, 1.0 / LEVEL_PRIOR, 0.0, USUAL_DISPERSION)
    line, dispersion, used = Line(level, 0.0, 0.0, 1.0, 1.0), FIRST_DISPERSION, 0.0
    precision = (0.5 * groups + plan.gap / plan.stride) ** 2 / TREND_PRIOR**2 if have >= plan.full else -1.0
    fading = 0.5 ** (plan.stride / plan.memory)
    for i in range(ROUNDS):
        for j in range(LINE_STEPS):
            line = line_step(sums, exposure, shares, line, dispersion, fading, -1.0 if i + j == 0 else precision)
        dispersion, used = bin_step(counts, known, phases, season, line, shares, dispersion, sums, exposure, ratios)
        season_step(ratios, season)
    dispersion = (dispersion * used + USUAL_DISPERSION * DISPERSION_PRIOR) / (used + DISPERSION_PRIOR)
    slope = line.slope / plan.stride
    ahead = (0.5 * groups - line.centre) * plan.stride + 0.5
    slope_variance = 1.0 / (line.slope_precision * plan.stride**2) if precision >= 0.0 else 0.0
    return Fit(line.level + line.slope * line.centre, slope, ahead, 1.0 / line.precision, slope_variance, dispersion)


@compiled_vector
def phases_of(first: int, bins: int, plan: Plan) -> Ints:
    """The phase of the season of each bin of a series whose first bin has number ``first``."""
    phases = np.empty(bins, np.int64)
    for i in range(bins):
        phases[i] = ((first + i) * plan.width // plan.step) % plan.phases
    return phases


@compiled_vector
def fill_block(fit: Fit, season: Floats, phases: Ints, high: int, history: float, plan: Plan, out: Floats) -> None:
    """Fill ``out`` for the bins that one fit serves, whose baseline ends before bin ``high``."""
    begin = high + plan.gap
    growth = math.exp(min(max(fit.slope * (fit.ahead + plan.gap), -TREND_LIMIT), TREND_LIMIT))
    level, step = math.exp(fit.level) * growth, math.exp(fit.slope)
    for i in range(begin, min(begin + plan.stride, out.shape[1])):
        ahead = fit.ahead + (i - high)
        wander = LEVEL_ERROR**2 + WANDER * (i - high) * plan.width / DAY
        out[0, i] = level * season[phases[i]]
        out[1, i] = fit.dispersion
        out[2, i] = fit.variance + fit.slope_variance * ahead * ahead + wander
        out[3, i] = history
        level *= step


@compiled_vector
def expect(counts: Floats, known: Bools, first: int, plan: Plan, out: Floats) -> None:
    """Fill ``out`` (4 x bins) for one series whose first bin has number ``first``.

    Rows: mean (NaN = no answer), dispersion, relative variance of the level, and the share of a full history that
    the baseline had (at most 1).
    """
    bins, stride = counts.shape[0], plan.stride
    season, ratios = np.empty(plan.phases), np.empty((2, plan.phases))
    phases = phases_of(first, bins, plan)
    out[:, :] = np.nan
    # blocks begin at round numbers, so that a series that starts elsewhere gets the same baselines
    start = (-first - plan.gap) % stride
    groups, most = max((bins - start) // stride, 0), plan.window // stride
    sums, work = np.empty((2, groups)), np.empty((3, most))
    group_sums(counts, known, start, stride, sums[0], sums[1])
    have = 0.0
    for last in range(groups):
        have += sums[1, last] - (sums[1, last - most] if last >= most else 0.0)
        high = start + (last + 1) * stride
        size = min(last + 1, most)
        if have >= plan.least and high + plan.gap < bins:
            work[:2, :size] = sums[:, last + 1 - size : last + 1]
            low = high - size * stride
            fit = fit_window(counts[low:high], known[low:high], phases[low:high], plan, have, work, season, ratios)
            fill_block(fit, season, phases, high, min(have / plan.full, 1.0), plan, out)
