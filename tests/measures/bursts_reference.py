"""The chain of ``surges``, slow and plain: each step as its docstring tells it, with numpy, scipy and loops."""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy import stats

from seawall.measures.bursts import baseline as constants
from seawall.measures.bursts.edges import CHANGE_COST
from seawall.measures.bursts.null import SERIES_PRIOR, SLACK
from seawall.measures.bursts.plan import Plan
from seawall.measures.bursts.scan import LEAST_KNOWN


def negative_binomial_tail(observed: int, expected: float, variance: float) -> float:
    """P(X >= observed) above the expectation, P(X <= observed) below it."""
    if variance > expected:
        size = expected**2 / (variance - expected)
        law = stats.nbinom(size, size / (size + expected))
    else:
        law = stats.poisson(expected)
    return float(law.sf(observed - 1) if observed > expected else law.cdf(observed))


def expected_means(counts: np.ndarray, known: np.ndarray, first: int, plan: Plan) -> np.ndarray:
    """The expectation of each bin; NaN where there is none."""
    result = np.full(len(counts), np.nan)
    phase = np.array([(first + i) * plan.width // plan.step % plan.phases for i in range(len(counts))])
    for i in range(len(counts)):
        end = i - (first + i) % plan.stride - plan.gap
        size = min(max(end, 0), plan.window) // plan.stride * plan.stride
        rows = np.arange(end - size, end)
        if size == 0 or known[rows].sum() < plan.least:
            continue
        level, slope, centre, season = _fit(counts[rows], known[rows], phase[rows], plan)
        weeks = (i - (rows[0] + rows[-1]) / 2) / plan.stride - centre
        move = np.clip(slope * weeks, -constants.TREND_LIMIT, constants.TREND_LIMIT)
        result[i] = season[phase[i]] * math.exp(level + slope * centre + move)
    return result


def _fit(y: np.ndarray, known: np.ndarray, phase: np.ndarray, plan: Plan) -> tuple:
    """Level at the middle, slope by week, the centre of the information in weeks from the middle, season."""
    size = plan.stride
    week = np.arange(len(y)) // size
    weeks = week[-1] + 1
    sums, exposure = _by(week, weeks, y * known), _by(week, weeks, known)
    rates = (sums / np.maximum(exposure, 1))[3 * exposure >= size]
    middle = np.median(rates) if len(rates) else 0.0
    level = math.log(max(middle, sums.sum() / exposure.sum() / 2, constants.LEVEL_PRIOR / exposure.sum()))
    slope, centre, season, dispersion = 0.0, 0.0, np.ones(plan.phases), constants.FIRST_DISPERSION
    if sums.sum() == 0:
        return level, slope, centre, season
    precision = None
    if known.sum() >= plan.full:
        precision = (weeks / 2 + plan.gap / size) ** 2 / constants.TREND_PRIOR**2
    age = 0.5 ** ((weeks - 1 - np.arange(weeks)) * size / plan.memory)
    for i in range(constants.ROUNDS):
        for j in range(constants.LINE_STEPS):
            trend = None if i + j == 0 else precision
            level, slope, centre, share = _line(sums, exposure, age, level, slope, dispersion, trend)
        plain = np.exp(level + slope * ((np.arange(len(y)) - (len(y) - 1) / 2) / size))
        mean = plain * season[phase]
        excess = (y - mean) ** 2 / ((mean + dispersion * mean**2) * constants.WEIGHT_FROM**2)
        weight = known / np.maximum(excess, 1.0) ** 2
        sums, exposure = _by(week, weeks, weight * y), _by(week, weeks, weight * season[phase])
        weight = weight * share[week]
        used, squares = weight.sum(), (weight * mean**2).sum()
        dispersion = (weight * ((y - mean) ** 2 - mean)).sum() / squares
        dispersion = max(dispersion * used / (used - min(plan.phases + 1, used / 2)), constants.LEAST_DISPERSION)
        above, below = _by(phase, plan.phases, weight * y), _by(phase, plan.phases, weight * plain)
        season = (above + constants.SEASON_PRIOR) / (below + constants.SEASON_PRIOR)
        season = np.where(below > 0, season / season[below > 0].mean(), 1.0)
    return level, slope, centre, season


def _by(key: np.ndarray, size: int, values: np.ndarray) -> np.ndarray:
    return np.bincount(key, weights=values, minlength=size)


def _line(sums, exposure, age, level, slope, dispersion, precision) -> tuple:
    """One step of Newton's method for level and slope of the weeks' sums, each week with its weight."""
    there = exposure > 0
    time = np.arange(len(sums)) - (len(sums) - 1) / 2
    mean = np.where(there, exposure, 1.0) * np.exp(level + slope * time)
    miss = sums / mean - 1
    variance = 1 / mean + dispersion / np.where(there, exposure, 1.0)
    share = there * age / np.maximum(miss**2 / (variance * constants.WEIGHT_FROM**2), 1.0) ** 2
    weight = share / variance
    centre = (weight * time).sum() / weight.sum()
    step = 0.0
    if precision is not None:
        information = (weight * (time - centre) ** 2).sum() + precision
        step = ((weight * miss * (time - centre)).sum() - precision * slope) / information
        step = np.clip(step, -constants.MOST_MOVE, constants.MOST_MOVE)
    change = np.clip((weight * miss).sum() / weight.sum() - step * centre, -1, 1)
    return level + change, slope + step, centre, share


def irregularities(scores: np.ndarray, usual: float, first: int, plan: Plan) -> np.ndarray:
    """Of each bin: by how much the middle of the weeks' largest scores, in the half-year before, is above the usual."""
    week = (first + np.arange(len(scores))) // plan.stride
    factors = np.ones(len(scores))
    for here in np.unique(week):
        last = here - -(-plan.gap // plan.stride)
        tops = [scores[week == w] for w in range(last - plan.trail // plan.stride, last)]
        tops = [np.nanmax(top) for top in tops if np.isfinite(top).any()]
        if tops:
            excess = max(math.log(max(np.median(tops), usual) / usual) - SLACK, 0.0)
            factors[week == here] = math.exp(excess * len(tops) / (len(tops) + SERIES_PRIOR))
    return factors


def deviance_root(observed: float, expected: float, variance: float) -> float:
    """The signed root of the deviance of the quasi-likelihood, integrated in small steps; half a count nearer."""
    near = max(abs(observed - expected) - 0.5, 0.0) * np.sign(observed - expected) + expected
    share = (variance - expected) / expected**2
    means = np.linspace(expected, near, 4001)
    value = 2 * np.trapezoid((near - means) / (means + share * means**2), means) if near != expected else 0.0
    return float(np.sign(observed - expected) * math.sqrt(value))


def scan_scores(counts, known, baseline, lengths, score) -> np.ndarray:
    """2 x bins: the largest and the smallest (turned round) ``score`` of the stretches that end at each bin."""
    result = np.full((2, len(counts)), np.nan)
    usable = known & ~np.isnan(baseline[0])
    for end in np.flatnonzero(usable):
        found = []
        for length in lengths:
            part = np.arange(end + 1 - length, end + 1)
            if part[0] < 0 or usable[part].sum() < LEAST_KNOWN * length:
                continue
            part = part[usable[part]]
            mean, dispersion = baseline[:2, part]
            expected = mean.sum()
            variance = expected + (dispersion * mean**2).sum() + baseline[2, end] * expected**2
            found.append(score(counts[part].sum(), expected, variance))
        if found:
            result[:, end] = max(0.0, *found) * baseline[3, end], -min(0.0, *found) * baseline[3, end]
    return result


def false_discovery_q(p: np.ndarray) -> list[float]:
    """For each p the smallest rate a at which the step-up rule of Benjamini and Hochberg rejects it."""

    def rate(threshold: float) -> float:
        return len(p) * threshold / sum(other <= threshold for other in p)

    return [min(1.0, *(rate(threshold) for threshold in p if threshold >= value)) for value in p]


def best_path_value(gains: np.ndarray, run: tuple[int, int] | None = None) -> float:
    """The value of the best of all paths through two states; with ``run`` of those that have just this raised run."""
    best = -math.inf
    for path in itertools.product((0, 1), repeat=len(gains)):
        if run is not None:
            begin, end = run
            inside = all(path[begin:end])
            if not inside or (begin > 0 and path[begin - 1]) or (end < len(path) and path[end]):
                continue
        changes = sum(a != b for a, b in zip((0, *path), path, strict=False))
        best = max(best, float(np.dot(path, gains)) - CHANGE_COST * changes)
    return best
