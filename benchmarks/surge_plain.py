"""What a plain negative-binomial regression expects: the baseline that peers of Seawall's are given.

Weekday and trend on the 91 days that end 14 days before the week under test, by iteratively reweighted least squares,
dispersion by moments. Nothing is weighted down, and nothing is shrunk but a little.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.surge_world import World
from seawall.measures.compiled import compiled

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
WINDOW, GAP, LEAST = 91, 14, 28
POISSON_STEPS, STEPS = 5, 3
RIDGE = 0.01
"""Precision that keeps an estimate finite where a weekday was never seen or always empty."""
LEAST_DISPERSION = 0.002
WEEKDAYS = 7


@compiled
def fit(counts: Floats, known: Bools, begin: int, end: int) -> tuple[Floats, float]:
    """The coefficients (weekdays, trend per window) and the dispersion of the days [begin, end)."""
    size = WEEKDAYS + 1
    total, have = 0.5, 0.0
    for day in range(begin, end):
        if known[day]:
            total += counts[day]
            have += 1.0
    found = np.full(size, np.log(total / have))
    found[WEEKDAYS] = 0.0
    prior = found.copy()
    dispersion = 0.0
    for step in range(POISSON_STEPS + STEPS):
        if step >= POISSON_STEPS:
            dispersion = moments(counts, known, begin, end, found)
        information, score = np.zeros((size, size)), -RIDGE * (found - prior)
        for day in range(begin, end):
            if known[day]:
                weekday, time = day % WEEKDAYS, (day - end) / WINDOW
                mean = np.exp(min(found[weekday] + found[WEEKDAYS] * time, 20.0))
                share = 1.0 / (1.0 + dispersion * mean)
                score[weekday] += share * (counts[day] - mean)
                score[WEEKDAYS] += share * (counts[day] - mean) * time
                information[weekday, weekday] += share * mean
                information[weekday, WEEKDAYS] += share * mean * time
                information[WEEKDAYS, WEEKDAYS] += share * mean * time * time
        information[WEEKDAYS, :WEEKDAYS] = information[:WEEKDAYS, WEEKDAYS]
        for k in range(size):
            information[k, k] += RIDGE
        found += np.clip(np.linalg.solve(information, score), -1.0, 1.0)
    return found, moments(counts, known, begin, end, found)


@compiled
def moments(counts: Floats, known: Bools, begin: int, end: int, found: Floats) -> float:
    """The dispersion by the method of moments."""
    excess, squares, have = 0.0, 0.0, 0.0
    for day in range(begin, end):
        if known[day]:
            mean = np.exp(min(found[day % WEEKDAYS] + found[WEEKDAYS] * (day - end) / WINDOW, 20.0))
            excess += (counts[day] - mean) ** 2 - mean
            squares += mean * mean
            have += 1.0
    return max(excess / squares * have / max(have - WEEKDAYS - 1.0, 1.0), LEAST_DISPERSION)


@compiled
def expected(counts: Floats, known: Bools, stride: int) -> Floats:
    """Mean and dispersion (2 x days) that the days before each day lead to expect; NaN = too little history."""
    found = np.full((2, counts.shape[0]), np.nan)
    for block in range(GAP + LEAST, counts.shape[0], stride):
        end = block - GAP
        begin = max(end - WINDOW, 0)
        if known[begin:end].sum() >= LEAST:
            fitted, dispersion = fit(counts, known, begin, end)
            for day in range(block, min(block + stride, counts.shape[0])):
                found[0, day] = np.exp(min(fitted[day % WEEKDAYS] + fitted[WEEKDAYS] * (day - end) / WINDOW, 20.0))
                found[1, day] = dispersion
    return found


def plain(world: World, stride: int = 7) -> tuple[Floats, Floats]:
    """Expected mean and dispersion of every day of a world, series x days; one fit serves ``stride`` days."""
    both = np.stack([expected(c, k, stride) for c, k in zip(world.counts.astype(np.float64), world.known, strict=True)])
    return both[:, 0], both[:, 1]
