"""The chain of ``surges``, slow and plain: each step as its docstring tells it, with numpy, scipy and loops."""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy import stats

from seawall.measures.bursts import baseline as constants
from seawall.measures.bursts.edges import CHANGE_COST
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
        block = i - (first + i) % plan.stride
        rows = np.arange(max(block - plan.gap - plan.window, 0), max(block - plan.gap, 0))
        if known[rows].sum() < plan.least:
            continue
        time = rows - (rows[0] + rows[-1]) / 2
        level, slope, centre, season = _fit(counts[rows], known[rows], phase[rows], time, plan)
        ahead = i - (rows[0] + rows[-1]) / 2 - centre
        move = np.clip(slope * ahead, -constants.TREND_LIMIT, constants.TREND_LIMIT)
        result[i] = season[phase[i]] * math.exp(level + slope * centre + move)
    return result


def _fit(y: np.ndarray, known: np.ndarray, phase: np.ndarray, time: np.ndarray, plan: Plan) -> tuple:
    total, have = y[known].sum(), known.sum()
    level, season = math.log((total + constants.LEVEL_PRIOR) / have), np.ones(plan.phases)
    if total == 0:
        return level, 0.0, 0.0, season
    precision = ((plan.window / 2 + plan.gap) / constants.TREND_PRIOR) ** 2 if have >= plan.full else None
    slope, weights, dispersion, trend, rounds = 0.0, known.astype(float), 0.0, None, constants.FIRST_ROUNDS
    for _ in range(1 + constants.WEIGHINGS):
        for _ in range(rounds):
            level, slope, centre, season = _round(y, weights, phase, time, season, level, slope, dispersion, trend)
        mean = season[phase] * np.exp(level + slope * time)
        weights, dispersion = _weights(y, known, mean)
        trend, rounds = precision, constants.SECOND_ROUNDS
    return level + math.log1p(constants.LEVEL_PRIOR / total), slope, centre, season


def _round(y, weights, phase, time, season, level, slope, dispersion, precision) -> tuple:
    if len(season) > 1:
        plain = np.exp(level + slope * time)
        share = weights / (1 + dispersion * plain * season[phase])
        above = np.array([(share * y)[phase == p].sum() for p in range(len(season))])
        below = np.array([(share * plain)[phase == p].sum() for p in range(len(season))])
        season = (above + constants.SEASON_PRIOR) / (below + constants.SEASON_PRIOR)
        season = np.where(below > 0, season / season[below > 0].mean(), 1.0)
    mean = season[phase] * np.exp(level + slope * time)
    share = weights / (1 + dispersion * mean)
    info = (share * mean).sum()
    centre = (share * mean * time).sum() / info
    step = 0.0
    if precision is not None:
        score = (share * (y - mean) * (time - centre)).sum() - precision * slope
        step = score / ((share * mean * time**2).sum() - info * centre**2 + precision)
        step = np.clip(step, -1 / len(y), 1 / len(y))
    change = np.clip((share * (y - mean)).sum() / info - step * centre, -1, 1)
    return level + change, slope + step, centre, season


def _weights(y: np.ndarray, known: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, float]:
    residual = 2 * np.abs(np.sqrt(y + 0.375) - np.sqrt(mean + 0.375))
    middle = np.sort(residual[known])[known.sum() // 2]
    scale = 1.4826 * middle
    dispersion = max((scale**2 - 1) / mean[known].mean(), 0.0)
    standard = residual / np.sqrt(1 + dispersion * mean)
    age = 0.5 ** (np.arange(len(y))[::-1] / (len(y) * constants.MEMORY))
    down = np.minimum(1.0, (constants.WEIGHT_FROM / np.maximum(standard, 1e-12)) ** 4)
    return np.where(known, age * down, 0.0), dispersion


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
            mean, dispersion, season = baseline[:3, part]
            expected = mean.sum()
            variance = expected + ((dispersion + season) * mean**2).sum() + baseline[3, end] * expected**2
            found.append(score(counts[part].sum(), expected, variance))
        if found:
            result[:, end] = max(found) * baseline[4, end], -min(found) * baseline[4, end]
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
