"""Cutting a series into pieces by trying every way, and the likeness of neighbours, both slowly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, pairwise, product
from statistics import fmean

import numpy as np

from seawall.measures.changes.noise import ALIKE_MOST, BLOCK, CALM, FLAT, LEAST_BLOCK
from seawall.measures.changes.points import EXACT


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
    standard: list[list[float]], times: list[float], begins: tuple[int, ...], forms: tuple[int, ...], alike: float
) -> float:
    """The criterion of one cut; ``standard`` is a list of d standardised series."""
    size, width = len(times), len(standard)
    left = sum(
        fitted_squares(times[low:high], values[low:high], form)
        for values in standard
        for low, high, form in zip(begins, [*begins[1:], size], forms, strict=True)
    )
    parameters = sum(2 + width * (1 + form) for form in forms)
    told = size * width * (1 - alike) / (1 + alike)
    return told * math.log(max(left / (size * width), EXACT)) + math.log(size) * parameters


def likeness(series: list[list[float]]) -> float:
    """The correlation of neighbours in the calmest half-overlapping blocks off their line, the mean of d series."""
    size = min(BLOCK, max(len(series[0]) // 3, LEAST_BLOCK))
    if len(series[0]) < size:
        return 0.0
    count = max(2 * len(series[0]) // size - 1, 1)
    found = []
    for values in series:
        blocks = []
        for begin in np.linspace(0, len(values) - size, count).round().astype(int).tolist():
            times, block = list(range(size)), values[begin : begin + size]
            line = np.polynomial.Polynomial.fit(times, block, 1)
            rest = [value - float(line(time)) for value, time in zip(block, times, strict=True)]
            jump = max(abs(late - early) for early, late in pairwise(rest))
            around, products = sum(value * value for value in rest), sum(a * b for a, b in pairwise(rest))
            blocks.append((jump, around, products))
        calm = sorted(blocks, key=lambda block: block[0])[: math.ceil(CALM * count)]
        around = sum(block[1] for block in calm)
        flat = around <= FLAT * float(np.var(values)) * size
        raw = -2 / size if flat else sum(block[2] for block in calm) / around
        found.append(min(max((raw + 2 / size) / (1 - 4 / size), 0.0), ALIKE_MOST))
    return fmean(found)
