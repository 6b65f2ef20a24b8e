"""Where one series changed: the cheapest way to tell it in pieces, each of them level or straight.

What is minimised over all ways to cut the series into pieces, each a level or a line, is ``told * log(left over) +
log(n) * parameters``, the criterion of Schwarz (Annals of Statistics 6, 1978) for normal noise of unknown spread, with
the price of a change's place by Zhang and Siegmund (Biometrics 63, 2007). Neighbouring observations are alike, so n of
them tell only as much as ``told = n * (1 - alike) / (1 + alike)`` that are not (Bayley and Hammersley, 1946); and one
that stands as the last one did tells nothing.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError
from seawall.measures.levels.noise import alikeness, standing, without_outliers
from seawall.measures.levels.segments import best_cuts, left_over, running_sums, trace

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST = 3
LEAST_SHARE = 0.015
"""A piece holds at least three observations, and this share of them all."""
STANDING_PIECES = 6
"""Where observations stand as the last one did, a piece holds three fresh ones, or this part of the series."""
PLACE = 2
"""What the place of a change costs, in parameters."""
MOST_PIECES = 30
EDGES = 1000
"""In a longer series changes are first sought at so many places."""
FINER = 10
"""Then around those found, at places so many times closer to each other, until every observation there was tried."""
EXACT = 1e-10
"""What is left over below this share of all variation is rounding."""


class Pieces(NamedTuple):
    """A series cut into pieces.

    ``begins``: index of the first observation of each (the first is 0). ``forms``: 0 = level, 1 = line.
    ``evidence``: for each but the first, by how much (in nats) the cut beats the one without its beginning.
    """

    begins: Ints
    forms: Ints
    evidence: Floats


def cut(values: Floats, times: Floats) -> Pieces:
    """The pieces of a series without holes: ``values`` n x d, cleared of outliers, at the rising ``times`` (n)."""
    size, width = len(values), values.shape[1]
    if size < 2 * LEAST or width == 0:
        return Pieces(np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(0))
    fresh = max(1.0 - standing(values), 1.0 / size)
    least = max(LEAST, math.ceil(LEAST_SHARE * size), min(math.ceil(LEAST / fresh), size // STANDING_PIECES))
    scaled = values / np.abs(values).max(axis=0)
    standard = (scaled - scaled.mean(axis=0)) / scaled.std(axis=0)
    middle, half = 0.5 * (times[0] + times[-1]), 0.5 * (times[-1] - times[0])
    sums = running_sums(standard, (times - middle) / half)
    edges = np.unique(np.linspace(0, size, min(size, EDGES) + 1).round().astype(np.int64))
    prices = np.array([width + PLACE, 2 * width + PLACE])
    alike = alikeness(standard)
    told = size * width * fresh * (1.0 - alike) / (1.0 + alike)
    begins, forms = _cheapest(sums, edges, least, prices, told)
    apart = -(-size // EDGES)
    while apart > 1:
        begins, forms = _cheapest(sums, _around(begins, size, apart), least, prices, told)
        apart = -(-apart // FINER) if apart > FINER else 1
    return Pieces(begins, forms, _evidence(sums, begins, forms, prices, told))


def _cheapest(sums: Floats, edges: Ints, least: int, prices: Ints, told: float) -> tuple[Ints, Ints]:
    """Begins and forms of the pieces with the least criterion, of those that begin and end at ``edges``."""
    size, width = sums.shape[1] - 1, (sums.shape[0] - 3) // 2
    most = int(prices[1]) * min(MOST_PIECES, size // least)
    best, came = best_cuts(sums, edges, least, prices, most)
    remains = np.maximum(best[-1] / (size * width), EXACT)
    spent = int(np.argmin(told * np.log(remains) + math.log(size) * np.arange(most + 1)))
    return trace(came, edges, prices, spent)


def _around(begins: Ints, size: int, apart: int) -> Ints:
    """The two ends, and places around each change: as far as the next place tried so far, so many times closer."""
    near = begins[1:, np.newaxis] + -(-apart // FINER) * np.arange(-FINER, FINER + 1)
    inside = near[(near > 0) & (near < size)]
    found: Ints = np.unique(np.concatenate([[0], inside, [size]]))
    return found


def _evidence(sums: Floats, begins: Ints, forms: Ints, prices: Ints, told: float) -> Floats:
    """What leaving out each change would cost, its two pieces joined into the better one of level and line."""
    size = sums.shape[1] - 1
    ends = [*begins[1:].tolist(), size]
    apart = np.array([left_over(sums, begin, end)[form] for begin, end, form in zip(begins, ends, forms, strict=True)])
    floor = EXACT * size * ((sums.shape[0] - 3) // 2)
    all_left = max(apart.sum(), floor)
    found = np.empty(len(begins) - 1)
    for i in range(1, len(begins)):
        joined = np.array(left_over(sums, begins[i - 1], ends[i]))
        left = np.maximum(apart.sum() - apart[i - 1] - apart[i] + joined, floor)
        saved = prices[forms[i - 1]] + prices[forms[i]] - prices
        found[i - 1] = 0.5 * (told * np.log(left / all_left) - math.log(size) * saved).min()
    return found


def varying(values: Floats) -> Floats:
    """The columns (of n x d) that are not constant, cleared of outliers."""
    if len(values) == 0:
        return values[:, :0]
    cleared = without_outliers(values)
    return cleared[:, np.ptp(cleared, axis=0) > EXACT * np.abs(cleared).max(axis=0)]


def change_points(values: Any) -> Ints:
    """The places at which the level or the trend of a series changed.

    Args:
        values: numbers in the order of time, evenly spaced: n, or n x d for several series that change together.
            NaN is a missing observation; one that is missing in any of d is missing.

    Returns:
        The index (int64, from 0, rising) of the first known observation of each new piece; empty where nothing changed,
        and where there are too few known observations (fewer than six) or all are equal.

    Raises:
        MeasureError: these are not numbers, not in one or two dimensions, or one is infinite.

    The series is told in pieces that are level or straight; a change is where that saves more than it costs (see
    ``seawall.measures.levels.points`` for method and sources). A piece holds at least three observations and 1.5 % of
    all; there are at most 30. A lone outlier is pulled in first. Nothing is random and nothing needs to
    be set. A wave that is slow against its noise is told in pieces as well, and so is a random walk.

    >>> usual, fallen = [88, 92, 90, 85, 95, 91, 89, 93, 90, 87], [6, 5, 7, 6, 8, 5]
    >>> change_points(usual + fallen + usual).tolist()
    [10, 16]
    """
    try:
        data = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise MeasureError("These are not numbers.", where="values", mend="Pass an array of numbers.") from error
    if data.ndim == 1:
        data = data[:, np.newaxis]
    if data.ndim != 2:
        raise MeasureError(
            "This is not one series.", where="values", mend="Pass one dimension, or two: observations x series."
        )
    if np.isinf(data).any():
        row = int(np.flatnonzero(np.isinf(data).any(axis=1))[0])
        raise MeasureError(
            "A value is infinite.", where=f"values, index {row}", mend="Leave it out, or put NaN for a missing one."
        )
    known = np.flatnonzero(~np.isnan(data).any(axis=1))
    pieces = cut(varying(data[known]), known.astype(np.float64))
    found: Ints = known[pieces.begins[1:]]
    return found
