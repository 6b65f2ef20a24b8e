"""By how much a window rose or fell, with an interval."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]


def factor_interval(
    observed: Floats, expected: Floats, extra: Floats, level: Floats, history: Floats, scale: Floats
) -> tuple[Floats, Floats, Floats]:
    """observed / expected and its 95 % interval, low and high.

    The Poisson interval of Garwood (1936) is widened for overdispersion (quasi-Poisson: ``extra`` is the variance
    beyond Poisson, in counts squared, if the factor were 1) and for the uncertainty of the expectation (``level``,
    its relative variance). A short ``history`` (share of a full one) and a series that is less regular than its
    baseline says (``scale`` > 1) widen it further.
    """
    factor = observed / expected
    # overdispersion multiplies counts, so its relative size stays when a series rises
    relative = (extra / expected**2 + level) * np.maximum(scale, 1.0) ** 2 / history**2
    inflation = 1.0 + np.maximum(observed, 1.0) * relative
    low = inflation * stats.gamma.ppf(0.025, np.maximum(observed / inflation, 1e-9))
    high = inflation * stats.gamma.ppf(0.975, observed / inflation + 1.0)
    return factor, np.where(observed > 0, low, 0.0) / expected, high / expected
