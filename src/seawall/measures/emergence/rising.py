"""How unlikely a place's uptake is if it had always been taken up as often: its sharpest rise, adoption by adoption."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.measures.emergence.clock import Clock

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LARGEST = 690.0
"""Of the logarithm of 1 / p."""


class Rise(NamedTuple):
    """A place's sharpest rise so far, after one more adoption."""

    day: int  # of the adoption, counted from 1970
    log: float  # ln(1 / p)
    observed: int  # adoptions within the rise
    expected: float  # how many of all would have fallen into it if they had come evenly


def rises(days: Ints, clock: Clock) -> list[Rise]:
    """For each adoption of one place (the days ascending) the sharpest rise until then.

    If a place had always been there and been taken up at one rate, then given the latest of n adoptions the n - 1
    others lie anywhere in the past alike: those after the i-th fall into its latest part by a binomial distribution.

    Args:
        days: of the adoptions, counted from 1970.
        clock: in which time is counted.
    """
    from scipy.stats import binom

    size = len(days)
    last, begin = np.tril_indices(size)
    part = np.minimum(clock.share(days[begin], days[last]), 1.0)
    logs = np.where(last == begin, 0.0, -binom.logsf(last - begin - 1, last, part))
    told: list[Rise] = []
    for count in range(size):
        row = slice(count * (count + 1) // 2, (count + 1) * (count + 2) // 2)
        best = int(np.argmax(logs[row]))
        log = min(float(logs[row][best]), LARGEST)
        if told and told[-1].log >= log:
            told.append(told[-1]._replace(day=int(days[count])))
        else:
            told.append(Rise(int(days[count]), log, count + 1 - best, (count + 1) * float(part[row][best])))
    return told
