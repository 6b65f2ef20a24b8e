"""What is noise in a series: lone outliers, and how alike neighbouring observations are without any change."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ALIKE_MOST = 0.7
"""Neighbours that are more alike than this (their correlation) are not called noise: what wanders has changed."""
KEPT = 0.75
"""This share of the differences between observations is looked at: the smallest."""
LEAST = 6
"""In fewer observations nothing is known of their likeness."""
AROUND = 2
"""An outlier is judged by so many neighbours on each side."""
RARE = 0.9
"""Outliers are rare: this share of all observations is none."""
FAR = 2.0
"""They lie this many times further from the running median than the share that is none."""


def without_outliers(values: Floats) -> Floats:
    """The values (n x d), each pulled towards the median of five around it as far as it is out of all proportion to it.

    A change that lasts three observations or more moves the running median with it, so it is left as it is.

    >>> float(without_outliers(np.array([[1.0, 2.0, 1.0, 2.0, 90.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0]]).T).max())
    4.0
    """
    if len(values) <= 2 * AROUND:
        return values
    padded = np.pad(values, ((AROUND, AROUND), (0, 0)), mode="reflect")
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1, axis=0), axis=-1)
    away = values - middle
    limit = FAR * np.quantile(np.abs(away), RARE, axis=0)
    kept: Floats = np.where(limit > 0.0, middle + np.clip(away, -limit, limit), values)
    return kept


def alikeness(values: Floats) -> float:
    """The correlation of neighbouring observations of the noise, from 0 to ``ALIKE_MOST``; the mean over dimensions.

    ``values`` is n x d. In noise in which neighbours correlate by ``r``, observations two apart differ ``1 + r`` times
    as much (in squares) as neighbours. A change of level touches few of these differences, so the largest are left out
    (after Chakar, Lebarbier, Levy-Leduc and Robin, Bernoulli 23, 2017, who take medians), and a trend shifts all of
    them alike, so their median is taken off.

    >>> round(alikeness(np.random.default_rng(1).normal(size=(1000, 1)) + np.repeat([[0.0], [9.0]], 500, axis=0)), 1)
    0.0
    """
    if len(values) < LEAST:
        return 0.0
    near, far = _spread(values[1:] - values[:-1]), _spread(values[2:] - values[:-2])
    ratio = np.divide(far, near, out=np.ones_like(far), where=near > 0.0)
    return float(np.clip(ratio - 1.0, 0.0, ALIKE_MOST).mean())


def _spread(differences: Floats) -> Floats:
    """The mean square about the median of the smaller differences, for each column."""
    squares = np.sort((differences - np.median(differences, axis=0)) ** 2, axis=0)
    kept: Floats = squares[: math.ceil(KEPT * len(squares))].mean(axis=0)
    return kept
