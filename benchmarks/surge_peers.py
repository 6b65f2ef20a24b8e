"""The methods that Seawall is compared with, each as an online score: of a day, from data up to that day.

Every one may use the coverage: a day that was not collected is left out and has no score. What a method leaves to its
user was tried on development seeds where it was tried at all (see docs/adr/0010-surges.md); the judge then gives each
its own best threshold on the worlds that are evaluated, which flatters them all alike.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import stats

from benchmarks.surge_oracle import FACTORS, best_ratios
from benchmarks.surge_plain import plain
from benchmarks.surge_world import World
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
SCAN_LENGTHS = np.arange(3, 11)
CUSUM_FACTORS = (2.0, 4.0)
GAUSSIAN_DAYS = 91
KLEINBERG_FACTOR, KLEINBERG_COST, KLEINBERG_DAYS = 3.0, 20.0, 91
EARS_FLOOR = 0.5
"""Least standard deviation, messages: EARS divides by that of seven days."""


def each_series(world: World, score: Callable[[Floats, Bools], Floats]) -> Floats:
    """One method applied to every series; days that are not known get no score."""
    counts = world.counts.astype(np.float64)
    scores = np.stack([score(row, known) for row, known in zip(counts, world.known, strict=True)])
    return np.where(world.known, scores, np.nan)


def nb_scan(world: World) -> Floats:
    """The scan of 3 to 10 days over the plain regression."""
    mean, dispersion = plain(world)
    counts, usable = world.counts.astype(np.float64), world.known & ~np.isnan(mean)
    rows = zip(counts, np.nan_to_num(mean, nan=1.0), usable, 1 / np.nan_to_num(dispersion, nan=1.0), strict=True)
    return np.stack([best_ratios(c, m, k, size, SCAN_LENGTHS, FACTORS) for c, m, k, size in rows])


def nb_day(world: World) -> Floats:
    """A single day against the plain regression: minus the logarithm of the upper tail."""
    mean, dispersion = plain(world)
    size = 1 / dispersion
    tail = stats.nbinom.logsf(world.counts - 1, size, size / (size + mean))
    return np.where(world.known, -tail, np.nan)


@compiled
def cusum(counts: Floats, known: Bools, mean: Floats, size: Floats, factor: float) -> Floats:
    """The cumulative sum of log-likelihood ratios of one factor, never below zero."""
    found = np.full(counts.shape[0], np.nan)
    total = 0.0
    for day in range(counts.shape[0]):
        if known[day]:
            gain = counts[day] * np.log(factor) - (counts[day] + size[day]) * np.log(
                (size[day] + factor * mean[day]) / (size[day] + mean[day])
            )
            total = max(total + gain, 0.0)
            found[day] = total
    return found


def nb_cusum(world: World, factor: float = CUSUM_FACTORS[0]) -> Floats:
    """CUSUM for a factor, over the plain regression."""
    mean, dispersion = plain(world)
    counts, usable = world.counts.astype(np.float64), world.known & ~np.isnan(mean)
    rows = zip(counts, usable, mean, 1 / dispersion, strict=True)
    return np.stack([cusum(c, k, m, size, factor) for c, k, m, size in rows])


def nb_cusum_steep(world: World) -> Floats:
    """CUSUM for the larger factor: slower, and surer."""
    return nb_cusum(world, CUSUM_FACTORS[1])


@compiled
def z_of_days(counts: Floats, known: Bools, length: int, gap: int, floor: float) -> Floats:
    """How many standard deviations a day lies above the mean of ``length`` known days that end ``gap`` days before."""
    found = np.full(counts.shape[0], np.nan)
    for day in range(length + gap, counts.shape[0]):
        total, squares, have = 0.0, 0.0, 0
        for past in range(day - gap - length, day - gap):
            if known[past]:
                total += counts[past]
                squares += counts[past] ** 2
                have += 1
        if have >= 3:
            mean = total / have
            spread = np.sqrt(max((squares - have * mean * mean) / (have - 1), 0.0))
            found[day] = (counts[day] - mean) / max(spread, floor)
    return found


def gaussian(world: World) -> Floats:
    """Windowed Gaussian: standard deviations above the mean of the last weeks."""
    return each_series(world, lambda counts, known: z_of_days(counts, known, GAUSSIAN_DAYS, 0, EARS_FLOOR))


def ears_c1(world: World) -> Floats:
    """EARS C1: seven days, no gap."""
    return each_series(world, lambda counts, known: z_of_days(counts, known, 7, 0, EARS_FLOOR))


def ears_c2(world: World) -> Floats:
    """EARS C2: seven days, two days of gap."""
    return each_series(world, lambda counts, known: z_of_days(counts, known, 7, 2, EARS_FLOOR))


def ears_c3(world: World) -> Floats:
    """EARS C3: what C2 exceeded 1 by, summed over three days."""
    excess = np.maximum(np.nan_to_num(ears_c2(world)) - 1, 0)
    summed = excess.copy()
    for back in (1, 2):
        summed[:, back:] += excess[:, :-back]
    return np.where(world.known, summed, np.nan)


@compiled
def kleinberg_odds(counts: Floats, known: Bools, days: int, factor: float, cost: float) -> Floats:
    """How much cheaper the best path is that ends in the raised state: two Poisson states, trailing mean."""
    found = np.full(counts.shape[0], np.nan)
    ordinary, raised, total, have = 0.0, -cost, 0.0, 0
    for day in range(counts.shape[0]):
        if known[day] and have >= 28:
            mean = (total + 0.5) / have
            ordinary, raised = max(ordinary, raised - cost), max(raised, ordinary - cost)
            raised += counts[day] * np.log(factor) - (factor - 1.0) * mean
            found[day] = raised - ordinary
        if known[day]:
            total += counts[day]
            have += 1
        if day >= days and known[day - days]:
            total -= counts[day - days]
            have -= 1
    return found


def kleinberg(world: World) -> Floats:
    """Kleinberg's two states, online."""
    return each_series(
        world, lambda counts, known: kleinberg_odds(counts, known, KLEINBERG_DAYS, KLEINBERG_FACTOR, KLEINBERG_COST)
    )
