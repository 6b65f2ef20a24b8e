"""What is noise in a series: lone outliers, and how alike neighbouring observations are without any change."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ALIKE_MOST = 0.7
"""Neighbours that are more alike than this (their correlation) are not called noise: what wanders has changed."""
JUMP = 3.0
"""Steps from observation to observation that are larger than so many robust deviations are no noise."""
NORMAL = 1.4826
"""The standard deviation of a normal distribution in units of its median absolute deviation."""
LEAST = 5
"""From fewer steps nothing is known of the likeness of observations."""
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


def standing(values: Floats) -> float:
    """The share of observations that merely stand as the last one did, as where a weekly figure is told every day.

    It is how often two neighbours are equal, beyond how often any two are (as in Cohen's kappa), from 0 to 1; of
    ``values`` (n x d) the mean over the columns.

    >>> round(standing(np.repeat(np.arange(100.0), 4)[:, np.newaxis]), 2)
    0.75
    """
    found = []
    for column in values.T:
        counts = np.unique(column, return_counts=True)[1]
        chance = float(((counts / len(column)) ** 2).sum())
        equal = float(np.mean(column[1:] == column[:-1])) if len(column) > 1 else 0.0
        found.append(max((equal - chance) / (1.0 - chance), 0.0) if chance < 1.0 else 0.0)
    return float(np.mean(found))


def alikeness(values: Floats) -> float:
    """The correlation of neighbouring observations of the noise, from 0 to ``ALIKE_MOST``; the mean over dimensions.

    ``values`` is n x d; values that stand as the last one did are left out. Where neighbours correlate by ``r`` and
    nothing changes, one step from observation to observation correlates with the next by ``-(1 - r) / 2``. A change of
    level is a single step, so steps that are out of proportion are not looked at (in the spirit of Chakar, Lebarbier,
    Levy-Leduc and Robin, Bernoulli 23, 2017, who compare medians of differences); a trend shifts all steps alike, so
    their median is taken off.

    >>> round(alikeness(np.random.default_rng(1).normal(size=(1000, 1)) + np.repeat([[0.0], [9.0]], 500, axis=0)), 1)
    0.0
    """
    return float(np.mean([_alike(np.diff(column)) for column in values.T]))


def _alike(steps: Floats) -> float:
    steps = steps[steps != 0.0]
    if len(steps) < LEAST:
        return 0.0
    steps = steps - np.median(steps)
    usual = np.abs(steps) <= JUMP * NORMAL * np.median(np.abs(steps))
    both = usual[1:] & usual[:-1]
    squares = 0.5 * float((steps[1:][both] ** 2 + steps[:-1][both] ** 2).sum())
    if squares <= 0.0:
        return 0.0
    return min(max(1.0 + 2.0 * float(steps[1:][both] @ steps[:-1][both]) / squares, 0.0), ALIKE_MOST)
