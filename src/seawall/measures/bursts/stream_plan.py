"""What the streaming form of surges takes for granted about bins of one width: rhythm, memory, rarity."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

from seawall.measures.bursts.plan import DAY, WEEK

LENGTHS = (1, 3, 9, 27, 81)
"""A bin is judged by the sums of the last so many bins: a shock fills one, a swell dozens."""
CYCLES = (DAY, WEEK, 13 * WEEK, 52 * WEEK)
LEAST_BINS = 7
"""Memory and rarity are counted in cycles: in the shortest of ``CYCLES`` that holds so many bins."""
PSEUDO_COUNT = 3.0
"""Added to a sum before its logarithm is taken, so that two messages after none are no surge."""
MEMORY = 10.0
"""Cycles after which a bin weighs half as much in a series' usual level and spread."""
PRIOR_CYCLES = 10.0
"""The usual peaks of a series rest on as many cycles of Gaussian noise until it has shown its own."""
RARE_DAYS = 10.0
RARE_WEEKS = 52.0
"""A rise that scores one half comes once in ten days where a day holds seven bins, otherwise once a year or less."""
QUIET = 1.0
"""So many cycles after an alert the burst is known, and not told again."""
MOST_CYCLES = 100.0
"""The peaks of earlier cycles fade, once there are so many."""
DOWN = 0.25
"""A fall must be four times as rare as a rise to score as much."""


class StreamPlan(NamedTuple):
    """Everything that the compiled step needs to know about bins of one width."""

    width: int  # of a bin, microseconds
    cycle: int  # microseconds
    cycle_bins: float  # bins in a cycle
    keep: float  # what is left of a bin's weight when the next one comes
    pseudo_count: float
    prior_cycles: float
    rare: float  # cycles
    quiet: int  # bins
    most_cycles: float
    down: float
    prior: tuple[tuple[float, float], ...]  # mean and standard deviation of a cycle's peak, by length


def stream_plan(width: int) -> StreamPlan:
    """The plan for bins of this width in microseconds.

    >>> stream_plan(5 * 60 * 1_000_000).cycle == DAY, stream_plan(DAY).cycle == WEEK
    (True, True)
    """
    cycle = next((length for length in CYCLES if length >= LEAST_BINS * width), LEAST_BINS * width)
    bins = cycle / width
    return StreamPlan(
        width=width,
        cycle=cycle,
        cycle_bins=bins,
        keep=0.5 ** (1.0 / (MEMORY * bins)),
        pseudo_count=PSEUDO_COUNT,
        prior_cycles=PRIOR_CYCLES,
        rare=RARE_DAYS if cycle == DAY else max(RARE_WEEKS * WEEK / cycle, RARE_DAYS),
        quiet=max(round(QUIET * bins), 1),
        most_cycles=MOST_CYCLES,
        down=DOWN,
        prior=tuple(usual_peak(max(bins / length, 1.0)) for length in LENGTHS),
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
