"""Cutting a series into pieces by trying every way, and the likeness of neighbours, both slowly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, pairwise, product
from statistics import fmean, median

import numpy as np

from seawall.measures.levels.noise import ALIKE_MOST, JUMP, NORMAL
from seawall.measures.levels.noise import LEAST as FEW
from seawall.measures.levels.points import EXACT


def fitted_squares(times: list[float], values: list[float], form: int) -> float:
    """What a level (0) or a line (1), fitted by least squares, leaves over."""
    line = np.polynomial.Polynomial.fit(times, values, form)
    return float(((np.array(values) - line(np.array(times))) ** 2).sum())


def every_cut(size: int, least: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """All ways to cut ``size`` observations into pieces of at least ``least``, with all forms: begins and forms."""
    for count in range(size):
        for changes in combinations(range(1, size), count):
            bounds = [0, *changes, size]
            if all(high - low >= least for low, high in pairwise(bounds)):
                for forms in product((0, 1), repeat=count + 1):
                    yield (0, *changes), forms


def criterion(
    standard: list[list[float]], times: list[float], begins: tuple[int, ...], forms: tuple[int, ...], share: float
) -> float:
    """The criterion of one cut; ``standard`` is a list of d standardised series, ``share`` what of them tells."""
    size, width = len(times), len(standard)
    left = sum(
        fitted_squares(times[low:high], values[low:high], form)
        for values in standard
        for low, high, form in zip(begins, [*begins[1:], size], forms, strict=True)
    )
    parameters = sum(2 + width * (1 + form) for form in forms)
    told = size * width * share
    return told * math.log(max(left / (size * width), EXACT)) + math.log(size) * parameters


def likeness(series: list[list[float]]) -> float:
    """The correlation of neighbours from that of the steps that are no jumps, the mean of d series."""
    found = []
    for values in series:
        raw = [late - early for early, late in pairwise(values) if late != early]
        if len(raw) < FEW:
            found.append(0.0)
            continue
        steps = [step - median(raw) for step in raw]
        limit = JUMP * NORMAL * median(abs(step) for step in steps)
        pairs = [(a, b) for a, b in pairwise(steps) if abs(a) <= limit and abs(b) <= limit]
        squares = sum(a * a + b * b for a, b in pairs) / 2
        alike = 1 + 2 * sum(a * b for a, b in pairs) / squares if squares > 0 else 0.0
        found.append(min(max(alike, 0.0), ALIKE_MOST))
    return fmean(found)


def standing_share(series: list[list[float]]) -> float:
    """How often neighbours are equal beyond how often any two observations are, the mean of d series."""
    found = []
    for values in series:
        equal = sum(a == b for a, b in pairwise(values)) / (len(values) - 1)
        chance = fmean(a == b for a in values for b in values)
        found.append(max((equal - chance) / (1 - chance), 0.0) if chance < 1 else 0.0)
    return fmean(found)
