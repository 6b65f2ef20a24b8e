"""Incidents by how much of the time in which each may have been lies in surges.

An incident that is known to a week with three days of a surge was on one of these three with a probability that depends
on the ratio that is supposed: 3 r of 3 r + 4. Counting it evenly would draw every ratio towards 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Spread = tuple[int, int, int]
"""First place, length in days, and number of incidents that are known to these days only."""
ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Parts:
    """Incidents of each day, one array for each share of days in surges.

    Attributes:
        arrays: incidents of each day, evenly on the days on which they may have been.
        lengths: how many days these are, an entry an array.
        within: how many of them lie in surges.
    """

    arrays: tuple[Floats, ...]
    lengths: Floats
    within: Floats

    def weights(self, ratio: float) -> Floats:
        """What an incident of each array counts on each of its days, so that if the ratio is true no day is special.

        >>> Parts((), np.array([1.0, 1.0, 7.0]), np.array([1.0, 0.0, 3.0])).weights(2.0).tolist()
        [0.5, 1.0, 0.7]
        """
        weights: Floats = self.lengths / (ratio * self.within + self.lengths - self.within)
        return weights

    def counts(self, ratio: float, inside: Flags, known: Flags) -> tuple[float, float]:
        """Incidents in surges and on other known days, as they are to be expected if the ratio is true."""
        weights = self.weights(ratio)
        within = sum(
            float(one[inside].sum()) * weight * ratio for one, weight in zip(self.arrays, weights, strict=True)
        )
        apart = sum(
            float(one[known & ~inside].sum()) * weight for one, weight in zip(self.arrays, weights, strict=True)
        )
        return within, apart

    def ratio(self, inside: Flags, known: Flags) -> float:
        """The ratio of rates that agrees with the counts that it lets expect; infinite without an incident outside."""
        days = int(inside.sum()), int((known & ~inside).sum())
        ratio = 1.0
        for _ in range(ROUNDS):
            within, apart = self.counts(ratio, inside, known)
            if not apart or not within:
                return inf if within else 0.0
            better = within / days[0] / (apart / days[1])
            if abs(better - ratio) <= 1e-9 * better:
                return better
            ratio = better
        return ratio


def parts_of(on: Floats, spread: Sequence[Spread], inside: Flags) -> Parts:
    """The parts of ``on``, in which what is ``spread`` lies evenly on its days."""
    exact = on.copy()
    found: dict[tuple[int, int], Floats] = {}
    for begin, length, count in spread:
        place = slice(begin, begin + length)
        exact[place] -= count / length
        array = found.setdefault((length, int(inside[place].sum())), np.zeros(len(on)))
        array[place] += count / length
    exact = np.maximum(np.round(exact, 9), 0.0)
    shares = [(1, 1), (1, 0), *found]
    arrays = (np.where(inside, exact, 0.0), np.where(inside, 0.0, exact), *found.values())
    return Parts(arrays, *np.array(shares, float).T)
