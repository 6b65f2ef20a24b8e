"""What is noise in a series: lone outliers, and how alike neighbouring observations are without any change."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ALIKE_MOST = 0.7
"""Neighbours that are more alike than this (their correlation) are not called noise: what wanders has changed."""
BLOCK = 16
"""Observations in a block; a third of the series, if that is less."""
LEAST_BLOCK = 6
CALM = 0.75
"""This share of the blocks is looked at: those with the smallest jumps."""
FLAT = 1e-10
"""Blocks that vary by less of the whole are flat: nothing in them is alike."""
AROUND = 2
"""An outlier is judged by so many neighbours on each side."""
RARE = 0.9
"""Outliers are rare: this share of all observations is none."""
FAR = 2.0
"""They lie this many times further from the running median than the share that is none."""


def without_outliers(values: Floats) -> Floats:
    """The values (n x d), each pulled towards the median of five around it as far as it is out of all proportion to it.

    A change that lasts three observations or more moves the running median with it, so it is left as it is.

    >>> without_outliers(np.array([[1.0, 2.0, 1.0, 2.0, 90.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0]]).T).max() < 10
    True
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

    ``values`` is n x d. From half-overlapping blocks with a line taken off each; of them the calmest, because a change
    makes a jump in the blocks that it lies in. What the line takes away with it is given back (after Kendall,
    Biometrika 41, 1954, with a term for the slope).

    >>> round(alikeness(np.sin(np.arange(60.0))[:, np.newaxis]), 2)
    0.67
    """
    size = min(BLOCK, max(len(values) // 3, LEAST_BLOCK))
    if len(values) < size:
        return 0.0
    begins = np.linspace(0, len(values) - size, max(2 * len(values) // size - 1, 1)).round().astype(np.int64)
    blocks = np.lib.stride_tricks.sliding_window_view(values, size, axis=0)[begins]
    blocks = blocks - blocks.mean(axis=2, keepdims=True)
    time = np.arange(size) - 0.5 * (size - 1)
    blocks = blocks - (blocks @ time / (time @ time))[:, :, np.newaxis] * time
    around = (blocks**2).sum(axis=2)
    products = (blocks[:, :, 1:] * blocks[:, :, :-1]).sum(axis=2)
    jumps = np.abs(np.diff(blocks, axis=2)).max(axis=2)
    calm = np.argsort(jumps, axis=0, kind="stable")[: math.ceil(CALM * len(begins))]
    around = np.take_along_axis(around, calm, axis=0).sum(axis=0)
    products = np.take_along_axis(products, calm, axis=0).sum(axis=0)
    flat = around <= FLAT * values.var(axis=0) * size
    raw = np.divide(products, around, out=np.full_like(around, -2.0 / size), where=~flat)
    return float(np.clip((raw + 2.0 / size) / (1.0 - 4.0 / size), 0.0, ALIKE_MOST).mean())
