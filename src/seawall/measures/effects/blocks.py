"""Counts of a day -> blocks of days, free of the rhythm of the week, as logarithms around a common course."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.effects.laws import Laws

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

WEEK_SHARED, WEEK_OWN = 0.1, 0.05
"""Variance, a priori, of the log factor of a weekday: that of all channels, and a channel's own around it."""
DAY_NOISE = 0.3
"""Relative variance of one day beyond chance that weekdays are averaged against."""
LEAST_FACTOR = 0.05
"""A weekday, or a common course, is at least this share of usual."""
SOFT = 1.0
"""Counts added on both sides of a logarithm, so that a zero has one."""
START = 0.25
"""Counts that an empty window is taken to have."""
UNKNOWN = 1e4
"""Variance of a block of which no day is known: it tells nothing."""


class Blocks(NamedTuple):
    """Channels x blocks, the channels acted on first as one.

    ``counts``; ``exposure``: known days, each with the factor of its weekday; ``known``: known days (1 where there is
    none); ``logs``: log of the mean as far as one block tells it, relative to ``rate``; ``chance``: variance of that
    by chance alone (Poisson), UNKNOWN where no day is known; ``rate``: a channel's mean count of a day before.
    """

    counts: Floats
    exposure: Floats
    known: Floats
    logs: Floats
    chance: Floats
    rate: Floats


def blocks_of(counts: Floats, known: Bools, weekdays: Floats, grid: Laws) -> Blocks:
    """Cut days into blocks.

    Args:
        counts, known: channels x days of both windows; the first row is what was acted on.
        weekdays: factor of each day, channels x days.
        grid: for its blocks.
    """
    inside = (grid.average > 0).T.astype(np.float64)
    total = np.where(known, counts, 0.0) @ inside
    exposure = (weekdays * known) @ inside
    before = grid.before
    rate = (total[:, before].sum(1) + START) / np.maximum(exposure[:, before].sum(1), 1e-9)
    mean = np.maximum(rate[:, None] * exposure * _course(total, exposure, rate), 1e-6)
    course = mean / np.maximum(rate[:, None] * exposure, 1e-9)
    told = exposure > 0
    logs = np.log(course, where=told, out=np.zeros_like(mean))
    logs += np.log((total + SOFT) / (mean + SOFT)) * (mean + SOFT) / mean
    days = known.astype(np.float64) @ inside
    return Blocks(
        total, exposure, np.where(told, days, 1.0), np.where(told, logs, 0.0), np.where(told, 1.0 / mean, UNKNOWN), rate
    )


def _course(total: Floats, exposure: Floats, rate: Floats) -> Floats:
    """How the controls moved together, block by block: only where logarithms are straightened (1 without controls)."""
    if len(total) < 2:
        return np.ones(total.shape[1])
    usual = rate[1:, None] * exposure[1:]
    weight = (exposure[1:] > 0) / (1.0 / np.maximum(rate[1:, None] * exposure[1:].mean(), 1e-3) + 0.2)
    ratio = (total[1:] / np.maximum(usual, 1e-9) * weight).sum(0) / np.maximum(weight.sum(0), 1e-9)
    course: Floats = np.where(weight.sum(0) > 0, np.maximum(ratio, LEAST_FACTOR), 1.0)
    return course


def weekdays_of(counts: Floats, known: Bools, first: int, learnt: int) -> Floats:
    """The factor of each day's weekday, channels x days, learnt from the first ``learnt`` days alone.

    A weekday of a channel is drawn to that of all channels, and that to 1, the more so the less is known of it.

    Args:
        counts, known: channels x days.
        first: weekday of the first day, 0 to 6.
        learnt: the days before the action.
    """
    weekday = (first + np.arange(counts.shape[1])) % 7
    days, sums = np.zeros((len(counts), 7)), np.zeros((len(counts), 7))
    for one in range(7):
        chosen = np.flatnonzero(weekday[:learnt] == one)
        days[:, one] = known[:, chosen].sum(1)
        sums[:, one] = np.where(known[:, chosen], counts[:, chosen], 0.0).sum(1)
    rate = (sums.sum(1, keepdims=True) + START) / np.maximum(days.sum(1, keepdims=True), 1.0)
    noise = (1.0 / rate + DAY_NOISE) / np.maximum(days, 1e-9)
    ratio = np.where(days > 0, sums / np.maximum(days * rate, 1e-9), 1.0)
    certain = 1.0 / noise
    joint = np.maximum((ratio * certain).sum(0) / certain.sum(0), LEAST_FACTOR)
    shared = joint ** (WEEK_SHARED / (WEEK_SHARED + 1.0 / certain.sum(0)))
    expected = shared * rate * days
    own = ((sums + shared) / (expected + shared)) ** (WEEK_OWN / (WEEK_OWN + noise))
    factor = shared * own
    factors: Floats = (factor / factor.mean(1, keepdims=True))[:, weekday]
    return factors
