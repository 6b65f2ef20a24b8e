"""By how much a window rose or fell, with an interval."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

OUTSIDE = 0.025
"""Probability beyond each end of the interval."""


def factor_interval(
    observed: Floats, expected: Floats, extra: Floats, level: Floats, history: Floats, scale: Floats
) -> tuple[Floats, Floats, Floats]:
    """observed / expected and its 95 % interval, low and high; all arrays one entry a window.

    Two errors are joined on the log scale, each end by itself (Zou and Donner, Statistics in Medicine 27, 2008):
    that of counting, by the exact Poisson interval (Garwood, 1936), and a log-normal one of everything that
    multiplies: overdispersion (``extra`` is the variance beyond Poisson of the window, counts squared), the
    uncertainty of the expectation (``level``, its relative variance), a short ``history`` (share of a full one),
    and a series that is less regular than its baseline says (``scale`` > 1).

    Where nothing was expected there is no factor: its ends are no numbers, and no window is told by them.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return _interval(observed, expected, extra, level, history, scale)


def _interval(
    observed: Floats, expected: Floats, extra: Floats, level: Floats, history: Floats, scale: Floats
) -> tuple[Floats, Floats, Floats]:
    relative = (extra / expected**2 + level) * np.maximum(scale, 1.0) ** 2 / history**2
    wide = -special.ndtri(OUTSIDE) * np.sqrt(np.log1p(relative))
    count = np.maximum(observed, 1.0)
    below = np.hypot(np.log(count / special.gammaincinv(count, OUTSIDE)), wide)
    above = np.hypot(np.log(special.gammainccinv(observed + 1.0, OUTSIDE) / count), wide)
    low = np.where(observed > 0, observed * np.exp(-below), 0.0)
    return observed / expected, low / expected, count * np.exp(above) / expected
