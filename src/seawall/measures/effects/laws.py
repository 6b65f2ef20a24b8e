"""The laws that counts may follow from one stretch of days to the next: a grid, because nobody knows which one holds.

The logarithm of a channel's mean, less what all channels share, is a level, a drift (a straight line), a part that is
alike from day to day (a process of the first order) and noise of single days. A law is one choice of how large each
is. Nothing is chosen: every law is weighed by how well it tells the controls, the days before and the time before that.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BLOCKS = 6
"""A window is cut into so many blocks: what moves its mean is slow, and zeros are rarer in a block than in a day."""
CLUMPED = (0.01, 0.05, 0.15, 0.4, 1.2)
"""Relative variance of a single day beyond chance."""
WANDER = ((0.0, 2.0), (0.01, 1.0), (0.03, 1.0), (0.1, 0.7), (0.3, 0.3), (1.0, 0.1))
"""Variance of the part that is alike from day to day, and the weight a priori."""
ALIKE = (0.4, 0.7, 0.9, 0.97)
"""Its correlation from one day to the next."""
DRIFT = ((0.02, 4.0), (0.1, 2.5), (0.25, 1.0), (0.6, 0.2))
"""Standard deviation of the drift in a window, and the weight a priori."""
LEVEL = 25.0
"""Variance of the level: nothing is known of it."""


@dataclass(frozen=True)
class Laws:
    """All laws for one window.

    ``days``: of the window, each side. ``average``: blocks x days, the mean of each block. ``moving``: laws x blocks x
    blocks, covariance of level, drift and wander. ``level``: the part of it that is the level. ``single``: variance of
    a single day. ``prior``: log weight.
    """

    days: int
    average: Floats
    moving: Floats
    single: Floats
    prior: Floats

    @property
    def before(self) -> slice:
        """The blocks before the action."""
        return slice(0, len(self.average) // 2)

    @property
    def after(self) -> slice:
        """The blocks after it."""
        return slice(len(self.average) // 2, len(self.average))


def laws(days: int) -> Laws:
    """The grid for a window of so many days on each side.

    >>> grid = laws(30)
    >>> grid.average.shape, grid.moving.shape
    ((12, 60), (420, 12, 12))
    """
    sides = np.array_split(np.arange(days), BLOCKS), np.array_split(np.arange(days, 2 * days), BLOCKS)
    average = np.zeros((2 * BLOCKS, 2 * days))
    for number, block in enumerate([*sides[0], *sides[1]]):
        average[number, block] = 1.0 / len(block)
    line = average @ ((np.arange(2 * days) + 0.5 - days) / days)
    apart = np.abs(np.subtract.outer(np.arange(2 * days), np.arange(2 * days)))
    alike = {one: average @ one**apart @ average.T for one in ALIKE}
    moving, single, prior = [], [], []
    for clumped, (wander, fit), (drift, weight) in product(CLUMPED, WANDER, DRIFT):
        for one in ALIKE if wander > 0 else ALIKE[:1]:
            moving.append(LEVEL + drift**2 * np.outer(line, line) + wander * alike[one])
            single.append(clumped)
            prior.append(np.log(weight * fit * (1.0 if wander > 0 else len(ALIKE))))
    return Laws(days, average, np.array(moving), np.array(single), np.array(prior))
