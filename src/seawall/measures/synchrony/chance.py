"""How likely it is that so many series begin a window together, if each one's windows fell anywhere in its time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from seawall.errors import MeasureError

Floats = npt.NDArray[np.float64]


def chance_together(windows: Sequence[int], spans: Sequence[float], *, within: float, size: int) -> float:
    """An upper bound for the chance that at least ``size`` series ever begin a window within one stretch of time.

    The null: each series has as many windows as it has, each begins anywhere in the series' own time, independently.
    A stretch can be taken to end with the last of the windows in it; so for each window the chance that enough of the
    other series began within the stretch before it (a Poisson-binomial tail), summed over all windows (Boole).

    Args:
        windows: number of windows of each series, those that are together among them.
        spans: how long each series was looked at, in any unit; a series without time has no windows.
        within: length of the stretch, in the same unit.
        size: number of series that are together, at least 2.

    Returns:
        The bound, at most 1.

    Raises:
        MeasureError: lengths differ, or a number that cannot be.

    >>> round(chance_together([1, 1, 1], [365.0] * 3, within=4, size=3), 5)
    0.00036
    """
    counts, times = np.asarray(windows, np.float64), np.asarray(spans, np.float64)
    if counts.shape != times.shape or size < 2 or within < 0 or (counts < 0).any():
        raise MeasureError("Windows and spans belong together, and a group has two series at least.", where="windows")
    told = (counts > 0) & (times > 0)
    counts, times = counts[told], times[told]
    share = np.minimum(within / times, 1.0)
    begins = 1.0 - (1.0 - share) ** counts
    others = 1.0 - _fewer(begins, size - 1)
    return float(min(1.0, np.sum(counts * others)))


def _fewer(begins: Floats, least: int) -> Floats:
    """For each series the probability that fewer than ``least`` of the others begin.

    The distribution over all series is divided by the factor of one; where that series begins more often than not the
    division is unstable, and the series itself is counted among the others, which only raises the bound.
    """
    whole = np.zeros(least)
    whole[0] = 1.0
    for chance in begins:
        whole[1:] = whole[1:] * (1.0 - chance) + whole[:-1] * chance
        whole[0] *= 1.0 - chance
    stable = begins < 0.5
    chance = np.where(stable, begins, 0.0)
    before, total = np.zeros(len(begins)), np.zeros(len(begins))
    for value in whole:
        before = (value - chance * before) / (1.0 - chance)
        total += before
    return np.clip(total, 0.0, 1.0)
