"""What the stream of short bins takes for granted: lengths, memory, rarity."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

from seawall.measures.bursts.plan import DAY

LENGTHS = (1, 3, 9, 27, 81)
"""A bin is judged by the sums of the last so many bins: a shock fills one, a swell dozens."""
LEAST_BINS = 7
"""Bins are short if a day holds so many."""
PSEUDO_COUNT = 3.0
"""Added to a sum before its logarithm is taken, so that two messages after none are no surge."""
MEMORY = 10.0
"""Days of bins after which a bin weighs half as much in a series' usual level and spread."""
PRIOR_DAYS = 10.0
"""The usual peaks of a series rest on as many days of Gaussian noise until it has shown its own."""
MOST_DAYS = 100.0
"""The peaks of earlier days fade, once there are so many."""
RARE = 10.0
"""A rise that scores one half comes once in so many days."""
DOWN = 0.25
"""A fall must be four times as rare as a rise to score as much."""
QUIET = 0.5
"""A burst is told again when no bin has reached an alert for so many days."""


class StreamPlan(NamedTuple):
    """Everything that the compiled step needs to know about short bins of one width."""

    width: int  # of a bin, microseconds
    day: float  # bins in a day
    keep: float  # what is left of a bin's weight when the next one comes
    pseudo_count: float
    prior_days: float
    most_days: float
    rare: float  # days
    down: float
    quiet: int  # bins
    prior: tuple[tuple[float, float], ...]  # mean and standard deviation of a day's peak, by length


def stream_plan(width: int) -> StreamPlan:
    """The plan for bins of this width in microseconds.

    >>> stream_plan(5 * 60 * 1_000_000).day
    288.0
    """
    day = DAY / width
    return StreamPlan(
        width=width,
        day=day,
        keep=0.5 ** (1.0 / (MEMORY * day)),
        pseudo_count=PSEUDO_COUNT,
        prior_days=PRIOR_DAYS,
        most_days=MOST_DAYS,
        rare=RARE,
        down=DOWN,
        quiet=max(round(QUIET * day), 1),
        prior=tuple(usual_peak(max(day / length, 1.0)) for length in LENGTHS),
    )


def usual_peak(size: float) -> tuple[float, float]:
    """About the mean and the standard deviation of the largest of ``size`` independent standard normal numbers.

    The mean is Blom's (Statistical Estimates and Transformed Beta-Variables, 1958); the deviation is within a tenth
    of the exact one from 1 to 1,000.

    >>> [round(value, 2) for value in usual_peak(1.0) + usual_peak(288.0)]
    [0.0, 1.0, 2.85, 0.36]
    """
    mean = NormalDist().inv_cdf((size - 0.375) / (size + 0.25))
    return mean, 1.0 / math.sqrt(1.0 + 0.8 * mean * mean)
