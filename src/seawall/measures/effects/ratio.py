"""A count held against what was expected: the ratio and its interval, with chance in both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seawall.measures.effects.expected import Expected

Floats = npt.NDArray[np.float64]

GROUPS = 24
"""Laws are joined into so many of like scale, by their means and variances."""
STEPS = 48
"""The law of the count is cut into so many equal parts."""
FAR = 40.0
"""The logarithm of a ratio is looked for so far from where it seems to be."""
HALF = 0.5
"""What a count is taken to lie beyond itself (Jeffreys' prior), so that none at all still has an upper limit."""


def ratio_interval(count: float, told: Expected, confidence: float) -> tuple[float, float, float]:
    """Ratio of a count to its expectation: median, low and high; see ``ratio_at``.

    Args:
        count: what was counted after.
        told: what was to be expected.
        confidence: of the interval, 0 to 1.
    """
    median, low, high = ratio_at(count, told, (0.5, (1 - confidence) / 2, (1 + confidence) / 2))
    return median, low, high


def ratio_at(count: float, told: Expected, chances: Sequence[float]) -> list[float]:
    """The ratios below which the true one lies with these chances.

    The true mean of a Poisson count has a gamma law given the count; the expectation is a mixture of Student laws of
    logarithms. The ratio is the quotient of the two.
    """
    from scipy.optimize import brentq  # here, because they take a while at every start
    from scipy.special import gammaincinv, stdtr

    share, log, scale = _joined(told)
    parts = (np.arange(STEPS) + 0.5) / STEPS
    mean = np.log(np.maximum(gammaincinv(count + HALF, parts), 1e-300))
    middle = mean.mean() - float(share @ log)

    def beyond(value: float, chance: float) -> float:
        reached = stdtr(told.freedom, (log[:, None] - mean + value) / scale[:, None])
        return float((share[:, None] * reached).sum() / STEPS) - chance

    return [
        float(np.exp(brentq(beyond, middle - FAR, middle + FAR, args=(chance,), xtol=1e-9, rtol=1e-12)))
        for chance in chances
    ]


def _joined(told: Expected) -> tuple[Floats, Floats, Floats]:
    """Weight, location and scale of groups of laws."""
    order = np.argsort(told.scale, kind="stable")
    weight, log, scale = told.weight[order], told.log[order], told.scale[order]
    group = np.minimum(((np.cumsum(weight) - 0.5 * weight) * GROUPS).astype(np.int64), GROUPS - 1)
    inside = (group == np.arange(GROUPS)[:, None]).astype(np.float64)
    share: Floats = inside @ weight
    used = share > 0
    mean: Floats = (inside @ (weight * log))[used] / share[used]
    square: Floats = (inside @ (weight * (scale**2 + log**2)))[used] / share[used]
    return share[used], mean, np.sqrt(np.maximum(square - mean**2, 1e-12))
