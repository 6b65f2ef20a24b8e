"""Day after day: which places go beyond what is usual for places of this lake that five channels took up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seawall.measures.discovery import benjamini_hochberg
from seawall.measures.emergence.candidates import Candidate, remains
from seawall.measures.emergence.reading import Links
from seawall.measures.emergence.uptake import Uptake
from seawall.measures.heavy_tail import Floats, Tail

Ints = npt.NDArray[np.int64]

AGES = 21
"""So many days after its fifth channel a place is judged."""
MEMORY = 365
"""A place is compared with those that were judged within so many days."""
SCALE = 5.0
"""Nats: the tail of scores is believed beforehand to fall to a third within so many."""
STEP = 0.1
"""Scores are taken as known to this part of that."""


@dataclass(frozen=True)
class Found:
    """A place, on the day on which it was found."""

    candidate: Candidate
    day: int  # the last one that was looked at
    p: float
    q: float


def passed(
    links: Links, taken: Uptake, judged: Sequence[Candidate], usual: Floats, days: tuple[int, int], level: float
) -> Iterator[Found]:
    """The places that are found, on the first day on which they are; each day knows the days before it alone.

    A place is compared with the others when they were as many days beyond their fifth channel. The family of the day
    are the places that are judged then.

    Args:
        links: all of them.
        taken: of the same links.
        judged: places that five channels took up.
        usual: for each day how often channels return to new places.
        days: the first and the one after the last that is over.
        level: q up to which a place is found.
    """
    fifth = np.array([one.fifth for one in judged], np.int64)
    scores = np.full((len(judged), AGES), np.nan)
    told = np.zeros(len(judged), np.bool_)
    for day in range(*days):
        now = np.flatnonzero((fifth <= day) & (day < fifth + AGES))
        if not len(now):
            continue
        age = day - fifth[now]
        for place, years in zip(now.tolist(), age.tolist(), strict=True):
            before = scores[place, years - 1] if years else 0.0
            one = judged[place]
            fresh = (years == 0 or day in one.active) and remains(links, taken, one, day)
            scores[place, years] = max(before, one.score(day, float(usual[day - days[0]])) if fresh else 0.0)
        recent = (fifth <= day) & (fifth > day - MEMORY)
        p = np.ones(len(now))
        for number, (place, years) in enumerate(zip(now.tolist(), age.tolist(), strict=True)):
            p[number] = _chance(scores[recent, years], scores[place, years])
        q = benjamini_hochberg(p)
        for number in np.flatnonzero((q <= level) & ~told[now]).tolist():
            place = int(now[number])
            told[place] = True
            yield Found(judged[place], day, float(p[number]), float(q[number]))


def _chance(others: Floats, score: float) -> float:
    """The chance of such a score among those of the others at the same age, by a tail that falls as a power."""
    known = np.exp(others[~np.isnan(others)] / SCALE)
    return float(Tail.of(known, STEP * known).p(np.exp(np.array([score / SCALE])))[0])
