"""Limits around a survival function, point by point."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError

Floats = npt.NDArray[np.float64]

BANDS = ("log-log", "log", "plain")


def quantile(confidence: float) -> float:
    """How many standard errors the limits lie away.

    >>> round(quantile(0.95), 4)
    1.96

    Raises:
        MeasureError: not between 0 and 1.
    """
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0.0 < confidence < 1.0:
        raise MeasureError("The confidence is not between 0 and 1.", where="parameter confidence", mend="As in: 0.95")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def bands(survival: Floats, squares: Floats, z: float, form: str) -> tuple[Floats, Floats]:
    """Low and high around each value.

    Args:
        survival: from 0 to 1.
        squares: the variance of its logarithm (Greenwood's sum).
        z: standard errors.
        form: "log-log" (Kalbfleisch and Prentice; stays within 0 and 1), "log" or "plain". Where nothing ended yet both
            limits are 1, and where everything did both are 0: nothing is known of the spread there.

    Raises:
        MeasureError: no such form.
    """
    if form not in BANDS:
        raise MeasureError("There are no such bands.", where="parameter bands", mend=f"Choose from {', '.join(BANDS)}.")
    low, high = survival.copy(), survival.copy()
    inner = (survival > 0.0) & (survival < 1.0)
    value, error = survival[inner], np.sqrt(squares[inner])
    if form == "log-log":
        depth = np.log(value)
        spread = np.clip(z * error / depth, -700.0, 0.0)
        low[inner] = np.exp(depth * np.exp(-spread))
        high[inner] = np.exp(depth * np.exp(spread))
    else:
        low[inner] = value * np.exp(-z * error) if form == "log" else value - z * error * value
        high[inner] = value * np.exp(z * error) if form == "log" else value + z * error * value
        low, high = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
    return low, high


def share_limits(events: Floats, trials: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Exact (Clopper-Pearson) limits of shares; ``trials`` need not be whole, and where there are none it is 0 to 1."""
    from scipy.special import betaincinv

    tail = (1.0 - confidence) / 2.0
    rest = np.maximum(trials - events, 0.0)
    with np.errstate(invalid="ignore"):
        low = np.where(events > 0.0, betaincinv(np.maximum(events, 1e-9), rest + 1.0, tail), 0.0)
        high = np.where(rest > 0.0, betaincinv(events + 1.0, np.maximum(rest, 1e-9), 1.0 - tail), 1.0)
    return low, high


def finite(value: float) -> float | None:
    """A number, or None where there is none."""
    return value if math.isfinite(value) else None
