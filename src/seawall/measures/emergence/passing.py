"""Day after day: which places go beyond what is usual for places of this lake that five channels took up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.emergence.watching import AGES
from seawall.measures.heavy_tail import Floats, Tail

Ints = npt.NDArray[np.int64]

MEMORY = 365
"""A place is compared with those that were judged within so many days."""
SCALE = 5.0
"""Nats: the tail of scores is believed beforehand to fall to a third within so many."""
STEP = 0.1
"""Scores are taken as known to this part of that."""


@dataclass(frozen=True)
class Found:
    """A place, on the day on which it was found."""

    number: int  # among the judged ones
    day: int  # the last one that was looked at
    p: float
    q: float


def passed(fifth: Ints, scores: Floats, days: tuple[int, int], level: float) -> Iterator[Found]:
    """The places that are found, on the first day on which they are; each day knows the days before it alone.

    A place is compared with the others when they were as many days beyond their fifth channel. The family of the day
    are the places that are judged then.

    Args:
        fifth: of each place that five channels took up the day on which the fifth did.
        scores: of each of them, and each of the ``AGES`` days from then on.
        days: the first and the one after the last that is over.
        level: q up to which a place is found.
    """
    told = np.zeros(len(fifth), np.bool_)
    for day in range(*days):
        now = np.flatnonzero((fifth <= day) & (day < fifth + AGES))
        if not len(now):
            continue
        recent = (fifth <= day) & (fifth > day - MEMORY)
        ages, p = day - fifth[now], np.ones(len(now))
        for age in np.unique(ages):
            others = scores[recent & (fifth + age <= day), age]
            of_age = np.flatnonzero(ages == age)
            p[of_age] = _chances(others, scores[now[of_age], age])
        q = benjamini_hochberg(p)
        for number in np.flatnonzero((q <= level) & ~told[now]).tolist():
            place = int(now[number])
            told[place] = True
            yield Found(place, day, float(p[number]), float(q[number]))


def _chances(others: Floats, some: Floats) -> Floats:
    """The chance of each of some scores among those of the others at the same age, by a tail that falls as a power."""
    known = np.exp(others / SCALE)
    tail = Tail.of(known, STEP * known)
    return np.array([tail.p(np.exp(np.array([score / SCALE])))[0] for score in some])
